#!/usr/bin/python3
"""Our simulator of Azure, driven by Microsoft's own clients for Python, so that it cannot share our
misunderstandings: vaults and their certificates, the Resource Manager, Resource Graph, DNS zones."""
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sim"))

import running                                      # noqa: E402
from azure_entra import APP, SECRET, TENANT         # noqa: E402
from azure_running import RunningAzure              # noqa: E402
from azure_world import OBJECT, SUBSCRIPTIONS       # noqa: E402
from running import Missing, expect                 # noqa: E402

PACKAGES = ("azure-identity", "azure-keyvault-certificates", "azure-keyvault-secrets", "azure-mgmt-keyvault",
            "azure-mgmt-resourcegraph", "azure-mgmt-dns")
peer = {}

# What each program begins with: names that end in localhost are the loopback, as curl has them.
BEGIN = """
import base64, json, os, socket, sys
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *a, **k: resolve("127.0.0.1" if str(host).endswith("localhost") else host,
                                                   *a, **k)
from azure.core.exceptions import *
from azure.identity import ClientSecretCredential
sim, suffix, sub = os.environ["SIM"], os.environ["SUFFIX"], os.environ["SUB"]
credential = ClientSecretCredential(os.environ["TENANT"], os.environ["APP"], os.environ["SECRET"],
                                    authority=sim, disable_instance_discovery=True)
arm = dict(base_url=sim, credential_scopes=[sim + "/.default"])
quick = dict(retry_total=2, retry_backoff_factor=0.01)
def certificates(name, **more):
    from azure.keyvault.certificates import CertificateClient
    return CertificateClient("https://%s.%s" % (name, suffix), credential, **dict(quick, **more))
def refused(what, *words):
    try:
        what()
    except HttpResponseError as why:
        for word in words:
            if word != why.status_code and str(word) not in str(why):
                raise SystemExit("no '%s' in: %s" % (word, why))
        return
    raise SystemExit("it was not refused")
def same(got, wanted):
    if got != wanted:
        raise SystemExit("%r is not %r" % (got, wanted))
"""


def theirs(sim, program):
    """A program of others' clients; it has to come to its end."""
    if "python" not in peer:
        peer["folder"] = tempfile.TemporaryDirectory()
        try:
            peer["python"] = running.make_peer(peer["folder"].name, *PACKAGES)
        except Missing as why:
            peer["python"] = why
    if isinstance(peer["python"], Missing):
        raise peer["python"]
    env = {"SIM": sim.url, "SUFFIX": sim.suffix, "SUB": SUBSCRIPTIONS[0], "TENANT": TENANT, "APP": APP,
           "SECRET": SECRET, "REQUESTS_CA_BUNDLE": sim.ca, "OBJECT": OBJECT, "NO_PROXY": "localhost,127.0.0.1"}
    said = running.ask_peer(peer["python"], BEGIN + program + "\nprint('done')", env)
    if said.splitlines()[-1:] != ["done"]:
        raise AssertionError(said)


def listing(folder):
    with RunningAzure(folder) as sim:
        sim.do("vault", name="Kv-Demo-1")
        sim.do("set", page=7)
        sim.do("seed", vault="Kv-Demo-1", name="web", count=30, tags={"owner": "web"})
        sim.do("begin", vault="Kv-Demo-1", name="zz-waits")
        theirs(sim, """
kv = certificates("kv-demo-1")
found = list(kv.list_properties_of_certificates())
same(len(found), 30)
same(found[0].tags, {"owner": "web"})
same(len(found[0].x509_thumbprint), 20)
same("zz-waits" in [c.name for c in kv.list_properties_of_certificates(include_pending=True)], False)
kv.get_certificate("zz-waits")
one = kv.get_certificate("web-3")
same(one.policy.exportable, True)
same(one.properties.recoverable_days, 90)
same(len(list(kv.list_properties_of_certificate_versions("web-3"))), 1)
refused(lambda: kv.get_certificate("nobody"), 404, "CertificateNotFound")
""")
        sim.do("set", page=25)
        theirs(sim, """
kv = certificates("kv-demo-1")
names = [c.name for c in kv.list_properties_of_certificates(include_pending=True)]
same(len(names), 30)            # the second page has lost what was asked for
""")


def importing(folder):
    with RunningAzure(folder) as sim:
        sim.do("vault", name="kv-demo-1", purge_protection=False)
        pem, key = running.make_certificate(folder, "www.example.org")
        running.openssl(folder, "pkcs12", "-export", "-in", pem, "-inkey", key, "-out", "w.p12", "-passout",
                        "pass:geheim")
        running.openssl(folder, "pkcs8", "-topk8", "-nocrypt", "-in", key, "-out", "w.key8")
        with open(os.path.join(folder, "w.pem"), "w") as f:
            f.write(open(os.path.join(folder, "w.key8")).read() + open(pem).read())
        running.openssl(folder, "rsa", "-traditional", "-in", key, "-out", "w.key1")
        theirs(sim, "folder = %r" % folder + """
from azure.keyvault.certificates import CertificatePolicy, CertificateContentType
from azure.keyvault.secrets import SecretClient
read = lambda name: open(os.path.join(folder, name), "rb").read()
kv = certificates("kv-demo-1")
made = kv.import_certificate("www", read("w.p12"), password="geheim", tags={"a": "b"})
same((made.policy.subject, made.policy.key_size, made.properties.tags), ("CN=www.example.org", 2048,
                                                                         {"a": "b"}))
refused(lambda: kv.import_certificate("www", read("w.p12"), password="falsch"), 400, "can not be read")
refused(lambda: kv.import_certificate("w.w", read("w.p12"), password="geheim"), 400, "invalid name")
pem = CertificatePolicy(issuer_name="Unknown", subject="CN=x", content_type=CertificateContentType.pem)
again = kv.import_certificate("www", read("w.pem"), policy=pem)
same(len(list(kv.list_properties_of_certificate_versions("www"))), 2)
same(again.properties.tags, None)
key1 = read("w.key1") + read("www.example.org.pem")
refused(lambda: kv.import_certificate("www", key1, policy=pem), 400, "unexpected format")
wrong = CertificatePolicy(issuer_name="Unknown", subject="CN=x", key_type="RSA", key_size=4096)
refused(lambda: kv.import_certificate("www", read("w.p12"), password="geheim", policy=wrong), 400)
secret = SecretClient("https://kv-demo-1." + suffix, credential).get_secret("www")
same(secret.value, read("w.pem").decode())
from cryptography.hazmat.primitives.serialization import pkcs12
old = SecretClient("https://kv-demo-1." + suffix, credential).get_secret("www", made.properties.version)
same(pkcs12.load_key_and_certificates(base64.b64decode(old.value), None)[0] is None, False)
kv.update_certificate_properties("www", enabled=False, tags={"c": "d"})
same(kv.get_certificate("www").properties.enabled, False)
refused(lambda: SecretClient("https://kv-demo-1." + suffix, credential).get_secret("www"), 403)
poller = kv.begin_delete_certificate("www", _polling_interval=0)
poller.wait()
deleted = poller.result()
same(deleted.recovery_id, "https://kv-demo-1.%s/deletedcertificates/www" % suffix)
refused(lambda: kv.import_certificate("www", read("w.p12"), password="geheim"), 409, "recoverable state")
same([d.name for d in kv.list_deleted_certificates()], ["www"])
kv.begin_recover_deleted_certificate("www", _polling_interval=0).wait()
blob = kv.backup_certificate("www")
kv.begin_delete_certificate("www", _polling_interval=0).wait()
kv.purge_deleted_certificate("www")
refused(lambda: kv.restore_certificate_backup(blob), 409)
same(kv.restore_certificate_backup(blob).name, "www")
""")


def creating(folder):
    with RunningAzure(folder) as sim:
        sim.do("vault", name="kv-demo-1")
        theirs(sim, """
from azure.keyvault.certificates import *
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
import datetime
kv = certificates("kv-demo-1")
own = kv.begin_create_certificate("own", CertificatePolicy.get_default(), _polling_interval=0).result()
same((own.policy.issuer_name, own.policy.subject), ("Self", "CN=DefaultPolicy"))
policy = CertificatePolicy(issuer_name=WellKnownIssuerNames.unknown, subject="CN=www.example.org, O=\\"A, B\\"",
                           san_dns_names=["www.example.org"], key_type="EC", key_curve_name="P-256")
poller = kv.begin_create_certificate("csr", policy)
waits = kv.get_certificate_operation("csr")
same((waits.status, waits.issuer_name), ("inProgress", "Unknown"))
refused(lambda: kv.begin_create_certificate("csr", policy), 409, "pending")
csr = x509.load_der_x509_csr(bytes(waits.csr))
same(csr.is_signature_valid, True)
same([a.value for a in csr.subject], ["A, B", "www.example.org"])
key = ec.generate_private_key(ec.SECP256R1())
now = datetime.datetime.utcnow()
def sign(public):
    return x509.CertificateBuilder(x509.Name([]), csr.subject, public, 5, now, now + datetime.timedelta(days=30)
                                   ).sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
refused(lambda: kv.merge_certificate("csr", [sign(key.public_key())]), 400, "public key")
merged = kv.merge_certificate("csr", [sign(csr.public_key())])
same((merged.properties.enabled, x509.load_der_x509_certificate(bytes(merged.cer)).serial_number), (True, 5))
same(kv.get_certificate_operation("csr").status, "completed")
kv.begin_create_certificate("stop", policy)
same(kv.cancel_certificate_operation("stop").cancellation_requested, True)
same(kv.get_certificate_operation("stop").status, "cancelled")
kv.delete_certificate_operation("stop")
refused(lambda: kv.get_certificate_operation("stop"), 404, "PendingCertificateNotFound")
kv.set_contacts([CertificateContact(email="ops@example.org", name="Ops")])
same([c.email for c in kv.get_contacts()], ["ops@example.org"])
kv.delete_contacts()
kv.create_issuer("demo-ca", "DigiCert", account_id="12", password="pw", admin_contacts=[
    AdministratorContact(first_name="A", last_name="B", email="ab@example.org")])
same([(i.name, i.provider) for i in kv.list_properties_of_issuers()], [("demo-ca", "DigiCert")])
same(kv.get_issuer("demo-ca").password, None)
named = CertificatePolicy(issuer_name="demo-ca", subject="CN=named.example.org")
made = kv.begin_create_certificate("named", named, _polling_interval=0).result()
same(made.policy.issuer_name, "demo-ca")
kv.delete_issuer("demo-ca")
""")


def refusing(folder):
    with RunningAzure(folder) as sim:
        for name in ("kv-roles", "kv-policies", "kv-walled", "kv-other"):
            sim.do("vault", name=name, roles=["Key Vault Reader"] if name == "kv-roles" else
                   ["Key Vault Administrator"])
        sim.do("allow", name="kv-policies", certificates=["List"])
        sim.do("change_vault", name="kv-walled", wall="firewall")
        sim.do("seed", vault="kv-roles", name="web", count=12)
        sim.do("set", page=5)
        theirs(sim, """
roles = certificates("kv-roles")
same(len(list(roles.list_properties_of_certificates())), 12)
refused(lambda: roles.begin_delete_certificate("web-1"), 403, "Microsoft.KeyVault/vaults/certificates/delete")
policies = certificates("kv-policies")
same(list(policies.list_properties_of_certificates()), [])
refused(lambda: policies.get_certificate("web"), 403, "does not have certificates get permission")
refused(lambda: list(certificates("kv-walled").list_properties_of_certificates()), 403, "not authorized")
""")
        sim.fault(path="/certificates", host="kv-roles", status=429, times=2, headers={"Retry-After": "0"},
                  body=json.dumps({"error": {"code": "Throttled", "message": "too many"}}))
        theirs(sim, """
same(len(list(certificates("kv-roles").list_properties_of_certificates())), 12)
""")
        sim.do("set", token_calls=2)
        theirs(sim, """
refused(lambda: list(certificates("kv-roles").list_properties_of_certificates()), 401, "TokenExpired")
""")


def managing(folder):
    with RunningAzure(folder) as sim:
        sim.do("zone", name="nobody.example")       # makes its group
        theirs(sim, """
from azure.mgmt.keyvault import KeyVaultManagementClient
client = KeyVaultManagementClient(credential, sub, **arm)
free = lambda name: client.vaults.check_name_availability({"name": name, "type": "Microsoft.KeyVault/vaults"})
same((free("kv-new-1").name_available, free("1x").reason), (True, "AccountNameInvalid"))
asked = {"location": "eastus", "properties": {"tenantId": os.environ["TENANT"], "sku": {
    "family": "A", "name": "standard"}, "enableRbacAuthorization": True, "accessPolicies": []}}
made = client.vaults.begin_create_or_update("rg-demo", "Kv-New-1", asked, polling_interval=0).result()
same((made.properties.provisioning_state, made.properties.vault_uri),
     ("Succeeded", "https://kv-new-1.%s/" % suffix))
same(free("kv-new-1").reason, "AlreadyExists")
refused(lambda: list(certificates("kv-new-1").list_properties_of_certificates()), 403, "ForbiddenByRbac")
for number in range(4):
    client.vaults.begin_create_or_update("rg-demo", "kv-more-%d" % number, asked, polling_interval=0)
same(len(list(client.vaults.list_by_subscription())), 5)
same(len(list(client.vaults.list_by_resource_group("rg-demo"))), 5)
client.vaults.update_access_policy("rg-demo", "kv-more-1", "add", {"properties": {"accessPolicies": [{
    "tenantId": os.environ["TENANT"], "objectId": os.environ["OBJECT"],
    "permissions": {"certificates": ["list"]}}]}})
client.vaults.delete("rg-demo", "kv-more-2")
same([v.name for v in client.vaults.list_deleted()], ["kv-more-2"])
refused(lambda: client.vaults.begin_create_or_update("rg-demo", "kv-more-2", asked), 409, "deleted state")
client.vaults.begin_purge_deleted("kv-more-2", "eastus", polling_interval=0).wait()
same(list(client.vaults.list_deleted()), [])
refused(lambda: client.vaults.get("rg-none", "kv-more-1"), 404, "ResourceGroupNotFound")
""")
        sim.do("allow", name="kv-more-0")
        expect(str(sim.do("state")["vaults"]["kv-more-1"]["properties"]["accessPolicies"]), OBJECT)


def asking_graph(folder):
    with RunningAzure(folder) as sim:
        for number in range(7):
            sim.do("vault", name="kv-%d" % number, subscription=SUBSCRIPTIONS[number % 3])
        sim.do("set", graph_page=3)
        theirs(sim, """
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions
client = ResourceGraphClient(credential, **arm)
text = ("resources | where type =~ 'microsoft.keyvault/vaults' | project id, name, location, sku = "
        "properties.sku.name, uri = properties.vaultUri | order by id asc")
token, found = None, []
while True:
    got = client.resources(QueryRequest(query=text, options=QueryRequestOptions(
        skip_token=token, result_format="objectArray")))
    found += got.data
    token = got.skip_token
    if not token:
        break
same(sorted(v["name"] for v in found), ["kv-%d" % i for i in range(7)])
same(found[0]["sku"], "standard")
one = client.resources(QueryRequest(query=text, subscriptions=[sub])).total_records
same(one, 3)
refused(lambda: client.resources(QueryRequest(query="resources | frobnicate x")), 400, "InvalidQuery")
""")


def zones(folder):
    with RunningAzure(folder) as sim:
        sim.do("zone", name="example.org")
        theirs(sim, """
from azure.mgmt.dns import DnsManagementClient
client = DnsManagementClient(credential, sub, **arm)
same([z.name for z in client.zones.list()], ["example.org"])
put = lambda kind, name, **more: client.record_sets.create_or_update(
    "rg-dns", "example.org", name, kind, {"properties": {
        "TTL": 60, "CNAMERecord" if kind == "CNAME" else "TXTRecords": {"cname": "a.example.net"}
        if kind == "CNAME" else [{"value": ["one"]}]}}, **more)
made = put("CNAME", "_x.www")
same((made.fqdn if hasattr(made, "fqdn") else made.properties.fqdn), "_x.www.example.org.")
refused(lambda: put("TXT", "_x.www"), 409, "Conflict")
refused(lambda: put("CNAME", "@"), 409)
put("TXT", "_acme-challenge")
same(sorted(r.name for r in client.record_sets.list_by_dns_zone("rg-dns", "example.org")),
     ["@", "@", "_acme-challenge", "_x.www"])
client.record_sets.delete("rg-dns", "example.org", "_x.www", "CNAME")
refused(lambda: client.record_sets.get("rg-dns", "example.org", "_x.www", "CNAME"), 404)
refused(lambda: client.zones.get("rg-dns", "example.net"), 404)
""")


running.run({
    "azure-keyvault-certificates: lists": listing,
    "azure-keyvault-certificates: imports, versions, deleting and coming back": importing,
    "azure-keyvault-certificates: made in the vault": creating,
    "azure-keyvault-certificates: refusals, throttling, a token that ends": refusing,
    "azure-mgmt-keyvault: vaults made, listed, deleted": managing,
    "azure-mgmt-resourcegraph": asking_graph,
    "azure-mgmt-dns": zones,
})
