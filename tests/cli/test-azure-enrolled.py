#!/usr/bin/python3
"""The program against the simulated Azure: enrolments whose keys are made in a vault."""
import os

from azure_kept import VAULT, Place
from azure_place import STORE
from place import case, cases, holds, same


@case
def enrolled():
    """a key is made in the vault without a passphrase, its request signed elsewhere and merged in"""
    with Place() as p:
        p.begin(count=1)
        p.good("refresh", STORE)
        csr = p.path("www.csr")
        args = ["--names", "www.example.org,shop.example.org", "--key-in", STORE, "--csr-file", csr]
        holds(p.good("enroll", "--dry-run", *args).out, "/certificates/www-example-org/create",
              "/pending/merge")
        same(p.there("www-example-org"), None)
        p.good("enroll", "--yes", *args)
        p.good("refresh", STORE)
        same([r["type"] for r in p.rows("requests")], ["enroll"])
        row = p.request("www.example.org", "enroll")
        same(p.there("www-example-org")["policy"]["issuer"]["name"], "Unknown")
        with open(csr, encoding="ascii") as f:
            chain = p.signed(f.read(), "www.pem")
        p.good("supply", "--file", chain, row["id"])
        now = p.there("www-example-org")
        same((len(now["versions"]), now["versions"][0]["chain"]), (1, 3))
        same(p.request("www.example.org", "enroll")["state"], "issued")
        same(p.calls("GET /secrets/NAME"), 0)


@case
def enrolled_again():
    """a name that is taken gets another beside it; a lost answer makes no second key; withdrawing drops it"""
    with Place() as p:
        p.begin(count=1)
        p.do("seed", vault=VAULT, name="www-example-org", host="www.example.org")
        p.good("refresh", STORE)
        p.sim.fault(path="/create", drop=True, times=1)
        p.certty("enroll", "--yes", "--names", "www.example.org", "--key-in", STORE, "--csr-file", p.path("c"))
        row = next(r for r in p.rows("requests") if r["type"] == "enroll")
        p.good("sync", row["id"])
        same(os.path.exists(p.path("c")), True)
        names = sorted(c["name"] for c in p.vault(VAULT)["certs"])
        same((len(names), names[1], len(names[2])), (3, "www-example-org", len("www-example-org-12345678")))
        same(p.calls("POST /certificates/NAME/create"), 1)
        p.good("withdraw", "--yes", row["id"])
        same(sorted(c["name"] for c in p.vault(VAULT)["certs"]), ["c", "www-example-org"])


@case
def enrolled_and_deployed():
    """what a vault lets out goes on into other stores; what it cannot make is said"""
    with Place() as p:
        p.begin(count=1)
        p.do("vault", name="kv-b")
        p.good("account-stores", "az")
        p.good("refresh")
        csr = p.path("www.csr")
        p.good("enroll", "--yes", "--names", "www.example.org", "--key-in", STORE, "--csr-file", csr, "--to",
               "az/vault:kv-b")
        with open(csr, encoding="ascii") as f:
            chain = p.signed(f.read(), "www.pem")
        p.good("supply", "--file", chain, p.request("www.example.org", "enroll")["id"])
        same(len(p.there("www-example-org", "kv-b")["versions"]), 1)
        for names, kind, says in (("www.example.org", "ed25519", "no kind of key"),
                                  ("192.0.2.1", "ec-p256", "DNS names alone")):
            p.bad("enroll", "--dry-run", "--names", names, "--kind", kind, "--key-in", STORE, "--csr-file",
                  p.path("x"), says=[says])


cases()
