db_tests = \
	%D%/test-db \
	%D%/test-db-journal \
	%D%/test-db-processes \
	%D%/test-db-state
check_PROGRAMS += $(db_tests)
TESTS += $(db_tests)
EXTRA_DIST += %D%/db_test.h

%C%_test_db_LDADD = $(LIBS_DB)
%C%_test_db_journal_LDADD = $(LIBS_DB)
%C%_test_db_processes_LDADD = $(LIBS_DB)
%C%_test_db_state_LDADD = $(LIBS_DB)
