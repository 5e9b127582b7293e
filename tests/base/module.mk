base_tests = \
	%D%/test-clock \
	%D%/test-csv \
	%D%/test-err \
	%D%/test-file \
	%D%/test-ini \
	%D%/test-json \
	%D%/test-secret \
	%D%/test-settings \
	%D%/test-spawn \
	%D%/test-text-harmless \
	%D%/test-text \
	%D%/test-threads \
	%D%/test-wiping
check_PROGRAMS += $(base_tests)
TESTS += $(base_tests)

%C%_test_wiping_LDADD = $(LIBS_BASE)
%C%_test_clock_LDADD = $(LIBS_BASE)
%C%_test_csv_LDADD = $(LIBS_BASE)
%C%_test_err_LDADD = $(LIBS_BASE)
%C%_test_file_LDADD = $(LIBS_BASE)
%C%_test_ini_LDADD = $(LIBS_BASE)
%C%_test_json_LDADD = $(LIBS_BASE)
%C%_test_secret_LDADD = $(LIBS_BASE)
%C%_test_settings_LDADD = $(LIBS_BASE)
%C%_test_spawn_LDADD = $(LIBS_BASE)
%C%_test_text_harmless_LDADD = $(LIBS_BASE)
%C%_test_text_LDADD = $(LIBS_BASE)
%C%_test_threads_LDADD = $(LIBS_BASE)
