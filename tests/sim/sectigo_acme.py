"""ACME at Sectigo Certificate Manager: servers, accounts with their keys for external binding, domains."""
import base64
import re
import secrets
import uuid

import sim
from sectigo_world import POSITIVE, Refused, body_of, created, shape, text

SERVERS = [{"name": kind + " ACME Server", "url": "https://acme.sectigo.example/v2/" + kind,
            "certValidationType": kind, "caId": 40 + i, "singleProductId": 1, "multiProductId": 2,
            "wcProductId": 3} for i, kind in enumerate(("DV", "OV", "EV"))]
ACCOUNT = shape(["name", "acmeServer", "organizationId"], name=text(128), acmeServer=text(128),
                organizationId=POSITIVE, certValidationType=text(2), validationId={"type": "string"},
                evDetails={"type": "object"})
NAMES = shape(["domains"], domains={"type": "array", "items": shape(["name"], name=text(255, 3))})


def of(world, number):
    found = world.accounts.get(int(number))
    if not found:
        raise Refused(-1, "ACME account is not found.", 404)
    return found


def servers(world, request):
    return world.page(request, SERVERS)


def told(a):
    return {k: v for k, v in a.items() if k != "domains"}


def accounts(world, request):
    organization = request.query.get("organizationId", [""])[0]
    if not organization:
        raise Refused(-1001, "Value of 'organizationId' must not be null.")
    name = request.query.get("name", [""])[0]
    return world.page(request, [told(a) for a in world.accounts.values()
                                if str(a["organizationId"]) == organization and name in a["name"]])


def account(world, _request, number):
    return sim.Reply(200, told(of(world, number)))


def create(world, request):
    body = body_of(request, ACCOUNT)
    world.organization(body["organizationId"])
    server = [s for s in SERVERS if s["name"] == body["acmeServer"]]
    if not server:
        raise Refused(-1601, "Value of 'acmeServer' is not valid.")
    number = next(world.number)
    kid = world.mac_id or str(uuid.uuid4())
    world.accounts[number] = {
        "id": number, "name": body["name"], "accountId": kid, "macId": kid,
        "macKey": world.mac_key or base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("="),
        "acmeServer": body["acmeServer"], "organizationId": body["organizationId"],
        "certValidationType": server[0]["certValidationType"], "domains": []}
    return created("/acme/v2/account/%d" % number)


def rename(world, request, number):
    of(world, number)["name"] = body_of(request, shape(["name"], name=text(128)))["name"]
    return sim.Reply(200)


def delete(world, _request, number):
    del world.accounts[of(world, number)["id"]]
    return sim.Reply(204)


def domains(world, request, number):
    want = re.compile(request.query.get("name", [""])[0])
    return world.page(request, [{"name": n, "validUntil": world.today(100), "stickyUntil": world.today(100)}
                                for n in of(world, number)["domains"] if want.search(n)])


def add(world, request, number):
    a, left = of(world, number), []
    for one in body_of(request, NAMES)["domains"]:
        if not any(one["name"] == d["name"] or one["name"].endswith("." + d["name"])
                   for d in world.domains.values() if d["state"] == "ACTIVE"):
            left.append(one["name"])
        elif one["name"] not in a["domains"]:
            a["domains"].append(one["name"])
    return sim.Reply(200, {"notAddedDomains": left} if left else {})


def remove(world, request, number):
    a, left = of(world, number), []
    for one in body_of(request, NAMES)["domains"]:
        if one["name"] in a["domains"]:
            a["domains"].remove(one["name"])
        else:
            left.append(one["name"])
    return sim.Reply(200, {"notRemovedDomains": left} if left else {})


ROUTES = {
    "GET /acme/v1/server": servers,
    "GET /acme/v[12]/account": accounts,
    r"GET /acme/v[12]/account/(\d+)": account,
    "POST /acme/v[12]/account": create,
    r"PUT /acme/v[12]/account/(\d+)": rename,
    r"DELETE /acme/v[12]/account/(\d+)": delete,
    r"GET /acme/v2/account/(\d+)/domain": domains,
    r"POST /acme/v[12]/account/(\d+)/domains?": add,
    r"DELETE /acme/v[12]/account/(\d+)/domains?": remove,
}
