#!/usr/bin/python3
"""The program against the simulator of Sectigo: ACME servers, and accounts with their names and keys."""
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
