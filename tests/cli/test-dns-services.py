#!/usr/bin/python3
"""The program with accounts of DNS services: an order at the simulated AWS whose challenge is published by
whoever has its zone, in one command."""
import json
import os
import sys
import urllib.request

from aws_place import ACM, Aws
from place import case, cases, holds, same

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "sim"))
import running                              # noqa: E402
from azure_entra import APP, SECRET, TENANT     # noqa: E402
from azure_running import RunningAzure          # noqa: E402

OTHER = "999988887777"      # whose zone it is, as far as AWS knows
TOKEN = "v1.0-not-a-real-token"
GD_KEY, GD_SECRET = "dLf3_NotARealKey", "NotARealSecret"


class Place(Aws):
    """An account at AWS that has no zone, and a DNS service that has one; the world sees both."""

    def __init__(self, service, *options):
        super().__init__()
        self.sim.do("zone", name="example.org", account=OTHER)
        options = ("--world", self.sim.url) + options
        self.service = (RunningAzure(self.folder, *options) if service == "azure" else
                        running.Running(service, *options)).__enter__()
        self.account()

    def __exit__(self, *why):
        self.service.__exit__(*why)
        super().__exit__(*why)

    def cloudflare(self, *more):
        return self.good("accounts", "add", "--name", "cf", "--provider", "cloudflare", "--keep", "memory",
                         "--token-command", "echo " + TOKEN, "--url", self.service.url + "/client/v4", *more)

    def godaddy(self):
        return self.good("accounts", "add", "--name", "gd", "--provider", "godaddy", "--keep", "memory",
                         "--sso-key", GD_KEY, "--sso-secret-command", "echo " + GD_SECRET,
                         "--url", self.service.url)

    def akamai(self):
        return self.good("accounts", "add", "--name", "edge", "--provider", "akamai", "--keep", "memory",
                         "--host", self.service.url, "--client-token", "akab-client", "--access-token",
                         "akab-access", "--client-secret-command", "echo c2VjcmV0")

    def azure(self):
        return self.good("accounts", "add", "--name", "az", "--provider", "azure", "--keep", "memory",
                         "--tenant", TENANT, "--client-id", APP, "--client-secret-command",
                         "printf '%%s' '%s'" % SECRET, "--cloud", "custom", "--authority", self.service.url,
                         "--arm", self.service.url, "--ca-file", self.service.ca)

    def order(self, names):
        self.good("order", "--names", names, "--yes", ACM)
        return self.request(names.split(",")[0])

    def in_zone(self):
        return sorted((r["name"], r["type"]) for r in self.sim.do("state")["records"])


def issued(p, row):
    """One command puts the records there, waits, and asks how the order stands."""
    run = p.good("publish", row["id"])
    same(p.request(row["title"])["state"], "issued", run.out + run.err)
    names = sorted(record.split()[0] for record in row["records"])
    same(p.in_zone(), [(name, "CNAME") for name in names])
    return run


@case
def by_cloudflare():
    """an order's challenge goes into a zone at Cloudflare"""
    with Place("cloudflare", "--zone", "example.org") as p:
        p.cloudflare()
        row = p.order("www.example.org,shop.example.org")
        holds(issued(p, row).out, "2 of 2 records stand in their zones, by cf")


@case
def by_godaddy():
    """an order's challenge goes into a zone at GoDaddy"""
    with Place("godaddy", "--zone", "example.org") as p:
        p.godaddy()
        holds(issued(p, p.order("www.example.org")).out, "by gd")


@case
def by_azure():
    """an order's challenge goes into a zone at Azure, found by its name"""
    with Place("azure") as p:
        p.service.do("zone", name="example.org")
        p.service.do("zone", name="example.net")
        p.azure()
        row = p.order("www.example.org")
        holds(issued(p, row).out, "by az")
        name = row["records"][0].split()[0].partition(".example.org")[0]
        same("example.org/CNAME/" + name in p.service.do("state")["sets"], True)


@case
def by_edge_dns():
    """an order's challenge goes into a zone at Akamai's Edge DNS, whose other change is waited for"""
    with Place("akamai", "--zone", "example.org") as p:
        p.akamai()
        row = p.order("www.example.org")
        p.service.fault(path="/config-dns/.*/names/[^/]+/types$", status=409, times=1, body=json.dumps(
            {"type": "https://problems.luna.akamaiapis.net/authoritative-dns/concurrentZoneModification"}))
        holds(issued(p, row).out, "1 of 1 records stand in their zones, by edge")


@case
def edge_dns_read_only():
    """an API client without the grant, and a zone that is fed from elsewhere: said, and nothing changed"""
    with Place("akamai", "--zone", "example.org", "--deny", "dns-write") as p:
        p.akamai()
        p.bad("publish", p.order("www.example.org")["id"], says=["READ-WRITE for DNS"])
        same(p.in_zone(), [])
    with Place("akamai", "--secondary", "example.org") as p:
        p.akamai()
        p.bad("publish", p.order("www.example.org")["id"], says=["a SECONDARY zone"])
        same(p.in_zone(), [])


@case
def azure_twice():
    """two zones of one name at Azure: which is the right one is not guessed"""
    with Place("azure") as p:
        p.service.do("zone", name="example.org")
        p.service.do("zone", name="example.org", group="rg-old")
        p.azure()
        row = p.order("www.example.org")
        p.bad("publish", row["id"], says=["more than one zone example.org", "rg-old", "name the subscription"])
        same(p.in_zone(), [])


@case
def found():
    """an account that another tool has set up is there by itself"""
    with Place("cloudflare", "--zone", "example.org") as p:
        os.mkdir(p.path(".acme.sh"), 0o700)
        with open(p.path(".acme.sh", "account.conf"), "w", encoding="ascii") as f:
            f.write("SAVED_CF_Token='%s'\n" % TOKEN)
        row = [r for r in p.rows("accounts") if r["id"] == "cloudflare:acme.sh"]
        same(len(row), 1)
        holds(p.good("show", "cloudflare:acme.sh").out, "account.conf")


@case
def in_the_way():
    """what stands at the name already is left alone, and said"""
    with Place("cloudflare", "--zone", "example.org") as p:
        p.cloudflare()
        row = p.order("www.example.org")
        name = row["records"][0].split()[0]
        zone = call(p, "/client/v4/zones")["result"][0]["id"]
        call(p, "/client/v4/zones/%s/dns_records" % zone,
             {"type": "TXT", "name": name.rstrip("."), "content": '"somebody\'s"', "ttl": 60})
        p.bad("publish", row["id"], says=["a record TXT somebody's already", "nothing was changed"])
        same(p.in_zone(), [(name, "TXT")])


@case
def elsewhere():
    """a zone that no account has: the records are shown for doing it by hand"""
    with Place("cloudflare", "--zone", "other.example") as p:
        p.cloudflare()
        row = p.order("www.example.org")
        p.bad("publish", row["id"], says=["no account that is known here has the zone", row["records"][0]])
        same(p.in_zone(), [])


@case
def read_only():
    """an account that may not change anything is not asked to"""
    with Place("cloudflare", "--zone", "example.org") as p:
        p.cloudflare("--account-read-only", "yes")
        p.bad("publish", p.order("www.example.org")["id"], says=["cf is read-only"])
        same(p.in_zone(), [])


@case
def refused():
    """a token that is not taken is said when the account is added, and nothing is kept"""
    with Place("cloudflare", "--zone", "example.org") as p:
        p.bad("accounts", "add", "--name", "cf", "--provider", "cloudflare", "--keep", "memory",
              "--token-command", "echo wrong", "--url", p.service.url + "/client/v4", says=["9109"])
        same([r["id"] for r in p.rows("accounts") if r["id"] == "cf"], [])


def call(p, path, body=None):
    request = urllib.request.Request(p.service.url + path, json.dumps(body).encode() if body else None,
                                     {"Authorization": "Bearer " + TOKEN})
    with running.DIRECT.open(request, timeout=60) as reply:
        return json.load(reply)


cases()
