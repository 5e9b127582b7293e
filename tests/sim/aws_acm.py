"""The simulated ACM: its operations over a store per account and region."""
import re

import aws_acm_import
import aws_acm_search
import aws_x509
from aws_acm_cert import DEADLINE, Cert, Proof
from aws_keys import Refusal
from aws_world import DAY, HOUR

ALL_KEYS = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]
REQUESTABLE = ("RSA_2048", "EC_prime256v1", "EC_secp384r1")
FORBIDDEN = ("amazonaws.com", "cloudfront.net", "elasticbeanstalk.com")
PUBLIC_REASONS = ("UNSPECIFIED", "AFFILIATION_CHANGED", "SUPERSEDED", "SUPERCEDED", "CESSATION_OF_OPERATION")
ARN = re.compile(r"arn:[\w-]+:acm:([\w-]*):(\d+):certificate/[0-9a-f-]+")


def wrong(code, message):
    return Refusal(400, code + "Exception", message)


class Store:
    """What an account has in a region."""

    def __init__(self):
        self.certs, self.tokens, self.configuration = {}, {}, {"DaysBeforeExpiry": 45}
        self.made, self.taken = [], []     # when something was requested or imported, this year


class Acm:
    def __init__(self, world):
        self.world, self.stores = world, {}

    def store(self, account, region):
        return self.stores.setdefault((account, region), Store())

    def begin(self, call):
        """Time passes for what waits before anybody looks."""
        self.settle_all(call.now)

    def settle_all(self, now, everything=False):
        for store in self.stores.values():
            for cert in list(store.certs.values()):
                if cert.deleted is not None and cert.deleted + self.world.knob("delete_lag") <= now:
                    del store.certs[cert.arn]
                    continue
                if everything and not cert.is_waiting() and cert.is_due(now):
                    cert.start_renewal(now)
                if cert.is_waiting():
                    cert.settle(self.world, now)

    def find(self, call, is_read=False):
        arn = call.get("CertificateArn")
        found = ARN.fullmatch(arn)
        if not found or found.group(1) != call.region:
            raise wrong("InvalidArn", "Invalid arn %s" % arn)
        cert = self.store(call.account, call.region).certs.get(arn)
        if cert is None or cert.deleted is not None or found.group(2) != call.account:
            raise wrong("ResourceNotFound", "Could not find certificate %s" % arn)
        if is_read and cert.reads > 0:
            cert.reads -= 1
            raise wrong("ResourceNotFound", "Could not find certificate %s" % arn)
        return cert

    # --- lists ---

    def list_certificates(self, call):
        for knob, member in (("origins", "CertificateKeyPairOrigins"),):
            if member in call.params and not self.world.knob(knob):
                raise wrong("Validation", "1 validation error detected: unknown member '%s'" % member)
        if ("SortBy" in call.params) != ("SortOrder" in call.params):
            raise wrong("Validation", "SortBy and SortOrder go together")
        certs = [c for c in self.store(call.account, call.region).certs.values()
                 if aws_acm_search.is_listed(c, call, self.check_keys(call))]
        if call.get("SortOrder") == "DESCENDING":
            certs.reverse()
        filters = {k: v for k, v in call.params.items() if k not in ("NextToken", "MaxItems")}
        rows, token = self.world.page({c.arn: c for c in certs}, call.get("MaxItems", 1000),
                                      call.get("NextToken"), [call.account, call.region, filters])
        return {"CertificateSummaryList": [c.summary(self.world, call.now) for c in rows], "NextToken": token}

    def check_keys(self, call):
        wanted = call.get("Includes", {}).get("keyTypes")
        allowed = self.world.knob("key_types") or ALL_KEYS
        for word in wanted or ():
            if word not in allowed:
                raise wrong("Validation", "1 validation error detected: Value '%s' at 'includes.keyTypes' "
                            "failed to satisfy constraint: Member must satisfy constraint: [Member must "
                            "satisfy enum value set: [%s]]" % (wanted, ", ".join(allowed)))
        return wanted

    def search_certificates(self, call):
        if not self.world.knob("search"):
            raise Refusal(400, "UnknownOperationException", "The requested operation is not recognized.")
        certs = list(self.store(call.account, call.region).certs.values())
        found = aws_acm_search.search(self.world, certs, call)
        filters = {k: v for k, v in call.params.items() if k not in ("NextToken", "MaxResults")}
        rows, token = self.world.page({c.arn: c for c in found}, call.get("MaxResults", 100),
                                      call.get("NextToken"), [call.account, call.region, filters])
        return {"Results": [aws_acm_search.result(c, call.now) for c in rows], "NextToken": token}

    # --- one certificate ---

    def describe_certificate(self, call):
        cert = self.find(call, is_read=True)
        shown = cert.detail(self.world, call.now)
        cert.record_reads = max(0, cert.record_reads - 1)
        return {"Certificate": shown}

    def issued(self, call):
        cert = self.find(call)
        if cert.leaf is None:
            raise wrong("RequestInProgress", "The certificate request %s is in progress." % cert.arn)
        return cert

    def get_certificate(self, call):
        cert = self.issued(call)
        return {"Certificate": aws_x509.pem(cert.leaf).decode(),
                "CertificateChain": aws_x509.pem(*cert.chain).decode() or None}

    def export_certificate(self, call):
        cert, passphrase = self.issued(call), call.get("Passphrase")
        if cert.kind == "IMPORTED" or (cert.kind == "AMAZON_ISSUED" and cert.export != "ENABLED"):
            raise wrong("Validation", "Certificate ARN: %s is not a private certificate" % cert.arn)
        if not 4 <= len(passphrase) <= 128 or any(c > 126 or c in b"#$%" for c in passphrase):
            raise wrong("Validation", "The passphrase is not valid.")
        cert.exported = cert.fresh_export = True
        return {"Certificate": aws_x509.pem(cert.leaf).decode(),
                "CertificateChain": aws_x509.pem(*cert.chain).decode(),
                "PrivateKey": aws_x509.encrypted_key(cert.key, passphrase)}

    # --- orders ---

    def request_certificate(self, call):
        store = self.store(call.account, call.region)
        token, asked = call.get("IdempotencyToken"), {k: v for k, v in call.params.items() if k != "Tags"}
        known = store.tokens.get(token) if token else None
        if known and call.now < known[1] + HOUR and known[0] in store.certs:
            if known[2] != asked:
                raise wrong("InvalidParameter", "The idempotency token was used for other parameters.")
            return {"CertificateArn": known[0]}
        names = list(dict.fromkeys([call.get("DomainName")] + call.get("SubjectAlternativeNames", [])))
        self.check_names(call, names)
        self.check_quota(call, store)
        cert = self.new_request(call, names)
        set_tags(cert, call.get("Tags", []))
        store.certs[cert.arn] = cert
        store.made.append(call.now)
        if token:
            store.tokens[token] = (cert.arn, call.now, asked)
        return {"CertificateArn": cert.arn}

    def check_names(self, call, names):
        if len(names[0]) > 64:
            raise wrong("InvalidParameter", "The first domain name is longer than 64 characters.")
        if any(n.endswith("." + f) or n == f for n in names for f in FORBIDDEN):
            raise wrong("InvalidParameter", "The domain name is not allowed.")
        if len(names) > self.world.knob("names"):
            raise wrong("LimitExceeded", "Certificate has too many domains.")
        for option in call.get("DomainValidationOptions", []):
            name, above = option["DomainName"], option["ValidationDomain"]
            if name not in names or not is_parent(above, name):
                raise wrong("InvalidDomainValidationOptions", "The validation domain %s is not %s or above it."
                            % (above, name))

    def check_quota(self, call, store):
        year = self.world.knob("quota_year")
        if sum(1 for t in store.made if t > call.now - 365 * DAY) >= year:
            raise wrong("LimitExceeded", "Error: you have reached your limit of %d certificates in the last "
                        "year." % year)
        if sum(1 for c in store.certs.values() if c.kind == "AMAZON_ISSUED") >= self.world.knob("quota"):
            raise wrong("LimitExceeded", "Error: you have reached your limit of certificates.")

    def new_request(self, call, names):
        ca, algorithm = call.get("CertificateAuthorityArn"), call.get("KeyAlgorithm", "RSA_2048")
        if algorithm not in REQUESTABLE:
            raise wrong("InvalidParameter", "The key algorithm %s cannot be requested." % algorithm)
        cert = Cert(call, "PRIVATE" if ca else "AMAZON_ISSUED", names, algorithm)
        cert.export = call.get("Options", {}).get("Export", "DISABLED")
        cert.reads, cert.record_reads = self.world.knob("not_found_reads"), self.world.knob("record_reads")
        if ca:
            if not re.fullmatch(r"arn:[\w-]+:acm-pca:[\w-]+:\d+:certificate-authority/[\w-]+", ca):
                raise wrong("InvalidArn", "Invalid arn %s" % ca)
            if "ValidationMethod" in call.params:
                raise wrong("InvalidParameter", "A private certificate has no validation method.")
            cert.ca_arn = ca
            return cert
        method = call.get("ValidationMethod", "EMAIL")
        options = {o["DomainName"]: o["ValidationDomain"] for o in call.get("DomainValidationOptions", [])}
        if options and method != "EMAIL":
            raise wrong("InvalidDomainValidationOptions", "Validation domains are for e-mail.")
        cert.proofs = [Proof(n, method, options.get(n)) for n in names]
        return cert

    def resend_validation_email(self, call):
        cert = self.find(call)
        proofs = cert.renewal.proofs if cert.renewal and cert.state == "ISSUED" else cert.proofs
        if not proofs or proofs[0].method != "EMAIL" or not cert.is_waiting():
            raise wrong("InvalidState", "The certificate %s is not waiting for an e-mail." % cert.arn)
        domain, above = call.get("Domain"), call.get("ValidationDomain")
        if domain not in cert.names or not is_parent(above, domain):
            raise wrong("InvalidDomainValidationOptions", "The validation domain does not fit.")
        cert.deadline = call.now + DEADLINE
        for proof in proofs:
            if proof.domain == domain:
                proof.mail = above

    def import_certificate(self, call):
        return aws_acm_import.put(self, call)

    # --- what changes one ---

    def renew_certificate(self, call):
        cert = self.find(call)
        if cert.state == "ISSUED" and cert.is_waiting():
            raise wrong("RequestInProgress", "A renewal of %s is in progress." % cert.arn)
        if cert.kind == "IMPORTED" or cert.origin == "ACME" or cert.status(call.now) != "ISSUED":
            raise wrong("Validation", "%s is not eligible for the Renew Certificate API." % cert.arn)
        if not cert.fresh_export:
            raise wrong("Validation", "The certificate %s has not been exported so it is not eligible for the "
                        "Renew Certificate API." % cert.arn)
        cert.start_renewal(call.now)

    def revoke_certificate(self, call):
        cert = self.find(call)
        if cert.kind != "AMAZON_ISSUED" or cert.export != "ENABLED" or not cert.exported:
            raise wrong("Validation", "Certificate %s was not exported and cannot be revoked." % cert.arn)
        if cert.status(call.now) != "ISSUED":
            raise wrong("Conflict", "Certificate %s is not issued." % cert.arn)
        self.check_unused(cert, call)
        if call.get("RevocationReason") not in PUBLIC_REASONS:
            raise wrong("Validation", "The revocation reason %s is not allowed." % call.get("RevocationReason"))
        cert.state, cert.revoked, cert.reason = "REVOKED", call.now, call.get("RevocationReason")
        return {"CertificateArn": cert.arn}

    def check_unused(self, cert, call):
        if cert.in_use_by(call.now):
            raise wrong("ResourceInUse", "Certificate %s in account %s is in use." % (cert.arn, call.account))

    def delete_certificate(self, call):
        cert = self.find(call)
        self.check_unused(cert, call)
        if cert.origin == "ACME":
            raise wrong("Validation", "Certificates of ACME endpoints cannot be deleted.")
        cert.deleted = call.now
        self.settle_all(call.now)

    # --- tags, options, configuration ---

    def add_tags_to_certificate(self, call):
        set_tags(self.find(call), call.get("Tags"))

    def remove_tags_from_certificate(self, call):
        cert = self.find(call)
        for tag in call.get("Tags"):
            if cert.tags.get(tag["Key"]) == tag.get("Value", cert.tags.get(tag["Key"])):
                cert.tags.pop(tag["Key"], None)

    def list_tags_for_certificate(self, call):
        return {"Tags": [{"Key": k, "Value": v} for k, v in self.find(call).tags.items()]}

    def update_certificate_options(self, call):
        cert = self.find(call)
        if call.get("Options", {}).get("Export", cert.export) != cert.export:
            raise wrong("InvalidState", "The export option cannot be changed.")

    def get_account_configuration(self, call):
        return {"ExpiryEvents": dict(self.store(call.account, call.region).configuration)}

    def put_account_configuration(self, call):
        self.store(call.account, call.region).configuration.update(call.get("ExpiryEvents", {}))


def is_parent(above, name):
    base = name[2:] if name.startswith("*.") else name
    return above in (name, base) or base.endswith("." + above)


def set_tags(cert, tags):
    for tag in tags:
        if tag["Key"].startswith("aws:"):
            raise wrong("InvalidTag", "aws: prefixed tag key names are not allowed for external use.")
    after = dict(cert.tags, **{t["Key"]: t.get("Value", "") for t in tags})
    if len(after) > 50:
        raise wrong("TooManyTags", "More than 50 tags.")
    cert.tags = after
