"""What a test may do to the simulated Azure beside calling it: POST /sim/azure {"do": ..., ...}.

Each function here is a word for "do"; its parameters are the other members.  See azure_world.KNOBS for what
`set` sets, and azure_world.Vault for what a vault may be told.
"""
import base64

from cryptography import x509

import azure_x509 as x
from azure_cert import Cert, Version, finish
from azure_dns import Zone
from azure_world import APP, DAY, OBJECT, SUBSCRIPTIONS, TENANT

ADMINISTRATOR = ["Key Vault Administrator"]


def set_knobs(sim, **knobs):
    unknown = set(knobs) - set(sim.world.knobs)
    if unknown:
        raise ValueError("no such knob: %s" % ", ".join(unknown))
    sim.world.knobs.update(knobs)
    return {}


def advance(sim, seconds):
    """Time passes, for the service alone."""
    sim.world.ahead += seconds
    return {}


def vault(sim, name, **how):
    """A vault that is there already, where the principal may do anything unless it says otherwise."""
    made = sim.world.add_vault(name, **dict({"roles": list(ADMINISTRATOR)}, **how))
    return {"id": made.id, "uri": sim.vault_base(name) + "/"}


def change_vault(sim, name, **members):
    """Its roles, wall or properties are others."""
    found = sim.world.vaults[name.lower()]
    found.properties.update(members.pop("properties", {}))
    for member, value in members.items():
        if not hasattr(found, member):
            raise ValueError("a vault has no %s" % member)
        setattr(found, member, value)
    return {}


def allow(sim, name, *_, **permissions):
    """An access policy for the principal in a vault without roles."""
    found = sim.world.vaults[name.lower()]
    found.properties["enableRbacAuthorization"] = False
    found.properties["accessPolicies"] = [{"tenantId": TENANT, "objectId": OBJECT, "permissions": permissions}]
    return {}


def remove_vault(sim, name):
    """Somebody deletes it."""
    found = sim.world.vaults.pop(name.lower())
    found.deleted_at = sim.world.now()
    sim.world.gone[name.lower()] = found
    return {}


def seed(sim, vault, name, count=1, days=90, since=-10, versions=1, **how):
    """So many certificates of an authority's, or only one's versions; ids of the versions of the last."""
    ca, now, found = sim.authority(), sim.world.now(), sim.world.vaults[vault.lower()]
    key = ca.leaf_key if how.get("kty", "EC") == "EC" else x.make_key({"kty": "RSA"})
    for number in range(count):
        mine = name if count == 1 else "%s-%d" % (name, number)
        host = how.get("host") or "%s.example.org" % mine
        cert = found.certs.setdefault(mine.lower(), Cert(mine, now))
        for _ in range(versions):
            leaf = ca.issue(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)]), key.public_key(),
                            now + since * DAY, now + days * DAY, [(x.alternatives({"dns_names": [host]}),
                                                                   False)])
            made = Version(now, key, [leaf] + ca.above, how.get("enabled", True), how.get("tags"))
            cert.policy = finish({
                "key_props": dict(x.key_props(key.public_key()), exportable=how.get("exportable", True),
                                  reuse_key=False),
                "secret_props": {"contentType": x.PEM if how.get("pem") else x.PFX},
                "x509_props": x.x509_props(leaf), "issuer": {"name": how.get("issuer", "Unknown")}}, now)
            cert.complete(made)
    return {"ids": [v.id for v in cert.versions]}


def begin(sim, vault, name, issuer="Unknown", subject="CN=www.example.org", **policy):
    """Somebody else begins a certificate there."""
    found, now = sim.world.vaults[vault.lower()], sim.world.now()
    cert = found.certs.setdefault(name.lower(), Cert(name, now))
    looks = sim.world.knobs["self_looks" if issuer == "Self" else "issuer_looks"]
    pending = cert.begin({"policy": dict({"issuer": {"name": issuer}, "x509_props": {"subject": subject},
                                          "key_props": {"kty": "EC"}}, **policy)}, now, looks)
    return {"request": pending.id}


def forget(sim, vault, name):
    """Somebody deletes a certificate and purges it."""
    del sim.world.vaults[vault.lower()].certs[name.lower()]
    return {}


def sign(sim, csr, days=90):
    """An authority elsewhere signs a request: the chain as PEM, leaf first."""
    asked = x509.load_pem_x509_csr(csr.encode()) if "-----BEGIN" in csr else \
        x509.load_der_x509_csr(base64.b64decode(csr))
    now = sim.world.now()
    if not asked.is_signature_valid:
        raise ValueError("the request is not signed by its key")
    leaf = sim.authority().issue(asked.subject, asked.public_key(), now - 600, now + days * DAY,
                                 [(e.value, e.critical) for e in asked.extensions])
    return {"pem": x.write_pem(None, [leaf] + sim.authority().above)}


def issuer(sim, vault, name, provider="Test"):
    """A CA that a vault orders from."""
    sim.world.vaults[vault.lower()].issuers[name.lower()] = {
        "name": name, "provider": provider, "credentials": {"account_id": "1234"},
        "org_details": {"id": "9876", "admin_details": [{"first_name": "A", "last_name": "B",
                                                         "email": "ab@example.test"}]},
        "attributes": {"enabled": True}}
    return {}


def contact(sim, vault, **what):
    """Somebody whom a vault writes to."""
    found = sim.world.vaults[vault.lower()]
    found.contacts = (found.contacts or []) + [what]
    return {}


def zone(sim, name, subscription=SUBSCRIPTIONS[0], group="rg-dns", servers=None, location="global"):
    made = Zone(name, subscription, group, servers or ["ns%d-01.azure-dns.com." % i for i in (1, 2)])
    sim.world.zones[made.id] = made
    sim.world.groups.setdefault((subscription, group), location)
    return {"id": made.id}


def end_tokens(sim):
    """All tokens that were given so far are over."""
    sim.ended |= set(sim.uses)
    return {}


def certificate(found):
    return {"name": found.name, "hidden": found.hidden,
            "versions": [{"id": v.id, "enabled": v.enabled, "tags": v.tags,
                          "x5t": x.thumbprint(v.leaf), "chain": len(v.chain)} for v in found.versions],
            "policy": found.policy, "pending": found.pending and {
                "status": found.pending.status, "cancel": found.pending.cancel, "id": found.pending.id}}


def state(sim):
    world = sim.world
    sets = {s["id"].split("/dnsZones/")[1]: s["properties"] for z in world.zones.values()
            for s in z.sets.values()}
    return {"calls": sim.calls, "vaults": {
        name: {"certs": [certificate(c) for c in v.certs.values()], "roles": v.roles,
               "deleted": [certificate(c) for c in v.deleted.values()], "properties": v.properties,
               "location": v.location, "group": v.group}
        for name, v in world.vaults.items()}, "gone": list(world.gone),
        "sets": sets, "app": APP}


def forget_calls(sim):
    sim.calls.clear()
    return {}


def mend(sim):
    """Nothing goes wrong on purpose any more."""
    sim.faults.clear()
    return {}


DEEDS = {"set": set_knobs, "advance": advance, "vault": vault, "change_vault": change_vault, "allow": allow,
         "remove_vault": remove_vault, "seed": seed, "begin": begin, "forget": forget, "sign": sign,
         "issuer": issuer, "contact": contact,
         "zone": zone,
         "end_tokens": end_tokens, "state": state, "forget_calls": forget_calls, "mend": mend}
