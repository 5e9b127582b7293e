"""Which certificates a list or a search of the simulated ACM shows, and how a search shows one."""
import aws_x509
from aws_keys import Refusal

DEFAULT_KEYS, DEFAULT_ORIGINS = ("RSA_1024", "RSA_2048"), ("AWS_MANAGED", "CUSTOMER_PROVIDED")
SORTS = {       # what of a certificate each word sorts by
    "CREATED_AT": lambda c, now: c.created,
    "NOT_AFTER": lambda c, now: c.until() if c.leaf is not None else 0,
    "NOT_BEFORE": lambda c, now: aws_x509.seconds(c.leaf.not_valid_before) if c.leaf is not None else 0,
    "STATUS": lambda c, now: c.status(now),
    "RENEWAL_STATUS": lambda c, now: c.renewal.status if c.renewal else "",
    "EXPORTED": lambda c, now: c.exported,
    "IN_USE": lambda c, now: bool(c.in_use_by(now)),
    "KEY_ALGORITHM": lambda c, now: c.algorithm,
    "TYPE": lambda c, now: c.kind,
    "CERTIFICATE_ARN": lambda c, now: c.arn,
    "COMMON_NAME": lambda c, now: c.names[0] if c.names else "",
    "RENEWAL_ELIGIBILITY": lambda c, now: c.eligibility(now),
    "EXPORT_OPTION": lambda c, now: c.export,
    "VALIDATION_METHOD": lambda c, now: method(c) or "",
    "ISSUED_AT": lambda c, now: c.issued or 0,
    "IMPORTED_AT": lambda c, now: c.imported or 0,
    "REVOKED_AT": lambda c, now: c.revoked or 0,
    "MANAGED_BY": lambda c, now: "",
    "ACME_ENDPOINT_ARN": lambda c, now: "",
    "ACME_ACCOUNT_ID": lambda c, now: "",
    "CERTIFICATE_KEY_PAIR_ORIGIN": lambda c, now: c.origin,
}


def method(cert):
    return cert.proofs[0].method if cert.proofs else None


def is_listed(cert, call, key_types):
    """By ListCertificates, whose defaults hide what nobody expects to be hidden."""
    includes = call.get("Includes", {})
    if key_types is None:
        if cert.algorithm not in DEFAULT_KEYS or not cert.names:
            return False
    elif cert.algorithm not in key_types:
        return False
    if cert.origin not in call.get("CertificateKeyPairOrigins", DEFAULT_ORIGINS):
        return False
    if call.get("CertificateStatuses") and cert.status(call.now) not in call.get("CertificateStatuses"):
        return False
    uses = set(aws_x509.key_usages(cert.leaf)) if cert.leaf is not None else set()
    ends = {w for w, _ in aws_x509.purposes(cert.leaf)} if cert.leaf is not None else set()
    return (set(includes.get("keyUsage", ())) <= uses and set(includes.get("extendedKeyUsage", ())) <= ends
            and includes.get("exportOption", cert.export) == cert.export and "managedBy" not in includes)


def one_of(what, where):
    if len(what) != 1:
        raise Refusal(400, "ValidationException", "%s must have exactly one member" % where)
    return next(iter(what.items()))


def metadata(cert, now):
    shown = {"Status": cert.status(now), "Type": cert.kind, "InUse": bool(cert.in_use_by(now)),
             "RenewalStatus": cert.renewal.status if cert.renewal else None, "Exported": cert.exported,
             "ExportOption": cert.export, "ValidationMethod": method(cert),
             "CertificateKeyPairOrigin": cert.origin}
    return shown


def compared(condition, values):
    wanted = condition["Value"].lower()
    if condition["ComparisonOperator"] == "EQUALS":
        return any(wanted == v.lower() for v in values)
    return any(wanted in v.lower() for v in values)


def within(span, when):
    return span.get("Start", float("-inf")) <= when <= span.get("End", float("inf"))


def x509_matches(cert, what):
    name, wanted = one_of(what, "X509AttributeFilter")
    if name == "KeyAlgorithm":
        return cert.algorithm == wanted
    if name == "SubjectAlternativeName":
        return compared(one_of(wanted, name)[1], cert.names)
    if name == "Subject":
        return compared(one_of(wanted, name)[1], cert.names[:1])
    leaf = cert.leaf
    if leaf is None:
        return False
    return {"SerialNumber": lambda: aws_x509.serial_pairs(leaf) == wanted,
            "NotAfter": lambda: within(wanted, aws_x509.seconds(leaf.not_valid_after)),
            "NotBefore": lambda: within(wanted, aws_x509.seconds(leaf.not_valid_before)),
            "KeyUsage": lambda: wanted in aws_x509.key_usages(leaf),
            "ExtendedKeyUsage": lambda: wanted in [w for w, _ in aws_x509.purposes(leaf)]}[name]()


def matches(cert, statement, now):
    name, inner = one_of(statement, "FilterStatement")
    if name in ("And", "Or"):
        return (all if name == "And" else any)(matches(cert, s, now) for s in inner)
    if name == "Not":
        return not matches(cert, inner, now)
    kind, what = one_of(inner, "Filter")
    if kind == "CertificateArn":
        return cert.arn == what
    if kind == "X509AttributeFilter":
        return x509_matches(cert, what)
    member, wanted = one_of(what, "AcmCertificateMetadataFilter")
    return metadata(cert, now).get(member) == wanted


def search(world, certs, call):
    if "SortOrder" in call.params and "SortBy" not in call.params:
        raise Refusal(400, "ValidationException", "SortOrder needs SortBy")
    statement = call.get("FilterStatement")
    found = [c for c in certs if statement is None or matches(c, statement, call.now)]
    if "SortBy" in call.params:
        sort = SORTS[call.get("SortBy")]
        found.sort(key=lambda c: sort(c, call.now), reverse=call.get("SortOrder") == "DESCENDING")
    return found


def result(cert, now):
    x509 = {"KeyAlgorithm": cert.algorithm, "SubjectAlternativeNames": [{"DnsName": n} for n in cert.names],
            "Subject": {"CommonName": cert.names[0] if cert.names else None}}
    times = cert.times()
    if cert.leaf is not None:
        x509.update(Issuer=aws_x509.distinguished(cert.leaf.issuer),
                    SerialNumber=aws_x509.serial_pairs(cert.leaf),
                    KeyUsages=aws_x509.key_usages(cert.leaf), NotBefore=times.pop("NotBefore"),
                    NotAfter=times.pop("NotAfter"), Subject=aws_x509.distinguished(cert.leaf.subject),
                    ExtendedKeyUsages=[w for w, _ in aws_x509.purposes(cert.leaf)])
    shown = dict(metadata(cert, now), RenewalEligibility=cert.eligibility(now), **times)
    return {"CertificateArn": cert.arn, "X509Attributes": x509,
            "CertificateMetadata": {"AcmCertificateMetadata": shown}}
