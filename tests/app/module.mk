check_PROGRAMS += %D%/test-actions
TESTS += %D%/test-actions
%C%_test_actions_LDADD = $(LIBS_APP)

# The program again, with a provider that asks nobody: for tests/cli.
check_PROGRAMS += %D%/certty-fake
%C%_certty_fake_SOURCES = %D%/fake.c $(certty_SOURCES)
%C%_certty_fake_LDADD = $(LIBS_APP)
