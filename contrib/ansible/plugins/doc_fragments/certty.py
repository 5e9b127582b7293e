"""What the documentation of all modules has."""


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  account:
    description:
      - The account of Sectigo, by the name that it has in certty.
      - It can be left out where there is only one.
    type: str
  state:
    description: Whether it shall be there.
    type: str
    choices: [present, absent]
    default: present
  organization:
    description: The organization or department, by its number or its name.
    type: str
  executable:
    description: The certty command.
    type: str
    default: certty
  config:
    description: The configuration that certty reads, instead of the user's own.
    type: path
requirements:
  - certty on the host, with an account of Sectigo whose secret is had without a person
attributes:
  check_mode:
    description: Says what would be changed, and changes nothing.
    support: full
author:
  - The certty maintainers
"""
