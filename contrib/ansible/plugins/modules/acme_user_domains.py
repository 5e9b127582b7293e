#!/usr/bin/python3
"""certty sectigo acme-user-domains as a module."""

DOCUMENTATION = r"""
module: acme_user_domains
short_description: See to it that an ACME account at Sectigo has names, or has them not
description:
  - Compares the names that an ACME account may have certificates for with those wanted.
  - Adds, or takes away, what differs.
  - A name whose domain is not at Sectigo, delegated and validated, is not added, and the module fails.
extends_documentation_fragment: certty.sectigo.certty
options:
  account_name:
    description: What the ACME account is called.
    type: str
    required: true
  server:
    description: The ACME server, where accounts of several are called the same.
    type: str
  names:
    description: The names, as people write them or in A-labels.
    type: list
    elements: str
    required: true
  only:
    description: Take away all others.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: They may have these names
  certty.sectigo.acme_user_domains:
    account_name: web-farm
    names: [www.example.org, example.org]
"""

RETURN = r"""
changes:
  description: What was changed, or would be, in words.
  returned: always
  type: list
  elements: str
facts:
  description: Number, server, organization and key ID of the account.
  returned: always
  type: dict
troubles:
  description: What could not be done, or was found in the way.
  returned: always
  type: list
  elements: str
"""

from ansible_collections.certty.sectigo.plugins.module_utils.certty import module_of, run


def main():
    module = module_of(account_name={"type": "str", "required": True}, server={"type": "str"},
                       names={"type": "list", "elements": "str", "required": True},
                       only={"type": "bool", "default": False})
    run(module, "acme-user-domains", module.params["account_name"], **{
        "server": module.params["server"], "names": module.params["names"], "only": module.params["only"]})


if __name__ == "__main__":
    main()
