# The program against programs that others wrote: PEER_TESTS += %D%/test-NAME
PEER_TESTS += %D%/test-starttls.py
