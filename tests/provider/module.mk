provider_tests = \
	%D%/test-akamai \
	%D%/test-akamai-cps \
	%D%/test-akamai-dns \
	%D%/test-aws-inventory \
	%D%/test-aws-orders \
	%D%/test-aws-put \
	%D%/test-aws-sign-in \
	%D%/test-aws-take \
	%D%/test-aws \
	%D%/test-azure-dns \
	%D%/test-azure-find \
	%D%/test-azure-vaults \
	%D%/test-azure \
	%D%/test-cps-enroll \
	%D%/test-dns-services \
	%D%/test-keyfactor-certs \
	%D%/test-keyfactor-fields \
	%D%/test-keyfactor-keystores \
	%D%/test-keyfactor-orders \
	%D%/test-keyfactor-requests \
	%D%/test-keyfactor \
	%D%/test-local-ca \
	%D%/test-local-discover \
	%D%/test-local-enrol \
	%D%/test-local-files \
	%D%/test-local-hand \
	%D%/test-local-transcripts \
	%D%/test-local-write \
	%D%/test-memo-variant \
	%D%/test-sectigo \
	%D%/test-sectigo-calls \
	%D%/test-sectigo-domains \
	%D%/test-vault \
	%D%/test-vault-engines \
	%D%/test-vault-inventory \
	%D%/test-vault-kf \
	%D%/test-vault-orders \
	%D%/test-vault-roles \
	%D%/test-vault-seal
provider_tools = \
	%D%/account-tool \
	%D%/aws-profiles-tool \
	%D%/visit-tool
provider_scripts = \
	%D%/test-accounts-sim.py \
	%D%/test-akamai-cps-sim.py \
	%D%/test-akamai-sim.py \
	%D%/test-aws-sim.py
check_PROGRAMS += $(provider_tests) $(provider_tools)
TESTS += $(provider_tests) $(provider_scripts)

PLAY = %D%/play.c %D%/play.h tests/model/make.c tests/model/make.h
VISIT = %D%/visit.c %D%/visit.h
STAGE = %D%/aws-stage.c %D%/aws-stage.h $(PLAY)
AZSTAGE = %D%/azure-stage.c %D%/azure-stage.h $(PLAY)
KFSTAGE = %D%/keyfactor-stage.c %D%/keyfactor-stage.h $(PLAY)
CRASH = %D%/crash.c %D%/crash.h
%C%_account_tool_SOURCES = %D%/account-tool.c $(VISIT)
%C%_account_tool_LDADD = $(LIBS_PROVIDER)
%C%_aws_profiles_tool_SOURCES = %D%/aws-profiles-tool.c
%C%_aws_profiles_tool_LDADD = $(LIBS_PROVIDER)
%C%_visit_tool_SOURCES = %D%/visit-tool.c $(VISIT)
%C%_visit_tool_LDADD = $(LIBS_PROVIDER)
%C%_test_akamai_SOURCES = %D%/test-akamai.c $(VISIT)
%C%_test_akamai_LDADD = $(LIBS_PROVIDER)
%C%_test_akamai_cps_SOURCES = %D%/test-akamai-cps.c $(PLAY)
%C%_test_akamai_cps_LDADD = $(LIBS_PROVIDER)
%C%_test_akamai_dns_SOURCES = %D%/test-akamai-dns.c $(VISIT)
%C%_test_akamai_dns_LDADD = $(LIBS_PROVIDER)
%C%_test_aws_inventory_SOURCES = %D%/test-aws-inventory.c $(PLAY)
%C%_test_aws_inventory_LDADD = $(LIBS_PROVIDER)
%C%_test_aws_put_SOURCES = %D%/test-aws-put.c $(STAGE)
%C%_test_aws_put_LDADD = $(LIBS_PROVIDER)
%C%_test_aws_orders_SOURCES = %D%/test-aws-orders.c $(PLAY)
%C%_test_aws_orders_LDADD = $(LIBS_PROVIDER)
%C%_test_aws_sign_in_SOURCES = %D%/test-aws-sign-in.c $(VISIT)
%C%_test_aws_sign_in_LDADD = $(LIBS_PROVIDER)
%C%_test_aws_take_SOURCES = %D%/test-aws-take.c $(STAGE)
%C%_test_aws_take_LDADD = $(LIBS_PROVIDER)
%C%_test_aws_SOURCES = %D%/test-aws.c
%C%_test_aws_LDADD = $(LIBS_PROVIDER)
%C%_test_azure_dns_SOURCES = %D%/test-azure-dns.c $(VISIT)
%C%_test_azure_dns_LDADD = $(LIBS_PROVIDER)
%C%_test_azure_find_SOURCES = %D%/test-azure-find.c tests/model/make.c tests/model/make.h
%C%_test_azure_find_LDADD = $(LIBS_PROVIDER)
%C%_test_azure_vaults_SOURCES = %D%/test-azure-vaults.c $(AZSTAGE)
%C%_test_azure_vaults_LDADD = $(LIBS_PROVIDER)
%C%_test_azure_SOURCES = %D%/test-azure.c $(VISIT) tests/model/make.c tests/model/make.h
%C%_test_azure_LDADD = $(LIBS_PROVIDER)
%C%_test_cps_enroll_LDADD = $(LIBS_PROVIDER)
%C%_test_dns_services_SOURCES = %D%/test-dns-services.c $(VISIT)
%C%_test_dns_services_LDADD = $(LIBS_PROVIDER)
%C%_test_keyfactor_certs_SOURCES = %D%/test-keyfactor-certs.c $(KFSTAGE)
%C%_test_keyfactor_certs_LDADD = $(LIBS_PROVIDER)
%C%_test_keyfactor_fields_LDADD = $(LIBS_PROVIDER)
%C%_test_keyfactor_keystores_LDADD = $(LIBS_PROVIDER)
%C%_test_keyfactor_orders_SOURCES = %D%/test-keyfactor-orders.c $(KFSTAGE)
%C%_test_keyfactor_orders_LDADD = $(LIBS_PROVIDER)
%C%_test_keyfactor_requests_SOURCES = %D%/test-keyfactor-requests.c $(KFSTAGE)
%C%_test_keyfactor_requests_LDADD = $(LIBS_PROVIDER)
%C%_test_keyfactor_SOURCES = %D%/test-keyfactor.c $(VISIT)
%C%_test_keyfactor_LDADD = $(LIBS_PROVIDER)
%C%_test_local_ca_SOURCES = %D%/test-local-ca.c $(PLAY) $(CRASH)
%C%_test_local_ca_LDADD = $(LIBS_PROVIDER)
%C%_test_local_discover_SOURCES = %D%/test-local-discover.c $(PLAY)
%C%_test_local_discover_LDADD = $(LIBS_PROVIDER)
%C%_test_local_enrol_SOURCES = %D%/test-local-enrol.c $(PLAY) $(CRASH)
%C%_test_local_enrol_LDADD = $(LIBS_PROVIDER)
%C%_test_local_files_SOURCES = %D%/test-local-files.c $(PLAY)
%C%_test_local_files_LDADD = $(LIBS_PROVIDER)
%C%_test_local_hand_SOURCES = %D%/test-local-hand.c $(PLAY)
%C%_test_local_hand_LDADD = $(LIBS_PROVIDER)
%C%_test_local_transcripts_SOURCES = %D%/test-local-transcripts.c $(PLAY)
%C%_test_local_transcripts_LDADD = $(LIBS_PROVIDER)
%C%_test_local_write_SOURCES = %D%/test-local-write.c $(PLAY) $(CRASH)
%C%_test_local_write_LDADD = $(LIBS_PROVIDER)
%C%_test_memo_variant_LDADD = $(LIBS_PROVIDER)
%C%_test_sectigo_SOURCES = %D%/test-sectigo.c $(VISIT) tests/model/make.c tests/model/make.h
%C%_test_sectigo_LDADD = $(LIBS_PROVIDER)
%C%_test_sectigo_calls_SOURCES = %D%/test-sectigo-calls.c $(PLAY)
%C%_test_sectigo_calls_LDADD = $(LIBS_PROVIDER)
%C%_test_sectigo_domains_SOURCES = %D%/test-sectigo-domains.c
%C%_test_sectigo_domains_LDADD = $(LIBS_PROVIDER)
%C%_test_vault_engines_SOURCES = %D%/test-vault-engines.c %D%/vault-stage.c %D%/vault-stage.h $(PLAY)
%C%_test_vault_engines_LDADD = $(LIBS_PROVIDER)
%C%_test_vault_inventory_SOURCES = %D%/test-vault-inventory.c %D%/vault-stage.c %D%/vault-stage.h $(PLAY)
%C%_test_vault_inventory_LDADD = $(LIBS_PROVIDER)
%C%_test_vault_kf_SOURCES = %D%/test-vault-kf.c %D%/vault-stage.c %D%/vault-stage.h $(PLAY)
%C%_test_vault_kf_LDADD = $(LIBS_PROVIDER)
%C%_test_vault_orders_SOURCES = %D%/test-vault-orders.c %D%/vault-stage.c %D%/vault-stage.h $(PLAY)
%C%_test_vault_orders_LDADD = $(LIBS_PROVIDER)
%C%_test_vault_roles_SOURCES = %D%/test-vault-roles.c %D%/vault-stage.c %D%/vault-stage.h $(PLAY)
%C%_test_vault_roles_LDADD = $(LIBS_PROVIDER)
%C%_test_vault_seal_SOURCES = %D%/test-vault-seal.c %D%/vault-stage.c %D%/vault-stage.h $(PLAY)
%C%_test_vault_seal_LDADD = $(LIBS_PROVIDER)
%C%_test_vault_SOURCES = %D%/test-vault.c $(VISIT)
%C%_test_vault_LDADD = $(LIBS_PROVIDER)

EXTRA_DIST += $(provider_scripts) %D%/transcripts \
	tests/sim/akamai.py \
	tests/sim/akamai_cps.py \
	tests/sim/akamai_cps_bodies.py \
	tests/sim/akamai_cps_control.py \
	tests/sim/akamai_cps_world.py \
	tests/sim/akamai_cps_x509.py \
	tests/sim/akamai_dns.py \
	tests/sim/akamai_running.py \
	tests/sim/aws.py \
	tests/sim/aws_acm.py \
	tests/sim/aws_acm_cert.py \
	tests/sim/aws_acm_import.py \
	tests/sim/aws_acm_search.py \
	tests/sim/aws_control.py \
	tests/sim/aws_dns.py \
	tests/sim/aws_iam.py \
	tests/sim/aws_keys.py \
	tests/sim/aws_newer.py \
	tests/sim/aws_pca.py \
	tests/sim/aws_regions.py \
	tests/sim/aws_route53.py \
	tests/sim/aws_sts.py \
	tests/sim/aws_wire.py \
	tests/sim/aws_world.py \
	tests/sim/aws_x509.py \
	tests/sim/azure.py \
	tests/sim/azure_arm.py \
	tests/sim/azure_bodies.py \
	tests/sim/azure_cert.py \
	tests/sim/azure_control.py \
	tests/sim/azure_dns.py \
	tests/sim/azure_entra.py \
	tests/sim/azure_graph.py \
	tests/sim/azure_running.py \
	tests/sim/azure_vault.py \
	tests/sim/azure_world.py \
	tests/sim/azure_x509.py \
	tests/sim/cloudflare.py \
	tests/sim/dns_zones.py \
	tests/sim/godaddy.py \
	tests/sim/keyfactor.py \
	tests/sim/keyfactor_api.py \
	tests/sim/keyfactor_bodies.py \
	tests/sim/keyfactor_control.py \
	tests/sim/keyfactor_flow.py \
	tests/sim/keyfactor_keystores.py \
	tests/sim/keyfactor_query.py \
	tests/sim/keyfactor_stores.py \
	tests/sim/keyfactor_things.py \
	tests/sim/keyfactor_world.py \
	tests/sim/running.py \
	tests/sim/sectigo.py \
	tests/sim/sectigo_acme.py \
	tests/sim/sectigo_anchors.py \
	tests/sim/sectigo_domains.py \
	tests/sim/sectigo_ssl.py \
	tests/sim/sectigo_world.py \
	tests/sim/sim.py \
	tests/sim/vault.py \
	tests/sim/vault_keyfactor.py \
	tests/sim/vault_keyfactor_engine.py \
	tests/sim/vault_keyfactor_world.py
