#!/usr/bin/python3
"""The program against the simulator of AWS: orders of every sort until they are issued, and certificates
that are put into ACM and IAM, until they are revoked or removed."""
import os
import subprocess

from aws_place import ACM, PASSPHRASE, Aws
from place import LIMIT, case, cases, holds, same


# --- orders --------------------------------------------------------------------------------------

@case
def by_dns():
    """an order by DNS: published in Route 53, looked for at the zone's servers, issued and kept"""
    with Aws() as p:
        p.sim.do("zone", name="example.org")
        p.sim.do("set", not_found_reads=1, insync_reads=0)
        p.account()
        p.good("order", "--names", "example.org,*.example.org", "--yes", ACM)
        row = p.request("example.org")
        same((len(row["records"]), row["can"][0]), (1, "publish"), row)
        run = p.certty("sync", row["id"])
        holds(run.out + run.err, "does not have it")
        run = p.certty("why", row["id"], "-o", "json")
        same((run.status, run.json["culprit"], run.json["about"]), (1, "record", "example.org"), run.out)
        found = [f for f in run.json["findings"] if f["said"] == run.json["said"]]
        same([f["record"].split()[3:] for f in found], [row["records"][0].split()[3:]], run.out)
        holds(p.bad("why", row["id"], "--offline", status=5).err, "offline")
        p.good("publish", row["id"])
        same(p.certty("why", row["id"], "-o", "json").json["culprit"] == "record", False, "it is there now")
        same(len(p.sim.do("state")["records"]), 1)
        p.good("sync", row["id"])
        same(p.request("example.org")["state"], "issued")
        p.good("refresh")
        wanted = p.theirs(region="eu-west-1")[0]
        found = [r for r in p.rows("certs") if r["sha256"] == wanted["sha256"]]
        same(len(found), 1)
        same([place["store"] for place in found[0]["places"] if place["store"] == ACM], [ACM])
        same(len(found[0]["places"]), 2, "and in the own repository")
        same(p.calls("acm:RequestCertificate"), 1)
        p.sim.do("set", not_found_reads=0)
        p.good("order", "--names", "example.org", "--yes", "prod/acm:us-east-2")
        same([c["status"] for c in p.theirs()], ["ISSUED", "ISSUED"], "the record is there already")


@case
def by_hand():
    """where no account has the zone that is known once it was tried, and the record is there to copy"""
    with Aws() as p:
        p.sim.do("zone", name="example.com")
        p.account()
        p.good("order", "--names", "www.example.org", "--yes", ACM)
        row = p.request("www.example.org")
        same(row["can"], ["publish", "sync", "withdraw"])
        p.bad("publish", row["id"], says=row["records"])
        p.good("refresh")
        after = p.request("www.example.org")
        same((after["can"], after["records"]), (["sync", "withdraw"], row["records"]))
        holds(p.good("show", row["id"]).out, "no account that may be asked here has the zone")
        same(p.calls("route53:ListHostedZones"), 1)


@case
def by_mail():
    """an order by e-mail: whose mailboxes, mails once more, issued when each name was approved"""
    with Aws() as p:
        p.account()
        p.good("order", "--names", "www.example.org,shop.example.org", "--validation", "email",
               "--validation-domain", "example.org", "--yes", ACM)
        row = p.request("www.example.org")
        holds(p.good("show", row["id"]).out, "postmaster@example.org")
        p.good("resend", row["id"])
        same(p.calls("acm:ResendValidationEmail"), 2)
        arn = p.theirs()[0]["arn"]
        p.sim.do("approve", arn=arn, domain="www.example.org")
        p.good("sync", row["id"])
        same(p.request("www.example.org")["state"], "waits for a person")
        p.sim.do("approve", arn=arn)
        p.good("sync", row["id"])
        same(p.request("www.example.org")["state"], "issued")


@case
def private():
    """a private certificate: issued, its key taken out, renewed, revoked by its authority"""
    with Aws() as p:
        ca = p.sim.do("ca", name="Corp Root")["arn"]
        p.account()
        p.good("order", "--names", "new.corp.example", "--ca", "prod/ca:" + ca, "--yes", ACM)
        same(p.request("new.corp.example")["state"], "issued")
        p.sim.do("seed", name="db.corp.example", kind="PRIVATE", ca_arn=ca)
        p.good("refresh")
        cert, mine = p.cert("db.corp.example"), {"names": ["db.corp.example"]}
        p.bad("renew", "--yes", "--store", ACM, cert, says=["export"])
        out = p.path("out.pem")
        p.good("export", "--file", out, "--with-key", "--format", "chain", "--secrets-stdin", cert,
               stdin=PASSPHRASE)
        same(os.stat(out).st_mode & 0o777, 0o600)
        same(p.openssl("pkey", "-in", out, "-passin", "pass:correct horse battery", "-pubout"),
             p.openssl("x509", "-in", out, "-noout", "-pubkey"))
        serial = p.theirs(**mine)[0]["serial"]
        p.good("renew", "--yes", "--store", ACM, cert)
        p.good("refresh")
        after = p.theirs(**mine)[0]
        same((after["serial"] == serial, after["renewal"]), (False, "SUCCESS"))
        p.good("revoke", "--yes", "--reason", "superseded", "--store", ACM, p.cert("db.corp.example"))
        issued = p.sim.do("state")["cas"][0]["issued"]
        same([i["revoked"] for i in issued if i["serial"] == after["serial"]], ["SUPERSEDED"])
        p.good("refresh")
        row = next(r for r in p.rows("certs") if r["id"] == p.cert("db.corp.example"))
        same("revoked" in row["marks"], True, row)
        holds(p.good("show", row["id"]).out, "by its private authority", "SUPERSEDED")


@case
def handed():
    """a certificate whose key AWS hands out goes from there to another store, for its price"""
    with Aws() as p:
        p.sim.do("seed", name="pay.example.org", kind="AMAZON_ISSUED", export="ENABLED")
        p.account()
        p.good("refresh")
        cert = p.cert("pay.example.org")
        p.bad("deploy", "--yes", cert, "prod/acm:us-east-1", says=["charge"])
        same((p.theirs(region="us-east-1"), p.calls("acm:ExportCertificate")), ([], 0))
        p.good("deploy", "--yes", "--charge", cert, "prod/acm:us-east-1")
        same([c["sha256"] for c in p.theirs(region="us-east-1")], [p.theirs(region="eu-west-1")[0]["sha256"]])


@case
def exportable():
    """the key of a public certificate costs money; then it can be revoked"""
    with Aws() as p:
        p.sim.do("seed", name="pay.example.org", kind="AMAZON_ISSUED", export="ENABLED")
        p.account()
        p.good("refresh")
        cert, out = p.cert("pay.example.org"), p.path("out.p12")
        export = ("export", "--file", out, "--with-key", "--format", "pkcs12", "--secrets-stdin")
        p.bad("revoke", "--yes", "--reason", "superseded", "--store", ACM, cert, says=["export"])
        p.bad(*export, cert, stdin=PASSPHRASE)
        same((os.path.exists(out), p.theirs()[0]["exported"]), (False, False), "not without --charge")
        p.good(*export, "--charge", cert, stdin=PASSPHRASE)
        same(p.theirs()[0]["exported"], True)
        p.openssl("pkcs12", "-in", out, "-passin", "pass:correct horse battery", "-nodes", "-noout")
        p.good("revoke", "--yes", "--reason", "superseded", "--store", ACM, cert)
        same(p.theirs()[0]["status"], "REVOKED")


@case
def ends():
    """orders that fail, time out or are withdrawn say so, and are not asked for twice"""
    with Aws() as p:
        p.sim.do("set", doom={"caa.example.org": "CAA_ERROR"})
        p.account()
        for name in ("caa.example.org", "slow.example.org", "not.example.org"):
            p.certty("order", "--names", name, "--yes", ACM)
        p.certty("withdraw", "--yes", p.request("not.example.org")["id"])
        same(len(p.theirs()), 2)
        p.sim.do("advance", seconds=73 * 3600)
        for name, state in (("caa.example.org", "failed"), ("slow.example.org", "failed")):
            p.certty("sync", p.request(name)["id"])
            same(p.request(name)["state"], state, name)
        holds(p.good("show", p.request("caa.example.org")["id"]).out, "CAA")
        same(p.calls("acm:RequestCertificate"), 3)


@case
def killed():
    """an order is sent once, though the program is killed while it waits for the answer"""
    with Aws() as p:
        p.account()
        p.sim.do("fail", operation="acm:RequestCertificate", delay=60)
        order = subprocess.Popen(p.argv("order", "--names", "once.example.org", "--yes", ACM),
                                 env=p.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        for _ in range(int(LIMIT * 10)):
            if p.theirs():
                break
            try:
                order.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        order.kill()
        order.wait()
        same(len(p.theirs()), 1, "it was under way")
        p.certty("sync", p.request("once.example.org")["id"])
        same(len(p.theirs()), 1)
        row = p.request("once.example.org")
        same((len(row["records"]), row["id"].split("/")[-1]), (1, p.theirs()[0]["arn"].split("/")[-1]), row)


@case
def lost_answers():
    """an answer that is lost makes no second order and no second copy"""
    with Aws() as p:
        p.account()
        p.sim.do("fail", operation="acm:(Request|Import)Certificate", drop=True, times=2)
        p.certty("order", "--names", "lost.example.org", "--yes", ACM)
        p.certty("sync", p.request("lost.example.org")["id"])
        same(len(p.theirs(kind="AMAZON_ISSUED")), 1)
        p.sim.do("fail", operation="acm:ImportCertificate", drop=True)
        bundle = p.bundle("copy.example.org")
        p.certty("add", "--file", bundle, "--yes", ACM)
        p.good("add", "--file", bundle, "--yes", ACM)
        same(len(p.theirs(kind="IMPORTED")), 1)


# --- certificates that are put there ------------------------------------------------------------------

@case
def imported():
    """a certificate goes into ACM and IAM once, and takes the place of the one that it renews"""
    with Aws() as p:
        p.account()
        first = p.bundle("site.example.org")
        for _ in range(2):
            p.good("add", "--file", first, "--yes", ACM)
        p.good("add", "--file", first, "--yes", "prod/acm:us-east-1")
        p.good("add", "--file", first, "--name", "site-1", "--yes", "prod/iam")
        same(len(p.theirs()), 2)
        arn = p.theirs(region="eu-west-1")[0]["arn"]
        p.good("refresh")
        cert = p.cert("site.example.org")
        p.good("tag", "--set", "env=prod", "--store", ACM, cert)
        same(p.theirs(arn=arn)[0]["tags"]["env"], "prod")
        second = p.bundle("site.example.org")
        p.bad("add", "--file", second, "--yes", ACM, says=["replace"])
        p.good("add", "--file", second, "--replace", "--yes", ACM)
        same([c["arn"] for c in p.theirs(region="eu-west-1")], [arn], "under the same ARN")
        user = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/front"
        p.sim.do("attach", arn=arn, user=user)
        p.good("refresh")
        p.bad("remove", "--yes", "--store", ACM, p.cert("site.example.org", ACM), says=["in use"])
        same(len(p.theirs(arn=arn)), 1)
        p.sim.do("detach", arn=arn, user=user)
        p.good("remove", "--yes", "--store", ACM, p.cert("site.example.org", ACM))
        same(p.theirs(arn=arn), [])
        p.good("remove", "--yes", "--store", "prod/iam", cert)
        same(p.sim.do("state")["iam"], [])


@case
def unfit():
    """what ACM would refuse is refused here, in a sentence, and nothing is sent"""
    with Aws() as p:
        p.account()
        bundle, other = p.bundle("one.example.org"), p.bundle("two.example.org")
        with open(bundle, encoding="ascii") as f:
            cert = f.read().split("-----BEGIN PRIVATE")[0]
        with open(other, encoding="ascii") as f:
            key = "-----BEGIN PRIVATE" + f.read().split("-----BEGIN PRIVATE")[1]
        for name, text in (("mismatch", cert + key), ("keyless", cert), ("empty", ""), ("noise", "no PEM\n")):
            path = p.path(name)
            with open(path, "w", encoding="ascii") as f:
                f.write(text)
            p.bad("add", "--file", path, "--yes", ACM)
        p.bad("add", "--file", p.path("absent"), "--yes", ACM)
        same((p.calls("acm:ImportCertificate"), p.theirs()), (0, []))
        p.sim.do("set", quota_year=0)
        p.bad("add", "--file", bundle, "--yes", ACM, says=["limit"])
        p.bad("order", "--names", "x.example.org", "--yes", ACM, says=["limit"])
        same((p.calls("acm:ImportCertificate"), p.calls("acm:RequestCertificate")), (1, 1), "final")


cases()
