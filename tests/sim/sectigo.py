#!/usr/bin/python3
"""Sectigo Certificate Manager: both doors, organizations, domains and their validation, certificates,
ACME accounts.

A client certificate is asked for with --cert, --key and --client-ca; its serial number is what
the administrator's record would have.  POST /sim/sectigo {"do": ..} is for tests: DEEDS.
"""
import re
import time

import jwt

import sectigo_acme as acme
import sectigo_anchors as anchors
import sectigo_domains as domains
import sectigo_ssl as ssl
import sim
from sectigo_world import Refused, World

LOGIN, PASSWORD, CUSTOMER = "robot-example", "not-a-real-password", "exampleuni"
CLIENT, SECRET = "11112222-3333-4444-5555-666677778888", "not&a=real secret"
KEY = "a key that only this simulator knows"


# --- for tests ---

def state(world):
    return {"calls": world.calls, "domains": list(world.domains.values()),
            "certs": [{k: v for k, v in c.items() if isinstance(v, (str, int, list))}
                      for c in world.certs.values()],
            "accounts": list(world.accounts.values())}


def change(world, **what):
    for name, value in what.items():
        setattr(world, name, value)
    return {}


def many(world, count):
    for i in range(count):
        domains.add(world, "d%04d.example" % i, status="VALIDATED", method="CNAME",
                    expires=world.today(30 + i % 160))
    return {}


def order(world, **how):
    """Somebody else orders."""
    return {"id": ssl.make(world, status=how.pop("status", "Requested"), **how)["id"]}


def anchor(world, organization, how):
    world.anchors[organization] = how
    return {}


def made(world, name):
    """The CA has done with an order."""
    for c in world.certs.values():
        if c["name"] == name and c["status"] == "Applied":
            ssl.issue(world, c)
    return {}


DEEDS = {
    "state": state, "set": change, "many": many, "order": order, "check": domains.check, "issue": made,
    "anchor": anchor, "domain": lambda world, **how: {"id": domains.add(world, **how)["id"]},
    "calls": lambda world: world.calls.clear() or {},
    "day": lambda world, days: {"is": world.today(days)},
}


def refusal(code, text, status=400):
    return sim.Reply(status, {"code": code, "description": text})


class Sectigo(sim.Sim):
    def __init__(self):
        super().__init__()
        self.world = World()

    def arguments(self, parser):
        parser.add_argument("--expires", default="2099-01-31")
        parser.add_argument("--no-admin", action="store_true", help="may not ask about itself")

    def give_token(self, request):
        form = request.form()
        if form.get("grant_type") != "client_credentials":
            return sim.Reply(400, {"error": "unsupported_grant_type"})
        if form.get("client_id") != CLIENT or form.get("client_secret") != SECRET:
            return sim.Reply(401, {"error": "unauthorized_client",
                                   "error_description": "Invalid client or Invalid client credentials"})
        token = jwt.encode({"azp": CLIENT, "exp": int(time.time()) + 300}, KEY, "HS256")
        return sim.Reply(200, {"access_token": token, "expires_in": 300, "token_type": "Bearer",
                               "not-before-policy": 0, "scope": ""})

    def check_token(self, request):
        kind, _, token = request.headers["Authorization"].partition(" ")
        try:
            jwt.decode(token, KEY, ["HS256"])
            good = kind == "Bearer"
        except jwt.PyJWTError:
            good = False
        return None if good else sim.Reply(401, "", {"WWW-Authenticate": "Bearer"})

    def check_login(self, request, is_private):
        by = {name: request.headers.get(name) for name in ("login", "password", "customerUri")}
        known = by["login"] == LOGIN and by["customerUri"] == CUSTOMER
        if is_private:
            known = known and by["password"] is None and bool(request.peer)
        else:
            known = known and by["password"] == PASSWORD
        return None if known else refusal(-16, "Unknown user", 401)

    def handle(self, request):
        path = request.path
        if path == "/sim/sectigo":
            asked = request.json()
            if asked["do"] == "faults":     # what was to go wrong does not any more
                self.faults.clear()
                return sim.Reply(200, {})
            return sim.Reply(200, DEEDS[asked.pop("do")](self.world, **asked))
        if path.endswith("/protocol/openid-connect/token") and request.method == "POST":
            return self.give_token(request)
        is_private = path.startswith("/private/api/")
        if not is_private and not path.startswith("/api/"):
            return sim.Reply(404, "<html>not here</html>", kind="text/html")
        if request.headers.get("Authorization") and not is_private:
            refused = self.check_token(request)
        else:
            refused = self.check_login(request, is_private)
        if refused:
            return refused
        what = path[path.index("/api/") + len("/api"):]
        return self.call(request, what)

    def call(self, request, what):
        called = "%s %s" % (request.method, what)
        for pattern, do in self.routes(request).items():
            found = re.fullmatch(pattern, called)
            if not found:
                continue
            self.world.calls[pattern] = self.world.calls.get(pattern, 0) + 1
            try:
                return do(self.world, request, *found.groups())
            except Refused as why:
                return why.reply()
        return refusal(-1, "Unknown error")

    def routes(self, request):
        """Some calls have another version at the newer door."""
        v = "v2" if request.headers.get("Authorization") else "v1"
        every = {"GET /organization/v1": lambda world, _: sim.Reply(200, world.organizations),
                 "GET /admin/v1/password": self.password, "GET /admin/v1": self.admins,
                 r"GET /admin/v1/(\d+)": self.admin,
                 **domains.ROUTES, **ssl.ROUTES, **acme.ROUTES, **anchors.ROUTES}
        return {pattern.replace("/V", "/" + v): do for pattern, do in every.items()}

    def admins(self, world, request):
        """The filter is for a part of a login."""
        if self.options.no_admin:
            raise Refused(-3, "You are not authorized to view administrators.")
        wanted = request.query.get("login", [""])[0]
        return world.page(request, [{"id": 11, "login": "x-" + LOGIN}, {"id": 12, "login": LOGIN}]
                          if wanted in LOGIN else [])

    def admin(self, world, _request, number):
        return sim.Reply(200, {"id": int(number), "type": "API", "login": LOGIN, "activeStatus": "ACTIVE",
                               "credentials": [{"role": world.role, "orgId": 501}],
                               "privileges": world.privileges if number == "12" else []})

    def password(self, _world, _request):
        if self.options.no_admin:
            raise Refused(-3, "You are not authorized to view administrators.")
        return sim.Reply(200, {"state": "ALIVE", "expirationDate": self.options.expires})


if __name__ == "__main__":
    Sectigo().main()
