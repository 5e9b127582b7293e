noinst_LIBRARIES += %D%/libcli.a
%C%_libcli_a_SOURCES = \
	include/certty/cli/cli.h \
	%D%/audit.c \
	%D%/check.c \
	%D%/commands.c \
	%D%/completion.c \
	%D%/config.c \
	%D%/defaults.c \
	%D%/doctor.c \
	%D%/engine.c \
	%D%/enrollments.c \
	%D%/export.c \
	%D%/generate.c \
	%D%/import.c \
	%D%/login.c \
	%D%/ls.c \
	%D%/options.c \
	%D%/own.h \
	%D%/page.c \
	%D%/questions.c \
	%D%/review.c \
	%D%/run_verb.c \
	%D%/secrets.c \
	%D%/sheet.c \
	%D%/sheet.h \
	%D%/served.c \
	%D%/show.c \
	%D%/state.c \
	%D%/why.c
