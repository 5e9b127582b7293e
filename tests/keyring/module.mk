check_PROGRAMS += %D%/test-keyring
TESTS += %D%/test-keyring
%C%_test_keyring_LDADD = $(LIBS_KEYRING)

TESTS += %D%/test-keyring-daemon.sh %D%/test-keyring-states.sh
EXTRA_DIST += %D%/test-keyring-daemon.sh %D%/test-keyring-states.sh %D%/secret_service.py

check_PROGRAMS += %D%/test-keyring-file
TESTS += %D%/test-keyring-file
%C%_test_keyring_file_LDADD = $(LIBS_KEYRING)

check_PROGRAMS += %D%/test-keyring-command
TESTS += %D%/test-keyring-command
%C%_test_keyring_command_LDADD = $(LIBS_KEYRING)

check_PROGRAMS += %D%/test-keyring-run
%C%_test_keyring_run_LDADD = $(LIBS_KEYRING)
TESTS += %D%/test-keyring-pass.sh
EXTRA_DIST += %D%/test-keyring-pass.sh
