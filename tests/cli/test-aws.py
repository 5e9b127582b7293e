#!/usr/bin/python3
"""The program against the simulator of AWS: what is found in all regions, and what goes wrong."""
import sqlite3

from aws_place import ACM, ID, REGIONS, TRIES_MOST, Aws
from place import case, cases, same


# --- what there is -------------------------------------------------------------------------------

def seed_regions(p):
    for number, region in enumerate(REGIONS):
        p.sim.do("seed", name="r%d" % number, count=3, region=region,
                 kind=("IMPORTED", "AMAZON_ISSUED")[number % 2],
                 algorithm=("RSA_2048", "EC_prime256v1")[number // 2])
    p.sim.do("seed", name="acme.example.org", kind="AMAZON_ISSUED", origin="ACME")


def names_at(p):
    return sorted(c["names"][0] for c in p.theirs())


@case
def inventory():
    """certificates of all regions are found, by search and without it, in pages, and asked for once"""
    for knobs, used, unused in (({}, "acm:SearchCertificates", "acm:ListCertificates"),
                                ({"search": False, "origins": False, "page_cap": 2, "empty_pages": True},
                                 "acm:ListCertificates", None)):
        with Aws() as p:
            p.sim.do("set", **knobs)
            seed_regions(p)
            p.account()
            p.good("refresh")
            wanted = [n for n in names_at(p) if knobs.get("origins", True) or "acme" not in n]
            same(sorted(r["name"] for r in p.rows("certs") if "example.org" in r["name"]), wanted)
            stores = {r["id"]: r for r in p.rows("stores")}
            same([s for s in sorted(stores) if s.startswith("prod/acm:")], ["prod/acm:" + r for r in REGIONS])
            calls = p.sim.do("state")["calls"]
            same((calls.get(used, 0) > 0, unused and calls.get(unused)), (True, None), calls)
            p.sim.do("forget_calls")
            p.good("refresh", ACM)
            calls = p.sim.do("state")["calls"]
            same([k for k in calls if k in ("acm:DescribeCertificate", "acm:GetCertificate")], [], "unchanged")


@case
def looked_for():
    """whoever asks about one thing has no stores looked for, once they were; whoever asks for all has"""
    with Aws() as p:
        p.sim.do("seed", name="kept.example.org")
        p.account()
        p.good("refresh")
        cert = p.cert("kept.example.org")
        db = sqlite3.connect(p.path("state", "certty", "certty.db"))
        same(db.execute("UPDATE account SET looked = looked - 300000 WHERE looked > 0").rowcount, 1)
        db.commit()
        db.close()
        p.sim.do("forget_calls")
        p.good("refresh", ACM)
        p.good("tag", "--set", "env=prod", "--store", ACM, cert)
        p.good("show", cert)
        same([c for c in p.sim.do("state")["calls"] if "Regions" in c or c.startswith("acm-pca:")], [])
        p.good("ls", "certs")
        same(p.calls("account:ListRegions"), 1)


@case
def partly():
    """a region that refuses does not take the others along, and what was known of it stays"""
    with Aws() as p:
        seed_regions(p)
        p.account()
        p.good("refresh")
        before = sorted(r["name"] for r in p.rows("certs"))
        p.sim.do("fail", operation="acm:(Search|List)Certificates", region="us-east-1", times=99,
                 code="AccessDeniedException", message="not authorized to perform: acm:ListCertificates")
        p.bad("refresh", says=["acm:ListCertificates", "us-east-1"])
        same(sorted(r["name"] for r in p.rows("certs")), before)
        states = {r["id"]: r["state"] for r in p.rows("stores") if r["id"].startswith("prod/acm:")}
        same(len(set(states.values())), 2, states)


@case
def throttled():
    """throttling makes it slower and nothing else"""
    with Aws() as p:
        seed_regions(p)
        p.sim.do("fail", operation="acm:.*", times=4, code="ThrottlingException", message="Rate exceeded")
        p.account()
        p.good("refresh")
        same(sorted(r["name"] for r in p.rows("certs") if "example.org" in r["name"]), names_at(p))


@case
def clock():
    """a clock that is wrong by an hour is noticed and made up for"""
    with Aws() as p:
        seed_regions(p)
        p.sim.do("set", clock_offset=3600)
        p.account()
        p.good("refresh")
        same(sorted(r["name"] for r in p.rows("certs") if "example.org" in r["name"]), names_at(p))


# --- what goes wrong on the wire ----------------------------------------------------------------------

HTML = "<html><body>Proxy says no</body></html>"
FAULTS = {      # name: how an answer is spoilt; and a part of the sentence
    "a page with 200": ({"status": 200, "body": HTML, "headers": {"Content-Type": "text/html"}}, ""),
    "another form of refusal": ({"status": 403, "body": "<ErrorResponse><Error><Code>AccessDenied</Code>"
                                 "<Message>no</Message></Error></ErrorResponse>"}, "AccessDenied"),
    "cut off": ({"break": True}, ""),
    "no JSON": ({"status": 200, "body": "{\"CertificateSummaryList\":[", "headers": {
        "Content-Type": "application/x-amz-json-1.1"}}, ""),
    "a session that ended": ({"code": "ExpiredTokenException", "message": "expired"}, "ExpiredToken"),
    "a limit": ({"code": "LimitExceededException", "message": "you have reached your limit"}, "limit"),
}


def spoilt(p, name, how, part):
    before = sorted(r["name"] for r in p.rows("certs"))
    p.sim.do("forget_calls")
    p.sim.do("fail", operation="acm:(List|Search)Certificates", times=60, **how)
    p.bad("refresh", ACM, says=[part])
    for operation in ("acm:SearchCertificates", "acm:ListCertificates"):
        if p.calls(operation) > TRIES_MOST:
            raise AssertionError("%s: %d calls of %s" % (name, p.calls(operation), operation))
    same(sorted(r["name"] for r in p.rows("certs")), before, name)
    p.sim.do("mend")
    p.good("refresh", ACM)


@case
def spoilt_answers():
    """answers that are spoilt end with a sentence, soon, and lose nothing"""
    with Aws() as p:
        p.sim.do("seed", name="kept", count=3)
        p.account()
        p.good("refresh")
        for name, (how, part) in FAULTS.items():
            spoilt(p, name, how, part)


@case
def token_again():
    """a list that gives the same token again and again is not asked for ever"""
    with Aws() as p:
        p.sim.do("seed", name="kept", count=5)
        p.account()
        p.sim.do("set", page_cap=2, repeat_token=True)
        run = p.certty("refresh", ACM)
        same((run.status > 0, "does not end" in run.err), (True, True), run.err)


@case
def gates():
    """keys that are wrong, ended or may nothing are refused in a sentence that names what is missing"""
    with Aws() as p:
        add = ("accounts", "add", "--name", "x", "--provider", "aws", "--keep", "memory", "--endpoint",
               p.sim.url)
        p.bad(*add, "--access-key", ID, "--secret-key-command", "echo wrong", status=4)
        p.bad(*add, "--access-key", "AKIAUNKNOWNUNKNOWN12", "--secret-key-command", "echo wrong", status=4)
        p.account()
        p.sim.do("set", deny={ID: ["acm:RequestCertificate", "acm:ImportCertificate", "iam:*"]})
        p.bad("order", "--names", "x.example.org", "--yes", ACM, says=["acm:RequestCertificate"])
        p.bad("add", "--file", p.bundle("y.example.org"), "--yes", ACM, says=["acm:ImportCertificate"])
        p.bad("add", "--file", p.path("y.example.org.both"), "--yes", "prod/iam",
              says=["iam:UploadServerCertificate"])
        same(p.theirs(), [])


cases()
