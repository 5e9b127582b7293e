"""Who signs to the simulator of AWS: accounts, keys, and signatures checked by botocore's signer.

A refusal is raised in one word of KINDS; how each protocol says it is the tables' matter here and
aws_wire's there.
"""
import datetime
import re

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.loaders

ACCOUNT, SECOND, CHINA, GOV = "111122223333", "222233334444", "333344445555", "444455556666"
USER = "arn:aws:iam::%s:user/certty" % ACCOUNT
# The documentation's key, one more account, another partition, one that ended, one that may nothing.
KEYS = {        # id: secret, session token, ARN, end
    "AKIAIOSFODNN7EXAMPLE": ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", None, USER, None),
    "AKIASECONDSIMEXAMPLE": ("second-secret", None, "arn:aws:iam::%s:user/other" % SECOND, None),
    "AKIACHINASIMEXAMPLE0": ("china-secret", None, "arn:aws-cn:iam::%s:user/certty" % CHINA, None),
    "AKIAGOVSIMEXAMPLE000": ("gov-secret", None, "arn:aws-us-gov:iam::%s:user/certty" % GOV, None),
    "AKIADENIEDSIMEXAMPLE": ("denied-secret", None, "arn:aws:iam::%s:user/nobody" % ACCOUNT, None),
    "ASIASESSIONSIMEXAMPL": ("session-secret", "session/of+sim=", "arn:aws:sts::%s:assumed-role/simulated/s"
                             % ACCOUNT, None),
    "ASIAIOSFODNN7EXPIRED": ("expired-secret", "expired-session", USER, 1),
}
WINDOWS = {"json": 300}     # seconds that a clock may be off; 900 elsewhere
AUTHORIZATION = re.compile(r"^AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?"
                           r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$")
# kind: code and status of JSON services, code and status of the others.
KINDS = {
    "unknown key": ("UnrecognizedClientException", 400, "InvalidClientTokenId", 403),
    "signature": ("InvalidSignatureException", 400, "SignatureDoesNotMatch", 403),
    "expired": ("ExpiredTokenException", 400, "ExpiredToken", 403),
    "none": ("MissingAuthenticationTokenException", 400, "MissingAuthenticationToken", 403),
    "malformed": ("IncompleteSignatureException", 400, "IncompleteSignature", 400),
    "denied": ("AccessDeniedException", 400, "AccessDenied", 403),
    "operation": ("UnknownOperationException", 400, "InvalidAction", 400),
    "too fast": ("ThrottlingException", 400, "Throttling", 400),
}
UNKNOWN = "The security token included in the request is invalid."


class Refusal(Exception):
    """What a service answers instead; `xml` is a whole body where the shape is its own."""

    def __init__(self, status, code, message, xml=None):
        super().__init__(message)
        self.status, self.code, self.message, self.xml = status, code, message, xml


def refuse(kind, protocol, message):
    row = KINDS[kind]
    code, status = row[:2] if protocol in ("json", "rest-json") else row[2:]
    return Refusal(status, code, message)


def iso(when):
    return datetime.datetime.fromtimestamp(when, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def partitions():
    """Names of regions by partition, as botocore knows them."""
    data = botocore.loaders.Loader().load_data("endpoints")
    return {p["partition"]: set(p["regions"]) for p in data["partitions"]}


PARTITIONS = partitions()


def partition_of(region):
    return next((name for name, regions in PARTITIONS.items() if region in regions), None)


def expire(now):
    """All sessions that STS has handed out are over."""
    for key, (secret, session, arn, _) in list(KEYS.items()):
        if key.startswith("ASIASIM"):
            KEYS[key] = (secret, session, arn, now - 1)


class Caller:
    def __init__(self, key, arn, region):
        self.key, self.arn, self.region = key, arn, region
        self.partition, self.account = arn.split(":")[1], arn.split(":")[4]


def scope_service(request):
    """The service that a request is signed for, which is how one address serves them all."""
    found = re.search(r"Credential=[^/]+/[^/]+/[^/]+/([^/]+)/", request.headers.get("Authorization") or "")
    return found.group(1) if found else None


def signature_of(request, secret, scope, signed):
    date, region, service = scope
    url = "http://%s%s" % (request.headers["Host"], request.target)
    again = botocore.awsrequest.AWSRequest(method=request.method, url=url, data=request.body)
    for name in signed:
        again.headers[name] = request.headers[name]
    again.context["timestamp"] = request.headers["X-Amz-Date"]
    signer = botocore.auth.SigV4Auth(botocore.credentials.Credentials("-", secret), service, region)
    text = signer.string_to_sign(again, signer.canonical_request(again))
    return signer.signature(text, again)


def check_time(request, date, protocol, now):
    stamp = request.headers["X-Amz-Date"]
    try:
        when = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        raise refuse("malformed", protocol, "Date must be in ISO-8601 'basic format'.") from None
    if stamp[:8] != date:
        raise refuse("signature", protocol, "Date in Credential scope does not match YYYYMMDD from ISO-8601 "
                     "version of date from HTTP: '%s' != '%s'." % (date, stamp[:8]))
    window, compact = WINDOWS.get(protocol, 900), "%Y%m%dT%H%M%SZ"
    at = datetime.datetime.fromtimestamp(now, datetime.timezone.utc)
    span = datetime.timedelta(seconds=window)
    for late, word, sign, limit in ((when < at - span, "expired: %s is now earlier than", "-", at - span),
                                    (when > at + span, "not yet current: %s is still later than", "+",
                                     at + span)):
        if late:
            raise refuse("signature", protocol, "Signature %s %s (%s %s %d min.)"
                         % (word % stamp, limit.strftime(compact), at.strftime(compact), sign, window // 60))


def check_scope(request, found, service, protocol):
    key, _, region, scope, names, _ = found.groups()
    signed = names.split(";")
    needed = {"host", "x-amz-date"} | ({"x-amz-security-token"} & {h.lower() for h in request.headers})
    if not needed <= set(signed) or signed != sorted(signed):
        raise refuse("signature", protocol, "'Host' or a needed header is not a signed header")
    if any(request.headers.get(name) is None for name in signed):
        raise refuse("signature", protocol, "a signed header did not come")
    if scope != service:
        raise refuse("signature", protocol, "Credential should be scoped to correct service: '%s'." % service)
    if not partition_of(region):
        raise refuse("signature", protocol, "Credential should be scoped to a valid region.")
    return key, region, signed


def who_signed(request, service, protocol, now):
    given = request.headers.get("Authorization")
    found = AUTHORIZATION.match(given or "")
    if not given:
        raise refuse("none", protocol, "Missing Authentication Token")
    if not found:
        raise refuse("malformed", protocol, "Authorization header requires 'Credential' parameter.")
    key, region, signed = check_scope(request, found, service, protocol)
    if key not in KEYS:
        raise refuse("unknown key", protocol, UNKNOWN)
    secret, session, arn, ends = KEYS[key]
    if session != request.headers.get("X-Amz-Security-Token"):
        raise refuse("unknown key", protocol, UNKNOWN)
    check_time(request, found.group(2), protocol, now)
    if found.group(6) != signature_of(request, secret, (found.group(2), region, service), signed):
        raise refuse("signature", protocol, "The request signature we calculated does not match the "
                     "signature you provided. Check your AWS Secret Access Key and signing method.")
    if ends and ends < now:
        raise refuse("expired", protocol, "The security token included in the request is expired")
    caller = Caller(key, arn, region)
    if partition_of(region) != caller.partition:
        raise refuse("unknown key", protocol, UNKNOWN)
    return caller
