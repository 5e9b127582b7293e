#!/usr/bin/python3
"""The program against the simulator of Keyfactor Command: saved collections, and its query language."""
from keyfactor_place import Keyfactor
from place import case, cases, holds, same

WEB = "kf/collection:11"


def within(p, store):
    return sorted(r["name"] for r in p.rows("certs") if store in (place["store"] for place in r["places"]))


def seeded(p):
    for name in ("web1.example.org", "web2.example.org", "mail.example.org"):
        p.do("seed", name=name)


@case
def proposed():
    """saved collections are proposed, and one that is accepted shows what is in it"""
    with Keyfactor() as p:
        seeded(p)
        holds(p.account(), "2 saved collections can be accepted as a store")
        rows = {r["id"]: r for r in p.rows("discovery")}
        same(sorted(rows), [WEB, "kf/collection:12"])
        holds(rows[WEB]["what"], 'CN -startswith "web"')
        p.good("accept", WEB)
        p.good("refresh")
        same(within(p, WEB), ["web1.example.org", "web2.example.org"])
        same(len(within(p, "kf/command")), 3)
        p.good("account-stores", "kf")
        same([r["state"] for r in p.rows("discovery") if r["id"] == WEB], ["approved"])


@case
def only_within():
    """who may see certificates within a collection alone names it with every call about them"""
    with Keyfactor() as p:
        seeded(p)
        p.add("CORP\\part", "pw")
        p.bad("account-stores", "kf", says=["GET /Certificates"], status=3)
        p.good("accept", WEB)
        p.good("refresh", WEB)
        same(within(p, WEB), ["web1.example.org", "web2.example.org"])
        cert = p.cert("web1.example.org")
        holds(p.good("history", cert).out, "Import, by ")
        p.good("export", cert, "--format", "chain", "--file", p.path("c.pem"))
        p.good("revoke", cert, "--reason", "superseded", "--comment", "a new one", "--yes")
        same([c["IssuedCN"] for c in p.state()["certs"] if c["CertState"] == 2], ["web1.example.org"])
        p.bad("order", WEB, "--names", "x.example.org", "--yes", says=["no place for this"])


@case
def queried():
    """an account's query narrows what its store shows, and one that Command does not take is a sentence"""
    with Keyfactor() as p:
        seeded(p)
        p.account()
        p.good("accounts", "edit", "kf", "--query", 'CN -contains "mail" OR CN -eq "web2.example.org"')
        p.good("refresh")
        same(within(p, "kf/command"), ["mail.example.org", "web2.example.org"])
        p.good("accounts", "edit", "kf", "--query", 'Colour -eq "red"')
        p.bad("refresh", says=["the query of this account, Colour -eq", "Invalid field: Colour"])
        same(within(p, "kf/command"), ["mail.example.org", "web2.example.org"])


@case
def gone():
    """a collection that is there no more, and one that nobody may list, are a sentence each"""
    with Keyfactor() as p:
        seeded(p)
        p.account()
        p.good("accept", WEB)
        p.do("set", collections=[12])
        p.bad("refresh", WEB, says=["collection 11 was not found"])
        p.do("set", denied=["GET /CertificateCollections"])
        holds(p.good("account-stores", "kf").out, "3 certificates")


cases()
