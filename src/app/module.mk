bin_PROGRAMS += certty
certty_SOURCES = %D%/main.c
certty_LDADD = $(LIBS_APP)
