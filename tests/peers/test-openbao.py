#!/usr/bin/python3
"""Our sign-ins to Vault against a real OpenBao: each method, and what it says when it refuses.

dev/openbao brings the server.  It runs in memory, with TLS of its own, on the loopback; what the
methods stand on (an LDAP server, a Kubernetes API that reviews tokens) runs beside it.
"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

import visit
from bao import ROOT, Bao
from visit import Missing, Server, Visit, expect

APPROLE = "auth/approle/role/web"


# --- tokens --------------------------------------------------------------------------------------

def test_token(bao):
    with bao.visit("token") as v:
        v.secret("token", ROOT)
        said = v.good()
        expect(said["lasts"] == 0 and not said["renewable"], said)
        expect(said["said"].startswith("OpenBao 2."), said["said"])
        expect("policies root; it does not end" in said["said"], said["said"])
        v.say("forget").secret("token", "s.unknownunknownunknown")
        v.bad("sign-in", "permission denied", "unknown, revoked or has ended")


def test_token_life(bao):
    """One that is old is renewed; one that was revoked is not taken for a lack of policies."""
    token = bao.token(ttl="1h", policies=["default"])
    with bao.visit("token") as v:
        v.secret("token", token)
        expect(v.good("sign-in")["lasts"] in range(3500, 3601), "its life")
        bao.ask("POST", "auth/token/renew-self", {"increment": "600s"}, X_Vault_Token=token)
        said = v.good("sign-in")
        expect(said["lasts"] in range(3500, 3601) and said["renewable"], said)
        bao.ask("POST", "auth/token/revoke", {"token": token})
        v.bad("sign-in", "permission denied", order="test")


def test_token_blind(bao):
    """Without the policy "default" it may not look at itself."""
    with bao.visit("token") as v:
        v.secret("token", bao.token(no_default_policy=True, policies=["nothing"]))
        expect("do not let it look at itself" in v.good()["said"], "it is not said")


def test_token_batch(bao):
    with bao.visit("token") as v:
        v.secret("token", bao.token(type="batch", ttl="1h", policies=["default"]))
        said = v.good()
        expect(said["lasts"] > 3500 and not said["renewable"], said)


# --- logins --------------------------------------------------------------------------------------

def approle(bao):
    if "approle/" not in bao.ask("GET", "sys/auth")["data"]:
        bao.enable("approle")
        bao.ask("POST", APPROLE, {"token_ttl": "1h", "token_policies": "default"})
    return bao.ask("GET", APPROLE + "/role-id")["data"]["role_id"]


def test_approle(bao):
    role = approle(bao)
    secret = bao.ask("POST", APPROLE + "/secret-id", {})["data"]["secret_id"]
    with bao.visit("approle", role_id=role) as v:
        first = v.secret("secret-id", secret).good()
        expect(first["who"] == "approle" and first["renewable"], first)
        expect(v.good("sign-in")["token"] == first["token"], "a good token was not kept")
        for accessor in bao.ask("LIST", "auth/token/accessors")["data"]["keys"]:
            data = bao.ask("POST", "auth/token/lookup-accessor", {"accessor": accessor})["data"]
            if data["path"] == "auth/approle/login":
                bao.ask("POST", "auth/token/revoke-accessor", {"accessor": accessor})
        again = v.good()
        expect(again["sign_ins"] == 1 and again["token"] != first["token"], again)
    with bao.visit("approle", role_id=role) as v:
        v.secret("secret-id", "wrong").bad("sign-in", "invalid role or secret ID")


def test_approle_wrapped(bao):
    """What the command prints of a wrapped secret ID can be pasted as it is, and used once."""
    role = approle(bao)
    said = bao.command("write", "-wrap-ttl=120s", "-f", "-format=json", APPROLE + "/secret-id",
                       BAO_TOKEN=ROOT).stdout
    path = os.path.join(bao.folder, "wrapped.json")
    with open(path, "w") as f:
        f.write(said)
    with bao.visit("approle", role_id=role) as v:
        v.say("paste", path)
        expect(v.good()["who"] == "approle", "who")
    with bao.visit("approle", role_id=role) as v:
        v.say("paste", path).bad("sign-in", "unwrapping the secret ID", "somebody else")


def test_userpass(bao):
    bao.enable("userpass")
    bao.ask("POST", "auth/userpass/users/jo", {"password": "pw \"ü\\"})
    with bao.visit("userpass", user="jo") as v:
        expect(v.secret("password", "pw \"ü\\").good()["who"] == "userpass-jo", "who")
    with bao.visit("userpass", user="jo") as v:
        v.secret("password", "px").bad("sign-in", "invalid username or password",
                                       "check user and password")
    with bao.visit("userpass", user="jo", mount="nowhere") as v:
        v.secret("password", "pw").bad("sign-in", "auth/nowhere")


def code_of(url):
    """RFC 6238, from an otpauth: address."""
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)
    secret = query["secret"][0]
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // int(query["period"][0])),
                      hashlib.sha1).digest()
    at = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[at:at + 4])[0] & 0x7fffffff) % 10 ** 6)


def test_second_factor(bao):
    bao.ask("POST", "auth/userpass/users/mo", {"password": "pw"})
    entity = bao.ask("POST", "auth/userpass/login/mo", {"password": "pw"})["auth"]["entity_id"]
    method = bao.ask("POST", "identity/mfa/method/totp",
                     {"issuer": "peers", "period": 30, "algorithm": "SHA1"})["data"]["method_id"]
    url = bao.ask("POST", "identity/mfa/method/totp/admin-generate",
                  {"method_id": method, "entity_id": entity})["data"]["url"]
    bao.ask("POST", "identity/mfa/login-enforcement/mo",
            {"mfa_method_ids": [method], "identity_entity_ids": [entity]})
    with bao.visit("userpass", user="mo") as v:
        v.secret("password", "pw").bad("sign-in", "one-time code as well (totp)")
        v.secret("code", "000000").bad("sign-in", "second factor")
        expect(v.secret("code", code_of(url)).good()["who"] == "userpass-mo", "who")


def signer():
    """PyJWT, and a key for it."""
    try:
        import jwt
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError as e:
        raise Missing("%s is not installed (dev/packages install test)" % e.name)
    return jwt, ec.generate_private_key(ec.SECP256R1())


def test_jwt(bao):
    jwt, key = signer()
    from cryptography.hazmat.primitives import serialization
    public = key.public_key().public_bytes(serialization.Encoding.PEM,
                                           serialization.PublicFormat.SubjectPublicKeyInfo)
    bao.enable("jwt")
    bao.ask("POST", "auth/jwt/config", {"jwt_validation_pubkeys": [public.decode()]})
    bao.ask("POST", "auth/jwt/role/web", {"role_type": "jwt", "bound_audiences": ["certty"],
                                          "user_claim": "sub", "token_policies": ["default"]})

    def made(**claims):
        now = int(time.time())
        return jwt.encode({"sub": "pipeline", "aud": "certty", "iat": now, "nbf": now,
                           "exp": now + 300, **claims}, key, algorithm="ES256")
    with bao.visit("jwt", role="web") as v:
        expect(v.secret("jwt", made()).good()["who"] == "jwt-pipeline", "who")
    with bao.visit("jwt", role="web") as v:
        v.secret("jwt", made(aud="other")).bad("sign-in", "auth/jwt", "audience")
        v.secret("jwt", made(iat=1, nbf=1, exp=2)).bad("sign-in", "expired")
        path = os.path.join(bao.folder, "jwt")
        with open(path, "w") as f:
            f.write(made() + "\n")
        expect(v.say("arg", "jwt-file", path).good()["from"].endswith("/jwt"), "from")


class Reviewer(http.server.BaseHTTPRequestHandler):
    """The one call of a Kubernetes API that OpenBao makes, for any token of "web"."""

    def log_message(self, *args):
        pass

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = {"authenticated": True, "user": {
            "username": "system:serviceaccount:default:web", "uid": "u-1",
            "groups": ["system:serviceaccounts"]}}
        body = json.dumps({**asked, "status": status}).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def test_kubernetes(bao):
    jwt, key = signer()
    api = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Reviewer)
    threading.Thread(target=api.serve_forever, daemon=True).start()
    bao.enable("kubernetes")
    bao.ask("POST", "auth/kubernetes/config", {
        "kubernetes_host": "http://127.0.0.1:%d" % api.server_port, "disable_local_ca_jwt": True,
        "kubernetes_ca_cert": open(bao.ca).read()})
    bao.ask("POST", "auth/kubernetes/role/web", {
        "bound_service_account_names": "web", "bound_service_account_namespaces": "default",
        "audience": "", "token_policies": ["default"]})
    path = os.path.join(bao.folder, "account")
    with open(path, "w") as f:
        f.write(jwt.encode({
            "iss": "kubernetes/serviceaccount", "sub": "system:serviceaccount:default:web",
            "kubernetes.io/serviceaccount/namespace": "default",
            "kubernetes.io/serviceaccount/service-account.name": "web",
            "kubernetes.io/serviceaccount/service-account.uid": "u-1"}, key, algorithm="ES256"))
    try:
        with bao.visit("kubernetes", role="web", jwt_file=path) as v:
            expect(v.good()["who"] == "kubernetes-default-web", "who")
        with bao.visit("kubernetes", role="other", jwt_file=path) as v:
            v.bad("sign-in", 'invalid role name "other"')
    finally:
        api.shutdown()
        api.server_close()


def test_ldap(bao):
    exe = shutil.which("slapd", path=os.environ["PATH"] + ":/usr/sbin")
    if not exe:
        raise Missing("slapd is not installed (package slapd)")
    folder = os.path.join(bao.folder, "ldap")
    os.mkdir(folder)
    conf = os.path.join(folder, "slapd.conf")
    with open(conf, "w") as f:
        f.write("pidfile %s/pid\nargsfile %s/args\ndatabase ldif\nsuffix cn=example\n"
                "rootdn cn=jo,cn=example\nrootpw pw\ndirectory %s\n" % (folder, folder, folder))
    port = visit.free_port()
    server = Server([exe, "-d", "0", "-f", conf, "-h", "ldap://127.0.0.1:%d/" % port], port,
                    os.path.join(folder, "log"))
    try:
        bao.enable("ldap")
        bao.ask("POST", "auth/ldap/config", {"url": "ldap://127.0.0.1:%d" % port,
                                             "userdn": "cn=example", "userattr": "cn"})
        with bao.visit("ldap", user="jo") as v:
            expect(v.secret("password", "pw").good()["who"] == "ldap-jo", "who")
        with bao.visit("ldap", user="jo") as v:
            v.secret("password", "px").bad("sign-in", "auth/ldap", "check user and password")
    finally:
        server.end()


def test_cert(bao):
    def path(name):
        return os.path.join(bao.folder, name)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=web",
                    "-addext", "extendedKeyUsage=clientAuth", "-days", "2", "-keyout",
                    path("own.key"), "-out", path("own.pem")], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    bao.enable("cert")
    bao.ask("POST", "auth/cert/certs/web", {"certificate": open(path("own.pem")).read(),
                                            "token_policies": ["default"]})
    with bao.visit("cert", role="web") as v:
        v.bad("sign-in", "auth/cert", "check the role")
        v.say("route", "cert-file", path("own.pem")).say("route", "key-file", path("own.key"))
        expect(v.good()["who"] == "cert-web", "who")


# --- what other programs keep --------------------------------------------------------------------

def test_command(bao):
    """The real command signs in; certty finds the account and takes the token where it lies."""
    bao.command("login", "-method=userpass", "username=jo", "password=pw \"ü\\")
    for name in ("VAULT_ADDR", "VAULT_TOKEN", "BAO_TOKEN"):
        os.environ.pop(name, None)
    with Visit("vault", env={"BAO_ADDR": bao.at, "VAULT_CACERT": bao.ca}) as v:
        found = v.ask("find")["vault:bao"]
        expect(found["address"] == bao.at and found["ca-file"] == bao.ca, found)
        for key, value in found.items():
            if key == "ca-file":
                v.say("route", key, value)
            else:
                v.say("arg", key, value)
        said = v.good()
        expect(said["who"] == "userpass-jo" and said["from"] == "~/.vault-token", said)


def test_agent(bao):
    """A proxy that demands the header of tools, and has a token of its own."""
    port = visit.free_port()
    token = os.path.join(bao.folder, "agent-token")
    conf = os.path.join(bao.folder, "proxy.hcl")
    with open(token, "w") as f:
        f.write(bao.token(policies=["default"], ttl="1h", display_name="proxy"))
    with open(conf, "w") as f:
        f.write('vault { address = "%s"\n ca_cert = "%s" }\n'
                'auto_auth { method { type = "token_file"\n'
                ' config = { token_file_path = "%s" } } }\n'
                'api_proxy { use_auto_auth_token = true }\n'
                'listener "tcp" { address = "127.0.0.1:%d"\n tls_disable = true\n'
                ' require_request_header = true }\n' % (bao.at, bao.ca, token, port))
    server = Server([bao.exe, "proxy", "-config=" + conf], port, os.path.join(bao.folder, "proxy.log"))
    try:
        with Visit("vault", address="http://127.0.0.1:%d" % port, auth="agent") as v:
            expect(v.good()["who"] == "token-proxy", "who")
    finally:
        server.end()


def test_namespace(bao):
    bao.ask("POST", "sys/namespaces/team", {})
    bao.enable("userpass", X_Vault_Namespace="team")
    bao.ask("POST", "auth/userpass/users/ann", {"password": "pw"}, X_Vault_Namespace="team")
    with bao.visit("userpass", user="ann", namespace="team") as v:
        said = v.secret("password", "pw").good()
        expect(said["who"] == "team-auth-userpass-ann", said)
    with bao.visit("userpass", user="ann") as v:
        v.secret("password", "pw").bad("sign-in", "invalid username or password")


def test_sealed(bao):
    bao.ask("POST", "sys/seal")
    with bao.visit("token") as v:
        v.secret("token", ROOT).bad("busy", "it is sealed, with 0 of 1 unseal keys given")


CASES = (test_token, test_token_life, test_token_blind, test_token_batch, test_approle,
         test_approle_wrapped, test_userpass, test_second_factor, test_jwt, test_kubernetes,
         test_ldap, test_cert, test_command, test_agent, test_namespace, test_sealed)


def main():
    with tempfile.TemporaryDirectory(prefix="certty-openbao.") as folder:
        try:
            bao = Bao(folder)
        except Missing as e:
            print("1..0 # SKIP %s" % e)
            return 0
        try:
            return visit.run([(case.__name__[5:].replace("_", " "), lambda case=case: case(bao))
                              for case in CASES])
        finally:
            bao.server.end()


sys.exit(main())
