#!/usr/bin/python3
"""The program against the simulator of Sectigo: ACME servers, and accounts with their names and keys."""
import json
import os

from place import case, cases, holds, same
from sectigo_place import STORE, Sectigo

ADD = ("object-add", STORE, "--what", "acme-account", "--yes")


def theirs(p):
    return p.do("state")["accounts"]


@case
def all_of_it():
    """an account is made, gets names, loses some, is renamed and deleted; what is refused is said"""
    with Sectigo() as p:
        p.do("domain", name="example.org")
        p.do("domain", name="xn--bcher-kva.example")
        p.account()
        p.good("refresh", STORE)
        same(p.object("OV ACME Server", "acme-server")["summary"], "https://acme.sectigo.example/v2/OV")
        p.bad(*ADD, "--name", "web-farm", "--organization", "IT", says=["ACME server"])
        p.bad(*ADD, "--name", "web-farm", "--organization", "IT", "--server", "None", says=["-1601"])
        ask = ADD + ("--name", "web-farm", "--organization", "IT", "--server", "OV ACME Server")
        holds(p.good("--dry-run", *ask).out, "POST /acme/v2/account")
        same(theirs(p), [])
        p.good(*ask)
        p.good("refresh", STORE)
        row = p.object("web-farm", "acme-account")
        same((row["facts"]["organization"], row["facts"]["server"], row["summary"]),
             ("IT", "OV ACME Server", "0 names"))
        p.bad("--yes", "object-edit", row["id"], says=["say what shall be changed"])
        run = p.certty("--yes", "object-edit", row["id"], "--add-names",
                       "www.example.org,bücher.example,www.example.com", "--rename", "farm")
        holds(run.out + run.err, "www.example.com was not added", "renamed, names added")
        same((theirs(p)[0]["name"], theirs(p)[0]["domains"]),
             ("farm", ["www.example.org", "xn--bcher-kva.example"]))
        p.good("refresh", STORE)
        row = p.object("farm", "acme-account")
        same((row["summary"], row["facts"]["names"]), ("2 names", "www.example.org, xn--bcher-kva.example"))
        p.good("--yes", "object-edit", row["id"], "--remove-names", "www.example.org")
        same(theirs(p)[0]["domains"], ["xn--bcher-kva.example"])
        p.good("--yes", "object-drop", row["id"])
        same(theirs(p), [])


@case
def key():
    """what a client is bound with goes into a file that only its owner reads, and nowhere else"""
    with Sectigo() as p:
        p.account()
        p.good(*ADD, "--name", "web", "--organization", "501", "--server", "DV ACME Server")
        p.good("refresh", STORE)
        account, = theirs(p)
        to, row = p.path("eab.ini"), p.object("web", "acme-account")
        holds(p.good("--dry-run", "object-edit", row["id"], "--eab-file", to).out, "mode 0600", "whoever has")
        said = p.good("--yes", "object-edit", row["id"], "--eab-file", to)
        with open(to, encoding="utf-8") as f:
            same(f.read(), "eab-kid = %s\neab-hmac-key = %s\n" % (account["macId"], account["macKey"]))
        same(os.stat(to).st_mode & 0o777, 0o600)
        p.bad("--yes", "object-edit", row["id"], "--eab-file", to)
        shown = p.good("show", row["id"]).out
        holds(shown, account["macId"])
        same(account["macKey"] in shown + said.out + said.err + str(p.rows("objects")), False)
        for folder, _, files in os.walk(p.folder):
            for name in files:
                path = os.path.join(folder, name)
                with open(path, "rb") as f:
                    same(path == to or account["macKey"].encode() not in f.read(), True, path)


def state(p, what, name, *more):
    """What automation is told of a command that is given twice: that it changed something, and then not."""
    ask = ("sectigo", "acme-" + what, name, "--account", "scm", "-o", "json") + more
    return json.loads(p.good(*ask).out)


def twice(p, what, name, *more):
    ask = more if "absent" not in more and "--only" not in more else more + ("--yes",)
    before = writes(p)
    would = state(p, what, name, *more, "--check")
    same((would["changed"], would["check"], writes(p)), (True, True, before))
    first = state(p, what, name, *ask)
    same((first["changed"], first["check"], first["changes"][0]), (True, False, would["changes"][0]))
    now = writes(p)
    again = state(p, what, name, *ask)
    same((again["changed"], again["changes"], writes(p)), (False, [], now))
    same(state(p, what, name, *more, "--check")["changed"], False)
    return first


def writes(p):
    return {call: n for call, n in p.do("state")["calls"].items() if not call.startswith("GET")}


@case
def states():
    """asked for twice, a domain, an account, its key and its names are changed once, and told before"""
    with Sectigo() as p:
        p.account()
        twice(p, "domain", "Bücher.example", "--organization", "IT", "--description", "guests")
        p.do("domain", name="example.org")
        twice(p, "domain", "example.org", "--organization", "IT", "--cert-types", "SSL,SMIME")
        same([sorted(d["certTypes"]) for d in p.theirs("example.org")["delegations"]],
             [["SSL"], ["SMIME", "SSL"]])
        for what, more in (("user", ()), ("user", ("--organization", "IT"))):
            p.bad("sectigo", "acme-" + what, "web", *more, says=["say for which organization"])
        p.bad("sectigo", "acme-user-domains", "web", "--names", "a.example.org",
              says=["there is no ACME account"])
        same(state(p, "user-domains", "web", "--names", "a.example.org", "--check")["changed"], True)
        to = p.path("eab.ini")
        made = twice(p, "user", "web", "--organization", "IT", "--server", "OV ACME Server", "--eab-file", to)
        account, = theirs(p)
        same(made["facts"]["EAB key ID"], account["macId"])
        with open(to, encoding="utf-8") as f:
            holds(f.read(), account["macKey"])
        same((os.stat(to).st_mode & 0o777, account["macKey"] in str(made)), (0o600, False))
        p.bad("sectigo", "acme-user", "web", "--server", "EV ACME Server", says=["cannot be changed"])
        twice(p, "user-domains", "web", "--names", "a.example.org,bücher.example")
        twice(p, "user-domains", "web", "--names", "b.example.org,bücher.example", "--only")
        same(theirs(p)[0]["domains"], ["xn--bcher-kva.example", "b.example.org"])
        ask = ("sectigo", "acme-user-domains", "web", "--names")
        for changes in (["names added: c.example.org"], []):
            run = p.certty(*ask, "c.example.org,c.elsewhere.example", "-o", "json")
            said = json.loads(run.out)
            same((run.status, said["changed"], said["changes"]), (3, bool(changes), changes))
            holds(run.out, "c.elsewhere.example was not added")
        p.bad(*ask, "b.example.org", "--state", "absent", says=["say --yes"])
        twice(p, "user-domains", "web", "--names", "b.example.org,a.example.org", "--state", "absent")
        twice(p, "user", "web", "--state", "absent")
        same((theirs(p), state(p, "user-domains", "web", "--names", "a.example.org", "--state", "absent",
                               "--yes")["changed"]), ([], False))
        twice(p, "domain", "example.org", "--organization", "IT", "--state", "absent")
        twice(p, "domain", "example.org", "--state", "absent")
        same([d["name"] for d in p.do("state")["domains"]], ["xn--bcher-kva.example"])


@case
def states_refused():
    """a file that is another's, a second account of that name, read-only and what breaks: a sentence each"""
    with Sectigo() as p:
        p.bad("sectigo", "acme-user", "web", says=["no account of Sectigo"])
        p.account()
        ask = ("sectigo", "acme-user", "web", "--organization", "501", "--server", "OV ACME Server")
        same(p.certty("--read-only", *ask).status, 5)
        holds(p.good("--read-only", *ask, "--check").out, "would be")
        holds(p.good("--dry-run", *ask).out, "POST /acme/v2/account")
        same(theirs(p), [])
        with open(p.path("other.ini"), "w", encoding="utf-8") as f:
            f.write("another's")
        run = p.certty(*ask, "--eab-file", p.path("other.ini"), "-o", "json")
        same((run.status, json.loads(run.out)["changed"], len(theirs(p))), (1, True, 1), run.out)
        holds(run.out, "put it elsewhere first")
        p.good(*ADD, "--name", "web", "--organization", "502", "--server", "OV ACME Server")
        p.bad("sectigo", "acme-user", "web", says=["more than one ACME account is called web"])
        p.sim.fault(path="/acme/", times=1, status=400, body='{"code":-3,"description":"Not authorized."}')
        p.bad(*ask, says=["Not authorized"])
        p.sim.fault(path="/acme/", times=9, status=200, body="<html>")
        p.bad(*ask, says=["a web page came instead of an answer"])
        p.do("faults")
        p.do("domain", name="off.example", state="SUSPENDED")
        run = p.certty("sectigo", "acme-domain", "off.example", "-o", "json")
        same((run.status, json.loads(run.out)["changed"]), (3, False))
        holds(run.out, "is suspended")
        p.bad("sectigo", "acme-domain", says=["needs one name"])
        p.bad("sectigo", "acme-thing", says=["acme-thing"])
        p.bad("sectigo", "acme-user", "web", "--names", "a.example.org", status=2, says=["--names"])


@case
def refused():
    """without the right to it there are none, and nothing else is the worse for that"""
    with Sectigo() as p:
        p.do("domain", name="example.org")
        p.do("set", may_anchor=False)
        p.account()
        p.sim.fault(path="/acme/", times=9, status=400, body='{"code":-3,"description":"Not authorized."}')
        p.good("refresh", STORE)
        same([r["name"] for r in p.rows("objects")], ["example.org"])
        p.do("faults")
        p.good("refresh", STORE)
        same(len(p.rows("objects")), 4)
        p.sim.fault(path="/acme/", times=60, status=503, body="<html>")
        run = p.certty("refresh", STORE)
        same((run.status, len(p.rows("objects"))), (3, 4), run.err + run.out)


cases()
