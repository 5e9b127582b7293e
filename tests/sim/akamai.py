#!/usr/bin/python3
"""Akamai's gateway, the list of contracts, and behind it CPS (akamai_cps.py) and Edge DNS (akamai_dns.py).

Signatures are checked by computing them with Akamai's own library (python3-edgegrid) over what was
received; then the time, and whether the nonce came before.  --skew moves the clock by seconds,
--clock sets it; --deny takes a grant away (contracts, cps, dns; cps-write and dns-write leave reading;
self leaves nobody to tell which it has);
--zone and --secondary name zones that are there.  What a test may do beside calling it, POST /sim/akamai
{"do": ...}, is in akamai_cps_control.py.
"""
import calendar
import hmac
import sys
import time

import akamai_cps
import sim
from akamai_cps_control import DEEDS
from akamai_cps_world import World
from akamai_dns import EdgeDns

sys.path.pop(0)                 # where this file would be found in place of the library
from akamai.edgegrid import EdgeGridAuth  # noqa: E402 pylint: disable=wrong-import-position
from requests.structures import CaseInsensitiveDict  # noqa: E402 pylint: disable=wrong-import-position

PROBLEMS = "https://problems.luna.akamaiapis.net/-/"
FORM = "%Y%m%dT%H:%M:%S+0000"


class Received:
    """A request as Akamai's library wants to see one."""

    def __init__(self, request, scheme):
        self.method = request.method
        self.url = "%s://%s%s" % (scheme, request.headers.get("Host", ""), request.target)
        self.headers = CaseInsensitiveDict(request.headers.items())
        self.body = request.body


class Akamai(sim.Sim):
    def __init__(self):
        super().__init__()
        self.nonces = set()
        self.world = World()
        self.dns = None

    def arguments(self, parser):
        parser.add_argument("--client", default="akab-client")
        parser.add_argument("--access", default="akab-access")
        parser.add_argument("--secret", default="c2VjcmV0")
        parser.add_argument("--contract", default="C-0N7RAC7")
        parser.add_argument("--switch", default="")
        parser.add_argument("--skew", type=int, default=0)
        parser.add_argument("--clock", default="")
        parser.add_argument("--scheme", default="")
        parser.add_argument("--deny", action="append", default=[])
        parser.add_argument("--zone", action="append", default=[])
        parser.add_argument("--secondary", action="append", default=[])
        parser.add_argument("--world", default="")      # see dns_zones.py

    def clock(self):
        if self.options.clock:
            return calendar.timegm(time.strptime(self.options.clock, FORM))
        return time.time() + self.options.skew

    def problem(self, status, kind, title, detail):
        return sim.Reply(status, {"type": PROBLEMS + kind, "title": title, "status": status,
                                  "detail": detail, "requestId": "140dd1e2"},
                         kind="application/problem+json")

    def refusal(self, request):
        """Why it does not come to the product; None: it does."""
        scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
        if scheme != "EG1-HMAC-SHA256":
            return self.problem(400, "pep-authn/request-error", "Bad request",
                                "Authorization header missing")
        said = dict(part.partition("=")[::2] for part in rest.split(";"))
        try:
            when = calendar.timegm(time.strptime(said.get("timestamp", ""), FORM))
        except ValueError:
            when = 0
        if abs(when - self.clock()) > 30:
            return self.problem(400, "pep-authn/request-error", "Bad request", "Invalid timestamp")
        o = self.options
        if (said.get("client_token"), said.get("access_token")) != (o.client, o.access):
            return self.problem(401, "pep-authn/deny", "Not authorized", "Unknown client token")
        signer = EdgeGridAuth(o.client, o.secret, o.access)
        received = Received(request, o.scheme or ("https" if o.cert else "http"))
        wanted = signer.make_auth_header(received, said["timestamp"], said.get("nonce"))
        if not hmac.compare_digest(wanted, "%s %s" % (scheme, rest)):
            return self.problem(401, "pep-authn/deny", "Not authorized",
                                "The signature does not match")
        if said["nonce"] in self.nonces:
            return self.problem(401, "pep-authn/deny", "Not authorized", "The nonce came before")
        self.nonces.add(said["nonce"])
        return None

    def denied(self, what):
        if what not in self.options.deny:
            return None
        return self.problem(403, "pep-authz/deny", "Forbidden",
                            "The client does not have the grant needed for the request")

    def handle(self, request):
        self.world.contracts = [self.options.contract]
        refusal = self.refusal(request)
        if refusal:
            return refusal
        if request.query.get("accountSwitchKey", [""])[0] != self.options.switch:
            return self.problem(403, "pep-authz/deny", "Forbidden", "The account is not known")
        if request.path == "/identity-management/v3/api-clients/self":
            return self.denied("self") or sim.Reply(200, self.tell_self(request))
        if request.path == "/contract-api/v1/contracts/identifiers":
            return self.denied("contracts") or sim.Reply(200, [self.options.contract])
        if request.path.startswith(akamai_cps.ROOT + "/"):
            return self.denied("cps") or self.unwritable(request) or akamai_cps.handle(self.world, request)
        if request.path.startswith("/config-dns/v2/"):
            return self.denied("dns" if request.method == "GET" else "dns-write") or self.ask_dns(request)
        return self.problem(404, "resource-impl/not-found", "Not Found", "")

    def tell_self(self, request):
        """The API client as Identity Management tells of it; what it may do where that was asked for."""
        apis = [{"apiId": number, "apiName": name, "description": name, "documentationUrl": "/",
                 "endPoint": at, "accessLevel": "READ-ONLY" if what + "-write" in self.options.deny
                 else "READ-WRITE"}
                for number, what, name, at in ((5601, "cps", "CPS", "/cps"),
                                               (5602, "dns", "DNS\u2014Zone Record Management", "/config-dns/"))
                if what not in self.options.deny]
        told = {"clientId": "4abcd", "clientName": "bench", "isLocked": False,
                "accessToken": self.options.access}
        if request.query.get("apiAccess") == ["true"]:
            told["apiAccess"] = {"allAccessibleApis": False, "apis": apis}
        return told

    def ask_dns(self, request):
        self.world.edge = self.dns = self.dns or EdgeDns(self)
        return self.dns.handle(request)

    def unwritable(self, request):
        return self.denied("cps-write") if request.method != "GET" else None

    def answer(self, request):
        """What comes from the test itself is no call."""
        if request.path != "/sim/akamai":
            return super().answer(request)
        told = request.json()
        with self.lock:
            self.world.contracts = [self.options.contract]
            return sim.Reply(200, DEEDS[told.pop("do")](self, **told)), {}


if __name__ == "__main__":
    Akamai().main()
