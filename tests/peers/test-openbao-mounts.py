#!/usr/bin/python3
"""The program against a real OpenBao: its mounts as stores, and what is read of them."""
import os
import sys
import tempfile

import bao_place
from bao_place import BaoPlace
from place import case, cases, holds, same
from visit import Missing

MANY = 60
P = None


@case
def stores():
    """the mounts of all namespaces are stores, and a KV only where certificates are kept in it"""
    made = P.issue("dev/ca", "dev.example.com")
    P.bao.ask("POST", "secret/data/web/the%20site", {"data": {
        "certificate": made["certificate"] + "\n" + made["issuing_ca"],
        "private_key": made["private_key"], "password": "hush"}})
    P.bao.ask("POST", "sys/mounts/words", {"type": "kv", "options": {"version": "2"}})
    P.bao.ask("POST", "words/data/one", {"data": {"a": "b"}})
    holds(P.account("v").out, "3 pki mounts", "1 KV with certificates", "in 2 namespaces")
    found = P.stores("v")
    same(sorted(found), ["kv:secret", "pki:dev/ca", "pki:pki", "pki:team/pki"])
    same(found["pki:team/pki"]["container"], "team")


@case
def inventory():
    """certificates are read once; what was revoked since is seen without reading all again"""
    P.good("refresh", "v/pki:pki")
    same(len(P.held("v/pki:pki")), MANY + 1)
    revoked = P.issue("pki", "revoked.example.com")
    P.bao.ask("POST", "pki/revoke", {"serial_number": revoked["serial_number"]})
    P.proxy.forget()
    P.good("refresh", "v/pki:pki")
    same(P.proxy.count("pki/cert/"), 1)
    row = P.held("v/pki:pki")["revoked.example.com"]
    holds(" ".join(row["marks"]), "revoked")
    holds(P.good("show", row["id"]).out, "Revoked at", revoked["serial_number"])
    P.proxy.forget()
    P.good("refresh", "v/pki:pki")
    same(P.proxy.count("pki/cert/"), 0)
    old = P.held("v/pki:pki")["h1.example.com"]
    P.bao.ask("POST", "pki/revoke", {"serial_number": old["places"][0]["place"]})
    P.good("refresh", "v/pki:pki")
    same(P.proxy.count("pki/cert/"), 1)
    holds(" ".join(P.held("v/pki:pki")["h1.example.com"]["marks"]), "revoked")


@case
def kv():
    """a secret's certificate, its chain and whether its key is there"""
    P.good("refresh", "v/kv:secret")
    found = P.held("v/kv:secret")
    same(sorted(found), ["Root of dev/ca", "dev.example.com"])
    row = found["dev.example.com"]
    holds(" ".join(row["marks"]), "key")
    same("web/the site#certificate" in [p["place"] for p in row["places"]], True)


@case
def out():
    """a chain is exported from its engine, and a certificate with its key from a secret"""
    row = P.held("v/kv:secret")["dev.example.com"]
    P.good("refresh", "v/pki:dev/ca")
    chain, both = P.path("chain.pem"), P.path("both.pem")
    P.good("export", row["id"], "--format", "chain", "--file", chain, "--store", "v/pki:dev/ca")
    P.openssl("verify", "-partial_chain", "-trusted", chain, chain)
    P.good("export", row["id"], "--format", "pem", "--with-key", "--file", both, "--store", "v/kv:secret",
           "--secrets-stdin", stdin=b"passphrase=correct horse battery\n")
    public = P.openssl("pkey", "-in", both, "-passin", "pass:correct horse battery", "-pubout")
    same(P.openssl("x509", "-in", both, "-noout", "-pubkey"), public)
    P.good("--yes", "deploy", row["id"], "--to", "local/folder:" + P.certs, "--from", "v/kv:secret",
           "--secrets-stdin", stdin=b"passphrase=correct horse battery\n")
    same(os.path.exists(os.path.join(P.certs, "dev.example.com.pem")), True)


@case
def namespace():
    """an account in a namespace sees what is there, and one that is gone is said"""
    P.account("t", bao_place.ROOT, "--namespace", "team")
    same(sorted(P.stores("t")), ["pki:pki"])
    same(P.stores("t")["pki:pki"]["container"], "team")
    P.good("refresh", "t/pki:pki")
    same(len(P.held("t/pki:pki")), 1)
    P.bao.ask("DELETE", "sys/namespaces/team")
    P.bad("account-stores", "t")
    P.good("account-stores", "v")
    same(sorted(P.stores("v")), ["kv:secret", "pki:dev/ca", "pki:pki"])


@case
def few_rights():
    """what a token may not see and do is said, by path"""
    run = P.account("few", P.token(("pki/certs", "list"), ("pki/certs/", "list"), ("pki/cert/*", "read"),
                             ("dev/ca/roles/*", "list")))
    holds(run.out, "2 pki mounts", "sys/mounts may not be read")
    P.certty("refresh", "few/pki:pki")
    same(len(P.held("few/pki:pki")), MANY + 2)
    holds(P.stores("few")["pki:pki"]["trouble"], "'list' on pki/certs/revoked/")
    P.bad("refresh", "few/pki:dev/ca", says=["have to allow 'list' on dev/ca/certs/"], status=5)
    run = P.account("some", P.token(("pki/*", "read list"), ("sys/mounts", "read")))
    holds(run.err + run.out, "3 mounts that may have certificates: dev/ca, secret, words")


@case
def capabilities():
    """a test says what the token may do, mount by mount"""
    P.account("cap", P.token(("pki/certs/", "list"), ("pki/issue/*", "update"), ("secret/*", "read list"),
                             ("sys/mounts/*", "create update")))
    said = P.good("account-test", "cap").out
    holds(said, "it may: ", "pki: list, issue by any role", "enable engines")
    same("plug-ins" in said or "revoke" in said, False, said)
    holds(P.good("account-test", "v").out, "policies root")


@case
def revoked_token():
    """a token that was revoked ends what it is used for with a sentence"""
    token = P.token(("pki/*", "read list"))
    P.account("dead", token)
    P.good("refresh", "dead/pki:pki")
    P.bao.ask("POST", "auth/token/revoke", {"token": token})
    P.bad("refresh", "dead/pki:pki", says=["unknown, revoked or has ended"], status=4)


@case
def revoked_meanwhile():
    """a token that is revoked in the middle of a walk ends it, and what was known stays"""
    for i in range(30):
        P.bao.ask("POST", "secret/data/more/n%d" % i, {"data": {"n": "1"}})
    token = P.token(("secret/*", "read list"))
    P.account("brief", token)
    P.good("refresh", "brief/kv:secret")
    left = [5]

    def hook(_, path):
        if path.startswith("secret/data/more/"):
            left[0] -= 1
            if not left[0]:
                P.bao.ask("POST", "auth/token/revoke", {"token": token})
    P.proxy.forget(hook)
    P.bad("refresh", "brief/kv:secret", says=["unknown, revoked or has ended"], status=4)
    P.proxy.forget()
    same(len(P.held("brief/kv:secret")), 2)


@case
def signed_in_again():
    """where a new token can be had, one that is revoked in the middle of a refresh is taken for a new one"""
    P.bao.enable("userpass")
    P.bao.ask("PUT", "sys/policies/acl/reader", {"policy": 'path "*" { capabilities = ["read", "list"] }'})
    P.bao.ask("POST", "auth/userpass/users/jo", {"password": "pw", "token_policies": "reader"})
    P.engine("again")
    for i in range(20):
        P.issue("again", "a%d.example.com" % i)
    P.good("accounts", "add", "--name", "jo", "--provider", "vault", "--address", P.proxy.url,
           "--auth", "userpass", "--user", "jo", "--keep", "memory", "--password-command", "echo pw")
    P.good("account-stores", "jo")
    left = [5]

    def hook(_, path):
        if path.startswith("again/cert/"):
            left[0] -= 1
            if not left[0]:
                P.bao.ask("PUT", "sys/leases/revoke-prefix/auth/userpass/login")
    P.proxy.forget(hook)
    P.good("refresh", "jo/pki:again")
    same(P.proxy.count("auth/userpass/login"), 2)
    P.proxy.forget()
    same(len(P.held("jo/pki:again")), 21)
    P.bao.ask("DELETE", "sys/mounts/again")


@case
def unmounted():
    """a mount that is gone is said by a refresh, and goes with the next look"""
    P.bao.ask("DELETE", "sys/mounts/dev/ca")
    P.bad("refresh", "v/pki:dev/ca", says=["check the mount and the namespace"])
    P.good("account-stores", "v")
    same(sorted(P.stores("v")), ["kv:secret", "pki:pki"])


@case
def sealed():
    """sealed in the middle of a refresh: it is said, and what was read by then is there"""
    P.engine("more")
    for i in range(40):
        P.issue("more", "m%d.example.com" % i)
    left = [10]

    def hook(_, path):
        if path.startswith("more/cert/"):
            left[0] -= 1
            if not left[0]:
                P.bao.ask("POST", "sys/seal")
    P.proxy.forget(hook)
    P.account("late")
    P.certty("refresh", "late/pki:more")
    store = P.stores("late")["pki:more"]
    # Some calls it turns away with 403 before it is sealed: then it is signing in again that says why.
    holds(store["trouble"], "sealed, with 0 of 1 unseal keys given")
    same(len(P.held("late/pki:more")), 41)
    P.bad("refresh", "late/pki:more", says=["sealed"])
    same(len(P.held("late/pki:more")), 41)


def main():
    global P
    with tempfile.TemporaryDirectory(prefix="certty-openbao.") as folder:
        try:
            P = BaoPlace(folder)
        except Missing as e:
            print("1..0 # SKIP %s" % e)
            return
        with P:
            P.bao.ask("POST", "sys/namespaces/team", {})
            P.engine("pki")
            P.engine("dev/ca")
            P.engine("pki", X_Vault_Namespace="team")
            for i in range(MANY):
                P.issue("pki", "h%d.example.com" % i)
            cases()


if __name__ == "__main__":
    sys.exit(main())
