"""One certificate of a vault: its versions, its policy, and the operation that makes the next one."""
import base64
import datetime
import secrets

from cryptography import x509
from cryptography.hazmat.primitives import serialization

import azure_x509 as x
from azure_bodies import copy
from azure_world import DAY

EKUS = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]
NEEDS_MERGE = "Pending certificate created. Please Perform Merge to complete the request."


def stamp(cert, which):
    moment = cert.not_valid_before if which == "nbf" else cert.not_valid_after
    return int(moment.replace(tzinfo=datetime.timezone.utc).timestamp())


class Version:
    def __init__(self, now, key=None, chain=(), enabled=True, tags=None):
        self.id = secrets.token_hex(16)
        self.key, self.chain = key, list(chain)
        self.enabled, self.tags = enabled, dict(tags or {})
        self.created = self.updated = int(now)
        self.raw = None             # the PEM as it was uploaded
        self.content_type, self.exportable = x.PFX, True

    @property
    def leaf(self):
        return self.chain[0] if self.chain else None

    def attributes(self, vault):
        days = vault.properties["softDeleteRetentionInDays"]
        level = ("Recoverable" if vault.is_protected else "Recoverable+Purgeable")
        leaf = self.leaf
        return {"enabled": self.enabled, "nbf": stamp(leaf, "nbf") if leaf else self.created - 600,
                "exp": stamp(leaf, "exp") if leaf else self.created + 365 * DAY, "created": self.created,
                "updated": self.updated, "recoverableDays": days,
                "recoveryLevel": level if days == 90 else "Customized" + level}

    def secret(self):
        """What the secret of that name and version has as its value."""
        key = self.key if self.exportable else None
        if self.content_type == x.PEM:
            return self.raw if self.raw and key else x.write_pem(key, self.chain)
        return x.write_pfx(key, self.chain)


class Operation:
    def __init__(self, policy, version, looks):
        self.issuer, self.version, self.looks = copy(policy["issuer"]), version, looks
        self.csr = x.make_csr(policy, version.key)
        self.status, self.error, self.cancel = "inProgress", None, False
        self.details = NEEDS_MERGE if self.issuer["name"] == "Unknown" else \
            "Pending certificate created. Certificate request is in progress. This may take some time based " \
            "on the issuer provider. Please check again later."
        self.id = secrets.token_hex(16)

    def body(self, uri):
        body = {"id": uri + "/pending", "issuer": self.issuer, "status_details": self.details,
                "csr": x.b64(self.csr.public_bytes(serialization.Encoding.DER)),
                "cancellation_requested": self.cancel, "status": self.status, "request_id": self.id}
        if self.error:
            body["error"] = self.error
        if self.status == "completed":
            body["target"] = uri
            del body["status_details"]
        return body


class Cert:
    def __init__(self, name, now):
        self.name, self.versions, self.policy, self.pending = name, [], None, None
        self.created = int(now)
        self.hidden = 0             # looks until it is there, or there again
        self.deleted = self.purge_at = None
        self.purging = False

    @property
    def newest(self):
        return self.versions[-1] if self.versions else None

    def shown(self):
        """The version that stands for the name, which may be none that was completed."""
        return self.newest or (self.pending.version if self.pending else Version(self.created, enabled=False))

    # --- as JSON ---

    def uri(self, base, collection="certificates"):
        return "%s/%s/%s" % (base, collection, self.name)

    def item(self, vault, base, version=None):
        v = version or self.shown()
        body = {"id": self.uri(base) + ("/" + v.id if version else ""), "attributes": v.attributes(vault),
                "subject": ""}
        if v.leaf:
            body["x5t"] = x.thumbprint(v.leaf)
        if v.tags:
            body["tags"] = v.tags
        return body

    def bundle(self, vault, base, version=None):
        v = version or self.shown()
        body = {"id": "%s/%s" % (self.uri(base), v.id), "attributes": v.attributes(vault)}
        if v.leaf:
            body.update(kid="%s/%s" % (self.uri(base, "keys"), v.id),
                        sid="%s/%s" % (self.uri(base, "secrets"), v.id),
                        x5t=x.thumbprint(v.leaf), cer=x.b64(x.der(v.leaf)))
        if v.tags:
            body["tags"] = v.tags
        if version is None:
            body["policy"] = dict(self.policy, id=self.uri(base) + "/policy")
            if self.pending:
                body["pending"] = {"id": self.uri(base) + "/pending"}
        return body

    def removal(self, base):
        """What deleted certificates say beside; one that never was complete says nothing of recovery."""
        body = {"deletedDate": int(self.deleted), "scheduledPurgeDate": int(self.purge_at)}
        if self.versions:
            body["recoveryId"] = self.uri(base, "deletedcertificates")
        return body

    # --- what happens to it ---

    def add_import(self, asked, now):
        policy = asked.get("policy")
        kind = (policy or {}).get("secret_props", {}).get("contentType")
        if policy is not None and not kind:
            raise x.Bad("Property policy has invalid value\r\n")
        kind = kind or (self.policy["secret_props"]["contentType"] if self.policy else x.PFX)
        key, chain = x.read_pem(asked["value"]) if kind == x.PEM else x.read_pfx(asked["value"],
                                                                                asked.get("pwd", ""))
        wanted = dict((policy or {}).get("key_props", {}))
        if not wanted and self.policy:
            wanted = {k: v for k, v in self.policy["key_props"].items() if k in ("kty", "key_size", "crv")}
        real = x.check_key(wanted, key.public_key())
        if stamp(chain[0], "exp") < now:
            raise x.Bad("The specified X.509 certificate content is invalid. Error: The certificate is "
                        "expired.")
        issuer = (policy or {}).get("issuer", {}).get("name")
        self.policy = finish({
            "key_props": dict(real, exportable=wanted.get("exportable", True),
                              reuse_key=wanted.get("reuse_key", False)),
            "secret_props": {"contentType": kind}, "x509_props": x.x509_props(chain[0]),
            "lifetime_actions": (policy or {}).get("lifetime_actions"),
            "issuer": {"name": "Self" if issuer == "Self" else "Unknown"}}, now)
        version = Version(now, key, chain, asked.get("attributes", {}).get("enabled", True), asked.get("tags"))
        version.raw = x.unpacked(asked["value"]) if kind == x.PEM else None
        self.complete(version)
        return version

    def complete(self, version):
        version.content_type = self.policy["secret_props"]["contentType"]
        version.exportable = self.policy["key_props"]["exportable"]
        self.versions.append(version)

    def begin(self, asked, now, looks):
        policy = finish(overlay(DEFAULTS, asked["policy"]), now)
        props = policy["x509_props"]
        if not props.get("subject") and not any(props.get("sans", {}).values()):
            raise x.Bad("Property policy.x509_props has invalid value\r\n")
        key = self.newest.key if policy["key_props"]["reuse_key"] and self.newest else \
            x.make_key(policy["key_props"])
        version = Version(now, key, tags=asked.get("tags"))
        version.wanted = asked.get("attributes", {}).get("enabled", True)
        version.enabled = False
        pending = Operation(policy, version, looks)
        self.policy, self.pending = policy, pending
        return pending

    def end(self, chain, now):
        """The operation has its certificate."""
        pending = self.pending
        version = pending.version
        version.chain, version.enabled = list(chain), version.wanted
        version.created = version.updated = int(now)
        self.complete(version)
        pending.status = "completed"

    def settle(self, world):
        """What the service does by itself with the operation, told by how often somebody has looked."""
        pending = self.pending
        if not pending or pending.status != "inProgress":
            return
        if pending.cancel:
            pending.status, pending.details = "cancelled", "The request was cancelled."
        elif pending.issuer["name"] != "Unknown":
            pending.looks -= 1
            if pending.looks < 0:
                self.answer(world)

    def answer(self, world):
        pending, now = self.pending, world.now()
        if pending.issuer["name"] != "Self" and world.knobs["issuer_error"]:
            pending.status, pending.error = "failed", world.knobs["issuer_error"]
            return
        until = now + self.policy["x509_props"]["validity_months"] * 30 * DAY
        key, extensions = pending.version.key, x.extensions_of(self.policy)
        subject = pending.csr.subject
        if pending.issuer["name"] == "Self":
            chain = [x.make_cert(subject, key.public_key(), subject, key, now - 600, until, extensions)]
        else:
            ca = world.authority()
            chain = [ca.issue(subject, key.public_key(), now - 600, until, extensions)] + ca.above
        self.end(chain, now)

    def merge(self, asked, now):
        try:
            chain = [x509.load_der_x509_certificate(base64.b64decode(c, validate=True)) for c in asked["x5c"]]
        except ValueError as why:
            raise x.Bad("Property x5c has invalid value\r\n") from why
        if x.spki(chain[0].public_key()) != x.spki(self.pending.csr.public_key()):
            raise x.Bad("The public key of the end-entity certificate in the specified X.509 certificate "
                        "content "
                        "does not match the public key of the certificate's private key.")
        version = self.pending.version
        if "tags" in asked:
            version.tags = asked["tags"]
        version.wanted = asked.get("attributes", {}).get("enabled", version.wanted)
        self.end(chain, now)


DEFAULTS = {
    "key_props": {"exportable": True, "kty": "RSA", "key_size": 2048, "reuse_key": False},
    "secret_props": {"contentType": x.PFX},
    "x509_props": {"subject": "", "sans": {}, "ekus": EKUS,
                   "key_usage": ["digitalSignature", "keyEncipherment"], "validity_months": 12,
                   "basic_constraints": {"ca": False}},
    "lifetime_actions": None,
    "issuer": {"name": "Self"},
}


def overlay(under, over):
    """Members of the second where it has some, two levels deep."""
    made = copy(under)
    for name, value in over.items():
        if isinstance(value, dict) and isinstance(made.get(name), dict):
            made[name].update(value)
        else:
            made[name] = value
    kind = over.get("key_props", {})
    if str(kind.get("kty", "")).startswith("EC") and "key_props" in made:
        made["key_props"].setdefault("crv", "P-256")
        if "key_size" not in kind:
            made["key_props"].pop("key_size", None)
    return made


def finish(policy, now):
    if not policy.get("lifetime_actions"):
        action = "AutoRenew" if policy["issuer"]["name"] == "Self" else "EmailContacts"
        policy["lifetime_actions"] = [{"trigger": {"lifetime_percentage": 80},
                                       "action": {"action_type": action}}]
    policy["attributes"] = {"enabled": True, "created": int(now), "updated": int(now)}
    policy["x509_props"]["key_usage"] = sorted(policy["x509_props"]["key_usage"])
    return policy
