#!/usr/bin/python3
"""The program against the simulator of Sectigo: domains, their delegations and their validation."""
import os
import sys

from place import case, cases, holds, same
from sectigo_place import STORE, Sectigo

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "sim"))
import running      # noqa: E402

TOKEN = "v1.0-not-a-real-token"
HTML = "<html><head><title>Maintenance</title></head><body>Back soon</body></html>"


def told(p, *names):
    p.account()
    for name in names:
        p.do("domain", name=name)
    p.good("refresh", STORE)


@case
def listed():
    """every domain with its delegations, its state, its validation, its method and its end, by both doors"""
    for by in ("password", "api-key"):
        with Sectigo(by) as p:
            p.do("domain", name="example.org", status="VALIDATED", method="CNAME", expires="2099-08-01")
            p.do("domain", name="www.example.org", status="VALIDATED", method="CNAME", expires="2099-08-01",
                 organization=502)
            p.do("domain", name="old.example", status="EXPIRED", method="EMAIL", expires="2020-01-01")
            p.do("domain", name="off.example", state="SUSPENDED")
            p.do("domain", name="asked.example", delegation="REQUESTED")
            p.do("domain", name="xn--bcher-kva.example")
            holds(p.account(), "2 organizations and 1 department in one store")
            holds(p.good("refresh", STORE).out, "6 domains")
            same({r["name"]: r["state"] for r in p.rows("objects") if r["type"] == "domain"},
                 {"example.org": "validated", "www.example.org": "validated", "old.example": "expired",
                  "off.example": "suspended", "asked.example": "waits for approval",
                  "bücher.example": "not validated"})
            row = p.object("example.org")
            same(row["summary"], "until 2099-08-01 by CNAME; Example University (SSL)")
            same((row["store"], row["facts"]["delegated to"]), (STORE, "Example University (SSL)"))
            same(row["can"], ["validate", "object-edit", "object-drop"])
            same(p.object("www.example.org")["can"], ["object-edit", "object-drop"])
            same(p.object("www.example.org")["facts"]["delegated to"], "IT (SSL)")
            same(p.object("asked.example")["facts"]["wait for approval"], "501")
            same(p.object("bücher.example")["facts"]["in DNS"], "xn--bcher-kva.example")
            row = p.domain("example.org")
            same((row["state"], row["method"]), ("validated", "dns"))
            holds(str(row), "2099-08-01", "registered, active", "Example University (SSL)")
            same([p.domain(n)["state"] for n in ("old.example", "off.example", "bücher.example")],
                 ["over", "not valid", "not valid"])


@case
def pages():
    """many come page by page, also where their number is not told"""
    with Sectigo() as p:
        p.do("many", count=401)
        p.account()
        for totals in (True, False):
            p.do("set", has_totals=totals)
            p.do("calls")
            holds(p.good("refresh", STORE).out, "401 domains")
            same(p.calls("GET /domain/v1"), 3)
            same(p.calls("GET /dcv/v1/validation"), 3)


@case
def changed():
    """a domain is added, delegated, taken back, approved, rejected, suspended, activated, deleted"""
    with Sectigo() as p:
        told(p)
        ask = ("object-add", STORE, "--name", "Bücher.example", "--organization", "Example University")
        holds(p.good("--dry-run", *ask).out, "POST /domain/v1", "xn--bcher-kva.example")
        same(p.do("state")["domains"], [])
        holds(p.good(*ask, "--cert-types", "SSL,SMIME", "--yes").out, "is at Sectigo")
        there = p.theirs("xn--bcher-kva.example")
        same(there["delegations"][0]["certTypes"], ["SSL", "SMIME"])
        p.bad(*ask, "--yes", says=["-700"])
        p.bad("object-add", STORE, "--name", "a.example", "--organization", "Nobody", "--yes",
              says=["no organization or department is called Nobody"])
        p.bad("object-add", STORE, "--name", "a.example", "--organization", "501", "--cert-types", "TLS",
              "--yes", says=["TLS is none of"])
        p.good("refresh", STORE)
        there = p.object("bücher.example")["id"]
        holds(p.good("--dry-run", "object-edit", there, "--delegate", "IT").out, "/delegation")
        p.do("set", is_mrao=False)
        holds(p.good("--yes", "object-edit", there, "--delegate", "IT").out, "delegated to IT")
        p.good("refresh", STORE)
        same(p.object("bücher.example")["state"], "waits for approval")
        p.bad("--yes", "object-edit", there, "--approve", "IT", says=["-3", "not authorized"])
        p.do("set", is_mrao=True)
        p.good("--yes", "object-edit", there, "--approve", "502")
        same([o["status"] for o in p.theirs("xn--bcher-kva.example")["delegations"]], ["ACTIVE", "ACTIVE"])
        p.bad("--yes", "object-edit", there, "--reject", "502", says=["-705"])
        p.good("--yes", "object-edit", there, "--undelegate", "IT", "--status", "suspended")
        now = p.theirs("xn--bcher-kva.example")
        same((now["state"], len(now["delegations"])), ("SUSPENDED", 1))
        p.good("--yes", "object-edit", there, "--status", "active")
        same(p.theirs("xn--bcher-kva.example")["state"], "ACTIVE")
        p.bad("object-drop", there, says=["say --yes"])
        p.good("--yes", "object-drop", there)
        same((p.do("state")["domains"], [r for r in p.rows("objects") if r["type"] == "domain"]), ([], []))


@case
def by_dns():
    """a validation's record is published by who has the zone, seen on its servers, submitted, and over"""
    with Sectigo() as p, running.Running("aws") as world:
        port = world.do("dns")["port"]
        p.configure("[dns]\nservers=127.0.0.1@%d\nport=%d\n" % (port, port))
        world.do("zone", name="example.org", account="999988887777")
        told(p, "example.org", "example.net")
        with running.Running("cloudflare", "--world", world.url, "--zone", "example.org") as service:
            p.good("accounts", "add", "--name", "cf", "--provider", "cloudflare", "--keep", "memory",
                   "--token-command", "echo " + TOKEN, "--url", service.url + "/client/v4")
            both = [p.object(name)["id"] for name in ("example.org", "example.net")]
            holds(p.good("--dry-run", "validate", *both).out, "start/domain/cname",
                  "nothing is put into DNS")
            p.good("validate", *both)
            row = p.request("example.org")
            same((row["state"], row["type"]), ("waits for a person", "validate"))
            holds(row["records"][0], "example.org. 300 IN CNAME", ".sectigo.com.")
            p.good("validate", both[0])             # once more: with the same record
            same(p.request("example.org")["records"], row["records"])
            same(p.calls("POST /dcv/v1/validation/start/domain/cname"), 2)
            p.certty("sync", row["id"])
            same((p.request("example.org")["state"], p.theirs("example.org")["order"]),
                 ("waits for DNS", "AWAITING_SUBMISSION"))
            holds(p.good("publish", row["id"]).out, "by cf")
            same((p.request("example.org")["state"], p.theirs("example.org")["order"]),
                 ("waits for the CA", "SUBMITTED"))
            p.do("check", name="example.org")
            holds(p.good("sync", row["id"]).out, "Validated until")
            same(p.request("example.org")["state"], "issued")
            p.good("refresh", STORE)
            same((p.object("example.org")["state"], p.domain("example.org")["state"]),
                 ("validated", "validated"))
            same(p.request("example.org")["state"], "issued")


@case
def again():
    """a domain that is validated is not validated anew before it is valid longer than before"""
    with Sectigo() as p, running.Running("aws") as world:
        port = world.do("dns")["port"]
        p.configure("[dns]\nservers=127.0.0.1@%d\nport=%d\n" % (port, port))
        world.do("zone", name="example.org")
        ends = p.do("day", days=20)["is"]
        p.do("domain", name="example.org", status="VALIDATED", method="CNAME", expires=ends)
        told(p)
        p.good("validate", p.object("example.org")["id"], "--method", "txt")
        row = p.request("example.org")
        holds(row["records"][0], '_pki-validation.example.org. 300 IN TXT "a \\"b\\\\c;d%e`f<g>h')
        p.good("refresh", STORE)
        same((p.request("example.org")["state"], p.domain("example.org")["state"]),
             ("waits for a person", "validated"))
        p.do("check", name="example.org")
        p.good("refresh", STORE)
        same(p.request("example.org")["state"], "issued")


@case
def by_file_and_mail():
    """a file on the web server, a mail to a mailbox that is offered, the mail again, and all of it cleared"""
    with Sectigo() as p:
        told(p, "example.org", "example.net")
        web, mail = (p.object(n)["id"] for n in ("example.org", "example.net"))
        p.good("validate", web, "--method", "https")
        row = p.request("example.org")
        holds(p.good("show", row["id"]).out, "https://example.org/.well-known/pki-validation/", "sectigo.com")
        p.good("sync", row["id"])
        same((p.request("example.org")["state"], p.theirs("example.org")["order"]),
             ("waits for the CA", "SUBMITTED"))
        p.good("validate", web)
        holds(p.good("sync", row["id"]).out, "Submitted")
        p.do("check", name="example.org", good=False)
        p.good("sync", row["id"])
        same(p.request("example.org")["state"], "failed")
        p.bad("validate", mail, "--method", "email", says=["hostmaster@example.net"])
        p.bad("validate", mail, "--method", "email", "--email", "jo", says=["say which mailbox"])
        p.good("validate", mail, "--method", "email", "--email", "hostmaster")
        row = p.request("example.net")
        holds(p.good("show", row["id"]).out, "hostmaster@example.net")
        same(row["can"], ["sync", "resend", "withdraw"])
        p.good("resend", row["id"])
        same(p.calls("POST /dcv/v1/validation/submit/domain/email"), 2)
        p.good("--yes", "withdraw", row["id"])
        same((p.request("example.net")["state"], p.theirs("example.net")["order"]),
             ("withdrawn", "NOT_INITIATED"))


@case
def refused():
    """what may not be, and what breaks, is a sentence, and loses nothing that was known"""
    with Sectigo() as p:
        told(p, "example.org")
        here = p.object("example.org")["id"]
        p.sim.fault(path="/domain/v1$", times=9, status=503, body=HTML)
        run = p.certty("refresh", STORE)
        if not run.status or "<html" in run.err:
            raise AssertionError(run.err + run.out)
        same(p.object("example.org")["state"], "not validated")
        p.do("faults")
        p.sim.fault(path="/start/", times=1, status=400, body='{"code":-987654}')
        p.bad("validate", here, says=["-987654"])
        p.sim.fault(path="/start/", times=1, status=200, body=HTML)
        p.bad("validate", here, says=["a web page came instead of an answer"])
        p.sim.fault(path="/start/", times=1, drop=True)
        p.bad("validate", here)
        p.good("refresh", STORE)                    # what was begun all the same is found
        same(p.request("example.org")["state"], "waits for a person")
        p.sim.fault(path="/dcv/v1/validation$", times=1, lie=True)
        p.good("refresh", STORE)
        p.do("set", may_dcv=False)
        run = p.certty("refresh", STORE)
        holds(run.out + run.err, "not authorized to perform DCV")
        same(p.object("example.org")["can"], ["object-edit", "object-drop"])
        p.bad("--yes", "validate", here, says=["does not do this"])


cases()
