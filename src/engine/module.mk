noinst_LIBRARIES += %D%/libengine.a
%C%_libengine_a_SOURCES = \
	include/certty/engine/engine.h \
	%D%/allow.c \
	%D%/domains.c \
	%D%/engine.c \
	%D%/findings.c \
	%D%/journal.c \
	%D%/keep.c \
	%D%/load.c \
	%D%/notice.c \
	%D%/operation.c \
	%D%/own.h \
	%D%/own_verbs.c \
	%D%/plan.c \
	%D%/pool.c \
	%D%/publish.c \
	%D%/secrets.c \
	%D%/show.c \
	%D%/start.c \
	%D%/task.c
