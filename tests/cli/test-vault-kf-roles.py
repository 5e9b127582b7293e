#!/usr/bin/python3
"""The program against the simulator of Keyfactor's engine in Vault: its roles."""
import shlex

from place import case, cases, holds, same
from vault_kf_place import ISSUER, STORE, VaultKf, lines


def role_id(name):
    return STORE + "/kf-role/" + name


def rows(p):
    return {r["name"]: r for r in p.rows("objects") if r["type"] == "kf-role"}


@case
def listed():
    """a refresh tells the roles, what they allow, and what the engine keeps of them without heeding it"""
    with VaultKf() as p:
        p.ask("PUT", "kf/roles/any", {"allowed_domains": "*", "key_type": "any", "max_ttl": 3600, "ou": "Ops"})
        p.ask("PUT", "kf/roles/none", {"max_ttl": 0})
        p.good("refresh", STORE)
        there = rows(p)
        same(sorted(there), ["any", "none", "web"])
        same({(r["type"], r["store"], *r["can"]) for r in there.values()},
             {("kf-role", STORE, "object-edit", "object-drop")})
        same([there[n]["summary"] for n in ("web", "any", "none")],
             ["domains example.org, names below them", "any name, but before 1.5 none, only by a request file",
              "no name, for it has no domains"])
        holds(there["any"]["facts"]["without effect"], "max_ttl", "ou", "key_usage")
        same("allowed_domains" in there["any"]["facts"]["without effect"], False)
        holds(lines(p.good("show", role_id("any")).out), "without effect key_bits", "max_ttl 1h")


@case
def made():
    """one that is made allows what was said; one that is there already is not made anew"""
    with VaultKf() as p:
        p.good("refresh", STORE)
        p.good("objects", "add", STORE, "mail", "--allowed-domains", "example.net,mail.example.com",
               "--allow-subdomains", "yes")
        role = p.state()["roles"]["mail"]
        same((role["allowed_domains"], role["allow_subdomains"]), (["example.net", "mail.example.com"], True))
        same("mail" in rows(p), True)
        p.bad("objects", "add", STORE, "mail", "--allowed-domains", "*", says=["has a role mail already"])
        p.bad("objects", "add", STORE, "other", "--max-ttl", "1h", says=["max-ttl"])
        same(p.state()["roles"]["mail"], role)


@case
def changed():
    """what is changed is changed, and all that no question asks goes back as it stands there now"""
    for version in ("1.5.0", "1.3.1"):
        with VaultKf(version) as p:
            p.ask("PUT", "kf/roles/odd", {"allowed_domains": "example.com", "max_ttl": 7200, "ttl": 3600,
                                          "ou": "Ops,Web", "key_type": "ec", "key_bits": 256,
                                          "not_before_duration": 45, "allowed_other_sans": "1.2.3;UTF8:*"})
            p.good("refresh", STORE)
            before = p.state()["roles"]["odd"]
            p.ask("PUT", "kf/roles/odd", dict(before, province=["Bavaria"]))
            p.good("--yes", "objects", "edit", role_id("odd"), "--allow-subdomains", "yes")
            same(p.state()["roles"]["odd"], dict(before, province=["Bavaria"], allow_subdomains=True))
            p.good("--yes", "objects", "edit", role_id("odd"), "--allowed-domains", "-")
            same(p.state()["roles"]["odd"]["allowed_domains"], [])
            same(p.state()["odd"], [])


@case
def ordered():
    """what a role allows is said before a certificate is asked for, and its change counts at once"""
    with VaultKf() as p:
        p.good("refresh", STORE)
        plan = p.good("--dry-run", "order", STORE, "--names", "a.example.org", "--role", "web", "--key", "no")
        holds(plan.out, "the role web allows: domains example.org, names below them")
        p.good("--yes", "object-edit", role_id("web"), "--allow-subdomains", "no")
        p.bad("--yes", "order", STORE, "--names", "a.example.org", "--role", "web", "--key", "no",
              says=["not allowed"])


@case
def planned():
    """a plan changes nothing, warns of what is allowed, and its script writes the whole role"""
    with VaultKf() as p:
        p.ask("PUT", "kf/roles/odd", {"allowed_domains": "example.com", "max_ttl": 7200, "ou": "Ops"})
        p.good("refresh", STORE)
        before = p.state()["roles"]
        out = p.good("--dry-run", "object-edit", role_id("odd"), "--allowed-domains", "*", "--allow-subdomains",
                     "yes").out
        holds(lines(out), "Domains: * instead of example.com", "certificates for any name",
              "allows evilexample.com", "goes back as it was read")
        line = next(line for line in out.split("\n") if line.strip().startswith("bao write "))
        words = shlex.split(line)
        same([w for w in words if w.split("=")[0] in ("allowed_domains", "allow_subdomains", "max_ttl", "ou",
                                                      "server_flag", "allow_token_displayname")],
             ["max_ttl=2h", "ou=Ops", "server_flag=true", "allowed_domains=*", "allow_subdomains=true"])
        holds(p.good("--dry-run", "objects", "drop", role_id("odd")).out, "DELETE", "stay valid")
        same(p.state()["roles"], before)


@case
def deleted():
    """one that is deleted is gone there and here"""
    with VaultKf() as p:
        p.good("refresh", STORE)
        p.bad("objects", "drop", role_id("web"), says=["say --yes"])
        p.good("--yes", "objects", "drop", role_id("web"))
        same((p.state()["roles"], rows(p)), ({}, {}))


@case
def not_seen():
    """a token that may not list them has a row that says what it needs"""
    with VaultKf(token=ISSUER) as p:
        p.good("refresh", STORE)
        row = rows(p)["(all)"]
        same((row["type"], row["state"], row["can"]), ("kf-role", "not seen", []))
        holds(row["summary"], "allow 'list' on kf/roles/")


cases()
