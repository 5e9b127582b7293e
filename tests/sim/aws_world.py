"""What the services of the simulator of AWS share: a clock that tests move, knobs, pages, the CAs.

A test says through POST /sim/aws what is to be otherwise (aws_control.py); nothing ever sleeps.
"""
import collections
import fnmatch
import hashlib
import json
import time
import uuid

import aws_x509
from aws_keys import Refusal, refuse

HOUR, DAY = 3600, 86400
REGIONS = {     # those an account has; others of its partition it has not enabled
    "aws": ["us-east-1", "us-east-2", "eu-west-1", "eu-central-1"],
    "aws-cn": ["cn-north-1", "cn-northwest-1"],
    "aws-us-gov": ["us-gov-west-1", "us-gov-east-1"],
}
DISABLED = {"aws": ["af-south-1", "ap-east-1", "eu-south-1", "me-south-1"]}
KNOBS = {       # name: how it is until a test says otherwise
    "record_delay": 0,          # seconds until a request has its records
    "record_reads": 0,          # so many Describes of a new certificate have no record
    "not_found_reads": 0,       # so many Describes of a new certificate find nothing
    "validation_delay": 0,      # from the CNAMEs being there to ISSUED
    "issue_delay": 0,           # of a private certificate
    "renewal_delay": 0,
    "delete_lag": 0,            # how long a deleted certificate stays in lists
    "in_use_lag": 0,            # how long a detached one is still in use
    "insync_reads": 1,          # so many GetChange say PENDING
    "iam_reads": 0,             # so many Gets after an upload find nothing
    "pca_reads": 0,             # so many Gets of what a CA issues say it is in progress
    "throttle": False,          # the documented rates
    "rates": {},                # "acm:ListCertificates": 2 instead of them
    "tick": 0,                  # seconds by which each request moves the clock
    "clock_offset": 0,          # what the servers' clocks are off
    "search": True,             # whether SearchCertificates is known
    "origins": True,            # whether CertificateKeyPairOrigins is
    "key_types": None,          # the words that ListCertificates takes; None: all
    "page_cap": 0,              # the most rows of any page; 0: what is asked for
    "empty_pages": False,       # each list begins with an empty page
    "repeat_token": False,      # each page gives the token that it was asked with
    "unknown_members": True,
    "deny": {},                 # key (or "*"): actions that it may not, as patterns
    "doom": {},                 # domain: why its validation fails
    "quota": 2500,              # certificates in a region
    "quota_year": 5000,         # requests within a year, deleted ones too
    "names": 10,                # in one certificate
    "regions": {},              # account: regions instead of REGIONS
    "iam_quota": 20,
    "batch_root": True,         # a refused change batch has a root element of its own; else ErrorResponse
}
RATES = {"acm:ListCertificates": 1, "acm:SearchCertificates": 5, "acm:DescribeCertificate": 10,
         "acm:GetCertificate": 10, "acm:RequestCertificate": 5, "acm:ResendValidationEmail": 1,
         "acm:ImportCertificate": 1, "acm:ExportCertificate": 5, "acm:RenewCertificate": 5,
         "acm:RevokeCertificate": 1, "acm:DeleteCertificate": 10, "acm:AddTagsToCertificate": 5,
         "acm:RemoveTagsFromCertificate": 5, "acm:ListTagsForCertificate": 10,
         "acm:UpdateCertificateOptions": 5, "acm:GetAccountConfiguration": 1,
         "acm:PutAccountConfiguration": 1, "acm-pca:IssueCertificate": 25, "acm-pca:GetCertificate": 75}
ROUTE53_RATE = 5        # of an account, all its operations together
BURST = 5               # where the rate is more than 1


class Call:
    """One request that is allowed: who asks for what."""

    def __init__(self, world, caller, service, operation, params):
        self.world, self.caller, self.service = world, caller, service
        self.operation, self.params = operation, params
        self.account, self.region, self.partition = caller.account, caller.region, caller.partition
        self.now = world.now()

    def get(self, name, default=None):
        return self.params.get(name, default)

    def arn(self, service, resource, is_regional=True):
        return "arn:%s:%s:%s:%s:%s" % (self.partition, service, self.region if is_regional else "",
                                       self.account, resource)


class World:
    def __init__(self):
        self.knobs = json.loads(json.dumps(KNOBS))
        self.ahead = 0
        self.tokens, self.buckets, self.counts = {}, {}, collections.Counter()
        self.public = None

    def now(self):
        return time.time() + self.ahead

    def knob(self, name):
        return self.knobs[name]

    def server_time(self):
        return time.time() + self.knobs["clock_offset"]

    # --- who may what, where and how often ---

    def regions_of(self, account, partition):
        return self.knobs["regions"].get(account) or REGIONS.get(partition, [])

    def check_region(self, caller, protocol):
        here = self.regions_of(caller.account, caller.partition)
        if caller.region not in here and protocol == "json":
            raise refuse("unknown key", protocol, "The security token included in the request is invalid.")

    def check_allowed(self, caller, service, operation, protocol):
        action = "%s:%s" % ({"account": "account"}.get(service, service), operation)
        deny = self.knobs["deny"]
        denied = deny.get(caller.key, []) + deny.get("*", [])
        if action == "sts:GetCallerIdentity":
            return
        if "DENIED" in caller.key or any(fnmatch.fnmatchcase(action, p) for p in denied):
            raise refuse("denied", protocol, "User: %s is not authorized to perform: %s because no "
                         "identity-based policy allows the %s action" % (caller.arn, action, action))

    def check_rate(self, caller, service, operation, protocol):
        what = "%s:%s" % (service, operation)
        place = caller.region
        if service == "route53":
            what, place, rate = service, "", ROUTE53_RATE
        else:
            rate = self.knobs["rates"].get(what, RATES.get(what))
        if not self.knobs["throttle"] or not rate:
            return
        most = BURST if rate > 1 else 1
        key, now = (caller.account, place, what), self.now()
        level, at = self.buckets.get(key, (most, now))
        level = min(most, level + (now - at) * rate)
        self.buckets[key] = (max(0, level - 1) if level >= 1 else level, now)
        if level < 1:
            self.counts["throttled"] += 1
            raise refuse("too fast", protocol, "Rate exceeded")

    # --- lists in pages, with tokens that mean nothing and hold for their filters ---

    def page(self, rows, size, token, filters, refusal=None):
        """rows: {id: row} in order; the rows of a page, and the token of the next or None."""
        digest = hashlib.sha256(json.dumps(filters, sort_keys=True, default=str).encode()).hexdigest()
        left = list(rows)
        cap = self.knobs["page_cap"]
        size = min(size, cap) if cap else size
        if token is not None:
            of, left = self.tokens.get(token, (None, None))
            if of != digest:
                raise refusal or Refusal(400, "ValidationException", "The NextToken is not valid.")
        elif self.knobs["empty_pages"] and left:
            size = 0
        if self.knobs["repeat_token"] and token is not None:
            return [rows[i] for i in left[:size] if i in rows], token
        here, rest = left[:size], left[size:]
        following = None
        if rest:
            following = uuid.uuid4().hex + "+/="
            self.tokens[following] = (digest, rest)
        return [rows[i] for i in here if i in rows], following

    # --- the CA of public certificates ---

    def amazon(self, algorithm):
        if self.public is None:
            now = time.time()
            who = {"Country": "US", "Organization": "Amazon"}
            root = aws_x509.Authority(dict(who, CommonName="Amazon Root CA 1"), "RSA_2048", None,
                                      now - 3650 * DAY, now + 7300 * DAY)
            self.public = {}
            for family, title in (("RSA_2048", "RSA 2048 M02"), ("EC_prime256v1", "ECDSA 256 M01")):
                self.public[family[:2]] = aws_x509.Authority(
                    dict(who, CommonName="Amazon " + title), family, root, now - 900 * DAY, now + 3650 * DAY, 0)
        return self.public[algorithm[:2]]
