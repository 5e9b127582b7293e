#!/usr/bin/python3
"""Certificates that are put into regions of AWS, over their life: drift, proposals, and what is done
with requests that are over."""
import contextlib
import socket
import ssl
import threading

from aws_place import ACM, PASSPHRASE, Aws
from place import case, cases, holds, same

EAST, IAM, NAME = "prod/acm:us-east-1", "prod/iam", "site.example.org"


def keyed(p, since, name=NAME, passphrase=None):
    """A certificate that began so many days ago, and its key, in a file of the folder that is read."""
    number = p.serial
    if number == 1:
        with open(p.path("ca.conf"), "a", encoding="ascii") as f:
            f.write("basicConstraints=CA:FALSE\nsubjectAltName=DNS:%s\n" % name)
    to = ["-aes256", "-passout", "pass:" + passphrase] if passphrase else []
    made = p.make(name, 90, since=since)
    key = p.openssl("pkey", "-in", p.path("made%d.key" % number), *to)
    with open(made, "ab") as f:
        f.write(key)
    p.good("refresh", "local/folder:" + p.certs)
    return made


def fingerprint(p, pem):
    line = p.openssl("x509", "-in", pem, "-noout", "-fingerprint", "-sha256").decode()
    return line.split("=")[1].strip().replace(":", "").lower()


def deployed(p, to, *more, **how):
    """The certificate goes to these stores, which are read then."""
    run = p.good("deploy", "--to", to, "--yes", *more, p.cert(NAME), **how)
    p.good("refresh")
    return run


def deploys(p):
    return {r["where"]: r for r in p.rows("deploys")}


def there(p, region):
    return [c["sha256"] for c in p.theirs(region=region)]


def proposals(p):
    return [r for r in p.rows("requests") if r["id"].startswith("deploy/")]


# --- by hand, and as proposals ---------------------------------------------------------------------

@case
def off():
    """a newer one is marked as drift and goes nowhere until a person says so; then under the same ARN"""
    with Aws() as p:
        p.account()
        first = keyed(p, -10)
        holds(deployed(p, "%s,%s" % (ACM, EAST)).out, "eu-west-1", "us-east-1")
        arns = [c["arn"] for c in p.theirs()]
        same([(d["state"], d["mode"]) for d in deploys(p).values()], [("current", "off")] * 2)
        second = keyed(p, -1)
        rows = deploys(p)
        same([d["state"] for d in rows.values()], ["still on an older certificate"] * 2)
        same((proposals(p), there(p, "eu-west-1")), ([], [fingerprint(p, first)]))
        old = next(r for r in p.rows("certs") if r["sha256"] == fingerprint(p, first))
        holds(" ".join(old["marks"]), "drift")
        p.good("redeploy", "--yes", *[d["id"] for d in rows.values()])
        same([there(p, r) for r in ("eu-west-1", "us-east-1")], [[fingerprint(p, second)]] * 2)
        same([c["arn"] for c in p.theirs()], arns)
        p.good("refresh")
        same([d["state"] for d in deploys(p).values()], ["current"] * 2)


@case
def propose():
    """a newer one is proposed once; approved, it ends as deployed, also where it lies beside the old one"""
    with Aws() as p:
        p.account()
        keyed(p, -10)
        deployed(p, "%s,%s" % (ACM, IAM), "--redeploy", "propose")
        second = keyed(p, -1)
        waiting = proposals(p)
        same([r["state"] for r in waiting], ["waits for a person"] * 2)
        same(there(p, "eu-west-1") == [fingerprint(p, second)], False)
        for row in waiting:
            holds(p.good("show", row["id"]).out, "Must stay", fingerprint(p, second))
            same(p.certty("approve", "--yes", row["id"]).status in (0, 3), True)
        same([(r["state"], r["result"]) for r in proposals(p)], [("issued", fingerprint(p, second))] * 2)
        same(there(p, "eu-west-1"), [fingerprint(p, second)])
        same(len(p.sim.do("state")["iam"]), 2, "the old one stays for what uses it")
        same(len(deploys(p)), 2)
        p.good("refresh")
        same([d["state"] for d in deploys(p).values()], ["current"] * 2)


@case
def dismissed():
    """what was dismissed is not proposed again; the next one is, and forgetting takes it along"""
    with Aws() as p:
        p.account()
        keyed(p, -10)
        deployed(p, ACM, "--redeploy", "propose")
        keyed(p, -5)
        p.good("dismiss", proposals(p)[0]["id"])
        p.good("refresh")
        same([r["state"] for r in proposals(p)], ["denied"])
        p.bad("approve", "--yes", proposals(p)[0]["id"], says=["decided already"])
        keyed(p, -1)
        same([r["state"] for r in proposals(p)], ["waits for a person"])
        p.good("deploy-drop", deploys(p)[ACM]["id"])
        same((deploys(p), proposals(p)), ({}, []))
        same(len(p.theirs()), 1)


@case
def encrypted():
    """a key that is encrypted is opened by the passphrase that is asked for each time"""
    with Aws() as p:
        p.account()
        word = PASSPHRASE.decode().strip().split("=")[1]
        keyed(p, -10, passphrase=word)
        deployed(p, ACM, "--redeploy", "propose", "--secrets-stdin", stdin=PASSPHRASE)
        second = keyed(p, -1, passphrase=word)
        again = ("redeploy", "--yes", deploys(p)[ACM]["id"])
        p.bad(*again, says=["passphrase"])
        p.bad("approve", "--yes", proposals(p)[0]["id"], says=["redeploy asks for it"])
        p.good("redeploy", "--yes", "--secrets-stdin", again[2], stdin=PASSPHRASE)
        same(there(p, "eu-west-1"), [fingerprint(p, second)])
        same([r["state"] for r in proposals(p)], ["issued"])
        third = keyed(p, -0.5, passphrase=word)
        p.good("approve", "--yes", "--secrets-stdin", proposals(p)[0]["id"], stdin=PASSPHRASE)
        same(there(p, "eu-west-1"), [fingerprint(p, third)])


@case
def partly():
    """a region that refuses does not hold the others up, and says why"""
    with Aws() as p:
        p.account()
        keyed(p, -10)
        p.sim.do("fail", operation="acm:ImportCertificate", region="us-east-1", times=99,
                 code="LimitExceededException", message="you have reached your limit")
        run = p.certty("deploy", "--to", "%s,%s" % (ACM, EAST), "--yes", p.cert(NAME))
        same(run.status, 3, run.err)
        holds(run.out + run.err, "deployed to 1 of 2", "us-east-1", "limit")
        same(list(deploys(p)), [ACM])


# --- who sees it --------------------------------------------------------------------------------------

@contextlib.contextmanager
def serving(pem):
    """A server on loopback that presents that certificate; yields its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    listening = socket.create_server(("127.0.0.1", 0))

    def answer():
        while True:
            try:
                one, _ = listening.accept()
            except OSError:
                return
            with contextlib.suppress(OSError), one:
                context.wrap_socket(one, server_side=True).close()

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


@case
def endpoint():
    """an endpoint that still presents the older one is told as drift"""
    with Aws() as p:
        p.account()
        first = keyed(p, -10)
        with serving(first) as port:
            p.good("store-add", "127.0.0.1:%d" % port)
            deployed(p, ACM)
            keyed(p, -1)
            p.good("redeploy", "--yes", deploys(p)[ACM]["id"])
            p.good("refresh")
            old = next(r for r in p.rows("certs") if r["sha256"] == fingerprint(p, first))
            holds(" ".join(old["marks"]), "drift")
            same(any(str(port) in place["store"] for place in old["places"]), True)
            same(ACM in [place["store"] for place in old["places"]], False)


@case
def renamed():
    """an account's new name reaches its deployments and what is proposed for them"""
    with Aws() as p:
        p.account()
        keyed(p, -10)
        deployed(p, ACM, "--redeploy", "propose")
        second = keyed(p, -1)
        p.good("accounts", "rename", "prod", "live")
        now = ACM.replace("prod", "live")
        same((list(deploys(p)), [r["where"] for r in proposals(p)]), ([now], [now]))
        p.good("approve", "--yes", proposals(p)[0]["id"])
        same((there(p, "eu-west-1"), len(p.theirs())), ([fingerprint(p, second)], 1))
        same([r["state"] for r in proposals(p)], ["issued"])


# --- what is over, and what is not wanted -------------------------------------------------------------

@case
def fresh():
    """what was issued is in the lists of the next command, in AWS and in the own repository"""
    with Aws() as p:
        p.sim.do("zone", name="example.org")
        p.account()
        p.good("refresh")
        p.good("order", "--names", "example.org", "--yes", ACM)
        p.good("publish", p.request("example.org")["id"])
        p.good("sync", p.request("example.org")["id"])
        rows = p.good("ls", "certs", "-o", "json").json["rows"]
        row = next(r for r in rows if r["sha256"] == p.theirs()[0]["sha256"])
        same(len(row["places"]), 2, row)


@case
def requests():
    """requests are withdrawn in AWS, or dismissed and left there; mails are sent again for mails alone"""
    with Aws() as p:
        p.account()
        for name in ("a.example.org", "b.example.org"):
            p.good("order", "--names", name, "--yes", ACM)
        first, second = (p.request(n + ".example.org")["id"] for n in "ab")
        p.bad("resend", first, says=["mail"])
        p.bad("withdraw", first)            # it asks, and nobody is there to say yes
        same(len(p.theirs()), 2)
        p.good("withdraw", "--yes", first)
        same([c["names"] for c in p.theirs()], [["b.example.org"]])
        p.good("dismiss", second)
        p.good("refresh")
        same([r["title"] for r in p.rows("requests") if r["id"] == second], [])
        same(len(p.theirs()), 1, "nothing was touched there")
        p.bad("withdraw", "--yes", second)


@case
def forgotten():
    """a certificate is left out of the lists here and stays in AWS"""
    with Aws() as p:
        p.sim.do("seed", name="old.example.org", region="us-east-1")
        p.account()
        p.good("refresh")
        cert = p.cert("old.example.org")
        p.good("forget", cert)
        p.good("refresh")
        same(([r for r in p.rows("certs") if r["id"] == cert], len(p.theirs())), ([], 1))


cases()
