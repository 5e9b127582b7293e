#!/usr/bin/python3
"""A Vault, as far as signing in goes: seal, health, tokens with lives, wrapping, a second factor.

--version and --product say what it claims to be.  POST /sim/state {"sealed": …, "initialized": …,
"standby": …, "header": …, "passed": seconds} changes what it is: "header" makes it demand
X-Vault-Request as an agent does, "passed" lets time go by.  JWTs are verified by PyJWT, with the
key that --jwt-key names.
"""
import json
import secrets
import time

import sim
from sim import Reply

ROOT = "hvs.root-of-the-simulator"
DENIED = "1 error occurred:\n\t* permission denied\n\n"


def errors(status, *texts):
    return Reply(status, {"errors": list(texts)})


def envelope(data=None, auth=None, wrap=None):
    return Reply(200, {"request_id": secrets.token_hex(16), "lease_id": "", "renewable": False,
                       "lease_duration": 0, "data": data, "wrap_info": wrap, "warnings": None,
                       "auth": auth})


class Vault(sim.Sim):
    def __init__(self):
        super().__init__()
        self.state = {"sealed": False, "initialized": True, "standby": False, "header": False}
        self.passed = 0
        self.tokens = {}
        self.wrapped = {}
        self.factors = {}
        self.secret_ids = {"secret-of-the-simulator": 10 ** 6, "secret-good-once": 1}
        self.add(ROOT, "root", ["root"], 0, False)
        self.add("hvs.blind", "blind", ["nothing"], 3600, True)
        self.add("hvs.old", "token-old", ["default"], 3600, True, left=600)

    def arguments(self, parser):
        parser.add_argument("--version", default="2.6.2")
        parser.add_argument("--product", default="openbao", choices=("openbao", "vault"))
        parser.add_argument("--jwt-key")
        parser.add_argument("--role-id", default="role-of-the-simulator")
        parser.add_argument("--code", default="123456", help="the one-time code of mo")

    # --- tokens ---

    def now(self):
        return time.time() + self.passed

    def add(self, token, name, policies, ttl, renewable, left=None):
        self.tokens[token] = {"name": name, "policies": policies, "ttl": ttl,
                              "renewable": renewable, "longest": self.now() + 4 * ttl,
                              "ends": self.now() + (ttl if left is None else left) if ttl else 0}
        return token

    def of(self, request):
        """The token that a request came with, if it lives."""
        known = self.tokens.get(request.headers.get("X-Vault-Token", ""))
        return known if known and (not known["ends"] or known["ends"] > self.now()) else None

    def auth_block(self, token):
        t = self.tokens[token]
        return {"client_token": token, "accessor": secrets.token_hex(8),
                "policies": t["policies"], "token_policies": t["policies"], "metadata": {},
                "lease_duration": int(t["ends"] - self.now()) if t["ends"] else 0,
                "renewable": t["renewable"], "entity_id": "", "token_type": "service",
                "orphan": True, "mfa_requirement": None, "num_uses": 0}

    def log_in(self, name):
        return envelope(auth=self.auth_block(self.add("hvs." + secrets.token_urlsafe(24), name,
                                                      ["default", "web"], 3600, True)))

    def lookup(self, request):
        t = self.of(request)
        if not t:
            return errors(403, "permission denied")
        if "default" not in t["policies"] and "root" not in t["policies"]:
            return errors(403, DENIED)
        return envelope({"id": request.headers["X-Vault-Token"], "display_name": t["name"],
                         "policies": t["policies"], "creation_ttl": t["ttl"],
                         "ttl": int(t["ends"] - self.now()) if t["ends"] else 0,
                         "renewable": t["renewable"], "expire_time": None, "num_uses": 0,
                         "orphan": True, "path": "auth/token/create", "type": "service",
                         "explicit_max_ttl": 0, "meta": None, "entity_id": ""})

    def renew(self, request):
        t = self.of(request)
        if not t:
            return errors(403, "permission denied")
        if not t["renewable"]:
            return errors(400, "lease is not renewable")
        wanted = int(request.json().get("increment") or t["ttl"])
        t["ends"] = min(self.now() + wanted, t["longest"])
        return envelope(auth=self.auth_block(request.headers["X-Vault-Token"]))

    def revoke(self, request):
        if not self.of(request):
            return errors(403, "permission denied")
        del self.tokens[request.headers["X-Vault-Token"]]
        return Reply(204)

    # --- ways to sign in ---

    def approle(self, request):
        asked = request.json()
        if not asked.get("role_id"):
            return errors(400, "missing role_id")
        left = self.secret_ids.get(asked.get("secret_id"), 0)
        if asked["role_id"] != self.options.role_id or not left:
            return errors(400, "invalid role or secret ID")
        self.secret_ids[asked["secret_id"]] = left - 1
        return self.log_in("approle")

    def password(self, request):
        user, given = request.path.rsplit("/", 1)[1], request.json().get("password")
        if given is None:
            return errors(500, "missing password")
        if given != "password of " + user:
            return errors(400, "invalid username or password")
        if user != "mo":
            return self.log_in(request.path.split("/")[3] + "-" + user)
        asked = secrets.token_hex(8)
        self.factors[asked] = user
        return envelope(auth={"client_token": "", "mfa_requirement": {
            "mfa_request_id": asked, "mfa_constraints": {"all": {"any": [
                {"type": "totp", "id": "m-1", "uses_passcode": True}]}}}})

    def factor(self, request):
        asked = request.json()
        user = self.factors.pop(asked.get("mfa_request_id"), None)
        if not user or asked.get("mfa_payload") != {"m-1": [self.options.code]}:
            return errors(403, "login MFA validation failed")
        return self.log_in("userpass-" + user)

    def jwt(self, request):
        import jwt
        asked = request.json()
        if asked.get("role") != "web":
            return errors(400, 'role "%s" could not be found' % asked.get("role", ""))
        try:
            with open(self.options.jwt_key) as key:
                claims = jwt.decode(asked["jwt"], key.read(), ["ES256"], audience="certty")
        except jwt.PyJWTError as e:
            return errors(400, "error validating token: %s" % e)
        return self.log_in("jwt-" + claims["sub"])

    def cert(self, request):
        if not request.peer:
            return errors(400, "client certificate must be supplied")
        name = dict(part[0] for part in request.peer["subject"])["commonName"]
        return self.log_in("cert-" + name)

    # --- wrapping ---

    def secret_id(self, request):
        if not self.of(request):
            return errors(403, "permission denied")
        made = secrets.token_hex(16)
        self.secret_ids[made] = 10 ** 6
        data = {"secret_id": made, "secret_id_num_uses": 0, "secret_id_ttl": 0}
        if "X-Vault-Wrap-TTL" not in request.headers:
            return envelope(data)
        token = "hvs." + secrets.token_urlsafe(24)
        self.wrapped[token] = data
        return envelope(wrap={"token": token, "ttl": 120, "accessor": "", "creation_time": "",
                              "creation_path": request.path[len("/v1/"):]})

    def unwrap(self, request):
        asked = request.json() if request.body else {}
        data = self.wrapped.pop(asked.get("token") or request.headers.get("X-Vault-Token"), None)
        if not data:
            return errors(400, "wrapping token is not valid or does not exist")
        return envelope(data)

    # --- the server ---

    def seal_status(self, _):
        dates = "commit_date" if self.options.product == "openbao" else "build_date"
        return Reply(200, {"type": "shamir", "initialized": self.state["initialized"],
                           "sealed": self.state["sealed"], "t": 3, "n": 5,
                           "progress": 1 if self.state["sealed"] else 0, "nonce": "",
                           "version": self.options.version, dates: "2026-01-01T00:00:00Z",
                           "migration": False, "recovery_seal": False, "storage_type": "inmem"})

    def health(self, request):
        s = self.state
        status = 501 if not s["initialized"] else 503 if s["sealed"] else 429 if s["standby"] else 200
        for query, of in (("uninitcode", 501), ("sealedcode", 503), ("standbycode", 429)):
            if status == of and query in request.query:
                status = int(request.query[query][0])
        return Reply(status, {"initialized": s["initialized"], "sealed": s["sealed"],
                              "standby": s["standby"], "version": self.options.version,
                              "replication_dr_mode": "disabled",
                              "server_time_utc": int(self.now())})

    def init(self, _):
        return Reply(200, {"initialized": self.state["initialized"]})

    def change(self, request):
        asked = request.json()
        self.passed += asked.pop("passed", 0)
        self.state.update(asked)
        return Reply(204)

    ROUTES = (
        ("GET", "/v1/auth/token/lookup-self", lookup),
        ("POST", "/v1/auth/token/renew-self", renew),
        ("POST", "/v1/auth/token/revoke-self", revoke),
        ("POST", "/v1/auth/approle/login", approle),
        ("POST", "/v1/auth/approle/role/web/secret-id", secret_id),
        ("POST", "/v1/auth/userpass/login/", password),
        ("POST", "/v1/auth/ldap/login/", password),
        ("POST", "/v1/auth/jwt/login", jwt),
        ("POST", "/v1/auth/cert/login", cert),
        ("POST", "/v1/sys/mfa/validate", factor),
        ("POST", "/v1/sys/wrapping/unwrap", unwrap),
    )

    def open_to_all(self, request):
        return {"/sim/state": self.change, "/v1/sys/seal-status": self.seal_status,
                "/v1/sys/health": self.health, "/v1/sys/init": self.init}.get(request.path)

    def handle(self, request):
        answer = self.open_to_all(request)
        if answer:
            return answer(request)
        if self.state["header"] and request.headers.get("X-Vault-Request") != "true":
            return errors(412, 'missing "X-Vault-Request" header')
        if not self.state["initialized"] or self.state["sealed"]:
            return errors(503, "Vault is sealed")
        if self.state["standby"]:
            return errors(500, "local node not active but active cluster node not found")
        method = "POST" if request.method == "PUT" else request.method
        try:
            for of, path, answer in self.ROUTES:
                if method == of and (request.path.startswith(path) if path.endswith("/")
                                     else request.path == path):
                    return answer(self, request)
        except (json.JSONDecodeError, UnicodeDecodeError):
            return errors(400, "failed to parse JSON input")
        if not self.of(request):
            return errors(403, "permission denied")
        return self.mounted(request)

    def mounted(self, request):
        """What is beside all that; here no engine is mounted."""
        if request.path == "/v1/sys/mounts":
            return envelope({})
        return errors(404, 'no handler for route "%s". route entry not found.' % request.path[4:])


if __name__ == "__main__":
    Vault().main()
