net_tests = \
	%D%/test-exchange \
	%D%/test-probe \
	%D%/test-retry \
	%D%/test-starttls
check_PROGRAMS += $(net_tests)
TESTS += $(net_tests)
EXTRA_DIST += %D%/hostile.py

%C%_test_exchange_LDADD = $(LIBS_NET)
%C%_test_probe_SOURCES = %D%/test-probe.c %D%/hostile.c %D%/hostile.h
%C%_test_probe_LDADD = $(LIBS_NET)
%C%_test_retry_LDADD = $(LIBS_NET)
%C%_test_starttls_LDADD = $(LIBS_NET)
