noinst_LIBRARIES += %D%/libdb.a
%C%_libdb_a_SOURCES = \
	include/certty/db/db.h \
	include/certty/db/db_journal.h \
	include/certty/db/db_state.h \
	%D%/db.c \
	%D%/db_file.c \
	%D%/db_item.c \
	%D%/db_journal.c \
	%D%/db_lock.c \
	%D%/db_own.h \
	%D%/db_refresh.c \
	%D%/db_schema.c \
	%D%/db_state.c \
	%D%/sql.c
