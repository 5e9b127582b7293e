"""Azure DNS: zones and sets of records, with their etags.  Its errors have no outer object."""
import re

from azure_bodies import check
from azure_world import Refused, guid
from dns_zones import tell
from sim import Reply

SUB = "/subscriptions/([^/]+)"
ZONES = "/providers/microsoft.network/dnszones"
ZONE = SUB + "/resourcegroups/([^/]+)" + ZONES + "/([^/]+)"
KINDS = {"TXT": "TXTRecords", "CNAME": "CNAMERecord", "A": "ARecords", "NS": "NSRecords", "SOA": "SOARecord",
         "CAA": "caaRecords"}


def refuse(status, code, text):
    raise Refused(Reply(status, {"code": code, "message": text}))


class Zone:
    def __init__(self, name, subscription, group, servers):
        self.name, self.subscription, self.group, self.servers = name, subscription, group, servers
        self.sets = {}
        self.put("NS", "@", {"TTL": 172800, "NSRecords": [{"nsdname": s} for s in servers]})
        self.put("SOA", "@", {"TTL": 3600, "SOARecord": {"host": servers[0], "serialNumber": 1}})

    @property
    def id(self):
        return "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.Network/dnsZones/%s" % (
            self.subscription, self.group, self.name)

    def body(self):
        return {"id": self.id, "name": self.name, "type": "Microsoft.Network/dnsZones", "etag": guid(),
                "location": "global", "tags": {}, "properties": {
                    "maxNumberOfRecordSets": 10000, "numberOfRecordSets": len(self.sets),
                    "nameServers": self.servers, "zoneType": "Public"}}

    def fqdn(self, name):
        return (self.name if name == "@" else "%s.%s" % (name, self.name)) + "."

    def put(self, kind, name, properties):
        self.sets[(name.lower(), kind)] = {
            "id": "%s/%s/%s" % (self.id, kind, name), "name": name,
            "type": "Microsoft.Network/dnsZones/" + kind,
            "etag": guid(), "properties": dict(properties, fqdn=self.fqdn(name), provisioningState="Succeeded",
                                               targetResource={})}
        return self.sets[(name.lower(), kind)]


def zone_of(call, subscription, group, name):
    group = call.group(subscription, group)
    found = next((z for z in call.world.zones.values() if z.name == name.lower() and z.group == group
                  and z.subscription == subscription.lower()), None)
    if not found:
        raise Refused(Reply(404, {"error": {"code": "ResourceNotFound", "message":
                                            "The Resource 'Microsoft.Network/dnszones/%s' was not "
                                            "found." % name}}))
    return found


def list_zones(call, subscription):
    sub = call.subscription(subscription)
    return call.page([z.body() for z in call.world.zones.values() if z.subscription == sub], 100)


def list_group_zones(call, subscription, group):
    group = call.group(subscription, group)
    return call.page([z.body() for z in call.world.zones.values()
                      if (z.subscription, z.group) == (subscription.lower(), group)], 100)


def get_zone(call, *where):
    return Reply(200, zone_of(call, *where).body())


def list_sets(call, subscription, group, name, kind=None):
    zone = zone_of(call, subscription, group, name)
    return call.page([s for (_, k), s in sorted(zone.sets.items()) if kind is None or k == kind.upper()], 100)


def get_set(call, subscription, group, zone, kind, name):
    found = zone_of(call, subscription, group, zone).sets.get((name.lower(), kind.upper()))
    if not found:
        refuse(404, "NotFound", "The resource record '%s' does not exist in resource group '%s' of "
               "subscription '%s'."
               % (name, group, subscription))
    return Reply(200, found)


def check_condition(call, old):
    wanted, none = (call.request.headers.get(h) for h in ("If-Match", "If-None-Match"))
    if (none == "*" and old) or (wanted and (not old or wanted not in ("*", old["etag"]))):
        refuse(412, "PreconditionFailed", "The condition '%s' in the %s header was not satisfied. The "
               "current was '%s'."
               % (wanted or none, "If-Match" if wanted else "If-None-Match", old["etag"] if old else ""))


def patch_set(call, subscription, group, zone, kind, name):
    """Members that are named are others; what is not named stays."""
    found, kind = zone_of(call, subscription, group, zone), kind.upper()
    old = found.sets.get((name.lower(), kind))
    check_condition(call, old)
    if not old:
        refuse(404, "NotFound", "The resource record '%s' does not exist." % name)
    asked = check(call.request, "records", "BadRequest")["properties"]
    return Reply(200, found.put(kind, old["name"], dict(old["properties"], **asked)))


def put_set(call, subscription, group, zone, kind, name):
    zone, kind = zone_of(call, subscription, group, zone), kind.upper()
    if not re.fullmatch(r"@|(\*|[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)(\.[A-Za-z0-9_]([A-Za-z0-9_-]*"
                        r"[A-Za-z0-9_])?)*", name):
        refuse(400, "BadRequest", "The domain name '%s.%s' is invalid." % (name, zone.name))
    old = zone.sets.get((name.lower(), kind))
    check_condition(call, old)
    properties = check(call.request, "records", "BadRequest")["properties"]
    if KINDS[kind] not in properties or "TTL" not in properties:
        refuse(400, "BadRequest", "The record set has no %s or no TTL." % KINDS[kind])
    others = [k for n, k in zone.sets if n == name.lower() and k != kind]
    if (kind == "CNAME" and (others or name == "@")) or "CNAME" in others:
        refuse(409, "Conflict", "The %s record could not be created because another record with the same "
               "name already "
               "exists in this zone." % kind)
    made = zone.put(kind, name, properties)
    if call.sim.options.world and kind == "CNAME":
        tell(call.sim.options.world, zone.fqdn(name), kind, properties["CNAMERecord"]["cname"])
    return Reply(200 if old else 201, made)


def delete_set(call, subscription, group, zone, kind, name):
    zone = zone_of(call, subscription, group, zone)
    old = zone.sets.get((name.lower(), kind.upper()))
    check_condition(call, old)
    if not old:
        return Reply(204)
    del zone.sets[(name.lower(), kind.upper())]
    return Reply(200)


ROUTES = [
    ("GET " + SUB + ZONES, list_zones),
    ("GET " + SUB + "/resourcegroups/([^/]+)" + ZONES, list_group_zones),
    ("GET " + ZONE, get_zone),
    ("GET %s/(?:recordsets|all)" % ZONE, list_sets),
    ("GET %s/(%s)" % (ZONE, "|".join(KINDS)), list_sets),
    ("GET %s/(%s)/(.+)" % (ZONE, "|".join(KINDS)), get_set),
    ("PUT %s/(%s)/(.+)" % (ZONE, "|".join(KINDS)), put_set),
    ("PATCH %s/(%s)/(.+)" % (ZONE, "|".join(KINDS)), patch_set),
    ("DELETE %s/(%s)/(.+)" % (ZONE, "|".join(KINDS)), delete_set),
]
