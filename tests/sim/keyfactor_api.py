"""Command's calls about certificates, and about what it knows beside them; each takes the world, who asks,
the request and what the path says."""
import base64

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from keyfactor_bodies import check
from keyfactor_keystores import shown
from keyfactor_query import Query, Refused, page, parameters, when
from keyfactor_world import ARCHIVE, COLLECTIONS, CSR, PFX, TEMPLATES
from sim import Reply

CERT_FIELDS = {"CertId": "Id", "CN": "IssuedCN", "IssuedCN": "IssuedCN", "IssuedDN": "IssuedDN",
               "IssuerDN": "IssuerDN", "CA": "CertificateAuthorityName", "Thumbprint": "Thumbprint",
               "CertRequestId": "CertRequestId", "CertState": "CertState", "ExpirationDate": "NotAfter"}
STORE_FIELDS = {k: k for k in ("ClientMachine", "Container", "ContainerId", "AgentId", "Approved", "StorePath",
                                "CertStoreType")}
AGENT_FIELDS = {k: k for k in ("ClientMachine", "Status")}
FORMATS = {"PEM": "pem", "CRT": "pem", "CER": "der", "DER": "der", "P7B": "p7b"}


def is_on(asked, name):
    return asked.get(name, "false").lower() == "true"


def cert_of(world, ident):
    if int(ident) not in world.certs:
        raise Refused("Certificate with ID %s was not found." % ident, 404, "0xA0140001")
    return world.certs[int(ident)]


def in_collection(world, asked):
    """The query of the collection that was asked for; who has none asks for everything."""
    number = int(asked.get("collectionid", 0))
    queries = {i: query for i, _, query in COLLECTIONS if i in world.knobs["collections"]}
    query = queries.get(number) if number else ""
    if query is None:
        raise Refused("Certificate collection %d was not found." % number, 404, "0xA0140001")
    return Query(query, CERT_FIELDS)


def certificates(world, who, request):
    asked = parameters(request)
    inside = in_collection(world, asked)
    seen = [r for r in world.certs.values()
            if (r["CertState"] != 2 or is_on(asked, "includerevoked"))
            and (r["NotAfter"] > when(world.now()) or is_on(asked, "includeexpired"))
            and inside.test(r)]
    found, headers = page(world, request, seen, CERT_FIELDS, "CertId")
    return Reply(200, [world.shown(r, world.knobs["content"], asked) for r in found], headers)


def certificate(world, who, request, ident):
    return Reply(200, world.shown(cert_of(world, ident), True, parameters(request)))


def history(world, who, request, ident):
    record = cert_of(world, ident)
    done = [("Import", record["ImportDate"], record["RequesterName"], "Imported")]
    if record["CertState"] == 2:
        done.append(("Revoke", record["RevocationEffDate"], "CORP\\jo", record["RevocationComment"]))
    done = [{"Id": i, "OperationStart": at, "OperationEnd": at, "Username": by, "Comment": why, "Action": what}
            for i, (what, at, by, why) in enumerate(done, 1)]
    found, headers = page(world, request, done, {"OperationStart": "OperationStart"}, "OperationStart")
    return Reply(200, found, headers)


def download(world, who, request):
    asked = check("Certificates/Download", request.json())
    kind = FORMATS.get(request.headers.get("x-certificateformat", "").upper())
    if not kind:
        raise Refused("The x-certificateformat header is missing.")
    record = cert_of(world, asked["CertID"]) if "CertID" in asked else next(
        (r for r in world.certs.values() if r["Thumbprint"] == asked.get("Thumbprint", "").upper()), None)
    if not record:
        raise Refused("Certificate was not found.", 404)
    chain = world.chain(record)[:None if asked.get("IncludeChain") else 1]
    if asked.get("ChainOrder") == "RootFirst":
        chain.reverse()
    if kind == "der":
        content = chain[0].public_bytes(serialization.Encoding.DER)
    elif kind == "pem":
        content = b"".join(c.public_bytes(serialization.Encoding.PEM) for c in chain)
    else:
        content = serialization.pkcs7.serialize_certificates(chain, serialization.Encoding.PEM)
    return Reply(200, {"Content": base64.b64encode(content).decode()})


def revoke(world, who, request):
    asked = check("Certificates/Revoke", request.json())
    if not asked["Comment"].strip():
        raise Refused("A comment is required.")
    records = [cert_of(world, i) for i in asked["CertificateIds"]]
    if world.knobs["revoke_waits"]:
        return Reply(200, {"RevokedIds": [], "SuspendedCerts": [
            {"CertId": r["Id"], "WorkflowId": "11111111-2222-3333-4444-555555555555",
             "Message": "The revocation waits for approval."} for r in records]})
    for record in records:
        if record["CertState"] == 2:
            raise Refused("Certificate %d is revoked already." % record["Id"])
        world.revoke(record["Id"], asked["Reason"], asked["Comment"])
    return Reply(200, {"RevokedIds": [r["Id"] for r in records], "SuspendedCerts": []})


def recover(world, who, request):
    asked = check("Certificates/Recover", request.json())
    record = cert_of(world, asked["CertID"])
    key = world.keys.get(record["Id"])
    if request.headers.get("x-certificateformat", "").upper() != "PFX":
        raise Refused("The x-certificateformat header is missing.")
    if not key:
        raise Refused("The private key of certificate %d is not available." % record["Id"], 404, "0xA0140001")
    return Reply(200, {"PFX": packed(world, record, key, asked["Password"]), "FileName": "certificate.pfx"})


def packed(world, record, key, password):
    """PKCS#12 in base64, with the issuers."""
    chain = world.chain(record)
    made = pkcs12.serialize_key_and_certificates(
        b"pfx", key, chain[0], chain[1:], serialization.BestAvailableEncryption(password.encode()))
    return base64.b64encode(made).decode()


def authorities(world, who, request):
    kinds = ["None", "PFX", "CSR", "CSRAndPFX"]
    return Reply(200, [{"Id": i, "LogicalName": name.split("\\")[1], "HostName": name.split("\\")[0],
                        "CAType": world.enum(0, ["DCOM", "HTTPS"]),
                        "AllowedEnrollmentTypes": world.enum(0 if name == ARCHIVE else 3, kinds),
                        "Standalone": False, "UseAllowedRequesters": True, "AllowedRequesters": ["CORP\\jo"]}
                       for i, name in enumerate(list(world.cas) + [ARCHIVE], 1)])


def templates(world, who, request):
    kinds = ["None", "PFX", "CSR", "CSRAndPFX"]
    return Reply(200, [{"Id": i, "CommonName": short, "TemplateName": title, "DisplayName": title,
                        "AllowedEnrollmentTypes": world.enum(allowed, kinds), "UseAllowedRequesters": True,
                        "AllowedRequesters": users}
                       for i, (short, title, allowed, users) in enumerate(TEMPLATES, 1)])


def context(way):
    """What this user may enrol with that way."""
    def answer(world, who, request):
        return Reply(200, {"StandaloneCAs": [], "Templates": [
            {"Id": i, "Name": short, "DisplayName": title, "RequiresApproval": False, "EnrollmentFields": [],
             "MetadataFields": [], "Regexes": [],
             "CAs": [{"Name": ca, "RFCEnforcement": False, "SubscriberTerms": False} for ca in world.cas]}
            for i, (short, title, allowed, users) in enumerate(TEMPLATES, 1)
            if who in users and allowed & way]})
    return answer


context_csr, context_pfx = context(CSR), context(PFX)


def collections(world, who, request):
    return Reply(200, [{"Id": i, "Name": name, "Description": "", "Query": query, "DuplicationField": 0,
                        "ShowOnDashboard": False, "Favorite": False}
                       for i, name, query in COLLECTIONS if i in world.knobs["collections"]])


def stores(world, who, request):
    found, headers = page(world, request, world.stores, STORE_FIELDS, "ClientMachine")
    return Reply(200, [shown(s) for s in found], headers)


def store(world, who, request, ident):
    found = [s for s in world.stores if s["Id"] == ident]
    return Reply(200, shown(found[0])) if found else Reply(404, {"Message": "There is no such store."})


def inventory(world, who, request, ident):
    size = world.knobs["page_cap"]
    start = (int(parameters(request).get("pagereturned", 1)) - 1) * size
    items = [{"Name": place["Alias"], "Parameters": world.parameters.get((ident, place["Alias"]), {}),
              "Certificates": [dict(
        {k: r[k] for k in ("Id", "IssuedDN", "SerialNumber", "NotBefore", "NotAfter", "SigningAlgorithm",
                           "IssuerDN", "Thumbprint")}, CertStoreInventoryItemId=1, Metadata={})]}
        for r in world.certs.values() for place in r["Locations"] if place["CertStoreId"] == ident]
    return Reply(200, items[start:start + size])


def containers(world, who, request):
    return Reply(200, world.containers)


def agents(world, who, request):
    names = ["Unknown", "New", "Approved", "Disapproved"]
    found, headers = page(world, request, world.agents, AGENT_FIELDS, "ClientMachine")
    return Reply(200, [dict(a, Status=world.enum(a["Status"], names)) for a in found], headers)
