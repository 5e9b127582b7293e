#!/usr/bin/python3
"""The program against the simulator of AWS: which way in it takes, and what becomes of it underway: roles
and profiles, sessions that end in mid-list and mid-order, clocks, partitions, FIPS and endpoints."""
import http.server
import os
import threading

from aws_place import ACM, ID, REGIONS, SECRET, Aws
from place import case, cases, holds, same

ROLE = "arn:aws:iam::111122223333:role/"
STORES = ["prod/acm:" + region for region in REGIONS]


def profile(p, config, credentials="[base]\naws_access_key_id=%s\naws_secret_access_key=%s\n" % (ID, SECRET)):
    os.makedirs(p.path(".aws"), exist_ok=True)
    for name, text in (("config", config), ("credentials", credentials)):
        with open(p.path(".aws", name), "w", encoding="ascii") as f:
            f.write(text)


def add(p, *answers):
    return p.certty("accounts", "add", "--name", "prod", "--provider", "aws", *answers)


def found(p):
    return sorted(r["name"] for r in p.rows("certs") if r["name"].startswith("kept"))


def seed(p, n=3):
    for region in REGIONS:
        p.sim.do("seed", name="kept-" + region, count=n, region=region)


# --- ways in -------------------------------------------------------------------------------------------

@case
def chains_of_roles():
    """a role by a source profile with an external ID, and a role of a role; what is missing is named"""
    with Aws() as p:
        seed(p)
        profile(p, "[profile far]\nrole_arn=%sonly-from-plain\nsource_profile=near\n"
                "[profile near]\nrole_arn=%splain\nsource_profile=base\n"
                "[profile outside]\nrole_arn=%sexternal\nsource_profile=base\nexternal_id=x/1\n"
                "[profile forgotten]\nrole_arn=%sexternal\nsource_profile=base\n" % ((ROLE,) * 4))
        for name in ("forgotten", "absent"):
            run = add(p, "--from", "profile", "--profile", name, "--endpoint", p.sim.url)
            same(run.status > 0, True, run.out)
            holds(run.err, "sts:AssumeRole" if name == "forgotten" else "absent")
        for name, role in (("far", "only-from-plain"), ("outside", "external")):
            same(add(p, "--from", "profile", "--profile", name, "--endpoint", p.sim.url).status, 0)
            holds(p.good("accounts", "test", "prod").out, "assumed-role/%s/" % role)
            p.good("refresh")
            same(len(found(p)), 12)
            p.good("order", "--names", role + ".example.org", "--yes", ACM)
            p.good("accounts", "drop", "--yes", "prod")
        same(len(p.theirs(kind="AMAZON_ISSUED")), 2)


@case
def codes():
    """an account that wants a code opens with one, once; without a terminal it says so, and nothing is lost"""
    with Aws() as p:
        seed(p)
        mfa = ("--role", ROLE + "mfa", "--mfa-serial", "arn:aws:iam::111122223333:mfa/me")
        run = add(p, "--access-key", ID, "--keep", "memory", "--secret-key-command", "echo " + SECRET,
                  "--endpoint", p.sim.url, *mfa)
        same((run.status, p.calls("sts:AssumeRole")), (4, 0))
        holds(run.err, "one-time code")
        p.account()
        p.good("refresh")
        p.good("accounts", "edit", "prod", *mfa, "--secrets-stdin", stdin=b"code=123456\n")
        for command in (("refresh", ACM), ("order", "--names", "x.example.org", "--yes", ACM)):
            p.bad(*command, status=4, says=["one-time code", "mfa/me"])
        same((len(found(p)), p.theirs(kind="AMAZON_ISSUED")), (12, []))
        test = ("accounts", "test", "prod", "--secrets-stdin")
        p.bad(*test, stdin=b"code=123456\n", status=4, says=["used already"])
        p.sim.do("code", code="654321")
        holds(p.good(*test, stdin=b"code=654321\n").out, "role/mfa/")


# --- sessions that end ------------------------------------------------------------------------------------

@case
def ends_in_a_list():
    """a session that ends between two pages, or among the details, is begun anew, and nobody notices"""
    with Aws() as p:
        p.account(ID, SECRET, "--role", ROLE + "plain")
        p.sim.do("set", page_cap=2)
        seed(p, 5)
        for operation, after in (("acm:GetCertificate", 12), ("acm:SearchCertificates", 3), ("iam:.*", 0)):
            p.sim.do("forget_calls")
            p.sim.do("fail", operation=operation, after=after, expires=True)
            p.good("refresh")
            same((operation, len(found(p)), p.calls("sts:AssumeRole")), (operation, 20, 2))


@case
def ends_in_an_order():
    """a session that ends when an order is sent, or while it is watched, makes no second order"""
    with Aws() as p:
        p.account(ID, SECRET, "--role", ROLE + "plain")
        for operation in ("acm:RequestCertificate", "acm:DescribeCertificate"):
            p.sim.do("fail", operation=operation, expires=True)
            p.good("order", "--names", operation[4:].lower() + ".example.org", "--yes", ACM)
        p.sim.do("fail", operation="acm:ImportCertificate", expires=True)
        p.good("add", "--file", p.bundle("copy.example.org"), "--yes", ACM)
        same(sorted(c["names"][0] for c in p.theirs()), ["copy.example.org", "describecertificate.example.org",
                                                         "requestcertificate.example.org"])


@case
def unknown_keys():
    """a key that is not known there is not signed in with again and again, and the others go on"""
    with Aws() as p:
        seed(p)
        p.account(ID, SECRET, "--role", ROLE + "plain")
        p.good("refresh")
        p.sim.do("set", regions={"111122223333": ["us-east-1", "us-east-2", "eu-central-1"]})
        p.sim.do("forget_calls")
        run = p.certty("refresh", *STORES)
        holds(run.err, "eu-west-1", "not enabled in this account", "leave it out")
        same((run.status > 0, len(found(p)), p.calls("sts:AssumeRole") <= 2), (True, 12, True), run.err)
        p.good("refresh", "prod/acm:us-east-2")
    with Aws() as p:
        p.account()
        p.sim.do("forget_calls")
        p.sim.do("fail", operation="acm:.*", times=99, code="UnrecognizedClientException",
                 message="invalid token")
        p.bad("refresh", ACM, says=["not known there"], status=4)
        same(p.calls("acm:SearchCertificates"), 1, "the same key is not tried twice")


# --- clocks -------------------------------------------------------------------------------------------

@case
def clocks():
    """clocks that differ by minutes, hours or a day are made up for in roles, lists, orders and imports"""
    for number, offset in enumerate((400, -400, 5 * 3600, -26 * 3600)):
        with Aws() as p:
            p.sim.do("set", clock_offset=offset)
            seed(p, 1)
            p.account(ID, SECRET, "--role", ROLE + "plain")
            p.good("refresh")
            same(len(found(p)), 4, offset)
            p.good("order", "--names", "n%d.example.org" % number, "--yes", ACM)
            p.good("add", "--file", p.bundle("copy.example.org"), "--yes", ACM)
            same((len(p.theirs(kind="AMAZON_ISSUED")), p.calls("acm:RequestCertificate") <= 2), (1, True))
            holds(p.good("accounts", "test", "prod").out, "clock")


# --- places --------------------------------------------------------------------------------------------

@case
def partitions():
    """China and GovCloud are worlds of their own, with their own regions and ARNs"""
    for key, secret, partition, regions in (
            ("AKIACHINASIMEXAMPLE0", "china-secret", "aws-cn", ["cn-north-1", "cn-northwest-1"]),
            ("AKIAGOVSIMEXAMPLE000", "gov-secret", "aws-us-gov", ["us-gov-east-1", "us-gov-west-1"])):
        with Aws() as p:
            p.account(key, secret, "--partition", partition)
            same(sorted(r["id"] for r in p.rows("stores") if r["id"].startswith("prod/acm:")),
                 ["prod/acm:" + region for region in regions])
            p.good("order", "--names", "x.example.org", "--yes", "prod/acm:" + regions[0])
            p.good("add", "--file", p.bundle("y.example.org"), "--yes", "prod/acm:" + regions[1])
            p.good("add", "--file", p.path("y.example.org.both"), "--name", "y", "--yes", "prod/iam")
            p.good("refresh")
            same([c["arn"].split(":")[1] for c in p.theirs()], [partition] * 2)
            p.bad("accounts", "edit", "prod", "--regions", "eu-west-1", says=["partition"])
    with Aws() as p:
        run = add(p, "--access-key", "AKIACHINASIMEXAMPLE0", "--keep", "memory", "--secret-key-command",
                  "echo china-secret", "--endpoint", p.sim.url)
        same(run.status, 4, run.out)
        holds(run.err, "another partition")


class Proxy(http.server.ThreadingHTTPServer):
    """A proxy that lets nobody through and remembers where they wanted to go."""

    def __init__(self):
        self.wanted = []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_CONNECT(self):
                proxy.wanted.append(self.path)
                self.send_error(403)

            def log_message(self, *args):
                pass
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def hosts(self):
        wanted, self.wanted = self.wanted, []
        return sorted({host.rsplit(":", 1)[0] for host in wanted})


@case
def hosts():
    """the hosts that are asked: FIPS, IPv6, partitions; where there is none, nothing else is asked instead"""
    with Aws() as p, Proxy() as proxy:
        def asked(*answers):
            proxy.hosts()
            run = add(p, "--access-key", ID, "--keep", "memory", "--secret-key-command", "echo " + SECRET,
                      "--proxy", "http://127.0.0.1:%d" % proxy.server_port, *answers)
            same(run.status > 0, True, run.out)
            return proxy.hosts(), run.err
        for answers, wanted in (
                ((), "sts.us-east-1.amazonaws.com"),
                (("--regions", "eu-north-1"), "sts.eu-north-1.amazonaws.com"),
                (("--regions", "us-east-1", "--fips", "yes"), "sts-fips.us-east-1.amazonaws.com"),
                (("--regions", "us-west-2", "--dual-stack", "yes"), "sts.us-west-2.api.aws"),
                (("--regions", "us-west-2", "--dual-stack", "yes", "--fips", "yes"),
                 "sts-fips.us-west-2.api.aws"),
                (("--partition", "aws-cn"), "sts.cn-northwest-1.amazonaws.com.cn"),
                (("--regions", "cn-north-1"), "sts.cn-north-1.amazonaws.com.cn"),
                (("--regions", "us-gov-east-1", "--fips", "yes"), "sts.us-gov-east-1.amazonaws.com")):
            same(asked(*answers)[0], [wanted], answers)


@case
def endpoints():
    """endpoints of single services, of a profile and of the environment; one that is none is refused"""
    with Aws() as p:
        seed(p, 1)
        base = ("--access-key", ID, "--keep", "memory", "--secret-key-command", "echo " + SECRET)
        every = ",".join("%s=%s" % (s, p.sim.url) for s in (
            "acm", "acm-pca", "iam", "route53", "sts", "ec2", "account"))
        for answers, env in ((base + ("--endpoints", every), {}), (base, {"AWS_ENDPOINT_URL": p.sim.url}),
                             (("--from", "profile", "--profile", "here"), {})):
            profile(p, "[profile here]\nendpoint_url=%s\naws_access_key_id=%s\naws_secret_access_key=%s\n"
                    % (p.sim.url, ID, SECRET))
            run = p.good("accounts", "add", "--name", "prod", "--provider", "aws", *answers, env=env)
            p.good("refresh", env=env)
            same(len(found(p)), 4, answers)
            p.good("accounts", "drop", "--yes", "prod")
        for wrong in ("acm=ftp://x", "cm=https://x", "https://x"):
            run = add(p, *base, "--endpoints", wrong)
            same(run.status > 0, True, run.out)
            holds(run.err, "ndpoint")


cases()
