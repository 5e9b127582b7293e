#!/usr/bin/python3
"""certty sectigo acme-user as a module."""

DOCUMENTATION = r"""
module: acme_user
short_description: See to it that there is an ACME account at Sectigo, or is none
description:
  - Makes an account that ACME clients are bound to, by its name in an organization.
  - Writes what they are bound with (EAB) to a file, in the words of certbot's configuration files.
extends_documentation_fragment: certty.sectigo.certty
options:
  name:
    description: What the account is called.
    type: str
    required: true
  server:
    description: The ACME server, by its name at Sectigo, as in OV ACME Server. A new account needs it.
    type: str
  eab_file:
    description:
      - Where the key is written, with mode 0600, in a folder that is there.
      - A file that has it is left alone; one that has anything else is a failure, and stays as it is.
    type: path
"""

EXAMPLES = r"""
- name: The web servers have an ACME account
  certty.sectigo.acme_user:
    name: web-farm
    organization: IT
    server: OV ACME Server
    eab_file: /etc/letsencrypt/web-farm-eab.ini
"""

RETURN = r"""
changes:
  description: What was changed, or would be, in words.
  returned: always
  type: list
  elements: str
facts:
  description: Number, server, organization and key ID of the account; never its key.
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
    module = module_of(name={"type": "str", "required": True}, server={"type": "str"},
                       eab_file={"type": "path"})
    run(module, "acme-user", module.params["name"], **{
        "server": module.params["server"], "eab-file": module.params["eab_file"]})


if __name__ == "__main__":
    main()
