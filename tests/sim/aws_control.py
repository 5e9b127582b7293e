"""What a test may do to the simulator of AWS beside calling it: POST /sim/aws {"do": ..., ...}.

Each function here is a word for "do"; its parameters are the other members.  See aws_world.KNOBS
for what `set` sets.
"""
import hashlib

from cryptography.hazmat.primitives import serialization

import aws_x509
from aws_acm_cert import Cert, Proof
from aws_dns import Dns
from aws_keys import ACCOUNT, Caller, expire
from aws_route53 import full
from aws_world import DAY, HOUR, Call


def set_knobs(sim, **knobs):
    """Knobs to other values."""
    unknown = set(knobs) - set(sim.world.knobs)
    if unknown:
        raise ValueError("no such knob: %s" % ", ".join(unknown))
    sim.world.knobs.update(knobs)
    return {}


def advance(sim, seconds):
    """Time passes, and what AWS does by itself is done."""
    sim.world.ahead += seconds
    sim.acm.settle_all(sim.world.now(), everything=True)
    return {"now": sim.world.now()}


def fail(sim, operation, **how):
    """The next requests whose "service:Operation" matches the pattern go wrong (see aws.py)."""
    sim.plans.append(dict(how, operation=operation))
    return {}


def mend(sim):
    """Nothing goes wrong on purpose any more."""
    sim.plans.clear()
    return {}


def code(sim, code):
    """What the MFA device shows now."""
    sim.offered["sts"].code, sim.offered["sts"].codes_used = code, 0
    return {}


def end_sessions(sim):
    """All sessions that STS has handed out are over."""
    expire(sim.world.server_time())
    return {}


def cert_of(sim, arn):
    return next(s.certs[arn] for s in sim.acm.stores.values() if arn in s.certs)


def approve(sim, arn, domain=None):
    """Somebody follows the link of the mail for one name, or for all."""
    cert = cert_of(sim, arn)
    for proof in cert.proofs + (cert.renewal.proofs if cert.renewal else []):
        if proof.method == "EMAIL" and domain in (None, proof.domain):
            proof.status = "SUCCESS"
    sim.acm.settle_all(sim.world.now())
    return {"status": cert.status(sim.world.now())}


def users_of(sim, arn):
    if ":acm:" in arn:
        return cert_of(sim, arn).users
    name = arn.split("/")[-1]
    return next(store[name] for store in sim.iam.accounts.values() if name in store).users


def attach(sim, arn, user):
    """A service begins to use a certificate of ACM or IAM."""
    users_of(sim, arn)[user] = None
    return {}


def detach(sim, arn, user):
    users_of(sim, arn)[user] = sim.world.now() + sim.world.knob("in_use_lag")
    return {}


def renew(sim, arn):
    """ACM starts a renewal by itself."""
    cert_of(sim, arn).start_renewal(sim.world.now())
    sim.acm.settle_all(sim.world.now())
    return {}


def ca(sim, name, account=ACCOUNT, region="eu-west-1", partition="aws", **how):
    """A private CA that is there already."""
    return {"arn": sim.pca.make(account, region, partition, name, **how)}


def ca_state(sim, arn, state=None, permissions=None):
    """An authority's state, or whether ACM may renew with it."""
    if state:
        sim.pca.cas[arn].put(state, sim.world.now())
    if permissions is False:
        sim.pca.cas[arn].permissions.clear()
    return {}


def zone(sim, name, account=ACCOUNT, private=False):
    return {"id": sim.world.route53.add_zone(account, name, private).ident}


def record(sim, name, kind, value):
    """Somebody who has the zone puts a record into it, wherever that is served."""
    name = full(name)
    zones = [z for account in sim.world.route53.accounts.values() for z in account.values()
             if not z.private and (name == z.name or name.endswith("." + z.name))]
    one = max(zones, key=lambda z: len(z.name))
    one.sets.setdefault((name, kind), (300, []))[1].append(value)
    return {}


def drop_record(sim, name):
    """Somebody takes a record out of its zone."""
    gone = 0
    for zones in sim.world.route53.accounts.values():
        for one in zones.values():
            for key in [k for k in one.sets if k[0] == name]:
                del one.sets[key]
                gone += 1
    return {"gone": gone}


def dns(sim):
    """A resolver, which is also the server of every zone, on that port of 127.0.0.1."""
    return {"port": Dns(sim.world.route53).port}


def seed(sim, name="seed", count=1, account=ACCOUNT, region="eu-west-1", partition="aws", kind="IMPORTED",
         algorithm="RSA_2048", days=90, origin=None, ca_arn=None, method="DNS", export="DISABLED", since=10):
    """Issued certificates that are there already: name-N.example.org; with one, name itself."""
    caller = Caller("seed", "arn:%s:iam::%s:user/seed" % (partition, account), region)
    call = Call(sim.world, caller, "acm", "Seed", {})
    key, made = aws_x509.new_key(algorithm, shared=True), []
    authority = sim.pca.cas[ca_arn] if ca_arn else sim.world.amazon(algorithm)
    for number in range(count):
        first = name if count == 1 else "%s-%d.example.org" % (name, number)
        cert = Cert(call, kind, [first], algorithm, origin or ("CUSTOMER_PROVIDED" if kind == "IMPORTED"
                                                              else "AWS_MANAGED"))
        cert.created = call.now - since * DAY
        leaf = aws_x509.build(aws_x509.x509_name({"CommonName": first}), key.public_key(), authority,
                              call.now - since * DAY - HOUR, call.now + days * DAY, [first])
        cert.put(leaf, authority.above(), key)
        cert.state, cert.export, cert.ca_arn = "ISSUED", export, ca_arn
        if kind == "IMPORTED":
            cert.imported = cert.created
        else:
            cert.issued = cert.created
        if kind == "AMAZON_ISSUED":
            cert.proofs = [Proof(first, method)]
            cert.proofs[0].status = "SUCCESS"
        sim.acm.store(account, region).certs[cert.arn] = cert
        made.append(cert.arn)
    return {"arns": made}


def show_cert(cert, now):
    shown = {"arn": cert.arn, "account": cert.account, "region": cert.region, "names": cert.names,
             "kind": cert.kind, "status": cert.status(now), "algorithm": cert.algorithm, "tags": cert.tags,
             "exported": cert.exported, "export": cert.export, "method": [p.method for p in cert.proofs][:1],
             "renewal": cert.renewal.status if cert.renewal else None, "mails": [p.mail for p in cert.proofs],
             "deadline": cert.deadline, "chain": len(cert.chain), "deleted": cert.deleted is not None}
    if cert.leaf is not None:
        shown.update(serial=aws_x509.serial_pairs(cert.leaf), sha256=hashlib.sha256(
            cert.leaf.public_bytes(serialization.Encoding.DER)).hexdigest())
    return shown


def state(sim):
    """All that there is, and how often each operation was asked for."""
    now = sim.world.now()
    sim.acm.settle_all(now)
    return {
        "certs": [show_cert(c, now) for s in sim.acm.stores.values() for c in s.certs.values()],
        "iam": [{"name": s.name, "path": s.path, "tags": s.tags, "sha256": hashlib.sha256(
            s.leaf.public_bytes(serialization.Encoding.DER)).hexdigest(), "chain": len(s.chain)}
            for store in sim.iam.accounts.values() for s in store.values()],
        "cas": [{"arn": c.arn, "status": c.status(now), "issued": [
            {"arn": arn, "serial": aws_x509.serial_pairs(i.certificate), "revoked": i.revoked}
            for arn, i in c.issued.items()]} for c in sim.pca.cas.values()],
        "records": [{"zone": z.name, "name": k[0], "type": k[1], "values": v[1]}
                    for zones in sim.world.route53.accounts.values() for z in zones.values()
                    for k, v in z.sets.items() if k[1] not in ("NS", "SOA")],
        "calls": dict(sim.world.counts), "now": now}


def forget_calls(sim):
    """Counting begins afresh."""
    sim.world.counts.clear()
    return {}


DEEDS = {"set": set_knobs, "advance": advance, "fail": fail, "mend": mend, "approve": approve,
         "code": code, "end_sessions": end_sessions,
         "attach": attach, "detach": detach, "renew": renew, "ca": ca, "ca_state": ca_state, "zone": zone,
         "dns": dns, "record": record, "drop_record": drop_record, "seed": seed, "state": state,
         "forget_calls": forget_calls}


def obey(sim, what):
    return DEEDS[what.pop("do")](sim, **what)
