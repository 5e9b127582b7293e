"""Sectigo in the real program: domains are marked and validated, and an order is approved after a look."""
import json
import os
import subprocess

from accounts import console, provider
from fixture import configure
from terminal import expect, journey, journeys, program

LOGIN, PASSWORD, CUSTOMER = "robot-example", "not-a-real-password", "exampleuni"


def certty(*arguments):
    done = subprocess.run([program(), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, check=False)
    expect(done.returncode == 0, "%s: %s" % (" ".join(arguments), done.stdout.decode()))


def do(sim, deed, **how):
    with sim.post("/sim/sectigo", dict(how, do=deed)) as reply:
        return json.load(reply)


def account(sim, *domains):
    os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
    configure()
    for name in domains:
        do(sim, "domain", name=name)
    certty("accounts", "add", "--name", "scm", "--provider", "sectigo", "--keep", "memory", "--login", LOGIN,
           "--customer-uri", CUSTOMER, "--password-command", "echo " + PASSWORD, "--instance", "other",
           "--url", sim.url + "/api")
    certty("refresh")


@journey("two domains are marked in their tab and validated at once; who lacks the right to that is told so")
def validated():
    with provider("sectigo", tls=False) as sim:
        account(sim, "example.net", "example.org", "xn--bcher-kva.example")
        t = console()
        t.keys("5")
        t.wait("bücher.example")
        t.wait("▸ example.net")
        t.keys("Space")
        t.wait("1 marked")
        t.keys("Space")
        t.wait("2 marked")
        t.keys("t")
        t.wait("how control is shown")
        t.keys("Enter")
        t.wait("start/domain/cname(.|\n)*nothing is put into DNS(.|\n)*validate 2 objects")
        t.keys("y")
        t.wait_gone("validate 2 objects")
        t.keys("3")
        t.wait("example.net(.|\n)*Deploy record(.|\n)*example.org(.|\n)*Deploy record")
        orders = {d["name"]: (d["order"], d["mode"]) for d in do(sim, "state")["domains"]}
        begun = ("AWAITING_SUBMISSION", "CNAME")
        expect(orders == {"example.net": begun, "example.org": begun,
                          "xn--bcher-kva.example": ("NOT_INITIATED", None)}, "both are begun: %s" % orders)
        do(sim, "set", privileges=["sslRequest"])
        certty("account-test", "scm")
        t.keys("7").wait("account-t.* scm ")
        t.keys("5", "t")
        t.wait("scm may not validate domains: it lacks allowDCV")
        t.keys("q")
        expect(t.ended() == 0, "it ends well")


journeys()
