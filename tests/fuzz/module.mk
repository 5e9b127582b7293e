# One target per parser: %D%/fuzz-NAME.c with its first inputs in %D%/corpus/NAME/.
#
# Each is built twice over: as a test that feeds it the corpus and a few thousand changes of
# it, always the same ones, and (--enable-fuzzing) for libFuzzer: make fuzz FUZZ_SECONDS=600.
FUZZ_REPLAY = %D%/replay.c
if FUZZING
FUZZ_MAIN =
else
FUZZ_MAIN = $(FUZZ_REPLAY)
TESTS += $(FUZZERS)
endif
check_PROGRAMS += $(FUZZERS)
EXTRA_DIST += $(FUZZ_REPLAY) %D%/corpus

FUZZERS += %D%/fuzz-settings
%C%_fuzz_settings_SOURCES = %D%/fuzz-settings.c $(FUZZ_MAIN)
%C%_fuzz_settings_LDADD = $(LIBS_BASE)
%C%_fuzz_settings_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-text
%C%_fuzz_text_SOURCES = %D%/fuzz-text.c $(FUZZ_MAIN)
%C%_fuzz_text_LDADD = $(LIBS_BASE)
%C%_fuzz_text_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-endpoint
%C%_fuzz_endpoint_SOURCES = %D%/fuzz-endpoint.c $(FUZZ_MAIN)
%C%_fuzz_endpoint_LDADD = $(LIBS_NET)
%C%_fuzz_endpoint_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-starttls
%C%_fuzz_starttls_SOURCES = %D%/fuzz-starttls.c $(FUZZ_MAIN)
%C%_fuzz_starttls_LDADD = $(LIBS_NET)
%C%_fuzz_starttls_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-json
%C%_fuzz_json_SOURCES = %D%/fuzz-json.c $(FUZZ_MAIN)
%C%_fuzz_json_LDADD = $(LIBS_BASE)
%C%_fuzz_json_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-keys
%C%_fuzz_keys_SOURCES = %D%/fuzz-keys.c $(FUZZ_MAIN)
%C%_fuzz_keys_LDADD = $(LIBS_UI)
%C%_fuzz_keys_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-theme
%C%_fuzz_theme_SOURCES = %D%/fuzz-theme.c $(FUZZ_MAIN)
%C%_fuzz_theme_LDADD = $(LIBS_UI)
%C%_fuzz_theme_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-cert
%C%_fuzz_cert_SOURCES = %D%/fuzz-cert.c $(FUZZ_MAIN)
%C%_fuzz_cert_LDADD = $(LIBS_MODEL)
%C%_fuzz_cert_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-csr
%C%_fuzz_csr_SOURCES = %D%/fuzz-csr.c $(FUZZ_MAIN)
%C%_fuzz_csr_LDADD = $(LIBS_MODEL)
%C%_fuzz_csr_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-scan
%C%_fuzz_scan_SOURCES = %D%/fuzz-scan.c $(FUZZ_MAIN)
%C%_fuzz_scan_LDADD = $(LIBS_MODEL)
%C%_fuzz_scan_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-query
%C%_fuzz_query_SOURCES = %D%/fuzz-query.c tests/model/columns.h $(FUZZ_MAIN)
%C%_fuzz_query_LDADD = $(LIBS_MODEL)
%C%_fuzz_query_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-table
%C%_fuzz_table_SOURCES = %D%/fuzz-table.c $(FUZZ_MAIN)
%C%_fuzz_table_LDADD = $(LIBS_MODEL)
%C%_fuzz_table_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-first-page
%C%_fuzz_first_page_SOURCES = %D%/fuzz-first-page.c $(FUZZ_MAIN)
%C%_fuzz_first_page_LDADD = $(LIBS_MODEL)
%C%_fuzz_first_page_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZ_SECONDS = 60
fuzz: $(FUZZERS)
	@for f in $(FUZZERS); do \
		name=$${f##*/fuzz-}; mkdir -p fuzz-found/$$name; \
		echo "--- $$name"; \
		./$$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=1024 \
			-print_final_stats=1 -artifact_prefix=fuzz-found/$$name- \
			fuzz-found/$$name $(srcdir)/tests/fuzz/corpus/$$name || exit 1; \
	done
