check_PROGRAMS += %D%/test-secrets
TESTS += %D%/test-secrets
%C%_test_secrets_LDADD = $(LIBS_ENGINE)
