#!/usr/bin/python3
"""The program against the simulator of Keyfactor Command: what it knows, and what goes wrong."""
from keyfactor_place import STORE, TRIES_MOST, Keyfactor
from place import case, cases, holds, same

PAGE = "<html><body>Proxy says no</body></html>"


def seed(p, count=5):
    p.do("seed", name="c", count=count)
    p.do("seed", name="old.example.org", days=10, age=30)
    p.do("seed", name="web.example.org", places=[["web1", "x"], ["web2", "y"]], metadata={"Owner": "ops"},
         key=True)


def known(p):
    return sorted(c["IssuedCN"] for c in p.state()["certs"])


# --- inventory -----------------------------------------------------------------------------------------

@case
def inventory():
    """all certificates are found, in pages of any size, with and without counts; bytes are read once"""
    for knobs in ({}, {"page_cap": 2}, {"page_cap": 3, "counts": False}, {"content": True}, {"enums": "name"}):
        with Keyfactor() as p:
            p.do("set", **knobs)
            seed(p)
            p.do("revoke", id=101)
            p.account()
            p.good("refresh", STORE)
            same(p.names(), known(p), knobs)
            same(p.calls("POST /Certificates/Download") == 0, knobs.get("content", False), knobs)
            marks = {r["name"]: r["marks"] for r in p.rows("certs")}
            same(("revoked" in marks["c0.example.org"], "revoked" in marks["c1.example.org"]), (True, False))
            p.do("forget_calls")
            p.good("refresh", STORE)
            same(p.calls("POST /Certificates/Download"), 0, "bytes of what is known already")


@case
def changed():
    """what comes, goes and is revoked meanwhile is seen with the next refresh, and nothing else is read"""
    with Keyfactor() as p:
        seed(p)
        p.account()
        p.good("refresh")
        p.do("forget_calls")
        p.do("forget", id=103)
        p.do("revoke", id=104, reason=1)
        p.do("seed", name="new.example.org")
        p.good("refresh", STORE)
        same(p.names(), known(p))
        same(p.calls("POST /Certificates/Download"), 1)
        out = p.good("show", p.cert("c3.example.org")).out
        holds(out, "Revoked because", "KeyCompromise", "by somebody")


@case
def details():
    """where a certificate lies, its metadata, template, requester and authority are shown"""
    with Keyfactor() as p:
        seed(p)
        p.account()
        p.good("refresh")
        out = p.good("show", p.cert("web.example.org")).out
        holds(out, "web1 My (WinCert), as x", "web2 My (WinCert), as y", "Owner=ops", "Web Server",
              "CORP\\jo", "ca01.corp.example\\IssuingCA", "Command keeps it")


@case
def operations():
    """what was done to a certificate is told whole, the newest first, however small the pages are"""
    with Keyfactor() as p:
        seed(p)
        p.account()
        p.good("refresh")
        for knobs in ({"page_cap": 1}, {"counts": False}):
            p.do("set", **knobs)
            p.do("revoke", id=104, comment="lost \x1b[31m, at %s" % list(knobs))
            told = p.good("history", p.cert("c3.example.org")).out
            holds(told, "Import, by CORP\\jo: Imported", "Revoke, by CORP\\jo: lost ", list(knobs)[0])
            same((told.index("Revoke") < told.index("Import"), "\x1b" in told), (True, False))
        p.do("set", denied=["GET /Certificates/ID/History"])
        p.bad("history", p.cert("c3.example.org"), says=["GET /Certificates/…/History"])


@case
def no_bytes():
    """whoever may not download sees what the list tells, and one sentence that names the call"""
    with Keyfactor() as p:
        seed(p)
        p.do("set", denied=["POST /Certificates/Download"])
        p.account()
        run = p.certty("refresh", STORE)
        same(run.status, 3)
        holds(run.out + run.err, "7 certificates could not be read", "POST /Certificates/Download")
        same(p.names(), known(p))
        p.do("set", denied=[])
        p.good("refresh", STORE)
        same(all(len(r["id"]) == 16 for r in p.rows("certs")), True)


@case
def spoilt_answers():
    """answers that are spoilt end with a sentence, soon, and lose nothing"""
    faults = {
        "a page with 200": ({"status": 200, "body": PAGE, "headers": {"Content-Type": "text/html"}}, "proxy"),
        "no JSON": ({"status": 200, "body": "[{\"Id\": 1, "}, "not what Command answers"),
        "cut off": ({"break": True}, "Command"),
        "refused": ({"status": 403, "body": "{\"Message\": \"User CORP\\\\jo may not\"}"}, "GET /Certificates"),
        "broken there": ({"status": 500, "body": "{\"Message\": \"oh\"}"}, "oh"),
    }
    with Keyfactor() as p:
        seed(p)
        p.account()
        p.good("refresh")
        before = p.names()
        for name, (how, part) in faults.items():
            p.do("forget_calls")
            p.sim.fault(path="/Certificates$", times=TRIES_MOST, **how)
            p.bad("refresh", STORE, says=[part])
            same(p.names(), before, name)
            p.do("mend")
        p.good("refresh", STORE)


cases()
