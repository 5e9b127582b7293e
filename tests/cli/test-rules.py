#!/usr/bin/python3
"""What an account approves by itself, under a rule that lists the accepted warnings word for word; and
what a person is shown, and has to type, before anything is approved."""
import json
import os

from ca_place import CA_PASSPHRASE, PASSPHRASE, CaPlace
from place import case, cases, holds, same

RULE = "[account local]\napprove=by-rule\napprove-names=example.org\n"
WILDCARD = "*.a.example.org stands for every host below it"
INSIDE = "a.internal is a name for inside a network only"
BY_RULE = "approved by the rule of the account local, not by a person: "
ACCEPT = ("Type approve to accept what is warned of", "approve")
OPENS = ("Passphrase: ", CA_PASSPHRASE)


def rows(p):
    return {r["title"]: r for r in p.good("pending", "--all", "-o", "json").json["rows"]}


def notes(p):
    lines = map(json.loads, p.good("audit", "-o", "json").out.splitlines())
    return [e for e in lines if e["phase"] == "note"]


def rule_stands(p):
    with open(p.config, encoding="utf-8") as f:
        return "approve" in f.read()


def a_pass(p, status=0):
    run = p.certty("run", "--due", "--for", "5m", "-o", "json")
    same(run.status, status, run.err + run.out)
    return [(line["what"], line["text"]) for line in run.json["report"]]


# ---- the rule ----

@case
def approves():
    """what the rule covers is approved in a pass, and marked as approved by the rule everywhere"""
    with CaPlace(RULE) as p:
        missing = p.keep()
        if missing:
            return missing
        asked = p.request("www.example.org", "www.example.org", "a.b.example.org")
        same(rows(p)["www.example.org"]["rule"], "the rule approves it by itself")
        report = a_pass(p)
        row = rows(p)["www.example.org"]
        same((row["id"], row["state"], row["theirs"]), (asked, "issued", "approved by the rule"))
        [issued] = p.issued()
        with open(p.path("ca", "issued", issued), encoding="utf-8") as f:
            holds(f.read(), "by the rule of the account local")
        holds(dict(report)["Rule"], "local approves by itself: requests of the type sign",
              "example.org or below, as server for 90d, with no warning")
        holds(dict(report)["Approved"], "www.example.org")
        [note] = notes(p)
        same((note["verb"], note["digest"], note["warnings"]), ("approve", row_digest(p, asked), []))
        holds(note["outcome"], BY_RULE, "all of whose names are example.org or below")
        p.good("audit", "verify")
        a_pass(p)
        same((len(p.issued()), len(notes(p))), (1, 1), "not twice")
        return None


def row_digest(p, asked):
    lines = [line for line in p.good("show", "requests/" + asked).out.splitlines() if "SHA-256" in line]
    return lines[0].split()[1]


@case
def accepts_word_for_word():
    """a warning that the rule has word for word is accepted and written down; at any other it stops"""
    with CaPlace(RULE + "approve-warnings=%s | %s\n" % (INSIDE, WILDCARD)
                 + "approve-names=example.org, *.a.example.org\n") as p:
        missing = p.keep()
        if missing:
            return missing
        p.request("ok.example.org", "ok.example.org", "*.a.example.org")
        p.request("no.example.org", "no.example.org", "*.a.example.org", "*.b.example.org")
        p.request("also.example.org", "www.example.org")
        report = a_pass(p)
        all_rows = rows(p)
        same({n: r["state"] for n, r in all_rows.items()},
             {"ok.example.org": "issued", "no.example.org": "waits for a person",
              "www.example.org": "waits for a person"})
        same(all_rows["no.example.org"]["rule"], "the rule stops at the name *.b.example.org")
        stop = 'the rule stops at "its common name also.example.org is not among its names"'
        same(all_rows["www.example.org"]["rule"], stop)
        holds(str(report), "Not by rule", "www.example.org: it stops at", "no.example.org: it stops at")
        [note] = notes(p)
        same(note["warnings"], [WILDCARD])
        holds(p.good("ls", "requests").out, "the rule stops at the name")
        holds(p.good("show", "requests/" + all_rows["www.example.org"]["id"]).out, stop, WILDCARD)
        return None


@case
def stops():
    """another domain, one that only looks like it, a name without any, and no rule at all"""
    with CaPlace(RULE) as p:
        missing = p.keep()
        if missing:
            return missing
        for name in ("www.example.net", "badexample.org", "example.org.evil.test"):
            p.request(name)
        a_pass(p)
        same((p.issued(), notes(p)), ([], []))
        same({r["rule"] for r in rows(p).values()},
             {"the rule stops at the name " + n
              for n in ("www.example.net", "badexample.org", "example.org.evil.test")})
        p.request("www.example.org")
        for more in ("[account local]\n", "[account local]\napprove=off\napprove-names=example.org\n",
                     "[account local]\napprove=by-rule\n", RULE + "approve-types=order\n",
                     RULE + "approve-stores=local/ca:/elsewhere\n", RULE + "approve-validity=ever\n",
                     RULE + "[safety]\nautomatic-approvals=no\n"):
            p.set(more)
            a_pass(p)
            same((p.issued(), rows(p)["www.example.org"]["rule"]), ([], ""), more)
        return None


@case
def never_beside_a_barrier():
    """neither where a second person is demanded nor where nothing may be changed"""
    with CaPlace() as p:
        missing = p.keep()
        if missing:
            return missing
        p.request("www.example.org")
        for more, said in (("[safety]\nfour-eyes=approve\n", "a second person must countersign"),
                           ("[safety]\nfour-eyes=local:*\n", "a second person must countersign"),
                           ("read-only=yes\n", "local is read-only"),
                           ("[safety]\nread-only=yes\n", "certty is read-only")):
            p.set(RULE + more)
            a_pass(p)
            same((p.issued(), notes(p)), ([], []), more)
            holds(rows(p)["www.example.org"]["rule"], said)
        p.set(RULE)
        a_pass(p)
        same(len(p.issued()), 1)
        return None


@case
def failed():
    """what the rule covers and cannot be done waits for a person, who is told so"""
    with CaPlace(RULE + "[keyring]\nuse=memory\n") as p:
        p.request("www.example.org")
        run = p.certty("run", "--due", "--for", "5m")
        same((run.status, p.issued()), (3, []), run.out)
        holds(run.out, "Not approved", "passphrase")
        same(rows(p)["www.example.org"]["state"], "waits for a person")
        status, said = p.at_terminal(("approve", "www.example.org"), [("Go on? [y/N] ", "y"), OPENS])
        same((status, len(p.issued())), (0, 1), said)


@case
def wrong_rule():
    """a rule that cannot be obeyed is none, and the check of the configuration says why"""
    with CaPlace() as p:
        for line, said in (("approve-names=org", "'org' is no domain of two labels or more"),
                           ("approve-validity=ever", "is not a span of time"),
                           ("approve-profile=sub-ca", "is not one of the choices"),
                           ("aprove-names=a.test", "did you mean approve-names")):
            p.set("[account local]\napprove=by-rule\n" + line + "\n")
            run = p.certty("config", "check")
            holds(run.out + run.err, said)
            shown = p.good("show", "accounts/local").out
            same("approves by itself" in shown, False, shown)


@case
def typed_by_a_person():
    """only a person at a terminal switches it on, by the word; off is a plain yes, and all of it goes"""
    with CaPlace() as p:
        on = ("account-rule", "local", "--approve", "by-rule", "--approve-names", "example.org",
              "--approve-warnings", INSIDE)
        run = p.certty(*on, "--yes")
        same(run.status, 5, run.err)
        holds(run.err, "only a person at a terminal")
        status, _ = p.at_terminal(on, [("Type account-rule to go on: ", "y")])
        same((status == 0, rule_stands(p)), (False, False))
        plan = p.good(*on, "--dry-run").out
        holds(plan, "approves by itself, without a person", INSIDE, "example.org or below")
        status, said = p.at_terminal(on, [("Type account-rule to go on: ", "account-rule")])
        same(status, 0, said)
        shown = p.good("show", "accounts/local").out
        holds(shown, "approvals", 'no warning but "%s"' % INSIDE, "example.org or below")
        holds(p.good("audit").out, "account-rule")
        p.good("account-rule", "local", "--approve", "off", "--yes")
        same(rule_stands(p), False)
        same("approvals" in p.good("show", "accounts/local").out, False)


# ---- the review ----

@case
def yes_accepts_no_warning():
    """--yes never accepts a warning, also where nobody can answer; a typed word does, and is journaled"""
    with CaPlace() as p:
        asked = p.request("a.internal")
        run = p.certty("approve", "--yes", "--secrets-stdin", asked, stdin=PASSPHRASE)
        same((run.status, p.issued()), (5, []), run.err)
        holds(run.err, INSIDE, "--yes never")
        for word in ("y", "yes", ""):
            status, said = p.at_terminal(("approve", "--yes", asked), [(ACCEPT[0], word)])
            same((status == 0, p.issued()), (False, []), said)
        status, said = p.at_terminal(("approve", "--yes", asked), [ACCEPT, OPENS])
        same((status, len(p.issued())), (0, 1), said)
        holds(said, "WARNING: " + INSIDE)
        begin = [e for e in map(json.loads, p.good("audit", "-o", "json").out.splitlines())
                 if e["phase"] == "begin" and e["verb"] == "approve"]
        same(begin[-1]["warnings"], [INSIDE])


@case
def shown_in_full():
    """names, CA, key, who asked, since when, the difference to what is live, before anybody says yes"""
    with CaPlace() as p:
        p.sign("www.example.org", days=40, since=-10, names="DNS:www.example.org,DNS:old.example.org")
        p.good("refresh")
        asked = p.request("www.example.org", "www.example.org", "new.example.org")
        status, said = p.at_terminal(("approve", asked), [("Go on? [y/N] ", "n")])
        same((status == 0, p.issued()), (False, []), said)
        holds(said, "new.example.org", "Small CA", "EC P-256", "Asked by", "Since", "made with this key",
              "names added: new.example.org", "names lost: old.example.org", "SHA-256")
        status, said = p.at_terminal(("approve", asked), [("Go on? [y/N] ", "y"), OPENS])
        same((status, len(p.issued())), (0, 1), said)


@case
def batch():
    """of several each is shown and asked for by itself; what was not agreed to stays"""
    with CaPlace() as p:
        ids = [p.request(n) for n in ("one.example.org", "two.example.org", "a.internal")]
        status, said = p.at_terminal(("approve", *ids), [("1 of 3", None), ("Go on? [y/N] ", "y"),
                                                         ("2 of 3", None), ("Go on? [y/N] ", "n"),
                                                         ("3 of 3", None), ACCEPT, OPENS])
        same(status, 0, said)
        same({n: r["state"] for n, r in rows(p).items()},
             {"one.example.org": "issued", "two.example.org": "waits for a person", "a.internal": "issued"})


@case
def changed_while_read():
    """what was put there in its place while a person was reading is not approved"""
    with CaPlace() as p:
        asked = p.request("www.example.org")
        digest = row_digest(p, asked)
        p.request("www.example.org")
        run = p.certty("approve", "--yes", "--digest", digest, "--secrets-stdin", asked, stdin=PASSPHRASE)
        same((run.status, p.issued()), (5, []), run.err)
        holds(run.err, "another request than the one that was looked at")


@case
def denied():
    """a denial needs its reason, which is kept with the request and in the journal"""
    with CaPlace() as p:
        asked = p.request("www.example.org")
        same(p.certty("deny", "--yes", asked).status, 2)
        p.good("deny", "--yes", "--reason=not this one", asked)
        row = rows(p)["www.example.org"]
        same((row["state"], row["reason"]), ("denied", "not this one"))
        holds(p.good("audit").out, "not this one")


@case
def deleted_by_a_word():
    """what is deleted, revoked or withdrawn takes the typed word, also of a single thing"""
    with CaPlace() as p:
        path = p.sign("www.example.org", days=40, since=-10)
        p.good("refresh")
        cert = p.cert("www.example.org")
        def lies_there():
            with open(path, "rb") as f:
                return b"BEGIN CERT" in f.read()
        status, said = p.at_terminal(("remove", cert), [("Type remove to go on: ", "y")])
        same((status == 0, lies_there()), (False, True), said)
        status, said = p.at_terminal(("remove", cert), [("Type remove to go on: ", "remove")])
        same((status, lies_there()), (0, False), said)


@case
def production():
    """what is changed in a store that is in production takes the typed word, and its plan says so"""
    with CaPlace() as p:
        p.sign("www.example.org", days=40, since=-10)
        p.good("refresh")
        cert = p.cert("www.example.org")
        [store] = [c["store"] for r in p.rows("certs") if r["id"] == cert for c in r["places"]]
        calm = p.good("label", "--dry-run", "--add=web", store)
        same("is in production" in calm.out, False, calm.out)
        p.good("label", "--container=Production", store)
        holds(p.good("label", "--dry-run", "--add=web", store).out, "is in production")
        status, said = p.at_terminal(("remove", cert), [("is in production", None),
                                                        ("Type remove to go on: ", "y")])
        same(status == 0, False, said)


cases()
