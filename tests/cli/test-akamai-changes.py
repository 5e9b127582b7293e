#!/usr/bin/python3
"""Changes under way at Akamai CPS: what each waits for, said yes and no to, supplied, cancelled, and
followed to its end, against a simulator whose time the test moves."""
from akamai_place import PRODUCTION, Akamai, missing, running
from place import case, cases, holds, same

PRE, POST = "wait-review-pre-verification-safety-checks", "wait-review-third-party-cert"
UPLOAD, MANAGE = "wait-upload-third-party", "wait-ack-change-management"
DV = "coordinate-domain-validation"


class Changes(Akamai):
    """A place with one enrollment, of which a change is under way and has come to a word."""

    def __init__(self, word, kind="renewal", csr=None, network=None, live=True, knobs=None,
                 seed_kind="third-party", options=(), **how):
        super().__init__(*options)
        self.id = self.do("seed", networks=("production", "staging") if live else (), kind=seed_kind,
                          **how)["ids"][0]
        self.do("set", **dict(knobs or {}))
        self.do("begin", id=self.id, kind=kind, csr=csr, **(network or {}))
        self.do("go", id=self.id, word=word)
        self.account()
        self.refresh()

    def refresh(self):
        return self.good("refresh", PRODUCTION).out

    def row(self):
        return self.rows("requests")[0]

    def enrollment(self, number=None):
        """The row of one as an object."""
        return next(o for o in self.rows("objects") if o["id"].endswith("/%d" % (number or self.id)))

    def word(self):
        change = self.state(self.id)["change"]
        return change and change["word"]

    def approve(self, row=None):
        row = row or self.row()
        accept = ["--accept", "; ".join(row["oddities"])] if row["oddities"] else []
        return self.good("approve", row["id"], "--yes", *accept)

    def kept(self):
        """The names of what is in the own repository."""
        self.good("refresh", "local/repository:" + self.path("data", "certty", "store"))
        return [c["name"] for c in self.rows("certs")
                if any("repository" in place["store"] for place in c["places"])]

    def sign(self, algorithm="RSA", **how):
        made = self.do("sign", csr=self.state(self.id)["change"]["csrs"][algorithm], **how)
        return made["leaf"], made["chain"], made["root"]

    def file(self, *pems):
        at = self.path("signed.pem")
        with open(at, "w", encoding="utf-8") as f:
            f.write("".join(pems))
        return at


@case
def warnings():
    """warnings before the key are shown word by word, accepted word for word, and acknowledged once"""
    if missing():
        return missing()
    said = "[WARNINGS]\nThe name www.shop.example overlaps\n  with enrollment 10077"
    with Changes(PRE, knobs={"pre_warnings": said}) as p:
        row = p.row()
        same((row["waits_for"], row["can"][:2]), ("you", ["approve", "deny"]))
        same(row["oddities"], ["[WARNINGS]", "The name www.shop.example overlaps", "with enrollment 10077"])
        holds(p.good("show", row["id"]).out, "overlaps", "Enrollment id", str(p.id), "Change id",
              PRE + " (awaiting-input)")
        p.bad("approve", row["id"], "--yes", says=["overlaps"])
        p.bad("approve", row["id"], "--yes", "--accept", "[WARNINGS]", says=["other warnings"])
        same(p.word(), PRE)
        p.approve()
        same(p.word(), "generate-csr")
        p.do("go", id=p.id, word=UPLOAD)
        p.good("sync", row["id"])
        same((p.row()["waits_for"], p.row()["can"][0]), ("you", "supply"))


@case
def by_rule():
    """a rule that lists warnings word for word acknowledges those, and stops at any other"""
    if missing():
        return missing()
    listed = "The name www.shop.example overlaps"
    rule = ("\n[account ak]\napprove = by-rule\napprove-types = change\napprove-names = shop.example\n"
            "approve-warnings = %s\n" % listed)
    for said, word in ((listed + " with enrollment 10077", PRE), (listed, "generate-csr")):
        with Changes(PRE, knobs={"pre_warnings": said}, cn="www.shop.example", sans=["www.shop.example"]) as p:
            with open(p.config, encoding="utf-8") as f:
                text = f.read()
            with open(p.config, "w", encoding="utf-8") as f:
                f.write(text.replace("[account ak]\n", rule.lstrip()))
            p.certty("run", "--due", "--for", "5m")
            same(p.word(), word, p.row())
    return None


@case
def reworded():
    """what changed since it was looked at is not approved; CPS's hash goes with the yes"""
    if missing():
        return missing()
    with Changes(MANAGE, csr={"sans": ["www.shop.example"]}, sans=["old.shop.example"],
                 knobs={"deadline": 90000000}) as p:
        p.refresh()
        row = p.row()
        holds("\n".join(row["oddities"]), "old.shop.example", "still live on the network", "goes to Production")
        shown = p.good("show", row["id"]).out
        holds(shown, "Deadline", "Live in Production", "New certificate RSA", "Validation hash",
              "Preferred ciphers", "Name that goes", "old.shop.example")
        p.do("set", reword=1)
        p.bad("approve", row["id"], "--yes", "--accept", "; ".join(row["oddities"]), says=["changed since"])
        same(p.word(), MANAGE)
        same(p.calls("POST"), [])
        p.approve()
        same(p.word(), "deploy-cert-to-production")
        same(len(p.calls("change-management-ack")), 1)
        p.do("go", id=p.id, word="complete")
        p.refresh()
        same(p.row()["state"], "issued")
        same(p.state(p.id)["deployed"]["production"], [p.row()["result"]])
        kept = p.kept()
        same("www.shop.example" in kept, True, "what came of a yes is kept here, too: %s" % kept)
        p.do("begin", id=p.id, kind="renewal")
        p.refresh()
        p.do("go", id=p.id, word="complete")
        p.refresh()
        same([r["state"] for r in p.rows("requests")], ["issued"] * 2)
        same(p.kept(), kept, "what CPS did by itself is not")


@case
def denied():
    """a denial ends the change; the live certificate stays"""
    if missing():
        return missing()
    with Changes(MANAGE) as p:
        before = p.state(p.id)["deployed"]["production"]
        p.good("deny", p.row()["id"], "--reason", "not this week", "--yes")
        same((p.row()["state"], p.word()), ("denied", None))
        same(p.state(p.id)["deployed"]["production"], before)


@case
def cancelled():
    """a first change takes its enrollment with it, and says so before"""
    if missing():
        return missing()
    with Changes(UPLOAD, kind="new-certificate", live=False) as p:
        row = p.row()
        plan = p.good("withdraw", row["id"], "--dry-run").out
        holds(plan, "deletes it with this change", "CSR is lost with its key", "DELETE /cps/v2/enrollments/")
        p.good("withdraw", row["id"], "--yes")
        same(p.row()["state"], "withdrawn")
        same(p.do("state")["enrollments"], {})
    with Changes(UPLOAD, knobs={"late_cancel": True}) as p:
        p.bad("withdraw", p.row()["id"], "--yes", says=["too late"])
        same(p.row()["waits_for"], "you")


@case
def supplied():
    """what is signed elsewhere goes to CPS in order and without the root; what is for another key does not"""
    if missing():
        return missing()
    with Changes(UPLOAD) as p:
        row = p.row()
        holds(p.good("show", row["id"]).out, "RSA: waits for its certificate")
        leaf, chain, root = p.sign()
        p.bad("supply", row["id"], "--file", p.file(p.sign(days=-0.5)[0]), says=["ended", "nothing was sent"])
        p.bad("supply", row["id"], "--file", p.file(chain, root), says=["for a key that CPS has made"])
        p.bad("supply", row["id"], "--file", p.make("other.example", 90), says=["nothing was sent"])
        same(p.calls("POST"), [])
        p.good("supply", row["id"], "--file", p.file(root, chain, leaf))
        same(p.word(), "verify-third-party-cert")
        same(p.row()["waits_for"], "the provider")
        p.do("go", id=p.id, word=MANAGE)
        p.good("sync", row["id"])
        p.approve()
        p.do("go", id=p.id, word="complete")
        p.good("sync", row["id"])
        same(p.row()["state"], "issued")
        p.good("refresh")
        same(p.cert("www.shop.example"), p.row()["result"][:16])


@case
def dual_stacked():
    """of a dual-stacked enrollment both certificates go at once, also when they come one by one"""
    if missing():
        return missing()
    with Changes(UPLOAD, stacked=True) as p:
        row = p.row()
        rsa, ecdsa = p.sign("RSA"), p.sign("ECDSA")
        holds(p.good("supply", row["id"], "--file", p.file(*rsa)).out, "once the other one is there")
        same(p.calls("POST"), [])
        holds(p.good("show", row["id"]).out, "RSA: its certificate is here", "ECDSA: waits for its certificate")
        p.good("supply", row["id"], "--file", p.file(*ecdsa))
        same(p.word(), "verify-third-party-cert")
        same(len(p.calls("POST")), 1)
        p.do("go", id=p.id, word=MANAGE)
        p.good("sync", row["id"])
        holds(p.good("show", row["id"]).out, "New certificate RSA", "New certificate ECDSA")


@case
def challenges():
    """challenges are records to deploy, are checked, and stay to be seen"""
    if missing():
        return missing()
    with Changes(DV, seed_kind="dv", cn="shop.example", sans=["*.shop.example"]) as p:
        row = p.row()
        same((row["waits_for"], row["can"]), ("DNS", ["publish", "sync", "approve", "withdraw"]))
        holds(row["theirs"], "coodinate-domain-validation (awaiting-input)")
        same(len(row["records"]), 2)
        holds(p.good("show", row["id"]).out, "Names to be proved", "*.shop.example", "http-01", "dns-01",
              "/.well-known/acme-challenge/", "or sends on to http://dcv.akamai.com", "Deadline")
        p.bad("publish", row["id"], says=["zone"])
        for record in row["records"]:
            name, _, _, _, value = record.split(" ")
            p.do("txt", name=name, value=value.strip('"'))
        p.approve()
        same(p.word(), "check-for-cert")
        p.do("go", id=p.id, word=MANAGE)
        p.good("sync", row["id"])
        same((p.row()["records"], p.row()["waits_for"]), ([], "you"))
        holds(p.good("show", row["id"]).out, "Names to be proved", "*.shop.example")
    with Changes(DV, seed_kind="dv", cn="shop.example") as p:
        p.approve()
        p.good("sync", p.row()["id"])
        holds(p.good("show", p.row()["id"]).out, "RESPONSE_ERROR", "domain not ready")
        same(len(p.row()["records"]), 1)


@case
def proved_by_edge_dns():
    """names are proved by records in Edge DNS: looked for too early, published, looked for again, and shown"""
    if missing():
        return missing()
    with running.Running("aws") as world, \
            Changes(DV, seed_kind="dv", cn="shop.example", sans=["*.shop.example"],
                    options=("--zone", "shop.example", "--world", world.url)) as p:
        world.do("zone", name="shop.example", account="999988887777")
        port = world.do("dns")["port"]      # which sees what is in the zones
        with open(p.config, "a", encoding="utf-8") as f:
            f.write("\n[dns]\nservers=127.0.0.1@%d\nport=%d\n" % (port, port))
        row = p.row()
        p.approve()
        holds(p.good("show", row["id"]).out, "RESPONSE_ERROR", "domain not ready")
        same(p.word(), DV)
        holds(p.good("publish", row["id"]).out, "2 of 2 records stand in their zones, by ak")
        row = p.row()
        same((row["waits_for"], "approve" in row["can"]), ("DNS", True))
        p.approve()
        same(p.word(), "check-for-cert")
        p.do("go", id=p.id, word="complete")
        p.good("sync", row["id"])
        same((p.row()["state"], p.row()["records"]), ("issued", []))
        same("*.shop.example" in p.kept(), True)
        holds(p.good("show", row["id"]).out, "Names to be proved", "shop.example", "*.shop.example", "http-01")
        holds(p.good("object-history", p.enrollment()["id"]).out, "Valid, VALIDATED", "proved ")
        same(p.good("unpublish", row["id"], "--yes").status, 0)
        same(len(p.calls("DELETE /config-dns/")), 1)


@case
def schedules():
    """when a change goes to Production is set in part, read back, and taken away again"""
    if missing():
        return missing()
    with Changes(UPLOAD) as p:
        one = p.enrollment()
        same((one["name"], one["state"]), ("www.shop.example", "live"))
        same(one["can"], ["object-history", "object-edit", "object-drop"])
        holds(p.good("show", "objects/" + one["id"]).out, "enrollment id", str(p.id), "slot in Production",
              "goes to Production", "as soon as it can", "renewal (change 20003)")
        p.sim.fault(path="/cps/v2/enrollments$", status=200, body='{"other":1}')
        run = p.certty("refresh", PRODUCTION)
        same((run.status, "no list" in run.out + run.err, len(p.rows("objects"))), (3, True, 1), run.err)
        path = "/enrollments/%d/changes/20003/deployment-schedule" % p.id
        p.bad("object-edit", one["id"], "--yes", says=["say not-before"])
        p.bad("object-edit", one["id"], "--yes", "--not-after", "2020-01-01", says=["over already"])
        p.bad("object-edit", one["id"], "--yes", "--not-before", "31.1.2099", says=["does not fit"])
        same(p.calls("deployment-schedule"), [])
        plan = p.good("--dry-run", "object-edit", one["id"], "--not-before", "2099-01-31T03:30").out
        holds(plan, "PUT /cps/v2/enrollments/%d" % p.id, "2099-01-31T03:30:00Z", "deployment-schedule.v1+json")
        said = p.good("object-edit", one["id"], "--yes", "--not-before", "2099-01-31T03:30").out
        holds(said, "change id 20003", "not before 2099-01-31T03:30:00Z")
        p.good("object-edit", one["id"], "--yes", "--not-after", "2099-02-28")
        same(p.state(p.id)["change"]["schedule"], {"notBefore": "2099-01-31T03:30:00Z",
                                                   "notAfter": "2099-02-28T00:00:00Z"})
        p.refresh()
        holds(p.good("show", "objects/" + one["id"]).out,
              "not before 2099-01-31T03:30:00Z, not after 2099-02-28")
        p.bad("object-edit", one["id"], "--yes", "--not-after", "2099-01-01", says=["not after not-before"])
        p.good("object-edit", one["id"], "--yes", "--not-before", "-", "--not-after", "-")
        same(p.state(p.id)["change"]["schedule"], {"notBefore": None, "notAfter": None})
        same(len([c for c in p.calls(path) if c.startswith("PUT")]), 3)
        p.sim.fault(path="deployment-schedule", method="PUT", status=502, body="<html>no</html>")
        p.bad("object-edit", one["id"], "--yes", "--not-after", "2099-01-01",
              says=["is not known", "refresh tells"])
        same(len([c for c in p.calls(path) if c.startswith("PUT")]), 4)
        p.do("go", id=p.id, word="complete")
        p.bad("object-edit", one["id"], "--yes", "--not-after", "2099-01-01", says=["no change is under way"])


@case
def removed():
    """an enrollment is removed with what goes with it said, and not while it serves or is under way"""
    if missing():
        return missing()
    with Changes(UPLOAD) as p:
        one = p.enrollment()
        plan = p.good("--dry-run", "object-drop", one["id"]).out
        holds(plan, "DELETE /cps/v2/enrollments/%d" % p.id, "none of it comes back", "while Production serves")
        p.bad("object-drop", one["id"], "--yes", says=["renewal (change id 20003) is under way", "withdraw it"])
        p.good("withdraw", p.row()["id"], "--yes")
        p.bad("object-drop", one["id"], "--yes", says=["is deployed in Production", "nothing was removed"])
        same(p.calls("DELETE /cps/v2/enrollments/%d?" % p.id), [])
        staged, never, over = (p.do("seed", cn="s.shop.example", networks=["staging"])["ids"][0],
                               p.do("seed", cn="n.shop.example", networks=[])["ids"][0],
                               p.do("seed", cn="o.shop.example", days=-0.5)["ids"][0])
        p.refresh()
        same([p.enrollment(n)["state"] for n in (staged, never, over)],
             ["staging", "not live", "live"])
        holds(p.good("--dry-run", "object-drop", p.enrollment(staged)["id"]).out, "Staging serves")
        p.sim.fault(path="/enrollments/%d$" % never, method="DELETE", status=500, body="")
        p.bad("object-drop", p.enrollment(never)["id"], "--yes", says=["is not known", "refresh tells"])
        holds(p.good("object-drop", p.enrollment(never)["id"], "--yes").out, "is removed")
        same(str(never) in p.do("state")["enrollments"], False)
        for number in (staged, over):
            holds(p.good("object-drop", p.enrollment(number)["id"], "--yes").out, "is being removed")
            p.refresh()
            same(p.enrollment(number)["can"][1:], ["object-edit", "object-drop"])
        p.do("advance", seconds=90000)
        p.refresh()
        same([o["id"] for o in p.rows("objects")], [one["id"]])


@case
def histories():
    """who changed what, which certificates there were, and how names were proved, for one enrollment"""
    if missing():
        return missing()
    with Changes(DV, seed_kind="dv", cn="shop.example", stacked=True) as p:
        p.do("txt", name=p.row()["records"][0].split(" ")[0], value=p.row()["records"][0].split('"')[1])
        p.approve()
        p.do("go", id=p.id, word="complete")
        p.do("begin", id=p.id, kind="modify-san", by="grace")
        p.refresh()
        one = p.enrollment()
        p.forget_calls()
        told = p.good("object-history", one["id"]).out
        holds(told, "renew, completed, by ada", "modify-san, incomplete, by grace", "Staging active",
              "Valid, VALIDATED", "RSA, ends", "ECDSA, ends", "dns-01", "_acme-challenge.shop.example", "slot ")
        same(len(p.calls("GET")), 3)
        same(len([c for c in p.calls("/history/") if c.endswith("?includeAll=true")]), 2)
        p.sim.fault(path="/dv-history", status=404, body="")
        p.sim.fault(path="/history/certificates", status=200,
                    body='{"certificates":[{"type":"x\\u001b[31m","deploymentStatus":"inactive",'
                    '"slots":["x"],"primaryCertificate":{"certificate":"no"}},7]}')
        told = p.good("object-history", one["id"], "-o", "json").out
        holds(told, "CPS has none", "more are not shown", "modify-san")
        same("\x1b" in told, False)
        p.sim.fault(path="history", status=503, body="Maintenance", times=99)
        p.bad("object-history", one["id"], says=["Maintenance"])


@case
def refusals():
    """an input that vanishes is left for later, an unknown one is shown, a lost answer is not sent again"""
    if missing():
        return missing()
    with Changes(MANAGE, knobs={"real_booleans": True, "string_ids": True, "cps_api": True}) as p:
        p.do("set", vanish=1)
        p.good("sync", p.row()["id"])
        same(p.row()["can"][0], "approve")
        p.do("set", vanish=9)
        p.good("sync", p.row()["id"])
        same((p.row()["waits_for"], p.row()["can"][0]), ("the provider", "sync"))
        p.do("set", vanish=0, empty_input=1)
        p.good("sync", p.row()["id"])
        same(p.row()["waits_for"], "the provider")
        p.good("sync", p.row()["id"])
        same(p.row()["waits_for"], "you")
        p.sim.fault(path="/changes/[0-9]+$", status=200,
                    body='{"statusInfo":{"state":"Awaiting_Input","status":'
                    '"wait-for-goodwill","description":"x"},"allowedInput":[{"type":"goodwill",'
                    '"requiredToProceed":true}]}')
        p.good("sync", p.row()["id"])
        holds(p.good("show", p.row()["id"]).out, "goodwill", "Control Center")
        same(p.row()["can"], ["sync", "withdraw"])
        p.good("sync", p.row()["id"])
        p.sim.fault(path="change-management-ack", status=500, body="")
        p.bad("approve", p.row()["id"], "--yes", "--accept", "; ".join(p.row()["oddities"]),
              says=["is not known", "sync tells"])
        same(len(p.calls("change-management-ack")), 1)
        p.sim.fault(path="change-management-ack", twice=True)
        p.bad("approve", p.row()["id"], "--yes", "--accept", "; ".join(p.row()["oddities"]),
              says=["is not known", "sends them twice", "sync tells"])
        same(len(p.calls("change-management-ack")), 2, "it was done once, and is not asked for again")
        p.good("sync", p.row()["id"])
        same((p.row()["waits_for"], p.word()), ("the provider", "deploy-cert-to-production"))


@case
def failed():
    """a change that failed says why"""
    if missing():
        return missing()
    with Changes("complete", knobs={"staging_error": ["E-7", "the slot\ncannot be built"]}) as p:
        same(p.row()["state"], "failed")
        holds(p.good("show", p.row()["id"]).out, "E-7: the slot\\ncannot be built", "cancel it and begin again")


cases()
