#!/usr/bin/python3
"""The simulator of CPS itself: its calls, its media types and bodies, and how changes go on, driven by
requests that Akamai's own library signs."""
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "sim"))
import akamai_cps_control  # noqa: E402 pylint: disable=wrong-import-position
try:
    import akamai_running as AR
except ImportError:
    AR = None
import running  # noqa: E402 pylint: disable=wrong-import-position

ACK = {"acknowledgement": "acknowledge"}


def same(got, wanted):
    if got != wanted:
        raise AssertionError("got %r, wanted %r" % (got, wanted))


def is_refused(sim, status, part, *call):
    try:
        sim.call(*call)
    except AR.Answer as why:
        same(why.status, status)
        same(why.kind, "application/problem+json")
        running.expect(why.text, part)
    else:
        raise AssertionError("%s is taken" % (call,))


def create(sim, **how):
    made = sim.call("POST", "/enrollments?contractId=C-0N7RAC7", "enrollment-status.v1", "enrollment.v11",
                    akamai_cps_control.enrollment_body(**how))
    return made["enrollment"], made["changes"][0]


def word(sim, change):
    return sim.get(change, "change.v2")["statusInfo"]["status"]


def ack(sim, change, what, content="acknowledgement.v1", **more):
    sim.call("POST", change + "/input/update/" + what, "change-id.v1", content, dict(ACK, **more))


def third_party(_):
    with AR.Cps() as sim:
        sim.do("set", pre_warnings="[WARNINGS]\nfirst\nsecond")
        enrollment, change = create(sim, stacked=True, sans=["api.shop.example"])
        same(word(sim, change), "new")
        sim.do("advance", seconds=61)
        same(word(sim, change), "wait-review-pre-verification-safety-checks")
        is_refused(sim, 404, "not-found", "GET", change + "/input/info/third-party-csr", "csr.v2")
        ack(sim, change, "pre-verification-warnings-ack")
        same(word(sim, change), "generate-csr")
        sim.do("advance", seconds=61)
        csrs = sim.get(change + "/input/info/third-party-csr", "csr.v2")["csrs"]
        same(sorted(c["keyAlgorithm"] for c in csrs), ["ECDSA", "RSA"])
        signed = [(c["keyAlgorithm"], sim.do("sign", csr=c["csr"])) for c in csrs]
        sim.call("POST", change + "/input/update/third-party-cert-and-trust-chain", "change-id.v1",
                 "certificate-and-trust-chain.v2", {"certificatesAndTrustChains": [
                     {"keyAlgorithm": a, "certificate": s["leaf"], "trustChain": s["chain"]}
                     for a, s in signed]})
        same(word(sim, change), "verify-third-party-cert")
        sim.do("advance", seconds=61)
        same(word(sim, change), "deploy-cert-to-staging")
        sim.do("advance", seconds=3600)
        same(word(sim, change), "wait-ack-change-management")
        info = sim.get(change + "/input/info/change-management-info", "change-management-info.v5")
        same(info["validationResultHash"], "da39a3ee5e6b4b0d3255bfef95601890afd80709")
        same(sim.get(enrollment + "/deployments", "deployments.v7")["production"], None)
        is_refused(sim, 400, "invalid-hash", "POST", change + "/input/update/change-management-ack",
                   "change-id.v1", "acknowledgement-with-hash.v1", dict(ACK, hash="0"))
        ack(sim, change, "change-management-ack", "acknowledgement-with-hash.v1",
            hash=info["validationResultHash"])
        sim.do("advance", seconds=3600)
        is_refused(sim, 404, "not-found", "GET", change, "change.v2")
        active = sim.get("/active-certificates", "active-certificates.v2")["enrollments"]
        same(len(active[0]["production"]["multiStackedCertificates"]), 1)


def dv(_):
    with AR.Cps() as sim:
        _, change = create(sim, kind="dv", cn="a.example", sans=["*.a.example"])
        sim.do("go", id=int(change.split("/")[4]), word="coordinate-domain-validation")
        same(word(sim, change), "coodinate-domain-validation")
        path = change + "/input/info/lets-encrypt-challenges"
        todo = sim.get(path, "dv-challenges.v2")["dv"]
        same([d["domain"] for d in todo], ["*.a.example", "a.example"])
        for domain in todo:
            dns = domain["challenges"][1]
            sim.do("txt", name=dns["fullPath"], value=dns["responseBody"][:-1] if domain is todo[0]
                   else dns["responseBody"])
        ack(sim, change, "lets-encrypt-challenges-completed")
        same([d["validationStatus"] for d in sim.get(path, "dv-challenges.v2")["dv"]],
             ["RESPONSE_ERROR", "VALIDATED"])
        sim.do("txt", name=todo[0]["challenges"][1]["fullPath"],
               value=todo[0]["challenges"][1]["responseBody"])
        ack(sim, change, "lets-encrypt-challenges-completed")
        same(word(sim, change), "check-for-cert")


def wrong_uploads(_):
    with AR.Cps() as sim:
        _, change = create(sim)
        number = int(change.split("/")[4])
        sim.do("go", id=number, word="wait-upload-third-party")
        _, other = create(sim, cn="other.example")
        sim.do("go", id=int(other.split("/")[4]), word="wait-upload-third-party")
        foreign = sim.do("sign", csr=sim.get(other + "/input/info/third-party-csr", "csr.v2")["csrs"][0]["csr"])
        entry = {"keyAlgorithm": "RSA", "certificate": foreign["leaf"],
                 "trustChain": foreign["root"] + foreign["chain"]}
        upload = ("POST", change + "/input/update/third-party-cert-and-trust-chain", "change-id.v1",
                  "certificate-and-trust-chain.v2")
        is_refused(sim, 400, "PEM", *upload, {"certificatesAndTrustChains": [dict(entry, certificate="x")]})
        is_refused(sim, 400, "certificatesAndTrustChains", *upload, {"certificatesAndTrustChains": []})
        sim.call(*upload, {"certificatesAndTrustChains": [entry]})
        sim.do("go", id=number, word="wait-review-third-party-cert")
        said = sim.get(change + "/input/info/post-verification-warnings", "warnings.v1")["warnings"]
        for part in ("was not generated from the CSR", "is missing from the certificate", "Unsorted"):
            running.expect(said, part)
        sim.call("POST", change + "/input/update/post-verification-warnings-ack", "change-id.v1",
                 "acknowledgement.v1", {"acknowledgement": "deny"})
        is_refused(sim, 404, "not-found", "GET", change.rsplit("/changes", 1)[0], "enrollment.v11")


def refusals(_):
    with AR.Cps() as sim:
        one = sim.do("seed")["ids"][0]
        place = "/enrollments/%d" % one
        is_refused(sim, 406, "Acceptable", "GET", place, "enrollment.v99")
        body = sim.get(place, "enrollment.v11")
        is_refused(sim, 415, "Media Type", "PUT", place, "enrollment-status.v1", "csr.v2", body)
        bad = dict(body, techContact=dict(body["techContact"], email="tom@shop.example"))
        is_refused(sim, 400, "techContact", "PUT", place, "enrollment-status.v1", "enrollment.v11", bad)
        same(sim.call("PUT", place, "enrollment-status.v1", "enrollment.v11", body)["changes"], [])
        begun = sim.call("PUT", place + "?force-renewal=true", "enrollment-status.v1", "enrollment.v11", body)
        same(len(begun["changes"]), 1)
        is_refused(sim, 409, "a change is pending", "PUT", place + "?force-renewal=true",
                   "enrollment-status.v1", "enrollment.v11", body)
        sim.call("DELETE", begun["changes"][0], "change-id.v1")
        same(sim.get(place, "enrollment.v11")["pendingChanges"], [])
        sim.do("set", rate=2)
        is_refused(sim, 429, "Too Many", "GET", place, "enrollment.v11")


def main():
    if not AR:
        print("1..0 # SKIP python3-edgegrid is not installed (dev/packages install test)")
        return
    running.run({"a dual-stacked third-party enrollment from its first call to production": third_party,
                 "names are validated by what stands in DNS": dv,
                 "what is uploaded is judged": wrong_uploads,
                 "what is refused": refusals})


main()
