#!/usr/bin/python3
"""The program against the simulated Azure: new versions by the policy of the old one."""
from azure_kept import VAULT, Place
from azure_place import STORE
from place import case, cases, holds, same


@case
def renewed():
    """a new version by the same policy: by the vault itself, or by a request that is signed elsewhere"""
    with Place() as p:
        p.begin(count=1)
        p.do("seed", vault=VAULT, name="own", issuer="Self", tags={"team": "a"}, exportable=False)
        p.good("refresh", STORE)
        before = p.there("own")["policy"]
        holds(p.good("renew", "--dry-run", p.cert("own.example.org")).out, "/certificates/own/create",
              "signed by itself again", "older versions stay")
        p.good("renew", "--yes", p.cert("own.example.org"))
        row = p.request("own.example.org")
        for _ in range(3):
            if p.request("own.example.org")["state"] != "issued":
                p.good("sync", row["id"])
        now = p.there("own")
        same((len(now["versions"]), now["versions"][-1]["tags"]), (2, {"team": "a"}))
        for part in ("key_props", "secret_props", "x509_props", "issuer", "lifetime_actions"):
            same(now["policy"][part], before[part], part)
        p.good("renew", "--yes", p.cert("c.example.org"))
        row = p.request("c.example.org")
        same((row["state"], row["can"][0]), ("waits for a person", "supply"), row)
        p.bad("renew", "--yes", p.cert("c.example.org"), says=["under way", "nothing was sent"])
        chain = p.signed(p.good("show", "-o", "pem", row["id"]).out, "chain.pem")
        p.good("supply", "--file", chain, row["id"])
        same(len(p.there("c")["versions"]), 2)


@case
def renewed_by_ca():
    """a CA that the vault orders from may charge for it: that is accepted first"""
    with Place() as p:
        p.begin(count=1)
        p.do("issuer", vault=VAULT, name="demo-ca")
        p.do("seed", vault=VAULT, name="paid", issuer="demo-ca")
        p.good("refresh", STORE)
        holds(p.good("renew", "--dry-run", p.cert("paid.example.org")).out, "may charge")
        p.bad("renew", "--yes", p.cert("paid.example.org"),
              says=["demo-ca", "may charge", "nothing was ordered"])
        p.good("renew", "--yes", "--charge", p.cert("paid.example.org"))
        same(p.there("paid")["pending"]["status"], "inProgress")
        same(p.calls("POST /certificates/NAME/create"), 1)


cases()
