"""The calls of CPS, one function each, by method, path and media types.

What a body must look like jsonschema says (akamai_cps_bodies.py); what there is and how it goes on is in
akamai_cps_world.py, what a test may do beside calling it in akamai_cps_control.py.
"""
import json
import re
import time

import jsonschema
from akamai_cps_bodies import BODIES
from akamai_cps_world import WAITS, Change, Refused, Stack, gone, refuse
import akamai_cps_x509 as x
from sim import Reply

ROOT = "/cps/v2"
E = r"/enrollments/(\d+)"
N = E + r"/changes/(\d+)"
YES = ("true",)


def media(entity):
    return "application/vnd.akamai.cps.%s+json" % entity


class Call:
    def __init__(self, method, path, accept, content, function):
        self.method, self.path, self.accept, self.content = method, re.compile(path + "$"), accept, content
        self.function = function


CALLS = []


def call(method, path, accept, content=()):
    def keep(function):
        CALLS.append(Call(method, path, accept, content, function))
        return function
    return keep


class Asked:
    """One request to CPS, with what it is about."""

    def __init__(self, world, request, body):
        self.world, self.request, self.body = world, request, body
        self.accept = request.headers.get("Accept", "")
        self.content = request.headers.get("Content-Type", "")
        self.enrollment = self.change = None

    def flag(self, name):
        return self.request.query.get(name, [""])[0] in YES

    def find(self, ids):
        if ids:
            self.enrollment = self.world.enrollments.get(int(ids[0])) or gone()
        if len(ids) > 1:
            change = self.enrollment.change
            if not change or change.id != int(ids[1]):
                gone()
            self.change = change


# --- enrollments ---

@call("GET", "/enrollments", ("enrollments.v11",))
def enrollments(ask):
    contract = ask.request.query.get("contractId", [None])[0]
    if contract not in ask.world.contracts and (contract is not None or
                                                ask.world.knobs["needs_contract"]):
        refuse(400, "", "ApiError(type=Forbidden, title=Invalid Contract, detail=%s, source=cps)" % contract)
    return 200, {"enrollments": [e.shown() for e in ask.world.enrollments.values()
                                 if contract in (None, e.contract)]}


@call("GET", E, ("enrollment.v11",))
def enrollment(ask):
    return 200, ask.enrollment.shown()


def check_enrollment(ask):
    """What the schema cannot say."""
    body = ask.body
    network = body["networkConfiguration"]
    if not network["sniOnly"] and network.get("dnsNameSettings"):
        refuse(400, "invalid-enrollment", "Invalid enrollment", "dnsNameSettings without sniOnly")
    settings = network.get("dnsNameSettings") or {}
    if settings and not settings["cloneDnsNames"] and not settings.get("dnsNames"):
        refuse(400, "invalid-enrollment", "Invalid enrollment", "no dnsNames although they are not cloned")
    if (body["validationType"] == "third-party") != bool(body.get("thirdParty")):
        refuse(400, "invalid-enrollment", "Invalid enrollment", "thirdParty")
    if not body.get("orgId") and not all(body.get(k) for k in ("adminContact", "techContact", "org")):
        refuse(400, "invalid-enrollment", "Invalid enrollment", "contacts")
    if len(x.all_names(body["csr"])) > 100:
        refuse(400, "invalid-enrollment", "Invalid enrollment", "too many names")


def started(ask, change, status=202):
    return status, {"enrollment": change.enrollment.location, "changes": [change.location]}


@call("POST", "/enrollments", ("enrollment-status.v1",), ("enrollment.v11",))
def create(ask):
    world, contract = ask.world, ask.request.query.get("contractId", [""])[0]
    if contract not in world.contracts:
        refuse(400, "", "ApiError(type=Forbidden, title=Invalid Contract, detail=%s, source=cps)" % contract)
    check_enrollment(ask)
    if ask.body["networkConfiguration"].get("clientMutualAuthentication"):
        refuse(400, "invalid-enrollment", "Invalid enrollment", "clientMutualAuthentication")
    name = ask.body["csr"]["cn"].lower()
    if any(e.body["csr"]["cn"].lower() == name for e in world.enrollments.values()) and \
            not ask.flag("allow-duplicate-cn"):
        refuse(409, "duplicate-common-name", "Conflict", "The common name %s is used by another enrollment"
               % name)
    if world.knobs["pace"] and world.made_at and world.now() - world.made_at < 300:
        refuse(409, "enrollment-pace", "Conflict",
               "Another enrollment was created under this contract less than five minutes ago")
    made = world.add(ask.body, contract)
    world.made_at = world.now()
    made.change = Change(world, made, "new-certificate")
    return started(ask, made.change)


def cancel_pending(ask):
    change = ask.enrollment.change
    if not change:
        return
    if not ask.flag("allow-cancel-pending-changes"):
        refuse(409, "cannot-cancel-pending-change", "Cannot cancel pending change.", "a change is pending")
    if change.word.startswith("deploy-"):
        refuse(500, "server-error", "Server Error", "")
    change.end("cancelled")


@call("PUT", E, ("enrollment-status.v1",), ("enrollment.v11",))
def update(ask):
    old, new = ask.enrollment.body, ask.body
    check_enrollment(ask)
    for fixed in ("sniOnly", "secureNetwork"):
        if old["networkConfiguration"][fixed] != new["networkConfiguration"][fixed]:
            refuse(400, "invalid-enrollment", "Invalid enrollment", fixed + " cannot be changed")
    changed = x.all_names(old["csr"]) != x.all_names(new["csr"])
    other = changed or old["networkConfiguration"] != new["networkConfiguration"]
    if not other and not ask.flag("force-renewal"):
        ask.enrollment.body.update({k: v for k, v in new.items() if k in old})
        return 200, {"enrollment": ask.enrollment.location, "changes": []}
    cancel_pending(ask)
    if ask.enrollment.id not in ask.world.enrollments:
        gone()
    ask.enrollment.body.update({k: v for k, v in new.items() if k in old})
    ask.enrollment.body["csr"]["sans"] = x.all_names(new["csr"])
    ask.enrollment.change = Change(ask.world, ask.enrollment, "modify-san" if changed else "renewal")
    return started(ask, ask.enrollment.change)


@call("DELETE", E, ("enrollment-status.v1",))
def remove(ask):
    e = ask.enrollment
    cancel_pending(ask)
    if not e.deployed["production"] and not e.deployed["staging"]:
        ask.world.enrollments.pop(e.id, None)
        return 200, {"enrollment": e.location, "changes": []}
    e.change = Change(ask.world, e, "remove")
    e.change.path = ["deprovision-cert", "complete"]
    return started(ask, e.change)


# --- changes ---

@call("GET", N, ("change.v2",))
def change_status(ask):
    return 200, ask.change.shown()


@call("DELETE", N, ("change-id.v1",))
def cancel(ask):
    if ask.world.knobs["late_cancel"] or ask.change.word == "deploy-cert-to-production":
        refuse(409, "cannot-cancel-pending-change", "Cannot cancel pending change.", "it is being deployed")
    ask.change.end("cancelled")
    return 200, {"change": ask.change.location}


@call("GET", N + "/deployment-schedule", ("deployment-schedule.v1",))
def schedule(ask):
    return 200, ask.change.schedule


@call("PUT", N + "/deployment-schedule", ("change-id.v1",), ("deployment-schedule.v1",))
def set_schedule(ask):
    ask.change.schedule = dict(ask.body)
    return 200, {"change": ask.change.location}


def input_of(ask, end, place):
    """The change waits for this, or it is not there."""
    wait = WAITS.get(ask.change.word)
    if not wait or wait[place] != end or ask.change.ended:
        gone()
    if ask.world.knobs["vanish"] > 0:
        ask.world.knobs["vanish"] -= 1
        gone()
    return ask.change


def info(what, *accept):
    def keep(function):
        @call("GET", N + "/input/info/" + what, accept)
        def answer(ask):
            input_of(ask, what, 1)
            return function(ask)
        return answer
    return keep


def given(what, *content):
    def keep(function):
        @call("POST", N + "/input/update/" + what, ("change-id.v1",), content)
        def answer(ask):
            change = input_of(ask, what, 2)
            if ask.world.knobs["conflict"] > 0:
                ask.world.knobs["conflict"] -= 1
                refuse(409, "invalid-enrollment-state", "Invalid enrollment state.", "try again")
            if (ask.body or {}).get("acknowledgement") == "deny":
                change.end("cancelled")
            else:
                function(ask)
            return 200, {"change": change.location}
        return answer
    return keep


@info("third-party-csr", "csr.v2")
def csr(ask):
    return 200, {"csrs": [{"keyAlgorithm": a, "csr": t} for a, t in ask.change.csrs.items()]}


@info("pre-verification-warnings", "warnings.v1")
def pre_warnings(ask):
    return 200, {"warnings": ask.world.knobs["pre_warnings"]}


@info("post-verification-warnings", "warnings.v1")
def post_warnings(ask):
    return 200, {"warnings": ask.change.post}


@info("lets-encrypt-challenges", "dv-challenges.v2")
def challenges(ask):
    return 200, {"dv": [d.shown(ask.world) for d in ask.change.domains]}


@info("change-management-info", "change-management-info.v5", "deployment.v7")
def change_management(ask):
    change, world = ask.change, ask.world
    if ask.accept == media("deployment.v7"):
        return 200, ask.enrollment.deployment("staging")
    if world.knobs["reword"] > 0:
        change.reworded, world.knobs["reword"] = change.reworded + 1, world.knobs["reword"] - 1

    def flag(value):
        return bool(value) if world.knobs["real_booleans"] else "true" if value else "false"
    network = change.network
    deadline = change.deadline()
    return 200, {
        "acknowledgementDeadline": deadline and world.said(deadline),
        "validationResultHash": change.findings_hash(), "validationResult": change.findings(),
        "pendingState": {
            "pendingCertificates": [{
                "certificateType": ask.enrollment.body["certificateType"],
                "fullCertificate": x.write_pem([s.leaf] + s.chain), "keyAlgorithm": s.algorithm,
                "ocspStapled": flag(False), "ocspUris": None, "signatureAlgorithm": "SHA-256"}
                for s in change.stacks],
            "pendingNetworkConfiguration": {
                "dnsNameSettings": network.get("dnsNameSettings"),
                "mustHaveCiphers": network.get("mustHaveCiphers"), "networkType": None,
                "ocspStapling": network.get("ocspStapling") or "not-set",
                "preferredCiphers": network.get("preferredCiphers"),
                "quicEnabled": flag(network["quicEnabled"]), "sniOnly": flag(network["sniOnly"]),
                "disallowedTlsVersions": network.get("disallowedTlsVersions")}}}


def acknowledge(ask):
    ask.change.acked.add(ask.change.word)


given("pre-verification-warnings-ack", "acknowledgement.v1")(acknowledge)
given("post-verification-warnings-ack", "acknowledgement.v1")(acknowledge)


@given("change-management-ack", "acknowledgement.v1", "acknowledgement-with-hash.v1")
def acknowledge_change(ask):
    if "hash" in ask.body and ask.body["hash"] != ask.change.findings_hash():
        refuse(400, "invalid-hash", "Invalid hash", "The validation result has changed.")
    acknowledge(ask)


@given("lets-encrypt-challenges-completed", "acknowledgement.v1")
def completed(ask):
    ask.world.validate(ask.change)


@given("third-party-cert-and-trust-chain", "certificate-and-trust-chain.v2")
def upload(ask):
    stacks = []
    for entry in ask.body["certificatesAndTrustChains"]:
        asked = ask.change.csrs.get(entry["keyAlgorithm"])
        try:
            leaf = x.read_pem(entry["certificate"], 1)[0]
            chain = x.read_pem(entry["trustChain"], 10) if entry.get("trustChain") else []
        except ValueError as why:
            refuse(400, "invalid-certificate-chain-type", "Invalid certificate", str(why))
        if not asked:
            refuse(400, "invalid-certificate-chain-type", "Invalid certificate", "no CSR of that key type")
        stacks.append(Stack(leaf, chain, asked))
    if len(stacks) < len(ask.change.csrs):
        refuse(400, "invalid-certificate-chain-type", "Invalid certificate",
               "a certificate for every CSR is needed")
    ask.change.stacks = stacks
    acknowledge(ask)


# --- what is deployed, and what was ---

@call("GET", E + "/deployments", ("deployments.v7",))
def deployments(ask):
    return 200, {network: ask.enrollment.deployment(network) for network in ("production", "staging")}


@call("GET", E + "/deployments/(production|staging)", ("deployment.v7",))
def deployment(ask):
    return 200, ask.enrollment.deployment(ask.request.path.rsplit("/", 1)[1]) or gone()


@call("GET", "/active-certificates", ("active-certificates.v2",))
def active(ask):
    if not ask.world.knobs["active"]:
        gone()
    contract = ask.request.query.get("contractId", [None])[0]
    return 200, {"enrollments": [e.active() for e in ask.world.enrollments.values()
                                 if contract in (None, e.contract) and any(e.deployed.values())]}


@call("GET", E + "/history/changes", ("change-history.v5",))
def change_history(ask):
    e = ask.enrollment
    found = ([e.change] if e.change else []) + e.history
    return 200, {"changes": [c.old() for c in (found if ask.flag("includeAll") else found[:6])]}


@call("GET", E + "/history/certificates", ("certificate-history.v2",))
def certificate_history(ask):
    e, found = ask.enrollment, []
    for change in [c for c in e.history if c.stacks]:
        def lives(network, change=change):
            return "active" if [s.leaf for s in e.deployed[network]] == [s.leaf for s in change.stacks] \
                else "inactive"
        both = [s.deployed(ask.world) for s in change.stacks]
        found.append({"type": e.body["certificateType"], "deploymentStatus": lives("production"),
                      "stagingStatus": lives("staging"), "geography": "core", "ra": e.body["ra"],
                      "slots": e.slots, "primaryCertificate": both[0], "multiStackedCertificates": both[1:]})
    return 200, {"certificates": found if ask.flag("includeAll") else found[:6]}


@call("GET", E + "/dv-history", ("dv-history.v1",))
def dv_history(ask):
    e, found = ask.enrollment, {}
    for change in ([e.change] if e.change else []) + e.history:
        for domain in change.domains:
            found.setdefault(domain.name, []).append(domain.shown(ask.world))
    return 200, {"results": [{"domain": n, "domainHistory": h} for n, h in found.items()]}


# --- all of it ---

def too_much(world, most, calls):
    """429, as the knob says that it tells when; None: it is not too much."""
    recent = [t for t in calls if t > world.now() - 60]
    if not most or len(recent) < most:
        return None
    seconds = max(1, int(recent[0] + 60 - world.now()) + 1)
    hint, headers, detail = world.knobs["rate_hint"], {}, "Limit reached."
    if hint == "retry-after":
        headers["Retry-After"] = str(seconds)
    elif hint == "next":
        headers["X-RateLimit-Next"] = time.strftime("%Y-%m-%dT%H:%M:%S.000Z",
                                                   time.gmtime(time.time() + seconds))
    elif hint == "detail":
        detail += " Retry after: %d seconds." % seconds
    return Reply(429, {"type": "429 Too Many Requests", "title": "Too Many Requests", "detail": detail},
                 headers, kind="application/problem+json")


def read_body(request, entity):
    try:
        body = json.loads(request.body)
        jsonschema.validate(body, BODIES[entity])
    except ValueError:
        refuse(400, "invalid-json", "Bad Request", "The body is no JSON")
    except jsonschema.ValidationError as why:
        refuse(400, "validation-error", "Bad Request", "%s: %s" % (
            "/".join(str(p) for p in why.absolute_path) or "body", why.message))
    return body


def kind_of(request, fit):
    """The media type of the answer, having looked at those of the request."""
    accept = request.headers.get("Accept", "")
    content = request.headers.get("Content-Type", "").replace("; charset=utf-8", "")
    if accept not in [media(a) for a in fit.accept]:
        refuse(406, "not-acceptable", "Not Acceptable", "")
    if fit.content and content not in [media(c) for c in fit.content]:
        refuse(415, "unsupported-media-type", "Unsupported Media Type", "")
    return accept, next((c for c in fit.content if media(c) == content), None)


def answer_call(world, request):
    path = request.path[len(ROOT):]
    fits = [(c, m) for c in CALLS for m in [c.path.match(path)] if m]
    if not fits:
        gone("no such resource")
    fit, match = next(((c, m) for c, m in fits if c.method == request.method), (None, None))
    if not fit:
        refuse(405, "method-not-allowed", "Method Not Allowed", "")
    accept, content = kind_of(request, fit)
    ask = Asked(world, request, read_body(request, content) if content else None)
    ask.find([g for g in match.groups() if g.isdigit()])
    status, body = fit.function(ask)
    return Reply(status, body, kind=accept)


def handle(world, request):
    """An answer to what came through the gateway."""
    limit = too_much(world, world.knobs["rate"], world.calls)
    if not limit and request.path == ROOT + "/active-certificates":
        limit = too_much(world, world.knobs["active_rate"], world.active_calls)
        world.active_calls.append(world.now())
    if limit:
        return limit
    world.calls.append(world.now())
    try:
        return answer_call(world, request)
    except Refused as refused:
        return refused.reply
    finally:
        world.settle()
