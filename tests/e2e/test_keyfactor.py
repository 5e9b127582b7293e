"""Keyfactor Command in the real program: a store that an agent found is approved and changed in the console."""
import json
import os
import subprocess

from accounts import answer, console, provider
from canary import Canaries
from fixture import configure
from terminal import expect, journey, journeys, program

STORE = "kf/command"
PASSWORD, THIRD = "canary-of-a-server-4741", "canary-of-a-store-4742"


def certty(*arguments):
    done = subprocess.run([program(), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, check=False)
    expect(done.returncode == 0, "%s: %s" % (" ".join(arguments), done.stdout.decode()))
    return done.stdout.decode()


def do(sim, deed, **how):
    with sim.post("/sim/keyfactor", dict(how, do=deed)) as reply:
        return json.load(reply)


def found(sim):
    return next(s for s in do(sim, "things")["stores"] if s["Storepath"] == "/opt/a.jks")


def secret_of(store, name):
    return json.loads(store["Properties"]).get(name, {}).get("value", {}).get("SecretValue")


def account(sim):
    os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
    configure()
    do(sim, "know")
    certty("accounts", "add", "--name", "kf", "--provider", "keyfactor", "--host", sim.url, "--auth", "basic",
           "--user", "CORP\\jo", "--keep", "memory", "--password-command", "printf '%s' 'pw: ü'")
    certty("account-stores", "kf")
    certty("objects", "add", STORE, "app7", "--what", "discovery", "--store-type", "RFJKS", "--agent", "orch1",
           "--dirs", "/opt")
    do(sim, "discovered", paths=["/opt/a.jks"], properties={"SudoUser": {"value": "svc"}})
    certty("refresh", STORE)


def give(t, label, secret, rows):
    """A form of which one secret is answered, so many rows before its end."""
    answer(t, label, secret)
    t.keys(*["Enter"] * (rows + 1))


@journey("a store that an agent found is approved with a password, which then is changed alone")
def approved():
    canaries = Canaries(password=PASSWORD, third=THIRD)
    with provider("keyfactor", tls=False) as sim:
        account(sim)
        t = console()
        t.keys("6")
        t.wait("app7: /opt/a.jks.* found")
        t.keys("Down")
        t.wait("▸ app7: ")
        t.keys("a")
        t.wait("Properties +.*SudoUser=svc")
        give(t, "Server password", PASSWORD, 3)
        t.agree_by("object-approve")
        t.wait("RFJKS, by the agent orch1 +approved")
        store = found(sim)
        expect((store["Approved"], secret_of(store, "ServerPassword")) == (True, PASSWORD), "it is approved")
        t.keys("e")
        t.wait("Store password")
        give(t, "Store password", THIRD, 2)
        t.wait("[?] y/N").keys("y")
        t.until(lambda: found(sim)["Secret"] == THIRD, "the password is another")
        expect(secret_of(found(sim), "ServerPassword") == PASSWORD, "the other secret stays")
        canaries.search_files()
        canaries.refuse("the terminal", t.written)
        t.keys("q")
        expect(t.ended() == 0, "it ends well")


journeys()
