"""The simulated Route 53: zones per account, and the DNS that the simulated ACM looks into."""
import re
import uuid
from xml.sax.saxutils import escape

from aws_keys import Refusal

NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/"
QUOTED = r'("([^"\\]|\\([0-7]{3}|[^0-7])){0,255}"( |$))+'
TYPES = ("SOA", "A", "TXT", "NS", "CNAME", "MX", "NAPTR", "PTR", "SRV", "SPF", "AAAA", "CAA", "DS")


def full(name):
    """A name as Route 53 keeps it: lower case, dotted at the end, odd bytes in octal."""
    name = name.lower() if name.endswith(".") else name.lower() + "."
    return name.replace("*", "\\052")


def order(name):
    return list(reversed(name.rstrip(".").split(".")))


class Zone:
    def __init__(self, name, private, reference):
        self.ident = "Z" + uuid.uuid4().hex[:20].upper()
        self.name, self.private, self.reference = full(name), private, reference
        self.sets = {(self.name, "NS"): (172800, ["ns-1.sim.example.", "ns-2.sim.example."]),
                     (self.name, "SOA"): (900, ["ns-1.sim.example. host.sim.example. 1 7200 900 1209600 60"])}

    def view(self):
        return {"Id": "/hostedzone/" + self.ident, "Name": self.name, "CallerReference": self.reference,
                "Config": {"PrivateZone": self.private}, "ResourceRecordSetCount": len(self.sets)}


class Change:
    def __init__(self, reads, now):
        self.ident, self.reads, self.now = "C" + uuid.uuid4().hex[:20].upper(), reads, now

    def view(self):
        return {"Id": "/change/" + self.ident, "Status": "PENDING" if self.reads > 0 else "INSYNC",
                "SubmittedAt": self.now}


class Route53:
    def __init__(self, world):
        self.world, self.accounts, self.changes = world, {}, {}

    def begin(self, call):
        pass

    def zones(self, account):
        return self.accounts.setdefault(account, {})

    def add_zone(self, account, name, private=False, reference=None):
        zone = Zone(name, private, reference or uuid.uuid4().hex)
        self.zones(account)[zone.ident] = zone
        return zone

    def has_cname(self, record):
        """What the world's resolvers see: public zones of whoever has them."""
        key = (full(record["Name"]), "CNAME")
        return any(full(record["Value"]) in [full(v) for v in zone.sets[key][1]]
                   for zones in self.accounts.values() for zone in zones.values()
                   if not zone.private and key in zone.sets)

    def find(self, call, member="Id"):
        ident = call.get(member).replace("/hostedzone/", "")
        zone = self.zones(call.account).get(ident)
        if zone is None:
            raise Refusal(404, "NoSuchHostedZone", "No hosted zone found with ID: %s" % ident)
        return zone

    def change(self, call):
        change = Change(self.world.knob("insync_reads"), call.now)
        self.changes[change.ident] = change
        return {"ChangeInfo": change.view()}

    # --- zones ---

    def create_hosted_zone(self, call):
        if not re.fullmatch(r"([a-z0-9_-]+\.)+[a-z0-9-]+\.?", call.get("Name").lower()):
            raise Refusal(400, "InvalidDomainName", "%s is not a valid domain name" % call.get("Name"))
        private = call.get("HostedZoneConfig", {}).get("PrivateZone", False)
        zone = self.add_zone(call.account, call.get("Name"), private, call.get("CallerReference"))
        return dict(self.change(call), HostedZone=zone.view(),
                    Location="https://route53.example/%s" % zone.ident,
                    DelegationSet={"NameServers": ["ns-1.sim.example", "ns-2.sim.example"]})

    def delete_hosted_zone(self, call):
        zone = self.find(call)
        if len(zone.sets) > 2:
            raise Refusal(400, "HostedZoneNotEmpty", "The specified hosted zone contains non-required resource "
                          "record sets and so cannot be deleted.")
        del self.zones(call.account)[zone.ident]
        return self.change(call)

    def size(self, call, most):
        wanted = call.get("MaxItems", str(most))
        if not wanted.isdigit() or not 1 <= int(wanted):
            raise Refusal(400, "InvalidInput", "Invalid maxitems")
        cap = self.world.knob("page_cap")
        return min(int(wanted), most, cap or most)

    def list_hosted_zones(self, call):
        size = self.size(call, 100)
        zones = list(self.zones(call.account).values())
        idents = [z.ident for z in zones]
        at = call.get("Marker")
        if at is not None and at not in idents:
            raise Refusal(400, "InvalidInput", "Invalid marker")
        here = zones[idents.index(at) if at else 0:]
        return {"HostedZones": [z.view() for z in here[:size]], "Marker": at or "", "MaxItems": str(size),
                "IsTruncated": len(here) > size, "NextMarker": here[size].ident if len(here) > size else None}

    def list_hosted_zones_by_name(self, call):
        size = self.size(call, 100)
        start = (order(full(call.get("DNSName", ""))) if call.get("DNSName") else [],
                 call.get("HostedZoneId", "").replace("/hostedzone/", ""))
        zones = sorted(self.zones(call.account).values(), key=lambda z: (order(z.name), z.ident))
        here = [z for z in zones if (order(z.name), z.ident) >= start]
        shown = {"HostedZones": [z.view() for z in here[:size]], "IsTruncated": len(here) > size,
                 "MaxItems": str(size), "DNSName": call.get("DNSName"),
                 "HostedZoneId": call.get("HostedZoneId")}
        if len(here) > size:
            shown.update(NextDNSName=here[size].name, NextHostedZoneId=here[size].ident)
        return shown

    def get_hosted_zone(self, call):
        return {"HostedZone": self.find(call).view(),
                "DelegationSet": {"NameServers": ["ns-1.sim.example", "ns-2.sim.example"]}}

    # --- records ---

    def list_resource_record_sets(self, call):
        zone, size = self.find(call, "HostedZoneId"), self.size(call, 300)
        if "StartRecordType" in call.params and "StartRecordName" not in call.params:
            raise Refusal(400, "InvalidInput", "type without a name")
        start = (order(full(call.get("StartRecordName"))) if call.get("StartRecordName") else [],
                 call.get("StartRecordType", ""))
        keys = sorted(zone.sets, key=lambda k: (order(k[0]), k[1]))
        here = [k for k in keys if (order(k[0]), k[1]) >= start]
        shown = [{"Name": k[0], "Type": k[1], "TTL": zone.sets[k][0],
                  "ResourceRecords": [{"Value": v} for v in zone.sets[k][1]]} for k in here[:size]]
        result = {"ResourceRecordSets": shown, "IsTruncated": len(here) > size, "MaxItems": str(size)}
        if len(here) > size:
            result.update(NextRecordName=here[size][0], NextRecordType=here[size][1])
        return result

    def change_resource_record_sets(self, call):
        zone, batch = self.find(call, "HostedZoneId"), call.get("ChangeBatch")
        changes = batch.get("Changes", [])
        self.check_size(changes)
        after, wrong, seen = dict(zone.sets), [], set()
        for change in changes:
            one = change["ResourceRecordSet"]
            key = (full(one["Name"]), one["Type"])
            values = [r["Value"] for r in one.get("ResourceRecords", [])]
            if (change["Action"], key) in seen:
                wrong.append("The request contains an invalid set of changes for a resource record set '%s %s'"
                             % (key[1], key[0]))
            seen.add((change["Action"], key))
            wrong += list(apply(zone, after, change["Action"], key, one.get("TTL"), values))
        if wrong:
            raise self.invalid_batch(wrong)
        zone.sets = after
        return self.change(call)

    def check_size(self, changes):
        records = 0
        for change in changes:
            times = 2 if change["Action"] == "UPSERT" else 1
            records += times * len(change["ResourceRecordSet"].get("ResourceRecords", []))
        if records > 1000:
            raise self.invalid_batch(["Number of records limit of 1000 exceeded."])

    def invalid_batch(self, messages):
        if not self.world.knob("batch_root"):
            return Refusal(400, "InvalidChangeBatch", "[%s]" % ", ".join(messages))
        text = "".join("<Message>%s</Message>" % escape(m) for m in messages)
        return Refusal(400, "InvalidChangeBatch", "; ".join(messages),
                       "<?xml version=\"1.0\"?>\n<InvalidChangeBatch xmlns=\"%s\"><Messages>%s</Messages>"
                       "<RequestId>sim</RequestId></InvalidChangeBatch>" % (NAMESPACE, text))

    def get_change(self, call):
        change = self.changes.get(call.get("Id").replace("/change/", ""))
        if change is None:
            raise Refusal(404, "NoSuchChange", "Could not find resource with ID: %s" % call.get("Id"))
        shown = {"ChangeInfo": change.view()}
        change.reads -= 1
        return shown


def apply(zone, after, action, key, ttl, values):
    """One change upon `after`; yields what is wrong with it."""
    said = "resource record set [name='%s', type='%s']" % key
    name, kind = key
    if name != zone.name and not name.endswith("." + zone.name):
        yield "RRSet with DNS name %s is not permitted in zone %s" % (name, zone.name)
    elif kind not in TYPES or not values or ttl is None:
        yield "Invalid request: Missing field in %s" % said
    elif action == "DELETE":
        if key not in after:
            yield "Tried to delete %s but it was not found" % said
        elif after[key] != (ttl, values):
            yield "Tried to delete %s but the values provided do not match the current values" % said
        else:
            del after[key]
    elif action == "CREATE" and key in after:
        yield "Tried to create %s but it already exists" % said
    elif kind == "TXT" and not all(re.fullmatch(QUOTED, v) for v in values):
        yield ("Invalid Resource Record: FATAL problem: InvalidCharacterString (Value should be enclosed in "
               "quotation marks) encountered with '%s'" % values[0])
    elif kind == "CNAME" and (name == zone.name or any(k[0] == name and k[1] != "CNAME" for k in after)):
        yield "RRSet of type CNAME with DNS name %s is not permitted at apex in zone %s" % (name, zone.name)
    else:
        after[key] = (ttl, values)
