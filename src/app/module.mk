bin_PROGRAMS += certty
certty_SOURCES = \
	%D%/actions.c \
	%D%/actions.h \
	%D%/console.c \
	%D%/console.h \
	%D%/log.c \
	%D%/log.h \
	%D%/main.c
certty_LDADD = $(LIBS_APP)
