#!/usr/bin/python3
"""The program against the simulator of Keyfactor Command: certificate stores as things that people make,
change and delete."""
import csv
import json
import os
import subprocess

from keyfactor_place import STORE, Keyfactor
from place import case, cases, holds, same

SECRET = "pass, \"word\" \\ of ü"


def rows(p):
    return {r["name"]: r for r in p.rows("objects") if r["type"] == "certificate-store"}


def there(p, machine):
    return next(s for s in p.do("things")["stores"] if s["ClientMachine"] == machine)


def read(p):
    p.account()
    p.do("know")
    p.good("refresh", STORE)


def with_secrets(p, *args, bad=None, **secrets):
    """A command whose secrets come by descriptors."""
    ends, more = [], []
    for key, value in secrets.items():
        end, other = os.pipe()
        os.write(other, value.encode())
        os.close(other)
        ends.append(end)
        more += ["--%s-fd" % key.replace("_", "-"), str(end)]
    try:
        run = p.bad if bad else p.good
        return run(*args, *more, pass_fds=ends, **({"says": bad} if bad else {}))
    finally:
        for end in ends:
            os.close(end)


def add(p, *more, name="/opt/app/keys.jks", kind="RFJKS", machine="app1", **secrets):
    return with_secrets(p, "objects", "add", STORE, name, "--what", "certificate-store", "--store-type", kind,
                        "--machine", machine, "--agent", "orch1", *more, **secrets)


def nowhere(p, secret):
    """No secret is in what the program keeps."""
    for folder, _, files in os.walk(p.folder):
        for name in files:
            with open(os.path.join(folder, name), "rb") as f:
                if secret.encode() in f.read():
                    raise AssertionError("the secret is in %s" % name)


@case
def listed():
    """a refresh tells all of them with what they are made of, page by page, and no secret"""
    for enums in ("number", "name"):
        with Keyfactor() as p:
            p.do("set", enums=enums, page_cap=1)
            read(p)
            same(sorted(rows(p)), ["web1: My", "web2: My"])
            row = rows(p)["web1: My"]
            same((row["state"], row["summary"], row["can"]),
                 ("approved", "WinCert, by the agent orch1", ["object-edit", "object-drop", "object-save"]))
            facts = row["facts"]
            same([facts[k] for k in ("client machine", "store path", "store type", "agent", "container")],
                 ["web1", "My", "WinCert", "orch1", "Web farm"])
            same(facts["ServerPassword"], "a secret, which is not set")
            holds(p.good("show", row["id"]).out, "web1", "is not scheduled")


@case
def made():
    """a store is made of what its type wants to be told, its secrets as secrets, and never twice"""
    with Keyfactor() as p:
        read(p)
        out = add(p, "--properties", "Transfer=SFTP, SudoUser=a,b", "--create-if-missing", "yes",
                  server_username="CORP\\svc", server_password=SECRET, store_password="s" + SECRET).out
        holds(out, "/opt/app/keys.jks on app1")
        store = there(p, "app1")
        same({k: v["value"] for k, v in json.loads(store["Properties"]).items()},
             {"ServerUsername": {"SecretValue": "CORP\\svc"}, "ServerPassword": {"SecretValue": SECRET},
              "ServerUseSsl": "true", "Transfer": "SFTP", "SudoUser": "a,b", "Sudo": "false"})
        same((store["Secret"], store["CreateIfMissing"], store["ContainerId"], store["Approved"]),
             ("s" + SECRET, True, None, True))
        row = rows(p)["app1: /opt/app/keys.jks"]
        same([row["facts"][k] for k in ("ServerPassword", "store password", "Transfer", "agent")],
             ["a secret, which is not shown", "set, and not shown", "SFTP", "orch1"])
        nowhere(p, SECRET)
        add(p, bad=["already"])
        add(p, machine="APP1", bad=["already"])
        same(len(p.do("things")["stores"]), 3)
        add(p, "--container", "Web farm", name="/x", bad=["for stores of another type"])
        add(p, "--container", "None", name="/x", bad=["no container called None"])


@case
def refused():
    """what the type does not take is said before anything is sent"""
    with Keyfactor() as p:
        read(p)
        add(p, "--properties", "Nothing=x", bad=["no property Nothing", "Transfer"])
        add(p, "--properties", "Transfer=FTP", bad=["SCP, SFTP, Both", "not FTP"])
        add(p, "--properties", "Sudo=maybe", bad=["true, false"])
        add(p, "--properties", "ServerPassword=x", bad=["is a secret"])
        add(p, "--properties", "Sudo=true", bad=["SudoReason is needed"])
        add(p, other_secrets="Transfer=x", bad=["no secret Transfer"])
        add(p, other_secrets="nothing", bad=["neither NAME=VALUE"])
        add(p, other_secrets="{\"ServerPassword\": 1}", bad=["neither NAME=VALUE"])
        add(p, kind="None", bad=["no type of stores called None"])
        add(p, "--agent", "nobody", bad=["no agent called nobody"])
        same(p.calls("POST /CertificateStores"), 0)
        p.do("set", refuses=["app1"])
        add(p, bad=["The machine is in maintenance"])
        same(len(p.do("things")["stores"]), 2)
        add(p, name="/y", machine="app2",
            other_secrets=json.dumps({"ServerUsername": "u", "ServerPassword": SECRET}))
        same(json.loads(there(p, "app2")["Properties"])["ServerPassword"]["value"]["SecretValue"], SECRET)


@case
def changed():
    """what is not said stays, and a hidden secret is neither lost nor written back"""
    for enums in ("number", "name"):
        with Keyfactor() as p:
            p.do("set", enums=enums)
            read(p)
            add(p, "--properties", "Transfer=Both", server_password=SECRET)
            ident = rows(p)["app1: /opt/app/keys.jks"]["id"]
            p.bad("--yes", "object-edit", ident, says=["say what shall be another"])
            p.bad("--yes", "object-edit", ident, "--properties", "SudoUser=root",
                  says=["hides ServerPassword", "give it anew"])
            same(p.calls("PUT /CertificateStores"), 0)
            plan = p.good("--dry-run", "object-edit", ident, "--machine", "app9").out
            holds(plan, "machine: app9 instead of app1", "PUT /CertificateStores")
            with_secrets(p, "--yes", "object-edit", ident, "--properties", "SudoUser=root",
                         "--create-if-missing", "yes", server_password="new " + SECRET)
            store = there(p, "app1")
            inside = {k: v["value"] for k, v in json.loads(store["Properties"]).items()}
            same((inside["Transfer"], inside["SudoUser"], inside["ServerPassword"]["SecretValue"]),
                 ("Both", "root", "new " + SECRET))
            same((store["CreateIfMissing"], store["Storepath"]), (True, "/opt/app/keys.jks"))
            with_secrets(p, "--yes", "object-edit", ident, store_password="third")
            same((there(p, "app1")["Secret"], p.calls("PUT /CertificateStores/Password")), ("third", 1))
            nowhere(p, SECRET)
            web = rows(p)["web1: My"]["id"]
            p.do("schedule", machine="web1", schedule={"Weekly": {"Days": ["Monday", 3],
                                                                  "Time": "2026-01-01T03:00:00Z"}})
            p.good("--yes", "object-edit", web, "--container", "-")
            same((there(p, "web1")["ContainerId"], there(p, "web1")["InventorySchedule"]["Weekly"]["Days"]),
                 (None, [1, 3]))
            p.good("--yes", "object-edit", web, "--container", "Web farm")
            same(there(p, "web1")["ContainerName"], "Web farm")


@case
def moved():
    """a store moves where Command lets it; where it does not, and does not say so, that is said"""
    with Keyfactor() as p:
        read(p)
        ident = rows(p)["web1: My"]["id"]
        p.good("--yes", "object-edit", ident, "--machine", "web9")
        same(sorted(rows(p)), ["web2: My", "web9: My"])
        p.do("set", rooted=True)
        run = p.certty("--yes", "object-edit", ident, "--path", "Other")
        holds(run.out + run.err, "did not change the path, which is My still")
        same(there(p, "web9")["Storepath"], "My")


@case
def dropped():
    """a store is deleted with a word of what that means"""
    with Keyfactor() as p:
        read(p)
        ident = rows(p)["web2: My"]["id"]
        holds(" ".join(p.good("--dry-run", "objects", "drop", ident).out.split()), "its passwords",
              "on its machine, stays as it is")
        p.bad("objects", "drop", ident, says=["say --yes"])
        p.good("--yes", "objects", "drop", ident)
        same([s["ClientMachine"] for s in p.do("things")["stores"]], ["web1"])
        same(sorted(rows(p)), ["web1: My"])


def kind(p, name="RFJKS"):
    return next(r for r in p.rows("objects") if r["type"] == "store-type" and r["name"] == name)["id"]


def table(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def write(path, rows, *more):
    names = list(dict.fromkeys([k for r in rows for k in r] + list(more)))
    with open(path, "w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, names, restval="")
        out.writeheader()
        out.writerows(rows)


def bulk(p, path, *more, kind="RFJKS"):
    return p.certty(*more, "objects", "add", STORE, kind, "--what", "store-csv", "--file", path)


def row(machine, path="/k.jks", **more):
    return dict({"ClientMachine": machine, "StorePath": path, "AgentId": "orch1"}, **more)


def look(p, *more, machine="app7", bad=None, **secrets):
    return with_secrets(p, "objects", "add", STORE, machine, "--what", "discovery", "--agent", "orch1", *more,
                        bad=bad, **secrets)


@case
def discovered():
    """an agent looks for stores, and what it finds is approved one by one, or many at once"""
    for enums in ("number", "name"):
        with Keyfactor() as p:
            p.do("set", enums=enums)
            read(p)
            look(p, "--store-type", "WinCert", "--dirs", "/", bad=["do not look for stores"])
            look(p, "--store-type", "RFJKS", bad=["say where it looks"])
            look(p, "--store-type", "RFJKS", "--dirs", "/", "--at", "2001-01-01T00:00", bad=["is over"])
            holds(look(p, "--dry-run", "--store-type", "RFJKS", "--dirs", "/opt,/srv").out,
                  "PUT /CertificateStores/DiscoveryJob", "RFJKS in /opt,/srv")
            same(p.do("things")["waiting"], [])
            holds(look(p, "--store-type", "RFJKS", "--dirs", "/opt,/srv", "--extensions", "jks", "--at",
                       "2090-01-31T03:30", server_password=SECRET).out, "waits for the agent")
            asked = p.do("things")["waiting"][0]["asked"]
            same((asked["ClientMachine"], asked["Dirs"], asked["Extensions"], asked["JobExecutionTimestamp"],
                  asked["ServerPassword"]),
                 ("app7", "/opt,/srv", "jks", "2090-01-31T03:30:00Z", {"SecretValue": SECRET}))
            p.do("discovered", paths=["/opt/%d.jks" % i for i in range(3)],
                 properties={"SudoUser": {"value": "svc"}})
            p.good("refresh", STORE)
            found = rows(p)["app7: /opt/0.jks"]
            same((found["state"], found["can"]), ("found", ["object-approve", "object-drop"]))
            p.bad("--yes", "object-edit", found["id"], "--machine", "x", says=["does not do this"])
            plan = p.good("--dry-run", "object-approve", found["id"], "--properties", "Transfer=SFTP").out
            holds(plan, "POST /CertificateStores/Approve", "its agent may look into it")
            p.bad("object-approve", found["id"], says=["say --yes"])
            with_secrets(p, "--yes", "object-approve", found["id"], "--properties", "Transfer=SFTP",
                         server_password=SECRET)
            stores = {s["Storepath"]: s for s in p.do("things")["stores"]}
            inside = {k: v["value"] for k, v in json.loads(stores["/opt/0.jks"]["Properties"]).items()}
            same((stores["/opt/0.jks"]["Approved"], inside["Transfer"], inside["SudoUser"],
                  inside["ServerUseSsl"], inside["ServerPassword"]),
                 (True, "SFTP", "svc", "true", {"SecretValue": SECRET}))
            same(rows(p)["app7: /opt/0.jks"]["state"], "approved")
            p.bad("--yes", "object-approve", found["id"], says=["does not do this"])
            rest = [r["id"] for n, r in rows(p).items() if r["state"] == "found"]
            p.good("--yes", "objects", "approve", *rest)
            same([s["Approved"] for s in p.do("things")["stores"]], [True] * 5)
            nowhere(p, SECRET)


@case
def template():
    """a template has the columns of the type, and a store made of it is one"""
    with Keyfactor() as p:
        read(p)
        path = p.path("stores.csv")
        holds(p.good("--dry-run", "objects", "save", kind(p), "--file", path, "--rows", "none").out,
              "the head line alone", "nothing is changed in Command")
        same(os.path.exists(path), False)
        p.good("objects", "save", kind(p), "--file", path, "--rows", "none")
        with open(path, encoding="utf-8") as f:
            head = f.read().strip().split(",")
        same(head[:5], ["ContainerName", "ClientMachine", "StorePath", "CreateIfMissing", "AgentId"])
        same([h for h in head if h.startswith("Properties.")],
             ["Properties." + n for n in ("ServerUsername", "ServerPassword", "ServerUseSsl", "Transfer",
                                          "SudoUser", "Sudo", "SudoReason")])
        p.bad("objects", "save", kind(p), "--file", path, says=["stores.csv"])
        write(path, [row("app1", **{"Properties.Transfer": "SFTP", "Properties.ServerPassword": SECRET,
                                    "Password": "s" + SECRET, "InventorySchedule.Weekly.Days": "Monday 3",
                                    "InventorySchedule.Weekly.Time": "2026-01-01T03:00:00Z"})], *head)
        run = bulk(p, path)
        same(run.status, 0, run.err)
        holds(run.out, "1 made: line 2")
        made = there(p, "app1")
        inside = {k: v["value"] for k, v in json.loads(made["Properties"]).items()}
        same((inside["Transfer"], inside["ServerPassword"], made["Secret"]),
             ("SFTP", {"SecretValue": SECRET}, "s" + SECRET))
        same(made["InventorySchedule"], {"Weekly": {"Days": [1, 3], "Time": "2026-01-01T03:00:00Z"}})
        os.remove(path)
        nowhere(p, SECRET)


@case
def rows_of_a_file():
    """each row is said for what it is, what fails names its line, and once more makes nothing twice"""
    with Keyfactor() as p:
        read(p)
        p.do("set", refuses=["app4"], page_cap=2)
        path = p.path("stores.csv")
        write(path, [row("app1"), row("app2", **{"Properties.Transfer": "FTP"}), row("APP1"), row("app4"),
                     row("app5", AgentId="nobody"), row("app6", **{"Properties.Nothing": "x"}), row("", "/x"),
                     row("app7", **{"InventorySchedule.Immediate": "true",
                                    "InventorySchedule.Interval.Minutes": "5"}),
                     row("app8", **{"InventorySchedule.Interval.Minutes": "30"}, CreateIfMissing="TRUE",
                         ContainerId="0")])
        holds(bulk(p, path, "--dry-run").out, "POST /CertificateStores", "stores.csv")
        same(len(p.do("things")["stores"]), 2)
        run = bulk(p, path)
        same(run.status != 0, True, run.out)
        said = " ".join((run.out + run.err).split())
        holds(said, "2 made: lines 2, 10", "1 there already: line 4", "6 failed: lines 3, 5, 6, 7, 8, 9",
              "line 3, app2: /k.jks: Transfer is one of SCP, SFTP, Both", "line 5, app4: /k.jks:",
              "The machine is in maintenance", "line 6, app5: /k.jks: Command has no agent called nobody",
              "line 7, app6: /k.jks: stores of the type RFJKS have no property Nothing",
              "line 8, no machine: /x", "line 9, app7: /k.jks: its inventory has several schedules")
        same(sorted(s["ClientMachine"] for s in p.do("things")["stores"]), ["app1", "app8", "web1", "web2"])
        same((there(p, "app8")["InventorySchedule"], there(p, "app8")["CreateIfMissing"]),
             ({"Interval": {"Minutes": 30}}, True))
        p.do("set", refuses=[])
        calls = p.calls("POST /CertificateStores")
        holds(" ".join(bulk(p, path).out.split()), "1 made: line 5", "3 there already: lines 2, 4, 10")
        same(p.calls("POST /CertificateStores"), calls + 1)


@case
def saved():
    """stores are written to the file that makes them again, elsewhere too, with secrets left empty"""
    for enums in ("number", "name"):
        with Keyfactor() as p:
            p.do("set", enums=enums, page_cap=2)
            read(p)
            one, two = p.path("one.csv"), p.path("two.csv")
            write(one, [row("app%d" % i, "/k%d, \"x\"" % i, **{
                "Properties.SudoUser": "-root", "Properties.ServerPassword": SECRET if i == 1 else "",
                "InventorySchedule.Daily.Time": "2026-01-01T0%d:00:00Z" % i}) for i in range(5)])
            same(bulk(p, one).status, 0)
            p.good("refresh", STORE)
            holds(p.good("objects", "save", kind(p), "--file", two).out, "5 stores", "secrets", "left empty")
            found = table(two)
            same([(r["ClientMachine"], r["StorePath"], r["InventorySchedule.Daily.Time"],
                   r["Properties.ServerPassword"]) for r in found],
                 [("app%d" % i, "/k%d, \"x\"" % i, "2026-01-01T0%d:00:00Z" % i, "") for i in range(5)])
            before = {s["ClientMachine"]: s for s in p.do("things")["stores"]}
            for ident in [r["id"] for n, r in rows(p).items() if n.startswith("app")]:
                p.good("--yes", "objects", "drop", ident)
            holds(bulk(p, two).out, "5 made")
            after = {s["ClientMachine"]: s for s in p.do("things")["stores"]}
            for i in (0, 2, 3, 4):
                for member in ("Storepath", "AgentId", "InventorySchedule", "ContainerId", "CreateIfMissing"):
                    same(after["app%d" % i][member], before["app%d" % i][member])
                same(*[json.loads(when["app%d" % i]["Properties"]) for when in (after, before)])
            p.good("objects", "save", rows(p)["web1: My"]["id"], "--file", two, "--replace")
            same([(r["ContainerName"], r["ClientMachine"]) for r in table(two)], [("Web farm", "web1")])
            p.good("objects", "save", kind(p, "WinCert"), "--file", two, "--replace", "--agent", "orch1")
            same(len(table(two)), 2)


def anew(p, manifest, path, *more):
    return ("objects", "add", STORE, "RFJKS", "--what", "store-type-anew", "--manifest", manifest, "--file",
            path, *more)


def manifest_of(p, *more):
    """What Command knows of the type, with more properties, as an integration would have it."""
    known = next(t for t in p.do("things")["types"] if t["ShortName"] == "RFJKS")
    kind = {k: known[k] for k in ("Name", "ShortName", "Capability", "SupportedOperations", "EntryParameters",
                                  "PasswordOptions", "Properties", "PrivateKeyAllowed")}
    kind.update(PrivateKeyAllowed="Optional", Properties=kind["Properties"] + list(more))
    path = p.path("integration-manifest.json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"about": {"orchestrator": {"store_types": [kind]}}}, f)
    return path


def prop(name, needed=False, default=""):
    return {"Name": name, "DisplayName": name, "Type": "String", "DependsOn": "", "DefaultValue": default,
            "Required": needed}


def of_type(p):
    """The stores of the type, and the names of its properties."""
    things = p.do("things")
    kind = [t for t in things["types"] if t["ShortName"] == "RFJKS"]
    return (sorted(s["ClientMachine"] for s in things["stores"] if s["Storepath"] == "/k.jks"),
            [q["Name"] for t in kind for q in t["Properties"]][-1:])


@case
def moved_on():
    """a type is made anew with its stores; ended after any step the same order goes on, and no store is lost"""
    with Keyfactor() as p:
        read(p)
        p.do("set", page_cap=2)
        first, saved_as, number = p.path("first.csv"), p.path("saved.csv"), p.path("number")
        p.good("objects", "add", STORE, "Stage", "--what", "container", "--store-type", "RFJKS")
        write(first, [row("app%d" % i, **{"Properties.SudoUser": "u%d" % i,
                                          "ContainerName": "Stage" if i < 2 else "",
                                          "Properties.ServerPassword": SECRET if i == 1 else ""})
                      for i in range(3)])
        same(bulk(p, first).status, 0)
        p.good("refresh", STORE)
        p.good("objects", "save", kind(p), "--file", saved_as)
        manifest = manifest_of(p, prop("Extra1"))
        before = of_type(p)
        p.bad(*anew(p, manifest, saved_as), says=["say yes"])
        p.bad(*anew(p, manifest, saved_as, "--deletes", "yes"), says=["hides ServerPassword", "on app1"])
        manifest_of(p, prop("Extra1", True))
        p.bad(*anew(p, manifest, first, "--deletes", "yes"), says=["Extra1 is needed"])
        same(of_type(p), before)
        found = table(saved_as)
        manifest_of(p, prop("Extra1"))
        write(first, [dict(r, **{"Properties.ServerPassword": SECRET if r["ClientMachine"] == "app1" else ""})
                      for r in found])
        write(saved_as, [r for r in found if r["ClientMachine"] != "app1"])
        p.bad(*anew(p, manifest, saved_as, "--deletes", "yes"), says=["no row for the store on app1"])
        same(of_type(p), before)
        p.do("set", denied=["GET /CertificateStoreTypes/Name/RFJKS"])
        p.bad(*anew(p, manifest, first, "--deletes", "yes"), says=["required permission"])
        same(p.calls("POST /CertificateStoreTypes"), 0)
        p.do("set", denied=[])
        hold = ("--deletes", "yes", "--hold-agents", "orch1")
        p.bad(*anew(p, manifest, first, "--deletes", "yes", "--hold-agents", "orch1,nobody"),
              says=["nothing is deleted", "no agent called nobody"])
        same(p.calls("POST /Agents/Disapprove"), 0)
        holds(p.good(*anew(p, manifest, first, *hold, "--dry-run")).out, "POST /Agents/Disapprove",
              "POST /Agents/Approve", "API: orch1", "POST /CertificateStoreContainers")
        for i, call in enumerate(("POST /Agents/Disapprove", "DELETE /CertificateStores/ID",
                                  "DELETE /CertificateStoreTypes/ID", "POST /CertificateStoreTypes",
                                  "POST /Agents/Approve", "POST /CertificateStoreContainers",
                                  "POST /CertificateStores", None), 1):
            manifest = manifest_of(p, prop("Extra%d" % i, True, "x"))
            p.do("set", ends=[call, number] if call else None)
            script = "echo $$ >%s; exec \"$@\"" % number
            args = p.argv(*anew(p, manifest, first, *hold))
            run = subprocess.run(["sh", "-c", script, "sh", *args], env=p.environment(), capture_output=True,
                                 timeout=60, check=False, stdin=subprocess.DEVNULL)
            same(run.returncode, -9 if call else 0, run.stderr)
            made = p.calls("POST /CertificateStoreTypes")
            p.good(*anew(p, manifest, first, *hold))
            same(of_type(p), (["app0", "app1", "app2"], ["Extra%d" % i]))
            same(p.calls("POST /CertificateStoreTypes") - made, 1 if i < 4 else 0, call)
            things = p.do("things")
            same([a["Status"] for a in things["agents"] if a["ClientMachine"] == "orch1"], [2], call)
            same([c["Name"] for c in things["containers"]], ["Web farm", "Stage"], call)
            same([there(p, "app%d" % n)["ContainerName"] for n in range(3)], ["Stage", "Stage", None], call)
            secrets = [json.loads(there(p, "app%d" % n)["Properties"]).get("ServerPassword") for n in range(3)]
            same(secrets, [None, {"value": {"SecretValue": SECRET}}, None])
            same(len(p.do("things")["stores"]), 5)
        os.remove(first)
        nowhere(p, SECRET)


@case
def no_table():
    """a file that is none, or has a column that no store has, makes nothing"""
    with Keyfactor() as p:
        read(p)
        path = p.path("stores.csv")
        for text, words in (("a,b\n1,2\n", "no column a"), ("AgentId\nx\n", "no columns ClientMachine"),
                            ("ClientMachine,StorePath\n1,2,3\n", "line 2"), ("", "stores.csv")):
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
            run = bulk(p, path)
            same(run.status > 0, True)
            holds(run.err, words)
        holds(bulk(p, p.path("none.csv")).err, "none.csv")
        p.bad("objects", "add", STORE, "RFJKS", "--what", "store-csv", says=["say which file"])
        same(p.calls("POST /CertificateStores"), 0)


cases()
