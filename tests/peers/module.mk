# The program against programs that others wrote.
PEER_TESTS += \
	%D%/test-ansible.py \
	%D%/test-aws-boto3.py \
	%D%/test-aws-moto.py \
	%D%/test-aws-profiles.py \
	%D%/test-azure-clients.py \
	%D%/test-azure.py \
	%D%/test-dns-services.py \
	%D%/test-dns-update.py \
	%D%/test-dns.py \
	%D%/test-edgedns.py \
	%D%/test-edgegrid-cps.py \
	%D%/test-edgegrid.py \
	%D%/test-hvac-keyfactor.py \
	%D%/test-hvac.py \
	%D%/test-keyfactor-go.py \
	%D%/test-openbao-engines.py \
	%D%/test-openbao-enroll.py \
	%D%/test-openbao-mounts.py \
	%D%/test-openbao-orders.py \
	%D%/test-openbao-roles.py \
	%D%/test-openbao-seal.py \
	%D%/test-openbao.py \
	%D%/test-sectigo.py \
	%D%/test-starttls.py \
	%D%/test-why.py
EXTRA_DIST += $(PEER_TESTS) %D%/bao.py %D%/bao_place.py %D%/visit.py %D%/why_world.py \
	%D%/keyfactor-go/go.mod %D%/keyfactor-go/go.sum %D%/keyfactor-go/main.go
