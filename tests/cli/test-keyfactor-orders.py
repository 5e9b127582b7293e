#!/usr/bin/python3
"""The program against the simulator of Keyfactor Command: enrolments and revocations."""
from keyfactor_place import STORE, Keyfactor, running
from place import case, cases, holds, same

NAMES = ("new.example.org", "b.example.org")


def order(p, *more):
    """The command that orders with a request file, made once."""
    running.openssl(p.folder, "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-out",
                    "r.csr", "-subj", "/CN=" + NAMES[0], "-addext",
                    "subjectAltName=" + ",".join("DNS:" + n for n in NAMES))
    return ["order", STORE, "--names", ",".join(NAMES), "--csr", p.path("r.csr"), "--yes"] + list(more)


def kept(p):
    return [r for r in p.rows("certs") if r["name"] == NAMES[0]
            and any("repository" in place["store"] for place in r["places"])]


@case
def rights():
    """only templates and CAs that this user may use are ordered with, and they are listed"""
    with Keyfactor() as p:
        p.account()
        command = order(p)
        p.bad(*command, says=["WebServer (ca01.corp.example\\IssuingCA", "Internal ("], status=2)
        p.bad(*command, "--template", "Secret", says=["no template that may be used"], status=5)
        p.bad(*command, "--template", "WebServer", "--ca", "x\\y", says=["no CA that may be used"], status=5)
        same((p.state()["enrolled"], p.rows("requests")), ([], []))


@case
def issued():
    """a certificate that is issued at once is kept in the own repository, with its issuers"""
    with Keyfactor() as p:
        p.account()
        p.good(*order(p), "--template", "Web Server", "--ca", "ca02.corp.example\\OtherCA", "--metadata",
               "Owner=ops")
        sent = p.state()["enrolled"][0]
        same((sent["Template"], sent["CertificateAuthority"], sent["Metadata"]),
             ("WebServer", "ca02.corp.example\\OtherCA", {"Owner": "ops"}))
        p.good("refresh")
        same(len(kept(p)), 1)
        holds(",".join(r["name"] for r in p.rows("certs")), "OtherCA", "Corp Root")
        same([r["state"] for r in p.rows("requests")], ["issued"])


@case
def pending():
    """what waits for a CA, a workflow or somebody else's validation is kept once it is issued"""
    for how in ("ca", "workflow", "external"):
        with Keyfactor() as p:
            p.do("set", approval=how, enums="name" if how == "ca" else "number")
            p.account()
            p.good(*order(p), "--template", "WebServer")
            same([(r["state"], r["can"]) for r in p.rows("requests")], [("waits for the CA", ["sync"])], how)
            p.good("refresh")
            same(len(p.rows("requests")), 1, how)
            p.do("decide", id=71)
            p.good("refresh" if how == "ca" else "sync", *[] if how == "ca" else [p.rows("requests")[0]["id"]])
            same([r["state"] for r in p.rows("requests")], ["issued"], how)
            p.good("refresh")       # what was kept by the last command is read by this one at the latest
            same(len(kept(p)), 1, how)


@case
def denied():
    """an order that others deny ends with their reason"""
    with Keyfactor() as p:
        p.do("set", approval="ca")
        p.account()
        p.good(*order(p), "--template", "WebServer")
        p.do("decide", id=71, yes=False, comment="not in this network")
        p.good("refresh")
        same([(r["state"], r["reason"]) for r in p.rows("requests")], [("denied", "not in this network")])


@case
def lost():
    """an enrolment whose answer is lost is sent once; sync finds what came of it, issued or waiting"""
    for how in (None, "ca"):
        with Keyfactor() as p:
            p.do("set", approval=how)
            p.account()
            command = order(p, "--template", "WebServer")
            p.sim.fault(path="/Enrollment/CSR$", times=9, drop=True)
            p.bad(*command, says=["sync finds out"])
            p.do("mend")
            p.bad(*command, says=["was ordered before"], status=6)
            same(len(p.state()["enrolled"]), 1)
            p.good("sync", p.rows("requests")[0]["id"])
            same([r["state"] for r in p.rows("requests")], ["waits for the CA" if how else "issued"], how)
            p.good("refresh")
            same(len(kept(p)), 0 if how else 1)


@case
def revoked():
    """a revocation needs a comment; one that a workflow holds back is said not to be done yet"""
    with Keyfactor() as p:
        p.do("seed", name="old.example.org")
        p.account()
        p.good("refresh")
        command = ["revoke", p.cert("old.example.org"), "--reason", "superseded", "--yes"]
        p.bad(*command, says=["without a comment"], status=2)
        p.bad(*command, "--comment", "  ", says=["without a comment"], status=2)
        p.do("set", revoke_waits=True)
        p.bad(*command, "--comment", "a new one", says=["not revoked yet"], status=6)
        p.do("set", revoke_waits=False)
        holds(p.good(*command, "--comment", "a new one", "--dry-run").out, "POST /Certificates/Revoke", "curl")
        same(p.state()["certs"][0]["CertState"], 1)
        p.good(*command, "--comment", "a new one")
        same([(c["CertState"], c["RevocationComment"]) for c in p.state()["certs"]], [(2, "a new one")])
        p.good("refresh")
        same("revoked" in p.rows("certs")[0]["marks"], True)


@case
def planned():
    """a dry run of an order says which calls would be made, and makes none"""
    with Keyfactor() as p:
        p.account()
        command = order(p, "--template", "WebServer")
        before = p.state()["calls"]
        holds(p.good(*command, "--dry-run").out, "POST /Enrollment/CSR", "GET /Enrollment/CSR/Context/My")
        same((p.state()["calls"], p.rows("requests")), (before, []))


cases()
