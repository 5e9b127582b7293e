noinst_LIBRARIES += %D%/libprovider.a
%C%_libprovider_a_SOURCES = \
	include/certty/provider/op.h \
	include/certty/provider/provider.h \
	%D%/local/bundle.c \
	%D%/local/ca.c \
	%D%/local/ca.h \
	%D%/local/ca_answer.c \
	%D%/local/ca_folder.c \
	%D%/local/discover.c \
	%D%/local/discover.h \
	%D%/local/discover_folders.c \
	%D%/local/discover_hosts.c \
	%D%/local/endpoints.c \
	%D%/local/export.c \
	%D%/local/files.c \
	%D%/local/folder.c \
	%D%/local/import.c \
	%D%/local/key.c \
	%D%/local/local.c \
	%D%/local/memo.c \
	%D%/local/own.h \
	%D%/local/remove.c \
	%D%/local/repository.c \
	%D%/local/scan.c \
	%D%/local/walk.c \
	%D%/op.c \
	%D%/provider.c \
	%D%/table.c
