#!/usr/bin/python3
"""The program against the simulator of AWS when it says no, says nonsense, says nothing, or says too much."""
from aws_place import ACM, HTML, JSON, QUICK, TRIES_MOST, Aws, one_sentence
from place import apart, case, cases, holds, same

LIST = "acm:(List|Search)Certificates"


def names(p, store=ACM):
    return sorted(r["name"] for r in p.rows("certs") if store in (place["store"] for place in r["places"]))


# --- every shape of refusal -------------------------------------------------------------------------

REFUSALS = {        # code: what the sentence says beside it; how often it may be asked
    "UnrecognizedClientException": ("not enabled in this account", 2),
    "InvalidSignatureException": ("secret key is not the one", 2),
    "ExpiredTokenException": ("sign in again", 2),
    "MissingAuthenticationTokenException": ("proxy", 1),
    "IncompleteSignatureException": ("proxy", 1),
    "AccessDeniedException": ("acm:ListCertificates", 1),
    "UnknownOperationException": ("right service", 1),
    "ValidationException": ("as AWS says it", 2),
    "InvalidArnException": ("as AWS says it", 1),
    "LimitExceededException": ("quota", 1),
    "OptInRequired": ("not enabled", 1),
    "SubscriptionRequiredException": ("not signed up", 1),
    "NeverHeardOfException": ("as AWS says it", 1),
}
SHAPES = (      # headers and body of a refusal, by what says the code
    ({}, '{"__type":"%s","message":"%s"}'),
    ({}, '{"__type":"com.amazonaws.acm#%s:http://internal.amazon.com/","Message":"%s"}'),
    ({"x-amzn-ErrorType": "%s:http://internal.amazon.com/"}, '{"message":"as AWS says it"}'),
    ({}, "<ErrorResponse xmlns=\"http://x/\"><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message>"
         "</Error><RequestId>r-1</RequestId></ErrorResponse>"),
    ({}, "<?xml version=\"1.0\"?><Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors>"
         "<RequestID>r-1</RequestID></Response>"),
)


def refused(p, code, part, most, headers, body):
    message = "as AWS says it"
    if code == "AccessDeniedException":
        message = "User: x is not authorized to perform: acm:ListCertificates"
    p.sim.do("forget_calls")
    p.sim.do("fail", operation=LIST, times=60, status=400,
             body=body % ((code, message) if body.count("%s") == 2 else ()),
             headers={k: v % code for k, v in headers.items()})
    run = p.bad("refresh", ACM)
    one_sentence(run, code.replace("Exception", ""), "eu-west-1",
                 part if code != "AccessDeniedException" or body.count("%s") == 2 else "AccessDenied")
    for operation in ("acm:SearchCertificates", "acm:ListCertificates"):
        if p.calls(operation) > most:
            raise AssertionError("%s: %d calls of %s" % (code, p.calls(operation), operation))
    p.sim.do("mend")


@case
def shapes():
    """each code in each form: a sentence with the way out, no endless asking, old rows with their age"""
    with Aws() as p:
        p.sim.do("seed", name="kept", count=3)
        p.account()
        p.good("refresh", ACM)
        before = names(p)
        read = next(r["seen"] for r in p.rows("stores") if r["id"] == ACM)
        for number, (code, (part, most)) in enumerate(REFUSALS.items()):
            refused(p, code, part, most, *SHAPES[number % len(SHAPES)])
            same(names(p), before, code)
        for headers, body in SHAPES:
            refused(p, "LimitExceededException", "quota", 1, headers, body)
        row = next(r for r in p.rows("stores") if r["id"] == ACM)
        same((row["state"], row["seen"]), ("failed", read), "as old as it is")
        p.good("refresh", ACM)
        same(names(p), before)


XML = "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type>" \
      "<Code>%s</Code><Message>as AWS says it</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"


@case
def shapes_of_iam():
    """the services that speak XML say no in a sentence as well, and what IAM had stays"""
    with Aws() as p:
        p.account()
        p.good("add", "--file", p.bundle("site.example.org"), "--name", "site", "--yes", "prod/iam")
        p.good("refresh", "prod/iam")
        for code, status, part in (
                ("InvalidClientTokenId", 403, "not known there"), ("AccessDenied", 403, "as AWS"),
                ("SignatureDoesNotMatch", 403, "secret key is not"), ("ExpiredToken", 403, "sign in again"),
                ("InvalidAction", 400, "right service"), ("LimitExceeded", 409, "quota"),
                ("NeverHeardOf", 418, "as AWS says it")):
            p.sim.do("forget_calls")
            p.sim.do("fail", operation="iam:List.*", times=60, status=status, body=XML % code)
            one_sentence(p.bad("refresh", "prod/iam"), code, part, "r-1")
            same(names(p, "prod/iam"), ["site.example.org"])
            same(p.calls("iam:ListServerCertificates") <= 2, True)
            p.sim.do("mend")
        p.sim.do("fail", operation="route53:.*", times=60, status=400,
                 body="<?xml version=\"1.0\"?><InvalidChangeBatch><Messages><Message>no</Message>"
                 "<Message>nor this</Message></Messages></InvalidChangeBatch>")
        p.good("order", "--names", "www.example.org", "--yes", ACM)
        holds(p.bad("publish", p.request("www.example.org")["id"]).err, "no; nor this")


# --- what is no answer of AWS ------------------------------------------------------------------------

STRANGE = {         # name: what comes instead of an answer, and a part of the sentence
    "a page that says 200": ({"status": 200, "body": HTML}, "proxy"),
    "a page that says 403": ({"status": 403, "body": HTML}, "proxy"),
    "a page that asks for a login": ({"status": 302, "body": HTML, "headers": {"Location": "http://login/"}},
                                     "proxy"),
    "a proxy that wants a password": ({"status": 407, "body": ""}, "proxy"),
    "half of an answer": ({"status": 200, "body": "{\"Results\":[{\"Cert", "headers": JSON}, "JSON"),
    "nothing at all": ({"status": 200, "body": ""}, "is that ACM"),
    "another service's": ({"status": 200, "body": "{\"KeyMetadata\":{}}", "headers": JSON}, "is that ACM"),
    "a list of lists": ({"status": 200, "body": "[[[[]]]]", "headers": JSON}, ""),
    "bytes": ({"status": 200, "body": "\u0000\u001b[2J\u009b", "headers": JSON}, ""),
}


@case
def strangers():
    """pages of proxies and answers of others end in a sentence at once; a wrong type is no fault"""
    with Aws() as p:
        p.sim.do("seed", name="kept", count=3)
        p.account()
        p.good("refresh", ACM)
        before = names(p)
        for name, (how, part) in STRANGE.items():
            p.sim.do("forget_calls")
            p.sim.do("fail", operation=LIST, times=60, **how)
            one_sentence(p.bad("refresh", ACM), "eu-west-1", part)
            same((names(p), p.calls("acm:SearchCertificates") <= 1), (before, True), name)
            p.sim.do("mend")
        p.sim.do("fail", operation="acm:.*", times=60, lie=True)
        p.good("refresh", ACM)
        same(names(p), before)


def breaks(how, part):
    with Aws() as p:
        p.sim.do("seed", name="kept", count=3)
        p.account()
        p.good("refresh", ACM)
        before = names(p)
        p.sim.do("forget_calls")
        p.sim.do("fail", operation=LIST, times=60, **how)
        one_sentence(p.bad("refresh", ACM), "eu-west-1", part)
        same((names(p), 1 < p.calls("acm:SearchCertificates") <= TRIES_MOST), (before, True), how)
        p.sim.do("mend")
        p.sim.do("fail", operation=LIST, times=1, **how)
        p.good("refresh", ACM)


@case
def broken():
    """answers that break off, gateways that are away: asked a few times, then a sentence, nothing lost"""
    apart(breaks, (({"break": True}, "listing"), ({"drop": True}, "listing"),
                   ({"status": 503, "body": HTML}, "try again later"),
                   ({"code": "InternalFailure", "status": 500}, "try again later")))


@case
def details():
    """details that cannot be had are named; the rest of the list is there"""
    with Aws() as p:
        p.account()
        spoilt = "{\"Certificate\":\"-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\"}"
        for number, (how, part) in enumerate((
                ({"status": 200, "body": HTML}, "proxy"), ({"status": 200, "body": "{}"}, "is no certificate"),
                ({"code": "AccessDeniedException", "message": "not acm:GetCertificate"}, "acm:GetCertificate"),
                ({"status": 200, "body": spoilt}, "is no certificate"))):
            name = "n%d.example.org" % number
            p.sim.do("seed", name=name, kind="AMAZON_ISSUED")
            p.sim.do("fail", operation="acm:GetCertificate", **how)
            run = p.certty("refresh", ACM)
            same(run.status > 0, True, run.out)
            holds(run.err, name, "eu-west-1", part)
            same(len(names(p)), number + 1)
            p.good("refresh", ACM)


# --- too much ---------------------------------------------------------------------------------------

def lets_nothing_through(code):
    with Aws() as p:
        p.account()
        p.sim.do("seed", name="kept", count=4)
        p.sim.do("set", page_cap=2)
        p.sim.do("fail", operation=LIST, times=9999, after=1, code=code, message="Rate exceeded")
        run = p.certty("refresh", ACM, env=QUICK)
        same(run.status > 0, True, run.out)
        holds(run.err, code.replace("Exception", ""), "try again later", "2 certificates that were read")
        same((len(names(p)), p.calls("acm:SearchCertificates") < 30), (2, True))
        p.sim.do("mend")
        p.good("refresh", ACM)
        before = names(p)
        same(len(before), 4)
        p.sim.do("fail", operation=LIST, times=9999, code=code, message="Rate exceeded")
        one_sentence(p.bad("refresh", ACM, env=QUICK), code.replace("Exception", ""), "try again later")
        same(names(p), before)


@case
def throttled():
    """a region that lets nothing through any more ends with a sentence, soon, and keeps what was read"""
    apart(lets_nothing_through, [(code,) for code in ("ThrottlingException", "TooManyRequestsException",
                                                      "RequestLimitExceeded")])


@case
def throttled_details():
    """when details are what it is too much of, the list is there, and nobody waits for each of them"""
    with Aws() as p:
        p.account()
        p.sim.do("seed", name="kept", count=60)
        p.sim.do("fail", operation="acm:GetCertificate", times=9999, after=10, code="ThrottlingException",
                 message="Rate exceeded")
        run = p.certty("refresh", ACM, env=QUICK)
        same((run.status > 0, len(names(p))), (True, 60), run.out)
        holds(run.err, "ACM in eu-west-1 lets nothing through of GetCertificate", "try again later")
        same(p.calls("acm:GetCertificate") < 60, True)
        p.sim.do("mend")
        p.good("refresh", ACM)


@case
def left_alone():
    """a server that says how long it wants to be left alone is left alone, or believed"""
    with Aws() as p:
        p.sim.do("seed", name="kept", count=2)
        p.account()
        body = '{"__type":"ThrottlingException","message":"Rate exceeded"}'
        p.sim.do("fail", operation=LIST, times=9, status=400, body=body, headers={"Retry-After": "3600"})
        p.sim.do("forget_calls")
        one_sentence(p.bad("refresh", ACM), "3600 s")
        same(p.calls("acm:SearchCertificates"), 1)
        p.sim.do("mend")
        p.sim.do("fail", operation=LIST, times=2, status=400, body=body, headers={"x-amz-retry-after": "300"})
        p.good("refresh", ACM)
        same(len(names(p)), 2)


@case
def real_rates():
    """under AWS's real rates, with others using half of them, all comes to its end"""
    with Aws() as p:
        p.account()
        p.sim.do("seed", name="kept", count=30)
        p.sim.do("set", throttle=True, rates={"acm:GetCertificate": 5, "acm:SearchCertificates": 2})
        p.good("refresh", ACM)
        same(len(names(p)), 30)


cases(at_once=2)
