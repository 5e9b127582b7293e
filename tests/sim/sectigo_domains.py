"""Domains of Sectigo Certificate Manager, their delegations, and the validation of who controls them."""
import hashlib
import secrets

import sim
from sectigo_world import POSITIVE, Refused, body_of, created, shape, text

TYPES = {"type": "array", "minItems": 1, "items": {"enum": ["SSL", "SMIME", "CodeSign", "BrandIndicator"]}}
PRIVILEGES = {"type": "array", "items": {"enum": ["DOMAIN", "SUBDOMAIN", "WILDCARD_1ST_LEVEL",
                                                  "WILDCARD_2ND_LEVEL"]}}
DELEGATION = shape(["orgId", "certTypes"], orgId=POSITIVE, certTypes=TYPES,
                   domainCertificateRequestPrivileges=PRIVILEGES)
DOMAIN = shape(["name", "delegations"], name=text(255, 4), description=text(255, 0),
               active={"type": "boolean"}, delegations={"type": "array", "minItems": 1,
                                                        "items": DELEGATION})
ABOUT = shape(["domain"], domain=text(255, 3))
MAIL = shape(["domain", "email"], domain=text(255, 3), email=text(255, 3))
METHODS = {"CNAME": "CNAME_CSR_HASH", "HTTP": "HTTP_CSR_HASH", "HTTPS": "HTTPS_CSR_HASH",
           "EMAIL": "EMAIL", "TXT": "DNSTXT_RANDOM_VALUE"}
WORDS = {"VALIDATED": "Validated", "NOT_VALIDATED": "Not validated", "EXPIRED": "Expired",
         "NOT_INITIATED": "Not initiated", "AWAITING_SUBMISSION": "Awaiting submission",
         "SUBMITTED": "Submitted", "REJECTED": "Rejected"}      # of the newer door


# --- domains ---

def add(world, name, organization=501, status="NOT_VALIDATED", expires=None, method="", state="ACTIVE",
        delegation="ACTIVE"):
    """A domain that is there; how far it is validated."""
    d = {"id": next(world.number), "name": name, "state": state, "delegations": [
            {"orgId": organization, "certTypes": ["SSL"], "status": delegation,
             "domainCertificateRequestPrivileges": ["SUBDOMAIN", "DOMAIN"]}],
         "status": status, "method": method, "expires": expires, "validated": None,
         "order": "NOT_INITIATED", "mode": None, "data": {}, "times": {}}
    world.domains[d["id"]] = d
    return d


def of(world, number):
    found = world.domains.get(int(number))
    if not found:
        raise Refused(-727, "Domain does not exist.")
    return found


def status_of(d):
    return "REQUESTED" if any(o["status"] == "REQUESTED" for o in d["delegations"]) else "ACTIVE"


def listed(world, request):
    name = request.query.get("name", [""])[0]
    state = request.query.get("state", [""])[0]
    status = request.query.get("status", [""])[0]
    found = [{"id": d["id"], "name": d["name"]} for d in world.domains.values()
             if name in d["name"]
             and (not state or (state == "active") == (d["state"] == "ACTIVE"))
             and (not status or (status == "requested") == (status_of(d) == "REQUESTED"))]
    return world.page(request, found)


def details(world, _request, number):
    d = of(world, number)
    told = {"id": d["id"], "name": d["name"], "delegationStatus": status_of(d), "state": d["state"],
            "validationStatus": d["status"], "delegations": d["delegations"],
            "ctLogMonitoring": {"enabled": False, "includeSubdomains": False}}
    if d["method"]:
        told["validationMethod"] = METHODS[d["method"]]
    if d["expires"]:
        told.update(dcvExpiration=d["expires"], dcvValidation=d["validated"] or world.today(-100))
    return sim.Reply(200, told)


def create(world, request):
    world.need("allowManageDomains")
    body = body_of(request, DOMAIN)
    if any(d["name"] == body["name"] for d in world.domains.values()):
        raise Refused(-700, "Domain already exists.")
    try:
        body["name"].encode("ascii")
    except UnicodeEncodeError as why:
        raise Refused(-732, "Invalid domain name.") from why
    for one in body["delegations"]:
        world.organization(one["orgId"])
    d = add(world, body["name"], state="ACTIVE" if body.get("active", True) else "SUSPENDED")
    d["delegations"] = [dict(one, status="ACTIVE" if world.is_mrao else "REQUESTED")
                        for one in body["delegations"]]
    return created("/domain/v1/%d" % d["id"])


def delete(world, _request, number):
    world.need("allowManageDomains")
    d = of(world, number)
    if any(d["name"] in c["names"] for c in world.certs.values()):
        raise Refused(-740, "Domain has certificates.")
    del world.domains[d["id"]]
    return sim.Reply(204)


def switch(state):
    def switched(world, _request, number):
        of(world, number)["state"] = state
        return sim.Reply(200)
    return switched


def delegate(world, request, number):
    world.need("allowManageDomains")
    d, body = of(world, number), body_of(request, DELEGATION)
    world.organization(body["orgId"])
    d["delegations"] = [o for o in d["delegations"] if o["orgId"] != body["orgId"]]
    d["delegations"].append(dict(body, status="ACTIVE" if world.is_mrao else "REQUESTED"))
    return sim.Reply(200)


def take_back(world, request, number):
    world.need("allowManageDomains")
    d, body = of(world, number), body_of(request, DELEGATION)
    if not any(o["orgId"] == body["orgId"] for o in d["delegations"]):
        raise Refused(-707, "Domain delegation has already been removed.")
    for one in d["delegations"]:
        if one["orgId"] == body["orgId"]:
            one["certTypes"] = [t for t in one["certTypes"] if t not in body["certTypes"]]
    d["delegations"] = [o for o in d["delegations"] if o["certTypes"]]
    return sim.Reply(200)


def decide(is_yes):
    def decided(world, request, number):
        world.need("approveDomainDelegation")
        d, body = of(world, number), body_of(request, shape(["orgId"], orgId=POSITIVE))
        if not world.is_mrao:
            raise Refused(-3, "You are not authorized to approve domain delegation.")
        found = [o for o in d["delegations"] if o["orgId"] == body["orgId"] and o["status"] == "REQUESTED"]
        if not found:
            raise Refused(-705, "Domain delegation is not in Requested state.")
        found[0]["status"] = "ACTIVE"
        if not is_yes:
            d["delegations"].remove(found[0])
        return sim.Reply(200)
    return decided


# --- validation ---

def word(request, value):
    """The newer door has words for people."""
    return WORDS[value] if request.headers.get("Authorization") else value


def about(world, request, schema=None):
    world.need("allowDCV")
    if not world.may_dcv:
        raise Refused(-3, "You are not authorized to perform DCV validation.")
    body = body_of(request, schema or ABOUT)
    found = [d for d in world.domains.values() if d["name"] == body["domain"]]
    if not found:
        raise Refused(-727, "Domain does not exist.")
    if found[0]["state"] != "ACTIVE":
        raise Refused(-715, "Domain is inactive.")
    if found[0]["name"].startswith("*.") or found[0]["name"].count(".") > 1:
        raise Refused(-723, "Only a high level domain can be validated.")
    return found[0], body


def validations(world, request):
    if not world.may_dcv:
        raise Refused(-3, "You are not authorized to perform DCV validation.")
    within = request.query.get("expiresIn", [""])[0]
    found = []
    for d in world.domains.values():
        if d["name"].startswith("*.") or d["name"].count(".") > 1:
            continue
        if within and (not d["expires"] or d["expires"] > world.today(int(within))):
            continue
        one = {"domain": d["name"], "dcvStatus": word(request, d["status"]),
               "dcvOrderStatus": word(request, d["order"])}
        if d["method"]:
            one["dcvMethod"] = METHODS[d["method"]]
        if d["mode"]:
            one["dcvOrderMethod"] = d["mode"]
        if d["expires"]:
            one["expirationDate"] = d["expires"]
        found.append(one)
    return world.page(request, found)


def told(world, request, d):
    said = {"status": word(request, d["status"]), "orderStatus": word(request, d["order"])}
    if d["expires"]:
        said.update(expirationDate=d["expires"], validationDate=d["validated"] or world.today(-100))
    if d["mode"]:
        said["orderMode"] = d["mode"]
    said.update(d["data"])
    said.update(d["times"] if d["order"] == "SUBMITTED" else {})
    return sim.Reply(200, said)


def status(world, request):
    return told(world, request, about(world, request)[0])


def make_data(d, mode):
    secret = secrets.token_hex(16)
    md5 = hashlib.md5((d["name"] + secret).encode()).hexdigest()
    sha = hashlib.sha256((d["name"] + secret).encode()).hexdigest()
    if mode == "CNAME":
        return {"host": "_%s.%s." % (md5, d["name"]), "point": "%s.%s.sectigo.com." % (sha[:32], sha[32:])}
    if mode == "TXT":
        return {"host": "_pki-validation.%s." % d["name"], "point": "a \"b\\c;d%e`f<g>h" + secret[:14]}
    if mode == "EMAIL":
        return {}
    return {"url": "%s://%s/.well-known/pki-validation/%s.txt" % (mode.lower(), d["name"], md5.upper()),
            "firstLine": sha.upper(), "secondLine": "sectigo.com"}


def start(mode):
    def started(world, request):
        d, _ = about(world, request)
        if d["order"] == "SUBMITTED":
            raise Refused(-724, "DCV validation is already submitted.")
        if mode == "EMAIL":
            boxes = ["%s@%s" % (box, d["name"]) for box in ("admin", "hostmaster", "webmaster")]
            d.update(order="AWAITING_SUBMISSION", mode=mode, data={})
            return sim.Reply(200, {"emails": boxes, "dcvEmails": [
                {"domainName": d["name"], "whoisEmails": [], "adminEmails": boxes, "dnsTxtEmails": []}]})
        d.update(order="AWAITING_SUBMISSION", mode=mode, data=make_data(d, mode))
        return sim.Reply(200, d["data"])
    return started


def submit(mode):
    def submitted(world, request):
        d, body = about(world, request, MAIL if mode == "EMAIL" else None)
        if mode == "TXT":
            d.update(mode=mode, data=make_data(d, mode))
        elif d["order"] != "AWAITING_SUBMISSION" or d["mode"] != mode:
            raise Refused(-724, "DCV validation is in a wrong state.")
        if mode == "EMAIL":
            if body["email"].split("@")[-1] != d["name"]:
                raise Refused(-1601, "Value of 'email' is not valid.")
            d["data"] = {"validationEmail": body["email"], "emailValidationReferenceNumber": "77"}
        stamp = "%Y-%m-%dT%H:%M:%S.000Z"
        d["order"] = "SUBMITTED"
        d["times"] = {"orderBackendId": "12345%d" % d["id"], "submittedDate": world.today(),
                      "orderExpiration": world.today(30) + "T10:00:00.000Z",
                      "lastCheck": world.now.strftime(stamp), "nextCheck": world.now.strftime(stamp)}
        said = {"status": word(request, d["status"]), "orderStatus": word(request, "SUBMITTED"),
                "message": "Submitted successfully", "orderBackendId": d["times"]["orderBackendId"]}
        if mode == "TXT":
            said.update(d["data"])
        return sim.Reply(200, said)
    return submitted


def clear(world, request):
    d, _ = about(world, request)
    d.update(order="NOT_INITIATED", mode=None, data={}, times={})
    return sim.Reply(200, {"status": word(request, d["status"]), "orderStatus": word(request, d["order"]),
                           "message": "Cleared"})


def forget(world, request):
    d, _ = about(world, request)
    d.update(order="NOT_INITIATED", mode=None, data={}, times={}, status="NOT_VALIDATED", method="",
             expires=None, validated=None)
    return sim.Reply(200)


def check(world, name, good=True):
    """The CA looks, and finds what it wants, or not."""
    d = next(d for d in world.domains.values() if d["name"] == name)
    if d["order"] != "SUBMITTED":
        return {"order": d["order"]}
    if good:
        d.update(status="VALIDATED", method=d["mode"], validated=world.today(), expires=world.today(198),
                 order="NOT_INITIATED", mode=None, data={}, times={})
    else:
        d["order"] = "REJECTED"
    return {"order": d["order"]}


ROUTES = {
    "GET /domain/v1": listed,
    "POST /domain/v1": create,
    r"GET /domain/v1/(\d+)": details,
    r"DELETE /domain/v1/(\d+)": delete,
    r"PUT /domain/v1/(\d+)/activate": switch("ACTIVE"),
    r"PUT /domain/v1/(\d+)/suspend": switch("SUSPENDED"),
    r"POST /domain/v1/(\d+)/delegation": delegate,
    r"DELETE /domain/v1/(\d+)/delegation": take_back,
    r"POST /domain/v1/(\d+)/delegation/approve": decide(True),
    r"POST /domain/v1/(\d+)/delegation/reject": decide(False),
    "GET /dcv/V/validation": validations,
    "POST /dcv/v[12]/validation/status": status,
    "POST /dcv/V/validation/sync": status,
    "POST /dcv/V/validation/clear": clear,
    "POST /dcv/V/validation/delete": forget,
    **{"POST /dcv/V/validation/start/domain/" + m.lower(): start(m)
       for m in ("CNAME", "HTTP", "HTTPS", "EMAIL")},
    **{"POST /dcv/V/validation/submit/domain/" + m.lower(): submit(m) for m in METHODS},
}
