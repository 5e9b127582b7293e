#!/usr/bin/python3
"""Enrolments that Keyfactor Command signs: at once, after somebody's approval, or not; and ended anywhere."""
import os

from enroll_place import KEY, STEPS_MOST, WRITES, Here, traced
from keyfactor_place import STORE, Keyfactor
from place import case, cases, holds, same

NAME = "web.example.org"


class Command(Here, Keyfactor):
    """A place whose issuer is Command."""

    def enroll(self, *more, template="WebServer"):
        return ("enroll", "--names", NAME, "--issuer", STORE, "--template", template, "--kind", "rsa-2048",
                "--yes", *more)

    def order(self):
        return next(r for r in self.rows("requests") if r["type"] != "enroll")

    def is_kept_once(self):
        folder, = self.kept(NAME)
        with open(os.path.join(folder, "chain.pem"), encoding="utf-8") as f:
            return f.read().count("BEGIN") >= 1 and self.is_put_away()


@case
def issued():
    """signed at once by a template and a CA that were chosen, and kept once, beside its key"""
    with Command() as p:
        p.account()
        plan = p.good(*p.enroll("--plain", "--dry-run")).out
        holds(plan, "POST /Enrollment/CSR", "GET /Enrollment/CSR/Context/My", "the private key is not sent")
        same(p.state()["enrolled"], [])
        p.good(*p.enroll("--ca", "ca02.corp.example\\OtherCA", "--metadata", "Owner=ops", "--secrets-stdin"),
               stdin=KEY)
        sent, = p.state()["enrolled"]
        same((sent["Template"], sent["CertificateAuthority"], sent["Metadata"]),
             ("WebServer", "ca02.corp.example\\OtherCA", {"Owner": "ops"}))
        row = p.enrolment()
        same((row["state"], row["theirs"], p.order()["state"]), ("issued", "In place", "issued"), row)
        same(p.is_kept_once(), True)
        run = p.certty(*p.enroll("--plain", template="Secret"))
        same(run.status, 3, run.out)
        holds(run.err, "no template that may be used", "WebServer")
        waits, = [r for r in p.enrolments() if r["waits_for"]]
        p.good("withdraw", "--yes", waits["id"])
        same(len(p.state()["enrolled"]), 1)


@case
def pending():
    """what waits in Command waits here, and goes on once it is decided, by a sync or by a pass"""
    for how, going_on in (("ca", "run"), ("workflow", "sync"), ("external", "sync")):
        with Command() as p:
            p.do("set", approval=how)
            p.account()
            p.good(*p.enroll("--plain"))
            row = p.enrolment()
            same((row["state"], os.path.exists(p.path("data", "certty", "store", NAME))),
                 ("waits for the CA", False), how)
            p.good("sync", row["id"])
            same(p.enrolment()["waits_for"] != "", True, how)
            run = p.certty("withdraw", "--yes", row["id"])
            holds(run.err, "deny it there")
            p.do("decide", id=71)
            if going_on == "run":
                p.good("refresh")
                p.good("run", "--due")
            else:
                p.good("sync", row["id"])
            same((p.enrolment()["state"], len(p.state()["enrolled"])), ("issued", 1), how)
            same(p.is_kept_once(), True, how)


@case
def denied():
    """what Command's people deny is denied, with their reason"""
    with Command() as p:
        p.do("set", approval="ca")
        p.account()
        p.good(*p.enroll("--plain"))
        p.do("decide", id=71, yes=False, comment="not in this network")
        p.certty("sync", p.enrolment()["id"])
        row = p.enrolment()
        same((row["state"], row["reason"]), ("denied", "not in this network"))


@case
def lost():
    """an answer that is lost: it is found, issued or waiting; what cannot be found is not sent again"""
    for how, state in ((None, "issued"), ("ca", "waits for the CA"), ("workflow", "failed")):
        with Command() as p:
            p.do("set", approval=how)
            p.account()
            p.sim.fault(path="/Enrollment/CSR$", times=9, drop=True)
            run = p.certty(*p.enroll("--plain"))
            same(run.status, 3, run.out)
            p.do("mend")
            p.certty("sync", p.enrolment()["id"])
            row = p.enrolment()
            same((row["state"], len(p.state()["enrolled"])), (state, 1), row)
            if state == "failed":
                holds(row["reason"], "nobody can know")
            if how == "ca":
                p.do("decide", id=71)
                p.good("sync", row["id"])
                same((p.enrolment()["state"], len(p.state()["enrolled"])), ("issued", 1))


@case
def killed():
    """ended just before any of its writes it goes on from there, and nothing is ordered twice"""
    why = traced()
    if why:
        return why
    with Command() as p:
        p.account()
        begun = 0
        for calls in WRITES:
            for n in range(1, STEPS_MOST):
                before, known = len(p.state()["enrolled"]), {r["id"] for r in p.enrolments()}
                died = p.die_at(calls, n, *p.enroll("--plain"))
                fresh = [r for r in p.enrolments() if r["id"] not in known]
                same(len(fresh) <= 1, True, fresh)
                sent = len(p.state()["enrolled"]) - before
                for row in [r for r in fresh if r["waits_for"]]:
                    begun += 1
                    p.certty("sync", row["id"])
                states = [r["state"] for r in p.enrolments() if r["id"] not in known]
                more = len(p.state()["enrolled"]) - before
                same(more <= len(fresh), True, "%s %d: each is ordered once" % (calls, n))
                same(states in ([], ["issued"], ["failed"]), True, "%s %d: %s" % (calls, n, states))
                same(states == ["failed"] and sent > 0, False, "%s %d: what was ordered is found" % (calls, n))
                if not died:
                    break
            same(died, False, "it never came to its end")
        same(begun >= 5, True, "it was ended in the midst of them: %d" % begun)
    return None


cases()
