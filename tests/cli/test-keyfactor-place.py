#!/usr/bin/python3
"""The program against the simulator of Keyfactor Command: certificates go into and out of the stores that
agents look after, by themselves and by deployments."""
import os

from keyfactor_place import STORE, Keyfactor
from place import case, cases, holds, same

JKS = "app1: /opt/app/keys.jks"
WINDOWS = "web1: My"


def ready(p):
    """An account with a Java keystore beside the stores of Windows, all of them read."""
    p.do("store")
    p.account()
    p.good("refresh")


def store(p, title):
    return next(r["id"] for r in p.rows("stores") if r["title"] == title)


def held(p, title):
    """Alias and name of what is known to lie there."""
    p.good("refresh", store(p, title))
    return sorted((place["place"], r["name"]) for r in p.rows("certs") for place in r["places"]
                  if place["store"] == store(p, title))


def with_key(p, name, since=-10):
    """A file with a certificate and its key."""
    path = p.make(name, 90, since, folder=p.folder)
    with open(path, "a", encoding="utf-8") as out, \
         open(p.path("made%d.key" % (p.serial - 1)), encoding="utf-8") as key:
        out.write(key.read())
    return path


def read(path):
    with open(path, "rb") as f:
        return f.read()


def written(p):
    """All that the program has written."""
    return [os.path.join(folder, name) for folder, _, names in os.walk(p.path("state")) for name in names]


def agents(p):
    p.do("agent")
    p.do("inventory")


def add(p, title, file, *more):
    return p.good("add", store(p, title), "--file", file, "--yes", *more).out


@case
def into_windows():
    """what Command has not is uploaded with its key, once, and waits until an inventory shows it"""
    for enums in ("number", "name"):
        with Keyfactor() as p:
            p.do("set", enums=enums)
            ready(p)
            file = with_key(p, "www.example.org")
            plan = p.good("add", store(p, WINDOWS), "--file", file, "--dry-run").out
            holds(plan, "/Certificates/Import", "/CertificateStores/Certificates/Add", "orch1")
            same((p.calls("POST /CertificateStores/Certificates/Add"), p.state()["jobs"]), (0, []))
            holds(add(p, WINDOWS, file, "--parameters", "providername=Strong, and new"),
                  "waits for the agent orch1")
            job, = p.state()["jobs"]
            same((job["fields"], job["key"]), ({"ProviderName": "Strong, and new"}, True))
            row = p.request("www.example.org")
            same((row["state"], row["type"]), ("waits for the provider", "place"))
            holds(p.good("sync", row["id"]).out, "Waits for the agent")
            p.do("agent", message="the network is down", status=5)
            holds(p.good("sync", row["id"]).out, "will be tried again", "the network is down")
            p.do("agent")
            holds(p.good("sync", row["id"]).out, "waits for an inventory")
            same(held(p, WINDOWS), [])
            p.do("inventory")
            print_ = p.state()["certs"][-1]["Thumbprint"]
            same(held(p, WINDOWS), [(print_, "www.example.org")])
            same([r for r in p.rows("requests") if r["type"] == "place"], [])
            holds(p.good("show", p.cert("www.example.org")).out, "ProviderName=Strong, and new")
            same((p.calls("POST /Certificates/Import"), p.calls("POST /CertificateStores/Certificates/Add")),
                 (1, 1))


@case
def into_a_keystore():
    """the alias, the place that is taken, and the entry's parameters and password are as the type wants"""
    with Keyfactor() as p:
        ready(p)
        file, jks = with_key(p, "app.example.org"), store(p, JKS)
        for said, more in (
                ("want Usage to add", ()), ("no entry parameter Colour; there are Usage, Owner",
                                            ("--parameters", "Colour=red")),
                ("is one of server,client", ("--parameters", "Usage=both")),
                ("where secret parameters are asked for", ("--parameters", "Usage=server, Pin=1234"))):
            p.bad("add", jks, "--file", file, "--yes", *more, says=[said])
        same(p.state()["jobs"], [])
        use = ("--parameters", "Usage=server")
        run = p.certty("add", jks, "--file", file, "--yes", *use, "--name", "tomcat", "--secrets-stdin",
                       stdin=b"new-passphrase=of the entry\nparameter-secrets=Pin=\"4 7\\1\"\n")
        same(run.status, 0, run.err)
        same([path for path in written(p) if b"of the entry" in read(path) or b"4 7" in read(path)], [])
        same(p.state()["jobs"][0]["fields"]["Pin"], {"SecretValue": "\"4 7\\1\""})
        same((p.state()["jobs"][0]["alias"], p.state()["jobs"][0]["password"]), ("tomcat", True))
        agents(p)
        same(held(p, JKS), [("tomcat", "app.example.org")])
        p.bad("add", jks, "--file", with_key(p, "other.example.org"), "--yes", *use, "--name", "tomcat",
              says=["is replaced only when that is asked for"])
        add(p, JKS, with_key(p, "other.example.org"), "--name", "tomcat", "--replace")
        same(p.state()["jobs"][0]["fields"], {"Usage": "server", "Owner": "nobody"})
        agents(p)
        same(held(p, JKS), [("tomcat", "other.example.org")])
        p.bad("add", store(p, WINDOWS), "--file", file, "--yes", "--name", "mine",
              says=["no alias of one's own"])


@case
def out_again():
    """what is removed is there until an inventory shows it no more; what fails says why"""
    with Keyfactor() as p:
        p.do("seed", name="old.example.org", places=[["web1", "x"]])
        ready(p)
        p.do("agent")
        cert = p.cert("old.example.org")
        holds(p.good("remove", cert, "--store", store(p, WINDOWS), "--dry-run").out,
              "/CertificateStores/Certificates/Remove")
        holds(p.good("remove", cert, "--store", store(p, WINDOWS), "--yes").out, "waits for the agent")
        p.do("agent", message="the key is in use")
        run = p.certty("sync", p.request("x")["id"])
        holds(run.out + run.err, "the key is in use")
        same(p.request("x")["state"], "failed")
        p.good("remove", cert, "--store", store(p, WINDOWS), "--yes")
        agents(p)
        same(held(p, WINDOWS), [])


@case
def schedules():
    """inventories by an interval, daily, once, now, and not any more, as Command has it then"""
    with Keyfactor() as p:
        ready(p)
        web = store(p, WINDOWS)
        plan = p.good("schedule", web, "--when", "interval", "--every", "30m", "--dry-run").out
        holds(plan, "/CertificateStores/Schedule", "is not scheduled")
        same(p.calls("POST /CertificateStores/Schedule"), 0)
        for said, args in (("every 30 minutes", ("interval", "--every", "30m")),
                           ("every day at 03:30 UTC", ("daily", "--at", "03:30")),
                           ("once, at 2090-01-31T03:30", ("once", "--at", "2090-01-31T03:30")),
                           ("is not scheduled", ("off",))):
            holds(p.good("schedule", web, "--when", *args, "--yes").out, said)
            p.good("refresh", web)
            holds(p.good("show", web).out, said)
        p.good("schedule", web, store(p, JKS), "--when", "now", "--yes")
        same([j["kind"] for j in p.state()["jobs"]], ["Inventory"] * 2)
        for said, args in (("whole minutes", ("interval", "--every", "90s")),
                           ("has its day", ("once", "--at", "03:30")),
                           ("is over", ("once", "--at", "2020-01-31T03:30")),
                           ("no day of its own", ("daily", "--at", "2090-01-31T03:30"))):
            p.bad("schedule", web, "--when", *args, "--yes", says=[said])
        p.bad("schedule", STORE, "--when", "now", "--yes", says=["no place for this"])
        p.do("set", denied=["POST /CertificateStores/Schedule"])
        p.bad("schedule", web, "--when", "off", "--yes", says=["doesn't have the required permission"])


@case
def reenrolled():
    """an agent makes a key: the row waits for its run, and then for the inventory that shows what came"""
    with Keyfactor() as p:
        p.do("seed", name="dev.example.org", places=[["web1", "x"]])
        p.do("run", job="Reenrollment", message="of last year")
        ready(p)
        web, subject = store(p, WINDOWS), "CN=dev.example.org,O=Example"
        ask = ("reenroll", web, "--subject", subject)
        p.bad(*ask, "--yes", says=["want SAN to reenroll"])
        ask += ("--parameters", "SAN=dns=dev.example.org")
        holds(p.good(*ask, "--dry-run").out, "/CertificateStores/Reenrollment", "dns=dev.example.org")
        same(p.calls("POST /CertificateStores/Reenrollment"), 0)
        holds(p.good(*ask, "--template", "WebServer", "--yes").out, "waits for the agent orch1")
        same(p.state()["jobs"][0]["fields"], {"SAN": "dns=dev.example.org"})
        row = p.request("dev.example.org")
        same((row["type"], row["state"]), ("reenroll", "waits for the provider"))
        holds(p.good("sync", row["id"]).out, "Waits for the agent")
        p.good("refresh", web)
        same(p.request("dev.example.org")["state"], "waits for the provider")
        p.do("agent")
        holds(p.good("sync", row["id"]).out, "waits for an inventory")
        p.do("inventory")
        same([name for _, name in held(p, WINDOWS)], ["dev.example.org"] * 2)
        same(p.request("dev.example.org")["state"], "issued")
        p.bad("reenroll", store(p, JKS), "--subject", subject, "--name", "x", "--yes", says=["make no keys"])
        p.bad("reenroll", STORE, "--subject", subject, "--yes", says=["no place for this"])
        p.bad(*ask, "--ca", "nobody", "--yes", says=["no such certificate authority"])
        p.good(*ask, "--yes")
        p.do("agent", message="no TPM there")
        waiting = next(r["id"] for r in p.rows("requests") if r["state"] == "waits for the provider")
        run = p.certty("sync", waiting)
        holds(run.out + run.err, "no TPM there")


@case
def refusals():
    """what cannot be is said before anything is asked for, and what Command refuses in its words"""
    with Keyfactor() as p:
        p.do("store", machine="ro1", type=104)
        ready(p)
        only = store(p, "ro1: /opt/app/keys.jks")
        file = with_key(p, "www.example.org")
        p.bad("add", only, "--file", file, "--yes", says=["can only be read"])
        p.bad("add", STORE, "--file", file, "--yes", says=["can only be read"])
        bare = p.make("bare.example.org", 90, folder=p.folder)
        p.bad("add", store(p, WINDOWS), "--file", bare, "--yes", says=["stores of the type WinCert demand"])
        p.do("set", retains=False)
        p.bad("add", store(p, WINDOWS), "--file", file, "--yes", says=["private key retention may be off"])
        p.do("set", retains=True, denied=["POST /CertificateStores/Certificates/Add"])
        p.bad("add", store(p, WINDOWS), "--file", file, "--yes", says=["doesn't have the required permission"])
        same(p.request("www.example.org")["state"], "failed")
        same(p.state()["jobs"], [])


@case
def lost():
    """an order whose answer is lost is not sent again; what comes of it an inventory tells"""
    with Keyfactor() as p:
        ready(p)
        file = with_key(p, "www.example.org")
        p.sim.fault(path="/CertificateStores/Certificates/Add$", times=9, drop=True)
        p.bad("add", store(p, WINDOWS), "--file", file, "--yes", says=["whether it is on its way is not known"])
        same(p.calls("POST /CertificateStores/Certificates/Add") <= 1, True)
        row = p.request("www.example.org")
        same((row["state"], row["theirs"]), ("waits for the provider", "Not answered"))
        p.do("mend")
        holds(p.good("sync", row["id"]).out, "whether Command took it is not known")
        add(p, WINDOWS, file)
        agents(p)
        same([name for _, name in held(p, WINDOWS)], ["www.example.org"])
        same([r for r in p.rows("requests") if r["type"] == "place"], [])


@case
def deployments():
    """a deployment waits for the agent, is done when an inventory shows it, and says what went wrong"""
    with Keyfactor() as p:
        p.do("store", machine="app2", path="/srv/ks", type=105)
        ready(p)
        os.rename(with_key(p, "web.example.org"), os.path.join(p.certs, "one.pem"))
        p.good("refresh")
        to = [store(p, WINDOWS), store(p, "app2: /srv/ks")]

        def stands():
            return {r["where"]: r["state"] for r in p.rows("deploys")}

        holds(p.good("deploy", p.cert("web.example.org"), "--to", ",".join(to), "--dry-run").out,
              "/CertificateStores/Certificates/Add", "agent orch1")
        out = p.good("deploy", p.cert("web.example.org"), "--to", ",".join(to), "--yes").out
        holds(out, "which waits for its agent")
        same(stands(), dict.fromkeys(to, "waits for an agent"))
        p.good("refresh")
        same(stands(), dict.fromkeys(to, "waits for an agent"))
        agents(p)
        p.good("refresh")
        same(stands(), dict.fromkeys(to, "current"))
        os.rename(with_key(p, "web.example.org", -5), os.path.join(p.certs, "two.pem"))
        p.good("refresh")
        same(stands(), dict.fromkeys(to, "still on an older certificate"))
        again = next(r["id"] for r in p.rows("deploys") if r["where"] == to[1])
        p.good("redeploy", again, "--yes")
        same((stands()[to[1]], p.state()["jobs"][0]["alias"], p.state()["jobs"][0]["overwrite"]),
             ("waits for an agent", "web.example.org", True))
        p.do("agent", message="the disk is full")
        p.do("inventory")
        p.certty("refresh", to[1])
        row = next(r for r in p.rows("deploys") if r["where"] == to[1])
        same(row["state"], "older than was put there")
        holds(row["trouble"], "the disk is full")


@case
def within_command():
    """what Command has with its key goes into a store without its key being taken out"""
    with Keyfactor() as p:
        p.do("seed", name="in.example.org", key=True)
        ready(p)
        args = ("deploy", p.cert("in.example.org"), "--to", store(p, WINDOWS), "--from", STORE)
        plan = p.good(*args, "--dry-run").out
        same("Recover" in plan, False, plan)
        p.good(*args, "--yes")
        agents(p)
        same(held(p, WINDOWS)[0][1], "in.example.org")
        same((p.calls("POST /Certificates/Recover"), p.calls("POST /Certificates/Import")), (0, 0))


cases()
