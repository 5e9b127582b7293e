net_tests = \
	%D%/test-client \
	%D%/test-exchange \
	%D%/test-probe \
	%D%/test-retry \
	%D%/test-route \
	%D%/test-sign \
	%D%/test-starttls \
	%D%/test-token \
	%D%/test-tsig \
	%D%/test-wiped \
	%D%/test-xml
check_PROGRAMS += $(net_tests) %D%/dns-tool %D%/probe-tool %D%/sign-tool
TESTS += $(net_tests) %D%/test-dns.py %D%/test-sign-others.py
EXTRA_DIST += %D%/hostile.py %D%/https.py %D%/test-dns.py %D%/test-sign-others.py %D%/vectors

HOSTILE = %D%/hostile.c %D%/hostile.h
%C%_dns_tool_LDADD = $(LIBS_NET)
%C%_probe_tool_SOURCES = %D%/probe-tool.c $(HOSTILE)
%C%_probe_tool_LDADD = $(LIBS_NET)
%C%_sign_tool_LDADD = $(LIBS_NET)
%C%_test_client_SOURCES = %D%/test-client.c $(HOSTILE)
%C%_test_client_LDADD = $(LIBS_NET)
%C%_test_exchange_LDADD = $(LIBS_NET)
%C%_test_probe_SOURCES = %D%/test-probe.c $(HOSTILE)
%C%_test_probe_LDADD = $(LIBS_NET)
%C%_test_retry_LDADD = $(LIBS_NET)
%C%_test_route_SOURCES = %D%/test-route.c $(HOSTILE)
%C%_test_route_LDADD = $(LIBS_NET)
%C%_test_sign_LDADD = $(LIBS_NET)
%C%_test_starttls_LDADD = $(LIBS_NET)
%C%_test_token_LDADD = $(LIBS_NET)
%C%_test_tsig_LDADD = $(LIBS_NET)
%C%_test_wiped_LDADD = $(LIBS_NET)
%C%_test_xml_LDADD = $(LIBS_NET)
