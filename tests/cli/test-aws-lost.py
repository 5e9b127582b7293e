#!/usr/bin/python3
"""The program against the simulator of AWS when the answer to an order or an import is lost, or a no: nothing
is there twice, and nothing that cannot be right."""
import os

from aws_place import ACM, HTML, JSON, QUICK, Aws, one_sentence
from place import apart, case, cases, holds, same

# --- orders: never twice ------------------------------------------------------------------------------

REPLIES_LOST = {        # name: the order is done, and this is what comes back of it
    "the connection breaks": {"drop": True},
    "half an answer": {"processed": True, "status": 200, "body": "{\"Certifi", "headers": JSON},
    "a page of a proxy": {"processed": True, "status": 200, "body": HTML},
    "a gateway in vain": {"processed": True, "status": 504, "body": HTML},
    "an error inside": {"processed": True, "status": 500, "code": "InternalFailure"},
    "nothing": {"processed": True, "status": 200, "body": ""},
    "a login page": {"processed": True, "status": 403, "body": HTML},
}


def order_lost(number, name, how):
    with Aws() as p:
        p.account()
        domain = "n%d.example.org" % number
        p.sim.do("fail", operation="acm:RequestCertificate", times=99, **how)
        one_sentence(p.bad("order", "--names", domain, "--yes", ACM), domain, "sync asks again")
        row = p.request(domain)
        same((row["state"] != "failed", "sync" in row["can"]), (True, True), name)
        p.bad("sync", row["id"])
        p.sim.do("mend")
        if number % 2:          # it may have its record by now, of which nobody has a zone
            p.certty("sync", row["id"])
        else:
            p.good("order", "--names", domain, "--yes", ACM)
        holds(p.request(domain)["id"], "/certificate/")
        same([c["names"] for c in p.theirs()], [[domain]], name)
        same(len([r for r in p.rows("requests") if r["title"] == domain]), 1, name)


@case
def orders_lost():
    """an order whose answers are lost says so, and begun again it is the same order"""
    apart(order_lost, [(number, *one) for number, one in enumerate(REPLIES_LOST.items())])


@case
def orders_refused():
    """what AWS refuses is final and said; what it turns away unread, or does not know, is asked again"""
    with Aws() as p:
        p.account()
        for number, (code, message, part) in enumerate((
                ("LimitExceededException", "you have reached your limit of 20 certificates", "quota"),
                ("ValidationException", "1 validation error detected", "1 validation error"),
                ("InvalidDomainValidationOptionsException", "not a superdomain", "not a superdomain"),
                ("TooManyTagsException", "too many", "too many"),
                ("InvalidParameterException", "no", "no"),
                ("AccessDeniedException", "User: x is not authorized", "acm:RequestCertificate"))):
            domain = "n%d.example.org" % number
            p.sim.do("forget_calls")
            p.sim.do("fail", operation="acm:RequestCertificate", times=99, code=code, message=message)
            one_sentence(p.bad("order", "--names", domain, "--yes", ACM), code.replace("Exception", ""), part)
            same((p.calls("acm:RequestCertificate"), p.request(domain)["state"]), (1, "failed"), code)
            p.sim.do("mend")
        slow = {"operation": "acm:RequestCertificate", "code": "ThrottlingException", "message": "Rate"}
        p.sim.do("fail", times=3, **slow)
        p.good("order", "--names", "slow.example.org", "--yes", ACM)
        p.sim.do("fail", times=9999, **slow)
        one_sentence(p.bad("order", "--names", "slower.example.org", "--yes", ACM, env=QUICK), "Throttling")
        p.sim.do("mend")
        p.good("sync", p.request("slower.example.org")["id"])
        same(sorted(c["names"][0] for c in p.theirs()), ["slow.example.org", "slower.example.org"])


@case
def private_lost():
    """an order at a private CA whose answer is lost is one certificate"""
    with Aws() as p:
        authority = p.sim.do("ca", name="Corp Root")["arn"]
        p.account()
        csr = p.path("new.csr")
        p.openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", p.path("new.key"), "-out", csr,
                  "-subj", "/CN=new.corp.example", "-addext", "subjectAltName=DNS:new.corp.example")
        p.sim.do("fail", operation="acm-pca:IssueCertificate", times=99, drop=True)
        order = ("order", "--names", "new.corp.example", "--csr", csr, "--yes", "prod/ca:" + authority)
        p.bad(*order, says=["sync"])
        p.sim.do("mend")
        p.good(*order)
        same(len(p.sim.do("state")["cas"][0]["issued"]), 1)
        same(p.request("new.corp.example")["state"], "issued")


# --- what is put there: never twice, and nothing that cannot be right ------------------------------------

@case
def imports_lost():
    """an import whose answer is lost is looked for, and not sent once more"""
    with Aws() as p:
        p.account()
        for number, (name, how) in enumerate(REPLIES_LOST.items()):
            domain = "n%d.example.org" % number
            bundle = p.bundle(domain)
            p.sim.do("fail", operation="acm:ImportCertificate", times=1, **how)
            p.certty("add", "--file", bundle, "--yes", ACM)
            p.good("add", "--file", bundle, "--yes", ACM)
            same([c["names"] for c in p.theirs() if domain in c["names"]], [[domain]], name)
        p.sim.do("fail", operation="iam:UploadServerCertificate", drop=True)
        for _ in range(2):
            p.certty("add", "--file", bundle, "--name", "lost", "--yes", "prod/iam")
        same([s["name"] for s in p.sim.do("state")["iam"]], ["lost"])


def issued(p, folder):
    """Root, middle and leaf with its key, in PEM."""
    os.mkdir(folder)

    def run(*args):
        p.openssl(*args, cwd=folder)

    def read(name):
        with open(os.path.join(folder, name), encoding="ascii") as f:
            return f.read()
    above = None
    for name, what in (("root", "CA:TRUE"), ("middle", "CA:TRUE"), ("leaf", "CA:FALSE")):
        run("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", name + ".key", "-out", name + ".csr",
            "-subj", "/CN=%s.example.org" % name)
        with open(os.path.join(folder, name + ".ext"), "w", encoding="ascii") as f:
            f.write("basicConstraints=critical,%s\nsubjectAltName=DNS:%s.example.org\n" % (what, name))
        by = ("-CA", above + ".pem", "-CAkey", above + ".key", "-CAcreateserial") if above else \
            ("-signkey", name + ".key")
        run("x509", "-req", "-in", name + ".csr", "-out", name + ".pem", "-days", "30",
            "-extfile", name + ".ext", *by)
        above = name
    return [read(n) for n in ("root.pem", "middle.pem", "leaf.pem", "leaf.key")]


@case
def chains():
    """a chain in any order goes there in the right one; what cannot be right is refused and not sent"""
    with Aws() as p:
        p.account()
        root, middle, leaf, key = issued(p, p.path("issued"))
        other = issued(p, p.path("others"))
        with open(p.path("ca.conf"), "a", encoding="ascii") as f:
            f.write("basicConstraints=CA:FALSE\n")     # of version 3, then
        expired = p.make("old.example.org", days=-1, folder=p.folder, file="old.pem")
        early = p.make("early.example.org", days=90, since=30, folder=p.folder, file="early.pem")
        both = {}
        for path, name in ((expired, "made1"), (early, "made2")):
            with open(path, encoding="ascii") as cert, open(p.path(name + ".key"), encoding="ascii") as of:
                both[path] = cert.read() + of.read()
        path = p.path("it.pem")

        def add(text, *says):
            with open(path, "w", encoding="ascii") as f:
                f.write(text)
            p.sim.do("forget_calls")
            if not says:
                return p.good("add", "--file", path, "--yes", ACM)
            one_sentence(p.bad("add", "--file", path, "--yes", ACM), *says)
            return same((p.calls("acm:ImportCertificate"), len(p.theirs())), (0, 0), says)
        add(leaf + middle + root + other[3], "key")
        add(leaf + middle + root, "key")
        add(both[expired], "expired")
        add(both[early], "not valid before")
        add(key + "\n" + root + "some text\n" + middle + leaf)
        there = p.theirs()
        same((len(there), there[0]["names"], there[0]["chain"]), (1, ["leaf.example.org"], 2))


cases(at_once=2)
