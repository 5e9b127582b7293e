#!/usr/bin/python3
"""Enrolments: keys that are made here, issuers elsewhere (the simulator of AWS, a small CA, a file), what
comes of it deployed, and looked for at an endpoint."""
import os

from aws_place import ACM
from enroll_place import KEY, Cloud, Endpoint, Small
from place import case, cases, holds, same


# --- a private authority of AWS ------------------------------------------------------------------

@case
def through():
    """a key made here, signed by AWS Private CA, deployed to ACM, and seen at its endpoint in the end"""
    with Cloud() as p:
        p.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", p.path("old.key"), "-out",
                  p.path("old.pem"), "-subj", "/CN=web.corp.example", "-days", "9")
        with Endpoint(p.path("old.pem"), p.path("old.key")) as e:
            run = p.certty(*p.enroll("--to", ACM, "--verify", e.at))
            same(run.status, 3, run.out + run.err)
            holds(run.err, "still serves another one")
            row = p.enrolment()
            same((row["waits_for"], row["theirs"], row["can"][0]), ("you", "Served by 0 of 1", "sync"), row)
            shown = p.good("show", row["id"]).out
            holds(shown, "done: rsa-2048", "done: prod CA Corp Root", "it is there", "still serves")
            folder, = p.kept("web.corp.example")
            same(os.stat(os.path.join(folder, "key.pem")).st_mode & 0o777, 0o600)
            e.serve(os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem"))
            p.good("sync", row["id"])
            row = p.enrolment()
            same((row["state"], row["theirs"]), ("issued", "Served by 1 of 1"), row)
            holds(p.good("show", row["id"]).out, "serves the new one")
        same(len(p.issued()), 1)
        there, = p.theirs(kind="IMPORTED")
        same((there["sha256"], there["chain"]), (row["result"], 1), "with its issuer")
        with open(os.path.join(folder, "chain.pem"), encoding="utf-8") as f:
            same(f.read().count("BEGIN"), 1)
        same([(d["where"], d["state"]) for d in p.rows("deploys")], [(ACM, "current")])
        same(p.is_put_away(), True)
        audit = p.good("audit").out
        holds(audit, "sync        " + row["id"])     # going on with it changes things


@case
def lost():
    """an order whose answer is lost is sent again as the same one; one that is refused ends the enrolment"""
    with Cloud() as p:
        p.sim.do("fail", operation="acm-pca:IssueCertificate", drop=True, times=99)
        run = p.certty(*p.enroll())
        same(run.status, 3, run.out + run.err)
        holds(run.out, "sync goes on")
        p.sim.do("mend")
        p.good("sync", p.enrolment()["id"])
        same((p.enrolment()["state"], len(p.issued())), ("issued", 1))
        p.sim.do("ca_state", arn=p.authority, state="DISABLED")
        same(p.certty(*p.enroll()).status, 3)
        same(len(p.issued()), 1)
        waits = [r for r in p.enrolments() if r["waits_for"]]
        same([r["theirs"] for r in waits], ["asking the issuer"])
        holds(waits[0]["reason"], "ACTIVE")


# --- a small CA ----------------------------------------------------------------------------------

@case
def approved():
    """a small CA signs what a person has approved, and nothing before; a pass goes on by itself"""
    with Small() as p:
        run = p.good(*p.enroll("--secrets-stdin"), stdin=KEY)
        holds(run.out, "Waits for approval")
        row = p.enrolment()
        same((row["waits_for"], row["can"]), ("the CA", ["sync", "withdraw", "dismiss"]))
        p.good("sync", row["id"])
        same((p.enrolment()["state"], len(p.pending())), ("waits for the CA", 1), "it is not signed by asking")
        same(os.stat(p.path("ca", "pending", p.pending()[0])).st_mode & 0o777, 0o644)
        p.good("refresh")
        p.approve()
        p.good("run", "--due")
        row = p.enrolment()
        same((row["state"], row["theirs"]), ("issued", "In place"), row)
        folder, = p.kept("web.example.org")
        pub = p.openssl("x509", "-in", os.path.join(folder, "cert.pem"), "-noout", "-pubkey")
        same(p.openssl("pkey", "-in", os.path.join(folder, "key.pem"), "-passin", "pass:a phrase for keys",
                       "-pubout"), pub)
        p.openssl("verify", "-CAfile", p.path("ca", "ca.crt"), os.path.join(folder, "cert.pem"))
        same(p.is_put_away(), True)


@case
def refused():
    """what the CA denies is denied; what is withdrawn leaves no request and no key"""
    with Small() as p:
        p.good(*p.enroll("--plain"))
        p.good("refresh")
        sign = [r for r in p.rows("requests") if r["type"] == "sign"][0]
        p.good("deny", "--yes", "--reason", "not this one", sign["id"])
        p.certty("sync", p.enrolment()["id"])
        row = p.enrolment()
        same((row["state"], row["reason"]), ("denied", "not this one"))
        p.good("dismiss", row["id"])
        p.good(*p.enroll("--plain"))
        row = p.enrolment()
        same(len(p.pending()), 1)
        p.good("withdraw", "--yes", row["id"])
        same((p.enrolment()["state"], p.pending()), ("withdrawn", []))
        same(len(os.listdir(p.path("data", "certty", "keys"))), 1, "the denied one's alone")
        run = p.certty("sync", row["id"])
        same((run.status > 0, "does not wait" in run.err), (True, True), run.err)


@case
def countersigned():
    """where a second person has to countersign, nothing is made or asked for before that"""
    with Small() as p:
        for word in ("order", "key", "deploy", "enroll"):
            p.set("[safety]\nfour-eyes=%s\n[countersign]\nfolder=%s\n" % (word, p.path("tickets")))
            run = p.certty(*p.enroll("--plain"))
            same(run.status > 0, True, run.out)
            same((p.enrolments(), p.pending(), p.is_put_away()), ([], [], True), word)
        p.set()
        p.good(*p.enroll("--plain"))
        p.set("[safety]\nfour-eyes=order\n")
        run = p.certty("sync", p.enrolment()["id"])
        same(run.status > 0, True, run.out)
        holds(run.err, "countersign")
        same(p.enrolment()["waits_for"], "the CA", "a policy that came later holds as well")


# --- a file --------------------------------------------------------------------------------------

def sign(p, csr, out, *more):
    p.openssl("x509", "-req", "-in", csr, "-CA", p.path("ca", "ca.crt"), "-CAkey", p.path("ca", "ca.key"),
              "-passin", "pass:small ca phrase", "-CAcreateserial", "-copy_extensions", "copy", "-out", out,
              *more)
    return out


@case
def by_file():
    """a request is taken out as a file; what is brought in is checked, kept, and put where it is used"""
    with Small() as p:
        csr, to = p.path("out.csr"), p.path("served")
        os.mkdir(to)
        p.configure(folders="%s,%s" % (p.certs, to))
        p.good("refresh")
        p.good("enroll", "--names", "web.example.org,alt.example.org", "--csr-file", csr, "--to",
               "local/folder:" + to, "--yes", "--secrets-stdin", stdin=KEY)
        same(os.stat(csr).st_mode & 0o777, 0o644)
        row = p.enrolment()
        same((row["waits_for"], row["can"][0]), ("you", "supply"), row)
        holds(row["reason"], "out.csr")
        other = p.path("other.csr")
        p.openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", p.path("other.key"), "-subj",
                  "/CN=web.example.org", "-addext", "subjectAltName=DNS:web.example.org,DNS:alt.example.org",
                  "-out", other)
        short = sign(p, csr, p.path("short.pem"))
        with open(p.path("no.ext"), "w", encoding="utf-8") as f:
            f.write("subjectAltName=DNS:web.example.org\n")
        p.openssl("x509", "-req", "-in", csr, "-CA", p.path("ca", "ca.crt"), "-CAkey", p.path("ca", "ca.key"),
                  "-passin", "pass:small ca phrase", "-extfile", p.path("no.ext"), "-out", short)
        late = sign(p, csr, p.path("over.pem"), "-days", "-1")
        for file, why in ((sign(p, other, p.path("wrong.pem")), "another key"), (short, "alt.example.org"),
                          (late, "expired"), (csr, "no certificate")):
            run = p.certty("supply", row["id"], "--file", file)
            same(run.status > 0, True, run.out)
            holds(run.err, why)
            same((p.enrolment()["can"][0], os.listdir(to)), ("supply", []), why)
        both = p.path("both.pem")
        with open(both, "w", encoding="utf-8") as f:
            for part in (p.path("ca", "ca.crt"), sign(p, csr, p.path("right.pem"))):
                with open(part, encoding="utf-8") as one:
                    f.write(one.read())
        run = p.certty("supply", row["id"], "--file", both)
        same(run.status > 0, True, "its key is encrypted, and nobody keeps the passphrase: " + run.out)
        same(p.enrolment()["theirs"], "deploying it")
        run = p.certty("sync", p.enrolment()["id"])
        holds(run.err, "passphrase")


@case
def supplied():
    """with its passphrase at hand what is brought in goes where it is used at once, its issuers behind it"""
    with Small() as p:
        csr, to = p.path("out.csr"), p.path("served")
        os.mkdir(to)
        p.configure(folders="%s,%s" % (p.certs, to))
        p.good("refresh")
        p.good("enroll", "--names", "web.example.org", "--csr-file", csr, "--to", "local/folder:" + to, "--yes",
               "--secrets-stdin", stdin=KEY)
        both = p.path("both.pem")
        with open(both, "w", encoding="utf-8") as f:
            for part in (p.path("ca", "ca.crt"), sign(p, csr, p.path("right.pem"))):
                with open(part, encoding="utf-8") as one:
                    f.write(one.read())
        p.good("supply", p.enrolment()["id"], "--file", both, "--secrets-stdin", stdin=KEY)
        same(p.enrolment()["state"], "issued")
        with open(os.path.join(to, "web.example.org.pem"), encoding="utf-8") as f:
            text = f.read()
        same((text.count("BEGIN CERTIFICATE"), text.count("BEGIN ENCRYPTED")), (2, 1))
        run = p.certty("supply", p.enrolment()["id"], "--file", both)
        same((run.status > 0, "does not wait" in run.err), (True, True), "only once")


# --- before anything is done ---------------------------------------------------------------------

@case
def checked():
    """what can be seen to be wrong is said before anything is made; a dry run makes nothing"""
    with Small() as p:
        ca = "local/ca:" + p.path("ca")
        for args, why in ((("--issuer", ca), "passphrase"), (("--plain",), "say who signs it"),
                          (("--issuer", ca, "--csr-file", p.path("x"), "--plain"), "either"),
                          (("--issuer", ca, "--plain", "--verify", "a:b:c:d"), "a:b:c:d"),
                          (("--issuer", ca, "--plain", "--to", "own repository"), "nothing was begun"),
                          (("--issuer", "local/folder:" + p.certs, "--plain"), "no CA")):
            run = p.certty("enroll", "--names", "web.example.org", "--yes", *args)
            same(run.status > 0, True, run.out)
            holds(run.err, why)
            if why == "no CA":
                continue        # which only its provider can say
            same((p.enrolments(), p.is_put_away()), ([], True), why)
        run = p.certty(*p.enroll("--plain", "--read-only"))
        holds(run.err, "read-only")
        known = len(p.enrolments())
        run = p.good(*p.enroll("--plain", "--dry-run"))
        holds(run.out, p.path("ca", "pending"), "openssl req", "a person approves")
        same((len(p.enrolments()), p.pending()), (known, []))


cases()
