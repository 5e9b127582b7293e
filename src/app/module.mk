bin_PROGRAMS += certty
certty_SOURCES = %D%/main.c %D%/console.c %D%/console.h
certty_LDADD = $(LIBS_APP)
