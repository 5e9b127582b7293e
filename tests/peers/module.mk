# The program against programs that others wrote.
PEER_TESTS += %D%/test-starttls.py
EXTRA_DIST += $(PEER_TESTS)
