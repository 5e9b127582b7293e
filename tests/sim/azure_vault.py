"""The data plane of Key Vault: https://NAME.SUFFIX/certificates and what belongs to it.

A vault judges in the order of the service: its name, its version, the token, its walls, the rights, the
body.  Tokens are verified by PyJWT, bodies by jsonschema.
"""
import base64
import copy
import re
import secrets

import jwt

import azure_x509 as x
from azure_bodies import check
from azure_cert import Cert, finish, overlay
from azure_world import APP, DAY, OBJECT, Refused, refuse
from sim import Reply

VERSIONS = ("7.3", "7.4", "7.5", "7.6", "2025-07-01", "2026-04-01")
NAME = "([^/]+)"
ROLES = {       # which data actions each has, by their beginnings
    "Key Vault Administrator": ("",),
    "Key Vault Certificates Officer": ("certificates/", "certificatecas/", "certificatecontacts/"),
    "Key Vault Certificate User": ("certificates/read", "secrets/getSecret/"),
    "Key Vault Secrets User": ("secrets/getSecret/", "secrets/readMetadata/"),
    "Key Vault Secrets Officer": ("secrets/",),
    "Key Vault Reader": ("certificates/read", "secrets/readMetadata/"),
}


class Call:
    """A request to a vault that may be there."""

    def __init__(self, sim, vault, request):
        self.sim, self.world, self.vault, self.request = sim, sim.world, vault, request
        self.knobs = sim.world.knobs
        self.base = sim.vault_base(vault.name)

    @property
    def now(self):
        return self.world.now()

    def cert(self, name):
        """A certificate that is there; a look at it."""
        found = self.vault.certs.get(name.lower())
        if not found or found.hidden > 0:
            if found:
                found.hidden -= 1
            refuse(404, "CertificateNotFound", "A certificate with (name/id) %s was not found in this key "
                   "vault. "
                   "If you recently deleted this certificate you may be able to recover it using the correct "
                   "recovery command." % name)
        found.settle(self.world)
        return found

    def gone(self, name):
        """One that is deleted, and can be seen to be; a look at it."""
        found = self.vault.deleted.get(name.lower())
        if found and found.hidden > 0:
            self.look_at_gone(found)
            found = None
        if not found:
            refuse(404, "CertificateNotFound", "Deleted Certificate not found: %s" % name)
        return found

    def look_at_gone(self, cert):
        cert.hidden -= 1
        if cert.purging and cert.hidden <= 0:
            self.forget(cert.name)

    def forget(self, name):
        del self.vault.deleted[name.lower()]

    def is_free(self, name):
        """Whether something may be made under that name; a look at what stands in the way."""
        lower = name.lower()
        if not re.fullmatch("[0-9a-zA-Z-]{1,127}", name):
            refuse(400, "BadParameter", "The request URI contains an invalid name: %s" % name)
        if lower in self.vault.own:
            refuse(409, "Conflict", "%s is used by a secret that is not a certificate's." % name)
        dead = self.vault.deleted.get(lower)
        if dead and dead.hidden > 0:
            self.look_at_gone(dead)
            refuse(409, "Conflict", "Certificate %s is currently being deleted." % name, "ObjectIsBeingDeleted")
        if dead:
            refuse(409, "Conflict", "Certificate %s is currently in a deleted but recoverable state, and its "
                   "name cannot be reused; in this state, the certificate can only be recovered or "
                   "purged." % name,
                   "ObjectIsDeletedButRecoverable")
        there = self.vault.certs.get(lower)
        if there and there.hidden > 0:
            there.hidden -= 1
            refuse(409, "Conflict", "Certificate %s is currently being recovered." % name,
                   "ObjectIsBeingRecovered")
        if there and there.pending and there.pending.status == "inProgress":
            refuse(409, "Conflict", "A new key vault certificate can not be created or imported while a "
                   "pending "
                   "key vault certificate's status is inProgress.")
        return there

    def flag(self, name):
        return self.request.query.get(name, ["false"])[0] == "true"

    def page(self, path, items):
        """As many as fit, and a link that repeats nothing of the query but the size."""
        query = self.request.query
        size = query.get("maxresults", [str(self.knobs["page"])])[0]
        if not re.fullmatch("[0-9]+", size) or not 1 <= int(size) <= 25:
            refuse(400, "BadParameter", "maxresults must be between 1 and 25")
        count = min(int(size), self.knobs["page"])
        if "$skiptoken" in query:
            if not self.knobs["cursors"]:
                refuse(400, "BadParameter", "The skiptoken is invalid or has expired.")
            after = base64.urlsafe_b64decode(query["$skiptoken"][0]).decode()
            items = [item for item in items if item["id"].lower() > after]
        body = {"value": items[:count], "nextLink": None}
        if count < len(items):
            token = base64.urlsafe_b64encode(items[count - 1]["id"].lower().encode()).decode()
            body["nextLink"] = "%s%s?api-version=%s&$skiptoken=%s" % (self.base, path, query["api-version"][0],
                                                                      token)
            if "maxresults" in query:
                body["nextLink"] += "&maxresults=" + size
        return Reply(200, body)

    def by_name(self, of):
        return [of[name] for name in sorted(of)]    # as their ids are sorted


def operation(call, cert, status=200, headers=None):
    body = cert.pending.body(cert.uri(call.base))
    more = dict(headers or {})
    if body["status"] == "inProgress":
        more["Retry-After"] = "10"
    return Reply(status, body, more)


def pending_of(call, name):
    cert = call.cert(name)
    asked = call.request.query.get("request_id", [None])[0]
    if not cert.pending or asked not in (None, cert.pending.id):
        refuse(404, "PendingCertificateNotFound", "Pending certificate not found: %s" % name)
    return cert


def bad(why):
    refuse(400, "BadParameter", str(why), why.inner)


# --- reading ---

def list_certs(call):
    wanted = call.flag("includePending")
    for cert in list(call.vault.certs.values()):
        cert.settle(call.world)
    return call.page("/certificates", [c.item(call.vault, call.base) for c in call.by_name(call.vault.certs)
                                       if c.hidden <= 0 and (wanted or c.versions)])


def get_cert(call, name, version=None):
    cert = call.cert(name)
    if not version:
        return Reply(200, cert.bundle(call.vault, call.base))
    return Reply(200, cert.bundle(call.vault, call.base, version_of(cert, version)))


def version_of(cert, version):
    found = next((v for v in cert.versions if v.id == version), None)
    if not found:
        refuse(404, "CertificateNotFound", "A certificate with (name/id) %s/%s was not found in this key vault."
               % (cert.name, version))
    return found


def list_versions(call, name):
    cert = call.cert(name)
    found = sorted(cert.versions, key=lambda v: v.id)
    return call.page("/certificates/%s/versions" % cert.name, [cert.item(call.vault, call.base,
                                                                         v) for v in found])


def get_policy(call, name):
    cert = call.cert(name)
    return Reply(200, dict(cert.policy, id=cert.uri(call.base) + "/policy"))


def get_pending(call, name):
    return operation(call, pending_of(call, name))


def list_deleted(call):
    return call.page("/deletedcertificates", [dict(c.item(call.vault, call.base), **c.removal(call.base))
                                              for c in call.by_name(call.vault.deleted)
                                              if c.hidden <= 0 and (c.versions or call.flag("includePending"))])


def deleted_bundle(call, cert):
    return dict(cert.bundle(call.vault, call.base), **cert.removal(call.base))


def get_deleted(call, name):
    return Reply(200, deleted_bundle(call, call.gone(name)))


# --- changing ---

def create(call, name):
    cert = call.is_free(name)
    asked = check(call.request, "create")
    issuer = asked["policy"].get("issuer", {}).get("name", "Self")
    if issuer not in ("Self", "Unknown") and issuer.lower() not in call.vault.issuers:
        refuse(404, "CertificateIssuerNotFound", "Issuer not found: %s" % issuer)
    made = cert or Cert(name, call.now)
    try:
        made.begin(asked, call.now, call.knobs["self_looks" if issuer == "Self" else "issuer_looks"])
    except x.Bad as why:
        bad(why)
    call.vault.certs[name.lower()] = made
    where = "%s/pending?api-version=%s&request_id=%s" % (made.uri(call.base),
                                                         call.request.query["api-version"][0], made.pending.id)
    return operation(call, made, 202, {"Location": where})


def import_cert(call, name):
    cert = call.is_free(name)
    made = cert or Cert(name, call.now)
    try:
        made.add_import(check(call.request, "import"), call.now)
    except x.Bad as why:
        bad(why)
    call.vault.certs[name.lower()] = made
    return Reply(200, made.bundle(call.vault, call.base))


def update(call, name, version=None):
    cert = call.cert(name)
    asked = check(call.request, "update")
    if not asked:
        refuse(400, "BadParameter", "Nothing to update was specified.")
    if version and "policy" in asked:
        refuse(400, "BadParameter", "A policy belongs to a certificate without its version.")
    v = version_of(cert, version) if version else cert.shown()
    if "tags" in asked:
        v.tags = asked["tags"]
    v.enabled = asked.get("attributes", {}).get("enabled", v.enabled)
    v.updated = int(call.now)
    if "policy" in asked:
        cert.policy = finish(overlay(cert.policy, asked["policy"]), call.now)
    return Reply(200, cert.bundle(call.vault, call.base, v if version else None))


def set_policy(call, name):
    cert = call.cert(name)
    cert.policy = finish(overlay(cert.policy, check(call.request, "policy")), call.now)
    return get_policy(call, name)


def cancel(call, name):
    cert = pending_of(call, name)
    check(call.request, "cancel")
    if cert.pending.status != "inProgress":
        refuse(400, "BadParameter", "The pending certificate is not in progress; it can not be cancelled.")
    cert.pending.cancel = True
    return operation(call, cert)


def drop_pending(call, name):
    cert = pending_of(call, name)
    reply = operation(call, cert)
    cert.pending = None
    return reply


def merge(call, name):
    cert = pending_of(call, name)
    asked = check(call.request, "merge")
    if cert.pending.status != "inProgress":
        refuse(400, "BadParameter", "The pending certificate is not in progress.")
    if cert.pending.issuer["name"] != "Unknown":
        refuse(403, "Forbidden", "The certificate's order at its issuer is in progress.")
    try:
        cert.merge(asked, call.now)
    except x.Bad as why:
        bad(why)
    return Reply(201, cert.bundle(call.vault, call.base), {"Location": cert.uri(call.base)})


def delete(call, name):
    cert = call.cert(name)
    days = call.vault.properties["softDeleteRetentionInDays"]
    cert.deleted, cert.purge_at = call.now, call.now + days * DAY
    body = deleted_bundle(call, cert)
    cert.hidden = call.knobs["delete_looks"]
    del call.vault.certs[name.lower()]
    call.vault.deleted[name.lower()] = cert
    return Reply(200, body)


def recover(call, name):
    cert = call.gone(name)
    del call.vault.deleted[name.lower()]
    call.vault.certs[name.lower()] = cert
    cert.hidden = call.knobs["recover_looks"]
    return Reply(200, cert.bundle(call.vault, call.base))


def purge(call, name):
    cert = call.gone(name)
    if call.vault.is_protected:
        refuse(403, "Forbidden", 'Operation "purge" is not allowed because purge protection is enabled for '
               'this '
               "vault. Key Vault service will automatically purge it after the retention period has passed.\r\n"
               "Vault: %s;location=%s" % (call.vault.name, call.vault.location))
    cert.purging, cert.hidden = True, call.knobs["purge_looks"]
    if cert.hidden <= 0:
        call.forget(name)
    return Reply(204)


def backup(call, name):
    blob = x.b64url(secrets.token_bytes(600))
    call.world.backups[blob] = call.cert(name)
    return Reply(200, {"value": blob})


def restore(call):
    cert = call.world.backups.get(check(call.request, "restore")["value"])
    if not cert:
        refuse(400, "BadParameter", "Invalid backup blob.")
    if call.is_free(cert.name):
        refuse(409, "Conflict", "A certificate of that name is there: %s" % cert.name)
    made = call.vault.certs[cert.name.lower()] = copy.copy(cert)
    made.versions, made.hidden, made.purging = list(cert.versions), 0, False
    return Reply(200, made.bundle(call.vault, call.base))


# --- contacts, issuers ---

def contacts(call):
    if not call.vault.contacts:
        refuse(404, "ContactsNotFound", "Contacts not found")
    return Reply(200, {"id": call.base + "/certificates/contacts", "contacts": call.vault.contacts})


def set_contacts(call):
    call.vault.contacts = check(call.request, "contacts")["contacts"]
    return contacts(call)


def drop_contacts(call):
    reply = contacts(call)
    call.vault.contacts = None
    return reply


def issuer_body(call, found):
    body = {k: v for k, v in found.items() if k != "credentials"}
    body["id"] = "%s/certificates/issuers/%s" % (call.base, found["name"])
    del body["name"]
    if "credentials" in found:
        body["credentials"] = {k: v for k, v in found["credentials"].items() if k != "pwd"}
    return body


def list_issuers(call):
    return call.page("/certificates/issuers", [
        {"id": "%s/certificates/issuers/%s" % (call.base, i["name"]), "provider": i["provider"]}
        for i in call.by_name(call.vault.issuers)])


def issuer_of(call, name):
    if name.lower() not in call.vault.issuers:
        refuse(404, "CertificateIssuerNotFound", "Issuer not found: %s" % name)
    return call.vault.issuers[name.lower()]


def get_issuer(call, name):
    return Reply(200, issuer_body(call, issuer_of(call, name)))


def set_issuer(call, name):
    asked = check(call.request, "issuer")
    now = int(call.now)
    asked.pop("id", None)
    call.vault.issuers[name.lower()] = dict({"provider": "Test"}, **dict(
        asked, name=name, attributes=dict({"enabled": True, "created": now, "updated": now},
                                          **asked.get("attributes", {}))))
    return get_issuer(call, name)


def change_issuer(call, name):
    asked = check(call.request, "issuer")
    asked.pop("id", None)
    issuer_of(call, name).update(asked)
    return get_issuer(call, name)


def drop_issuer(call, name):
    reply = get_issuer(call, name)
    del call.vault.issuers[name.lower()]
    return reply


# --- secrets, as far as they are certificates' ---

def get_secret(call, name, version=None):
    cert = call.vault.certs.get(name.lower())
    if not cert or cert.hidden > 0 or not cert.versions:
        refuse(404, "SecretNotFound", "A secret with (name/id) %s was not found in this key vault." % name)
    v = version_of(cert, version) if version else cert.newest
    if not v.enabled:
        refuse(403, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled")
    body = {"value": v.secret(), "contentType": v.content_type, "managed": True,
            "id": "%s/%s" % (cert.uri(call.base, "secrets"), v.id),
            "kid": "%s/%s" % (cert.uri(call.base, "keys"), v.id), "attributes": v.attributes(call.vault)}
    if v.tags:
        body["tags"] = v.tags
    return Reply(200, body)


def list_secrets(call):
    return call.page("/secrets", [
        {"id": c.uri(call.base, "secrets"), "contentType": c.newest.content_type, "managed": True,
         "attributes": c.newest.attributes(call.vault)}
        for c in call.by_name(call.vault.certs) if c.hidden <= 0 and c.versions])


READ, UPDATE = ("get", "certificates/read"), ("update", "certificates/update/action")
LISTED = ("list", "certificates/read")
CAS = "certificatecas/write"
ROUTES = [      # the fixed names first, as the service has them
    ("GET /certificates", list_certs, LISTED),
    ("POST /certificates/restore", restore, ("restore", "certificates/restore/action")),
    ("GET /certificates/contacts", contacts, ("managecontacts", "certificatecontacts/write")),
    ("PUT /certificates/contacts", set_contacts, ("managecontacts", "certificatecontacts/write")),
    ("DELETE /certificates/contacts", drop_contacts, ("managecontacts", "certificatecontacts/write")),
    ("GET /certificates/issuers", list_issuers, ("listissuers", "certificatecas/read")),
    ("GET /certificates/issuers/" + NAME, get_issuer, ("getissuers", "certificatecas/read")),
    ("PUT /certificates/issuers/" + NAME, set_issuer, ("setissuers", CAS)),
    ("PATCH /certificates/issuers/" + NAME, change_issuer, ("setissuers", CAS)),
    ("DELETE /certificates/issuers/" + NAME, drop_issuer, ("deleteissuers", "certificatecas/delete")),
    ("GET /certificates/%s/versions" % NAME, list_versions, LISTED),
    ("POST /certificates/%s/create" % NAME, create, ("create", "certificates/create/action")),
    ("POST /certificates/%s/import" % NAME, import_cert, ("import", "certificates/import/action")),
    ("POST /certificates/%s/backup" % NAME, backup, ("backup", "certificates/backup/action")),
    ("GET /certificates/%s/policy" % NAME, get_policy, READ),
    ("PATCH /certificates/%s/policy" % NAME, set_policy, UPDATE),
    ("GET /certificates/%s/pending" % NAME, get_pending, READ),
    ("PATCH /certificates/%s/pending" % NAME, cancel, UPDATE),
    ("DELETE /certificates/%s/pending" % NAME, drop_pending, UPDATE),
    ("POST /certificates/%s/pending/merge" % NAME, merge, ("create", "certificates/create/action")),
    ("GET /certificates/%s(?:/(%s))?" % (NAME, "[0-9a-f]{32}"), get_cert, READ),
    ("PATCH /certificates/%s(?:/(%s))?" % (NAME, "[0-9a-f]{32}"), update, UPDATE),
    ("DELETE /certificates/" + NAME, delete, ("delete", "certificates/delete")),
    ("GET /deletedcertificates", list_deleted, LISTED),
    ("GET /deletedcertificates/" + NAME, get_deleted, READ),
    ("POST /deletedcertificates/%s/recover" % NAME, recover, ("recover", "certificates/recover/action")),
    ("DELETE /deletedcertificates/" + NAME, purge, ("purge", "certificates/purge/action")),
    ("GET /secrets", list_secrets, ("list", "secrets/readMetadata/action")),
    ("GET /secrets/%s(?:/(%s))?" % (NAME, "[0-9a-f]{32}"), get_secret, ("get", "secrets/getSecret/action")),
]


# --- who may ---

def challenge(call, text, more=""):
    refuse(401, "Unauthorized", text, None, {
        "WWW-Authenticate": 'Bearer authorization="https://login.windows.net/%s", resource="%s"%s' % (
            call.vault.properties["tenantId"], call.sim.vault_resource(), more)})


def check_token(call):
    kind, _, token = call.request.headers.get("Authorization", "").partition(" ")
    if kind != "Bearer" or not token:
        challenge(call, "AKV10000: Request is missing a Bearer or PoP token.")
    resource, tenant = call.sim.vault_resource(), call.vault.properties["tenantId"]
    try:
        claims = jwt.decode(token, call.sim.key().public_key(), ["RS256"],
                            options={"verify_aud": False, "verify_exp": False})
        if claims["aud"] != resource:
            challenge(call, "AKV10022: Invalid audience. Expected %s, found: %s." % (resource, claims["aud"]))
        jwt.decode(token, call.sim.key().public_key(), ["RS256"], audience=resource)
    except jwt.PyJWTError as why:
        challenge(call, "[TokenExpired] Error validating token: '%s'." % why)
    issuer = "https://sts.windows.net/%s/" % tenant
    if claims["iss"] != issuer:
        challenge(call, "AKV10032: Invalid issuer. Expected one of %s, found %s." % (issuer, claims["iss"]))
    if not call.sim.is_good(token):
        challenge(call, "[TokenExpired] Error validating token: 'IDX10223: Lifetime validation failed. The "
                        "token is expired.'")


def check_wall(call):
    texts = {"firewall": ("ForbiddenByFirewall", "Client address is not authorized and caller is not a trusted "
                          "service.\r\nClient address: 198.51.100.7\r\nCaller: appid=%s\r\nVault: "
                          "%s;location=%s"),
             "connection": ("ForbiddenByConnection", "Public network access is disabled and request is not "
                            "from a "
                            "trusted service nor via an approved private link.\r\nCaller: appid=%s\r\nVault: "
                            "%s;location=%s")}
    if call.vault.wall:
        inner, text = texts[call.vault.wall]
        refuse(403, "Forbidden", text % (APP, call.vault.name, call.vault.location), inner)


def check_rights(call, word, action):
    vault = call.vault
    where = "%s;location=%s" % (vault.name, vault.location)
    who = "appid=%s;oid=%s" % (APP, OBJECT)
    collection = "secrets" if action.startswith("secrets") else "certificates"
    if not vault.properties["enableRbacAuthorization"]:
        allowed = [p.lower() for entry in vault.properties["accessPolicies"] if entry["objectId"] == OBJECT
                   for p in entry["permissions"].get(collection, [])]
        if word not in allowed and "all" not in allowed and \
                not (word.endswith("issuers") and "manageissuers" in allowed):
            refuse(403, "Forbidden", "The user, group or application "
                   "'%s;numgroups=1;iss=https://sts.windows.net/%s"
                   "/' does not have %s %s permission on key vault '%s'. For help resolving this issue, "
                   "please see "
                   "https://go.microsoft.com/fwlink/?linkid=2125287" % (
                       who, vault.properties["tenantId"], collection, word, where), "ForbiddenByPolicy")
        return
    if vault.role_looks > 0:
        vault.role_looks -= 1
    elif any(action.startswith(a) for role in vault.roles for a in ROLES.get(role, ())):
        return
    refuse(403, "Forbidden", "Caller is not authorized to perform action on resource.\r\nIf role "
           "assignments, deny "
           "assignments or role definitions were changed recently, please observe propagation "
           "time.\r\nCaller: %s;"
           "iss=https://sts.windows.net/%s/\r\nAction: 'Microsoft.KeyVault/vaults/%s'\r\nResource: '%s'\r\n"
           "Assignment: (not found)\r\nDecisionReason: 'DeniedWithNoValidRBAC' \r\nVault: %s\r\n" % (
               who, vault.properties["tenantId"], action,
               vault.id.lower() + call.request.path.rstrip("/"), where), "ForbiddenByRbac")


def headers(call):
    return {"x-ms-keyvault-region": call.vault.location, "x-ms-keyvault-service-version": "1.9.2463.1",
            "x-ms-request-id": secrets.token_hex(16), "Cache-Control": "no-cache", "Pragma": "no-cache",
            "Expires": "-1", "X-Content-Type-Options": "nosniff",
            "x-ms-keyvault-network-info": "conn_type=Ipv4;addr=127.0.0.1;act_addr_fam=InterNetwork;"}


def label(path):
    """A path with words for what differs from certificate to certificate."""
    path = re.sub("/[0-9a-f]{32}$", "/VERSION", path)
    return re.sub("^/(certificates|deletedcertificates|secrets)/(?!(?:contacts|issuers|restore)(?:/|$))[^/]+",
                  r"/\1/NAME", path)


def answer(call):
    path = call.request.path.rstrip("/")
    asked = "%s %s" % (call.request.method, path)
    call.sim.count("%s %s" % (call.request.method, label(path)))
    try:
        if call.request.query.get("api-version", [""])[0] not in VERSIONS:
            refuse(400, "BadParameter", "The specified version (%s) is not recognized. Consider using the "
                   "latest "
                   "supported version." % call.request.query.get("api-version", [""])[0])
        check_token(call)
        check_wall(call)
        for pattern in call.knobs["vault_denied"]:
            if re.search(pattern, asked):
                refuse(403, "Forbidden", "Access denied.", "AccessDenied")
        for route, handle, right in ROUTES:
            found = re.fullmatch(route, asked)
            if found:
                check_rights(call, *right)
                reply = handle(call, *found.groups())
                break
        else:
            refuse(404, "BadParameter", "No method matches: %s" % asked)
    except Refused as why:
        reply = why.reply
    reply.headers.update(headers(call))
    return reply
