#!/usr/bin/python3
"""The program against the simulator of Sectigo: certificates, their orders, and Sectigo as an issuer."""

import contextlib
import os
import sqlite3

from place import case, cases, holds, same
from sectigo_place import STORE, Sectigo

HTML = "<html><head><title>Maintenance</title></head><body>Back soon</body></html>"
REPORT = "POST /report/v1/ssl-certificates"


class Orders(Sectigo):
    """A place with a domain that is validated, and requests made by openssl."""

    def __init__(self, by="password"):
        super().__init__(by)
        self.do("domain", name="example.org", status="VALIDATED", method="CNAME", expires="2099-01-01")
        self.account()

    def csr(self, *names):
        path = self.path(names[0] + ".csr")
        self.openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", self.path(names[0] + ".key"),
                     "-out", path, "-subj", "/CN=" + names[0], "-addext",
                     "subjectAltName=" + ",".join("DNS:" + n for n in names))
        return path

    def ask(self, *names, **more):
        asked = dict({"organization": "501", "profile": "OV Multi-Domain"}, **more)
        return ["order", STORE, "--names", ",".join(names), "--csr", self.csr(*names), "--yes"] + \
            [part for key, value in asked.items() for part in ("--" + key, value)]

    def names(self):
        return sorted(r["name"] for r in self.rows("certs")
                      if STORE in (place["store"] for place in r["places"]))

    def cert(self, name):
        return next(r for r in self.rows("certs") if r["name"] == name)["id"]

    def waits(self, title):
        """An order, whose renewal is a row beside it."""
        return next(r for r in self.rows("requests") if r["title"] == title and r["type"] == "order")

    def later(self, seconds=601):
        """What was sent was sent so much earlier."""
        with contextlib.closing(sqlite3.connect(self.path("state", "certty", "certty.db"))) as db, db:
            db.execute("UPDATE request SET since = since - ?", (seconds,))

    def not_there(self, title):
        """Sync does not find it, and holds that for certain only when it cannot come any more."""
        row = self.waits(title)["id"]
        holds(self.good("sync", row).out, "may still be at work on it")
        same((self.request_at(row)["state"], self.request_at(row)["theirs"]),
             ("waits for the provider", "Not answered"))
        self.later()
        self.good("sync", row)
        same(self.request_at(row)["state"], "failed")

    def order(self, name):
        return next(c for c in self.do("state")["certs"] if c["name"] == name)


@case
def listed():
    """all certificates by one report, or by lists and one by one; bytes are read once, by both doors"""
    for by in ("password", "api-key"):
        for may in (True, False):
            with Orders(by) as p:
                p.do("set", may_report=may)
                for name in ("www", "shop", "api"):
                    p.do("order", name=name + ".example.org", status="Issued")
                p.do("order", name="old.example.org", status="Revoked")
                p.do("order", name="sa.example.org", status="SA Approved")
                holds(p.good("refresh", STORE).out, "4 certificates, 1 domain")
                calls = [call for call in p.do("state")["calls"] if "/domain/v1" in call or "collect" in call]
                same("collect" in calls[-1], True, "the bytes are read behind all lists")
                same(p.request("sa.example.org")["state"], "waits for a person")
                same(p.names(), [n + ".example.org" for n in ("api", "old", "shop", "www")])
                row = next(r for r in p.rows("certs") if r["name"] == "www.example.org")
                same((row["issuer"], row["key"]), ("Sim OV CA", "EC P-256"))
                holds(p.good("show", row["id"]).out, "Example University", "OV Multi-Domain", "200 days")
                p.do("calls")
                p.good("refresh", STORE)
                calls = p.do("state")["calls"]
                same([v for k, v in calls.items() if "collect" in k], [])
                door = "v1" if by == "password" else "v2"
                same(calls[r"GET /ssl/%s/(\d+)" % door], 1, "what waits is looked at, and nothing else")
                same(calls[REPORT], 1)


@case
def given():
    """a chain is written to a file; one is revoked, with its reason, and its row says so"""
    for by in ("password", "api-key"):
        with Orders(by) as p:
            p.do("order", name="www.example.org", status="Issued")
            p.good("refresh", STORE)
            here, to = p.cert("www.example.org"), p.path("www.pem")
            holds(p.good("--dry-run", "export", here, "--file", to, "--format", "chain").out, "GET /ssl/")
            p.good("export", here, "--file", to, "--format", "chain")
            p.openssl("crl2pkcs7", "-nocrl", "-certfile", to, "-out", to + ".p7")
            said = p.openssl("pkcs7", "-print_certs", "-noout", "-in", to + ".p7").decode()
            same([line for line in said.splitlines() if line.startswith("subject")],
                 ["subject=CN = www.example.org", "subject=CN = Sim OV CA", "subject=CN = Sim Root"])
            p.bad("revoke", here, "--reason", "privilege-withdrawn", "--yes", says=["for that reason"])
            p.good("revoke", here, "--reason", "superseded", "--comment", "a new one", "--yes")
            same(p.order("www.example.org")["status"], "Revoked")
            p.good("refresh", STORE)
            holds(p.good("show", p.cert("www.example.org")).out, "REVOKED")


@case
def ordered():
    """an order waits for approval, is approved after a look, issued, collected and kept"""
    with Orders() as p:
        p.do("set", fields=[{"id": 1, "name": "Service", "mandatory": True}], slow=2, issues=False)
        ask = p.ask("www.example.org", "alias.example.org", requester="web@example.org",
                    comments="for the shop")
        p.bad(*ask, says=["-62"])
        same(p.do("state")["certs"], [])
        holds(p.good("--dry-run", *ask).out, "POST /ssl/v1/enroll")
        p.bad(*ask, "--term", "30", says=["the profile OV Multi-Domain offers 90, 200 days, and not 30"])
        p.bad(*[a if a != "OV Multi-Domain" else "OV Single" for a in ask],
              says=["the profile OV Single is for a single name", "these are 2"])
        p.bad(*p.ask("*.example.org", profile="OV Single"), says=["OV Single is for no wildcard"])
        p.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes", "-keyout",
                  p.path("ec.key"), "-out", p.path("ec.csr"), "-subj", "/CN=ec.example.org",
                  "-addext", "subjectAltName=DNS:ec.example.org")
        small = ["order", STORE, "--names", "ec.example.org", "--csr", p.path("ec.csr"), "--organization",
                 "501", "--yes", "--profile"]
        p.bad(*small, "OV Single", says=["OV Single takes keys of RSA 2048, and this one is EC P-384"])
        same(p.calls("POST /ssl/v1/enroll"), 1, "the mandatory field that is missing only Sectigo tells")
        p.bad(*[a if a != "OV Multi-Domain" else "DV" for a in ask], says=["OV Single (200 days)"])
        holds(p.good(*ask, "--fields", "Service=web", "--term", "90").out, "Requested")
        there = p.order("www.example.org")
        same((there["names"], there["term"], there["external"], there["fields"]),
             (["www.example.org", "alias.example.org"], 90, "web@example.org",
              [{"name": "Service", "value": "web"}]))
        row = next(r for r in p.rows("requests") if r["state"] == "waits for a person")
        holds(p.good("show", row["id"]).out, "Example University", "for the shop", "Service=web", "90 days")
        p.good("--yes", "approve", row["id"])
        same(p.request_at(row["id"])["state"], "waits for the CA")
        p.do("issue", name="www.example.org")
        holds(p.good("sync", row["id"]).out, "cannot be collected yet")
        same(p.request_at(row["id"])["state"], "waits for the provider")
        holds(p.good("sync", row["id"]).out, "kept in the own repository")
        same(p.request_at(row["id"])["state"], "issued")
        p.good("refresh", STORE)
        same(p.names(), ["www.example.org"])


@case
def decided():
    """orders of others are rows, approved or declined as they were looked at"""
    with Orders() as p:
        for name in ("a", "b", "c"):
            p.do("order", name=name + ".example.org")
        p.good("refresh", STORE)
        rows = {r["title"]: r for r in p.rows("requests")}
        same(sorted(rows), [n + ".example.org" for n in "abc"])
        before = p.good("show", rows["a.example.org"]["id"]).out
        p.good("refresh", STORE)
        same(p.good("show", rows["a.example.org"]["id"]).out, before)
        p.good("--yes", "approve", rows["a.example.org"]["id"])
        p.bad("--yes", "deny", rows["b.example.org"]["id"])
        p.good("--yes", "deny", rows["b.example.org"]["id"], "--reason", "not ours")
        same([c["status"] for c in p.do("state")["certs"]], ["Issued", "Declined", "Requested"])
        p.do("set", approves=False)
        p.bad("--yes", "approve", rows["c.example.org"]["id"], says=["-3", "right"])
        same({t: p.request(t)["state"] for t in rows},
             {"a.example.org": "issued", "b.example.org": "denied", "c.example.org": "waits for a person"})


@case
def lost():
    """an order whose answer is lost is found again, or known not to be there, and never sent twice"""
    with Orders() as p:
        ask = p.ask("www.example.org")
        p.sim.fault(path="/enroll$", times=1, drop=True)
        p.bad(*ask, says=["not known; sync finds out"])
        same(len(p.do("state")["certs"]), 1)
        p.bad(*ask, says=["ordered before"])
        row = p.request("www.example.org")
        p.good("sync", row["id"])
        same((len(p.do("state")["certs"]), p.request("www.example.org")["state"]), (1, "waits for a person"))
        ask = p.ask("shop.example.org")
        p.sim.fault(path="/enroll$", times=1, status=504, body=HTML)
        p.bad(*ask, says=["not known"])
        p.not_there("shop.example.org")
        p.good(*ask)
        same(len(p.do("state")["certs"]), 2)


@case
def interrupted():
    """an order that failed within the service is taken for one that may be there; nothing is sent twice"""
    with Orders() as p:
        for body, status in (('{"code":-129,"description":"Connection error"}', 400), (HTML, 503)):
            name = "c%d.example.org" % status
            ask = p.ask(name)
            p.do("calls")
            p.sim.fault(path="/enroll$", times=1, status=status, body=body)
            p.bad(*ask, says=["not known; sync finds out"])
            same(p.calls("POST /ssl/v1/enroll"), 0, "it is not sent again by itself")
            p.bad(*ask, says=["ordered before"])
            p.do("order", name="other.example.org", status="Requested")
            p.not_there(name)


@case
def disturbed():
    """each disturbance is a sentence, what is known stays, and only one refusal is asked for"""
    with Orders() as p:
        p.do("order", name="www.example.org", status="Issued")
        p.sim.fault(path="/report/", times=1, status=400, body='{"code":-195,"description":"CA is not there"}')
        p.sim.fault(path="/domain/v1$", times=1, status=503, body=HTML)
        p.sim.fault(path="/collect/", times=1, lie=True)
        p.sim.fault(path="/dcv/", times=1, lie=True)
        p.good("refresh", STORE)
        same(p.names(), ["www.example.org"], "what passes is asked for again, whatever it calls its type")
        for status, body, said in (
                (401, '{"code":-16,"description":"Unknown user"}', "check login, password and customer URI"),
                (401, HTML, "the sign-in was refused; check login")):
            p.do("calls")
            p.sim.fault(path="/api/", times=1, status=status, body=body)
            p.bad("refresh", STORE, says=[said])
            same(p.do("state")["calls"], {})
        for status, body, said in (
                (403, HTML, 'a web page came instead of an answer (status 403, "Maintenance")'),
                (200, HTML, 'a web page came instead of an answer (status 200, "Maintenance")'),
                (200, '{"code":-1}', "the answer is no list"),
                (400, '{"code":-65}', "it failed inside the service (-65); try again later"),
                (400, '{"code":-4711}', "status 400 (-4711)")):
            p.sim.fault(path="/domain/v1$", times=1, status=status, body=body)
            run = p.refresh()
            holds(run.out + run.err, said)
            same((p.names(), [r["name"] for r in p.rows("objects") if r["type"] == "domain"],
                  p.domain("example.org")["state"]), (["www.example.org"], ["example.org"], "validated"))


@case
def broken_off():
    """a list that breaks off loses nothing, and the refresh after it asks for what is missing alone"""
    with Orders() as p:
        p.do("set", may_report=False)
        for i in range(3):
            p.do("order", name="a%d.example.org" % i, status="Issued")
        p.good("refresh", STORE)
        p.do("order", name="new.example.org", status="Issued")
        p.do("order", name="old.example.org", status="Revoked")
        p.do("domain", name="example.net", status="VALIDATED", method="CNAME", expires="2099-01-01")
        p.sim.fault(path="/ssl/v1$", times=1, status=400, body='{"code":-65,"description":"x"}')
        run = p.refresh()
        holds(run.out + run.err, "(-65 x); try again later; the list broke off there: what has come is kept")
        same(p.names(), ["a%d.example.org" % i for i in range(3)])
        same(p.domain("example.net")["state"], "validated", "all else is read all the same")
        p.do("calls")
        p.good("refresh", STORE)
        same(p.calls(r"GET /ssl/v1/(\d+)"), 2, "what was known is not asked for again")
        same(len(p.names()), 5)
        p.do("set", may_report=True)
        p.do("calls")
        p.sim.fault(path="/report/", times=1, status=400, body='{"code":-65,"description":"x"}')
        run = p.refresh()
        holds(run.out + run.err, "reporting on certificates (POST /report/v1/ssl-certificates): it failed")
        same((p.calls("GET /ssl/v1"), len(p.names())), (0, 5))


@case
def renewed():
    """a renewal keeps its request and its names, is ordered once, and found again when its answer is lost"""
    with Orders() as p:
        for name in ("www", "api"):
            p.do("order", name=name + ".example.org", names=[name + ".example.org", "x.example.org"],
                 status="Issued")
        p.good("refresh", STORE)
        www, api = p.cert("www.example.org"), p.cert("api.example.org")
        holds(p.good("--dry-run", "renew", www).out, "POST /ssl/v1/renewById/", "and so its key")
        holds(p.good("--yes", "renew", www).out, "Requested")
        p.bad("--yes", "renew", www, says=["being renewed"])
        row = p.waits("www.example.org")
        same((row["names"], row["state"]), (["www.example.org", "x.example.org"], "waits for a person"))
        p.good("--yes", "approve", row["id"])
        same(p.request_at(row["id"])["state"], "issued")
        p.bad("--yes", "renew", www, says=["renewed it already"])
        p.sim.fault(path="/renewById/", times=1, drop=True)
        p.bad("--yes", "renew", api, says=["not known; sync finds out"])
        p.bad("--yes", "renew", api, says=["being renewed"])
        row = p.waits("api.example.org")
        p.good("sync", row["id"])
        row = p.waits("api.example.org")
        same((len(p.do("state")["certs"]), row["state"]), (4, "waits for a person"))
        new = max(c["id"] for c in p.do("state")["certs"] if c["name"] == "api.example.org")
        same(row["id"].endswith("/%d" % new), True)
        p.do("order", name="late.example.org", status="Issued")
        p.good("refresh", STORE)
        p.sim.fault(path="/renewById/", times=1, status=504, body=HTML)
        p.bad("--yes", "renew", p.cert("late.example.org"), says=["not known"])
        p.not_there("late.example.org")
        same(len(p.do("state")["certs"]), 5)


@case
def replaced():
    """one is issued anew under its number for another request; a lost answer tells by the certificate"""
    with Orders() as p:
        p.do("order", name="www.example.org", status="Issued")
        p.good("refresh", STORE)
        before, number = p.cert("www.example.org"), p.order("www.example.org")["id"]
        ask = ["reissue", before, "--csr", p.csr("www.example.org", "new.example.org"), "--reason",
               "a name more", "--yes"]
        holds(p.good("--dry-run", *ask).out, "POST /ssl/v1/replace/%d" % number, "its key is not sent")
        p.bad(*ask, "--names", "www.example.org", says=["new.example.org"])
        p.sim.fault(path="/replace/", times=1, status=504, body=HTML)
        p.bad(*ask, says=["not known; sync finds out"])
        p.bad(*ask, says=["renewed or replaced already"])
        p.not_there("www.example.org")
        p.do("set", issues=False)
        p.sim.fault(path="/replace/", times=1, drop=True)
        p.bad(*ask, says=["not known"])
        p.good("sync", p.request("www.example.org")["id"])
        same(p.request("www.example.org")["state"], "waits for the CA")
        p.do("issue", name="www.example.org")
        holds(p.good("sync", p.request("www.example.org")["id"]).out, "kept in the own repository")
        same([c["names"] for c in p.do("state")["certs"]], [["www.example.org", "new.example.org"]])
        p.good("refresh", STORE)
        after = p.cert("www.example.org")
        same(after != before, True)
        p.bad("reissue", after, "--csr", p.path("www.example.org.csr"), "--reason", "again", "--yes",
              says=["issued for that request"])
        p.do("set", late=True)
        p.good("reissue", after, "--csr", p.csr("www.example.org"), "--reason", "one less", "--yes")
        same(p.request("www.example.org")["theirs"], "Being replaced")
        p.good("refresh", STORE)
        same(p.request("www.example.org")["theirs"], "Being replaced")


@case
def deleted():
    """what was imported is deleted there; what was ordered is not, and nobody is asked about that"""
    with Orders() as p:
        p.do("order", name="www.example.org", status="Issued")
        p.do("order", name="old.example.org", status="Issued", via="Imported")
        p.good("refresh", STORE)
        p.bad("--yes", "remove", p.cert("www.example.org"), says=["imported or discovered"])
        same(p.calls(r"DELETE /ssl/v1/(\d+)"), 0)
        here = p.cert("old.example.org")
        holds(p.good("--dry-run", "remove", here).out, "DELETE /ssl/v1/", "not revoked")
        p.good("--yes", "remove", here)
        p.good("refresh", STORE)
        same(p.names(), ["www.example.org"])


@case
def edited():
    """an order that waits is changed as it was looked at, and one that was declined asks once more"""
    with Orders() as p:
        p.do("order", name="www.example.org", fields=[{"name": "Service", "value": "web"}])
        p.do("order", name="api.example.org")
        p.good("refresh", STORE)
        row = p.request("www.example.org")["id"]
        p.bad("--yes", "request-edit", row, says=["say what shall be different"])
        ask = ("request-edit", row, "--names", "www.example.org,alias.example.org", "--term", "90",
               "--fields", "Owner=me", "--comments", "sooner")
        holds(p.good("--dry-run", *ask).out, "PUT /ssl/v1", "what is not named stays")
        p.bad("--yes", *ask[:4], "--term", "30", says=["offers 90, 200 days"])
        holds(p.good("--yes", *ask).out, "Requested")
        there = p.order("www.example.org")
        same((there["names"], there["term"], there["comments"], there["fields"]),
             (["www.example.org", "alias.example.org"], 90, "sooner",
              [{"name": "Owner", "value": "me"}, {"name": "Service", "value": "web"}]))
        p.good("--yes", "deny", row, "--reason", "not so")
        p.good("--yes", "request-edit", row, "--comments", "please")
        same((p.order("www.example.org")["status"], p.request_at(row)["state"]),
             ("Requested", "waits for a person"))
        p.good("--yes", "approve", row)
        p.bad("--yes", "request-edit", row, "--comments", "too late", says=["cannot be changed any more"])
        row = p.request("api.example.org")["id"]
        p.bad("--yes", "request-edit", row, "--profile", "DV", says=["OV Single (200 days)"])
        p.good("--yes", "request-edit", row, "--profile", "OV Single")
        same(p.order("api.example.org")["profile"], 9002)


@case
def issued():
    """enroll makes a key here and has Sectigo sign it, waiting for an approval in between"""
    with Orders() as p:
        ask = ("enroll", "--names", "www.example.org", "--issuer", STORE, "--organization",
               "Example University", "--profile", "9001", "--plain", "--yes")
        holds(p.good(*ask, "--dry-run").out, "POST /ssl/v1/enroll", "the private key is not sent")
        p.good(*ask)
        orders = [c for c in p.do("state")["certs"] if c["name"] == "www.example.org"]
        same(len(orders), 1)
        row = next(r for r in p.rows("requests") if r["type"] == "order")
        p.good("--yes", "approve", row["id"])
        enrolment = next(r for r in p.rows("requests") if r["type"] == "enroll")
        p.good("sync", enrolment["id"])
        same(p.request_at(enrolment["id"])["state"], "issued")
        same(len(p.do("state")["certs"]), 1)
        kept = p.path("data", "certty", "store", "www.example.org", "current")
        same(sorted(os.listdir(kept)), ["about.json", "cert.pem", "chain.pem", "key.pem"])


@case
def anchored():
    """validations of organizations are rows, asked about and renewed; one that blocks is named at once"""
    with Orders() as p:
        p.do("anchor", organization=501, how="differs")
        p.good("refresh", STORE)
        row = p.object("Example University OV", "anchor")
        same((row["state"], "city is Malmo at the CA and Lund here" in row["summary"]), ("differs", True))
        holds(p.good("show", row["id"]).out, "T-900001", "2099-01-15")
        p.bad(*p.ask("www.example.org"), says=["-181"])
        p.do("anchor", organization=501, how="EXPIRED")
        p.do("calls")
        p.bad(*p.ask("www.example.org", organization="502"), says=["Example University (OV) is EXPIRED"])
        p.do("set", profiles=[{"id": n, "name": name, "terms": [90], "keyTypes": {"RSA": ["2048"]}}
                              for n, name in ((9001, "OV Multi-Domain"), (9003, "Campus OV"))])
        ask = p.ask("www.example.org", organization="502", profile="Campus OV")
        p.bad(*ask, says=["is EXPIRED", "That the profile Campus OV is of OV is a guess from its name"])
        same((p.calls("POST /ssl/v1/enroll"), len(p.do("state")["certs"])), (0, 0))
        p.good(*ask, "--insist")
        p.do("set", levels={"9003": "Domain Validation (DV)"})
        p.good("refresh", STORE)
        p.good(*p.ask("a.example.org", organization="502", profile="Campus OV"))
        p.do("set", levels={"9003": "Organization Validation (OV)"})
        p.good("refresh", STORE)
        run = p.certty(*p.ask("b.example.org", organization="502", profile="Campus OV"))
        same(("is EXPIRED" in run.err, "guess" in run.err), (True, False), run.err)
        p.bad("--yes", "objects", "edit", row["id"], says=["sync or revalidate"])
        holds(p.good("--dry-run", "objects", "edit", row["id"], "--ask", "revalidate").out,
              "PUT /organization/v2/501/validations/901/revalidate")
        holds(p.good("--yes", "objects", "edit", row["id"], "--ask", "sync").out, "EXPIRED")
        holds(p.good("--yes", "objects", "edit", row["id"], "--ask", "revalidate").out, "its renewal PENDING")
        p.do("anchor", organization=501, how="")
        p.good("refresh", STORE)
        row = p.object("Example University OV", "anchor")
        same((row["state"], row["summary"]), ("validated", "OV, until 2099-01-15; its renewal: PENDING"))
        p.do("set", may_anchor=False)
        p.good("refresh", STORE)
        same([r["name"] for r in p.rows("objects") if r["type"] == "anchor"], [])
        p.good(*p.ask("www.example.org"))


@case
def entitled():
    """what the administrator may not do is refused with its reason before any call, until a test says else"""
    with Orders() as p:
        p.do("order", name="www.example.org", status="Issued")
        p.do("order", name="new.example.org")
        p.good("refresh", STORE)
        p.do("set", privileges=["sslRequest", "sslRenew"])
        holds(p.good("account-test", "scm").out,
              "as RAO_SSL it may order, renew, and may not approve orders, change orders, reissue")
        holds(p.good("show", "accounts/scm").out, "rights told", "as RAO_SSL it may order, renew, and may not")
        domain, waits = p.object("example.org")["id"], p.waits("new.example.org")["id"]
        p.do("calls")
        for order, why in (
                (("approve", waits), "approve orders"),
                (("deny", waits, "--reason", "no"), "approve orders"),
                (("request-edit", waits, "--comments", "x"), "change orders"),
                (("revoke", p.cert("www.example.org"), "--reason", "superseded"), "revoke"),
                (("validate", domain), "validate domains"),
                (("object-drop", domain), "change domains"),
                (("object-edit", domain, "--delegate", "502"), "change domains"),
                (("object-edit", domain, "--approve", "502"), "approve delegations"),
                (("--dry-run", "object-drop", domain), "change domains"),
                (("object-add", STORE, "--name", "example.net", "--organization", "501"), "change domains")):
            p.bad("--yes", *order, says=["scm may not %s: " % why, "a privilege", "test the account"])
        same(p.do("state")["calls"], {}, "nothing is asked")
        see = ["sectigo", "acme-domain", "--organization", "501"]
        p.good(*see, "example.org")
        p.bad(*see, "example.net", says=["scm may not change domains"])
        same(p.calls("POST /domain/v1"), 0)
        p.good(*p.ask("api.example.org"))
        p.do("set", role="MRAO")
        holds(p.good("account-test", "scm").out, "as MRAO it may do everything")
        p.good("--yes", "approve", waits)
        p.do("set", role="RAO_SSL", privileges=[])
        p.sim.fault(path="/admin/v1", times=2, status=400, body='{"code":-37,"description":"Access denied."}')
        holds(p.good("account-test", "scm").out, "may do there is not told")
        p.bad("--yes", "revoke", p.cert("www.example.org"), "--reason", "superseded", says=["-3"])


@case
def refused():
    """what is refused is a sentence: an anchor that differs, a name that is not validated, a page of HTML"""
    with Orders() as p:
        p.do("anchor", organization=501, how="differs")
        p.bad(*p.ask("www.example.org"), says=["-181"])
        p.do("anchor", organization=501, how="")
        p.bad(*p.ask("www.example.com"), says=["-1137", "www.example.com"])
        p.do("order", name="www.example.org", status="Issued")
        p.good("refresh", STORE)
        p.sim.fault(path="/(report|ssl)/", times=30, status=503, body=HTML)
        run = p.certty("refresh", STORE)
        if not run.status or "<html" in run.err:
            raise AssertionError(run.out + run.err)
        same(p.names(), ["www.example.org"])


cases()
