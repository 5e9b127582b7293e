#!/usr/bin/python3
"""certty sectigo acme-domain as a module."""

DOCUMENTATION = r"""
module: acme_domain
short_description: See to it that a domain is at Sectigo, or is not
description:
  - Adds a domain to Sectigo Certificate Manager, and delegates it to an organization.
  - A delegation that an MRAO has to approve is asked for and waits; C(facts) tell it.
  - Absent with an I(organization) takes its delegation back while others have theirs.
  - Else absent deletes the domain.
  - The domain is not validated by this; certty validate does that.
extends_documentation_fragment: certty.sectigo.certty
options:
  name:
    description: The domain, as people write it or in A-labels.
    type: str
    required: true
  description:
    description: A few words, for a domain that is added.
    type: str
  cert_types:
    description: What the organization may use it for.
    type: list
    elements: str
    choices: [SSL, SMIME, CodeSign, BrandIndicator]
    default: [SSL]
"""

EXAMPLES = r"""
- name: The domain may be used by IT
  certty.sectigo.acme_domain:
    name: example.org
    organization: IT
"""

RETURN = r"""
changes:
  description: What was changed, or would be, in words.
  returned: always
  type: list
  elements: str
facts:
  description: State, validation and delegations of the domain, as they were found.
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
    module = module_of(name={"type": "str", "required": True}, description={"type": "str"},
                       cert_types={"type": "list", "elements": "str", "default": ["SSL"],
                                   "choices": ["SSL", "SMIME", "CodeSign", "BrandIndicator"]})
    run(module, "acme-domain", module.params["name"], **{
        "description": module.params["description"], "cert-types": module.params["cert_types"]})


if __name__ == "__main__":
    main()
