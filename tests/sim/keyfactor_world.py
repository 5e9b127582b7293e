"""What a simulated Command has: certificates with real bytes, authorities, templates, and where its
orchestrators have found certificates."""
import base64
import hashlib
import time
import uuid

from cryptography import x509
from cryptography.hazmat.primitives import serialization

import aws_x509
from keyfactor_query import when

DAY = 86400
STATES = ["Unknown", "Active", "Revoked", "Denied", "Failed", "Pending", "CertificateAuthority"]
REASONS = {0: "Unspecified", 1: "KeyCompromise", 2: "CACompromise", 3: "AffiliationChanged", 4: "Superseded",
           5: "CessationOfOperation", 6: "CertificateHold"}
KNOBS = {
    "enums": "number",      # or "name"
    "counts": True,         # x-total-count comes with lists
    "page_cap": 1000,
    "shuffled": True,       # lists that nobody asked to sort are in no order
    "content": False,       # the list of certificates has their bytes
    "denied": [],           # "METHOD /Path" that this user may not call
    "approval": None,       # of new enrolments: "ca", "workflow", "external"
    "approvers": 1,         # signals that a workflow waits for
    "refuses": [],          # machines on which no store can be made
    "rooted": False,        # a store's machine and path stay whatever is sent, as newer versions have it
    "revoke_waits": False,  # a workflow wants approval of revocations
    "collections": [11, 12],
    "restarts_as": "same",  # or "another": under a number of its own
    "restart_fails": False,
    "retains": True,        # Command keeps the keys that it makes
    "ends": None,           # [call, file]: once that was done, the program whose number is in the file is ended
}
PFX, CSR = 1, 2     # AllowedEnrollmentTypes
TEMPLATES = [   # short name, display name, how one may enrol with it, who may
    ("WebServer", "Web Server", PFX | CSR, ["CORP\\jo", "certty"]),
    ("Internal", "Internal Server (90 days)", CSR, ["CORP\\jo"]),
    ("Secret", "Code Signing", PFX | CSR, ["CORP\\boss"]),
    ("Legacy", "Old Server", 0, ["CORP\\jo"]),
]
ARCHIVE = "ca03.corp.example\\ArchiveCA"    # which issues nothing any more
COLLECTIONS = [     # number, name, the query that it is
    (11, "Web farm", 'CN -startswith "web"'),
    (12, "Everything", ""),
]


def dn(name):
    return name.rfc4514_string()


def type_of_san(name):
    return {x509.RFC822Name: 1, x509.DNSName: 2, x509.UniformResourceIdentifier: 6, x509.IPAddress: 7}.get(
        type(name), 0)


def alternatives(certificate):
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [{"Id": i, "Value": str(n.value), "Type": type_of_san(n), "ValueHash": ""}
            for i, n in enumerate(found, 1)]


def common_name(name):
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return found[0].value if found else ""


class World:
    def __init__(self):
        self.knobs = dict(KNOBS)
        self.since = int(time.time())
        self.certs, self.requests, self.instances = {}, {}, {}
        self.history = []       # what agents did
        self.jobs = []          # what they have to do
        self.done = []          # what was done that no inventory has seen
        self.parameters = {}    # of entries, by store and alias
        self.waiting = []       # what they shall do
        self.enrolled = []      # bodies of enrolments, in order
        self.keys = {}          # of certificates whose key Command keeps, by their ids
        self.last = {"cert": 100, "request": 70}
        root = aws_x509.Authority({"CommonName": "Corp Root"}, "EC_prime256v1",
                                  since=self.since - 900 * DAY, until=self.since + 3000 * DAY)
        self.cas = {host + "\\" + name: aws_x509.Authority(
            {"CommonName": name}, "EC_prime256v1", root, self.since - 800 * DAY, self.since + 2000 * DAY)
            for host, name in (("ca01.corp.example", "IssuingCA"), ("ca02.corp.example", "OtherCA"))}
        self.agents = [{"AgentId": str(uuid.uuid4()), "ClientMachine": "orch1", "Username": "CORP\\orch",
                        "AgentPlatform": 1, "Version": "10.4.1", "Status": 2, "LastSeen": when(self.since),
                        "Capabilities": ["CertStores.WinCert.Inventory"], "Blueprint": None,
                        "Thumbprint": "", "LastErrorCode": 0, "LastErrorMessage": None}]
        self.containers = [{"Id": 1, "Name": "Web farm", "OverwriteSchedules": False, "Schedule": None,
                            "CertStoreType": 102, "StoreCount": 2}]
        self.stores = [{"Id": str(uuid.uuid4()), "ContainerId": 1, "DisplayName": machine + " My",
                        "ClientMachine": machine, "Storepath": "My", "CertStoreType": 102, "Approved": True,
                        "CreateIfMissing": False, "Properties": "{\"ServerUsername\":{\"value\":null}}",
                        "AgentId": self.agents[0]["AgentId"], "AgentAssigned": True,
                        "ContainerName": "Web farm", "InventorySchedule": {"Immediate": None},
                        "ReenrollmentStatus": None, "SetNewPasswordAllowed": False}
                       for machine in ("web1", "web2")]

    def now(self):
        return int(time.time())

    def number(self, sort):
        self.last[sort] += 1
        return self.last[sort]

    def enum(self, number, names):
        return names[number] if self.knobs["enums"] == "name" else number

    # --- certificates ---

    def issue(self, name, names=(), ca="ca01.corp.example\\IssuingCA", public=None, days=90, age=1, **more):
        """A certificate that one of the authorities signs, and Command knows from then on; its record."""
        key = aws_x509.new_key("EC_prime256v1", shared=True)
        since = self.now() - int(age * DAY)
        made = aws_x509.build(aws_x509.x509_name({"CommonName": name}), public or key.public_key(),
                              self.cas[ca], since, since + int(days * DAY), names or [name])
        return self.add(made, ca, **more)

    def add(self, made, ca, template=0, requester="CORP\\jo", request=None, metadata=None, places=(),
            key=False, imported=0):
        short, title, _, _ = TEMPLATES[template]
        ident = self.number("cert")
        der = made.public_bytes(serialization.Encoding.DER)
        record = {
            "Id": ident, "Thumbprint": hashlib.sha1(der).hexdigest().upper(),
            "SerialNumber": "%X" % made.serial_number, "IssuedDN": dn(made.subject),
            "IssuedCN": common_name(made.subject), "ImportDate": when(imported or self.now(), ".1234567"),
            "NotBefore": when(aws_x509.seconds(made.not_valid_before)),
            "NotAfter": when(aws_x509.seconds(made.not_valid_after)), "IssuerDN": dn(made.issuer),
            "PrincipalId": None, "TemplateId": template + 1, "CertState": 1,
            "KeySizeInBits": 256, "KeyType": 3, "RequesterId": 5, "SigningAlgorithm": "SHA-256withECDSA",
            "CertStateString": "Active (1)", "KeyTypeString": "ECC", "RevocationEffDate": None,
            "RevocationReason": None, "RevocationComment": None, "CertificateAuthorityId": 1,
            "CertificateAuthorityName": ca, "TemplateName": title, "ArchivedKey": False,
            "HasPrivateKey": key, "PrincipalName": None, "CertRequestId": request,
            "RequesterName": requester, "ContentBytes": base64.b64encode(der).decode(),
            "ExtendedKeyUsages": [{"Id": 1, "Oid": "1.3.6.1.5.5.7.3.1",
                                   "DisplayName": "Server Authentication"}],
            "SubjectAltNameElements": alternatives(made), "CRLDistributionPoints": [],
            "LocationsCount": [{"Type": "IIS", "Count": len(places)}] if places else [],
            "SSLLocations": [], "Locations": [
                {"StoreMachine": machine, "StorePath": "My", "StoreType": "WinCert", "Alias": alias,
                 "ChainLevel": 0, "CertStoreId": next(s["Id"] for s in self.stores
                                                      if s["ClientMachine"] == machine)}
                for machine, alias in places],
            "Metadata": metadata or {}, "Curve": "1.2.840.10045.3.1.7", "short": short,
        }
        self.certs[ident] = record
        return record

    def known(self, made):
        """The record of that certificate; or None."""
        print_ = hashlib.sha1(made.public_bytes(serialization.Encoding.DER)).hexdigest().upper()
        return next((r for r in self.certs.values() if r["Thumbprint"] == print_), None)

    def revoke(self, ident, reason, comment):
        self.certs[ident].update(CertState=2, CertStateString="Revoked (2)", RevocationReason=reason,
                                 RevocationComment=comment, RevocationEffDate=when(self.now()))

    def shown(self, record, content, asked):
        """A certificate as an answer has it."""
        shown = {k: v for k, v in record.items() if k != "short"}
        shown["CertState"] = self.enum(record["CertState"], STATES)
        if record["RevocationReason"] is not None:
            shown["RevocationReason"] = self.enum(record["RevocationReason"], REASONS)
        if not content:
            shown["ContentBytes"] = None
        for switch, member in (("includelocations", "Locations"), ("includemetadata", "Metadata")):
            if asked.get(switch, "false").lower() != "true":
                shown[member] = None
        return shown

    def chain(self, record, root_first=False):
        der = base64.b64decode(record["ContentBytes"])
        ca = self.cas.get(record["CertificateAuthorityName"])
        chain = [x509.load_der_x509_certificate(der)] + (ca.above() if ca else [])
        return chain[::-1] if root_first else chain
