# check_PROGRAMS += %D%/test-NAME
# TESTS += %D%/test-NAME
# %C%_test_NAME_LDADD = $(LIBS_CLI)
