provider_tests = \
	%D%/test-local-ca \
	%D%/test-local-files \
	%D%/test-local-write
check_PROGRAMS += $(provider_tests)
TESTS += $(provider_tests)

PLAY = %D%/play.c %D%/play.h tests/model/make.c tests/model/make.h
CRASH = %D%/crash.c %D%/crash.h
%C%_test_local_files_SOURCES = %D%/test-local-files.c $(PLAY)
%C%_test_local_files_LDADD = $(LIBS_PROVIDER)
%C%_test_local_write_SOURCES = %D%/test-local-write.c $(PLAY) $(CRASH)
%C%_test_local_write_LDADD = $(LIBS_PROVIDER)
%C%_test_local_ca_SOURCES = %D%/test-local-ca.c $(PLAY) $(CRASH)
%C%_test_local_ca_LDADD = $(LIBS_PROVIDER)
