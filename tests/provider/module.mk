provider_tests = \
	%D%/test-local-ca \
	%D%/test-local-discover \
	%D%/test-local-files \
	%D%/test-local-transcripts \
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
%C%_test_local_discover_SOURCES = %D%/test-local-discover.c $(PLAY)
%C%_test_local_discover_LDADD = $(LIBS_PROVIDER)
%C%_test_local_transcripts_SOURCES = %D%/test-local-transcripts.c $(PLAY)
%C%_test_local_transcripts_LDADD = $(LIBS_PROVIDER)
EXTRA_DIST += %D%/transcripts
