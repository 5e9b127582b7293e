"""What is there in the simulated CPS: enrollments, what is deployed, and changes, which go on while time
passes.

A change follows the path of its kind, a list of Akamai's words.  Words that wait for a person are left
out where there is nothing to look at; each other lasts a while ("stage", "deploy" seconds of the
service's clock, which a test moves).
"""
import copy
import functools
import hashlib
import json
import time
import uuid

import akamai_cps_x509 as x
from sim import Reply

DAY = 86400
KNOBS = {
    "stage": 60,                # seconds that a running stage takes
    "deploy": 3600,             # the same of one on a network
    "pre_warnings": "",         # what is found before anything, as CPS says it
    "post_warnings": "",        # the same after the upload, beside what the upload itself gives
    "errors": None,             # of the validation before production
    "deadline": None,           # seconds until a change management is over by itself
    "staging_error": None,      # [code, description]: the change ends in "error" at staging
    "rate": None,               # calls that the account has in a minute
    "rate_hint": "retry-after", # how a 429 says when: retry-after, next, detail, none
    "active_rate": None,        # the same of GET /active-certificates
    "active": True,             # whether that is there at all
    "pace": False,              # a second new enrollment within five minutes is refused
    "spelled": "coodinate-domain-validation",
    "needs_contract": False,    # of the list of enrollments
    "string_ids": False,
    "cps_api": False,           # locations begin with /cps-api/
    "real_booleans": False,     # in change management
    "fractions": False,         # times have them, and a small z
    "empty_input": 0,           # looks at a change that waits in which allowedInput is empty
    "vanish": 0,                # answers of 404 for an input that is allowed
    "conflict": 0,              # answers of 409 to an acknowledgement
    "late_cancel": False,       # a change can not be cancelled any more
    "null_primary": False,
    "reword": 0,                # looks at a change in change management after which its findings change
}
WAITS = {   # word: type of its input, the end of its info, the end of its update
    "wait-review-pre-verification-safety-checks": (
        "pre-verification-warnings-acknowledgement", "pre-verification-warnings",
        "pre-verification-warnings-ack"),
    "wait-upload-third-party": ("third-party-certificate", "third-party-csr",
                                "third-party-cert-and-trust-chain"),
    "wait-review-third-party-cert": ("post-verification-warnings-acknowledgement",
                                     "post-verification-warnings", "post-verification-warnings-ack"),
    "wait-review-cert-warning": ("post-verification-warnings-acknowledgement",
                                 "post-verification-warnings", "post-verification-warnings-ack"),
    "coordinate-domain-validation": ("lets-encrypt-challenges", "lets-encrypt-challenges",
                                     "lets-encrypt-challenges-completed"),
    "wait-ack-change-management": ("change-management", "change-management-info", "change-management-ack"),
}
DEPLOYS = ("deploy-cert-to-staging", "deploy-cert-to-production")
START, END = ["new", "wait-review-pre-verification-safety-checks", "generate-csr"], [
    "deploy-cert-to-staging", "wait-ack-change-management", "deploy-cert-to-production", "complete"]
PATHS = {
    "third-party": START + ["wait-upload-third-party", "verify-third-party-cert",
                            "wait-review-third-party-cert"] + END,
    "dv": START + ["coordinate-domain-validation", "check-for-cert", "wait-review-cert-warning"] + END,
    "ov": START + ["check-for-cert", "wait-review-cert-warning"] + END,
    "ev": START + ["check-for-cert", "wait-review-cert-warning"] + END,
}


class Refused(Exception):
    def __init__(self, reply):
        super().__init__()
        self.reply = reply


def refuse(status, slug, title, detail="", **more):
    """Refused, as CPS says it."""
    kind = "https://akab-sim.luna.akamaiapis.net/cps/v2/error-types/" + slug
    raise Refused(Reply(status, dict({"type": kind, "title": title, "detail": detail,
                                      "instance": "%s?id=%s" % (kind, uuid.uuid4().hex)}, **more),
                        kind="application/problem+json"))


def gone(what=""):
    refuse(404, "not-found", "Not Found", what)


class Stack:
    """A certificate with its chain, and the request that it came of."""

    def __init__(self, leaf, chain, csr=None):
        self.leaf, self.chain, self.csr = leaf, chain, csr

    @functools.cached_property
    def algorithm(self):
        return x.algorithm_of(self.leaf.public_key())

    def deployed(self, world):
        return {"certificate": x.write_pem([self.leaf]), "trustChain": x.write_pem(self.chain) or None,
                "expiry": world.said(x.expiry(self.leaf)),
                "keyAlgorithm": self.algorithm, "signatureAlgorithm": "SHA-256"}

    def active(self, world):
        return dict(self.told, expiry=world.said(self.expiry))

    @functools.cached_property
    def expiry(self):
        return x.expiry(self.leaf)

    @functools.cached_property
    def told(self):
        """What a list has of it, worked out once: many are listed often."""
        digest, serial = self.leaf.fingerprint(x.hashes.SHA256()).hex().upper(), "%x" % self.leaf.serial_number
        serial = serial.rjust(len(serial) + len(serial) % 2, "0")
        return {"serial": ":".join(serial[i:i + 2] for i in range(0, len(serial), 2)),
                "sha256Fingerprint": ":".join(digest[i:i + 2] for i in range(0, 64, 2)),
                "issuer": self.leaf.issuer.rfc4514_string(), "keyAlgorithm": self.algorithm,
                "signatureAlgorithm": "SHA-256"}


class Domain:
    """One name of a DV change and what must be shown for it."""

    def __init__(self, name, now):
        self.name, self.since, self.validated, self.error = name, now, None, None
        self.tokens = {kind: uuid.uuid4().hex for kind in ("http-01", "dns-01")}

    @property
    def bare(self):
        return self.name[2:] if self.name.startswith("*.") else self.name

    def body(self, kind):
        digest = hashlib.sha256((self.tokens[kind] + "thumb").encode()).hexdigest()[:43]
        return digest if kind == "dns-01" else "%s.%s" % (self.tokens[kind], digest)

    def path(self, kind):
        if kind == "dns-01":
            return "_acme-challenge.%s." % self.bare
        return "http://%s/.well-known/acme-challenge/%s" % (self.bare, self.tokens[kind])

    def challenge(self, kind):
        web = kind == "http-01"
        return {"type": kind, "status": "valid" if self.validated else "pending", "error": self.error,
                "token": self.tokens[kind], "responseBody": self.body(kind), "fullPath": self.path(kind),
                "redirectFullPath": "http://dcv.akamai.com/.well-known/acme-challenge/" + self.tokens[kind]
                if web else "", "validationRecords": []}

    def shown(self, world):
        return {"domain": self.name, "status": "Valid" if self.validated else "Awaiting user",
                "validationStatus": "VALIDATED" if self.validated else
                "RESPONSE_ERROR" if self.error else "IN_PROGRESS", "error": self.error,
                "requestTimestamp": world.said(self.since),
                "validatedTimestamp": self.validated and world.said(self.validated),
                "expires": world.said(self.since + 7 * DAY),
                "challenges": [self.challenge(k) for k in ("http-01", "dns-01")]}


class Change:
    def __init__(self, world, enrollment, kind, by="ada"):
        self.world, self.enrollment, self.kind, self.by = world, enrollment, kind, by
        self.id = world.next_id("change")
        self.csr = copy.deepcopy(enrollment.body["csr"])
        self.network = copy.deepcopy(enrollment.body["networkConfiguration"])
        self.path = list(PATHS[enrollment.body["validationType"]])
        self.since = self.born = world.now()
        self.keys, self.csrs, self.stacks, self.domains = {}, {}, [], []
        self.acked, self.error, self.ended, self.looks = set(), None, None, 0
        self.schedule = {"notBefore": None, "notAfter": None}
        self.post = ""
        self.reworded = 0

    @property
    def word(self):
        return self.path[0]

    @property
    def location(self):
        return "%s/changes/%d" % (self.enrollment.location, self.id)

    # --- going on ---

    def settle(self):
        """As far as the time and what was done have brought it."""
        while not self.ended and self.is_over(self.word):
            end = self.since + self.length(self.word)
            self.leave(self.word)
            if not self.ended:
                self.path.pop(0)
                self.since = end
                self.enter(self.word)

    def length(self, word):
        if word in WAITS:
            return 0
        return self.world.knobs["deploy" if word in DEPLOYS else "stage"]

    def is_over(self, word):
        if word in WAITS:
            return word in self.acked or not self.needs(word)
        not_before = self.schedule["notBefore"]
        if word == "deploy-cert-to-production" and not_before and self.enrollment.deployed["production"] \
                and self.world.now() < self.world.read(not_before):
            return False
        return self.world.now() >= self.since + self.length(word)

    def needs(self, word):
        if word == "wait-review-pre-verification-safety-checks":
            return bool(self.world.knobs["pre_warnings"])
        if word in ("wait-review-third-party-cert", "wait-review-cert-warning"):
            return bool(self.post)
        if word == "wait-ack-change-management":
            deadline = self.deadline()
            return self.enrollment.body["changeManagement"] and not (
                deadline and self.world.now() > deadline)
        if word == "coordinate-domain-validation":
            return not all(d.validated for d in self.domains)
        return True

    def enter(self, word):
        if word == "coordinate-domain-validation":
            self.domains = [Domain(n, self.since) for n in x.all_names(self.csr)]
        if word in WAITS:
            self.since = self.world.now()
        if word == "complete":
            self.end("completed")

    def leave(self, word):
        if word == "generate-csr":
            for algorithm in self.algorithms():
                self.keys[algorithm] = x.make_key(algorithm)
                third = self.enrollment.body.get("thirdParty") or {}
                self.csrs[algorithm] = x.make_csr(self.csr, self.keys[algorithm],
                                                  third.get("excludeSans", False))
        elif word == "verify-third-party-cert":
            self.post = self.judge()
        elif word == "check-for-cert":
            for algorithm, text in self.csrs.items():
                leaf = self.world.authority.sign(text, self.world.now())
                self.stacks.append(Stack(leaf, [self.world.authority.middle], self.csrs[algorithm]))
            self.post = self.judge()
        elif word == "deploy-cert-to-staging":
            self.deploy("staging")
        elif word == "deploy-cert-to-production":
            self.deploy("production")

    def algorithms(self):
        return ["RSA", "ECDSA"] if self.enrollment.body["enableMultiStackedCertificates"] else ["RSA"]

    def judge(self):
        said = [s for stack in self.stacks
                for s in x.judge(stack.csr, stack.leaf, stack.chain, self.world.now())] \
            if self.word == "verify-third-party-cert" else []
        said += self.removed()
        if self.world.knobs["post_warnings"]:
            said.append(self.world.knobs["post_warnings"])
        return "\n".join(said)

    def removed(self):
        live = self.enrollment.deployed["production"]
        if not live or not self.stacks:
            return []
        names = set(x.names_of(self.stacks[0].leaf))
        return ["[SAN name [%s] removed from certificate is still live on the network.]" % n
                for n in sorted(set(x.names_of(live[0].leaf)) - names)]

    def deploy(self, network):
        error = self.world.knobs["staging_error"]
        if error and network == "staging":
            self.error = {"code": error[0], "description": error[1],
                          "timestamp": self.world.said(self.world.now())}
            self.ended = "error"
            return
        self.enrollment.deployed[network] = list(self.stacks)
        self.enrollment.networks[network] = copy.deepcopy(self.network)
        if network == "production":
            self.enrollment.slots = self.enrollment.slots or [self.world.next_id("slot")]

    def end(self, how):
        self.ended = how
        self.enrollment.history.insert(0, self)
        if self.enrollment.change is self:
            self.enrollment.change = None
        if how == "cancelled" and not self.enrollment.deployed["production"] and \
                len(self.enrollment.history) == 1:
            self.world.enrollments.pop(self.enrollment.id, None)
        if self.kind == "remove" and how == "completed":
            self.world.enrollments.pop(self.enrollment.id, None)

    # --- what is seen of it ---

    def state(self):
        if self.ended:
            return self.ended
        return "awaiting-input" if self.word in WAITS else "new" if self.word == "new" else "running"

    def status(self):
        if self.ended == "cancelled":
            return "delete-csr"
        return self.world.knobs["spelled"] if self.word == "coordinate-domain-validation" else self.word

    def inputs(self):
        if self.ended or self.word not in WAITS:
            return []
        kind, info, update = WAITS[self.word]
        return [{"type": kind, "requiredToProceed": True, "info": "%s/input/info/%s" % (self.location, info),
                 "update": "%s/input/update/%s" % (self.location, update)}]

    def shown(self):
        inputs = self.inputs()
        if inputs and self.world.knobs["empty_input"] > 0:
            self.world.knobs["empty_input"] -= 1
            inputs = []
        return {"statusInfo": {"state": self.state(), "status": self.status(),
                               "description": "sim: " + self.status(), "error": self.error,
                               "deploymentSchedule": self.schedule}, "allowedInput": inputs}

    def deadline(self):
        if self.world.knobs["deadline"] is None or not self.enrollment.deployed["production"]:
            return None
        return self.born + self.world.knobs["deadline"]

    def findings(self):
        errors = self.world.knobs["errors"]
        found = [{"messageCode": "no-code", "message": s} for s in self.removed()]
        if self.reworded:
            found.append({"messageCode": "no-code", "message": "found at look %d" % self.reworded})
        return {"errors": [{"messageCode": "no-code", "message": e} for e in errors] if errors else None,
                "warnings": found or None}

    def findings_hash(self):
        found = self.findings()
        text = json.dumps(found, sort_keys=True) if any(found.values()) else ""
        return hashlib.sha1(text.encode()).hexdigest()

    def old(self):
        """An entry of the history of changes."""
        def csr_of(algorithm):
            stack = next((s for s in self.stacks if s.algorithm == algorithm), None)
            return {"certificate": stack and x.write_pem([stack.leaf]),
                    "trustChain": stack and (x.write_pem(stack.chain) or None),
                    "csr": self.csrs[algorithm], "keyAlgorithm": algorithm}
        both = [csr_of(a) for a in self.csrs]
        words = {"new-certificate": "new-certificate", "renewal": "renew", "modify-san": "modify-san"}
        return {"action": words.get(self.kind, "update-network-configuration"),
                "actionDescription": "sim: " + self.kind,
                "status": self.ended if self.ended in ("completed", "cancelled") else "incomplete",
                "createdBy": self.by, "createdOn": self.world.said(self.born), "lastUpdated": None,
                "ra": self.enrollment.body["ra"], "businessCaseId": None,
                "primaryCertificate": both[0] if both else None, "multiStackedCertificates": both[1:],
                "primaryCertificateOrderDetails": None}


class Enrollment:
    def __init__(self, world, body, contract):
        self.world, self.contract = world, contract
        self.id = world.next_id("enrollment")
        self.body = {k: v for k, v in body.items() if k not in (
            "id", "location", "pendingChanges", "assignedSlots", "stagingSlots", "productionSlots")}
        self.deployed = {"staging": [], "production": []}
        self.networks = {"staging": None, "production": None}
        self.slots, self.history, self.change = [], [], None
        self.born = world.now()
        self.body["csr"]["sans"] = x.all_names(self.body["csr"])

    @property
    def location(self):
        return "%s/enrollments/%d" % ("/cps-api" if self.world.knobs["cps_api"] else "/cps/v2", self.id)

    def said_id(self):
        return str(self.id) if self.world.knobs["string_ids"] else self.id

    def pending(self):
        return [{"location": self.change.location, "changeType": self.change.kind}] if self.change else []

    def slots_of(self, network):
        return self.slots if self.deployed[network] else []

    def shown(self):
        return dict(self.body, id=self.said_id(), location=self.location, pendingChanges=self.pending(),
                    maxAllowedSanNames=100, maxAllowedWildcardSanNames=25, orgId=None,
                    autoRenewalStartTime=None, assignedSlots=self.slots, stagingSlots=self.slots_of("staging"),
                    productionSlots=self.slots_of("production"))

    def network(self, network):
        own = self.networks[network] or self.body["networkConfiguration"]
        names = (own.get("dnsNameSettings") or {}).get("dnsNames")
        if (own.get("dnsNameSettings") or {}).get("cloneDnsNames"):
            names = self.body["csr"]["sans"]
        return dict({k: own.get(k) for k in ("geography", "secureNetwork", "mustHaveCiphers",
                                             "preferredCiphers", "ocspStapling", "quicEnabled", "sniOnly",
                                             "disallowedTlsVersions")}, dnsNames=names)

    def deployment(self, network):
        stacks = self.deployed[network]
        if not stacks:
            return None
        both = [s.deployed(self.world) for s in stacks]
        if self.world.knobs["null_primary"]:
            both.insert(0, None)
        return {"ocspStapled": False, "ocspUris": [], "networkConfiguration": self.network(network),
                "primaryCertificate": both[0], "multiStackedCertificates": both[1:]}

    def active(self):
        def of(network):
            stacks = self.deployed[network]
            return stacks and {"location": "%s/deployments/%s" % (self.location, network),
                               "networkConfiguration": dict(self.network(network), fipsMode=False),
                               "primaryCertificate": stacks[0].active(self.world),
                               "multiStackedCertificates": [s.active(self.world) for s in stacks[1:]]} or None
        return {"id": self.said_id(), "location": self.location,
                "enableMultiStackedCertificates": self.body["enableMultiStackedCertificates"],
                "certificateType": self.body["certificateType"],
                "csr": {"cn": self.body["csr"]["cn"], "sans": self.body["csr"]["sans"]},
                "assignedSlots": self.slots, "stagingSlots": self.slots_of("staging"),
                "productionSlots": self.slots_of("production"), "pendingChanges": self.pending(),
                "production": of("production"), "staging": of("staging")}


class World:
    def __init__(self):
        self.knobs = dict(KNOBS)
        self.enrollments = {}
        self.numbers = {"enrollment": 10001, "change": 20002, "slot": 30000}
        self.contracts = []
        self.ahead, self.calls, self.active_calls, self.txt, self.made_at = 0, [], [], {}, None
        self.ca = self.edge = None

    @property
    def authority(self):
        self.ca = self.ca or x.Authority(time.time())
        return self.ca

    def now(self):
        return time.time() + self.ahead

    def said(self, when):
        text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(when))
        return text + (".655484z" if self.knobs["fractions"] else "Z")

    def read(self, text):
        return time.mktime(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone

    def next_id(self, kind):
        self.numbers[kind] += 1
        return self.numbers[kind]

    def add(self, body, contract):
        made = Enrollment(self, copy.deepcopy(body), contract)
        self.enrollments[made.id] = made
        return made

    def settle(self):
        for enrollment in list(self.enrollments.values()):
            if enrollment.change:
                enrollment.change.settle()

    def look_up(self, name):
        """TXT values that stand at a name: what tests put there, and what Edge DNS has in force."""
        name = name.rstrip(".").lower()
        return self.txt.get(name, []) + (self.edge.texts(name) if self.edge else [])

    def validate(self, change):
        """The CA looks at every name that is not valid."""
        for domain in change.domains:
            if domain.validated:
                continue
            if domain.body("dns-01") in self.look_up(domain.path("dns-01")) or \
                    domain.body("http-01") in self.txt.get(domain.path("http-01"), []):
                domain.validated, domain.error = self.now(), None
            else:
                domain.error = "domain not ready"
