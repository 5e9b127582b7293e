#!/usr/bin/python3
"""The program against the simulator of Keyfactor Command: agents, types of stores, containers and jobs."""
import json

from keyfactor_place import STORE, Keyfactor
from place import case, cases, holds, same

MANIFEST = {"name": "An integration", "about": {"orchestrator": {"store_types": [
    {"Name": "Remote PEM", "ShortName": "RFPEM", "Capability": "RFPEM", "PrivateKeyAllowed": "Optional",
     "SupportedOperations": {"Add": True, "Create": True, "Discovery": True, "Enrollment": False,
                             "Remove": True},
     "Properties": [{"Name": "ServerUsername", "DisplayName": "User", "Type": "Secret", "Required": False}],
     "EntryParameters": [], "PasswordOptions": {"EntrySupported": False, "StoreRequired": False}},
    {"Name": "Remote JKS", "ShortName": "RFJKS", "Capability": "RFJKS", "PrivateKeyAllowed": "Required"}]}}}


def rows(p, kind):
    return {r["name"]: r for r in p.rows("objects") if r["type"] == kind}


def read(p):
    p.account()
    p.certty("refresh", STORE)


def agent(p):
    return rows(p, "agent")["orch1"]


def store(p, machine):
    return next(r["id"] for r in p.rows("stores") if r["title"] == machine + ": My")


@case
def listed():
    """a refresh tells all of them, in versions with numbers and with names, page by page"""
    for enums in ("number", "name"):
        with Keyfactor() as p:
            p.do("set", enums=enums, page_cap=2)
            p.do("wait")
            p.do("wait", job="Management", machine="web2", schedule=None)
            p.do("wait", job="Inventory", machine="elsewhere")
            read(p)
            row = agent(p)
            same((row["state"], row["can"], row["store"]), ("approved", ["object-edit", "object-reset"], STORE))
            same([row["facts"][k] for k in ("version", "capabilities", "signs in as")],
                 ["10.4.1", "CertStores.WinCert.Inventory", "CORP\\orch"])
            holds(row["facts"]["jobs"], "2: ", "WinCertInventory on web1: My (I_60)",
                  "WinCertManagement on web2")
            same(row["facts"]["stores"], "2: web1: My, web2: My")
            kind = rows(p, "store-type")["WinCert"]
            same(kind["summary"], "Windows Certificate, adds, removes, reenrols, always keys")
            same((kind["facts"]["SupportedOperations.Add"], kind["facts"]["StoreType"]), ("true", "102"))
            holds(rows(p, "container")["Web farm"]["summary"], "2 stores of the type WinCert")
            holds(p.good("show", row["id"]).out, "10.4.1", "web1: My")


@case
def history():
    """a job is told by its newest run, a failure in the agent's words; it is acknowledged, or done again"""
    with Keyfactor() as p:
        p.do("run", result=4, message="no route to web1")
        p.do("run", machine="web2", result=4, message="before")
        p.do("run", machine="web2")
        p.do("run", result=4, message="denied", machine="web3")
        p.do("run", machine="web3", result=4, message="refused")
        read(p)
        jobs = rows(p, "job")
        same(sorted((n, r["state"]) for n, r in jobs.items()),
             [("web1: My WinCertInventory", "failed"), ("web2: My WinCertInventory", "done"),
              ("web3: My WinCertInventory", "failed")])
        first, third = jobs["web1: My WinCertInventory"], jobs["web3: My WinCertInventory"]
        holds(first["summary"], "WinCertInventory failed at", "no route to web1")
        same(first["facts"]["its words"], "no route to web1")
        same(jobs["web2: My WinCertInventory"]["can"], [])
        p.bad("--yes", "object-edit", first["id"], says=["say what shall be done"])
        holds(p.good("--dry-run", "object-edit", first["id"], "--then", "acknowledge").out,
              "/OrchestratorJobs/Acknowledge", '{"JobAuditIds":[1]}')
        same(p.do("things")["history"][0]["Status"], 3)
        p.good("--yes", "object-edit", first["id"], "--then", "acknowledge")
        same(p.do("things")["history"][0]["Status"], 4)
        p.good("--yes", "object-edit", third["id"], "--then", "reschedule")
        same([j["ClientMachine"] for j in p.do("things")["waiting"]], ["web3"])


@case
def approved():
    """an agent is disapproved and approved, with a word of what that means"""
    with Keyfactor() as p:
        p.do("wait")
        read(p)
        plan = p.good("--dry-run", "object-edit", agent(p)["id"], "--status", "disapproved").out
        holds(plan, "disapproved instead of approved", "it gets no jobs any more", "WinCertInventory on web1")
        same(p.do("things")["agents"][0]["Status"], 2)
        holds(p.good("--yes", "object-edit", agent(p)["id"], "--status", "disapproved").out,
              "the agent orch1 is disapproved")
        same((p.do("things")["agents"][0]["Status"], agent(p)["state"]), (3, "disapproved"))
        same(agent(p)["facts"]["stores"], "2: web1: My, web2: My")
        p.good("--yes", "object-edit", agent(p)["id"], "--status", "approved")
        same((p.do("things")["agents"][0]["Status"], agent(p)["state"]), (2, "approved"))


@case
def reset():
    """a reset says which stores and jobs go, wants a yes, and is refused when it would take others"""
    with Keyfactor() as p:
        p.do("wait")
        read(p)
        plan = p.good("--dry-run", "objects", "reset", agent(p)["id"]).out
        holds(" ".join(plan.split()), "its certificate stores go from Command",
              "2: web1: My, web2: My", "its jobs go: 1: WinCertInventory on web1")
        p.bad("objects", "reset", agent(p)["id"], says=["say --yes"])
        same((p.do("things")["agents"][0]["Status"], len(p.do("things")["stores"])), (2, 2))
        p.do("give")
        p.bad("--yes", "object-reset", agent(p)["id"], says=["now 3", "web3: My", "look again"])
        same((p.do("things")["agents"][0]["Status"], len(p.do("things")["stores"])), (2, 3))
        p.good("refresh", STORE)
        p.good("--yes", "objects", "reset", agent(p)["id"])
        now = p.do("things")
        same((now["agents"][0]["Status"], now["stores"], now["waiting"]), (1, [], []))
        facts = agent(p)["facts"]
        same((agent(p)["state"], facts["stores"], facts["jobs"]), ("new", "none", "none"))
        p.bad("objects", "drop", agent(p)["id"], "--yes", says=["does not do this"])


@case
def types():
    """a type is made from a manifest as it stands there, never twice, and deleted unless it has stores"""
    for enums in ("number", "name"):
        with Keyfactor() as p:
            p.do("set", enums=enums)
            read(p)
            path = p.path("integration-manifest.json")
            with open(path, "w", encoding="utf-8-sig") as f:
                json.dump(MANIFEST, f)
            holds(p.good("--dry-run", "objects", "add", STORE, "RFPEM", "--manifest", path).out,
                  "POST /CertificateStoreTypes", "integration-manifest.json")
            same(len(p.do("things")["types"]), 1)
            p.good("objects", "add", STORE, "rfpem", "--manifest", path)
            made = p.do("things")["types"][-1]
            wanted = MANIFEST["about"]["orchestrator"]["store_types"][0]
            same({k: made[k] for k in wanted}, dict(wanted, PrivateKeyAllowed=1))
            row = rows(p, "store-type")["RFPEM"]
            holds(row["facts"]["Properties.ServerUsername"], "Type=Secret", "Required=false")
            p.bad("objects", "add", STORE, "RFPEM", "--manifest", path, says=["a type RFPEM already"])
            p.bad("objects", "add", STORE, "Other", "--manifest", path, says=["but: RFPEM, RFJKS"])
            p.bad("objects", "add", STORE, "RFPEM", says=["which manifest"])
            p.bad("objects", "drop", rows(p, "store-type")["WinCert"]["id"], "--yes", says=["have to go first"])
            p.good("objects", "drop", row["id"], "--yes")
            same([t["ShortName"] for t in p.do("things")["types"]], ["WinCert"])
            same(sorted(rows(p, "store-type")), ["WinCert"])


@case
def containers():
    """a container is made for stores of a type, and stores are put into it"""
    with Keyfactor() as p:
        read(p)
        p.good("objects", "add", STORE, "Shop", "--what", "container", "--store-type", "WinCert")
        same(p.do("things")["containers"][1]["CertStoreType"], 102)
        p.bad("objects", "add", STORE, "Other", "--what", "container", "--store-type", "None",
              says=["no type of stores called None"])
        p.good("refresh", STORE)
        ident = rows(p, "container")["Shop"]["id"]
        holds(p.good("--dry-run", "object-edit", ident, "--stores", store(p, "web2")).out,
              "web2: My: in Shop instead of Web farm", "PUT")
        p.good("--yes", "object-edit", ident, "--stores", store(p, "web2"))
        same([s["ContainerName"] for s in p.do("things")["stores"]], ["Web farm", "Shop"])
        p.bad("--yes", "object-edit", ident, "--stores", STORE, says=["no certificate store"])


@case
def not_seen():
    """who may not see a list has a row that says so, with Command's words"""
    with Keyfactor() as p:
        p.do("set", denied=["GET /Agents", "GET /OrchestratorJobs/JobHistory"])
        p.account()
        p.good("refresh", STORE)
        for kind in ("agent", "job"):
            row = rows(p, kind)["(all)"]
            same((row["state"], row["can"]), ("not seen", []))
            holds(row["summary"], "required permission")
        same(sorted(rows(p, "store-type")), ["WinCert"])


cases()
