"""AWS in the real program: one-time codes asked in place, and sessions that end while somebody works."""
import json
import os
import subprocess

from accounts import console, provider
from fixture import configure
from terminal import expect, journey, journeys, program, start

KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
ROLE, DEVICE = "arn:aws:iam::111122223333:role/mfa", "arn:aws:iam::111122223333:mfa/me"
STORE = "prod/acm:eu-west-1"


def certty(*arguments, stdin=b""):
    done = subprocess.run([program(), *arguments], input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, check=False)
    expect(done.returncode == 0, "%s: %s" % (" ".join(arguments), done.stdout.decode()))
    return done.stdout.decode()


def account(sim):
    """An account whose stores are known, and that opens with a code from now on."""
    os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
    configure()
    sim.do("seed", name="kept", count=3)
    certty("accounts", "add", "--name", "prod", "--provider", "aws", "--access-key", KEY, "--keep", "memory",
           "--secret-key-command", "echo " + SECRET, "--endpoint", sim.url, "--regions", "eu-west-1")
    certty("refresh")
    certty("accounts", "edit", "prod", "--role", ROLE, "--mfa-serial", DEVICE, "--secrets-stdin",
           stdin=b"code=123456\n")
    sim.do("code", code="222222")
    sim.do("forget_calls")


def calls(sim, operation):
    return sim.do("state")["calls"].get(operation, 0)


@journey("at a terminal a code is asked in place, once more when it is wrong, and then it is done")
def command_line():
    with provider("aws", tls=False) as sim:
        account(sim)
        t = start("refresh", STORE)
        t.wait("One-time code:")
        t.keys("111111", "Enter")
        t.wait("may be wrong(.|\n)*One-time code:")
        t.keys("222222", "Enter")
        t.wait("3 certificates in eu-west-1")
        expect(t.ended() == 0 and "222222" not in t.text(), "it is done, and the code is not shown")
        sim.do("code", code="333333")
        t = start("order", "--names", "www.example.org", "--yes", STORE)
        t.wait("One-time code:")
        t.keys("333333", "Enter")
        t.wait("is ordered")
        expect(t.ended() == 0 and calls(sim, "acm:RequestCertificate") == 1, "it is ordered once")


def give_code(t, code):
    t.wait("One-time code")
    t.keys(code, "Enter")
    t.wait_gone("One-time code")


def answer_all(t):
    """Down, row after row, to the order itself; and yes, it is meant."""
    for row in ("Private CA", "Validation", "Key", "Exportable", "More"):
        t.keys("Down")
        t.wait("▸ " + row)
    t.keys("Down")
    t.wait_gone("▸")
    t.keys("Enter")
    t.wait("y/N")
    t.keys("y")


@journey("in the console a code is asked in place, again when the session ends, and the order goes on")
def window():
    with provider("aws", tls=False) as sim:
        account(sim)
        t = console(size="130x40")
        t.keys("1", "/", "acm", "Enter")
        t.wait("▸ .*eu-west-1")
        t.keys("R")
        give_code(t, "222222")
        t.wait("all 3 stores done")
        expect(calls(sim, "sts:AssumeRole") == 1, "one sign-in for what was asked")
        # The session ends while an order is sent: the form, then the order goes on, once.
        sim.do("code", code="333333")
        sim.do("fail", operation="acm:RequestCertificate", expires=True)
        t.keys("o")
        t.wait("Names")
        t.keys("www.example.org")
        t.wait("Names.*www.example.org")
        answer_all(t)
        give_code(t, "333333")
        t.wait("www.example.org")
        t.until(lambda: len(sim.do("state")["certs"]) == 4, "the order arrives")
        expect(calls(sim, "sts:AssumeRole") == 2, "one more sign-in")
        rows = json.loads(certty("ls", "requests", "-o", "json", "--offline"))["rows"]
        expect(len(rows) == 1, "one request: %s" % rows)
        t.keys("q")
        expect(t.ended() == 0, "it ends well")


journeys()
