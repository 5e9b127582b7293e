"""Our sign-ins to Vault and to Keyfactor Command against their simulators: what a real server is
hard to bring to (time that goes by, a sealed server, one that demands a header, a proxy's page)."""
import json
import os
import sys
import urllib.request

for folder in ("peers", "sim"):
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), folder))
import visit                                                                        # noqa: E402
from keyfactor import ENDPOINTS                                                     # noqa: E402
from visit import Visit, expect                                                     # noqa: E402

ROOT = "hvs.root-of-the-simulator"


def change(at, **state):
    request = urllib.request.Request(at + "/sim/state", json.dumps(state).encode(),
                                     {"Content-Type": "application/json"})
    urllib.request.urlopen(request).close()


# --- Vault ---------------------------------------------------------------------------------------

def test_vault_life(at):
    """A token is kept, renewed near its end, and replaced when it has lived its longest."""
    with Visit("vault", address=at, auth="approle", role_id="role-of-the-simulator") as v:
        v.secret("secret-id", "secret-of-the-simulator")
        first = v.good("sign-in")["token"]
        expect(v.good("sign-in")["token"] == first, "a young token was not kept")
        for _ in range(4):
            change(at, passed=3000)
            said = v.good("sign-in")
            expect(said["token"] == first and said["renewable"], said)
        change(at, passed=1500)
        said = v.good("sign-in")
        expect(said["token"] != first and said["lasts"] > 3500, said)
        change(at, passed=7200)
        dead = v.good("test")
        expect(dead["sign_ins"] == 1 and dead["token"] != said["token"], dead)


def test_vault_renewal(at):
    with Visit("vault", address=at, auth="token") as v:
        said = v.secret("token", "hvs.old").good("sign-in")
        expect(said["renewable"], said)


def test_vault_wrapped(at):
    request = urllib.request.Request(at + "/v1/auth/approle/role/web/secret-id", b"{}", {
        "X-Vault-Token": ROOT, "X-Vault-Wrap-TTL": "120s"})
    token = json.load(urllib.request.urlopen(request))["wrap_info"]["token"]
    with Visit("vault", address=at, auth="approle", role_id="role-of-the-simulator",
               wrapped="yes") as v:
        first = v.secret("secret-id", token).good()["token"]
        change(at, passed=7200)
        expect(v.good("sign-in")["token"] != first, "it was not used again")
    with Visit("vault", address=at, auth="approle", role_id="role-of-the-simulator",
               wrapped="yes") as v:
        v.secret("secret-id", token).bad("sign-in", "unwrapping the secret ID")


def test_vault_secret_id_once(at):
    """A policy's no, or a doubt, must not cost a secret ID that is good for one login."""
    with Visit("vault", address=at, auth="approle", role_id="role-of-the-simulator") as v:
        v.secret("secret-id", "secret-good-once").good()
        for _ in range(3):
            v.good("sign-in")


def test_vault_factor(at):
    with Visit("vault", address=at, auth="userpass", user="mo") as v:
        v.secret("password", "password of mo").bad("sign-in", "one-time code")
        v.secret("code", "654321").bad("sign-in", "login MFA validation failed")
        v.secret("code", "123456").good()


def test_vault_header(at):
    change(at, header=True)
    with Visit("vault", address=at, auth="token") as v:
        v.secret("token", ROOT).good()
    change(at, header=False)


def test_vault_states(at):
    for state, part in (({"sealed": True}, "sealed, with 1 of 3"),
                        ({"initialized": False}, "not initialised"),
                        ({"standby": True}, "this node is a standby")):
        change(at, **state)
        with Visit("vault", address=at, auth="token") as v:
            v.secret("token", ROOT).bad("busy", part)
        change(at, sealed=False, initialized=True, standby=False)


def fault(at, **what):
    request = urllib.request.Request(at + "/sim/fault", json.dumps(what).encode(),
                                     {"Content-Type": "application/json"})
    urllib.request.urlopen(request).close()


def test_vault_proxy_page(at):
    fault(at, path="/login", status=502, body="<html>", headers={"Content-Type": "text/html"})
    with Visit("vault", address=at, auth="userpass", user="jo") as v:
        v.secret("password", "x").bad("network", "status 502, with a web page")


def test_vault_broken_answer(at):
    fault(at, path="lookup-self", **{"break": True})
    with Visit("vault", address=at, auth="token") as v:
        said = v.secret("token", ROOT).bad("network", "looking at the token")
        expect(ROOT not in said["error"], "the token is in the error")


# --- Keyfactor -----------------------------------------------------------------------------------

def command(at, auth, **answers):
    return Visit("keyfactor", host=at, auth=auth, **answers)


def test_keyfactor_basic(at):
    for user in ("CORP\\jo", "jo@corp.example"):
        with command(at, "basic", user=user) as v:
            said = v.secret("password", "pw: ü").good()
            expect(said["who"] == user, said)
            expect("Keyfactor Command 24.4.0.0" in said["said"] and
                   "%d endpoints" % len(ENDPOINTS) in said["said"], said)
    with command(at, "basic", user="jo", domain="CORP") as v:
        v.secret("password", "px").bad("sign-in", "status 401 with a web page", order="test")
    with command(at, "basic", user="CORP\\nobody") as v:
        v.secret("password", "pw").bad("refused", "0xA0140002", order="test")
    with command(at, "basic", user="CORP\\jo", api_path="elsewhere") as v:
        v.secret("password", "pw: ü").bad("not-found", "host and API path", order="test")


def test_keyfactor_oauth(at):
    for place in ("body", "header"):
        change(at, client_auth=place)
        with command(at, "oauth", client_id="certty", token_url=at + "/oauth2/token",
                     client_auth=place, scopes="api") as v:
            first = v.secret("client-secret", "s3 cret&=%").good()
            expect(first["who"] == "certty" and first["lasts"] == 600, first)
            change(at, revoked=True)
            again = v.good()
            expect(again["sign_ins"] == 1 and again["token"] != first["token"], again)
        change(at, client_auth="body")


def test_keyfactor_oauth_refused(at):
    with command(at, "oauth", client_id="certty", token_url=at + "/oauth2/token") as v:
        v.secret("client-secret", "s3 cret&=%").bad("sign-in", "AADSTS90014")
        v.say("arg", "scopes", "api").secret("client-secret", "x").bad("sign-in", "no such client")


def test_keyfactor_config(at):
    folder = os.path.join(os.environ["HOME"], ".keyfactor")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "command_config.json"), "w") as f:
        json.dump({"servers": {"lab": {
            "host": at, "username": "jo", "domain": "CORP", "password": "pw: ü"}}}, f)
    with Visit("keyfactor") as v:
        for key, value in v.ask("find")["keyfactor:lab"].items():
            v.say("arg", key, value)
        expect(v.good()["who"] == "CORP\\jo", "who")


def alone(name, case):
    """Each has a simulator of its own, whose time nobody else lets go by."""
    process, at = visit.simulator(name.split("_")[1] + ".py")
    try:
        case(at)
    finally:
        visit.end_simulator(process)


def main():
    try:
        import jwt                                                                  # noqa: F401
    except ImportError:
        print("1..0 # SKIP python3-jwt is not installed (dev/packages install test)")
        return 0
    cases = [(name[5:].replace("_", " "), lambda name=name, case=case: alone(name, case))
             for name, case in sorted(globals().items()) if name.startswith("test_")]
    return visit.run(cases)


sys.exit(main())
