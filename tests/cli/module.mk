# The program itself, run as scripts run it.
cli_tests = \
	%D%/test-accounts.py \
	%D%/test-akamai-changes.py \
	%D%/test-akamai-cps.py \
	%D%/test-akamai-enroll.py \
	%D%/test-akamai.py \
	%D%/test-aws-deploys.py \
	%D%/test-aws-domains.py \
	%D%/test-aws-doors.py \
	%D%/test-aws-faults.py \
	%D%/test-aws-lost.py \
	%D%/test-aws-orders.py \
	%D%/test-aws.py \
	%D%/test-azure-backups.py \
	%D%/test-azure-changes.py \
	%D%/test-azure-deleted.py \
	%D%/test-azure-enrolled.py \
	%D%/test-azure-faults.py \
	%D%/test-azure-made.py \
	%D%/test-azure-renewed.py \
	%D%/test-azure.py \
	%D%/test-check.py \
	%D%/test-completion.py \
	%D%/test-dns-services.py \
	%D%/test-doctor.py \
	%D%/test-dry-run.py \
	%D%/test-enroll-killed.py \
	%D%/test-enroll.py \
	%D%/test-four-eyes.py \
	%D%/test-install.py \
	%D%/test-keyfactor-collections.py \
	%D%/test-keyfactor-enroll.py \
	%D%/test-keyfactor-keystores.py \
	%D%/test-keyfactor-orders.py \
	%D%/test-keyfactor-pfx.py \
	%D%/test-keyfactor-place.py \
	%D%/test-keyfactor-requests.py \
	%D%/test-keyfactor-stores.py \
	%D%/test-keyfactor-things.py \
	%D%/test-keyfactor.py \
	%D%/test-lists.py \
	%D%/test-rules.py \
	%D%/test-run-due.py \
	%D%/test-sectigo-acme.py \
	%D%/test-sectigo-domains.py \
	%D%/test-sectigo.py \
	%D%/test-served.py \
	%D%/test-servers.py \
	%D%/test-vault-kf-config.py \
	%D%/test-vault-kf-orders.py \
	%D%/test-vault-kf-roles.py \
	%D%/test-vault-kf.py \
	%D%/test-verbs.py
TESTS += $(cli_tests)
EXTRA_DIST += $(cli_tests) %D%/akamai_place.py %D%/aws_place.py %D%/azure_kept.py %D%/azure_place.py \
	%D%/ca_place.py %D%/enroll_place.py %D%/keyfactor_place.py %D%/office.py %D%/place.py \
	%D%/sectigo_place.py %D%/served_world.py %D%/vault_kf_place.py
