#!/usr/bin/python3
"""Enrolments where the program ends just before any of its writes: they go on from there, and nothing is
ordered, kept or put anywhere twice."""
from aws_place import ACM
from enroll_place import STEPS_MOST, WRITES, Cloud, Small, traced
from place import case, cases, same


@case
def killed_in_the_cloud():
    """ended just before any of its writes it goes on from there, and nothing is issued or imported twice"""
    why = traced()
    if why:
        return why
    with Cloud() as p:
        begun = 0
        for calls in WRITES:
            for n in range(1, STEPS_MOST):
                before, known = len(p.issued()), {r["id"] for r in p.enrolments()}
                died = p.die_at(calls, n, *p.enroll("--to", ACM))
                fresh = [r for r in p.enrolments() if r["id"] not in known]
                same(len(fresh) <= 1, True, fresh)
                for row in [r for r in fresh if r["waits_for"]]:
                    begun += 1
                    p.good("sync", row["id"])
                same([r["id"] for r in p.enrolments() if r["waits_for"]], [], "%s %d" % (calls, n))
                same(len(p.issued()), before + len(fresh), "%s %d: each is issued once" % (calls, n))
                same(len(p.theirs(kind="IMPORTED")) <= 1, True, "%s %d" % (calls, n))
                if not died:
                    break
            same(died, False, "it never came to its end")
        same(begun >= 5, True, "it was ended in the midst of them: %d" % begun)
        same(p.is_put_away(), True)
    return None


@case
def killed_here():
    """the same with a small CA: one request for each, whenever it ended"""
    why = traced()
    if why:
        return why
    with Small() as p:
        for calls in WRITES:
            for n in range(1, STEPS_MOST):
                before, known = len(p.pending()), {r["id"] for r in p.enrolments()}
                died = p.die_at(calls, n, *p.enroll("--plain"))
                fresh = [r["id"] for r in p.enrolments() if r["id"] not in known]
                same(len(fresh) <= 1, True, fresh)
                for one in fresh:
                    p.good("sync", one)
                same(len(p.pending()), before + len(fresh), "%s %d" % (calls, n))
                for one in fresh:
                    p.good("withdraw", "--yes", one)
                if not died:
                    break
            same(died, False, "it never came to its end")
    return None


@case
def killed_keeping():
    """ended while what was signed is put beside its key, it is there once, and the key nowhere else"""
    why = traced()
    if why:
        return why
    with Small() as p:
        kept = 0
        for calls in WRITES:
            for n in range(1, STEPS_MOST):
                p.good(*p.enroll("--plain"))
                p.good("refresh")
                p.approve()
                row = [r for r in p.enrolments() if r["waits_for"]][0]
                died = p.die_at(calls, n, "sync", row["id"])
                left = [r["id"] for r in p.enrolments() if r["waits_for"]]
                for one in left:
                    p.good("sync", one)
                kept += 1
                same((len(p.kept("web.example.org")), p.is_put_away()), (kept, True), "%s %d" % (calls, n))
                if not died:
                    break
            same(died, False, "it never came to its end")
    return None


cases()
