check_PROGRAMS += %D%/test-actions
TESTS += %D%/test-actions
%C%_test_actions_LDADD = $(LIBS_APP)
