"""Which request bodies CPS takes, for jsonschema to say."""

BOOL = {"type": "boolean"}
TEXT = {"type": "string"}
SOME = {"type": "string", "minLength": 1}
MAYBE = {"type": ["string", "null"]}
NAMES = {"type": "array", "items": {"type": "string",
                                    "pattern": r"^(\*\.)?([A-Za-z0-9_-]{1,63}\.)+[A-Za-z0-9-]{2,63}$"}}


def body(needed, **more):
    return {"type": "object", "properties": dict(needed, **more), "required": sorted(needed),
            "additionalProperties": False}


def maybe(schema):
    return {"anyOf": [schema, {"type": "null"}]}


PLACE = {"addressLineOne": SOME, "addressLineTwo": MAYBE, "city": SOME, "region": SOME, "postalCode": SOME,
         "country": {"type": "string", "pattern": "^[A-Z]{2}$"},
         "phone": {"type": "string", "pattern": "^[+0-9 ().-]{3,}$"}}
PERSON = body({"firstName": SOME, "lastName": SOME, "email": {"type": "string", "pattern": "^[^@ ]+@[^@ ]+$"},
               "phone": PLACE["phone"]}, title=MAYBE, organizationName=MAYBE,
              **{k: v for k, v in PLACE.items() if k != "phone"})
TECHNICAL = {"allOf": [PERSON, {"properties": {"email": {"pattern": r"@akamai\.com$"},
                                               "organizationName": {"const": "Akamai"}}}]}
CSR = body({"cn": NAMES["items"]}, sans=maybe(NAMES), c=MAYBE, st=MAYBE, l=MAYBE, o=MAYBE, ou=MAYBE,
           preferredTrustChain=MAYBE)
NETWORK = body({"geography": {"enum": ["core", "china+core", "russia+core"]},
                "secureNetwork": {"enum": ["standard-tls", "enhanced-tls"]}, "sniOnly": BOOL,
                "quicEnabled": BOOL},
               mustHaveCiphers=MAYBE, preferredCiphers=MAYBE,
               disallowedTlsVersions=maybe({"type": "array", "items": {
                   "enum": ["TLSv1", "TLSv1_1", "TLSv1_2", "TLSv1_3"]}}),
               ocspStapling={"enum": ["on", "off", "not-set", None]},
               dnsNameSettings=maybe(body({"cloneDnsNames": BOOL}, dnsNames=maybe(NAMES))),
               clientMutualAuthentication=maybe({"type": "object"}))
# what the service sets itself may come back
OWN = {name: {} for name in ("id", "location", "pendingChanges", "maxAllowedSanNames", "orgId",
                             "maxAllowedWildcardSanNames", "autoRenewalStartTime", "assignedSlots",
                             "stagingSlots", "productionSlots")}
ENROLLMENT = body(
    {"ra": {"enum": ["third-party", "lets-encrypt", "symantec"]},
     "validationType": {"enum": ["third-party", "dv", "ov", "ev"]},
     "certificateType": {"enum": ["third-party", "san", "single", "wildcard", "wildcard-san"]},
     "changeManagement": BOOL, "enableMultiStackedCertificates": BOOL, "csr": CSR,
     "networkConfiguration": NETWORK},
    certificateChainType=MAYBE, signatureAlgorithm={"enum": ["SHA-256", "SHA-1", None]},
    adminContact=maybe(PERSON), techContact=maybe(TECHNICAL),
    org=maybe(body({"name": SOME, **PLACE})), thirdParty=maybe(body({"excludeSans": BOOL})), **OWN)
ENROLLMENT["properties"]["org"]["anyOf"][0]["required"] = ["name", "addressLineOne", "city", "region",
                                                          "postalCode", "country", "phone"]
ANSWER = {"enum": ["acknowledge", "deny"]}
WHEN = {"anyOf": [{"type": "null"}, {"type": "string",
                                     "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}]}
BODIES = {
    "enrollment.v11": ENROLLMENT,
    "acknowledgement.v1": body({"acknowledgement": ANSWER}),
    "acknowledgement-with-hash.v1": body({"acknowledgement": ANSWER, "hash": SOME}),
    "certificate-and-trust-chain.v2": body({"certificatesAndTrustChains": {
        "type": "array", "minItems": 1, "maxItems": 2,
        "items": body({"keyAlgorithm": {"enum": ["RSA", "ECDSA"]},
                       "certificate": {"type": "string", "pattern": "^[^\\r]+$"}},
                      trustChain={"anyOf": [{"type": "null"}, {"type": "string", "pattern": "^[^\\r]+$"}]})}}),
    "deployment-schedule.v1": body({"notBefore": WHEN, "notAfter": WHEN}),
}
