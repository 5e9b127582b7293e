"""Zones of a simulated DNS service, and the world that sees what stands in them: the simulator of AWS,
whose resolvers and whose ACM look there (--world URL)."""
import json
import urllib.request
import uuid

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def tell(world, name, kind, value):
    """What now stands in a zone."""
    body = json.dumps({"do": "record", "name": name, "kind": kind, "value": value}).encode()
    DIRECT.open(urllib.request.Request(world + "/sim/aws", body), timeout=60).close()


class Conflict(Exception):
    """What stands there, which the new one cannot stand beside."""

    def __init__(self, record):
        super().__init__(record["type"])
        self.record = record


class Zones:
    def __init__(self, world=None):
        self.world, self.records, self.names = world, [], {}

    def add_zone(self, name, status="active"):
        self.names[name] = {"id": uuid.uuid4().hex, "name": name, "status": status}

    def within(self, zone, name):
        return name == zone or name.endswith("." + zone)

    def find(self, **wanted):
        return [r for r in self.records if all(r[k] == v for k, v in wanted.items() if v is not None)]

    def same(self, record):
        return self.find(zone=record["zone"], type=record["type"], name=record["name"],
                         content=record["content"])

    def add(self, record):
        for other in self.find(zone=record["zone"], name=record["name"]):
            if "CNAME" in (other["type"], record["type"]):
                raise Conflict(other)
        self.records.append(dict(record, id=uuid.uuid4().hex))
        if self.world:
            tell(self.world, record["name"], record["type"], record["content"])
        return self.records[-1]

    def remove(self, records):
        self.records = [r for r in self.records if r not in records]
