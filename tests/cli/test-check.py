#!/usr/bin/python3
"""check: Nagios' line, figures and status at the thresholds, and Prometheus' text, read by a
strict reader of our own."""
import re

from place import DAY, Place, case, cases, holds, same

NAGIOS = re.compile(r"CERTTY (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+"
                    r"(?: \| (?:[a-z_]+=-?\d+s?(?:;[\d:~@]*){0,4} ?)+)?\n$")
STATUS = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}


def check(p, *args):
    run = p.certty("check", *args)
    if not NAGIOS.match(run.out):
        raise AssertionError("not a plugin's line: %r" % run.out)
    word = NAGIOS.match(run.out).group(1)
    same(run.status, STATUS[word], run.out)
    return word, run.out


def health(p, *args):
    return check(p, *args)[0]


@case
def days():
    """limits in days, on both sides of each"""
    with Place() as p:
        p.make("www.example.org", 20)
        same(health(p), "WARNING", "30d and 7d as a rule")
        same(health(p, "--warning", "19d", "--critical", "7d"), "OK")
        same(health(p, "-w", "21d", "-c", "7d"), "WARNING")
        same(health(p, "-w", "30d", "-c", "21d"), "CRITICAL")
        same(health(p, "-w", "30", "-c", "19"), "WARNING", "bare days")
        same(health(p, "-w", "400h", "-c", "100h"), "OK")


@case
def life():
    """limits as a share of life, on both sides of each"""
    with Place() as p:
        p.make("www.example.org", 40, since=-60)
        same(health(p, "-w", "59%", "-c", "7d"), "WARNING")
        same(health(p, "-w", "61%", "-c", "7d"), "OK")
        same(health(p, "-w", "50%", "-c", "59.5%"), "CRITICAL")


@case
def expired():
    """an expired certificate is critical whatever the limits; the line names it"""
    with Place() as p:
        p.make("good.example.org", 300)
        p.make("old.example.org", -3, since=-90)
        word, line = check(p, "-w", "0d", "-c", "0d")
        same(word, "CRITICAL")
        holds(line, "old.example.org ended", "2 certificates, 1 critical", "least_left=-")
        same(health(p, "--filter", "good.example.org"), "OK")
        left = int(re.search(r"least_left=(-?\d+)s", check(p, "--filter", "good")[1]).group(1))
        same(299 * DAY < left <= 300 * DAY, True, left)


@case
def unknown():
    """whoever looked at nothing, or was asked wrongly, does not know"""
    with Place() as p:
        same(health(p), "UNKNOWN", "no certificate at all")
        p.make("www.example.org", 300)
        for args in (("--filter", "nothing.example.org"), ("--filter", "exp<soon"),
                     ("--bogus",), ("-w", "soon"), ("-w", "66"*9 + "%"), ("-w", "nan%"),
                     ("-w", "3d", "-c", "5d"), ("-w", "80%", "-c", "60%"), ("-o", "csv"),
                     ("a-word",), ("--warning",)):
            same(health(p, *args), "UNKNOWN", args)


@case
def failed():
    """a store that could not be read is a warning at least"""
    with Place() as p:
        p.make("www.example.org", 300)
        p.configure("endpoints=127.0.0.1:1\n")
        word, line = check(p)
        same(word, "WARNING")
        holds(line, "1 store could not be read", "failed_stores=1")


@case
def hostile():
    """a name cannot break the line"""
    with Place() as p:
        p.make("a|b=1;2\n|x", 3)
        holds(check(p)[1], "a/b=1;2")


METRIC = re.compile(r"([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? (-?\d+(?:\.\d+)?)$")
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(?:,|$)')


def parse(text):
    """Samples by name and labels, as strictly as the format is written down."""
    types, samples, closed, last = {}, {}, set(), None
    assert text.endswith("\n")
    for line in text[:-1].split("\n"):
        if line.startswith("# "):
            kind, name, rest = line[2:].split(" ", 2)
            assert kind in ("HELP", "TYPE"), line
            assert (kind, name) not in types, line
            assert kind == "HELP" or rest in ("gauge", "counter"), line
            types[kind, name] = rest
            continue
        m = METRIC.match(line)
        assert m, line
        name, labels, value = m.groups()
        assert ("TYPE", name) in types and ("HELP", name) in types, line
        assert name == last or name not in closed, "samples of %s lie apart" % name
        closed.add(name)
        last = name
        found, at = {}, 0
        for pair in LABEL.finditer(labels or ""):
            assert pair.start() == at and pair.group(1) not in found, line
            found[pair.group(1)] = re.sub(r"\\(.)", lambda e: {"n": "\n"}.get(e[1], e[1]),
                                          pair.group(2))
            at = pair.end()
        assert at == len(labels or ""), line
        key = (name, tuple(sorted(found.items())))
        assert key not in samples, "twice: %s" % line
        samples[key] = float(value)
    return samples


@case
def prometheus():
    """-o prom is sound, counts by health, and gives each end; hostile names are labels"""
    with Place() as p:
        p.make("www.example.org", 300)
        p.make("soon.example.org", 20)
        p.make('q"uo\\te,x="y"', 3)
        run = p.certty("check", "-o", "prom")
        same((run.status, run.err), (0, ""))
        samples = parse(run.out)
        by = {dict(labels).get("health"): v for (n, labels), v in samples.items()
              if n == "certty_certificates"}
        same(by, {"OK": 1, "WARNING": 1, "CRITICAL": 1})
        same(samples["certty_failed_stores", ()], 0)
        ends = {dict(labels)["name"]: v for (n, labels), v in samples.items()
                if n == "certty_certificate_not_after_timestamp_seconds"}
        same(sorted(ends), sorted(["www.example.org", "soon.example.org", 'q"uo\\te,x="y"']))
        run = p.certty("check", "-o", "prom", "--filter", "exp<soon")
        same((run.status, run.out), (3, ""), "no sentence among figures")
        same(len(parse(p.certty("check", "-o", "prom", "--filter", "nothing").out)), 4)


cases()
