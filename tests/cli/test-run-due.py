#!/usr/bin/python3
"""Renewals, the rule that proposes them, and passes without a person: the program with a small CA on
this machine, and with the simulator of AWS."""
import os
import subprocess
import time

from aws_place import ACM, Aws
from ca_place import PASSPHRASE, CaPlace
from place import LIMIT, case, cases, holds, same

ALONE = "[account local]\nrenew=automatic\n"


@case
def renewed_by_the_ca():
    """a certificate of the CA on this machine is renewed in its place: same names and use, a new key"""
    with CaPlace() as p:
        path = p.sign("www.example.org", days=20, since=-70, names="DNS:www.example.org,DNS:a.example.org")
        names, use = p.fact(path, "-ext", "subjectAltName"), p.fact(path, "-ext", "extendedKeyUsage")
        key, end = p.fact(path, "-pubkey"), p.fact(path, "-enddate")
        rows = p.pending()
        same([(r["title"], r["theirs"], r["next"], r["waits_for"]) for r in rows],
             [("www.example.org", "renewal due", "renew", "you")])
        holds(p.good("show", "requests/" + rows[0]["id"]).out, "66 %", "propose", "www.example.org")
        p.good("renew", "--yes", "--secrets-stdin", rows[0]["id"], stdin=PASSPHRASE)
        same((p.fact(path, "-ext", "subjectAltName"), p.fact(path, "-ext", "extendedKeyUsage")), (names, use))
        same(p.fact(path, "-pubkey") == key, False)
        same(p.fact(path, "-enddate") == end, False)
        p.openssl("verify", "-CAfile", p.path("ca", "ca.crt"), path)
        same(p.openssl("pkey", "-in", path, "-pubout").decode(), p.fact(path, "-pubkey"))
        same(os.stat(path).st_mode & 0o777, 0o600)
        p.good("refresh")
        same(p.pending(), [])
        done = p.good("ls", "requests", "-o", "json").json["rows"]
        same([(r["theirs"], r["state"]) for r in done], [("renewed", "issued")])
        same(len([f for f in os.listdir(p.path("ca", "issued")) if f.endswith(".pem")]), 1)


@case
def with_a_warning():
    """a proposal that warns of something is renewed when that is accepted, and by no --yes alone"""
    with CaPlace(days=40) as p:
        path = p.sign("www.example.org", days=20, since=-70)
        before = p.fact(path, "-pubkey")
        row = p.pending()[0]
        holds(row["oddities"][0], "the CA itself ends on")
        for more in (), ("--accept", "the CA itself ends"):
            run = p.certty("renew", "--yes", "--secrets-stdin", *more, row["id"], stdin=PASSPHRASE)
            same((run.status != 0, p.fact(path, "-pubkey") == before), (True, True))
            holds(run.err, row["oddities"][0])
        same(p.pending()[0]["theirs"], "renewal due")
        p.good("renew", "--yes", "--secrets-stdin", "--accept", row["oddities"][0], row["id"], stdin=PASSPHRASE)
        same(p.fact(path, "-pubkey") == before, False)


@case
def a_pass():
    """a pass renews what is allowed, and says so; a second one finds nothing to do"""
    with CaPlace(ALONE) as p:
        path = p.sign("www.example.org", days=20, since=-70)
        young = p.sign("new.example.org", days=89, since=-1)
        old, other = p.fact(path, "-fingerprint"), p.fact(young, "-fingerprint")
        missing = p.keep()
        if missing:
            return missing
        run = p.certty("run", "--due", "--for", "5m", "-o", "json")
        same((run.status, run.json["state"], run.json["troubles"]), (0, "done", []), run.err)
        same([line["what"] for line in run.json["report"]], ["Refreshed", "Renewed", "Waiting"])
        same((p.fact(path, "-fingerprint") == old, p.fact(young, "-fingerprint") == other), (False, True))
        p.openssl("verify", "-CAfile", p.path("ca", "ca.crt"), path)
        once = p.fact(path, "-fingerprint")
        again = p.good("run", "--due", "--for", "5m").out
        same((p.fact(path, "-fingerprint"), "Renewed" in again), (once, False), again)
        same([r["theirs"] for r in p.good("ls", "requests", "-o", "json").json["rows"]], ["renewed"])
        return None


@case
def a_plan():
    """a dry run of a pass names what it reads and what may start alone, and does none of it"""
    with CaPlace(ALONE) as p:
        path = p.sign("www.example.org", days=20, since=-70)
        p.sign("new.example.org", days=89, since=-1)
        p.good("refresh")
        old = p.fact(path, "-fingerprint")
        plan = p.good("run", "--due", "--dry-run", "-o", "json").json
        same([(c["operation"], c["what"]) for c in plan["calls"] if c["changes"]],
             [("renew", "www.example.org")])
        same([c["where"] for c in plan["calls"] if c["operation"] == "refresh"], ["local"])
        holds(" ".join(plan["will_not"]), "no warning is accepted")
        same(p.fact(path, "-fingerprint"), old)
        same(len(p.pending()), 1)
        p.set()
        p.good("refresh")
        plan = p.good("run", "--due", "--dry-run", "-o", "json").json
        same([c for c in plan["calls"] if c["changes"]], [], "nothing may start alone")
        holds(p.certty("run", "--dry-run").err, "--due")


@case
def only_proposed():
    """what an account does not allow waits for a person, in every pass, the nearest deadline first"""
    with CaPlace() as p:
        late = p.sign("late.example.org", days=30, since=-70)
        soon = p.sign("soon.example.org", days=5, since=-85)
        before = [p.fact(path, "-fingerprint") for path in (late, soon)]
        for _ in range(2):
            out = p.good("run", "--due").out
            holds(out, "2 requests")
            same("Renewed" in out, False)
        rows = p.pending()
        same([(r["title"], r["theirs"], r["next"]) for r in rows],
             [(name, "renewal due", "renew") for name in ("soon.example.org", "late.example.org")])
        same([p.fact(path, "-fingerprint") for path in (late, soon)], before)
        p.good("dismiss", "--yes", rows[0]["id"])
        same([r["title"] for r in p.pending()], ["late.example.org"], "dismissed for good")
        p.set("[renew]\nat=80\n")
        p.good("refresh")
        same(p.pending(), [], "the rule says later")
        p.set("[account local]\nrenew=off\n")
        p.good("refresh")
        same(p.pending(), [])
        p.set(ALONE + "[safety]\nautomatic-renewals=false\n")
        same("Renewed" in p.good("run", "--due").out, False, "the site does not allow it")
        same([r["title"] for r in p.pending()], ["late.example.org"])
        same(p.certty("run", "--due", "--read-only").status, 0)


@case
def failing():
    """what goes wrong is told, waits for a person with the reason, and is not tried again at once"""
    with CaPlace(ALONE) as p:
        p.sign("www.example.org", days=20, since=-70)
        run = p.certty("run", "--due", "-o", "json")
        same((run.status, run.json["state"]), (3, "done in part"), run.out)
        holds(" ".join(run.json["troubles"]), "www.example.org", "passphrase")
        row = p.pending()[0]
        same((row["theirs"], row["waits_for"], row["next"]), ("renewal failed", "you", "renew"))
        holds(row["reason"], "passphrase")
        again = p.certty("run", "--due")
        same((again.status, "Renewed" in again.out), (0, False), again.err)
        p.good("renew", "--yes", "--secrets-stdin", row["id"], stdin=PASSPHRASE)
        p.good("refresh")
        same(p.pending(), [])


@case
def why_not():
    """what nobody here can renew says why, and is left alone"""
    with CaPlace() as p:
        apart = p.sign("apart.example.org", days=20, since=-70, key_beside=True)
        own = p.make("self.example.org", days=20, since=-70)
        other = p.sign("elsewhere.example.org", days=20, since=-70)
        before = [p.fact(path, "-fingerprint") for path in (apart, own, other)]
        p.good("refresh")
        for name, says in (("apart.example.org", "file of its own"), ("self.example.org", "signed by itself")):
            run = p.certty("renew", "--yes", "--secrets-stdin", p.cert(name), stdin=PASSPHRASE)
            same(run.status, 5, run.err)
            holds(run.err, says)
        p.configure()
        p.good("refresh")
        run = p.certty("renew", "--yes", p.cert("elsewhere.example.org"))
        same(run.status, 5, run.err)
        holds(run.err, "Small CA", "no CA that is known here")
        same([p.fact(path, "-fingerprint") for path in (apart, own, other)], before)
        same(os.path.exists(p.path("ca", "issued")), False)
        same([r["title"] for r in p.pending()], ["apart.example.org"], "the rest is not proposed")


@case
def many():
    """a filter chooses many: each is renewed in its way, and what fails does not hold up the others"""
    with CaPlace() as p:
        paths = [p.sign("w%d.example.org" % i, days=20, since=-70) for i in range(4)]
        os.chmod(paths[2], 0o644)
        p.good("refresh")
        before = [p.fact(path, "-fingerprint") for path in paths]
        run = p.certty("renew", "--yes", "--filter", "example.org", "--secrets-stdin", stdin=PASSPHRASE)
        same(run.status, 3, run.err)
        holds(run.err, "w2.example.org", "others may read")
        after = [p.fact(path, "-fingerprint") for path in paths]
        same([a == b for a, b in zip(before, after)], [False, False, True, False])
        p.good("refresh")
        same([(r["title"], r["theirs"]) for r in p.pending()], [("w2.example.org", "renewal failed")])


@case
def bounded():
    """a pass ends in time, and two do not run at once"""
    with Aws() as p:
        p.account()
        same(p.certty("run").status, 2)
        same(p.certty("run", "--due", "--offline").status, 5)
        same(p.certty("run", "--due", "--for", "soon").status, 2)
        p.sim.do("fail", operation="acm:(List|Search)Certificates", delay=3600, times=1000)
        asked = p.calls("acm:SearchCertificates") + p.calls("acm:ListCertificates")
        first = subprocess.Popen(p.argv("run", "--due", "--for", "1h"), env=p.environment(),
                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(int(LIMIT * 10)):
            if p.calls("acm:SearchCertificates") + p.calls("acm:ListCertificates") > asked:
                break
            try:
                first.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        second = p.certty("run", "--due", "--for", "1s")
        same(second.status, 1, second.err)
        first.kill()
        first.wait()
        holds(second.err, "a pass already", "process %d" % first.pid)
        began = time.monotonic()
        third = p.certty("run", "--due", "--for", "1s", "-o", "json")
        same((third.status, time.monotonic() - began < LIMIT / 2), (3, True), third.err)
        holds(" ".join(third.json["troubles"]), "time was up")


@case
def deployed():
    """a renewal goes on to where the old one was deployed, where that is automatic"""
    with CaPlace(ALONE) as p:
        missing = p.keep()
        if missing:
            return missing
        os.mkdir(p.path("server"))
        p.set(ALONE, folders=p.certs + ";" + p.path("server"))
        path = p.sign("www.example.org", days=80, since=-10)
        p.good("refresh")
        p.good("passphrase", "--secrets-stdin", "local/folder:" + p.path("server"),
               stdin=b"passphrase=server\n")
        p.good("deploy", "--yes", "--to", "local/folder:" + p.path("server"), "--redeploy", "automatic",
               p.cert("www.example.org"))
        there = p.path("server", "www.example.org.pem")
        same(p.fact(path, "-fingerprint"), p.fact(there, "-fingerprint"))
        p.set("[renew]\nat=5\n" + ALONE, folders=p.certs + ";" + p.path("server"))
        run = p.good("run", "--due", "-o", "json")
        same([line["what"] for line in run.json["report"]], ["Refreshed", "Renewed", "Deployed", "Waiting"],
             run.out)
        same(p.fact(path, "-fingerprint"), p.fact(there, "-fingerprint"))
        return None


@case
def aws():
    """AWS: what it renews itself is not proposed; marked certificates are renewed one by one"""
    with Aws() as p:
        ca = p.sim.do("ca", name="Corp Root")["arn"]
        p.account()
        for name in ("a.corp.example", "b.corp.example"):
            p.sim.do("seed", name=name, kind="PRIVATE", ca_arn=ca)
        p.good("refresh")
        for name in ("a.corp.example", "b.corp.example"):
            p.good("export", "--file", p.path(name), "--with-key", "--format", "chain", "--secrets-stdin",
                   p.cert(name), stdin=b"passphrase=correct horse battery\n")
        p.good("run", "--due")
        same([r for r in p.rows("requests") if r["theirs"] == "renewal due"], [])
        serials = {c["arn"]: c["serial"] for c in p.theirs(kind="PRIVATE")}
        p.good("renew", "--yes", "--store", ACM, p.cert("a.corp.example"), p.cert("b.corp.example"))
        same([serials[c["arn"]] == c["serial"] for c in p.theirs(kind="PRIVATE")], [False, False])
        same(p.calls("acm:RenewCertificate"), 2)
        p.good("refresh")
        p.good("run", "--due")
        same(p.calls("acm:RenewCertificate"), 2)


cases()
