engine_tests = \
	%D%/test-account-stores \
	%D%/test-accounts \
	%D%/test-allow \
	%D%/test-approvals \
	%D%/test-deploy \
	%D%/test-domains \
	%D%/test-dry \
	%D%/test-engine \
	%D%/test-enroll \
	%D%/test-hidden \
	%D%/test-keep \
	%D%/test-killed \
	%D%/test-ladder \
	%D%/test-notice \
	%D%/test-objects \
	%D%/test-operation \
	%D%/test-pace \
	%D%/test-renewals \
	%D%/test-requests \
	%D%/test-rows \
	%D%/test-secrets \
	%D%/test-walks \
	%D%/test-why
check_PROGRAMS += $(engine_tests)
TESTS += $(engine_tests)

COUNTER = %D%/counter.c %D%/counter.h %D%/desk.c %D%/desk.h %D%/ledger.c %D%/ledger.h
RIG = %D%/enrolled.c %D%/enrolled.h %D%/fake.c %D%/fake.h %D%/held.c %D%/held.h %D%/rig.c %D%/rig.h \
	%D%/server.c %D%/server.h
%C%_test_account_stores_SOURCES = %D%/test-account-stores.c $(RIG)
%C%_test_account_stores_LDADD = $(LIBS_ENGINE)
%C%_test_accounts_SOURCES = %D%/test-accounts.c $(RIG)
%C%_test_accounts_LDADD = $(LIBS_ENGINE)
%C%_test_allow_LDADD = $(LIBS_ENGINE)
%C%_test_approvals_SOURCES = %D%/test-approvals.c $(RIG)
%C%_test_approvals_LDADD = $(LIBS_ENGINE)
%C%_test_deploy_SOURCES = %D%/test-deploy.c $(RIG)
%C%_test_deploy_LDADD = $(LIBS_ENGINE)
%C%_test_domains_SOURCES = %D%/test-domains.c $(RIG)
%C%_test_domains_LDADD = $(LIBS_ENGINE)
%C%_test_dry_LDADD = $(LIBS_ENGINE)
%C%_test_engine_SOURCES = %D%/test-engine.c $(RIG)
%C%_test_engine_LDADD = $(LIBS_ENGINE)
%C%_test_enroll_SOURCES = %D%/test-enroll.c $(RIG)
%C%_test_enroll_LDADD = $(LIBS_ENGINE)
%C%_test_hidden_SOURCES = %D%/test-hidden.c $(RIG)
%C%_test_hidden_LDADD = $(LIBS_ENGINE)
%C%_test_keep_SOURCES = %D%/test-keep.c $(RIG)
%C%_test_keep_LDADD = $(LIBS_ENGINE)
%C%_test_killed_SOURCES = %D%/test-killed.c $(COUNTER)
%C%_test_killed_LDADD = $(LIBS_ENGINE)
%C%_test_ladder_LDADD = $(LIBS_ENGINE)
%C%_test_notice_SOURCES = %D%/test-notice.c $(RIG)
%C%_test_notice_LDADD = $(LIBS_ENGINE)
%C%_test_objects_LDADD = $(LIBS_ENGINE)
%C%_test_operation_SOURCES = %D%/test-operation.c $(RIG)
%C%_test_operation_LDADD = $(LIBS_ENGINE)
%C%_test_pace_SOURCES = %D%/test-pace.c $(RIG)
%C%_test_pace_LDADD = $(LIBS_ENGINE)
%C%_test_renewals_SOURCES = %D%/test-renewals.c $(RIG)
%C%_test_renewals_LDADD = $(LIBS_ENGINE)
%C%_test_requests_SOURCES = %D%/test-requests.c $(RIG)
%C%_test_requests_LDADD = $(LIBS_ENGINE)
%C%_test_rows_SOURCES = %D%/test-rows.c $(RIG)
%C%_test_rows_LDADD = $(LIBS_ENGINE)
%C%_test_secrets_LDADD = $(LIBS_ENGINE)
%C%_test_walks_SOURCES = %D%/test-walks.c $(COUNTER)
%C%_test_walks_LDADD = $(LIBS_ENGINE)
%C%_test_why_LDADD = $(LIBS_ENGINE)
