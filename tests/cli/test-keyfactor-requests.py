#!/usr/bin/python3
"""The program against the simulator of Keyfactor Command: what waits there for approval."""
from keyfactor_place import Keyfactor, running
from place import case, cases, holds, same

KINDS = ("number", "name")


def states(p):
    return {r["title"]: r["state"] for r in p.rows("requests")}


def workflow(p):
    return next(r for r in p.rows("requests") if r["type"] == "workflow")["id"]


@case
def approved():
    """requests at the CA are listed, shown whole, approved and denied; enums are numbers or names"""
    for kind in KINDS:
        with Keyfactor() as p:
            p.do("set", enums=kind)
            p.account()
            for name in ("a", "b"):
                p.do("request", name=name + ".example.org", names=["x.example.org", "*.example.org"])
            p.good("refresh")
            row = p.request("a.example.org")
            same((row["waits_for"], row["can"]), ("you", ["approve", "deny", "sync"]))
            holds(p.good("show", row["id"]).out, "x.example.org", "*.example.org", "Web Server", "CORP\\kim",
                  "any name of a domain")
            p.bad("approve", row["id"], "--yes", says=["any name of a domain"], status=5)
            p.good("approve", row["id"], "--yes", "--accept", "; ".join(row["oddities"]))
            p.good("deny", p.request("b.example.org")["id"], "--reason", "not now", "--yes")
            same(states(p), {"a.example.org": "issued", "b.example.org": "denied"})
            theirs = {r["CommonName"]: (r["State"], r["comment"]) for r in p.state()["requests"]}
            same(theirs, {"a.example.org": (1, None), "b.example.org": (3, "not now")})
            p.good("refresh")
            same(p.request("a.example.org")["result"][:16], p.cert("x.example.org"))


@case
def workflows():
    """a workflow's step is approved and denied; where several must approve it, it goes on waiting"""
    for kind in KINDS:
        with Keyfactor() as p:
            p.do("set", enums=kind, approvers=2)
            p.account()
            made = p.do("request", name="a.example.org", how="workflow")
            p.good("refresh")
            holds(p.good("approve", workflow(p), "--yes").out, "others have to")
            holds(p.bad("approve", workflow(p), "--yes").err, "approved it already")
            p.do("decide", id=made["id"])
            p.good("refresh")
            same([r["state"] in ("issued", "withdrawn") for r in p.rows("requests")], [True])
    with Keyfactor() as p:
        p.account()
        p.do("request", name="a.example.org", how="workflow")
        p.good("refresh")
        p.good("deny", workflow(p), "--reason", "no", "--yes")
        same([r["state"] for r in p.rows("requests")], ["denied"])
        holds(p.state()["instances"][0]["StatusMessage"], "Denied: no")


@case
def elsewhere():
    """what others decide, or a CA elsewhere, is seen by a refresh and by a sync"""
    with Keyfactor() as p:
        p.account()
        made = {n: p.do("request", name=n + ".example.org", how=how)["id"]
                for n, how in (("a", "ca"), ("b", "ca"), ("c", "external"), ("d", "external"))}
        p.good("refresh")
        same(p.request("c.example.org")["waits_for"], "the CA")
        p.do("decide", id=made["a"])
        p.do("decide", id=made["b"], yes=False, comment="too short")
        p.do("decide", id=made["c"])
        p.do("decide", id=made["d"])
        p.good("sync", p.request("d.example.org")["id"])
        same(p.request("d.example.org")["state"], "issued")
        p.good("refresh")
        same(states(p), {"a.example.org": "issued", "b.example.org": "denied", "c.example.org": "issued",
                         "d.example.org": "issued"})
        same(p.request("b.example.org")["reason"], "too short")


@case
def as_seen():
    """what changed since it was looked at is not approved, nor what another has answered"""
    with Keyfactor() as p:
        p.account()
        made = p.do("request", name="a.example.org")
        p.good("refresh")
        p.do("change_request", id=made["id"], names=["evil.example.org"])
        p.bad("approve", p.request("a.example.org")["id"], "--yes", says=["changed since it was looked at"])
        same(p.calls("POST /Workflow/Certificates/Approve"), 0)
        same(p.request("a.example.org")["names"], ["evil.example.org"])
        p.do("decide", id=made["id"], yes=False)
        p.bad("approve", p.request("a.example.org")["id"], "--yes", says=["no longer waits"])
        same(p.request("a.example.org")["state"], "denied")


@case
def not_allowed():
    """what may not be listed, approved or denied costs a sentence that names the call, and no row"""
    with Keyfactor() as p:
        p.account()
        p.do("request", name="a.example.org")
        p.good("refresh")
        row = p.request("a.example.org")["id"]
        p.do("set", denied=["POST /Workflow/Certificates/Approve", "POST /Workflow/Certificates/Deny"])
        p.bad("approve", row, "--yes", says=["POST /Workflow/Certificates/Approve"], status=5)
        p.bad("deny", row, "--reason", "no", "--yes", says=["POST /Workflow/Certificates/Deny"], status=5)
        p.bad("deny", row, "--reason", " ", "--yes", says=["reason"])
        p.do("set", denied=["GET /Workflow/Certificates/Pending", "GET /Workflow/Instances/AssignedToMe"])
        p.good("refresh")
        same(states(p), {"a.example.org": "waits for a person"})


@case
def lost_answers():
    """an approval whose answer is lost is sent once, and sync says how it stands"""
    with Keyfactor() as p:
        p.account()
        p.do("request", name="a.example.org")
        p.good("refresh")
        row = p.request("a.example.org")["id"]
        p.sim.fault(path="/Workflow/Certificates/Approve$", times=9, drop=True)
        p.bad("approve", row, "--yes", says=["sync tells"])
        same(p.calls("POST /Workflow/Certificates/Approve"), 1)
        p.do("mend")
        p.good("sync", row)
        same(p.request("a.example.org")["state"], "issued")


@case
def restarted():
    """a workflow that failed is restarted, under its own number or as another one"""
    for kind, other in (("name", "same"), ("number", "same"), ("name", "another")):
        with Keyfactor() as p:
            p.do("set", enums=kind, restarts_as=other)
            p.account()
            made = p.do("request", name="a.example.org", how="workflow")
            p.good("refresh")
            p.do("fail", instance=made["instance"])
            p.good("refresh")
            row = next(r for r in p.rows("requests"))
            same((row["state"], "restart" in row["can"]),
                 ("failed" if kind == "name" else "waits for the provider", True), kind)
            p.do("set", restart_fails=True)
            p.bad("restart", row["id"], "--yes", says=["is not published any more"])
            p.do("set", restart_fails=False)
            holds(p.good("restart", row["id"], "--dry-run").out, "/Restart", "its steps begin anew")
            same(p.calls("POST /Workflow/Instances/ID/Restart"), 1)
            p.good("restart", row["id"], "--yes")
            p.good("refresh")
            rows = [r for r in p.rows("requests") if r["state"] == "waits for a person"]
            same([r["can"][0] for r in rows], ["approve"], (kind, other))
            p.good("approve", rows[0]["id"], "--yes")
            p.bad("restart", rows[0]["id"], "--yes", says=["did not fail"])


@case
def ours_restarted():
    """an order of ours is followed through the restart of its workflow to its certificate"""
    with Keyfactor() as p:
        p.do("set", approval="workflow", enums="name", restarts_as="another")
        p.account()
        running.openssl(p.folder, "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-out",
                        "r.csr", "-subj", "/CN=a.example.org", "-addext", "subjectAltName=DNS:a.example.org")
        p.good("order", "kf/command", "--names", "a.example.org", "--csr", p.path("r.csr"), "--template",
               "WebServer", "--yes")
        p.do("fail", instance=p.state()["instances"][0]["Id"])
        p.good("refresh")
        p.good("restart", p.rows("requests")[0]["id"], "--yes")
        p.do("decide", id=71)
        p.good("refresh")
        p.good("refresh")
        same([r["state"] for r in p.rows("requests") if r["type"] == "issue" or r["result"]], ["issued"])


@case
def planned():
    """a dry run says which calls would be made, and makes none"""
    with Keyfactor() as p:
        p.account()
        p.do("request", name="a.example.org")
        p.good("refresh")
        row = p.request("a.example.org")["id"]
        before = p.state()["calls"]
        for args in (["approve", row], ["deny", row, "--reason", "no"]):
            out = p.good(*args, "--dry-run").out
            holds(out, "POST /Workflow/Certificates/" + args[0].title(), "curl", "$CURL_CONFIG")
        same(p.state()["calls"], before)


cases()
