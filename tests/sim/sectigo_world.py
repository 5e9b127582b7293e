"""What Sectigo Certificate Manager knows: organizations, profiles, domains, certificates, ACME accounts;
and how it says no.  Bodies are checked by jsonschema."""
import datetime
import itertools

import jsonschema

import sim

HOST = "https://cert-manager.example"        # in Location headers: the public name, whoever asks
DAY = datetime.timedelta(days=1)
PRIVILEGES = ("sslRequest", "sslApprove", "sslManage", "sslRenew", "sslReplace", "sslRevoke",
              "allowManageDomains", "approveDomainDelegation", "allowDCV", "orgValidationManager")
POSITIVE = {"type": "integer", "minimum": 1}


class Refused(Exception):
    """A number and Sectigo's own words, with status 400 unless another is said."""

    def __init__(self, code, text, status=400):
        super().__init__(text)
        self.code, self.text, self.status = code, text, status

    def reply(self):
        return sim.Reply(self.status, {"code": self.code, "description": self.text})


def text(longest, least=1):
    return {"type": "string", "minLength": least, "maxLength": longest}


def shape(needed=(), **members):
    """A schema of an object that has nothing else in it."""
    return {"type": "object", "properties": members, "required": list(needed),
            "additionalProperties": False}


def body_of(request, schema):
    try:
        body = request.json()
        if isinstance(body, dict):      # what is null is not said
            body = {k: v for k, v in body.items() if v is not None}
        jsonschema.validate(body, schema)
    except jsonschema.ValidationError as why:
        raise Refused(-1601, "Value is not valid: " + why.message[:200]) from why
    except ValueError as why:
        raise Refused(-1, "Unknown error") from why
    return body


def created(path):
    return sim.Reply(201, "", {"Location": HOST + "/api" + path})


class World:
    def __init__(self):
        self.now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        self.number = itertools.count(7001)
        self.organizations = [
            {"id": 501, "name": "Example University", "certTypes": ["SSL"],
             "departments": [{"id": 502, "name": "IT", "parentName": "Example University"}]},
            {"id": 503, "name": "Example Hospital", "departments": []},
        ]
        self.anchors = {}       # of organizations: what their validations are
        self.renewing = set()   # those whose validation is renewed behind one that is valid
        self.profiles = [
            {"id": 9001, "name": "OV Multi-Domain", "description": "", "terms": [90, 200],
             "keyTypes": {"RSA": ["2048", "3072", "4096"], "EC": ["P-256", "P-384"]},
             "useSecondaryOrgName": False},
            {"id": 9002, "name": "OV Single", "description": "", "terms": [200],
             "keyTypes": {"RSA": ["2048"]}, "useSecondaryOrgName": False},
        ]
        self.levels = {9001: "Organization Validation (OV)"}    # what certificates of a profile say of it
        self.fields = []        # custom fields
        self.domains, self.certs, self.accounts = {}, {}, {}
        self.mac_id, self.mac_key = None, None      # of the ACME accounts that are made next, where known
        self.calls = {}
        self.role, self.privileges = "RAO_SSL", list(PRIVILEGES)
        self.is_mrao = True             # whether delegations are in force without somebody's approval
        self.may_dcv = self.may_report = self.may_anchor = self.approves = True
        self.has_totals = True          # X-Total-Count

    def today(self, days=0):
        return (self.now + days * DAY).date().isoformat()

    def need(self, privilege):
        """Who has it not, and is not the one who may do everything, is refused."""
        if self.role != "MRAO" and privilege not in self.privileges:
            raise Refused(-3, "You are not authorized: %s." % privilege)

    def organization(self, number):
        for o in self.organizations:
            for one in [o] + o["departments"]:
                if one["id"] == number:
                    return one
        raise Refused(-1023, "Organization not found.")

    def page(self, request, found, longest=200):
        """As `size` and `position` want it."""
        def number(name, fallback):
            given = request.query.get(name, [str(fallback)])[0]
            if not given.isdigit():
                raise Refused(-1601, "Value of '%s' is not valid." % name)
            return int(given)
        at, size = number("position", 0), number("size", longest)
        if size > longest:
            raise Refused(-1601, "Value of 'size' must be less than or equal to %d." % longest)
        headers = {"X-Total-Count": str(len(found))} if self.has_totals else {}
        return sim.Reply(200, found[at:at + size], headers)
