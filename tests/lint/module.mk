# Checks of the source itself.  Each says in its first lines what it looks for.
LINT_TESTS = \
	%D%/banned.py \
	%D%/generated.py \
	%D%/headers.py \
	%D%/includes.py \
	%D%/manual.py \
	%D%/style.py \
	%D%/symbols.py \
	%D%/tools.py \
	%D%/tree.py \
	%D%/words.py
TESTS += $(LINT_TESTS)
EXTRA_DIST += $(LINT_TESTS) %D%/lint.py %D%/report.py
