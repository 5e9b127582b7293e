noinst_LIBRARIES += %D%/libcli.a
%C%_libcli_a_SOURCES = \
	include/certty/cli/cli.h \
	%D%/audit.c \
	%D%/check.c \
	%D%/commands.c \
	%D%/completion.c \
	%D%/config.c \
	%D%/engine.c \
	%D%/generate.c \
	%D%/ls.c \
	%D%/options.c \
	%D%/own.h \
	%D%/run_verb.c \
	%D%/show.c
