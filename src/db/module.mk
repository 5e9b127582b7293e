noinst_LIBRARIES += %D%/libdb.a
%C%_libdb_a_SOURCES = \
	include/certty/db/db.h \
	include/certty/db/db_journal.h \
	include/certty/db/db_state.h
