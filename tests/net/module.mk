net_tests = \
	%D%/test-client \
	%D%/test-exchange \
	%D%/test-probe \
	%D%/test-retry \
	%D%/test-starttls \
	%D%/test-wiped
check_PROGRAMS += $(net_tests) %D%/probe-tool
TESTS += $(net_tests)
EXTRA_DIST += %D%/hostile.py

HOSTILE = %D%/hostile.c %D%/hostile.h
%C%_probe_tool_SOURCES = %D%/probe-tool.c $(HOSTILE)
%C%_probe_tool_LDADD = $(LIBS_NET)
%C%_test_client_SOURCES = %D%/test-client.c $(HOSTILE)
%C%_test_client_LDADD = $(LIBS_NET)
%C%_test_exchange_LDADD = $(LIBS_NET)
%C%_test_probe_SOURCES = %D%/test-probe.c $(HOSTILE)
%C%_test_probe_LDADD = $(LIBS_NET)
%C%_test_retry_LDADD = $(LIBS_NET)
%C%_test_starttls_LDADD = $(LIBS_NET)
%C%_test_wiped_LDADD = $(LIBS_NET)
