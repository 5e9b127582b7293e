"""Which request bodies Key Vault and the Resource Manager take, for jsonschema to say."""
import json

import jsonschema

from azure_world import refuse

TEXT, TRUTH, COUNT = {"type": "string"}, {"type": "boolean"}, {"type": "integer", "minimum": 0}
TEXTS = {"type": "array", "items": TEXT}
TAGS = {"type": ["object", "null"], "additionalProperties": {"type": "string", "maxLength": 256},
        "maxProperties": 15}


def only(required=(), **members):
    return {"type": ["object", "null"], "properties": members, "required": list(required),
            "additionalProperties": False}


def nullable(schema):
    return {"anyOf": [schema, {"type": "null"}]}


ATTRIBUTES = only(enabled={"type": ["boolean", "null"]}, nbf={"type": ["integer", "null"]},
                  exp={"type": ["integer", "null"]}, created={}, updated={}, recoveryLevel={},
                  recoverableDays={})
POLICY = only(
    id={}, attributes=ATTRIBUTES,
    key_props=only(exportable=nullable(TRUTH), kty={"enum": ["RSA", "RSA-HSM", "EC", "EC-HSM", None]},
                   key_size={"enum": [2048, 3072, 4096, 256, 384, 521, None]}, reuse_key=nullable(TRUTH),
                   crv={"enum": ["P-256", "P-384", "P-521", "P-256K", None]}),
    secret_props=only(contentType={"enum": ["application/x-pkcs12", "application/x-pem-file"]}),
    x509_props=only(subject={"type": ["string", "null"], "maxLength": 200}, ekus=nullable(TEXTS),
                    sans=only(dns_names=nullable(TEXTS), emails=nullable(TEXTS), upns=nullable(TEXTS),
                              uris=nullable(TEXTS), ipAddresses=nullable(TEXTS)),
                    key_usage=nullable(TEXTS), validity_months=nullable(COUNT), basic_constraints={}),
    lifetime_actions=nullable({"type": "array", "items": only(
        trigger=only(lifetime_percentage={"type": ["integer", "null"], "minimum": 1, "maximum": 99},
                     days_before_expiry={"type": ["integer", "null"], "minimum": 1}),
        action=only(action_type={"enum": ["EmailContacts", "AutoRenew"]}))}),
    issuer=only(name=TEXT, cty=nullable(TEXT), cert_transparency=nullable(TRUTH)))
BODIES = {
    "create": only(["policy"], policy=dict(POLICY, type="object"), attributes=ATTRIBUTES, tags=TAGS,
                   preserveCertOrder=TRUTH),
    "import": only(["value"], value=TEXT, pwd=nullable({"type": "string", "maxLength": 200}), policy=POLICY,
                   attributes=ATTRIBUTES, tags=TAGS, preserveCertOrder=TRUTH),
    "merge": only(["x5c"], x5c={"type": "array", "items": TEXT, "minItems": 1}, attributes=ATTRIBUTES,
                  tags=TAGS),
    "update": only(policy=POLICY, attributes=ATTRIBUTES, tags=TAGS),
    "policy": POLICY,
    "cancel": only(["cancellation_requested"], cancellation_requested={"const": True}),
    "restore": only(["value"], value=TEXT),
    "contacts": only(["contacts"], id={}, contacts={"type": "array", "items": only(
        ["email"], email=TEXT, name=nullable(TEXT), phone=nullable(TEXT))}),
    "issuer": only(id={}, provider=TEXT, credentials=only(account_id=nullable(TEXT), pwd=nullable(TEXT)),
                   org_details=only(id=nullable(TEXT), zip={}, admin_details=nullable({
                       "type": "array", "items": only(first_name=nullable(TEXT), last_name=nullable(TEXT),
                                                      email=nullable(TEXT), phone=nullable(TEXT))})),
                   attributes=ATTRIBUTES),
    "vault": only(["location", "properties"], location=TEXT, tags=TAGS, properties=only(
        ["tenantId", "sku"], tenantId=TEXT,
        sku=only(["family", "name"], family={"const": "A"}, name={"enum": ["standard", "premium"]}),
        accessPolicies={"type": "array"}, enabledForDeployment=TRUTH, enabledForDiskEncryption=TRUTH,
        enabledForTemplateDeployment=TRUTH, enableSoftDelete={"const": True}, vaultUri={},
        softDeleteRetentionInDays={"type": "integer", "minimum": 7, "maximum": 90},
        enableRbacAuthorization=TRUTH, enablePurgeProtection={"const": True}, networkAcls={},
        publicNetworkAccess={"enum": ["Enabled", "Disabled"]},
        createMode={"enum": ["default", "recover"]})),
    "name": only(["name", "type"], name=TEXT, type={"const": "Microsoft.KeyVault/vaults"}),
    "group": only(["location"], location=TEXT, tags=TAGS),
    "role": only(["properties"], properties=only(["roleDefinitionId", "principalId"], roleDefinitionId=TEXT,
                                                 principalId=TEXT, principalType=TEXT)),
    "policies": only(["properties"], id={}, name={}, type={}, location={}, properties=only(
        ["accessPolicies"], accessPolicies={"type": "array", "items": only(
            ["tenantId", "objectId", "permissions"], tenantId=TEXT, objectId=TEXT, applicationId=TEXT,
            permissions=only(keys=TEXTS, secrets=TEXTS, certificates=TEXTS, storage=TEXTS))})),
    "query": only(["query"], query=TEXT, subscriptions=TEXTS, managementGroups=TEXTS, facets={},
                  options={"type": "object"}),
    "records": only(["properties"], id={}, name={}, type={}, etag={}, properties=only(
        TTL={"type": "integer", "minimum": 1}, metadata={}, targetResource={}, TXTRecords={
            "type": "array", "items": only(["value"], value={"type": "array", "items": {
                "type": "string", "maxLength": 255}})},
        CNAMERecord=only(["cname"], cname=TEXT),
        ARecords={"type": "array", "items": only(["ipv4Address"], ipv4Address=TEXT)},
        NSRecords={}, SOARecord={}, caaRecords={})),
}


def check(request, name, code="BadParameter"):
    """The body, which is one of those; else the request is refused."""
    try:
        asked = request.json()
        jsonschema.validate(asked, BODIES[name])
    except ValueError as why:
        refuse(400, code, "The request body is no JSON: %s" % why)
    except jsonschema.ValidationError as why:
        path = ".".join(str(p) for p in why.absolute_path)
        refuse(400, code, "Property %s has invalid value: %s\r\n" % (path or name, why.message[:200]))
    return without_nulls(asked) or {}


def without_nulls(what):
    if isinstance(what, dict):
        return {k: without_nulls(v) for k, v in what.items() if v is not None}
    return [without_nulls(v) for v in what] if isinstance(what, list) else what


def copy(what):
    return json.loads(json.dumps(what))
