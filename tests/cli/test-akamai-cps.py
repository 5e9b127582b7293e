#!/usr/bin/python3
"""Reading what Akamai has deployed, against a simulator that checks signatures, media types and bodies."""
from akamai_place import PRODUCTION, STAGING, Akamai, missing
from place import case, cases, holds, same


@case
def stores_and_rows():
    """both networks are stores; both of a dual-stacked pair, with enrollment id and slot by name"""
    if missing():
        return missing()
    with Akamai() as p:
        p.account()     # stores that are new are read at once, as far as one gets: there is nothing yet
        one, two = (p.do("seed", cn="www.shop.example", sans=["zoo.shop.example"], stacked=True)["ids"][0],
                    p.do("seed", cn="new.shop.example", networks=["staging"])["ids"][0])
        p.forget_calls()
        p.good("refresh", STAGING)
        p.good("refresh", PRODUCTION)
        same(p.in_store(PRODUCTION), {"%d/RSA" % one: "www.shop.example",
                                      "%d/ECDSA" % one: "www.shop.example"})
        same(p.in_store(STAGING), {"%d/RSA" % one: "www.shop.example", "%d/ECDSA" % one: "www.shop.example",
                                   "%d/RSA" % two: "new.shop.example"})
        same(p.calls("/deployments"), ["GET /cps/v2/enrollments/%d/deployments" % n for n in (two, one)])
        shown = p.good("show", p.cert("www.shop.example")).out
        slot = p.state(one)["slots"][0]
        holds(shown, "Enrollment id", str(one), "Slot", str(slot), "Trust chain", "Example Issuing",
              "zoo.shop.example", "Side by side", "in nothing")
        p.forget_calls()
        p.good("refresh", PRODUCTION)
        p.good("show", p.cert("www.shop.example"))
        same(p.calls("/deployments"), [])
        holds(p.good("account-stores", "ak").out, "Production and Staging", "2 enrollments")


@case
def side_by_side():
    """the networks side by side, and how they differ"""
    if missing():
        return missing()
    with Akamai() as p:
        p.do("seed", staging_days=300, mustHaveCiphers="ak-akamai-default")
        p.account()
        p.good("refresh", PRODUCTION)
        shown = p.good("show", p.cert("www.shop.example")).out
        holds(shown, "They differ", "only there: RSA, ends")


@case
def one_by_one():
    """without GET /active-certificates every enrollment is asked for alone, and one that fails is one row"""
    if missing():
        return missing()
    with Akamai() as p:
        ids = p.do("seed", count=3)["ids"]
        p.do("set", active=False, string_ids=True, cps_api=True, fractions=True, null_primary=True)
        p.account()
        p.good("refresh", PRODUCTION)
        same(len(p.in_store(PRODUCTION)), 3)
        p.sim.fault(path="/enrollments/%d/deployments" % ids[1], status=500, body="<html>no</html>", times=9)
        run = p.certty("refresh", PRODUCTION)
        same(run.status, 3, run.err)
        holds(run.out + run.err, "1 enrollment could not be read", str(ids[1]), "failed at Akamai")
        same(len(p.in_store(PRODUCTION)), 3)


FAULTS = (
    (dict(status=404, body=""), None),
    (dict(status=503, body="Account limit reached.\nCall us", times=9), ("Account limit reached",)),
    (dict(status=500, body="", times=9), ("failed at Akamai",)),
    (dict(status=502, body="<html><h1>Bad Gateway</h1></html>", times=9), ("failed at Akamai", "502")),
    (dict(status=403, body='{"type":"https://problems.luna.akamaiapis.net/-/pep-authz/deny",'
          '"title":"Forbidden","status":403,'
          '"detail":"The client does not have the grant needed for the request"}'),
     ("no grant",)),
    (dict(status=400, body='{"type":"https://problems.luna.akamaiapis.net/-/pep-authn/request-error",'
          '"title":"Bad request","status":400,"detail":"WAF deny rule BURST-7"}', times=9), ("too often",)),
    (dict(status=400, body='{"problemType":"x","title":"Bad request","httpStatus":400,'
          '"detail":"Invalid timestamp"}', times=2), ("clock",)),
    (dict(status=401, body='{"type":"https://problems.luna.akamaiapis.net/-/pep-authn/deny",'
          '"title":"Not authorized","detail":"The signature does not match"}', times=9), ("client secret",)),
    (dict(status=401, body='{"type":"https://problems.luna.akamaiapis.net/-/pep-authn/deny",'
          '"title":"Not authorized","detail":"The nonce came before"}'), None),
    (dict(status=415, body=""), ("does not know the form",)),
    (dict(status=200, body=""), ("not what CPS answers",)),
    (dict(status=200, body="<html>sign in</html>"), ("not what CPS answers",)),
    (dict(status=200, body='{"enrollments":[{"id":'), ("broke off",)),
    (dict(status=200, body='{"enrollments":[{"csr":{}}]}'), ("has no number",)),
    (dict(status=200, body='{"other":1}'), ("no list of enrollments",)),
)


@case
def faults():
    """every form of an error is a sentence, and what was known stays"""
    if missing():
        return missing()
    with Akamai() as p:
        p.do("seed")
        p.account()
        p.good("refresh", STAGING)
        for fault, says in FAULTS:
            p.sim.fault(path="/active-certificates", **fault)
            if says:
                p.bad("refresh", STAGING, says=says)
            else:
                p.good("refresh", STAGING)
            p.do("mend")
            same(len(p.in_store(STAGING)), 1, fault)


@case
def turned_away():
    """a 429 is waited for as it says"""
    if missing():
        return missing()
    with Akamai() as p:
        p.do("seed")
        p.account()
        p.sim.fault(path="/active-certificates", status=429, headers={"Retry-After": "1"},
                    body='{"title":"Too Many Requests","detail":"Retry after: 1 seconds."}')
        p.good("refresh", STAGING)
        same(len(p.in_store(STAGING)), 1)


@case
def grants():
    """an API client for something else has no stores"""
    if missing():
        return missing()
    with Akamai("--deny", "cps") as p:
        holds(p.account(), "may not read enrollments")
        same([s for s in p.rows("stores") if s["account"] == "ak"], [])
    with Akamai("--deny", "cps-write") as p:
        number = p.do("seed")["ids"][0]
        p.account()
        p.good("refresh", PRODUCTION)
        p.bad("renew", p.cert("www.shop.example"), "--yes", says=["no grant", "READ-WRITE to change"])
        same(p.state(number)["change"], None)


cases()
