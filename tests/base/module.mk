base_tests = \
	%D%/test-clock \
	%D%/test-err
check_PROGRAMS += $(base_tests)
TESTS += $(base_tests)

%C%_test_clock_LDADD = $(LIBS_BASE)
%C%_test_err_LDADD = $(LIBS_BASE)
