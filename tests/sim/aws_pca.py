"""The simulated ACM Private CA: authorities with real keys, their states, and what they issue."""
import calendar
import re
import time
import uuid

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

import aws_x509
from aws_keys import Refusal
from aws_world import DAY, HOUR

ARN = re.compile(r"arn:[\w-]+:acm-pca:([\w-]*):(\d+):certificate-authority/[\w-]+")
ACM_ACTIONS = {"IssueCertificate", "GetCertificate", "ListPermissions"}
TEMPLATES = {       # name: whether it makes an authority, and for what else
    "EndEntityCertificate": (False, ("TLS_WEB_SERVER_AUTHENTICATION", "TLS_WEB_CLIENT_AUTHENTICATION")),
    "EndEntityServerAuthCertificate": (False, ("TLS_WEB_SERVER_AUTHENTICATION",)),
    "EndEntityClientAuthCertificate": (False, ("TLS_WEB_CLIENT_AUTHENTICATION",)),
    "CodeSigningCertificate": (False, ("CODE_SIGNING",)),
    "OCSPSigningCertificate": (False, ("OCSP_SIGNING",)),
    "RootCACertificate": (True, ()),
    "SubordinateCACertificate_PathLen0": (True, ()),
}
SPANS = {"DAYS": DAY, "MONTHS": 30 * DAY, "YEARS": 365 * DAY}


def wrong(code, message):
    return Refusal(400, code + "Exception", message)


class Ca:
    """One authority; its state is what the service says of it."""

    def __init__(self, arn, account, region, kind, configuration, mode, now):
        self.arn, self.account, self.region, self.kind, self.mode = arn, account, region, kind, mode
        self.configuration, self.created, self.changed = configuration, now, now
        self.state, self.certificate, self.chain = "PENDING_CERTIFICATE", None, []
        self.key = aws_x509.new_key(configuration["KeyAlgorithm"])
        self.issued, self.permissions, self.tags, self.tokens = {}, {}, {}, {}
        self.shared_with, self.restorable = [], None

    def put(self, state, now):
        self.state, self.changed = state, now

    def status(self, now):
        if self.certificate is not None and self.state in ("ACTIVE", "DISABLED") and self.until() <= now:
            return "EXPIRED"
        return self.state

    def until(self):
        return aws_x509.seconds(self.certificate.not_valid_after)

    def view(self, now):
        shown = {"Arn": self.arn, "OwnerAccount": self.account, "CreatedAt": self.created,
                 "LastStateChangeAt": self.changed, "Type": self.kind, "Status": self.status(now),
                 "CertificateAuthorityConfiguration": self.configuration, "UsageMode": self.mode,
                 "KeyStorageSecurityStandard": "FIPS_140_2_LEVEL_3_OR_HIGHER",
                 "RevocationConfiguration": {"CrlConfiguration": {"Enabled": False},
                                             "OcspConfiguration": {"Enabled": False}}}
        if self.restorable:
            shown["RestorableUntil"] = self.restorable
        if self.certificate is not None:
            shown.update(Serial=str(self.certificate.serial_number), NotAfter=self.until(),
                         NotBefore=aws_x509.seconds(self.certificate.not_valid_before))
        return shown

    def above(self):
        return [self.certificate] + self.chain


class Issued:
    def __init__(self, certificate, chain, reads):
        self.certificate, self.chain, self.reads, self.revoked = certificate, chain, reads, None


class Pca:
    def __init__(self, world):
        self.world, self.cas = world, {}

    def begin(self, call):
        pass

    def find(self, call, states=None):
        arn = call.get("CertificateAuthorityArn")
        found = ARN.fullmatch(arn)
        if not found or found.group(1) != call.region:
            raise wrong("InvalidArn", "The ARN %s is not valid." % arn)
        ca = self.cas.get(arn)
        if ca is None or call.account not in [ca.account] + ca.shared_with:
            raise wrong("ResourceNotFound", "Could not find certificate authority %s." % arn)
        if states and ca.status(call.now) not in states:
            raise wrong("InvalidState", "The certificate authority %s is not in the correct state: %s"
                        % (arn, ca.status(call.now)))
        return ca

    # --- authorities ---

    def list_certificate_authorities(self, call):
        others = call.get("ResourceOwner") == "OTHER_ACCOUNTS"
        mine = {ca.arn: ca for ca in self.cas.values() if ca.region == call.region and (
            call.account in ca.shared_with if others else ca.account == call.account)}
        rows, token = self.world.page(mine, min(100, call.get("MaxResults", 100)), call.get("NextToken"),
                                      ["pca", call.account, call.region, others],
                                      wrong("InvalidNextToken", "The token is not valid."))
        return {"CertificateAuthorities": [ca.view(call.now) for ca in rows], "NextToken": token}

    def create_certificate_authority(self, call):
        arn = call.arn("acm-pca", "certificate-authority/%s" % uuid.uuid4())
        ca = Ca(arn, call.account, call.region, call.get("CertificateAuthorityType"),
                call.get("CertificateAuthorityConfiguration"), call.get("UsageMode", "GENERAL_PURPOSE"),
                call.now)
        ca.tags = {t["Key"]: t.get("Value", "") for t in call.get("Tags", [])}
        self.cas[arn] = ca
        return {"CertificateAuthorityArn": arn}

    def describe_certificate_authority(self, call):
        return {"CertificateAuthority": self.find(call).view(call.now)}

    def get_certificate_authority_csr(self, call):
        ca = self.find(call, ("PENDING_CERTIFICATE", "ACTIVE", "DISABLED"))
        csr = (x509.CertificateSigningRequestBuilder()
               .subject_name(aws_x509.x509_name(ca.configuration["Subject"])).sign(ca.key, hashes.SHA256()))
        return {"Csr": csr.public_bytes(serialization.Encoding.PEM).decode()}

    def import_certificate_authority_certificate(self, call):
        ca = self.find(call, ("PENDING_CERTIFICATE", "ACTIVE"))
        try:
            made = x509.load_pem_x509_certificate(call.get("Certificate"))
            chain = [x509.load_pem_x509_certificate(b)
                     for b in aws_x509.pem_blocks(call.get("CertificateChain", b""))]
        except ValueError:
            raise wrong("MalformedCertificate", "The certificate is not valid.") from None
        if aws_x509.public_der(made.public_key()) != aws_x509.public_der(ca.key.public_key()):
            raise wrong("CertificateMismatch", "The certificate is of another key.")
        ca.certificate, ca.chain = made, chain
        ca.put("ACTIVE", call.now)

    def update_certificate_authority(self, call):
        ca = self.find(call, ("ACTIVE", "DISABLED"))
        ca.put(call.get("Status", ca.state), call.now)

    def delete_certificate_authority(self, call):
        ca = self.find(call, ("PENDING_CERTIFICATE", "DISABLED", "EXPIRED", "FAILED"))
        ca.restorable = call.now + call.get("PermanentDeletionTimeInDays", 30) * DAY
        ca.put("DELETED", call.now)

    def restore_certificate_authority(self, call):
        self.find(call, ("DELETED",)).put("DISABLED", call.now)

    def get_certificate_authority_certificate(self, call):
        ca = self.find(call)
        if ca.certificate is None:
            raise wrong("InvalidState", "The certificate authority %s has no certificate." % ca.arn)
        return {"Certificate": aws_x509.pem(ca.certificate).decode(),
                "CertificateChain": aws_x509.pem(*ca.chain).decode() or None}

    # --- what they issue ---

    def issue_certificate(self, call):
        ca = self.find(call)
        token = call.get("IdempotencyToken")
        if token in ca.tokens and ca.tokens[token][1] > call.now - 300:
            return {"CertificateArn": ca.tokens[token][0]}
        name = call.get("TemplateArn", "template/EndEntityCertificate/V1").split("template/")[-1].split("/")[0]
        makes_ca, purposes = TEMPLATES.get(name.split("_CSR")[0], (None, ()))
        if makes_ca is None:
            raise wrong("InvalidArgs", "The template %s is not known." % name)
        is_own = name == "RootCACertificate"
        if ca.status(call.now) not in (("PENDING_CERTIFICATE",) if is_own else ("ACTIVE",)):
            raise wrong("InvalidState", "The certificate authority %s is not in the correct state: %s"
                        % (ca.arn, ca.status(call.now)))
        csr = self.read_csr(call)
        since, until = self.validity(call, ca, is_own)
        digest = call.get("SigningAlgorithm")
        family = "RSA" if "RSA" in digest else "EC"
        if not ca.configuration["KeyAlgorithm"].startswith(family):
            raise wrong("InvalidArgs", "The signing algorithm %s does not fit the key of the CA." % digest)
        issuer = None if is_own else ca
        made = aws_x509.build(csr.subject, csr.public_key(), issuer or ca, since, until,
                              aws_x509.names_of(csr), makes_ca, 0 if makes_ca and not is_own else None,
                              [aws_x509.PURPOSES[p] for p in purposes] or None, digest.split("WITH")[0])
        arn = "%s/certificate/%s" % (ca.arn, "%x" % made.serial_number)
        ca.issued[arn] = Issued(made, [] if is_own else ca.above(), self.world.knob("pca_reads"))
        if token:
            ca.tokens[token] = (arn, call.now)
        return {"CertificateArn": arn}

    def read_csr(self, call):
        try:
            csr = x509.load_pem_x509_csr(call.get("Csr"))
            if csr.is_signature_valid:
                return csr
        except ValueError:
            pass
        raise wrong("MalformedCSR", "The CSR is not valid.")

    def validity(self, call, ca, is_own):
        given = call.get("Validity")
        since = call.get("ValidityNotBefore", {}).get("Value", call.now - HOUR)
        if given["Type"] in SPANS:
            until = call.now + given["Value"] * SPANS[given["Type"]]
        elif given["Type"] == "ABSOLUTE":
            until = given["Value"]
        else:
            text = str(given["Value"])
            until = calendar.timegm(time.strptime(text, "%Y%m%d%H%M%S" if len(text) == 14 else "%y%m%d%H%M%S"))
        if not is_own and until > ca.until():
            raise wrong("Validation", "The certificate would outlive the certificate authority.")
        if ca.mode == "SHORT_LIVED_CERTIFICATE" and until - call.now > 7 * DAY:
            raise wrong("InvalidArgs", "A short-lived CA issues for at most 7 days.")
        return since, until

    def get_certificate(self, call):
        ca = self.find(call)
        issued = ca.issued.get(call.get("CertificateArn"))
        if issued is None:
            raise wrong("ResourceNotFound", "Could not find certificate %s." % call.get("CertificateArn"))
        if issued.reads > 0:
            issued.reads -= 1
            raise wrong("RequestInProgress", "The request to issue certificate %s is still in progress."
                        % call.get("CertificateArn"))
        return {"Certificate": aws_x509.pem(issued.certificate).decode(),
                "CertificateChain": aws_x509.pem(*issued.chain).decode() or None}

    def revoke_certificate(self, call):
        ca = self.find(call, ("ACTIVE", "DISABLED", "EXPIRED"))
        serial = call.get("CertificateSerial")
        if not re.fullmatch(r"[0-9a-f]{2}(:[0-9a-f]{2})*", serial):
            raise wrong("InvalidRequest", "The serial %s is not valid." % serial)
        if ca.certificate is not None and ca.kind == "ROOT" and aws_x509.serial_pairs(ca.certificate) == serial:
            raise wrong("InvalidRequest", "The certificate of a root cannot be revoked.")
        found = next((i for i in ca.issued.values() if aws_x509.serial_pairs(i.certificate) == serial), None)
        if found is None:
            raise wrong("ResourceNotFound", "Could not find certificate %s." % serial)
        if found.revoked:
            raise wrong("RequestAlreadyProcessed", "The certificate %s has already been revoked." % serial)
        found.revoked = call.get("RevocationReason")

    # --- who may ---

    def list_permissions(self, call):
        return {"Permissions": list(self.find(call).permissions.values())}

    def create_permission(self, call):
        ca = self.find(call)
        if call.get("Principal") in ca.permissions:
            raise wrong("PermissionAlreadyExists", "The permission is there.")
        ca.permissions[call.get("Principal")] = {
            "CertificateAuthorityArn": ca.arn, "CreatedAt": call.now, "Principal": call.get("Principal"),
            "SourceAccount": call.get("SourceAccount", call.account), "Actions": call.get("Actions")}

    def delete_permission(self, call):
        self.find(call).permissions.pop(call.get("Principal"), None)

    def list_tags(self, call):
        return {"Tags": [{"Key": k, "Value": v} for k, v in self.find(call).tags.items()]}

    def tag_certificate_authority(self, call):
        self.find(call).tags.update({t["Key"]: t.get("Value", "") for t in call.get("Tags")})

    def untag_certificate_authority(self, call):
        for tag in call.get("Tags"):
            self.find(call).tags.pop(tag["Key"], None)

    # --- for ACM ---

    def why_not_renew(self, arn):
        ca = self.cas.get(arn)
        if ca is None:
            return "PCA_RESOURCE_NOT_FOUND"
        granted = ca.permissions.get("acm.amazonaws.com", {}).get("Actions", [])
        return None if ACM_ACTIONS <= set(granted) else "PCA_ACCESS_DENIED"

    def issue_for_acm(self, cert, public, now, until):
        """The certificate and its chain, or why there is none."""
        ca = self.cas.get(cert.ca_arn)
        if ca is None or cert.account not in [ca.account] + ca.shared_with:
            return None, None, "PCA_RESOURCE_NOT_FOUND"
        if ca.status(now) != "ACTIVE":
            return None, None, "PCA_INVALID_STATE"
        if cert.algorithm[:2] != ca.configuration["KeyAlgorithm"][:2]:
            return None, None, "PCA_INVALID_ARGS"
        if until > ca.until() or ca.mode == "SHORT_LIVED_CERTIFICATE":
            return None, None, "PCA_INVALID_DURATION"
        made = aws_x509.build(aws_x509.x509_name({"CommonName": cert.names[0]}), public, ca, now - HOUR, until,
                              cert.names)
        ca.issued["%s/certificate/%x" % (ca.arn, made.serial_number)] = Issued(made, ca.above(), 0)
        return made, ca.above(), None

    def make(self, account, region, partition, name, **how):
        """An authority that is there already, for tests: ACTIVE, or as `state` says."""
        now, algorithm = self.world.now(), how.get("algorithm", "RSA_2048")
        arn = "arn:%s:acm-pca:%s:%s:certificate-authority/%s" % (partition, region, account, uuid.uuid4())
        signing = "SHA256WITH" + ("RSA" if algorithm.startswith("RSA") else "ECDSA")
        ca = Ca(arn, account, region, "ROOT", {"KeyAlgorithm": algorithm, "SigningAlgorithm": signing,
                                               "Subject": {"CommonName": name, "Organization": "Simulated"}},
                how.get("mode", "GENERAL_PURPOSE"), now)
        ca.shared_with = how.get("shared_with", [])
        if how.get("permissions", True):
            ca.permissions["acm.amazonaws.com"] = {
                "CertificateAuthorityArn": arn, "CreatedAt": now, "Principal": "acm.amazonaws.com",
                "SourceAccount": account, "Actions": sorted(ACM_ACTIONS)}
        state = how.get("state", "ACTIVE")
        if state not in ("CREATING", "PENDING_CERTIFICATE"):
            subject = aws_x509.x509_name(ca.configuration["Subject"])
            ca.certificate = aws_x509.build(subject, ca.key.public_key(), ca, now - DAY,
                                            now + how.get("days", 3650) * DAY, (), True)
        ca.put(state, now)
        self.cas[arn] = ca
        return arn
