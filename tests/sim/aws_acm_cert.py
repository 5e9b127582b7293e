"""A certificate of the simulated ACM: its record, its life, and how Describe and lists show it."""
import hashlib
import uuid

import aws_x509
from aws_world import DAY, HOUR

PUBLIC_DAYS, PRIVATE_DAYS, DEADLINE = 198, 395, 72 * HOUR
EARLY = 60 * DAY        # before the end that a renewal begins
MAILBOXES = ("admin", "administrator", "hostmaster", "postmaster", "webmaster")
HYPHENS = str.maketrans("_", "-")


def record_of(account, domain):
    """The CNAME of a domain: a function of account and domain, the same everywhere and always."""
    base = domain[2:] if domain.startswith("*.") else domain
    digest = hashlib.sha256(("%s/%s" % (account, base)).encode()).hexdigest()
    letters = "".join(chr(ord("a") + int(c, 16)) for c in digest[:10])
    return {"Name": "_%s.%s." % (digest[:32], base), "Type": "CNAME",
            "Value": "_%s.%s.acm-validations.aws." % (digest[32:], letters)}


def mail_domain(domain):
    return domain[2:] if domain.startswith("*.") else domain[4:] if domain.startswith("www.") else domain


class Proof:
    """That one name is under somebody's control, or not yet."""

    def __init__(self, domain, method, mail=None):
        self.domain, self.method, self.mail, self.status = domain, method, mail, "PENDING_VALIDATION"

    def view(self, cert, has_record):
        shown = {"DomainName": self.domain, "ValidationStatus": self.status, "ValidationMethod": self.method,
                 "ValidationDomain": self.mail or self.domain}
        if self.method == "EMAIL":
            to = mail_domain(self.mail or self.domain)
            shown["ValidationEmails"] = ["%s@%s" % (box, to) for box in MAILBOXES]
        elif has_record:
            shown["ResourceRecord"] = record_of(cert.account, self.domain)
        return shown


class Renewal:
    def __init__(self, cert, now):
        self.status, self.reason, self.updated, self.begun = "PENDING_AUTO_RENEWAL", None, now, now
        self.proofs = [Proof(p.domain, p.method, p.mail) for p in cert.proofs]

    def put(self, status, now, reason=None):
        if status != self.status:
            self.updated = now
        self.status, self.reason = status, reason


class Cert:
    def __init__(self, call, kind, names, algorithm, origin="AWS_MANAGED"):
        self.arn = call.arn("acm", "certificate/%s" % uuid.uuid4())
        self.account, self.region, self.partition = call.account, call.region, call.partition
        self.kind, self.names, self.algorithm, self.origin = kind, names, algorithm, origin
        self.state, self.failure, self.created = "PENDING_VALIDATION", None, call.now
        self.proofs, self.deadline, self.proved = [], call.now + DEADLINE, None
        self.key = self.leaf = None
        self.chain, self.tags, self.users = [], {}, {}
        self.issued = self.imported = self.revoked = self.reason = self.renewal = self.deleted = None
        self.export, self.exported, self.fresh_export = "DISABLED", False, False
        self.ca_arn = None
        self.reads = self.record_reads = 0

    def put(self, leaf, chain, key):
        self.leaf, self.chain, self.key = leaf, chain, key

    # --- what follows from the clock ---

    def until(self):
        return aws_x509.seconds(self.leaf.not_valid_after)

    def status(self, now):
        if self.state == "ISSUED" and self.until() <= now:
            return "EXPIRED"
        return self.state

    def in_use_by(self, now):
        return sorted(user for user, gone in self.users.items() if gone is None or gone > now)

    def eligibility(self, now):
        if self.kind == "IMPORTED" or self.origin == "ACME" or self.status(now) != "ISSUED":
            return "INELIGIBLE"
        return "ELIGIBLE" if self.in_use_by(now) or self.fresh_export else "INELIGIBLE"

    def has_records(self, world, now):
        return now >= self.created + world.knob("record_delay") and self.record_reads <= 0

    # --- life ---

    def is_waiting(self):
        return self.state == "PENDING_VALIDATION" or bool(
            self.renewal and self.renewal.status.startswith("PENDING"))

    def is_due(self, now):
        """Whether ACM renews it by itself."""
        return self.eligibility(now) == "ELIGIBLE" and self.until() - now < EARLY

    def prove(self, world, proofs, now):
        """Looks at what is to be seen of each name; whether all are proved."""
        for proof in proofs:
            if proof.method == "DNS" and self.has_records(world, now):
                proof.status = ("SUCCESS" if world.route53.has_cname(record_of(self.account, proof.domain))
                                else "PENDING_VALIDATION")
        return all(p.status == "SUCCESS" for p in proofs)

    def settle(self, world, now):
        """As far as it goes by now."""
        if self.state == "PENDING_VALIDATION":
            (self.settle_private if self.kind == "PRIVATE" else self.settle_public)(world, now)
        if self.renewal and self.renewal.status.startswith("PENDING") and self.state == "ISSUED":
            self.settle_renewal(world, now)

    def fail(self, reason):
        self.state, self.failure = "FAILED", reason
        for proof in self.proofs:
            proof.status = "FAILED" if proof.status != "SUCCESS" else proof.status

    def settle_public(self, world, now):
        doom = [world.knob("doom")[n] for n in self.names if n in world.knob("doom")]
        if doom and self.has_records(world, now):
            self.fail(doom[0])
            return
        if self.prove(world, self.proofs, now):
            self.proved = self.proved or now
            if now >= self.proved + world.knob("validation_delay"):
                self.issue_public(world, now)
            return
        self.proved = None
        if now > self.deadline:
            self.state = "VALIDATION_TIMED_OUT"
            for proof in self.proofs:
                proof.status = "FAILED" if proof.status != "SUCCESS" else proof.status

    def issue_public(self, world, now):
        issuer = world.amazon(self.algorithm)
        key = aws_x509.new_key(self.algorithm, shared=self.export != "ENABLED")
        leaf = aws_x509.build(aws_x509.x509_name({"CommonName": self.names[0]}), key.public_key(), issuer,
                              now - HOUR, now + PUBLIC_DAYS * DAY, self.names)
        self.put(leaf, issuer.above(), key)
        self.state, self.issued, self.fresh_export = "ISSUED", now, False

    def settle_private(self, world, now):
        if now < self.created + world.knob("issue_delay"):
            return
        reason = self.issue_private(world, now)
        if reason:
            self.fail(reason)

    def issue_private(self, world, now):
        """Why the authority does not, or None."""
        key = aws_x509.new_key(self.algorithm)
        leaf, chain, reason = world.pca.issue_for_acm(self, key.public_key(), now, now + PRIVATE_DAYS * DAY)
        if reason:
            return reason
        self.put(leaf, chain, key)
        self.state, self.issued, self.fresh_export = "ISSUED", now, False
        return None

    def start_renewal(self, now):
        self.renewal = Renewal(self, now)

    def settle_renewal(self, world, now):
        renewal = self.renewal
        if self.until() <= now:
            renewal.put("FAILED", now, renewal.reason or "OTHER")
            return
        if now < renewal.begun + world.knob("renewal_delay"):
            return
        if self.kind == "PRIVATE":
            reason = world.pca.why_not_renew(self.ca_arn) or self.issue_private(world, now)
            renewal.put("FAILED" if reason else "SUCCESS", now, reason)
        elif self.prove(world, renewal.proofs, now):
            self.issue_public(world, now)
            renewal.put("SUCCESS", now)
        else:
            renewal.put("PENDING_VALIDATION", now)

    # --- how it is shown ---

    def times(self):
        """When it was what, with fractions, as ACM has them."""
        shown = {"CreatedAt": self.created}
        if self.imported:
            shown["ImportedAt"] = self.imported
        elif self.issued:
            shown["IssuedAt"] = self.issued
        if self.state == "REVOKED":
            shown["RevokedAt"] = self.revoked
        if self.leaf is not None:
            shown["NotBefore"] = aws_x509.seconds(self.leaf.not_valid_before)
            shown["NotAfter"] = aws_x509.seconds(self.leaf.not_valid_after)
        return {k: round(v, 3) for k, v in shown.items()}

    def summary(self, world, now):
        shown = {"CertificateArn": self.arn, "DomainName": self.names[0] if self.names else None,
                 "SubjectAlternativeNameSummaries": self.names[:100],
                 "HasAdditionalSubjectAlternativeNames": len(self.names) > 100, "Status": self.status(now),
                 "Type": self.kind, "KeyAlgorithm": self.algorithm, "InUse": bool(self.in_use_by(now)),
                 "RenewalEligibility": self.eligibility(now), "CertificateKeyPairOrigin": self.origin,
                 "Exported": self.exported, "ExportOption": self.export}
        if self.leaf is not None:
            shown["KeyUsages"] = aws_x509.key_usages(self.leaf)
            shown["ExtendedKeyUsages"] = [word for word, _ in aws_x509.purposes(self.leaf)]
        shown.update(self.times())
        if world.knob("unknown_members"):
            shown["SimulatedMember"] = {"Of": ["a", "later", "year"]}
        return shown

    def detail(self, world, now):
        shown = {"CertificateArn": self.arn, "DomainName": self.names[0] if self.names else None,
                 "SubjectAlternativeNames": self.names, "Status": self.status(now), "Type": self.kind,
                 "KeyAlgorithm": self.algorithm.translate(HYPHENS), "InUseBy": self.in_use_by(now),
                 "RenewalEligibility": self.eligibility(now), "CertificateKeyPairOrigin": self.origin,
                 "Options": {"CertificateTransparencyLoggingPreference": "ENABLED", "Export": self.export},
                 "FailureReason": self.failure, "CertificateAuthorityArn": self.ca_arn}
        shown.update(self.times())
        if self.leaf is not None:
            shown.update(self.x509_detail())
        if self.state == "REVOKED":
            shown["RevocationReason"] = self.reason
        if self.proofs and now >= self.created + world.knob("record_delay"):
            shown["DomainValidationOptions"] = [p.view(self, self.has_records(world, now)) for p in self.proofs]
        if self.renewal:
            shown["RenewalSummary"] = {
                "RenewalStatus": self.renewal.status, "RenewalStatusReason": self.renewal.reason,
                "UpdatedAt": round(self.renewal.updated, 3),
                "DomainValidationOptions": [p.view(self, True) for p in self.renewal.proofs]}
        if world.knob("unknown_members"):
            shown["SimulatedMember"] = 1.5e9
        return shown

    def x509_detail(self):
        leaf = self.leaf
        issuer = aws_x509.distinguished(leaf.issuer)
        digest = leaf.signature_hash_algorithm.name.upper()
        return {"Serial": aws_x509.serial_pairs(leaf), "Subject": "CN=%s" % aws_x509.distinguished(
                    leaf.subject).get("CommonName", ""),
                "Issuer": "Amazon" if self.kind == "AMAZON_ISSUED" else issuer.get(
                    "CommonName", issuer.get("Organization", "")),
                "SignatureAlgorithm": "%sWITH%s" % (digest, "RSA" if "RSA" in str(leaf.signature_algorithm_oid)
                                                    .upper() else "ECDSA"),
                "KeyUsages": [{"Name": w} for w in aws_x509.key_usages(leaf)],
                "ExtendedKeyUsages": [{"Name": w, "OID": o} for w, o in aws_x509.purposes(leaf)]}
