# The program itself, run as scripts run it.
cli_tests = \
	%D%/test-check.py \
	%D%/test-completion.py \
	%D%/test-lists.py \
	%D%/test-verbs.py
TESTS += $(cli_tests)
EXTRA_DIST += $(cli_tests) %D%/place.py
