# The program on a pseudo-terminal, as a person uses it.
E2E_TESTS += %D%/test_limits.py %D%/test_secrets.py %D%/test_terminal.py
EXTRA_DIST += $(E2E_TESTS) %D%/terminal.py
