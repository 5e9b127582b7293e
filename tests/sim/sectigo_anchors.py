"""Validations of organizations (anchors): one of each, of level OV; world.anchors says what is wrong with it:
"differs", or a status."""
import sim
from sectigo_world import Refused


def organization(world, _request, number):
    o = world.organization(int(number))
    return sim.Reply(200, {"id": o["id"], "name": o["name"], "city": "Lund", "country": "SE",
                           "address1": "Street 1", "sslCertsApiEnabled": True, "certTypes": ["SSL"]})


def told(world, number, in_full=False):
    how = world.anchors.get(number, "")
    a = {"id": number + 400, "validationLevel": "OV_SSL", "status": how if how.isupper() else "VALIDATED",
         "submitted": "2026-01-15T10:00:00.000Z", "expires": "2099-01-15T10:00:00.000Z", "alternative": False,
         "backendId": 900001, "backendType": "SASP"}
    if number in world.renewing:
        a["backgroundStatus"] = "PENDING"
    if in_full:
        a.update(settings={"TRACKING_ID": "T-900001"}, organizationDetails={"generalDetails": {
            "name": world.organization(number)["name"].upper(), "address1": "Street 1",
            "city": "Malmo" if how == "differs" else "Lund", "country": "SE"}})
    return a


def check(world, number):
    if not world.may_anchor:
        raise Refused(-3, "You are not authorized to view organization validations.")
    world.organization(number)
    return number


def listed(world, _request, number):
    number = check(world, int(number))
    return sim.Reply(200, [told(world, number)] if number != 503 else [])


def one(world, _request, number, _anchor):
    return sim.Reply(200, told(world, check(world, int(number)), True))


def revalidate(world, _request, number, _anchor):
    world.need("orgValidationManager")
    world.renewing.add(check(world, int(number)))
    return sim.Reply(200, told(world, int(number), True))


ROUTES = {
    r"GET /organization/v1/(\d+)": organization,
    r"GET /organization/v2/(\d+)/validations": listed,
    r"GET /organization/v2/(\d+)/validations/(\d+)": one,
    r"POST /organization/v2/(\d+)/validations/(\d+)/sync": one,
    r"PUT /organization/v2/(\d+)/validations/(\d+)/revalidate": revalidate,
}
