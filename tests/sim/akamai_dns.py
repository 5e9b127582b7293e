"""Edge DNS: zones and their sets of records, behind Akamai's gateway (akamai.py).

A set is created by POST and replaced by PUT, and nothing else; texts go out in quotes within their strings.
What is sent is checked by jsonschema.  A zone that was written is PENDING for a while and then ACTIVE.
"""
import json
import re
import uuid
from urllib.parse import unquote

import jsonschema

from dns_zones import tell
from sim import Reply

ROOT = "/config-dns/v2/zones"
TYPES = "https://problems.luna.akamaiapis.net/authoritative-dns/"
PENDING_FOR = 20                # seconds after a change
LABEL = r"(\*|[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)"
NAME = r"^%s(\.%s)*$" % (LABEL, LABEL)
SET = {"type": "object", "required": ["name", "type", "ttl", "rdata"], "additionalProperties": False,
       "properties": {"name": {"type": "string", "pattern": NAME, "maxLength": 253},
                      "type": {"enum": ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "SOA", "SRV", "TXT"]},
                      "ttl": {"type": "integer", "minimum": 1, "maximum": 2147483647},
                      "rdata": {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1,
                                "uniqueItems": True}}}
SETS = {"type": "object", "required": ["recordsets"], "additionalProperties": False,
        "properties": {"recordsets": {"type": "array", "items": SET, "minItems": 1}}}
# What one value of a type is, as a zone file has it.
STRING = r'"(?:[^"\\\n]|\\[^0-9\n]|\\[0-9]{3}){0,1020}"'
VALUES = {"TXT": r'(%s|[^\s"\\]+)( +(%s|[^\s"\\]+))*' % (STRING, STRING), "CNAME": NAME[:-1] + r"\.?$"}


class Refused(Exception):
    def __init__(self, status, slug, title, detail):
        super().__init__(detail)
        self.status, self.slug, self.title = status, slug, title


def check(request, schema):
    if request.headers.get("Content-Type", "").partition(";")[0] != "application/json":
        raise Refused(415, "unsupportedMediaType", "Unsupported Media Type", "Content type is not supported.")
    try:
        body = json.loads(request.body)
        jsonschema.validate(body, schema)
    except ValueError as why:
        raise Refused(400, "jsonReadError", "JSON Read Error", str(why)) from why
    except jsonschema.ValidationError as why:
        raise Refused(400, "validationError", "Validation Failure", why.message[:200]) from why
    return body


def check_values(given):
    pattern = VALUES.get(given["type"])
    for at, value in enumerate(given["rdata"]):
        if pattern and not re.fullmatch(pattern, value):
            raise Refused(400, "invalidOperation", "Invalid Operation",
                          "Invalid rdata '%s' for type %s" % (value[:80], given["type"]))
        if given["type"] == "TXT":          # what came bare goes out in quotes
            strings = re.findall(STRING + r"|\S+", value)
            given["rdata"][at] = " ".join(s if s[0] == '"' else '"%s"' % s for s in strings)
    if given["type"] == "CNAME" and len(given["rdata"]) != 1:
        raise Refused(400, "invalidOperation", "Invalid Operation", "A CNAME has one value")


class Zone:
    def __init__(self, name, kind, contract):
        self.name, self.kind, self.contract, self.written = name, kind, contract, 0
        self.sets, self.version = {}, str(uuid.uuid4())
        for of, value in (("SOA", "a1-1.akam.net. hostmaster.%s. 1 3600 600 604800 300" % name),
                          ("NS", "a1-1.akam.net.")):
            self.sets[(name, of)] = {"name": name, "type": of, "ttl": 86400, "rdata": [value]}

    def body(self, now):
        return {"zone": self.name, "type": self.kind, "contractId": self.contract, "comment": "",
                "activationState": "PENDING" if now < self.written + PENDING_FOR else "ACTIVE",
                "versionId": self.version, "signAndServe": False, "aliasCount": 0}

    def kinds(self, name):
        return sorted(kind for at, kind in self.sets if at == name)


class EdgeDns:
    """handle() gets what the gateway let through."""

    def __init__(self, sim):
        self.sim = sim
        self.zones = {name: Zone(name, kind, sim.options.contract)
                      for kind, names in (("PRIMARY", sim.options.zone), ("SECONDARY", sim.options.secondary))
                      for name in names}

    def zone_of(self, name):
        if name.lower() not in self.zones:
            raise Refused(404, "notFound", "Not Found", "Unable to find zone '%s'" % name)
        return self.zones[name.lower()]

    def texts(self, name):
        """The TXT values at a name, without their quotes."""
        return ["".join(re.findall(r'"((?:[^"\\]|\\.)*)"', value)) for zone in self.zones.values()
                for value in zone.sets.get((name, "TXT"), {"rdata": []})["rdata"]]

    def writable(self, name):
        zone = self.zone_of(name)
        if zone.kind != "PRIMARY":
            raise Refused(405, "methodNotAllowed", "Method Not Allowed", "The zone is %s" % zone.kind)
        return zone

    def wrote(self, zone, given):
        zone.written, zone.version = self.sim.clock(), str(uuid.uuid4())
        if self.sim.options.world and given:
            for value in given["rdata"]:
                tell(self.sim.options.world, given["name"] + ".", given["type"], value.strip('"'))

    def handle(self, request):
        try:
            for method, pattern, does in ROUTES:
                found = re.fullmatch(ROOT + pattern, request.path)
                if found and method == request.method:
                    return does(self, request, *(unquote(part) for part in found.groups()))
            raise Refused(404, "notFound", "Not Found", "No such resource")
        except Refused as why:
            return Reply(why.status, {"type": TYPES + why.slug, "title": why.title, "status": why.status,
                                      "detail": str(why), "instance": request.path,
                                      "problemId": str(uuid.uuid4())}, kind="application/problem+json")

    # ---- what is asked ----

    def list_zones(self, request):
        ask = {k: v[0] for k, v in request.query.items()}
        found = [z.body(self.sim.clock()) for name, z in sorted(self.zones.items())
                 if ask.get("search", "") in name and z.kind in ask.get("types", z.kind).split(",")]
        page, size = int(ask.get("page", 1)), int(ask.get("pageSize", 25))
        shown = found if ask.get("showAll") == "true" else found[(page - 1) * size:page * size]
        return Reply(200, {"metadata": {"page": page, "pageSize": size, "totalElements": len(found),
                                        "showAll": ask.get("showAll") == "true",
                                        "contractIds": [self.sim.options.contract]}, "zones": shown})

    def get_zone(self, _, zone):
        return Reply(200, self.zone_of(zone).body(self.sim.clock()))

    def list_names(self, _, zone):
        return Reply(200, {"names": sorted({name for name, _ in self.zone_of(zone).sets})})

    def list_types(self, _, zone, name):
        kinds = self.zone_of(zone).kinds(name.lower())
        if not kinds:
            raise Refused(404, "notFound", "Not Found", "Unable to find name '%s'" % name)
        return Reply(200, {"types": kinds})

    def list_sets(self, request, zone):
        ask = {k: v[0] for k, v in request.query.items()}
        found = [s for (_, kind), s in sorted(self.zone_of(zone).sets.items())
                 if kind in ask.get("types", kind).split(",") and ask.get("search", "") in s["name"]]
        page, size = int(ask.get("page", 1)), int(ask.get("pageSize", 25))
        shown = found if ask.get("showAll") == "true" else found[(page - 1) * size:page * size]
        return Reply(200, {"metadata": {"zone": zone, "page": page, "pageSize": size,
                                        "totalElements": len(found)}, "recordsets": shown})

    def get_set(self, _, zone, name, kind):
        return Reply(200, self.there(self.zone_of(zone), name, kind))

    def there(self, zone, name, kind, status=404):
        found = zone.sets.get((name.lower(), kind.upper()))
        if not found:
            raise Refused(status, "notFound", "Not Found", "Unable to find record set '%s' of type %s"
                          % (name, kind))
        return found

    # ---- what is changed ----

    def given(self, request, zone, name, kind):
        given = check(request, SET)
        if (given["name"].lower(), given["type"]) != (name.lower(), kind.upper()):
            raise Refused(400, "invalidOperation", "Invalid Operation", "The body is about another set")
        return self.fitting(zone, given)

    def fitting(self, zone, given):
        name = given["name"].lower()
        check_values(given)
        if name != zone.name and not name.endswith("." + zone.name):
            raise Refused(400, "invalidOperation", "Invalid Operation", "%s is not in the zone" % name)
        others = [kind for kind in zone.kinds(name) if kind != given["type"]]
        if "CNAME" in others or (given["type"] == "CNAME" and others):
            raise Refused(400, "invalidOperation", "Invalid Operation",
                          "A CNAME cannot stand beside other records at %s" % name)
        return given

    def is_new(self, zone, given):
        key = (given["name"].lower(), given["type"])
        if key in zone.sets:
            raise Refused(409, "duplicateRecordSet", "Duplicate Record Set", "Duplicate record set found "
                          "with name '%s' and type '%s'" % key)
        return key

    def make(self, zone, given):
        zone.sets[self.is_new(zone, given)] = given
        self.wrote(zone, given)

    def post_set(self, request, zone, name, kind):
        found = self.writable(zone)
        given = self.given(request, found, name, kind)
        self.make(found, given)
        return Reply(201, given, {"Location": request.path})

    def post_sets(self, request, zone):
        found = self.writable(zone)
        given = [self.fitting(found, s) for s in check(request, SETS)["recordsets"]]
        for one in given:
            self.is_new(found, one)
        for one in given:
            self.make(found, one)
        return Reply(204)

    def put_set(self, request, zone, name, kind):
        found = self.writable(zone)
        self.there(found, name, kind, 400)
        given = self.given(request, found, name, kind)
        found.sets[(name.lower(), kind.upper())] = given
        self.wrote(found, given)
        return Reply(200, given)

    def delete_set(self, _, zone, name, kind):
        found = self.writable(zone)
        self.there(found, name, kind)
        del found.sets[(name.lower(), kind.upper())]
        self.wrote(found, None)
        return Reply(204)


ZONE = "/([^/]+)"
AT = ZONE + "/names/([^/]+)/types"
ROUTES = [
    ("GET", "", EdgeDns.list_zones),
    ("GET", ZONE, EdgeDns.get_zone),
    ("GET", ZONE + "/names", EdgeDns.list_names),
    ("GET", AT, EdgeDns.list_types),
    ("GET", AT + "/([A-Za-z]+)", EdgeDns.get_set),
    ("POST", AT + "/([A-Za-z]+)", EdgeDns.post_set),
    ("PUT", AT + "/([A-Za-z]+)", EdgeDns.put_set),
    ("DELETE", AT + "/([A-Za-z]+)", EdgeDns.delete_set),
    ("GET", ZONE + "/recordsets", EdgeDns.list_sets),
    ("POST", ZONE + "/recordsets", EdgeDns.post_sets),
]
