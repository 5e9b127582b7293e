"""Which request bodies Command takes, for jsonschema to say."""
import jsonschema

from keyfactor_query import Refused

TEXT = {"type": "string", "minLength": 1}
PASSWORD = {"type": "string", "minLength": 12}
ID = {"type": "integer", "minimum": 1}


def body(needed, **more):
    return {"type": "object", "properties": dict(needed, **more), "required": sorted(needed),
            "additionalProperties": False}


GUIDS = {"type": "array", "minItems": 1,
         "items": {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}}
TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
SANS = {"type": "object", "additionalProperties": {"type": "array", "items": TEXT},
        "propertyNames": {"enum": ["dns", "ip", "ip4", "ip6", "rfc822", "uri", "other", "x400", "directory",
                                   "ediparty", "registeredid", "ms_ntprincipalname", "ms_ntdsreplication"]}}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}
ENROL = {"CertificateAuthority": TEXT, "IncludeChain": {"type": "boolean"}, "Template": TEXT, "SANs": SANS,
         "Metadata": TEXTS, "AdditionalEnrollmentFields": TEXTS}
DOWNLOAD = body({}, CertID=ID, Thumbprint=TEXT, SerialNumber=TEXT, IssuerDN=TEXT,
                IncludeChain={"type": "boolean"}, ChainOrder={"enum": ["EndEntityFirst", "RootFirst"]})
DOWNLOAD["anyOf"] = [{"required": ["CertID"]}, {"required": ["Thumbprint"]},
                     {"required": ["SerialNumber", "IssuerDN"]}]
GUID = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
FLAG = {"type": "boolean"}
SECRET = body({"SecretValue": TEXT})
FIELDS = {"type": "object", "additionalProperties": {"anyOf": [{"type": "string"}, SECRET]}}
ONCE = body({"Immediate": {"const": True}})     # the schedule of what is done as soon as may be


def of_stores(needed, **more):
    return {"type": "array", "minItems": 1, "items": body(dict({"CertificateStoreId": GUID}, **needed),
                                                          JobFields=FIELDS, **more)}


def schedule(**members):
    """Exactly one of these."""
    return {"oneOf": [body({k: v}) for k, v in members.items()]}


AT = body({"Time": TIME})
NONE = ("Immediate", "Interval", "Daily", "Weekly", "Monthly", "ExactlyOnce")   # each null: unscheduled
SCHEDULE = {"oneOf": [schedule(
    Immediate={"const": True}, Interval=body({"Minutes": {"type": "integer", "minimum": 1}}), Daily=AT,
    Weekly=body({"Days": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 6}},
                 "Time": TIME}),
    Monthly=body({"Day": {"type": "integer", "minimum": 1, "maximum": 31}, "Time": TIME}), ExactlyOnce=AT),
    body({name: {"type": "null"} for name in NONE})]}
BODIES = {
    "CertificateStores/Schedule": body({"StoreIds": {"type": "array", "items": GUID, "minItems": 1},
                                        "Schedule": SCHEDULE}),
    "CertificateStores/Reenrollment": body({"KeystoreId": GUID, "SubjectName": TEXT, "AgentGuid": GUID},
                                           Alias=TEXT,
                                           JobProperties=FIELDS, CertificateAuthority=TEXT,
                                           CertificateTemplate=TEXT, Overwrite=FLAG),
    "Certificates/Import": body({"Certificate": TEXT}, Password=PASSWORD),
    "Certificates/Add": body({"CertificateId": ID, "Schedule": ONCE, "CertificateStores": of_stores(
        {"Overwrite": FLAG, "IncludePrivateKey": FLAG}, Alias=TEXT, EntryPassword=SECRET)}, CollectionId=ID),
    "Certificates/Remove": body({"Schedule": ONCE, "CertificateStores": of_stores({"Alias": TEXT})},
                                CollectionId=ID),
    "Certificates/Download": DOWNLOAD,
    "Certificates/Revoke": body({"CertificateIds": {"type": "array", "items": ID, "minItems": 1},
                                 "Reason": {"enum": [-1, 0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 999]},
                                 "Comment": {"type": "string"}},
                                EffectiveDate=TIME, CollectionId=ID),
    "Certificates/Recover": body({"Password": PASSWORD, "CertID": ID}, IncludeChain={"type": "boolean"}),
    "Enrollment/CSR": body({"CSR": dict(TEXT, pattern="^-----BEGIN "), "Timestamp": TIME}, **ENROL),
    "Enrollment/PFX": body({"Subject": TEXT, "Password": PASSWORD, "Timestamp": TIME},
                           RenewalCertificateId={"anyOf": [ID, {"type": "null"}]}, CustomFriendlyName=TEXT,
                           PopulateMissingValuesFromAD={"type": "boolean"}, **ENROL),
    "Workflow/Certificates/Approve": {"type": "array", "items": ID, "minItems": 1},
    "Workflow/Certificates/Deny": body({"Comment": TEXT, "CertificateRequestIds": {
        "type": "array", "items": ID, "minItems": 1}}),
    "Workflow/Instances/Signals": body({"SignalKey": TEXT, "Data": body(
        {"Approved": {"enum": ["True", "False"]}}, Comment={"type": "string"})}),
}


def check(name, asked):
    try:
        jsonschema.validate(asked, BODIES[name])
    except jsonschema.ValidationError as why:
        raise Refused("Invalid JSON schema. %s" % why.message) from why
    return asked
