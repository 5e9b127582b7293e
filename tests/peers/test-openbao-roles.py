#!/usr/bin/python3
"""The program against a real OpenBao: roles listed, made, changed and deleted; issuers and their CRLs."""
import json
import os
import sys
import tempfile

from cryptography import x509

from bao_place import ROOT, BaoPlace
from place import case, cases, holds, same
from visit import Missing

PKI = "v/pki:pki"
P = None


def role(name):
    """As the server has it."""
    return P.bao.ask("GET", "pki/roles/" + name)["data"]


def rows(account="v"):
    return {r["name"]: r for r in P.rows("objects") if r["account"] == account and r["type"] == "role"}


def object_id(name):
    return PKI + "/role/" + name


@case
def listed():
    """a refresh of the mount tells its roles, with all that the server says of each"""
    P.good("refresh", PKI)
    same(sorted(rows()), ["web"])
    row = rows()["web"]
    same((row["type"], row["store"], row["can"]), ("role", PKI, ["object-edit", "object-drop"]))
    same((row["facts"]["allowed_domains"], row["facts"]["max_ttl"]), ("example.com", "3d"))
    left = {k for k, v in role("web").items() if v not in ("", [], None)} - set(row["facts"])
    same({k for k in left if role("web")[k]}, set(), "what the server says of it and nobody here tells")
    holds(P.good("show", object_id("web")).out, "domains example.com", "at most 3 d", "key_type")


@case
def made():
    """one that is made allows what was said, and is there as soon as it is made"""
    P.good("objects", "add", PKI, "mail", "--allowed-domains", "mail.example.com,example.net",
           "--allow-bare-domains", "yes", "--allow-ip-sans", "no", "--key-type", "ec", "--ttl", "12h",
           "--max-ttl", "90d", "--server-flag", "no", "--organization", "Example Org,Other")
    is_there = role("mail")
    same([is_there[k] for k in ("allowed_domains", "allow_bare_domains", "allow_subdomains", "allow_ip_sans",
                                "key_type", "ttl", "max_ttl", "server_flag", "client_flag", "organization")],
         [["mail.example.com", "example.net"], True, False, False, "ec", 12 * 3600, 90 * 86400, False, True,
          ["Example Org", "Other"]])
    same("mail" in rows(), True)
    run = P.bad("objects", "add", PKI, "mail", "--allow-any-name", "yes", says=["has a role mail already"])
    same((run.status, role("mail")["allow_any_name"]), (5, False))
    P.bad("objects", "add", PKI, "a/b", says=["is no name of a role"])


@case
def changed():
    """what is changed is changed, and all else stays as it stands there now, asked or not"""
    P.bao.ask("POST", "pki/roles/odd", {
        "allowed_domains": "example.com", "policy_identifiers": ["1.3.6.1.4.1.1"], "postal_code": ["12345"],
        "not_before_duration": "45s", "allowed_other_sans": ["1.2.3;UTF8:*"], "cn_validations": ["disabled"],
        "ttl": "1h", "max_ttl": "2h"})
    P.good("refresh", PKI)
    P.bao.ask("PATCH", "pki/roles/odd", {"allow_any_name": True}, Content_Type="application/merge-patch+json")
    before = role("odd")
    P.good("--yes", "objects", "edit", object_id("odd"), "--max-ttl", "72h", "--allow-subdomains", "yes",
           "--ttl", "-")
    same(role("odd"), dict(before, max_ttl=72 * 3600, allow_subdomains=True, ttl=0))
    P.good("--yes", "object-edit", object_id("odd"), "--allowed-domains", "-")
    same(role("odd"), dict(before, max_ttl=72 * 3600, allow_subdomains=True, ttl=0, allowed_domains=[]))


@case
def planned():
    """a plan asks nobody, says what differs, and its script does the same by the command of others"""
    P.proxy.forget()
    run = P.good("--dry-run", "object-edit", object_id("mail"), "--max-ttl", "30d", "--allow-any-name", "yes")
    same(len(P.proxy.server.asked), 0)
    holds(run.out, "At most: 30d instead of 90d", "certificates for any name", "stay as they are")
    line = next(line for line in run.out.split("\n") if line.startswith("bao patch "))
    words = line.split()[1:]
    P.bao.command(*words[:1], *words[3:], BAO_TOKEN=ROOT)
    same((role("mail")["max_ttl"], role("mail")["allow_any_name"]), (30 * 86400, True))
    P.bad("--dry-run", "object-edit", object_id("mail"), says=["was not said"])


@case
def limits():
    """what the role allows is said before a certificate is asked for"""
    plan = P.good("--dry-run", "order", PKI, "--names", "a.example.com", "--role", "web", "--key", "no").out
    holds(plan, "the role web allows: domains example.com, names below them")


@case
def deleted():
    """one that is deleted is gone there and here, with a word for it in the journal"""
    holds(P.good("--dry-run", "objects", "drop", object_id("odd")).out, "DELETE", "stay valid")
    same("odd" in rows(), True)
    P.bad("objects", "drop", object_id("odd"), says=["say --yes"])
    P.good("--yes", "objects", "drop", object_id("odd"))
    P.good("--yes", "objects", "drop", object_id("mail"))
    same(P.bao.ask("LIST", "pki/roles")["data"]["keys"], ["web"])
    same(sorted(rows()), ["web"])
    entries = [json.loads(line) for line in P.good("audit", "-o", "json").out.splitlines()]
    same([(e["account"], e["store"]) for e in entries if e["target"] == object_id("odd")
          and e["verb"] == "object-drop"], [("v", PKI)] * 2)


@case
def gone():
    """one that somebody else has deleted goes with the next refresh, and cannot be changed before"""
    P.bao.ask("POST", "pki/roles/brief", {"allowed_domains": "example.com"})
    P.good("refresh", PKI)
    same("brief" in rows(), True)
    P.bao.ask("DELETE", "pki/roles/brief")
    P.bad("--yes", "object-edit", object_id("brief"), "--max-ttl", "1h", "--offline", says=[])
    P.bad("--yes", "object-edit", object_id("brief"), "--max-ttl", "1h", says=["brief"])
    P.good("refresh", PKI)
    same(sorted(rows()), ["web"])


@case
def not_seen():
    """what a token may not list, read or change is said, and what it may see is there"""
    P.bao.ask("POST", "pki/roles/hidden", {"allowed_domains": "example.com"})
    seen = (("sys/mounts", "read"), ("pki/certs", "list"), ("pki/certs/*", "list"), ("pki/cert/*", "read"))
    P.account("few", P.token(*seen, ("pki/roles", "list"), ("pki/roles/web", "read")))
    P.good("refresh", "few/pki:pki")
    same(sorted(rows("few")), ["hidden", "web"])
    same(rows("few")["hidden"]["state"], "not seen")
    holds(rows("few")["hidden"]["summary"], "allow 'read' on pki/roles/hidden")
    P.bad("--yes", "object-edit", "few/pki:pki/role/web", "--max-ttl", "1h",
          says=["allow 'update' on pki/roles/web"])
    P.account("none", P.token(*seen))
    P.good("refresh", "none/pki:pki")
    same([r["name"] for r in rows("none").values()], ["(all)"])
    holds(rows("none")["(all)"]["summary"], "allow 'list' on pki/roles/")


@case
def renamed():
    """an account's new name takes them with it, and without the account they are gone"""
    P.good("accounts", "rename", "none", "other")
    same(len(rows("other")), 1)
    same(rows("none"), {})
    P.good("--yes", "accounts", "drop", "other")
    same(rows("other"), {})


# --- issuers, and what they revoked ----------------------------------------------------------------------

@case
def issuers():
    """each issuer is a row with its CRL, which is good for others, as PEM and as DER"""
    mount = "v/pki:second"
    P.engine("second")
    P.bao.ask("POST", "second/root/rotate/internal", {"common_name": "Young root", "key_type": "ec",
                                                      "issuer_name": "young"})
    serials = [P.issue("second", "c%d.example.com" % i)["serial_number"] for i in range(3)]
    for serial in serials[1:]:
        P.bao.ask("POST", "second/revoke", {"serial_number": serial})
    P.certty("account-stores", "v")
    P.good("refresh", mount)
    found = {r["name"]: r for r in P.rows("objects") if r["type"] == "issuer" and r["store"] == mount}
    same({n: (r["state"], r["can"], r["facts"]["CRL signed"], r["facts"]["CRL entries"])
          for n, r in found.items()},
         {"Root of second": ("default", ["object-save"], "by this issuer", "2"),
          "young": (None, ["object-save"], "by this issuer", "0")})
    root = found["Root of second"]["id"]
    for form, load in (("pem", x509.load_pem_x509_crl), ("der", x509.load_der_x509_crl)):
        P.good("object-save", root, "--format", form, "--file", P.path("crl." + form))
        with open(P.path("crl." + form), "rb") as f:
            crl = load(f.read())
        same(sorted(one.serial_number for one in crl), sorted(int(s.replace(":", ""), 16) for s in serials[1:]))
        same(str(crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number),
             found["Root of second"]["facts"]["CRL number"])
    P.good("object-save", root, "--what", "certificate", "--file", P.path("ca.pem"))
    P.good("object-save", root, "--what", "chain", "--file", P.path("chain.pem"))
    with open(P.path("ca.pem"), "rb") as one, open(P.path("chain.pem"), "rb") as more:
        pem = one.read()
        same(more.read(), pem, "the chain of a root")
    ca = x509.load_pem_x509_certificate(pem)
    same(crl.is_signature_valid(ca.public_key()), True)
    P.bad("object-save", root, "--file", P.path("crl.pem"), says=["crl.pem"])
    P.bad("object-save", root, "--what", "chain", "--format", "der", "--file", P.path("no"), says=["as PEM"])
    P.bad("object-save", object_id("web"), "--file", P.path("no"))
    same(os.path.exists(P.path("no")), False)


def main():
    global P
    with tempfile.TemporaryDirectory(prefix="certty-openbao.") as folder:
        try:
            P = BaoPlace(folder)
        except Missing as e:
            print("1..0 # SKIP %s" % e)
            return
        with P:
            P.engine("pki")
            P.account("v")
            cases()


if __name__ == "__main__":
    sys.exit(main())
