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

FUZZERS += %D%/fuzz-csv
%C%_fuzz_csv_SOURCES = %D%/fuzz-csv.c $(FUZZ_MAIN)
%C%_fuzz_csv_LDADD = $(LIBS_BASE)
%C%_fuzz_csv_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

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

FUZZERS += %D%/fuzz-cps
%C%_fuzz_cps_SOURCES = %D%/fuzz-cps.c $(FUZZ_MAIN)
%C%_fuzz_cps_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_cps_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-keyfactor-csv
%C%_fuzz_keyfactor_csv_SOURCES = %D%/fuzz-keyfactor-csv.c $(FUZZ_MAIN)
%C%_fuzz_keyfactor_csv_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_keyfactor_csv_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-keyfactor-keystore
%C%_fuzz_keyfactor_keystore_SOURCES = %D%/fuzz-keyfactor-keystore.c $(FUZZ_MAIN)
%C%_fuzz_keyfactor_keystore_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_keyfactor_keystore_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-keyfactor-thing
%C%_fuzz_keyfactor_thing_SOURCES = %D%/fuzz-keyfactor-thing.c $(FUZZ_MAIN)
%C%_fuzz_keyfactor_thing_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_keyfactor_thing_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

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

FUZZERS += %D%/fuzz-crl
%C%_fuzz_crl_SOURCES = %D%/fuzz-crl.c $(FUZZ_MAIN)
%C%_fuzz_crl_LDADD = $(LIBS_MODEL)
%C%_fuzz_crl_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

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

FUZZERS += %D%/fuzz-ini
%C%_fuzz_ini_SOURCES = %D%/fuzz-ini.c $(FUZZ_MAIN)
%C%_fuzz_ini_LDADD = $(LIBS_BASE)
%C%_fuzz_ini_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-vault-role
%C%_fuzz_vault_role_SOURCES = %D%/fuzz-vault-role.c $(FUZZ_MAIN)
%C%_fuzz_vault_role_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_vault_role_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-xml
%C%_fuzz_xml_SOURCES = %D%/fuzz-xml.c $(FUZZ_MAIN)
%C%_fuzz_xml_LDADD = $(LIBS_NET)
%C%_fuzz_xml_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-token-look
%C%_fuzz_token_look_SOURCES = %D%/fuzz-token-look.c $(FUZZ_MAIN)
%C%_fuzz_token_look_LDADD = $(LIBS_NET)
%C%_fuzz_token_look_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-edgerc
%C%_fuzz_edgerc_SOURCES = %D%/fuzz-edgerc.c $(FUZZ_MAIN)
%C%_fuzz_edgerc_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_edgerc_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-vault-block
%C%_fuzz_vault_block_SOURCES = %D%/fuzz-vault-block.c $(FUZZ_MAIN)
%C%_fuzz_vault_block_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_vault_block_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-vault-kf
%C%_fuzz_vault_kf_SOURCES = %D%/fuzz-vault-kf.c $(FUZZ_MAIN)
%C%_fuzz_vault_kf_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_vault_kf_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-vault-pgp
%C%_fuzz_vault_pgp_SOURCES = %D%/fuzz-vault-pgp.c $(FUZZ_MAIN)
%C%_fuzz_vault_pgp_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_vault_pgp_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-vault-reply
%C%_fuzz_vault_reply_SOURCES = %D%/fuzz-vault-reply.c $(FUZZ_MAIN)
%C%_fuzz_vault_reply_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_vault_reply_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-ticket
%C%_fuzz_ticket_SOURCES = %D%/fuzz-ticket.c $(FUZZ_MAIN)
%C%_fuzz_ticket_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_ticket_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-token-helper
%C%_fuzz_token_helper_SOURCES = %D%/fuzz-token-helper.c $(FUZZ_MAIN)
%C%_fuzz_token_helper_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_token_helper_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-keyfactor-cert
%C%_fuzz_keyfactor_cert_SOURCES = %D%/fuzz-keyfactor-cert.c $(FUZZ_MAIN)
%C%_fuzz_keyfactor_cert_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_keyfactor_cert_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-keyfactor-config
%C%_fuzz_keyfactor_config_SOURCES = %D%/fuzz-keyfactor-config.c $(FUZZ_MAIN)
%C%_fuzz_keyfactor_config_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_keyfactor_config_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-keyfactor-row
%C%_fuzz_keyfactor_row_SOURCES = %D%/fuzz-keyfactor-row.c $(FUZZ_MAIN)
%C%_fuzz_keyfactor_row_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_keyfactor_row_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-secrets
%C%_fuzz_secrets_SOURCES = %D%/fuzz-secrets.c $(FUZZ_MAIN)
%C%_fuzz_secrets_LDADD = $(LIBS_KEYRING)
%C%_fuzz_secrets_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-acm-cert
%C%_fuzz_acm_cert_SOURCES = %D%/fuzz-acm-cert.c $(FUZZ_MAIN)
%C%_fuzz_acm_cert_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_acm_cert_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-acm-kept
%C%_fuzz_acm_kept_SOURCES = %D%/fuzz-acm-kept.c $(FUZZ_MAIN)
%C%_fuzz_acm_kept_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_acm_kept_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-acm-memo
%C%_fuzz_acm_memo_SOURCES = %D%/fuzz-acm-memo.c $(FUZZ_MAIN)
%C%_fuzz_acm_memo_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_acm_memo_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-aws-block
%C%_fuzz_aws_block_SOURCES = %D%/fuzz-aws-block.c $(FUZZ_MAIN)
%C%_fuzz_aws_block_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_aws_block_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-aws-error
%C%_fuzz_aws_error_SOURCES = %D%/fuzz-aws-error.c $(FUZZ_MAIN)
%C%_fuzz_aws_error_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_aws_error_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-aws-profile
%C%_fuzz_aws_profile_SOURCES = %D%/fuzz-aws-profile.c $(FUZZ_MAIN)
%C%_fuzz_aws_profile_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_aws_profile_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-azure-backup
%C%_fuzz_azure_backup_SOURCES = %D%/fuzz-azure-backup.c $(FUZZ_MAIN)
%C%_fuzz_azure_backup_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_azure_backup_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-azure-dns
%C%_fuzz_azure_dns_SOURCES = %D%/fuzz-azure-dns.c $(FUZZ_MAIN)
%C%_fuzz_azure_dns_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_azure_dns_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-azure-block
%C%_fuzz_azure_block_SOURCES = %D%/fuzz-azure-block.c $(FUZZ_MAIN)
%C%_fuzz_azure_block_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_azure_block_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-azure-profile
%C%_fuzz_azure_profile_SOURCES = %D%/fuzz-azure-profile.c $(FUZZ_MAIN)
%C%_fuzz_azure_profile_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_azure_profile_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-azure-token
%C%_fuzz_azure_token_SOURCES = %D%/fuzz-azure-token.c $(FUZZ_MAIN)
%C%_fuzz_azure_token_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_azure_token_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-azure-vault
%C%_fuzz_azure_vault_SOURCES = %D%/fuzz-azure-vault.c $(FUZZ_MAIN)
%C%_fuzz_azure_vault_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_azure_vault_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-route53
%C%_fuzz_route53_SOURCES = %D%/fuzz-route53.c $(FUZZ_MAIN)
%C%_fuzz_route53_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_route53_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-sectigo-block
%C%_fuzz_sectigo_block_SOURCES = %D%/fuzz-sectigo-block.c $(FUZZ_MAIN)
%C%_fuzz_sectigo_block_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_sectigo_block_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-sectigo-cert
%C%_fuzz_sectigo_cert_SOURCES = %D%/fuzz-sectigo-cert.c $(FUZZ_MAIN)
%C%_fuzz_sectigo_cert_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_sectigo_cert_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-sectigo-domain
%C%_fuzz_sectigo_domain_SOURCES = %D%/fuzz-sectigo-domain.c $(FUZZ_MAIN)
%C%_fuzz_sectigo_domain_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_sectigo_domain_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-sectigo-reply
%C%_fuzz_sectigo_reply_SOURCES = %D%/fuzz-sectigo-reply.c $(FUZZ_MAIN)
%C%_fuzz_sectigo_reply_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_sectigo_reply_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-akamai-dns
%C%_fuzz_akamai_dns_SOURCES = %D%/fuzz-akamai-dns.c $(FUZZ_MAIN)
%C%_fuzz_akamai_dns_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_akamai_dns_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-cps-enroll
%C%_fuzz_cps_enroll_SOURCES = %D%/fuzz-cps-enroll.c $(FUZZ_MAIN)
%C%_fuzz_cps_enroll_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_cps_enroll_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-dns-block
%C%_fuzz_dns_block_SOURCES = %D%/fuzz-dns-block.c $(FUZZ_MAIN)
%C%_fuzz_dns_block_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_dns_block_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-dns-reply
%C%_fuzz_dns_reply_SOURCES = %D%/fuzz-dns-reply.c $(FUZZ_MAIN)
%C%_fuzz_dns_reply_LDADD = $(LIBS_PROVIDER)
%C%_fuzz_dns_reply_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

FUZZERS += %D%/fuzz-tsig
%C%_fuzz_tsig_SOURCES = %D%/fuzz-tsig.c $(FUZZ_MAIN)
%C%_fuzz_tsig_LDADD = $(LIBS_NET)
%C%_fuzz_tsig_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

# The fuzzer looks for leaks when an input has allocated more often than it freed: GLib's slices,
# which allocate for many at once, would blur that count.
FUZZ_SECONDS = 60
FUZZ_JOBS = 1
# More for the fuzzer: -seed=1 takes the same way each time.
FUZZ_FLAGS =
fuzz: $(FUZZERS)
	@printf '%s\n' $(FUZZERS) | xargs -P $(FUZZ_JOBS) -I FUZZER sh -c ' \
		name=$${1##*/fuzz-}; mkdir -p fuzz-found/$$name; \
		echo "--- $$name"; \
		G_SLICE=always-malloc ./$$1 -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=1024 \
			$(FUZZ_FLAGS) -print_final_stats=1 -artifact_prefix=fuzz-found/$$name- \
			fuzz-found/$$name $(srcdir)/tests/fuzz/corpus/$$name \
			>fuzz-found/$$name.log 2>&1 || \
			{ tail -n 40 fuzz-found/$$name.log; exit 1; }' sh FUZZER
