engine_tests = \
	%D%/test-allow \
	%D%/test-engine \
	%D%/test-keep \
	%D%/test-notice \
	%D%/test-operation \
	%D%/test-secrets
check_PROGRAMS += $(engine_tests)
TESTS += $(engine_tests)

RIG = %D%/rig.c %D%/rig.h %D%/server.c %D%/server.h
%C%_test_allow_LDADD = $(LIBS_ENGINE)
%C%_test_engine_SOURCES = %D%/test-engine.c $(RIG)
%C%_test_engine_LDADD = $(LIBS_ENGINE)
%C%_test_keep_SOURCES = %D%/test-keep.c $(RIG)
%C%_test_keep_LDADD = $(LIBS_ENGINE)
%C%_test_notice_SOURCES = %D%/test-notice.c $(RIG)
%C%_test_notice_LDADD = $(LIBS_ENGINE)
%C%_test_operation_SOURCES = %D%/test-operation.c $(RIG)
%C%_test_operation_LDADD = $(LIBS_ENGINE)
%C%_test_secrets_LDADD = $(LIBS_ENGINE)
