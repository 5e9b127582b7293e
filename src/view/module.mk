noinst_LIBRARIES += %D%/libview.a
%C%_libview_a_SOURCES = \
	include/certty/view/view.h \
	%D%/accounts.c \
	%D%/cells.c \
	%D%/certs.c \
	%D%/deploys.c \
	%D%/discovery.c \
	%D%/domains.c \
	%D%/jobs.c \
	%D%/objects.c \
	%D%/own.h \
	%D%/requests.c \
	%D%/stores.c \
	%D%/view.c \
	%D%/write.c
