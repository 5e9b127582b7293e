#!/usr/bin/python3
"""The program against the simulator of Keyfactor Command: the stores that agents look after."""
from keyfactor_place import Keyfactor
from place import case, cases, holds, same


def store(p, machine):
    return next(r["id"] for r in p.rows("stores") if r["title"] == machine + ": My")


def held(p, machine):
    found = [(r["name"], place["place"]) for r in p.rows("certs") for place in r["places"]
             if place["store"] == store(p, machine)]
    return sorted(found)


@case
def inventory():
    """each store has what its last inventory found, with its alias; bytes are read once"""
    for enums in ("number", "name"):
        with Keyfactor() as p:
            p.do("set", enums=enums, page_cap=1)
            p.do("seed", name="web.example.org", places=[["web1", "x"], ["web2", "y"]])
            p.do("seed", name="one.example.org", places=[["web1", "z"]])
            end = p.do("run")["end"]
            p.account()
            out = p.good("refresh", store(p, "web1")).out
            holds(out, end[:16])
            p.good("refresh", store(p, "web2"))
            same(held(p, "web1"), [("one.example.org", "z"), ("web.example.org", "x")])
            same(held(p, "web2"), [("web.example.org", "y")])
            p.do("forget_calls")
            p.good("refresh", store(p, "web1"))
            same((p.calls("POST /Certificates/Download"), p.calls("GET /Agents/ID")), (0, 0))
            holds(p.good("show", store(p, "web1")).out, "WinCert", "orch1", "Web farm", "is not scheduled")


@case
def failures():
    """what an agent could not do is said in its words, and so is that nobody may ask"""
    with Keyfactor() as p:
        p.do("run")
        p.do("run", result=4, message="no route to web1")
        p.account()
        run = p.certty("refresh", store(p, "web1"))
        holds(run.out + run.err, "WinCertInventory failed", "no route to web1")
        p.do("set", denied=["GET /OrchestratorJobs/JobHistory"])
        p.good("refresh", store(p, "web2"))
        holds(p.good("show", store(p, "web2")).out, "may not read the job history")


cases()
