"""Akamai CPS in the real program: a change that waits is read to its end and said yes to."""
import json
import os
import subprocess

from accounts import console, provider
from fixture import configure
from terminal import expect, journey, journeys, program


def certty(*arguments):
    done = subprocess.run([program(), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, check=False)
    expect(done.returncode == 0, "%s: %s" % (" ".join(arguments), done.stdout.decode()))


def do(sim, deed, **how):
    """Something of the simulator's own (akamai_cps_control.py); what it answers."""
    with sim.post("/sim/akamai", dict(how, do=deed)) as reply:
        return json.load(reply)


def change_of(sim, number):
    return do(sim, "state")["enrollments"][str(number)]["change"]


@journey("what goes to Production is read to its end, and yes is a word that is typed")
def approves():
    os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
    configure()
    with provider("akamai", tls=False) as sim:
        number = do(sim, "seed", sans=["old.shop.example"])["ids"][0]
        do(sim, "begin", id=number, csr={"sans": ["www.shop.example"]})
        do(sim, "go", id=number, word="wait-ack-change-management")
        certty("accounts", "add", "--name", "ak", "--provider", "akamai", "--host", sim.url, "--client-token",
               "akab-client", "--access-token", "akab-access", "--keep", "memory",
               "--client-secret-command", "echo c2VjcmV0")
        certty("account-stores", "ak")
        certty("refresh", "ak/production")
        t = console()
        t.keys("3")
        t.wait("wait-ack-change")
        t.keys("a")
        t.wait("still live on the network")
        expect(change_of(sim, number)["word"] == "wait-ack-change-management", "nothing is sent by looking")
        t.wait("Read to the end first")
        t.until(lambda: t.sees("[Tt]ype the word|[Tt]ype approve") or not t.keys("PgDn"), "the end of it")
        t.keys("approve", "Enter")
        t.wait("acknowledge was said|deploy-cert-to-prod")
        expect(change_of(sim, number)["word"] == "deploy-cert-to-production", "CPS has the yes")


journeys()
