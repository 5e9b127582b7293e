#!/usr/bin/python3
"""What --dry-run says that a command would do is what the command then does, and saying it does
nothing: no call, no file, no row and no secret is another afterwards.

The simulator of AWS counts the calls; on this machine the files tell.  The commands of the aws tool
are held against botocore's model of the services, those of openssl are run."""
import contextlib
import glob
import hashlib
import json
import os
import shlex
import sqlite3
import subprocess

from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ServiceModel

from aws_place import ACM, PASSPHRASE, Aws, running
from place import Place, case, cases, holds, same

# What reading a store again asks for, which follows each change and is no part of it.
READS = ("ListCertificates", "SearchCertificates", "DescribeCertificate", "GetCertificate",
         "ListServerCertificates", "GetServerCertificate", "ListTagsForCertificate",
         "DescribeCertificateAuthority", "GetCertificateAuthorityCertificate", "ListPermissions",
         "ListCertificateAuthorities", "GetCallerIdentity", "ListRegions", "DescribeRegions", "ListTags")


# --- looking -------------------------------------------------------------------------------------

def rows_of(path):
    """All that a database says, as text."""
    if not os.path.exists(path):
        return []
    with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % path, uri=True)) as db:
        return list(db.iterdump())


def files_of(*folders):
    """Every file in there, with what it holds; the program's own state is looked at as rows."""
    found = {}
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(root, name)
                if not os.path.islink(path):
                    with open(path, "rb") as f:
                        found[path] = (hashlib.sha256(f.read()).hexdigest(), os.stat(path).st_mode)
    return found


class Watched:
    """What of a place a dry run must leave as it is."""

    def __init__(self, p):
        self.p = p

    def state(self):
        files = {path: of for path, of in files_of(self.p.folder).items()
                 if not path.startswith(self.p.path("state"))}
        calls = dict(self.p.sim.do("state")["calls"]) if isinstance(self.p, Aws) else {}
        return files, rows_of(self.p.path("state", "certty", "certty.db")), calls

    def settled(self):
        """The state once what an earlier command had on its way when it ended has been counted."""
        last, now = None, self.state()
        while last != now:
            same(self.p.certty("ls", "jobs", "--offline").status, 0)
            last, now = now, self.state()
        return now

    def plan(self, *args, **more):
        """The plan of a command, made without a trace."""
        before = self.settled()
        run = self.p.certty(*args, "--dry-run", "-o", "json", **more)
        same(run.status, 0, "%s: %s%s" % (" ".join(args), run.err, run.out))
        for what, was, now in zip(("files", "rows", "calls"), before, self.state()):
            same(now, was, "%s after a dry run of %s" % (what, args[0]))
        plan = run.json
        same(plan["verb"] in args[0] or args[0] in plan["verb"], True, plan["verb"])
        same(bool(plan["targets"]), True, "targets")
        check_script(plan)
        return plan


def check_script(plan):
    """A shell takes it, and what it calls of AWS is there in AWS, with those parameters."""
    text = "\n".join(plan["commands"]) + "\n"
    done = subprocess.run(["sh", "-n"], input=text.encode(), capture_output=True, check=False)
    same(done.returncode, 0, done.stderr.decode() + text)
    for line in plan["commands"]:
        words = shlex.split(line, comments=True)
        if words[:1] == ["aws"]:
            check_aws(words)


def check_aws(words):
    """As the aws tool reads it: botocore's names, with hyphens."""
    model = ServiceModel(Loader().load_service_model(words[1], "service-2"), words[1])
    names = {xform_name(name).replace("_", "-"): name for name in model.operation_names}
    members = model.operation_model(names[words[2]]).input_shape
    known = {xform_name(m).replace("_", "-") for m in (members.members if members else ())}
    # The tool's own name for one of them, as its command line has it.
    known |= {"hosted-zone-id"} if "id" in known or words[1] == "route53" else set()
    for word in words[3:]:
        if word.startswith("--"):
            same(word[2:] in known | {"region", "endpoint-url", "profile"}, True,
                 "%s of %s" % (word, words[2]))


# --- AWS -----------------------------------------------------------------------------------------

def counted(plan, changes):
    """The calls of AWS that a plan names, by name."""
    return [c["operation"] for c in plan["calls"] if ":" in c["operation"] and c["changes"] == changes]


def does(w, *args, dry=None, **more):
    """A command does what its plan says: exactly those changes, and asks nothing that it does not name
    but what a refresh asks."""
    plan = w.plan(*(dry or args))
    before = w.settled()[2]
    w.p.good(*args, **more)
    after = w.settled()[2]
    seen = {c: n - before.get(c, 0) for c, n in after.items() if n > before.get(c, 0)}
    reads = {c for c in seen if c.split(":")[1] in READS}
    maybe = {c["operation"] for c in plan["calls"] if not c["certain"]}
    planned = {}
    for name in counted(plan, True):
        planned[name] = planned.get(name, 0) + 1
    asked = set(counted(plan, False))
    same({c: n for c, n in seen.items() if c not in reads | asked | maybe},
         {c: n for c, n in planned.items() if c not in maybe}, "changes by %s" % args[0])
    same(sorted(asked - maybe - set(seen)), [], "asked by %s" % args[0])
    same(sorted(set(seen) - reads - asked - set(planned)), [], "asked by %s without a word" % args[0])
    return plan


@case
def orders():
    """an order by DNS from its request to its end: asked for, published, withdrawn"""
    with Aws() as p:
        w = Watched(p)
        p.sim.do("zone", name="example.org")
        p.sim.do("set", insync_reads=0)
        p.account()
        plan = does(w, "order", "--names", "example.org,*.example.org", "--yes", ACM)
        same(counted(plan, True), ["acm:RequestCertificate"])
        holds(" ".join(plan["will_not"]), "no DNS record", "nothing is deployed")
        holds(" ".join(plan["costs"]), "quota")
        row = p.request("example.org")["id"]
        plan = does(w, "publish", row)
        holds(" ".join(plan["commands"]), "UPSERT", "$ZONE_ID")
        p.good("order", "--names", "other.example.org", "--yes", ACM)
        does(w, "withdraw", "--yes", p.request("other.example.org")["id"])
        plan = w.plan("order", "--names", "pay.example.org", "--exportable", ACM)
        holds(" ".join(plan["costs"]), "charges")


@case
def mails():
    """an order by e-mail tells whose mailboxes, and so does sending once more"""
    with Aws() as p:
        w = Watched(p)
        p.account()
        plan = does(w, "order", "--names", "www.example.org,shop.example.org", "--validation", "email",
                    "--validation-domain", "example.org", "--yes", ACM)
        holds(" ".join(plan["warnings"]), "postmaster and webmaster of example.org")
        plan = does(w, "resend", p.request("www.example.org")["id"])
        same(counted(plan, True), ["acm:ResendValidationEmail"] * 2)


@case
def private():
    """a private certificate: ordered, its key taken out, renewed, revoked by its authority"""
    with Aws() as p:
        w = Watched(p)
        ca = p.sim.do("ca", name="Corp Root")["arn"]
        p.account()
        does(w, "order", "--names", "new.corp.example", "--ca", "prod/ca:" + ca, "--yes", ACM)
        p.sim.do("seed", name="db.corp.example", kind="PRIVATE", ca_arn=ca)
        p.good("refresh")
        cert, out = p.cert("db.corp.example"), p.path("out.pem")
        plan = does(w, "export", "--file", out, "--with-key", "--format", "chain", "--secrets-stdin", cert,
                    dry=("export", "--file", out, "--with-key", "--format", "chain", cert),
                    stdin=PASSPHRASE)
        same((plan["costs"], os.path.exists(out)), ([], True))
        p.good("refresh")
        does(w, "renew", "--yes", "--store", ACM, cert)
        p.good("refresh")
        does(w, "revoke", "--yes", "--reason", "superseded", "--store", ACM, p.cert("db.corp.example"))
        p.good("key", "--plain", "--names", "own.corp.example", "--key-file", p.path("own.key"),
               "--csr-file", p.path("own.csr"))
        does(w, "order", "--names", "own.corp.example", "--csr", p.path("own.csr"), "--yes",
             "prod/ca:" + ca)
        plan = does(w, "enroll", "--names", "key.corp.example", "--issuer", "prod/ca:" + ca, "--kind",
                    "rsa-2048", "--plain", "--to", ACM, "--yes")
        holds(" ".join(plan["warnings"]), "without encryption")
        holds(" ".join(plan["costs"]), "AWS charges")


@case
def imports():
    """a certificate is put into ACM and IAM, tagged, deployed, and removed there"""
    with Aws() as p:
        w = Watched(p)
        p.account()
        bundle = p.bundle("www.example.org")
        plan = does(w, "add", "--file", bundle, ACM)
        same(plan["differences"], ["nothing of the name www.example.org is known there"])
        does(w, "add", "--file", bundle, "prod/iam")
        p.good("refresh")
        cert = p.cert("www.example.org")
        plan = w.plan("add", "--file", bundle, ACM)
        holds(" ".join(plan["differences"]), "www.example.org until", "the same names")
        does(w, "tag", "--set", "team=web,cost=42", "--remove", "old", "--store", ACM, cert)
        does(w, "tag", "--set", "team=web", "--store", "prod/iam", cert)
        does(w, "export", "--file", p.path("chain.pem"), "--format", "chain", "--store", ACM, cert)
        does(w, "remove", "--yes", "--store", "prod/iam", cert)
        does(w, "remove", "--yes", "--store", ACM, cert)


@case
def deploys():
    """deploying names the key's file, the import at each place, and the difference to what is live"""
    with Aws() as p:
        w = Watched(p)
        p.account()
        with open(p.bundle("www.example.org"), "rb") as f, open(p.path("certs", "www.pem"), "wb") as to:
            to.write(f.read())
        os.chmod(p.path("certs", "www.pem"), 0o600)
        old = p.path("old.both")
        with open(old, "wb") as to:
            for part in running.make_certificate(p.folder, "older",
                                                 "DNS:www.example.org,DNS:old.example.org"):
                with open(part, "rb") as f:
                    to.write(f.read())
        p.good("add", "--file", old, ACM)
        p.good("refresh")
        cert = next(r["id"] for r in p.rows("certs") if any(
            place["store"].startswith("local/") for place in r["places"]))
        plan = does(w, "deploy", "--yes", "--to", ACM, cert)
        holds(" ".join(plan["differences"]), "names lost: old.example.org", "issuer: older now")
        holds(" ".join(c["where"] for c in plan["calls"]), p.path("certs", "www.pem"))
        holds(" ".join(plan["will_not"]), "not revoked", "stay as they are")
        rows = p.rows("deploys")
        same(len(rows), 1)
        w.plan("deploy-mode", "--redeploy", "automatic", rows[0]["id"])
        w.plan("redeploy", rows[0]["id"])
        w.plan("deploy-drop", rows[0]["id"])


@case
def refusals():
    """what would be refused is refused by the dry run in the same words, and asks nobody"""
    with Aws() as p:
        p.account()
        for args in (("order", "--names", "host.amazonaws.com", ACM),
                     ("order", "--names", "a.example.org", "--validation-domain", "example.org", ACM)):
            calls = p.sim.do("state")["calls"]
            dry = p.bad(*args, "--dry-run")
            same(p.sim.do("state")["calls"], calls)
            same(p.bad(*args, "--yes").err, dry.err)
        holds(p.bad("refresh", "--dry-run").err, "--dry-run")
        p.bad("remove", "--dry-run", "nothing-of-that-name")


# --- this machine --------------------------------------------------------------------------------

def changes_files(w, *args, dry=None, **more):
    """A command changes the files that its plan names, and no others; its script is given back."""
    plan = w.plan(*(dry or args))
    named = [c["where"] for c in plan["calls"] if c["changes"] and os.path.isabs(c["where"])]
    before = w.state()[0]
    run = w.p.certty(*args, **more)
    same(run.status, 0, run.err)
    after = w.state()[0]
    changed = {path for path in set(before) | set(after) if before.get(path) != after.get(path)}
    for path in changed:
        same([n for n in named if path == n or path.startswith(n + "/")] != [], True,
             "%s was changed by %s: %s" % (path, args[0], named))
    for name in named:
        inside = [p for p in changed if p == name or p.startswith(name + "/")]
        same(bool(inside) or name.startswith(w.p.path("state")), True,
             "%s was not changed by %s: %s" % (name, args[0], sorted(changed)))
    return plan


def run_script(p, plan, **variables):
    """Does by hand what a plan says."""
    script = "set -e\n" + "\n".join(plan["commands"]) + "\n"
    done = subprocess.run(["sh"], input=script.encode(), capture_output=True, check=False, cwd=p.folder,
                          env=dict(p.environment(), **variables))
    same(done.returncode, 0, done.stderr.decode())


@case
def keys():
    """a key and its request; the same by openssl"""
    with Place() as p:
        p.certty("refresh")
        w = Watched(p)
        key, csr = p.path("my key.pem"), p.path("it's.csr")
        args = ("key", "--names", "www.example.org,10.0.0.1,me@example.org", "--subject",
                "CN=www.example.org,O=A/B", "--plain", "--key-file", key, "--csr-file", csr)
        plan = w.plan(*args)
        run_script(p, plan)
        by_hand = p.openssl("req", "-in", csr, "-noout", "-subject", "-verify")
        holds(p.openssl("req", "-in", csr, "-noout", "-text").decode(), "DNS:www.example.org",
              "IP Address:10.0.0.1", "email:me@example.org")
        os.unlink(key)
        os.unlink(csr)
        plan = changes_files(w, *args)
        holds(" ".join(plan["warnings"]), "without encryption")
        same(p.openssl("req", "-in", csr, "-noout", "-subject", "-verify"), by_hand)


@case
def folders():
    """a certificate is put into a folder, written out, removed there and in the own repository"""
    with Place() as p:
        w = Watched(p)
        new = os.path.dirname(p.make("new.example.org", 400, folder=p.folder, file="new.pem"))
        folder = "local/folder:" + p.certs
        p.make("one.example.org", 300, file="one.pem")
        p.certty("refresh")
        changes_files(w, "add", "--file", os.path.join(new, "new.pem"), "--key", "no", folder)
        p.certty("refresh")
        certs = {r["name"]: r["id"] for r in p.certty("ls", "certs", "-o", "json").json["rows"]}
        out = p.path("out file.der")
        plan = changes_files(w, "export", "--format", "der", "--file", out, "--store", folder,
                             certs["new.example.org"])
        with open(out, "rb") as f:
            der = f.read()
        os.unlink(out)
        run_script(p, plan)
        with open(out, "rb") as f:
            same(f.read(), der, "the same by hand")
        repository = "local/repository:" + p.path("data", "certty", "store")
        changes_files(w, "remove", "--yes", "--store", repository, certs["new.example.org"])
        plan = w.plan("remove", "--store", folder, certs["one.example.org"])
        holds(" ".join(plan["will_not"]), "not revoked")
        run_script(p, plan)
        same(os.path.exists(os.path.join(p.certs, "one.pem")), False, "removed by hand")
        changes_files(w, "remove", "--yes", "--store", folder, certs["new.example.org"])


def make_ca(p):
    """A small CA with one request that waits; its folder."""
    ca = p.path("ca")
    os.makedirs(os.path.join(ca, "pending"))
    p.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
              "/CN=Small CA", "-keyout", os.path.join(ca, "ca.key"), "-out", os.path.join(ca, "ca.crt"))
    for name in ("web1", "web2"):
        p.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                  "/CN=%s.example.org" % name, "-addext", "subjectAltName=DNS:%s.example.org" % name,
                  "-keyout", p.path(name + ".key"), "-out", os.path.join(ca, "pending", name + ".csr"))
    return ca


@case
def small_ca():
    """approving and denying what waits for a small CA"""
    with Place() as p:
        ca = make_ca(p)
        p.configure("ca-folder=%s\n" % ca)
        p.make("web1.example.org", 30)
        p.certty("refresh")
        w = Watched(p)
        rows = {r["title"]: r["id"] for r in p.certty("ls", "requests", "-o", "json").json["rows"]}
        plan = changes_files(w, "approve", "--yes", rows["web1.example.org"])
        holds(" ".join(plan["differences"]), "web1.example.org until", "the same names")
        holds(" ".join(plan["will_not"]), "nothing is deployed")
        changes_files(w, "deny", "--yes", "--reason", "no", rows["web2.example.org"])


@case
def successor():
    """renewing by a small CA: no lock and no row before; in its place after; the same by openssl"""
    with Place() as p:
        ca = make_ca(p)
        p.configure("ca-folder=%s\n" % ca)
        p.certty("refresh")
        rows = {r["title"]: r["id"] for r in p.certty("ls", "requests", "-o", "json").json["rows"]}
        same(p.certty("approve", "--yes", rows["web1.example.org"]).status, 0)
        path = os.path.join(p.certs, "web1.pem")
        [issued] = glob.glob(glob.escape(os.path.join(ca, "issued")) + "/*.pem")
        with open(path, "wb") as to:
            for part in (issued, p.path("web1.key")):
                with open(part, "rb") as f:
                    to.write(f.read())
        os.chmod(path, 0o600)
        p.certty("refresh")
        w = Watched(p)
        cert = next(r["id"] for r in p.certty("ls", "certs", "-o", "json").json["rows"]
                    if r["name"] == "web1.example.org")
        key = p.openssl("x509", "-in", path, "-noout", "-pubkey")
        plan = changes_files(w, "renew", "--yes", cert)
        holds(" ".join(plan["warnings"]), "not encrypted")
        holds(" ".join(plan["will_not"]), "not revoked")
        renewed = p.openssl("x509", "-in", path, "-noout", "-pubkey")
        same(renewed == key, False)
        run_script(p, plan, PASSPHRASE="none")
        p.openssl("verify", "-CAfile", os.path.join(ca, "ca.crt"), path)
        by_hand = p.openssl("x509", "-in", path, "-noout", "-pubkey")
        same((by_hand == renewed, by_hand == p.openssl("pkey", "-in", path, "-pubout")), (False, True))
        holds(p.openssl("x509", "-in", path, "-noout", "-text").decode(), "DNS:web1.example.org")


# --- zones ---------------------------------------------------------------------------------------

# Of each service: how its account is added, and the variables of the commands for curl.
SERVICES = {
    "cloudflare": (("--token-command", "echo v1.0-not-a-real-token"), "/client/v4",
                   {"CLOUDFLARE_API_TOKEN": "v1.0-not-a-real-token"}),
    "godaddy": (("--sso-key", "dLf3_NotARealKey", "--sso-secret-command", "echo NotARealSecret"), "",
                {"GODADDY_API_SECRET": "NotARealSecret", "GODADDY_DOMAIN": "example.org"}),
}


def zone_id(service, commands, variables):
    """As a person gets it: by the command that lists the zones."""
    [command] = [c for c in commands if c.endswith("per_page=50'")]
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=True,
                          env={**os.environ, **variables})
    holds(done.stdout.decode(), "example.org")
    return json.loads(done.stdout)["result"][0]["id"] if service == "cloudflare" else ""


def published_by(name):
    options, path, variables = SERVICES[name]
    with Aws() as p:
        p.sim.do("zone", name="example.org", account="999988887777")
        with running.Running(name, "--world", p.sim.url, "--zone", "example.org") as service:
            p.account()
            p.good("accounts", "add", "--name", "dns", "--provider", name, "--keep", "memory", "--url",
                   service.url + path, *options)
            p.good("order", "--names", "www.example.org", "--yes", ACM)
            row, w = p.request("www.example.org"), Watched(p)
            plan = w.plan("publish", row["id"])
            holds(" ".join(c["where"] for c in plan["calls"] if c["changes"]), service.url)
            same([v for v in variables.values() if len(v) > 11 and v in json.dumps(plan)], [], "secrets")
            # The account at AWS is asked as well, and has no zone.
            commands = [c for c in plan["commands"] if "curl" in c or c.startswith("name=")]
            if name == "cloudflare":
                variables = {**variables, "CLOUDFLARE_ZONE_ID": zone_id(name, commands, variables)}
            run_script(p, {"commands": commands}, **variables)
            same([(r["name"], r["type"]) for r in p.sim.do("state")["records"]],
                 [(row["records"][0].split()[0], "CNAME")])
            p.good("sync", row["id"])
            same(p.request("www.example.org")["state"], "issued")
            refused = p.bad("unpublish", "--dry-run", row["id"])
            holds(refused.err, "put nothing into DNS")


@case
def by_cloudflare():
    """a record goes into a zone at Cloudflare by the commands that a plan has for curl"""
    published_by("cloudflare")


@case
def by_godaddy():
    """likewise at GoDaddy, where the shell finds the name within the zone"""
    published_by("godaddy")


@case
def own():
    """what certty alone keeps: labels, what is left out, accounts and sets of defaults"""
    with Aws() as p:
        p.make("www.example.org", 300)
        p.account()
        p.good("refresh")
        w, cert = Watched(p), p.rows("certs")[0]["id"]
        endpoint = ("store-add", "127.0.0.1:1")
        for args in (("label", "--add", "web", ACM), ("forget", cert), endpoint,
                     ("account-disable", "prod"), ("account-rename", "--name", "other", "prod"),
                     ("account-drop", "prod"), ("account-edit", "--title", "x", "prod"),
                     ("defaults", "set", "office", "validity", "30d"),
                     ("account-add", "--provider", "aws", "--name", "new", "--access-key",
                      "AKIAIOSFODNN7EXAMPLE", "--secret-key-command", "true")):
            w.plan(*args)
        plan = w.plan("account-drop", "prod")
        holds(" ".join(c["operation"] for c in plan["calls"]), "forget")
        run = p.good("account-drop", "--dry-run", "prod")
        holds(run.out, "The same by hand", "certty account-drop prod", "nothing was done")


if __name__ == "__main__":
    cases()
