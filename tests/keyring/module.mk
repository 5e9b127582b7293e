check_PROGRAMS += %D%/test-keyring
TESTS += %D%/test-keyring
%C%_test_keyring_LDADD = $(LIBS_KEYRING)

TESTS += %D%/test-keyring-daemon.sh
EXTRA_DIST += %D%/test-keyring-daemon.sh
