"""Keyfactor Command in the real program: a store that an agent found is approved and changed in the console."""
import json
import os
import re
import subprocess

from accounts import answer, console, go, provider
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


def say(t, label, text):
    """A row is answered, and all of that is seen."""
    answer(t, label, text)
    t.wait("▸ %s .*%s" % (label, re.escape(text)))


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
        t.wait("SudoUser of it +svc")
        give(t, "ServerPassword of it", PASSWORD, 2)
        t.agree_by("object-approve")
        t.wait("RFJKS, by the agent orch1 +approved")
        store = found(sim)
        expect((store["Approved"], secret_of(store, "ServerPassword")) == (True, PASSWORD), "it is approved")
        t.keys("e")
        t.wait("Store password")
        t.wait("SudoUser of it +svc")
        give(t, "Store password", THIRD, 1)
        t.wait("[?] y/N").keys("y")
        t.until(lambda: found(sim)["Secret"] == THIRD, "the password is another")
        expect(secret_of(found(sim), "ServerPassword") == PASSWORD, "the other secret stays")
        canaries.search_files()
        canaries.refuse("the terminal", t.written)
        t.keys("q")
        expect(t.ended() == 0, "it ends well")


@journey("the forms of a store and of a reenrollment have a row for each thing that the type wants to be told")
def formed():
    canaries = Canaries(password=PASSWORD)
    with provider("keyfactor", tls=False) as sim:
        account(sim)
        t = console()
        t.keys("6")
        t.wait("app7: /opt/a.jks.* found").keys("O")
        t.wait("Manifest")
        say(t, "Name", "/opt/b,c.jks")
        t.keys("Enter", " ", " ")
        t.wait("Client machine").keys("Enter")
        t.wait("▸ Store type").keys("rfj", "Tab")
        t.wait("Store type +RFJKS")
        t.wait(r"ServerUseSsl of it +\* false +true")
        expect("Properties" not in t.text() and "Server user" not in t.text(), "no row of the whole is left")
        expect("SudoReason" not in t.text(), "what depends on another is not asked for")
        say(t, "Client machine", "app7")
        say(t, "Agent", "orch1")
        say(t, "SudoUser of it", "a,b=c")
        answer(t, "Sudo of it", " ")
        t.wait(r"SudoReason of it +\*")
        give(t, "Store password", THIRD, 1)
        t.wait("SudoReason of it is needed")
        t.keys("because", "Down")
        t.wait("▸ ServerUsername of it")
        give(t, "ServerPassword of it", PASSWORD, 2)
        t.agree()
        t.wait("b,c.jks.* approved")
        store = next(s for s in do(sim, "things")["stores"] if s["Storepath"] == "/opt/b,c.jks")
        said = {k: v["value"] for k, v in json.loads(store["Properties"]).items()}
        expect(said == {"ServerUseSsl": "true", "Transfer": "SCP", "SudoUser": "a,b=c", "Sudo": "true",
                        "SudoReason": "because", "ServerPassword": {"SecretValue": PASSWORD}}, str(said))
        expect(store["Secret"] == THIRD, "and the password of the store")
        t.keys("1")
        t.wait("web1: My")
        go(t, "web1: My").keys("e")
        t.wait(r"SAN of it +\*")
        expect("Entry parameters" not in t.text(), "no row of the whole is left")
        say(t, "Subject", "CN=new.example.org")
        say(t, "SAN of it", "dns=new.example.org")
        t.keys(*["Enter"] * 4)
        t.agree_by("reenroll")
        t.until(lambda: do(sim, "things")["jobs"], "the job waits")
        expect(do(sim, "things")["jobs"][0]["fields"] == {"SAN": "dns=new.example.org"}, "with that name")
        canaries.search_files()
        canaries.refuse("the terminal", t.written)
        t.wait("Requests [1-9]")


journeys()
