"""Command's certificate stores as people make, change and delete them: a machine, a path, an agent, and what
the store's type wants to be told, with secrets that are never told again."""
import json
import uuid

import jsonschema

from keyfactor_bodies import FLAG, GUID, ID, SCHEDULE, SECRET, TEXT, TIME, body
from keyfactor_query import Refused
from keyfactor_stores import KINDS, TYPES
from sim import Reply

MASK = "********"
NULL = {"type": "null"}


def prop(name, kind="String", default="", needed=False, depends=""):
    return {"Name": name, "DisplayName": name + " of it", "Type": kind, "DependsOn": depends,
            "DefaultValue": default, "Required": needed}


# What stores of a type are made from, by the type's short name.
PROPERTIES = {
    "WinCert": [prop("ServerUsername", "Secret"), prop("ServerPassword", "Secret"), prop("Port")],
    "RFJKS": [prop("ServerUsername", "Secret"), prop("ServerPassword", "Secret"),
              prop("ServerUseSsl", "Bool", "true", True), prop("Transfer", "MultipleChoice", "SCP,SFTP,Both"),
              prop("SudoUser"), prop("Sudo", "Bool", "false"), prop("SudoReason", "String", "", True, "Sudo")],
    "PEMFile": [prop("Separate", "Bool", "false"), prop("KeyPath", "String", "", True, "Separate")],
}
STORE = {"ClientMachine": TEXT, "Storepath": TEXT, "CertStoreType": {"type": "integer"},
         "Properties": {"type": "string"}, "AgentId": GUID}
MORE = {"ContainerId": {"anyOf": [ID, NULL]}, "Approved": FLAG, "CreateIfMissing": FLAG, "Password": SECRET,
        "InventorySchedule": {"anyOf": [SCHEDULE, NULL]}}
CLEARED = {"ContainerId": None, "Approved": True, "CreateIfMissing": False, "InventorySchedule": None}
NEW = body(STORE, **MORE)
CHANGED = body(dict(STORE, Id=GUID), **MORE)
PASSWORD = body({"CertStoreId": GUID, "NewPassword": SECRET})
DISCOVERY = body({"ClientMachine": TEXT, "AgentId": GUID, "Type": {"type": "integer"},
                  "JobExecutionTimestamp": TIME, "Dirs": TEXT},
                 IgnoredDirs={"type": "string"}, Extensions={"type": "string"}, NamePatterns={"type": "string"},
                 SymLinks=FLAG, Compatibility=FLAG, ServerUsername=SECRET, ServerPassword=SECRET,
                 ServerUseSsl=FLAG)
APPROVAL = {"type": "array", "minItems": 1, "items": body(
    {"Id": GUID, "ContainerId": {"anyOf": [ID, NULL]}, "CertStoreType": {"type": "integer"},
     "Properties": {"type": "string"}}, Password=SECRET)}
# The properties, which are JSON in a text: each by the object that it is in.
INSIDE = {"type": "object", "additionalProperties": body({"value": {"anyOf": [{"type": "string"}, SECRET]}})}

for kind in KINDS.values():
    kind.setdefault("Properties", PROPERTIES.get(kind["ShortName"], []))


def checked(asked, schema):
    try:
        jsonschema.validate(asked, schema)
    except jsonschema.ValidationError as why:
        raise Refused("Invalid JSON schema. %s" % why.message) from why
    return asked


def value_of(inside, name):
    found = inside.get(name, {}).get("value")
    return found["SecretValue"] if isinstance(found, dict) else found


def check_properties(kind, text):
    """What the type wants to be told; as members by name."""
    known = {p["Name"]: p for p in kind["Properties"]}
    try:
        inside = checked(json.loads(text), INSIDE)
    except ValueError as why:
        raise Refused("The properties are no JSON.") from why
    for name, one in inside.items():
        if name not in known:
            raise Refused("Unknown property: %s" % name)
        if isinstance(one["value"], dict) != (known[name]["Type"] == "Secret"):
            raise Refused("Invalid JSON schema. Expected: 'StartObject' Received: 'String'")
        choices = known[name]["DefaultValue"].split(",")
        if known[name]["Type"] == "MultipleChoice" and one["value"] not in choices:
            raise Refused("Invalid value of %s." % name)
        if known[name]["Type"] == "Bool" and one["value"] not in ("true", "false"):
            raise Refused("Invalid value of %s." % name)
    for name, one in known.items():
        wanted = one["Required"] and (not one["DependsOn"] or value_of(inside, one["DependsOn"]) == "true")
        if wanted and not value_of(inside, name):
            raise Refused("The property %s is required." % name)
    return inside


def check_whose(world, asked):
    if asked["CertStoreType"] not in TYPES:
        raise Refused("There is no such type.")
    if not any(a["AgentId"] == asked["AgentId"] and a["Status"] == 2 for a in world.agents):
        raise Refused("There is no such approved agent.")
    found = [c for c in world.containers if c["Id"] == asked["ContainerId"]]
    if asked["ContainerId"] and (not found or found[0]["CertStoreType"] != asked["CertStoreType"]):
        raise Refused("There is no such container for stores of the type.")
    return found[0]["Name"] if found else None


def hidden(text):
    """Properties as they are told."""
    inside = json.loads(text)
    for one in inside.values():
        if isinstance(one, dict) and isinstance(one.get("value"), dict):
            one["value"] = {"SecretValue": MASK}
    return json.dumps(inside)


def shown(store):
    """As a store is told; a password only as one that there is."""
    told = {k: v for k, v in store.items() if k != "Secret"}
    return dict(told, Properties=hidden(store["Properties"]), Password={"HasValue": bool(store.get("Secret"))})


def write(world, asked, store):
    asked = dict(CLEARED, **asked)
    kind = TYPES.get(asked["CertStoreType"])
    container = check_whose(world, asked)
    check_properties(kind, asked["Properties"])
    if any(s is not store and (s["ClientMachine"].lower(), s["Storepath"], s["CertStoreType"]) ==
           (asked["ClientMachine"].lower(), asked["Storepath"], asked["CertStoreType"]) for s in world.stores):
        raise Refused("A certificate store with this client machine and path exists.", 400, "0xA011000A")
    secret = asked.pop("Password", {}).get("SecretValue")
    store.update(asked, ContainerName=container, Secret=secret)     # what is not sent is cleared
    return store


def add_store(world, who, request):
    asked = checked(request.json(), NEW)
    if asked["ClientMachine"] in world.knobs["refuses"]:
        raise Refused("The machine is in maintenance.")
    made = {"Id": str(uuid.uuid4()), "DisplayName": asked["ClientMachine"], "AgentAssigned": True,
            "ReenrollmentStatus": None, "SetNewPasswordAllowed": False}
    world.stores.append(write(world, asked, made))
    return Reply(200, made)     # with its secrets in clear, as has been seen


def found_store(world, ident):
    found = [s for s in world.stores if s["Id"] == ident]
    if not found:
        raise Refused("There is no such store.", 404)
    return found[0]


def change_store(world, who, request):
    asked = checked(request.json(), CHANGED)
    if world.knobs["rooted"]:
        store = found_store(world, asked["Id"])
        asked.update(ClientMachine=store["ClientMachine"], Storepath=store["Storepath"])
    return Reply(200, write(world, asked, found_store(world, asked["Id"])))


def drop_store(world, who, request, ident):
    world.stores.remove(found_store(world, ident))
    return Reply(204)


def set_password(world, who, request):
    asked = checked(request.json(), PASSWORD)
    found_store(world, asked["CertStoreId"])["Secret"] = asked["NewPassword"]["SecretValue"]
    return Reply(204)


def discover(world, who, request):
    """An agent shall look for stores; nobody is told the job's number."""
    asked = checked(request.json(), DISCOVERY)
    kind = TYPES.get(asked["Type"])
    if not kind or not kind["SupportedOperations"]["Discovery"]:
        raise Refused("The certificate store type does not support discovery.")
    if not any(a["AgentId"] == asked["AgentId"] and a["Status"] == 2 for a in world.agents):
        raise Refused("There is no such approved agent.")
    world.waiting.append({"Id": str(uuid.uuid4()), "ClientMachine": asked["ClientMachine"],
                          "Target": asked["Dirs"], "Schedule": None, "Requested": None,
                          "JobType": kind["ShortName"] + "Discovery", "asked": asked})
    return Reply(204)


def approve(world, who, request):
    """All of one type, or none of them."""
    asked = checked(request.json(), APPROVAL)
    stores = [found_store(world, a["Id"]) for a in asked]
    if any(s["Approved"] or s["CertStoreType"] != asked[0]["CertStoreType"] for s in stores):
        raise Refused("Only stores of one type that are not approved.")
    for one, store in zip(asked, stores):
        container = check_whose(world, dict(one, AgentId=store["AgentId"]))
        check_properties(TYPES[one["CertStoreType"]], one["Properties"])
        secret = one.pop("Password", {}).get("SecretValue")
        store.update(one, Approved=True, ContainerName=container, Secret=secret)
    return Reply(204)


ROUTES = {
    "PUT /CertificateStores/DiscoveryJob": discover,
    "POST /CertificateStores/Approve": approve,
    "POST /CertificateStores": add_store,
    "PUT /CertificateStores": change_store,
    "PUT /CertificateStores/Password": set_password,
    r"DELETE /CertificateStores/([0-9a-f-]{36})": drop_store,
}


# --- what a test may do ---

def know(sim, type=103):
    """One more type of stores is known."""
    TYPES.setdefault(type, KINDS[type])
    return {}


def discovered(sim, paths=(), properties=None):
    """Agents look, and find these where they were told to look."""
    for job in [j for j in sim.world.waiting if "asked" in j]:
        sim.world.waiting.remove(job)
        for path in paths:
            sim.world.stores.append(dict(
                sim.world.stores[0], Id=str(uuid.uuid4()), ClientMachine=job["ClientMachine"],
                Storepath=path, CertStoreType=job["asked"]["Type"], Approved=False, ContainerId=None,
                ContainerName=None, Properties=json.dumps(properties or {}), AgentId=job["asked"]["AgentId"],
                InventorySchedule=None, Secret=None))
    return {}


def schedule(sim, machine, schedule):
    """A schedule as an answer may have it."""
    for store in sim.world.stores:
        if store["ClientMachine"] == machine:
            store["InventorySchedule"] = schedule
    return {}


DEEDS = {"know": know, "schedule": schedule, "discovered": discovered}
