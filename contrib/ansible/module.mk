# The Ansible collection certty.sectigo; ansible-galaxy makes a package of it.
ANSIBLE_COLLECTION = %D%/galaxy.yml %D%/README.md %D%/meta/runtime.yml %D%/playbooks/certbot.yml \
	%D%/plugins/doc_fragments/certty.py %D%/plugins/module_utils/certty.py \
	%D%/plugins/modules/acme_domain.py %D%/plugins/modules/acme_user.py \
	%D%/plugins/modules/acme_user_domains.py
EXTRA_DIST += $(ANSIBLE_COLLECTION)
