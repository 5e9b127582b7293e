#!/usr/bin/python3
"""Enrolments that a real OpenBao signs: the key stays here, and nothing is signed twice, whatever is lost
on the way and whenever the program ends."""
import os
import sys
import tempfile

from bao_place import BaoPlace
from place import case, cases, holds, same
from visit import Missing

import akamai_place
from enroll_place import KEY, STEPS_MOST, WRITES, Here, traced

PKI = "v/pki:pki"
NAME = "web.example.com"
P = None


class Bao(Here, BaoPlace):
    """A place whose pki signs."""

    def enroll(self, *more, role="web", names=NAME):
        return ("enroll", "--names", names, "--issuer", PKI, "--role", role, "--validity", "2h",
                "--yes", *more)

    def serials(self):
        return set(self.bao.ask("LIST", "pki/certs")["data"]["keys"])

    def latest(self):
        return max(self.enrolments(), key=lambda r: (bool(r["waits_for"]), r["since"], r["id"]))


def lose(path):
    P.proxy.forget(lambda method, asked: "lose" if method == "POST" and asked == path else None)


def fresh(known):
    """The one enrolment that is there since."""
    rows = [r for r in P.enrolments() if r["id"] not in known]
    same(len(rows), 1, rows)
    return rows[0]


def ids():
    return {r["id"] for r in P.enrolments()}


@case
def through():
    """a key made here, signed by a role, kept with its issuers and deployed; the key is not sent"""
    known, to = P.serials(), P.path("served")
    P.good("refresh")
    P.proxy.forget()
    plan = P.good(*P.enroll("--to", "local/folder:" + to, "--plain", "--dry-run")).out
    holds(plan, "POST", "pki/sign/web", "domains example.com", "bao write", 'csr=@"$CSR_FILE"')
    same(P.proxy.count("pki/"), 0, "a plan asks nobody")
    run = P.good(*P.enroll("--to", "local/folder:" + to, "--secrets-stdin"), stdin=KEY)
    holds(run.out, NAME)
    row = P.enrolment()
    same((row["state"], row["theirs"]), ("issued", "In place"), row)
    same(len(P.serials() - known), 1)
    folder, = P.kept(NAME)
    pub = P.openssl("x509", "-in", os.path.join(folder, "cert.pem"), "-noout", "-pubkey")
    same(P.openssl("pkey", "-in", os.path.join(folder, "key.pem"), "-passin", "pass:a phrase for keys",
                   "-pubout"), pub)
    P.openssl("verify", "-CAfile", os.path.join(folder, "chain.pem"), os.path.join(folder, "cert.pem"))
    asked = [path for _, path in P.proxy.server.asked]
    same("pki/certs" in asked[:asked.index("pki/sign/web")], False, "where nothing was lost")
    with open(os.path.join(to, NAME + ".pem"), encoding="utf-8") as f:
        same(f.read().count("BEGIN CERTIFICATE"), 2)
    order, = [r for r in P.rows("requests") if r["type"] == "order"]
    same((order["state"], order["result"]), ("issued", row["result"]))


@case
def refused():
    """what the role does not allow is refused with what it allows; once it does, sync has it signed"""
    known = ids()
    run = P.certty(*P.enroll("--plain", role="none"))
    same(run.status, 3, run.out)
    holds(run.err, "has no role none")
    P.good("withdraw", "--yes", fresh(known)["id"])
    known = ids()
    run = P.certty(*P.enroll("--plain", names="www.example.org"))
    same(run.status, 3, run.out)
    holds(run.err, "the role allows: domains example.com")
    row = fresh(known)
    same((row["theirs"], [r for r in P.rows("requests") if r["type"] == "order" and r["waits_for"]]),
         ("asking the issuer", []))
    P.bao.ask("POST", "pki/roles/web", {"allowed_domains": "example.com,example.org", "allow_subdomains": True,
                                        "max_ttl": "72h", "key_type": "ec", "key_bits": 256})
    P.good("sync", row["id"])
    same(next(r for r in P.enrolments() if r["id"] == row["id"])["state"], "issued")
    for args, why in ((("--role", "a/b"), "Role"), ((), "Role"), (("--role", "web", "--profile", "server"),
                                                                  "profile")):
        run = P.certty("enroll", "--names", NAME, "--issuer", PKI, "--plain", "--yes", *args)
        same(run.status, 2, run.out + run.err)
        holds(run.err, why)


@case
def lost():
    """an answer that is lost: it is found by its key, with its issuers, and not signed twice"""
    known, before = P.serials(), ids()
    lose("pki/sign/web")
    run = P.certty(*P.enroll("--plain"))
    same(run.status, 3, run.out)
    holds(run.out + run.err, "sync")
    P.proxy.forget()
    same(len(P.serials() - known), 1)
    P.issue("pki", NAME)        # of the same name, for another key
    P.good("sync", fresh(before)["id"])
    row = next(r for r in P.enrolments() if r["id"] not in before)
    same((row["state"], len(P.serials() - known)), ("issued", 2), row)
    folder = P.kept(NAME)[-1]
    P.openssl("verify", "-CAfile", os.path.join(folder, "chain.pem"), os.path.join(folder, "cert.pem"))


@case
def never_came():
    """an order that never reached the engine is looked for, and then sent once more"""
    known, before = P.serials(), ids()
    P.proxy.forget(lambda method, asked: "cut" if method == "POST" and asked == "pki/sign/web" else None)
    same(P.certty(*P.enroll("--plain")).status, 3)
    same(P.serials(), known)
    P.proxy.forget()
    row = fresh(before)
    order = [r for r in P.rows("requests") if r["type"] == "order" and r["waits_for"]][0]
    holds(P.good("sync", order["id"]).out, "was not signed")
    P.good("sync", row["id"])
    same((fresh(before)["state"], len(P.serials() - known)), ("issued", 1))


@case
def not_listed():
    """what a role signs without listing it cannot be known to be signed: that is said, and it ends there"""
    P.bao.ask("POST", "pki/roles/hidden", {"allowed_domains": "example.com", "allow_subdomains": True,
                                           "no_store": True, "key_type": "ec", "key_bits": 256})
    before = ids()
    P.good(*P.enroll("--plain", role="hidden"))
    same(fresh(before)["state"], "issued")
    before = ids()
    lose("pki/sign/hidden")
    P.certty(*P.enroll("--plain", role="hidden"))
    P.proxy.forget()
    row = fresh(before)
    P.certty("sync", row["id"])
    row = fresh(before)
    same(row["state"], "failed", row)
    holds(row["reason"], "nobody can know")
    same(P.proxy.count("pki/sign"), 0)


@case
def killed():
    """ended just before any of its writes it goes on from there, and nothing is signed twice"""
    why = traced()
    if why:
        return why
    begun = 0
    for calls in WRITES:
        for n in range(1, STEPS_MOST):
            known, before = P.serials(), ids()
            died = P.die_at(calls, n, *P.enroll("--plain"))
            rows = [r for r in P.enrolments() if r["id"] not in before]
            same(len(rows) <= 1, True, rows)
            for row in [r for r in rows if r["waits_for"]]:
                begun += 1
                P.good("sync", row["id"])
            same([r["state"] for r in P.enrolments() if r["id"] not in before], ["issued"] * len(rows))
            same(len(P.serials() - known), len(rows), "%s %d: each is signed once" % (calls, n))
            if not died:
                break
        same(died, False, "it never came to its end")
    same(begun >= 5, True, "it was ended in the midst of them: %d" % begun)
    return None


@case
def for_akamai():
    """a key that Akamai makes, signed by a role, and brought back"""
    if akamai_place.missing():
        return akamai_place.missing()
    known = P.serials()
    P.bao.ask("POST", "pki/roles/edge", {"allowed_domains": "example.com", "allow_subdomains": True,
                                         "max_ttl": "72h", "key_type": "any"})
    with akamai_place.Beside(P, (NAME,)) as a:
        a.renew("--issuer", PKI, "--role", "edge", "--validity", "48h")
    same(len(P.serials() - known), 1)
    return None


def main():
    global P
    with tempfile.TemporaryDirectory(prefix="certty-openbao.") as folder:
        try:
            P = Bao(folder)
        except Missing as e:
            print("1..0 # SKIP %s" % e)
            return
        with P:
            os.mkdir(P.path("served"))
            P.configure(folders="%s,%s" % (P.certs, P.path("served")))
            P.engine("pki")
            P.account("v")
            cases()


if __name__ == "__main__":
    sys.exit(main())
