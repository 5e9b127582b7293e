#!/usr/bin/python3
"""Cloudflare, as far as records are put into zones: the envelope, both ways of signing in, zones by
name, records with filters and pages, and the numbers of its refusals."""
import re

import jsonschema

import dns_zones
import sim

TOKEN = "v1.0-not-a-real-token"
EMAIL, KEY = "ops@example.org", "0123456789abcdef0123456789abcdef01234"
BASE = "/client/v4"
RECORD = {
    "type": "object", "required": ["type", "name", "content"], "additionalProperties": False,
    "properties": {
        "type": {"enum": ["A", "AAAA", "CNAME", "TXT", "MX", "NS"]},
        "name": {"type": "string", "pattern": r"^(@|[A-Za-z0-9_*-]+(\.[A-Za-z0-9_-]+)*)$", "maxLength": 255},
        "content": {"type": "string", "minLength": 1, "maxLength": 4096},
        "ttl": {"anyOf": [{"const": 1}, {"type": "integer", "minimum": 60, "maximum": 86400}]},
        "proxied": {"type": "boolean"}, "comment": {"type": "string", "maxLength": 100},
        "data": {"type": ["object", "null"]}}}


def good(result, **more):
    return sim.Reply(200, dict({"success": True, "errors": [], "messages": [], "result": result}, **more))


def bad(status, code, message, chain=None):
    error = {"code": code, "message": message}
    if chain:
        error["error_chain"] = [{"code": chain[0], "message": chain[1]}]
    return sim.Reply(status, {"success": False, "errors": [error], "messages": [], "result": None})


def page_of(request, items):
    size, page = int(request.query.get("per_page", ["20"])[0]), int(request.query.get("page", ["1"])[0])
    shown = items[size * (page - 1):size * page]
    return good(shown, result_info={"page": page, "per_page": size, "count": len(shown),
                                    "total_count": len(items), "total_pages": -(-len(items) // size)})


class Cloudflare(sim.Sim):
    def arguments(self, parser):
        parser.add_argument("--zone", action="append", default=[], help="NAME or NAME=STATUS")
        parser.add_argument("--world", help="where the simulator of AWS is")

    def main(self):
        self.zones = dns_zones.Zones()
        super().main()

    def begin(self):
        if not self.zones.names:
            self.zones.world = self.options.world
            for zone in self.options.zone:
                name, _, status = zone.partition("=")
                self.zones.add_zone(name, status or "active")

    def refuse(self, request):
        """What is wrong with the sign-in, or None."""
        word, _, token = (request.headers.get("Authorization") or "").partition(" ")
        key = request.headers.get("X-Auth-Key")
        if word:
            return None if (word, token) == ("Bearer", TOKEN) else bad(403, 9109, "Invalid access token")
        if key is None:
            return bad(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers")
        if not re.fullmatch("[0-9a-f]{37}", key):
            return bad(400, 6003, "Invalid request headers", (6103, "Invalid format for X-Auth-Key header"))
        if (request.headers.get("X-Auth-Email"), key) != (EMAIL, KEY):
            return bad(403, 10000, "Authentication error")
        return None

    def handle(self, request):
        self.begin()
        refused = self.refuse(request)
        path = request.path[len(BASE):] if request.path.startswith(BASE + "/") else ""
        if refused:
            return refused
        if path == "/zones" and request.method == "GET":
            wanted = {k: request.query[k][0] for k in ("name", "status") if k in request.query}
            return page_of(request, [dict(z, account={"id": "a1", "name": "Example"})
                                     for z in self.zones.names.values()
                                     if all(z[k] == v for k, v in wanted.items())])
        parts = re.fullmatch("/zones/([0-9a-f]{32})/dns_records(?:/([0-9a-f]{32}))?", path)
        zone = parts and next((z for z in self.zones.names.values() if z["id"] == parts[1]), None)
        if not zone:
            return bad(404, 7003, "Could not route to %s, perhaps your object identifier is invalid?" % path)
        if request.method == "GET":
            return self.list(request, zone["name"])
        if request.method == "POST" and not parts[2]:
            return self.add(request, zone["name"])
        if request.method == "DELETE" and self.zones.find(id=parts[2]):
            self.zones.remove(self.zones.find(id=parts[2]))
            return good({"id": parts[2]})
        return bad(404, 81044, "Record does not exist.")

    def list(self, request, zone):
        wanted = {k: request.query[k][0] for k in ("name", "type", "content") if k in request.query}
        return page_of(request, self.zones.find(zone=zone, **wanted))

    def add(self, request, zone):
        body = request.json()
        try:
            jsonschema.validate(body, RECORD)
        except jsonschema.ValidationError as why:
            return bad(400, 9207, "Request body is invalid: " + why.message)
        if body["type"] == "TXT" and body["content"][0] + body["content"][-1] != '""' and \
                "comment" in body:
            return bad(400, 9207, "a TXT without quotes")
        name = zone if body["name"] == "@" else body["name"].lower()
        name = name if self.zones.within(zone, name) else name + "." + zone
        record = {"zone": zone, "type": body["type"], "name": name, "content": body["content"],
                  "ttl": body.get("ttl", 1), "proxied": body.get("proxied", False)}
        if self.zones.same(record):
            return bad(400, 81058, "An identical record already exists.")
        try:
            return good(self.zones.add(record))
        except dns_zones.Conflict as conflict:
            if conflict.record["type"] == "CNAME":
                return bad(400, 81054, "A CNAME record with that host already exists.")
            return bad(400, 81053, "An A, AAAA, or CNAME record with that host already exists.")


if __name__ == "__main__":
    Cloudflare().main()
