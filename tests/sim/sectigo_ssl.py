"""Certificates of Sectigo Certificate Manager: orders, their approval, and what the CA makes of them."""
import datetime
import hashlib
import secrets

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

import sim
from sectigo_world import DAY, POSITIVE, Refused, body_of, shape, text

FIELDS = {"type": "array", "items": shape(["name", "value"], name=text(256), value=text(256, 0))}
ENROLL = shape(["orgId", "csr", "certType", "term"], orgId=POSITIVE, certType=POSITIVE, term=POSITIVE,
               csr={"type": "string", "minLength": 1, "maxLength": 32767,
                    "pattern": r"\A[A-Za-z0-9+/=\s-]*\Z"},
               subjAltNames=text(8192, 0), comments=text(1024, 0), externalRequester=text(512, 0),
               customFields=FIELDS, dcvMode={"enum": ["CNAME", "EMAIL", "HTTP", "HTTPS", "TXT"]},
               dcvEmail=text(255), numberServers={"type": "integer"}, serverType={"type": "integer"})
MESSAGE = shape(["message"], message=text(512))
REVOKE = shape(["reason"], reasonCode={"enum": [0, 1, 3, 4, 5, "0", "1", "3", "4", "5"]}, reason=text(512))
RENEW = shape(csr=ENROLL["properties"]["csr"], dcvMode={"type": "string"}, dcvEmail={"type": "string"})
REPLACE = shape(["csr", "reason"], csr=ENROLL["properties"]["csr"], reason=text(512), commonName=text(64),
                subjectAlternativeNames={"type": "array", "items": text(255)},
                dcvMode={"type": "string"}, dcvEmail={"type": "string"})
FREE = {"externalRequester", "comments", "customFields"}
EDIT = shape(["sslId"], sslId=POSITIVE, term=POSITIVE, certTypeId=POSITIVE, orgId=POSITIVE, commonName=text(64),
             csr=ENROLL["properties"]["csr"], comments=text(1024, 0), externalRequester=text(512, 0),
             subjectAlternativeNames={"type": "array", "items": text(255)}, customFields=FIELDS)
PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER


# --- the CA ---

def name_of(common):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def sign(subject, public, issuer, key, days, ca=False, names=(), now=None):
    b = (x509.CertificateBuilder().subject_name(name_of(subject)).issuer_name(name_of(issuer))
         .public_key(public).serial_number(x509.random_serial_number())
         .not_valid_before(now - DAY if ca else now).not_valid_after(now + days * DAY)
         .add_extension(x509.BasicConstraints(ca, None), True))
    if names:
        b = b.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), False)
    return b.sign(key, hashes.SHA256())


class Authority:
    def __init__(self, now):
        self.root_key, self.key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        naive = now.replace(tzinfo=None)
        self.root = sign("Sim Root", self.root_key.public_key(), "Sim Root", self.root_key, 4000, True,
                         now=naive)
        self.issuer = sign("Sim OV CA", self.key.public_key(), "Sim Root", self.root_key, 2000, True,
                           now=naive)

    def issue(self, common, public, days, names, now):
        return sign(common, public, "Sim OV CA", self.key, days, names=names, now=now.replace(tzinfo=None))


def authority(world):
    if not hasattr(world, "authority"):
        world.authority = Authority(world.now)
    return world.authority


# --- orders ---

def read_csr(typed):
    if "BEGIN" not in typed:
        typed = "-----BEGIN CERTIFICATE REQUEST-----\n%s\n-----END CERTIFICATE REQUEST-----\n" % typed
    try:
        csr = x509.load_pem_x509_csr(typed.encode())
    except ValueError as why:
        raise Refused(-10, "The CSR cannot be decoded.") from why
    if not csr.is_signature_valid:
        raise Refused(-10, "The CSR cannot be decoded.")
    return csr


def common_of(csr):
    found = csr.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return found[0].value if found else ""


def key_of(public):
    return "EC - P-%d" % public.key_size if isinstance(public, ec.EllipticCurvePublicKey) else \
        "RSA - %d" % public.key_size


def check_names(world, names):
    for name in names:
        bare = name[2:] if name.startswith("*.") else name
        if not any(d["status"] == "VALIDATED" and d["state"] == "ACTIVE"
                   and (bare == d["name"] or bare.endswith("." + d["name"]))
                   for d in world.domains.values()):
            raise Refused(-1137, "The following domains are not validated: " + name)


def add(world, csr, names, organization=501, profile=9001, term=200, **more):
    number = next(world.number) + 33000
    c = {"id": number, "name": common_of(csr) or names[0], "names": names, "csr": csr, "org": organization,
         "profile": profile, "term": term, "status": "Requested", "renewId": secrets.token_hex(10),
         "requested": world.now, "requester": "Robot Example", "comments": "", "external": "",
         "fields": [], "cert": None, "renewed": False, "reason": None, "polls": 0, "replaced": False,
         "via": "REST API"}
    c.update(more)
    world.certs[number] = c
    return c


def apply(world, c):
    c["status"] = "Applied"
    if getattr(world, "issues", True):
        issue(world, c)


def issue(world, c):
    c["cert"] = authority(world).issue(c["name"], c["csr"].public_key(), c["term"], c["names"], world.now)
    c.update(status="Issued", issued=world.now, expires=world.now + c["term"] * DAY)


def make(world, name, names=None, status="Issued", days=200, **more):
    """One that is there already."""
    key = ec.generate_private_key(ec.SECP256R1())
    csr = x509.CertificateSigningRequestBuilder().subject_name(name_of(name)).sign(key, hashes.SHA256())
    c = add(world, csr, names or [name], term=days, **more)
    if status in ("Issued", "Revoked", "Expired", "Replaced"):
        issue(world, c)
    c["status"] = status
    return c


def of(world, number):
    found = world.certs.get(int(number))
    if not found:
        raise Refused(-124, "Wrong SSL id.")
    return found


def profile_of(world, number):
    for p in world.profiles:
        if p["id"] == number:
            return p
    raise Refused(-111, "Certificate profile is not found.")


# --- what is asked ---

def types(world, _request):
    return sim.Reply(200, world.profiles)


def fields(world, _request):
    return sim.Reply(200, world.fields)


def fields2(world, request):
    return world.page(request, [
        {"id": f["id"], "name": f["name"], "certType": "ssl", "state": "ACTIVE",
         "input": {"type": "TEXT_SINGLE_LINE"}, "mandatories": ["REST_API"] if f["mandatory"] else []}
        for f in world.fields])


def serial_of(cert):
    digits = "%X" % cert.serial_number
    digits = "0" * (len(digits) % 2) + digits
    return ":".join(digits[i:i + 2] for i in range(0, len(digits), 2))


def found_by(world, request):
    q = {k: v[0] for k, v in request.query.items()}
    if q.get("status") == ("SA Approved" if request.headers.get("Authorization") else "SAApproved"):
        q["status"] = "SA Approved"
    return [c for c in world.certs.values()
            if q.get("status", c["status"]) == c["status"] and q.get("commonName", c["name"]) in c["name"]
            and q.get("orgId", str(c["org"])) == str(c["org"])]


def listed(world, request):
    found = []
    for c in found_by(world, request):
        one = {"sslId": c["id"], "commonName": c["name"]}
        if c["cert"]:
            one.update(subjectAlternativeNames=c["names"], serialNumber=serial_of(c["cert"]))
        found.append(one)
    return world.page(request, found)


def counted(world, request):
    return sim.Reply(200, "", {"X-Total-Count": str(len(found_by(world, request)))})


def day(request, when):
    if request.headers.get("Authorization") or request.query.get("dateFormat", [""])[0] == "ISO_HMS":
        return when.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return when.strftime("%m/%d/%Y")


def details(world, request, number):
    c = of(world, number)
    csr = c["csr"].public_bytes(DER)
    said = {"commonName": c["name"], "sslId": c["id"], "id": c["id"], "orgId": c["org"],
            "status": c["status"], "backendCertId": str(c["id"] + 900000), "vendor": "Sectigo",
            "certType": profile_of(world, c["profile"]), "term": c["term"], "requester": c["requester"],
            "requestedVia": c["via"], "comments": c["comments"], "externalRequester": c["external"],
            "requested": day(request, c["requested"]), "renewed": c["renewed"],
            "keyType": key_of(c["csr"].public_key()), "subjectAlternativeNames": c["names"],
            "customFields": c["fields"], "suspendNotifications": False,
            "autoRenewDetails": {"state": "Not scheduled"},
            "csrDetails": {"csr": c["csr"].public_bytes(PEM).decode(),
                           "md5Hash": hashlib.md5(csr).hexdigest(),
                           "sha256Hash": hashlib.sha256(csr).hexdigest()}}
    level = world.levels.get(c["profile"]) or world.levels.get(str(c["profile"]))
    if level:
        said["validationType"] = level
    if c["cert"]:
        made = c["cert"].public_bytes(DER)
        said.update(issued=day(request, c["issued"]), expires=day(request, c["expires"]),
                    serialNumber=serial_of(c["cert"]), certificateDetails={
                        "issuer": "CN=Sim OV CA", "subject": "CN=" + c["name"],
                        "subjectAltNames": ", ".join("dNSName=" + n for n in c["names"]),
                        "sha1Hash": hashlib.sha1(made).hexdigest(),
                        "sha256Hash": hashlib.sha256(made).hexdigest()})
    if c["status"] == "Revoked":
        said.update(revoked=day(request, world.now), reasonCode=c["reason"])
    return sim.Reply(200, said)


def enroll(world, request):
    world.need("sslRequest")
    body = body_of(request, ENROLL)
    world.organization(body["orgId"])
    profile = profile_of(world, body["certType"])
    if body["term"] not in profile["terms"]:
        raise Refused(-36, "Term is not valid for the certificate profile.")
    given = {f["name"] for f in body.get("customFields", [])}
    for f in world.fields:
        if f["mandatory"] and f["name"] not in given:
            raise Refused(-62, "Mandatory custom field is missing: " + f["name"])
    if given - {f["name"] for f in world.fields}:
        raise Refused(-160, "Custom field is not known.")
    how = world.anchors.get(body["orgId"], "")
    if how.isupper() and profile["name"].startswith("OV"):
        raise Refused(-843, "Organization validation state is not valid.")
    if how == "differs":
        raise Refused(-181, "Anchor certificate details do not match.")
    csr = read_csr(body["csr"])
    kind, size = key_of(csr.public_key()).split(" - ")
    if size not in profile["keyTypes"].get(kind, []):
        raise Refused(-11, "Key algorithm or size is not allowed.")
    names = [n.strip() for n in body.get("subjAltNames", "").split(",") if n.strip()]
    if "Single" in profile["name"] and names:
        raise Refused(-1601, "Value of 'subjAltNames' is not allowed for a single domain profile.")
    names = list(dict.fromkeys(([common_of(csr)] if common_of(csr) else []) + names))
    check_names(world, names)
    c = add(world, csr, names, body["orgId"], body["certType"], body["term"],
            comments=body.get("comments", ""), external=body.get("externalRequester", ""),
            fields=body.get("customFields", []))
    if getattr(world, "auto", False):
        apply(world, c)
    return sim.Reply(200, {"sslId": c["id"], "renewId": c["renewId"]})


def armour(certs):
    return b"".join(c.public_bytes(PEM) for c in certs)


def chain(world, c, form):
    a = authority(world)
    leaf, up, root = c["cert"], a.issuer, a.root
    forms = {"x509": [root, up, leaf], "pem": [root, up, leaf], "x509CO": [leaf], "pemco": [leaf],
             "x509IO": [root, up], "x509IOR": [up, root], "pemia": [leaf, up, root],
             "x509R": [leaf, up, root]}
    if form in forms:
        return armour(forms[form])
    if form in ("base64", "bin"):
        return pkcs7.serialize_certificates([leaf, up, root], PEM if form == "base64" else DER)
    raise Refused(-126, "Unknown format type.")


def collect(world, request, number, form=None):
    c = of(world, number)
    form = form or request.query.get("format", ["base64"])[0]
    if c["status"] == "Revoked":
        raise Refused(-110, "Certificate was revoked.")
    if not c["cert"] or c["status"] not in ("Issued", "Expired", "Replaced"):
        raise Refused(-183, "Certificate is not collectable.")
    c["polls"] += 1
    if c["polls"] <= getattr(world, "slow", 0):
        raise Refused(-1400, "Certificate is being processed.")
    return sim.Reply(200, chain(world, c, form), kind="application/octet-stream;charset=UTF-8")


def decide(is_yes):
    def decided(world, request, number):
        world.need("sslApprove")
        c = of(world, number)
        body_of(request, MESSAGE)
        if not world.approves:
            raise Refused(-3, "You are not authorized to approve SSL.")
        if c["status"] != "Requested":
            raise Refused(-1112, "Certificate can't be approved in the current state.")
        if is_yes:
            apply(world, c)
        else:
            c["status"] = "Declined"
        return sim.Reply(204)
    return decided


def revoke(world, request, number):
    world.need("sslRevoke")
    c, body = of(world, number), body_of(request, REVOKE)
    if isinstance(body.get("reasonCode"), str) != bool(request.headers.get("Authorization")):
        raise Refused(-1601, "Value of 'reasonCode' is not valid.")
    if c["status"] == "Revoked":
        raise Refused(-159, "Certificate is already revoked.")
    if c["status"] != "Issued":
        raise Refused(-102, "Only issued certificates can be revoked.")
    c.update(status="Revoked", reason=body.get("reasonCode"))
    return sim.Reply(204)


def renew(world, request, number):
    world.need("sslRenew")
    c = of(world, number)
    body = body_of(request, RENEW)
    if c["status"] != "Issued":
        raise Refused(-130, "Certificate is not issued.")
    csr = read_csr(body["csr"]) if body.get("csr") else c["csr"]
    follower = add(world, csr, c["names"], c["org"], c["profile"], c["term"], name=c["name"],
                   fields=c["fields"], external=c["external"])
    c["renewed"] = True
    if getattr(world, "auto", False):
        apply(world, follower)
    return sim.Reply(200, {"sslId": follower["id"]})


def replace(world, request, number):
    world.need("sslReplace")
    c, body = of(world, number), body_of(request, REPLACE)
    if c["status"] != "Issued":
        raise Refused(-130, "Certificate is not issued.")
    names = body.get("subjectAlternativeNames", c["names"])
    check_names(world, names)
    if getattr(world, "late", False):       # taken, and nothing of it shows yet
        return sim.Reply(204)
    c.update(csr=read_csr(body["csr"]), names=names, cert=None, replaced=True, polls=0,
             name=body.get("commonName", c["name"]))
    apply(world, c)
    return sim.Reply(204)


def edit(world, request):
    world.need("sslManage")
    body = body_of(request, EDIT)
    c = of(world, body["sslId"])
    if set(body) - FREE - {"sslId"} and c["status"] not in ("Requested", "Declined", "Rejected", "Invalid"):
        raise Refused(-1112, "Certificate can't be changed in the current state.")
    profile = profile_of(world, body.get("certTypeId", c["profile"]))
    if body.get("term", c["term"]) not in profile["terms"]:
        raise Refused(-36, "Term is not valid for the certificate profile.")
    check_names(world, body.get("subjectAlternativeNames", []))
    c.update(term=body.get("term", c["term"]), profile=profile["id"], name=body.get("commonName", c["name"]),
             names=body.get("subjectAlternativeNames", c["names"]),
             comments=body.get("comments", c["comments"]),
             external=body.get("externalRequester", c["external"]),
             fields=body.get("customFields", c["fields"]), status="Requested")
    return details(world, request, c["id"])


def forget(world, _request, number):
    c = of(world, number)
    if c["via"] not in ("Imported", "Discovery"):
        raise Refused(-130, "Certificate %s cannot be deleted." % c["name"])
    del world.certs[c["id"]]
    return sim.Reply(204)


# --- reports ---

REPORTS = {"Issued": 2, "Requested": 1, "Revoked": 3, "Expired": 4}


def report(world, request):
    if not world.may_report:
        raise Refused(-37, "Access denied.")
    body = body_of(request, {"type": "object"})
    wanted = body.get("certificateStatus", 0)
    found = []
    for c in world.certs.values():
        if wanted and REPORTS.get(c["status"]) != wanted:
            continue
        one = {"id": c["id"], "type": profile_of(world, c["profile"])["name"], "typeId": c["profile"],
               "orgId": c["org"], "organizationName": world.organization(c["org"])["name"],
               "commonName": c["name"], "subjAltNames": "; ".join(c["names"]), "status": c["status"],
               "backendCertId": str(c["id"] + 900000), "term": c["term"], "requester": c["requester"],
               "comments": c["comments"], "externalRequester": c["external"],
               "requested": c["requested"].strftime("%Y-%m-%dT%H:%M:%S.000Z"), "requestedVia": c["via"]}
        if c["cert"]:
            public = c["csr"].public_key()
            one.update(serialNumber=serial_of(c["cert"]).replace(":", ""), issuer="CN=Sim OV CA",
                       issued=c["issued"].strftime("%Y-%m-%dT%H:%M:%S.000Z"),
                       expires=c["expires"].strftime("%Y-%m-%dT%H:%M:%S.000Z"),
                       publicKeyAlg=key_of(public).split(" - ")[0], publicKeySize=public.key_size,
                       signatureAlg="SHA256withECDSA",
                       sha1=hashlib.sha1(c["cert"].public_bytes(DER)).hexdigest())
        found.append({k: v for k, v in one.items() if v != ""})
    return sim.Reply(200, {"statusCode": 0, "reports": found}, {
        "Content-Disposition": 'attachment; filename="rest_api_ssl-certificates.json"'})


ROUTES = {
    "GET /ssl/V/types": types,
    "GET /ssl/V/customFields": fields,
    "GET /customField/v2": fields2,
    "GET /ssl/V": listed,
    "PUT /ssl/V": edit,
    "HEAD /ssl/V": counted,
    r"GET /ssl/V/(\d+)": details,
    r"DELETE /ssl/V/(\d+)": forget,
    "POST /ssl/V/enroll": enroll,
    r"GET /ssl/V/collect/(\d+)": collect,
    r"GET /ssl/V/collect/(\d+)/(\w+)": collect,
    r"POST /ssl/V/approve/(\d+)": decide(True),
    r"POST /ssl/V/decline/(\d+)": decide(False),
    r"POST /ssl/V/revoke/(\d+)": revoke,
    r"POST /ssl/V/renewById/(\d+)": renew,
    r"POST /ssl/V/replace/(\d+)": replace,
    "POST /report/v1/ssl-certificates": report,
}
