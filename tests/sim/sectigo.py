#!/usr/bin/python3
"""Sectigo Certificate Manager, as far as an account needs it: both ways of signing in, the list of
organizations, and how long a password lasts.

A client certificate is asked for with --cert, --key and --client-ca; its serial number is what
the administrator's record would have.
"""
import time

import jwt

import sim

LOGIN, PASSWORD, CUSTOMER = "robot-example", "not-a-real-password", "exampleuni"
CLIENT, SECRET = "11112222-3333-4444-5555-666677778888", "not&a=real secret"
KEY = "a key that only this simulator knows"
ORGANIZATIONS = [
    {"id": 501, "name": "Example University", "certTypes": ["SSL"],
     "departments": [{"id": 502, "name": "IT", "parentName": "Example University"}]},
    {"id": 503, "name": "Example Hospital", "departments": []},
]


def refusal(code, text, status=400):
    return sim.Reply(status, {"code": code, "description": text})


class Sectigo(sim.Sim):
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
        if what == "/organization/v1":
            return sim.Reply(200, ORGANIZATIONS)
        if what == "/admin/v1/password" and self.options.no_admin:
            return refusal(-3, "You are not authorized to view administrators.")
        if what == "/admin/v1/password":
            return sim.Reply(200, {"state": "ALIVE", "expirationDate": self.options.expires})
        return refusal(-1, "Unknown error")


if __name__ == "__main__":
    Sectigo().main()
