"""Certificates that go to where older ones are, while a console is open: at AWS, which is simulated.

A journey puts the newer certificate into the folder that the console watches over, and looks at AWS,
at the console and into the journal.
"""
import contextlib
import json
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))

from aws_place import ACM, Aws      # noqa: E402
from terminal import expect, journey, journeys, start      # noqa: E402

NAME = "site.example.org"
REGIONS = ["eu-west-1", "us-east-1"]
TO = ",".join("prod/acm:" + r for r in REGIONS)


def keyed(p, since):
    """A certificate that began so many days ago, and its key, in a file of the folder that is read."""
    number = p.serial
    if number == 1:
        with open(p.path("ca.conf"), "a", encoding="ascii") as f:
            f.write("basicConstraints=CA:FALSE\nsubjectAltName=DNS:%s\n" % NAME)
    made = p.make(NAME, 90, since=since)
    with open(made, "ab") as f, open(p.path("made%d.key" % number), "rb") as key:
        f.write(key.read())
    line = p.openssl("x509", "-in", made, "-noout", "-fingerprint", "-sha256").decode()
    return line.split("=")[1].strip().replace(":", "").lower()


@contextlib.contextmanager
def deployed(mode):
    """A place where a certificate was put into two regions, to be done again in that way."""
    with Aws() as p:
        p.account()
        first = keyed(p, -10)
        p.good("refresh")
        p.good("deploy", "--to", TO, "--redeploy", mode, "--yes", p.cert(NAME))
        p.good("refresh")
        yield p, first


def console(p):
    t = start("--config", p.config, size="120x36", env=p.environment())
    # The page that it was left with is there at once, and nothing can be ordered before the rest is.
    t.until(lambda: t.sees("Stores [1-9]") and not t.sees("loading the saved state"), "the saved state")
    return t


def there(p, region):
    return [c["sha256"] for c in p.theirs(region=region)]


def journal(p):
    return [json.loads(line) for line in p.good("audit", "list", "-o", "json").out.splitlines()]


@journey("Where nothing is to be done by itself, a newer certificate is marked in words and goes nowhere")
def off():
    with deployed("off") as (p, first):
        t = console(p)
        keyed(p, -1)
        t.keys("R", "9")
        t.wait("still on an older certificate")
        t.keys("2", "Enter")
        t.wait("older")
        expect([there(p, r) for r in REGIONS] == [[first]] * 2, "nothing was sent")


@journey("What is proposed waits for a person, who sees both certificates before it is sent")
def propose():
    with deployed("propose") as (p, first):
        t = console(p)
        newer = keyed(p, -1)
        t.keys("R", "3")
        t.wait("Deployment proposed")
        expect([there(p, r) for r in REGIONS] == [[first]] * 2, "nothing was sent yet")
        t.keys("a")
        t.wait("Must stay")
        t.wait(newer[:16])


@journey("What is automatic is deployed by the console itself, is shown, and stands in the journal")
def automatic():
    with deployed("automatic") as (p, _):
        before = len(journal(p))
        t = console(p)
        newer = keyed(p, -1)
        t.keys("R", "9")
        t.until(lambda: [there(p, r) for r in REGIONS] == [[newer]] * 2, "it is in both regions")
        t.until(lambda: len([line for line in t.lines() if NAME in line and "current" in line]) == 2,
                "both are current")
        t.signal(signal.SIGTERM)    # F10 would ask while a store is being read
        t.ended()
        did = [e for e in journal(p)[before:] if e["verb"] == "redeploy"]
        expect(len(did) >= 2, "both stand in the journal: " + json.dumps(did))
        expect(len(p.theirs()) == 2, "under the same ARNs")


@journey("The first region that refuses is the last that is tried, and says so in red and in words")
def stops():
    with deployed("automatic") as (p, first):
        p.sim.do("forget_calls")
        p.sim.do("fail", operation="acm:ImportCertificate", times=999, code="LimitExceededException",
                 message="you have reached your limit")
        t = console(p)
        keyed(p, -1)
        t.keys("R", "9")
        t.wait("importing into ACM")
        t.keys("Enter")
        t.wait("you have reached your limit")
        t.signal(signal.SIGTERM)    # F10 would ask while a store is being read
        t.ended()
        t = console(p)      # nor does the next one try it again
        t.keys("R")
        t.wait("all [0-9]+ stores done")
        t.keys("9")
        t.wait("still on an older certificate")
        expect([there(p, r) for r in REGIONS] == [[first]] * 2, "nothing was replaced")
        expect(p.calls("acm:ImportCertificate") == 1, "one place was tried, once")


journeys()
