#!/usr/bin/python3
"""The program against the simulator of Keyfactor Command: keys that Command makes, and taking them out."""
import glob
import os

from keyfactor_place import STORE, Keyfactor
from place import case, cases, holds, same

NAME = "key.example.org"
WORD = "correct horse battery"
SECRETS = ("new-passphrase=%s\n" % WORD).encode()


def order(p, *more, **how):
    return p.certty("order", STORE, "--names", NAME, "--key", "command", "--template", "WebServer", "--yes",
                    "--secrets-stdin", *more, stdin=SECRETS, **how)


def kept(p, name="cert.pem"):
    return glob.glob(p.path("data", "certty", "store", NAME, "2*", name))


def everything(p):
    """All bytes that the program has written in its place, and what the simulator's log has not."""
    found = []
    for folder, _, files in os.walk(p.path("")):
        for name in files:
            with open(os.path.join(folder, name), "rb") as f:
                found.append(f.read())
    return b"".join(found)


@case
def with_key():
    """Command's key is kept once, under the person's passphrase; the transfer's is nowhere"""
    with Keyfactor() as p:
        p.account()
        run = order(p, "--sans", "more.example.org,10.1.2.3,ops@example.org,https://example.org/x",
                    "--metadata", "Owner=web team,Cost=42", "--subject", "CN=key.example.org,O=Example")
        same(run.status, 0, run.err)
        holds(run.out, "kept in the own repository, with its key, encrypted")
        sent, = p.state()["enrolled"]
        same(sent["SANs"], {"dns": [NAME, "more.example.org"], "ip4": ["10.1.2.3"],
                            "rfc822": ["ops@example.org"], "uri": ["https://example.org/x"]})
        same((sent["Metadata"], sent["Subject"]),
             ({"Owner": "web team", "Cost": "42"}, "CN=key.example.org,O=Example"))
        key, = kept(p, "key.pem")
        public = p.openssl("pkey", "-in", key, "-passin", "pass:" + WORD, "-pubout")
        same(p.openssl("x509", "-in", kept(p)[0], "-noout", "-pubkey"), public)
        same([r["state"] for r in p.rows("requests")], ["issued"])
        password = sent["Password"]
        same(len(password) >= 20, True)
        written = everything(p)
        same((password in run.out + run.err, password.encode() in written, WORD.encode() in written),
             (False, False, False))


@case
def needs():
    """without a passphrase nothing is sent, and a request that a form lacks is asked for"""
    with Keyfactor() as p:
        p.account()
        p.bad("order", STORE, "--names", NAME, "--key", "command", "--yes", says=["new-passphrase"],
              status=2)
        p.bad("order", STORE, "--names", NAME, "--yes", says=["CSR"], status=2)
        run = p.certty("order", STORE, "--names", NAME, "--key", "command", "--template", "Internal", "--yes",
                       "--secrets-stdin", stdin=SECRETS)
        holds(run.err, "Internal is no template that may be used")
        same((p.state()["enrolled"], p.rows("requests")), ([], []))


@case
def rights():
    """the store's details say which templates and CAs there are, and why some are not offered"""
    for kind in ("number", "name"):
        with Keyfactor() as p:
            p.do("set", enums=kind)
            p.account()
            p.good("refresh")
            shown = p.good("show", "stores/" + STORE).out
            holds(shown, "WebServer (Web Server): READ, ENROLL by CSR and PFX, at ca01.corp.example\\IssuingCA",
                  "Internal (Internal Server (90 days)): READ, ENROLL by CSR, at",
                  "Secret (Code Signing): READ; not offered: those who may enrol are CORP\\boss",
                  "Legacy (Old Server): READ; not offered: no enrolment is allowed with it",
                  "ca02.corp.example\\OtherCA: READ, ENROLL by CSR and PFX",
                  "ca03.corp.example\\ArchiveCA: READ; not offered: no enrolment")
            holds(p.certty("order", STORE, "--names", NAME, "--key", "command", "--yes", "--template", "Secret",
                           "--secrets-stdin", stdin=SECRETS).err, "not offered: Internal (by CSR only)",
                  "Secret (those who may enrol are CORP\\boss)")
            plan = p.good("order", STORE, "--names", NAME, "--key", "command", "--template", "Internal",
                          "--dry-run").out
            holds(plan, "was not offered to this user for that: READ, ENROLL by CSR")


@case
def not_told():
    """who may not ask what it may enrol with is told so, and may enrol all the same"""
    with Keyfactor() as p:
        p.do("set", denied=["GET /Enrollment/CSR/Context/My", "GET /Enrollment/PFX/Context/My"])
        p.account()
        p.good("refresh")
        holds(p.good("show", "stores/" + STORE).out, "this user may not ask what it may enrol with")
        run = order(p)
        same(run.status in (0, 3), True, run.err)
        holds(run.err + run.out, "it may not ask (GET /Enrollment/PFX/Context/My)")
        same(len(kept(p, "key.pem")), 1)


@case
def pending():
    """an order that waits keeps its certificate once it is issued, and its key comes from Command"""
    for how in ("ca", "workflow", "external"):
        with Keyfactor() as p:
            p.do("set", approval=how)
            p.account()
            run = order(p)
            same(run.status, 0, run.err)
            same([(r["state"], r["can"]) for r in p.rows("requests")], [("waits for the CA", ["sync"])], how)
            p.do("decide", id=71)
            p.good("refresh")
            p.good("refresh")
            same([r["state"] for r in p.rows("requests")], ["issued"], how)
            same((len(kept(p)), kept(p, "key.pem")), (1, []), how)
            take_out(p)


def take_out(p):
    """The key that Command keeps, in a file and into the own repository."""
    run = p.certty("export", p.cert(NAME), "--store", STORE, "--format", "pem", "--file", p.path("out.pem"),
                   "--with-key", "--secrets-stdin", stdin=("passphrase=%s\n" % WORD).encode())
    same(run.status, 0, run.err)
    public = p.openssl("pkey", "-in", p.path("out.pem"), "-passin", "pass:" + WORD, "-pubout")
    same(p.openssl("x509", "-in", p.path("out.pem"), "-noout", "-pubkey"), public)


@case
def lost():
    """an order whose answer is lost is sent once; sync finds the certificate by its names and its user"""
    with Keyfactor() as p:
        p.account()
        p.sim.fault(path="/Enrollment/PFX$", times=9, drop=True)
        holds(order(p).err, "sync finds out")
        p.do("mend")
        holds(order(p).err, "was ordered before")
        same(len(p.state()["enrolled"]), 1)
        p.do("seed", name=NAME, requester="CORP\\kim")
        p.good("sync", p.rows("requests")[0]["id"])
        same([r["state"] for r in p.rows("requests")], ["issued"])
        p.good("refresh")
        same(len(kept(p)), 1)
        same(p.do("state")["certs"][0]["RequesterName"], "CORP\\jo")
        holds(p.rows("requests")[0]["result"], p.openssl(
            "x509", "-in", kept(p)[0], "-noout", "-fingerprint", "-sha256").decode().split("=")[1].strip()
              .replace(":", "").lower())


@case
def no_key():
    """a key that Command does not keep is not asked for, and one that it will not give is a sentence"""
    with Keyfactor() as p:
        p.do("seed", name="old.example.org")
        p.do("set", retains=False)
        p.account()
        same(order(p).status, 0)
        p.good("refresh")
        export = ["export", p.cert("old.example.org"), "--store", STORE, "--file", p.path("x.pem"),
                  "--with-key", "--secrets-stdin"]
        run = p.certty(*export, stdin=b"passphrase=x y z\n")
        holds(run.err, "Command keeps no key of it")
        same(p.calls("POST /Certificates/Recover"), 0)
        p.do("change", id=101, HasPrivateKey=True)
        p.good("refresh")
        holds(p.certty(*export, stdin=b"passphrase=x y z\n").err, "POST /Certificates/Recover")
        same(os.path.exists(p.path("x.pem")), False)


@case
def with_chain():
    """a certificate is written with the issuers that Command has"""
    with Keyfactor() as p:
        p.do("seed", name="old.example.org")
        p.account()
        p.good("refresh")
        p.good("export", p.cert("old.example.org"), "--format", "chain", "--file", p.path("c.pem"), "--dry-run")
        same(os.path.exists(p.path("c.pem")), False)
        p.good("export", p.cert("old.example.org"), "--format", "chain", "--file", p.path("c.pem"))
        with open(p.path("c.pem")) as f:
            same(f.read().count("-----BEGIN CERTIFICATE-----"), 3)


@case
def deployed():
    """a certificate whose key Command keeps is deployed from there"""
    with Keyfactor() as p:
        os.mkdir(p.path("web"))
        p.configure(folders=p.path("web"))
        p.account()
        same(order(p).status, 0)
        p.good("refresh")
        run = p.certty("deploy", p.cert(NAME), "--from", STORE, "--to", "local/folder:" + p.path("web"),
                       "--yes", "--secrets-stdin", stdin=("passphrase=%s\n" % WORD).encode())
        same(run.status, 0, run.err)
        same(len(os.listdir(p.path("web"))) > 0, True)


cases()
