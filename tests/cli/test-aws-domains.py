#!/usr/bin/python3
"""The program against the simulator of AWS: domains, how their validation stands and what touches it next."""
import calendar
import time

from aws_place import ACM, Aws
from place import case, cases, holds, same

DAY = 24 * 3600
# The most days for which a validation may be used, since when: counted here once more, day by day.
REUSE = [("2021-10-01", 398), ("2026-03-15", 200), ("2027-03-15", 100), ("2029-03-15", 10)]


def seconds(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%d" if len(text) == 10 else "%Y-%m-%dT%H:%M:%SZ"))


def limit(when):
    return [days for since, days in REUSE if seconds(since) <= when][-1]


def reusable_until(validated):
    """The first second in which it is too old by the rule of that day."""
    turns = [seconds(since) for since, _ in REUSE if seconds(since) > validated]
    ends = [validated + days * DAY for _, days in REUSE]
    return min(t for t in turns + ends if t > validated and t - validated >= limit(t) * DAY)


def domains(p):
    return {r["name"]: r for r in p.rows("domains")}


@case
def known():
    """what ACM tells of each name is there without a connection, and nothing beyond that is claimed"""
    with Aws() as p:
        p.sim.do("zone", name="example.org")
        p.sim.do("seed", name="www.example.org", kind="AMAZON_ISSUED", days=150, since=48)
        p.sim.do("seed", name="shop.example.org", kind="AMAZON_ISSUED", days=150, since=48, method="EMAIL")
        p.sim.do("seed", name="imported.example.org")
        p.account()
        p.good("order", "--names", "new.example.org,*.new.example.org", "--yes", ACM)
        p.good("refresh")
        rows = domains(p)
        www, shop, new = (rows[n + ".example.org"] for n in ("www", "shop", "new"))
        same((www["state"], www["method"], www["validation"]), ("validated", "dns", "ISSUED"), www)
        same((www["accounts"], www["certs"], www["users"]), (["prod"], 1, None), www)
        same(www["validated_until"], None, "ACM does not tell")
        same(seconds(www["reusable_until"]), reusable_until(seconds(www["validated"])), www)
        holds(www["registration"], "none needed")
        same(shop["method"], "email")
        same((new["state"], new["certs"], new["method"]), ("pending", 0, "dns"), new)
        same(rows["*.new.example.org"]["state"], "pending")
        imported = rows["imported.example.org"]
        same([imported[k] for k in ("state", "method", "validated", "reusable_until", "registration")],
             ["not known", None, None, None, None], imported)
        found = p.certty("ls", "domains", "-o", "json", "--offline", "--filter", "state:pend how:dns").json
        same(({r["name"] for r in found["rows"]}, found["left_out"]),
             ({"new.example.org", "*.new.example.org"}, 0))
        if time.time() < seconds("2028-03-15") - 200 * DAY:
            same(shop["next_rule"] is not None and shop["next_rule_from"] <= "2028-03-15T00:00:00Z", True, shop)
        # issued, it is validated, and what was pending has not stayed behind
        p.good("publish", p.request("new.example.org")["id"])
        p.good("sync", p.request("new.example.org")["id"])
        p.good("refresh")
        same((domains(p)["new.example.org"]["state"], domains(p)["new.example.org"]["certs"]), ("validated", 1))


@case
def looked_into():
    """everything about one, and why goes by the record that shows control of it"""
    with Aws() as p:
        p.sim.do("zone", name="example.org")
        p.sim.do("seed", name="www.example.org", kind="AMAZON_ISSUED")
        p.account()
        p.sim.do("set", search=False)       # a search does not tell the record
        p.good("refresh")
        shown = p.good("show", "--offline", "www.example.org").out
        domain = p.good("show", "--offline", "domains/www.example.org").out
        holds(domain, "validated", "DNS", "CNAME", "was not looked at", "none needed",
              "new certificates live 47 days at most", "not known")
        same("whether it must be registered" in domain, False, domain)
        same(shown == domain, False, "a certificate and a domain of one name are two things")
        run = p.certty("why", "www.example.org", "-o", "json")
        same((run.status, run.json["culprit"]), (1, "record"), run.out)
        record = next(line for line in domain.splitlines() if "needs _" in line).split("needs ")[1].split()
        p.sim.do("record", name=record[0], kind="CNAME", value=record[4])
        run = p.certty("why", "www.example.org", "-o", "json")
        same(run.json["culprit"] == "record", False, run.out)


@case
def gone():
    """a certificate that is deleted takes its names along, and an account its domains"""
    with Aws() as p:
        for name in ("www", "old"):
            p.sim.do("seed", name=name + ".example.org", kind="AMAZON_ISSUED")
        p.account()
        p.good("refresh")
        p.good("accounts", "rename", "prod", "--name", "live", "--yes")
        same({n: r["accounts"] for n, r in domains(p).items()},
             {"www.example.org": ["live"], "old.example.org": ["live"]})
        same(domains(p)["www.example.org"]["state"], "validated")
        p.good("remove", "--yes", "--store", "live/acm:eu-west-1", p.cert("old.example.org"))
        for _ in range(2):      # a list may lag behind for one round
            p.good("refresh")
        same(list(domains(p)), ["www.example.org"])
        p.good("accounts", "drop", "live", "--yes")
        same(domains(p), {})


cases()
