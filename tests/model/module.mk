model_tests = \
	%D%/test-approval \
	%D%/test-bundle \
	%D%/test-certs \
	%D%/test-checkup \
	%D%/test-intern \
	%D%/test-items \
	%D%/test-mark \
	%D%/test-parts \
	%D%/test-plan \
	%D%/test-query \
	%D%/test-renewal \
	%D%/test-room \
	%D%/test-rule \
	%D%/test-snapshot-first-page \
	%D%/test-table \
	%D%/test-ticket \
	%D%/test-verb \
	%D%/test-why \
	%D%/test-x509-facts \
	%D%/test-x509-chain \
	%D%/test-x509-describe \
	%D%/test-x509-hostile \
	%D%/test-x509-keys \
	%D%/test-x509-review \
	%D%/test-x509-scan \
	%D%/test-x509-threads \
	%D%/test-x509-write
check_PROGRAMS += $(model_tests)
TESTS += $(model_tests)

%C%_test_approval_LDADD = $(LIBS_MODEL)
%C%_test_bundle_SOURCES = %D%/test-bundle.c %D%/make.c %D%/make.h
%C%_test_bundle_LDADD = $(LIBS_MODEL)
%C%_test_checkup_LDADD = $(LIBS_MODEL)
%C%_test_items_LDADD = $(LIBS_MODEL)
%C%_test_mark_LDADD = $(LIBS_MODEL)
%C%_test_parts_LDADD = $(LIBS_MODEL)
%C%_test_plan_LDADD = $(LIBS_MODEL)
%C%_test_renewal_LDADD = $(LIBS_MODEL)
%C%_test_room_LDADD = $(LIBS_MODEL)
%C%_test_rule_LDADD = $(LIBS_MODEL)
%C%_test_ticket_LDADD = $(LIBS_MODEL)
%C%_test_verb_LDADD = $(LIBS_MODEL)
%C%_test_why_LDADD = $(LIBS_MODEL)
%C%_test_x509_facts_SOURCES = %D%/test-x509-facts.c %D%/make.c %D%/make.h
%C%_test_x509_facts_LDADD = $(LIBS_MODEL)
%C%_test_x509_chain_SOURCES = %D%/test-x509-chain.c %D%/make.c %D%/make.h
%C%_test_x509_chain_LDADD = $(LIBS_MODEL)
%C%_test_x509_describe_SOURCES = %D%/test-x509-describe.c %D%/make.c %D%/make.h
%C%_test_x509_describe_LDADD = $(LIBS_MODEL)
%C%_test_x509_hostile_SOURCES = %D%/test-x509-hostile.c %D%/make.c %D%/make.h
%C%_test_x509_hostile_LDADD = $(LIBS_MODEL)
%C%_test_x509_keys_SOURCES = %D%/test-x509-keys.c %D%/make.c %D%/make.h
%C%_test_x509_keys_LDADD = $(LIBS_MODEL)
%C%_test_x509_review_SOURCES = %D%/test-x509-review.c %D%/make.c %D%/make.h
%C%_test_x509_review_LDADD = $(LIBS_MODEL)
%C%_test_x509_scan_SOURCES = %D%/test-x509-scan.c %D%/make.c %D%/make.h
%C%_test_x509_scan_LDADD = $(LIBS_MODEL)
%C%_test_x509_threads_SOURCES = %D%/test-x509-threads.c %D%/make.c %D%/make.h
%C%_test_x509_threads_LDADD = $(LIBS_MODEL)
%C%_test_x509_write_SOURCES = %D%/test-x509-write.c %D%/make.c %D%/make.h
%C%_test_x509_write_LDADD = $(LIBS_MODEL)

%C%_test_intern_LDADD = $(LIBS_MODEL)
%C%_test_certs_SOURCES = %D%/test-certs.c %D%/columns.h
%C%_test_certs_LDADD = $(LIBS_MODEL)
%C%_test_query_SOURCES = %D%/test-query.c %D%/columns.h
%C%_test_query_LDADD = $(LIBS_MODEL)
%C%_test_snapshot_first_page_SOURCES = %D%/test-snapshot-first-page.c %D%/columns.h
%C%_test_snapshot_first_page_LDADD = $(LIBS_MODEL)
%C%_test_table_SOURCES = %D%/test-table.c %D%/columns.h
%C%_test_table_LDADD = $(LIBS_MODEL)
