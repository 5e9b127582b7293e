#!/usr/bin/python3
"""The program against the simulated Azure: backups of certificates."""
import os

from azure_kept import VAULT, Place
from azure_place import STORE
from place import case, cases, holds, same


@case
def backed_up():
    """all versions go into a file that only its owner reads, and come back from it"""
    with Place() as p:
        p.begin(count=1)
        p.do("seed", vault=VAULT, name="many", versions=3)
        p.good("refresh", STORE)
        file = p.path("many.backup")
        cert = p.cert("many.example.org")
        holds(p.good("backup", "--dry-run", "--file", file, cert).out, "az keyvault certificate backup",
              "mode 0600")
        same(os.path.exists(file), False)
        holds(p.good("backup", "--file", file, cert).out, "encrypted by Azure")
        same((os.stat(file).st_mode & 0o777, os.path.getsize(file)), (0o600, 600))
        p.bad("backup", "--file", file, cert, says=["replace"])
        p.good("backup", "--file", file, "--replace", cert)
        p.bad("restore", "--yes", "--file", file, STORE, says=["its name is taken", "nothing was changed"])
        p.do("forget", vault=VAULT, name="many")
        holds(p.good("restore", "--dry-run", "--file", file, STORE).out, "/certificates/restore")
        holds(p.good("restore", "--yes", "--file", file, STORE).out, "many is in the vault")
        same(len(p.there("many")["versions"]), 3)
        other = p.path("other")
        with open(other, "wb") as f:
            f.write(b"no backup")
        p.bad("restore", "--yes", "--file", other, STORE, says=["Invalid backup blob"])
        p.do("change_vault", name=VAULT, roles=["Key Vault Reader"])
        p.bad("backup", "--file", p.path("b"), cert, says=["Key Vault Certificates Officer"])
        same(os.path.exists(p.path("b")), False)


cases()
