#!/usr/bin/python3
"""The program against a real OpenBao: certificates issued, signed, lost on the way, and revoked."""
import glob
import os
import sys
import tempfile

from bao_place import ROOT, BaoPlace
from place import case, cases, holds, same
from visit import Missing

PKI = "v/pki:pki"
PASSPHRASE = b"new-passphrase=correct horse battery\n"
P = None


def order(names, *more, **how):
    return P.certty("--yes", "order", PKI, "--names", names, "--role", "web", *more, **how)


def request(title):
    return next(r for r in P.rows("requests") if r["title"] == title)


def issued(name):
    """Serials of what the engine has issued for that name."""
    found = []
    for serial in P.bao.ask("LIST", "pki/certs")["data"]["keys"]:
        pem = P.bao.ask("GET", "pki/cert/" + serial)["data"]["certificate"]
        if name in subject(pem):
            found.append(serial)
    return found


def subject(pem):
    path = P.path("one.pem")
    with open(path, "w", encoding="ascii") as f:
        f.write(pem)
    return P.openssl("x509", "-noout", "-subject", "-in", path).decode()


@case
def with_key():
    """the engine makes the key, which is kept encrypted with the passphrase that was given"""
    run = order("one.example.com,10.1.2.3", "--ttl", "2h", "--secrets-stdin", stdin=PASSPHRASE)
    same(run.status, 0, run.err)
    holds(run.out, "was issued with the serial", "with its key, encrypted")
    key, = glob.glob(P.path("data", "certty", "store", "one.example.com", "2*", "key.pem"))
    cert = os.path.join(os.path.dirname(key), "cert.pem")
    public = P.openssl("pkey", "-in", key, "-passin", "pass:correct horse battery", "-pubout")
    same(P.openssl("x509", "-in", cert, "-noout", "-pubkey"), public)
    holds(P.openssl("x509", "-in", cert, "-noout", "-text").decode(), "IP Address:10.1.2.3")
    same(P.bao.ask("GET", "pki/cert/" + issued("one.example.com")[0])["data"]["revocation_time"], 0)


@case
def with_request():
    """a request file is signed, and what it does not ask for is refused before anything is sent"""
    P.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
              P.path("r.key"), "-out", P.path("r.csr"), "-subj", "/CN=two.example.com", "-addext",
              "subjectAltName=DNS:two.example.com")
    P.proxy.forget()
    run = order("three.example.com", "--csr", P.path("r.csr"))
    same(run.status, 2, run.err)
    same(P.proxy.count("pki/sign"), 0)
    run = order("two.example.com", "--csr", P.path("r.csr"), "--ttl", "90d")
    holds(run.err, "the engine warns")
    same(len(issued("two.example.com")), 1)


@case
def verbatim():
    """a request that no role allows is signed as it stands, once its warning is accepted word for word"""
    csr = P.path("v.csr")
    P.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
              P.path("v.key"), "-out", csr, "-subj", "/CN=odd.example.net", "-addext",
              "subjectAltName=DNS:odd.example.net", "-addext", "extendedKeyUsage=serverAuth")
    args = ("order", PKI, "--names", "odd.example.net", "--csr", csr, "--verbatim", "--ttl", "3h")
    P.proxy.forget()
    warning = P.bad("--yes", *args, status=5).err.split("(accept): ")[1].strip()
    same(P.proxy.count("pki/sign"), 0)
    P.bad("--yes", *args, "--accept", "whatever", status=5)
    run = P.good("--dry-run", *args)
    holds(run.out, warning, "pki/sign-verbatim")
    line = next(line for line in run.out.split("\n") if line.startswith("bao write "))
    same("odd.example.net" in line, False, line)
    holds(P.good("--yes", *args, "--accept", warning).out, "was issued with the serial")
    serial, = issued("odd.example.net")
    with open(P.path("one.pem"), "w", encoding="ascii") as f:
        f.write(P.bao.ask("GET", "pki/cert/" + serial)["data"]["certificate"])
    text = P.openssl("x509", "-noout", "-text", "-in", P.path("one.pem")).decode()
    holds(text, "DNS:odd.example.net", "TLS Web Server Authentication")
    holds(P.good("show", "requests/" + request("odd.example.net")["id"]).out, "signed verbatim")
    status, said = P.at_terminal(args, [("Type order to go on", "order")])
    same((status, len(issued("odd.example.net"))), (0, 2), said)
    run = P.certty("--yes", "order", PKI, "--names", "odd.example.net", "--verbatim")
    holds(run.err, "only a request file is signed verbatim")


@case
def refused():
    """what the role does not allow is refused with what it does allow"""
    run = order("www.example.org", "--key", "no")
    same(run.status, 5, run.err)
    holds(run.err, "not allowed by this role", "the role allows: domains example.com")
    run = P.certty("--yes", "order", PKI, "--names", "x.example.com", "--role", "none", "--key", "no")
    holds(run.err, "has no role none")


@case
def planned():
    """a plan asks nobody, and its script does the same by the command of others"""
    P.proxy.forget()
    plan = P.good("--dry-run", "order", PKI, "--names", "four.example.com", "--role", "web", "--ttl", "1h",
                  "--key", "no").out
    same(P.proxy.count("pki/issue"), 0)
    line = next(line for line in plan.split("\n") if line.startswith("bao write "))
    words = line.split()[1:]
    same(words[1:3], ["-address", P.proxy.url])
    P.bao.command(*words[:1], *words[3:], BAO_TOKEN=ROOT)
    same(len(issued("four.example.com")), 1)


def lose(path):
    P.proxy.forget(lambda method, asked: "lose" if method == "POST" and asked == path else None)


@case
def lost_request():
    """an answer that is lost: the certificate is found in the list, and not issued twice"""
    P.good("refresh", PKI)
    P.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
              P.path("l.key"), "-out", P.path("l.csr"), "-subj", "/CN=lost.example.com", "-addext",
              "subjectAltName=DNS:lost.example.com")
    lose("pki/sign/web")
    run = order("lost.example.com", "--csr", P.path("l.csr"))
    same(run.status != 0, True)
    holds(run.err, "lost.example.com is not known to be issued", "sync")
    P.proxy.forget()
    same(len(issued("lost.example.com")), 1)
    run = order("lost.example.com", "--csr", P.path("l.csr"))
    same(run.status, 0, run.err)
    holds(run.out, "though the answer was lost")
    same(len(issued("lost.example.com")), 1)
    same(len(glob.glob(P.path("data", "certty", "store", "lost.example.com", "2*", "cert.pem"))), 1)


@case
def lost_key():
    """a key that was lost with the answer is said to be"""
    lose("pki/issue/web")
    order("key.example.com", "--key", "no")
    P.proxy.forget()
    run = P.certty("sync", request("key.example.com")["id"])
    holds(run.err, "its key was lost with the answer")
    same(len(issued("key.example.com")), 1)


@case
def revoked():
    """revoked once, and said to be so when it is asked for again"""
    P.good("refresh", PKI)
    row = P.held(PKI)["two.example.com"]
    holds(P.good("--yes", "revoke", row["id"], "--reason", "unspecified", "--store", PKI).out, "is revoked")
    same(P.bao.ask("GET", "pki/cert/" + issued("two.example.com")[0])["data"]["revocation_time"] > 0, True)
    P.good("refresh", PKI)
    holds(" ".join(P.held(PKI)["two.example.com"]["marks"]), "revoked")
    P.good("--yes", "revoke", row["id"], "--reason", "unspecified", "--store", PKI)
    root = P.held(PKI)["Root of pki"]
    run = P.certty("--yes", "revoke", root["id"], "--reason", "unspecified", "--store", PKI)
    same(run.status, 5, run.err)
    holds(run.err, "CRL")


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
