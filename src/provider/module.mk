noinst_LIBRARIES += %D%/libprovider.a
%C%_libprovider_a_SOURCES = \
	include/certty/provider/op.h \
	include/certty/provider/provider.h \
	%D%/local/endpoints.c \
	%D%/local/files.c \
	%D%/local/local.c \
	%D%/local/memo.c \
	%D%/local/own.h \
	%D%/local/scan.c \
	%D%/local/walk.c \
	%D%/op.c \
	%D%/provider.c \
	%D%/table.c
