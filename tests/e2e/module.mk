# The program on a pseudo-terminal, as a person uses it.
E2E_TESTS += %D%/test_accounts.py %D%/test_akamai.py %D%/test_aws.py %D%/test_azure.py \
	%D%/test_deploys.py %D%/test_four_eyes.py %D%/test_keyfactor.py %D%/test_limits.py \
	%D%/test_local.py %D%/test_screen.py %D%/test_secrets.py %D%/test_sectigo.py \
	%D%/test_state.py %D%/test_terminal.py %D%/test_trouble.py %D%/test_window.py
EXTRA_DIST += $(E2E_TESTS) %D%/accounts.py %D%/canary.py %D%/desktop.py %D%/fixture.py \
	%D%/terminal.py
