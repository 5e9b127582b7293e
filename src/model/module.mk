noinst_LIBRARIES += %D%/libmodel.a
%C%_libmodel_a_SOURCES = \
	include/certty/model/account.h \
	include/certty/model/args.h \
	include/certty/model/certs.h \
	include/certty/model/detail.h \
	include/certty/model/discovery.h \
	include/certty/model/domain.h \
	include/certty/model/facts.h \
	include/certty/model/intern.h \
	include/certty/model/items.h \
	include/certty/model/job.h \
	include/certty/model/kind.h \
	include/certty/model/mark.h \
	include/certty/model/query.h \
	include/certty/model/request.h \
	include/certty/model/snapshot.h \
	include/certty/model/store.h \
	include/certty/model/table.h \
	include/certty/model/verb.h \
	include/certty/model/x509.h
