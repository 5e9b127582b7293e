provider_tests = \
	%D%/test-local-files
check_PROGRAMS += $(provider_tests)
TESTS += $(provider_tests)

PLAY = %D%/play.c %D%/play.h tests/model/make.c tests/model/make.h
%C%_test_local_files_SOURCES = %D%/test-local-files.c $(PLAY)
%C%_test_local_files_LDADD = $(LIBS_PROVIDER)
