#!/usr/bin/python3
"""Our Vault simulator, driven by a client that others wrote (hvac), so that the two of us cannot
share a misunderstanding: what hvac takes for a sign-in, a lookup, a renewal and an error."""
import sys

import visit
from visit import expect

try:
    import hvac
except ImportError:
    print("1..0 # SKIP python3-hvac is not installed (dev/packages install peers)")
    sys.exit(0)

ROOT = "hvs.root-of-the-simulator"
at = None


def refused(kind, ask, part):
    try:
        ask()
    except kind as e:
        expect(part in str(e), "no '%s' in: %s" % (part, e))
        return
    raise RuntimeError("it was not refused")


def test_token():
    client = hvac.Client(at, token=ROOT)
    expect(client.is_authenticated(), "root is not known")
    expect(client.auth.token.lookup_self()["data"]["policies"] == ["root"], "policies")
    expect(not hvac.Client(at, token="hvs.unknown").is_authenticated(), "an unknown token is known")
    refused(hvac.exceptions.Forbidden,
            hvac.Client(at, token="hvs.blind").auth.token.lookup_self, "permission denied")


def test_renewal():
    client = hvac.Client(at, token="hvs.old")
    auth = client.auth.token.renew_self(increment="1800")["auth"]
    expect(auth["renewable"] and auth["lease_duration"] in range(1790, 1801), auth)
    refused(hvac.exceptions.InvalidRequest, hvac.Client(at, token=ROOT).auth.token.renew_self,
            "lease is not renewable")


def test_approle():
    client = hvac.Client(at)
    client.auth.approle.login("role-of-the-simulator", "secret-of-the-simulator")
    expect(client.auth.token.lookup_self()["data"]["display_name"] == "approle", "name")
    client.auth.token.revoke_self()
    expect(not hvac.Client(at, token=client.token).is_authenticated(), "it lives on")
    refused(hvac.exceptions.InvalidRequest,
            lambda: client.auth.approle.login("role-of-the-simulator", "x"),
            "invalid role or secret ID")


def test_wrapped():
    owner = hvac.Client(at, token=ROOT)
    wrap = owner.write("auth/approle/role/web/secret-id", wrap_ttl="120s")["wrap_info"]
    expect(wrap["creation_path"] == "auth/approle/role/web/secret-id", wrap)
    client = hvac.Client(at)
    secret = client.sys.unwrap(wrap["token"])["data"]["secret_id"]
    client.auth.approle.login("role-of-the-simulator", secret)
    refused(hvac.exceptions.InvalidRequest, lambda: hvac.Client(at).sys.unwrap(wrap["token"]),
            "wrapping token is not valid")


def test_password():
    client = hvac.Client(at)
    client.auth.userpass.login("jo", "password of jo")
    expect(client.auth.token.lookup_self()["data"]["display_name"] == "userpass-jo", "name")
    client.auth.ldap.login("jo", "password of jo")
    expect(client.auth.token.lookup_self()["data"]["display_name"] == "ldap-jo", "name")
    refused(hvac.exceptions.InvalidRequest, lambda: client.auth.userpass.login("jo", "x"),
            "invalid username or password")


def test_states():
    client = hvac.Client(at, token=ROOT)
    expect(client.sys.is_initialized() and not client.sys.is_sealed(), "it is sealed")
    client.session.post(at + "/sim/state", json={"sealed": True})
    expect(client.sys.is_sealed(), "it is not sealed")
    refused(hvac.exceptions.VaultDown, client.auth.token.lookup_self, "Vault is sealed")
    expect(client.sys.read_health_status(method="GET").status_code == 503, "health")
    client.session.post(at + "/sim/state", json={"sealed": False})


def main():
    global at
    process, at = visit.simulator("vault.py")
    try:
        return visit.run([(case.__name__[5:], case) for case in
                          (test_token, test_renewal, test_approle, test_wrapped, test_password,
                           test_states)])
    finally:
        visit.end_simulator(process)


sys.exit(main())
