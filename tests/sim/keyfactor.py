#!/usr/bin/python3
"""Keyfactor Command, as far as certty uses it, with the identity provider of its OAuth clients.

Command itself answers in JSON, the web server before it in HTML.  Tokens are JWTs that PyJWT makes
and verifies.  POST /sim/state {"revoked": true} has Command refuse the tokens given so far;
{"client_auth": "header"} has the provider take the client's secret by HTTP Basic alone.  What
else a test may do is in keyfactor_control.py.
"""
import base64
import binascii
import os
import re
import secrets
import signal
import time
import urllib.parse

import jwt

import keyfactor_api as api
import keyfactor_flow as flow
import keyfactor_keystores as keystores
import keyfactor_stores as stores
import keyfactor_things as things
import sim
from keyfactor_control import DEEDS
from keyfactor_query import Refused, parameters
from keyfactor_world import World
from sim import Reply

PAGE = "<!DOCTYPE html><html><head><title>401 - Unauthorized</title></head></html>"
USERS = {"CORP\\jo": "pw: ü", "jo@corp.example": "pw: ü", "CORP\\nobody": "pw",
         "CORP\\part": "pw"}
CLIENTS = {"certty": "s3 cret&=%"}
GUID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
ROUTES = {      # by method and path, which web servers of Microsoft's take in any case
    "GET /Certificates": api.certificates,
    r"GET /Certificates/(\d+)": api.certificate,
    r"GET /Certificates/(\d+)/History": api.history,
    "POST /Certificates/Download": api.download,
    "POST /Certificates/Recover": api.recover,
    "POST /Certificates/Revoke": api.revoke,
    "GET /CertificateCollections": api.collections,
    "GET /CertificateAuthority": api.authorities,
    "GET /Templates": api.templates,
    "GET /CertificateStores": api.stores,
    "GET /CertificateStores/" + GUID: api.store,
    "GET /CertificateStores/" + GUID + "/Inventory": api.inventory,
    "GET /CertificateStoreContainers": api.containers,
    "GET /Agents": api.agents,
    "GET /Enrollment/CSR/Context/My": api.context_csr,
    "GET /Enrollment/PFX/Context/My": api.context_pfx,
    "GET /Agents/" + GUID: stores.agent,
    r"GET /CertificateStoreTypes/(\d+)": stores.store_type,
    "POST /CertificateStores/Schedule": stores.schedule,
    "POST /CertificateStores/Reenrollment": stores.reenroll,
    "POST /Certificates/Import": stores.imported,
    "POST /CertificateStores/Certificates/Add": stores.add,
    "POST /CertificateStores/Certificates/Remove": stores.remove,
    "GET /OrchestratorJobs/JobHistory": stores.history,
    "POST /Enrollment/CSR": flow.enroll_csr,
    "POST /Enrollment/PFX": flow.enroll_pfx,
    "GET /Workflow/Certificates/Pending": flow.waiting("Pending"),
    "GET /Workflow/Certificates/Denied": flow.waiting("Denied"),
    "GET /Workflow/Certificates/ExternalValidation": flow.waiting("ExternalValidation"),
    r"GET /Workflow/Certificates/(\d+)": flow.one_request,
    "POST /Workflow/Certificates/Approve": flow.approve,
    "POST /Workflow/Certificates/Deny": flow.deny,
    "GET /Workflow/Instances": flow.instances("all"),
    "GET /Workflow/Instances/My": flow.instances("my"),
    "GET /Workflow/Instances/AssignedToMe": flow.instances("assigned"),
    "GET /Workflow/Instances/" + GUID: flow.one_instance,
    "POST /Workflow/Instances/" + GUID + "/Signals": flow.signal,
    "POST /Workflow/Instances/" + GUID + "/Restart": flow.restart,
    **keystores.ROUTES,
    **things.ROUTES,
}
ENDPOINTS = ["GET /Status/Endpoints"] + list(ROUTES)
BASE = "/keyfactorapi"
# What somebody who may see collections only may not call without naming one.
ONLY_WITHIN = ("GET /Certificates", "GET /Certificates/ID", "GET /Certificates/ID/History",
               "POST /Certificates/Download", "POST /Certificates/Recover", "POST /Certificates/Revoke")


class Command(sim.Sim):
    def __init__(self):
        super().__init__()
        self.key = secrets.token_bytes(32)
        self.given_after = 0
        self.state = {"client_auth": "body"}
        self.world = World()
        self.calls = {}

    def arguments(self, parser):
        parser.add_argument("--version", default="24.4.0.0")

    # --- the identity provider ---

    def client_of(self, request, form):
        """Where the secret is; RFC 6749 has both of its parts form-encoded in the header."""
        if self.state["client_auth"] == "body":
            return form.get("client_id"), form.get("client_secret")
        kind, _, rest = request.headers.get("Authorization", "").partition(" ")
        if kind != "Basic" or "client_secret" in form:
            return None, None
        name, _, secret = base64.b64decode(rest).decode().partition(":")
        return urllib.parse.unquote_plus(name), urllib.parse.unquote_plus(secret)

    def token(self, request):
        form = request.form()
        name, secret = self.client_of(request, form)
        if form.get("grant_type") != "client_credentials":
            return Reply(400, {"error": "unsupported_grant_type"})
        if not name or CLIENTS.get(name) != secret:
            return Reply(401, {"error": "invalid_client",
                               "error_description": "no such client, or not its secret"})
        if "scope" not in form:
            return Reply(400, {"error": "invalid_request",
                               "error_description": "AADSTS90014: the scope is missing"})
        now = time.time()
        made = jwt.encode({"sub": name, "client_id": name, "iat": int(now), "exp": int(now) + 600,
                           "given": now, "nonce": secrets.token_hex(4)}, self.key, algorithm="HS256")
        return Reply(200, {"access_token": made, "token_type": "Bearer", "expires_in": 600})

    # --- Command ---

    def who(self, request):
        kind, _, rest = request.headers.get("Authorization", "").partition(" ")
        try:
            if kind == "Basic":
                user, _, password = base64.b64decode(rest, validate=True).decode().partition(":")
                return user if USERS.get(user) == password else None
            claims = jwt.decode(rest, self.key, ["HS256"])
            return claims["sub"] if claims["given"] >= self.given_after else None
        except (jwt.PyJWTError, binascii.Error, UnicodeDecodeError):
            return None

    def change(self, request):
        asked = request.json()
        if asked.pop("revoked", False):
            self.given_after = time.time()
        self.state.update(asked)
        return Reply(204)

    def handle(self, request):
        if request.path == "/sim/state":
            return self.change(request)
        if request.path == "/sim/keyfactor":
            asked = request.json()
            return Reply(200, {**DEEDS, **keystores.DEEDS, **things.DEEDS}[asked.pop("do")](self, **asked))
        if request.path == "/oauth2/token" and request.method == "POST":
            return self.token(request)
        who = self.who(request)
        if not who:
            return Reply(401, PAGE, {"WWW-Authenticate": "Negotiate"}, "text/html")
        if request.headers.get("x-keyfactor-requested-with") not in ("APIClient", "XMLHttpRequest"):
            return Reply(400, {"ErrorCode": "0xA0110002",
                               "Message": "The x-keyfactor-requested-with header is missing."})
        if who == "CORP\\nobody":
            return Reply(403, {"ErrorCode": "0xA0140002", "Message":
                               "User %s doesn't have the required permission" % who})
        if request.headers.get("x-keyfactor-api-version") not in ("1", "1.0", "2", "2.0"):
            return Reply(400, {"ErrorCode": "0xA0110002", "Message": "The API version is not supported."})
        try:
            return self.command(who, request)
        except Refused as why:
            return why.reply

    def command(self, who, request):
        path = request.path
        if path.lower() == BASE + "/status/endpoints":
            return Reply(200, ENDPOINTS, {"x-keyfactor-product-version": self.options.version})
        for route, answer in ROUTES.items():
            method, _, pattern = route.partition(" ")
            match = re.fullmatch(BASE + pattern, path, re.I)
            if match and method == request.method:
                return self.called(who, request, "%s %s" % (method, path[len(BASE):]), answer, match)
        return Reply(404, "<html>404</html>", kind="text/html")

    def called(self, who, request, call, answer, match):
        name = re.sub(r"/(\d+|%s)(?=/|$)" % GUID, "/ID", call)
        self.calls[name] = self.calls.get(name, 0) + 1
        if name in self.world.knobs["denied"]:
            return Reply(403, {"ErrorCode": "0xA0140002", "Message":
                               "User %s doesn't have the required permission" % who})
        if (who == "CORP\\part" and name in ONLY_WITHIN
                and "collectionid" not in parameters(request)):
            return Reply(403, {"ErrorCode": "0xA0140002", "Message":
                               "User %s doesn't have the required permission" % who})
        done = answer(self.world, who, request, *match.groups())
        ends = self.world.knobs["ends"]
        if ends and ends[0] == name and done.status < 300:
            self.world.knobs["ends"] = None
            with open(ends[1], encoding="ascii") as f:
                os.kill(int(f.read()), signal.SIGKILL)
        return done


if __name__ == "__main__":
    Command().main()
