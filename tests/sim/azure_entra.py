"""Microsoft Entra ID and the endpoints of managed identities.

Assertions are verified, and tokens made and verified, by PyJWT and cryptography.
"""
import base64
import time

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

import sim
from azure_world import APP, OBJECT, OTHER_TENANT, TENANT, Refused, guid

SECRET = "s~3/cr+et&=%"
HEADER = "h3ader"
TIMES = ("verify_exp", "verify_iat", "verify_nbf")
VAULT = "https://vault.azure.net"


def refusal(status, word, code, text):
    return sim.Reply(status, {
        "error": word, "error_codes": [code], "timestamp": "2026-08-01 12:00:00Z",
        "error_description": "AADSTS%d: %s\r\nTrace ID: 1\r\nTimestamp: 2026-08-01" % (code, text),
        "error_uri": "https://login.example/error?code=%d" % code})


class Entra(sim.Sim):
    def __init__(self):
        super().__init__()
        self.seen = set()
        self.signing = None

    def arguments(self, parser):
        parser.add_argument("--signing-key", required=True)
        parser.add_argument("--app-cert")
        parser.add_argument("--issuer-key", help="public key of a federated issuer")
        parser.add_argument("--arm", help="audience of the Resource Manager")
        parser.add_argument("--subscriptions", type=int, default=3)

    def base(self, request):
        scheme = "https" if self.options.cert else "http"
        return "%s://%s" % (scheme, request.headers["Host"])

    def key(self):
        if not self.signing:
            with open(self.options.signing_key, "rb") as f:
                self.signing = serialization.load_pem_private_key(f.read(), None)
        return self.signing

    def token(self, resource, tenant=TENANT):
        now = int(time.time())
        return jwt.encode({"aud": resource, "iss": "https://sts.windows.net/%s/" % tenant,
                           "iat": now, "nbf": now, "exp": now + 3600, "appid": APP, "tid": tenant,
                           "oid": OBJECT, "idtyp": "app", "ver": "1.0", "uti": guid()},
                          self.key(), "RS256", {"kid": "sim"})

    # --- Entra ID ---

    def check_certificate(self, request, assertion):
        with open(self.options.app_cert, "rb") as f:
            cert = x509.load_pem_x509_certificate(f.read())
        head = jwt.get_unverified_header(assertion)
        sha256, sha1 = (base64.urlsafe_b64encode(cert.fingerprint(h())).rstrip(b"=").decode()
                        for h in (hashes.SHA256, hashes.SHA1))
        named = {name: head[name].rstrip("=").translate(str.maketrans("+/", "-_"))
                 for name in ("x5t#S256", "x5t") if name in head}
        if not named or named.get("x5t#S256", sha256) != sha256 or named.get("x5t", sha1) != sha1:
            raise Refused(refusal(401, "invalid_client", 700027, "No such certificate."))
        try:
            claims = jwt.decode(assertion, cert.public_key(), ["PS256", "RS256"],
                                audience=self.base(request) + request.path, leeway=5,
                                options=dict({"require": ["exp", "iat", "iss", "sub", "jti"]},
                                             **dict.fromkeys(TIMES, not self.world.knobs["skew"])))
        except jwt.PyJWTError as e:
            raise Refused(refusal(401, "invalid_client", 700027, str(e))) from e
        if claims["iss"] != APP or claims["sub"] != APP or claims["exp"] - claims["iat"] > 700 or \
                claims["jti"] in self.seen:
            raise Refused(refusal(401, "invalid_client", 700030, "The claims are wrong."))
        if not claims.get("nbf", claims["iat"]) - 300 <= self.world.now() <= claims["exp"] + 300:
            raise Refused(refusal(401, "invalid_client", 700024,
                                  "Client assertion is not within its valid time range."))
        self.seen.add(claims["jti"])

    def check_federated(self, assertion):
        with open(self.options.issuer_key, "rb") as f:
            key = serialization.load_pem_public_key(f.read())
        try:
            claims = jwt.decode(assertion, key, ["RS256"], audience="api://AzureADTokenExchange",
                                issuer="https://issuer.example")
        except jwt.PyJWTError as e:
            raise Refused(refusal(401, "invalid_client", 700211, str(e))) from e
        if claims["sub"] != "system:serviceaccount:ns:certty":
            raise Refused(refusal(401, "invalid_client", 700213, "subject '%s'" % claims["sub"]))

    def issuer(self, assertion):
        try:
            return jwt.decode(assertion, options={"verify_signature": False}).get("iss")
        except jwt.PyJWTError as e:
            raise Refused(refusal(401, "invalid_client", 50027, "No JWT: %s" % e)) from e

    def check_credential(self, request, form):
        assertion = form.get("client_assertion")
        if assertion:
            if form.get("client_assertion_type") != \
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer":
                raise Refused(refusal(400, "invalid_request", 900144, "client_assertion_type"))
            if self.issuer(assertion) == APP:
                self.check_certificate(request, assertion)
            else:
                self.check_federated(assertion)
        elif "client_secret" not in form:
            raise Refused(refusal(401, "invalid_client", 7000218, "Nothing was sent."))
        elif form["client_secret"] != SECRET:
            raise Refused(refusal(401, "invalid_client", 7000215, "Invalid client secret."))

    def resources(self, request):
        return {self.options.arm or self.base(request), VAULT, self.vault_resource()}

    def give_token(self, request, tenant):
        form = request.form()
        if request.headers.get("Content-Type") != "application/x-www-form-urlencoded":
            return refusal(400, "invalid_request", 9002313, "The body is malformed.")
        if form.get("grant_type") != "client_credentials":
            return refusal(400, "unsupported_grant_type", 70003, "grant_type")
        if tenant not in (TENANT, OTHER_TENANT):
            return refusal(400, "invalid_request", 90002, "Tenant '%s' not found." % tenant)
        if form.get("client_id") != APP:
            return refusal(400, "unauthorized_client", 700016, "Application not found.")
        scope = form.get("scope", "")
        if not scope.endswith("/.default"):
            return refusal(400, "invalid_scope", 70011, "The scope is malformed.")
        if scope[:-len("/.default")] not in self.resources(request):
            return refusal(400, "invalid_resource", 500011, "No resource '%s'." % scope)
        self.check_credential(request, form)
        return sim.Reply(200, {"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599,
                               "access_token": self.token(scope[:-len("/.default")], tenant)})

    def discover(self, request, tenant):
        base = "%s/%s" % (self.base(request), tenant)
        return sim.Reply(200, {"issuer": base + "/v2.0",
                               "authorization_endpoint": base + "/oauth2/v2.0/authorize",
                               "token_endpoint": base + "/oauth2/v2.0/token"})

    # --- managed identities ---

    def machine_token(self, request):
        query = request.query
        if request.headers.get("Metadata") != "true":
            return sim.Reply(400, {"error": "bad_request_102",
                                   "error_description": "Required metadata header not specified"})
        if query.get("api-version") != ["2018-02-01"]:
            return sim.Reply(400, {"error": "bad_request", "error_description": "api-version"})
        chosen = query.get("client_id", query.get("object_id", query.get("msi_res_id", [APP])))
        if chosen != [APP]:
            return sim.Reply(400, {"error": "invalid_request",
                                   "error_description": "Identity not found"})
        return self.strings(query["resource"][0])

    def service_token(self, request):
        if request.headers.get("X-IDENTITY-HEADER") != HEADER:
            return sim.Reply(403, {"statusCode": 403, "message": "wrong header"})
        if request.query.get("api-version") != ["2019-08-01"]:
            return sim.Reply(400, {"statusCode": 400, "message": "api-version"})
        return self.strings(request.query["resource"][0])

    def strings(self, resource):
        if resource not in (self.options.arm, VAULT, self.vault_resource()):
            return sim.Reply(400, {"error": "invalid_resource",
                                   "error_description": "AADSTS500011: " + resource})
        return sim.Reply(200, {"access_token": self.token(resource), "client_id": APP,
                               "expires_in": "86399", "expires_on": str(int(time.time()) + 86399),
                               "resource": resource, "token_type": "Bearer"})
