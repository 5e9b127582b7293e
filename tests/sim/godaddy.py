#!/usr/bin/python3
"""GoDaddy, as far as records are put into zones: domains, sets of records by type and name, PATCH that
adds and PUT that replaces, and the codes of its refusals."""
import re

import jsonschema

import dns_zones
import sim

KEY, SECRET = "dLf3_NotARealKey", "NotARealSecret"
RECORDS = {
    "type": "array", "minItems": 1, "items": {
        "type": "object", "required": ["data"], "additionalProperties": False,
        "properties": {
            "type": {"enum": ["A", "AAAA", "CNAME", "TXT", "MX", "NS", "SRV", "CAA"]},
            "name": {"type": "string", "pattern": r"^(@|[A-Za-z0-9_*-]+(\.[A-Za-z0-9_-]+)*)$"},
            "data": {"type": "string", "minLength": 1, "maxLength": 512},
            "ttl": {"type": "integer", "minimum": 600, "maximum": 604800}}}}


def bad(status, code, message, field=None):
    body = {"code": code, "message": message}
    if field:
        body["fields"] = [{"code": "UNEXPECTED_TYPE", "message": field, "path": "records"}]
    return sim.Reply(status, body)


def shown(record):
    return {"data": record["content"], "name": record["relative"], "ttl": record["ttl"],
            "type": record["type"]}


class Godaddy(sim.Sim):
    def arguments(self, parser):
        parser.add_argument("--zone", action="append", default=[])
        parser.add_argument("--small", action="store_true", help="an account with too few domains")
        parser.add_argument("--world", help="where the simulator of AWS is")

    def main(self):
        self.zones = dns_zones.Zones()
        super().main()

    def begin(self):
        if not self.zones.names:
            self.zones.world = self.options.world
            for zone in self.options.zone:
                self.zones.add_zone(zone)

    def handle(self, request):
        self.begin()
        if request.headers.get("Authorization") != "sso-key %s:%s" % (KEY, SECRET):
            return bad(401, "UNABLE_TO_AUTHENTICATE", "Unauthorized : Could not authenticate API key/secret")
        if self.options.small:
            return bad(403, "ACCESS_DENIED", "Authenticated user is not allowed access")
        if request.path == "/v1/domains" and request.method == "GET":
            return sim.Reply(200, [{"domain": name, "status": "ACTIVE"} for name in self.zones.names])
        parts = re.fullmatch("/v1/domains/([^/]+)(/records(?:/([A-Z]+)(?:/([^/]+))?)?)?", request.path)
        if not parts or parts[1] not in self.zones.names:
            return bad(404, "UNKNOWN_DOMAIN", "The given domain is not registered, or has no zone file")
        if not parts[2]:
            return sim.Reply(200, {"domain": parts[1], "domainId": 1})
        if request.method == "GET":
            return sim.Reply(200, [shown(r) for r in self.zones.find(zone=parts[1], type=parts[3],
                                                                     relative=parts[4])])
        if request.method == "PATCH" and not parts[3]:
            return self.write(request, parts[1], None, None)
        if request.method == "PUT" and parts[4]:
            return self.write(request, parts[1], parts[3], parts[4])
        if request.method == "DELETE" and parts[4]:
            gone = self.zones.find(zone=parts[1], type=parts[3], relative=parts[4])
            self.zones.remove(gone)
            return sim.Reply(204) if gone else bad(404, "NOT_FOUND", "No records found")
        return bad(404, "NOT_FOUND", "not there")

    def write(self, request, zone, kind, name):
        """Adds, or takes the place of the set of that type and name."""
        body = request.json()
        try:
            jsonschema.validate(body, RECORDS)
        except jsonschema.ValidationError as why:
            return bad(422, "INVALID_BODY", "Request body doesn't fulfill schema, see details in `fields`",
                       why.message)
        if name:
            self.zones.remove(self.zones.find(zone=zone, type=kind, relative=name))
        for item in body:
            relative = item.get("name", name)
            record = {"zone": zone, "type": item.get("type", kind), "relative": relative,
                      "name": zone if relative == "@" else relative.lower() + "." + zone,
                      "content": item["data"], "ttl": item.get("ttl", 3600)}
            if self.zones.same(record):
                return bad(422, "DUPLICATE_RECORD", "Another record with the same attributes already exists")
            try:
                self.zones.add(record)
            except dns_zones.Conflict:
                return bad(422, "DUPLICATE_RECORD", "Record name %s conflicts with another record" % relative)
        return sim.Reply(200)


if __name__ == "__main__":
    Godaddy().main()
