#!/usr/bin/python3
"""Our simulator of the Keyfactor engine, driven by a client that others wrote (hvac), by its reads, writes
and lists of any path: in three of its versions, with the faults of each."""
import sys

import visit
from visit import expect

try:
    import hvac
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID
except ImportError:
    print("1..0 # SKIP python3-hvac or python3-cryptography is not installed (dev/packages install peers)")
    sys.exit(0)

ROOT = "hvs.root-of-the-simulator"
CONFIG = {"url": "https://command.example", "username": "svc", "password": "pw", "domain": "CORP",
          "ca": "ca01.corp.example\\IssuingCA", "template": "WebServer"}
VERSIONS = ("1.3.1", "1.4.1", "1.5.0")
at = None


def client(token=ROOT):
    return hvac.Client(at, token=token)


def do(deed, **how):
    reply = client().session.post(at + "/sim/keyfactor", json=dict(how, do=deed))
    reply.raise_for_status()
    return reply.json()["answer"]


def refused(kind, ask, part):
    try:
        ask()
    except kind as e:
        expect(part in str(e), "no '%s' in: %s" % (part, e))
        return
    raise RuntimeError("it was not refused")


def mount(version, path="kf", config=CONFIG):
    do("mount", path=path, version=version)
    do("set", pending=False, refuses=None, returned=2, malformed=False, warnings=None)
    c = client()
    if config:
        c.write(path + "/config", **config)
    c.write(path + "/roles/web", allowed_domains="example.org", allow_subdomains=True)
    return c


def issue(c, **more):
    return c.write("kf/issue/web", common_name="www.example.org",
                   dns_sans="www.example.org,b.example.org", **more)["data"]


def test_discovery():
    mount("1.5.0", "team/issuing")
    found = client("hvs.issuer").read("sys/internal/ui/mounts")["data"]["secret"]["team/issuing/"]
    expect((found["type"], found["running_plugin_version"]) == ("keyfactor", "v1.5.0"), found)
    refused(hvac.exceptions.Forbidden, lambda: client("hvs.issuer").read("sys/mounts"), "permission denied")
    refused(hvac.exceptions.Forbidden, lambda: client("hvs.issuer").read("team/issuing/config"), "denied")


def test_config():
    for version, keys in (("1.3.1", 9), ("1.4.1", 15), ("1.5.0", 18)):
        c = mount(version, config=None)
        expect(c.read("kf/config") is None, "there is one")
        c.write("kf/config", **CONFIG)
        data = c.read("kf/config")["data"]
        expect(len(data) == keys and data["password"] == "(hidden)", data)
        expect(data["api_path"] == "KeyfactorAPI", data)
        c.write("kf/config", template="Internal")
        shown = c.adapter.get("/v1/kf/config", params={"show_hidden": "true"})["data"]
        expect((shown["password"], shown["template"]) == ("pw", "Internal"), shown)
        c.delete("kf/config")
        expect((c.read("kf/config") is None) == (version == "1.5.0"), version)
    do("mount", path="kf", version="1.1.0")
    refused(hvac.exceptions.InvalidPath, lambda: client().write("kf/config", url="x"), "unsupported path")


def test_roles():
    c = mount("1.5.0")
    expect(c.list("kf/roles")["data"]["keys"] == ["web"], "roles")
    expect(c.read("kf/roles/web")["data"]["allowed_domains"] == ["example.org"], "domains")
    refused(hvac.exceptions.InvalidRequest, lambda: c.write("kf/roles/weak", key_bits=1024), "unsafe")
    c.delete("kf/roles/web")
    expect(c.list("kf/roles") is None, "an empty list is no 404")


def test_issue():
    for version in VERSIONS:
        c = mount(version)
        data = issue(c, metadata='{"Owner":"ops"}', ca="ca02.corp.example\\OtherCA")
        cert = x509.load_pem_x509_certificate(data["certificate"].encode())
        sans = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        expect(sans.get_values_for_type(x509.DNSName) == ["www.example.org", "b.example.org"], sans)
        ca = x509.load_pem_x509_certificate(data["issuing_ca"].encode())
        expect(cert.issuer == ca.subject and ca.subject.rfc4514_string() == "CN=OtherCA", ca.subject)
        expect(int(data["serial_number"], 16) == cert.serial_number, data["serial_number"])
        expect(data["private_key"].count("\n") == 2 and "ca_chain" not in data, "the key's form")
        expect(do("state")["enrolled"][-1]["metadata"] == {"Owner": "ops"}, "metadata")


def test_sign():
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "evil.example.com")])
    csr = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    pem = csr.public_bytes(serialization.Encoding.PEM).decode()
    for version in VERSIONS:
        c = mount(version)
        data = c.write("kf/sign/web", csr=pem)["data"]
        expect("private_key" not in data and "issuing_ca" in data, data.keys())
        if version == "1.5.0":
            refused(hvac.exceptions.InvalidRequest,
                    lambda c=c: c.write("kf/sign/web", csr=pem, dns_sans="evil.example.com"), "not allowed for")


def test_refusals():
    c = mount("1.5.0")
    for kind, part, body in (
            (hvac.exceptions.InternalServerError, "common_name must be provided", {}),
            (hvac.exceptions.InvalidRequest, "disallowed common name", {"common_name": "x.example.com"}),
            (hvac.exceptions.InternalServerError, "dns_sans must be provided",
             {"common_name": "a.example.org"}),
            (hvac.exceptions.InvalidRequest, "RFC 2818", {"common_name": "a.example.org",
                                                          "dns_sans": "b.example.org"})):
        refused(kind, lambda body=body: c.write("kf/issue/web", **body), part)
    refused(hvac.exceptions.InvalidRequest, lambda: c.write("kf/issue/none", common_name="x"), "unknown role")
    refused(hvac.exceptions.InternalServerError, lambda: issue(c, template="Nothing"), "(status 400)")
    c.write("kf/config", password="wrong")
    refused(hvac.exceptions.InternalServerError, lambda: issue(c), "failed to authenticate")
    old = mount("1.4.1")
    do("forget", path="kf")
    refused(hvac.exceptions.InternalServerError, lambda: issue(old), "")
    old.read("kf/config")       # loads it
    issue(old)


def test_pending():
    for version, part in (("1.4.1", "Unavailable"), ("1.5.0", "no certificates were returned")):
        c = mount(version)
        do("set", pending=True)
        refused(hvac.exceptions.InternalServerError, lambda c=c: issue(c), part)
        expect(c.list("kf/certs") is None, "it is listed")
        do("set", pending=False, returned=1)
        refused(hvac.exceptions.InternalServerError, lambda c=c: issue(c),
                "got 1" if version == "1.5.0" else part)


def test_certs():
    for version, read in (("1.3.1", "cert"), ("1.4.1", "certs"), ("1.5.0", "certs")):
        c = mount(version)
        serial = issue(c)["serial_number"]
        data = c.list("kf/certs")["data"]
        key = data["keys"][0]
        expect(key == (key.upper() if version == "1.5.0" else key.lower()), key)
        expect(("key_info" in data) == (version == "1.5.0"), data)
        one = c.read("kf/%s/%s" % (read, serial))["data"]
        expect(one["revocation_time"] == 0 and "revocation_time_rfc3339" not in one, one)
        expect(c.read("kf/%s/%s" % (read, "00ff")) is None, "one that is not there")
        do("set", malformed=True)
        refused(ValueError, lambda c=c: x509.load_pem_x509_certificate(
            c.read("kf/%s/%s" % (read, serial))["data"]["certificate"].encode()), "")
    refused(hvac.exceptions.InvalidPath, lambda: c.adapter.get("/v1/kf/cert/" + serial), "unsupported path")


def test_upgrade():
    c = mount("1.4.1")
    serial = issue(c)["serial_number"].lower()
    do("upgrade", path="kf", version="1.5.0")
    c.read("kf/config")
    expect(c.list("kf/certs")["data"]["keys"] == [serial], "it moved")
    c.read("kf/certs/" + serial)
    expect(c.list("kf/certs")["data"]["keys"] == [serial.upper()], "it did not move")
    refused(hvac.exceptions.InvalidRequest, lambda: c.write("kf/revoke", serial=serial), "no Keyfactor")


def test_revoke():
    c = mount("1.5.0")
    serial = issue(c)["serial_number"]
    when = c.write("kf/revoke", serial=serial.lower())["data"]["revocation_time"]
    expect(c.write("kf/revoke", serial=serial)["data"]["revocation_time"] == when, "another time")
    expect(c.read("kf/certs/" + serial)["data"]["revocation_time"] == when, "it is not revoked")
    refused(hvac.exceptions.InvalidRequest, lambda: c.write("kf/revoke", serial_number=serial), "must be")
    do("set", refuses=[403, "no"])
    refused(hvac.exceptions.InternalServerError, lambda: c.write("kf/revoke", serial=serial),
            "revocation failed")
    old = mount("1.4.1")
    serial = do("seed", path="kf", name="old.example.org", number=42)
    refused(hvac.exceptions.InternalServerError, lambda: old.write("kf/revoke", serial=serial), "lz4")


def test_ca():
    for version, key in (("1.3.1", CONFIG["ca"]), ("1.4.1", "CA Certificate"), ("1.5.0", "CA Certificate")):
        c = mount(version)
        ca = x509.load_pem_x509_certificate(c.read("kf/ca")["data"][key].encode())
        expect(ca.subject.rfc4514_string() == "CN=IssuingCA", ca.subject)
        first, second = (list(c.read("kf/ca_chain")["data"].values())[0] for _ in range(2))
        expect(isinstance(first, list) and "".join(first) == second, "shapes of the chain")
    refused(hvac.exceptions.InternalServerError,
            lambda: c.adapter.get("/v1/kf/ca", params={"ca": "x\\y"}), "At least 1 must exist")


def test_tidy():
    c = mount("1.5.0")
    expect("successfully started" in c.write("kf/tidy", safety_buffer="72h")["warnings"][0], "tidy")
    expect(c.read("kf/tidy/status")["data"]["state"] == "finished", "status")
    refused(hvac.exceptions.InvalidRequest, lambda: c.write("kf/tidy", safety_buffer="-1h"), "negative")
    c = mount("1.4.1")
    refused(hvac.exceptions.InvalidPath, lambda: c.write("kf/tidy"), "unsupported path")


def main():
    global at
    process, at = visit.simulator("vault_keyfactor.py")
    try:
        return visit.run([(case.__name__[5:], case) for case in
                          (test_discovery, test_config, test_roles, test_issue, test_sign, test_refusals,
                           test_pending, test_certs, test_upgrade, test_revoke, test_ca, test_tidy)])
    finally:
        visit.end_simulator(process)


sys.exit(main())
