"""What a test may do to the simulated CPS beside calling it: POST /sim/akamai {"do": ..., ...}.

Each function here is a word for "do"; its parameters are the other members.  See akamai_cps_world.KNOBS
for what `set` sets.
"""
import copy

import akamai_cps_x509 as x
from akamai_cps_world import DAY, Change, Stack

PLACE = {"addressLineOne": "Weg 1", "addressLineTwo": None, "city": "Ansbach", "region": "Bayern",
         "postalCode": "91522", "country": "DE"}
ADMIN = dict(PLACE, firstName="Ada", lastName="Admin", title="Administrator",
             organizationName="Beispiel GmbH", email="ada@shop.example", phone="+49 981 5550101")
TECH = dict(PLACE, firstName="Tom", lastName="Tech", title="Engineer", organizationName="Akamai",
            email="tom@akamai.com", phone="+1 617 5550111", city="Cambridge", region="MA",
            postalCode="02142", country="US")
KINDS = {"third-party": ("third-party", "third-party"), "dv": ("lets-encrypt", "san"),
         "ov": ("symantec", "san"), "ev": ("symantec", "single")}


def enrollment_body(kind="third-party", cn="www.shop.example", sans=None, stacked=False, manage=True,
                    **network):
    ra, certificate = KINDS[kind]
    return {
        "ra": ra, "validationType": kind, "certificateType": certificate, "certificateChainType": "default",
        "changeManagement": manage, "enableMultiStackedCertificates": stacked,
        "signatureAlgorithm": "SHA-256",
        "csr": {"cn": cn, "sans": [cn] if sans is None else sans, "c": "DE", "st": "Bayern", "l": "Ansbach",
                "o": "Beispiel GmbH", "ou": "Web", "preferredTrustChain": None},
        "networkConfiguration": dict({
            "geography": "core", "secureNetwork": "standard-tls", "sniOnly": True, "quicEnabled": False,
            "mustHaveCiphers": "ak-akamai-2020q1", "preferredCiphers": "ak-akamai-2020q1",
            "disallowedTlsVersions": ["TLSv1", "TLSv1_1"], "ocspStapling": "on",
            "dnsNameSettings": {"cloneDnsNames": True, "dnsNames": None},
            "clientMutualAuthentication": None}, **network),
        "thirdParty": {"excludeSans": False} if kind == "third-party" else None,
        "org": dict(PLACE, name="Beispiel GmbH", phone="+49 981 5550100"),
        "adminContact": dict(ADMIN), "techContact": dict(TECH)}


def set_knobs(sim, **knobs):
    unknown = set(knobs) - set(sim.world.knobs)
    if unknown:
        raise ValueError("no such knob: %s" % ", ".join(unknown))
    sim.world.knobs.update(knobs)
    return {}


def advance(sim, seconds):
    """Time passes, for the service alone."""
    sim.world.ahead += seconds
    sim.world.settle()
    return {}


SEED_KEYS = {}


def make_stack(sim, body, algorithm, days):
    world = sim.world
    if algorithm not in SEED_KEYS:      # of all seeds, whose own would take long to make
        SEED_KEYS[algorithm] = x.make_key(algorithm)
    leaf = world.authority.issue(x.subject_of(body["csr"]), SEED_KEYS[algorithm].public_key(),
                                 x.all_names(body["csr"]), world.now(), days)
    made = Stack(leaf, [world.authority.middle])
    assert made.told            # worked out now: whoever lists many of them shall not wait for that
    return made


def seed(sim, cn="www.shop.example", count=1, days=200, staging_days=None, networks=("production", "staging"),
         contract=None, **how):
    """Enrollments whose certificates are deployed already; with `staging_days` staging has another one."""
    ids = []
    for number in range(count):
        name = cn if count == 1 else "n%d.%s" % (number, cn)
        body = enrollment_body(cn=name, **how)
        made = sim.world.add(body, contract or sim.options.contract)
        algorithms = ["ECDSA", "RSA"] if body["enableMultiStackedCertificates"] else ["RSA"]
        stacks = [make_stack(sim, body, a, days) for a in algorithms]
        for network in networks:
            made.deployed[network] = list(stacks)
            made.networks[network] = copy.deepcopy(body["networkConfiguration"])
        if staging_days is not None:
            made.deployed["staging"] = [make_stack(sim, body, a, staging_days) for a in algorithms]
        if networks:
            made.slots = [sim.world.next_id("slot")]
        ids.append(made.id)
    return {"ids": ids}


def change_enrollment(sim, id, **members):  # pylint: disable=redefined-builtin
    """Somebody sets members of it, in Control Center."""
    sim.world.enrollments[id].body.update(members)
    return {}


def begin(sim, id, kind="renewal", by="ada", csr=None, **network):  # pylint: disable=redefined-builtin
    """Somebody, or CPS itself, starts a change."""
    found = sim.world.enrollments[id]
    if csr:
        found.body["csr"].update(csr)
        found.body["csr"]["sans"] = x.all_names(found.body["csr"])
    found.body["networkConfiguration"].update(network)
    found.change = Change(sim.world, found, kind, by)
    sim.world.settle()
    return {"change": found.change.id}


def go(sim, id, word):  # pylint: disable=redefined-builtin
    """Time passes until the change of an enrollment is there, however long; what it waits for on the way
    is done without anybody."""
    change = sim.world.enrollments[id].change
    for _ in range(50):
        change.settle()
        if change.word == word or change.ended:
            break
        if change.state() == "awaiting-input":
            do_input(sim, change)
        else:
            sim.world.ahead += change.length(change.word)
    else:
        raise ValueError("it never came to " + word)
    return {"state": change.state(), "word": change.word}


def do_input(sim, change):
    if change.word == "wait-upload-third-party":
        change.stacks = [Stack(sim.world.authority.sign(t, sim.world.now()), [sim.world.authority.middle], t)
                         for t in change.csrs.values()]
    for domain in change.domains:
        domain.validated = domain.validated or sim.world.now()
    change.acked.add(change.word)


def sign(sim, csr, days=90, names=None):
    """An authority elsewhere signs a request: leaf, then its issuer and the root."""
    leaf = sim.world.authority.sign(csr, sim.world.now(), days, names)
    above = [sim.world.authority.middle, sim.world.authority.root]
    return {"leaf": x.write_pem([leaf]), "chain": x.write_pem(above[:1]), "root": x.write_pem(above[1:])}


def txt(sim, name, value=None):
    """A TXT value (or, by its address, what a web server shows) is there; without one, nothing is."""
    if value is None:
        sim.world.txt.pop(name.rstrip(".").lower(), None)
    else:
        sim.world.txt.setdefault(name if "://" in name else name.rstrip(".").lower(), []).append(value)
    return {}


def told(change):
    return change and {"id": change.id, "kind": change.kind, "state": change.state(), "word": change.word,
                       "csrs": change.csrs, "schedule": change.schedule, "by": change.by,
                       "domains": {d.name: bool(d.validated) for d in change.domains}}


def state(sim):
    def prints(stacks):
        return [s.leaf.fingerprint(x.hashes.SHA256()).hex() for s in stacks]
    return {"enrollments": {e.id: {
        "body": e.body, "slots": e.slots, "contract": e.contract, "change": told(e.change),
        "history": [told(c) for c in e.history],
        "deployed": {n: prints(s) for n, s in e.deployed.items()}} for e in sim.world.enrollments.values()}}


def mend(sim):
    """Nothing goes wrong on purpose any more."""
    sim.faults.clear()
    return {}


DEEDS = {"set": set_knobs, "advance": advance, "seed": seed, "change_enrollment": change_enrollment,
         "begin": begin, "go": go, "sign": sign, "txt": txt, "state": state, "mend": mend}
