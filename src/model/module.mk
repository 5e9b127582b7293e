noinst_LIBRARIES += %D%/libmodel.a
%C%_libmodel_a_SOURCES = \
	include/certty/model/account.h \
	include/certty/model/args.h \
	include/certty/model/detail.h \
	include/certty/model/discovery.h \
	include/certty/model/domain.h \
	include/certty/model/facts.h \
	include/certty/model/items.h \
	include/certty/model/job.h \
	include/certty/model/kind.h \
	include/certty/model/mark.h \
	include/certty/model/request.h \
	include/certty/model/store.h \
	include/certty/model/verb.h \
	%D%/account.c \
	%D%/args.c \
	%D%/detail.c \
	%D%/discovery.c \
	%D%/domain.c \
	%D%/facts.c \
	%D%/item_own.h \
	%D%/items.c \
	%D%/job.c \
	%D%/kind.c \
	%D%/mark.c \
	%D%/request.c \
	%D%/store.c \
	%D%/verb.c
