"""What Command keeps beside certificates: types of stores, containers, agents and what becomes of them, and
jobs that wait."""
import jsonschema

from keyfactor_bodies import GUIDS, ID, TEXT, body
from keyfactor_query import Refused, page
from keyfactor_stores import RULES, TYPES, shown_type
from sim import Reply

NAMES = ["Unknown", "New", "Approved", "Disapproved"]
ALL = {"type": "array", "items": {"type": "object"}}
TYPE = {"type": "object", "required": ["Name", "ShortName", "Capability"],
        "properties": {"Name": TEXT, "ShortName": TEXT, "Capability": TEXT, "Properties": ALL,
                       "EntryParameters": ALL, "StoreType": False,
                       "PrivateKeyAllowed": {"enum": RULES + list(range(len(RULES)))}}}
CONTAINER = body({"Name": TEXT, "CertStoreType": {"type": "integer"}})
ASSIGNMENT = body({"CertStoreContainerId": ID, "KeystoreIds": GUIDS})
AUDITED = body({"JobAuditIds": {"type": "array", "items": ID, "minItems": 1}})
WAITING_FIELDS = {"JobType": "JobType", "ClientMachine": "ClientMachine"}


def checked(request, schema):
    try:
        jsonschema.validate(request.json(), schema)
    except jsonschema.ValidationError as why:
        raise Refused("Invalid JSON schema. %s" % why.message) from why
    return request.json()


# --- types of stores ---

def store_types(world, who, request):
    return Reply(200, [shown_type(world, t) for t in TYPES.values()])


def store_type_called(world, who, request, name):
    found = [shown_type(world, t) for t in TYPES.values() if t["ShortName"].lower() == name.lower()]
    if not found:
        raise Refused("Certificate store type '%s' does not exist." % name, 404)
    return Reply(200, found if world.knobs["enums"] == "name" else found[0])


def add_store_type(world, who, request):
    asked = checked(request, TYPE)
    if any(t["ShortName"].lower() == asked["ShortName"].lower() for t in TYPES.values()):
        raise Refused("A type of that name exists.", 400, "0xA011000A")
    rule = asked.get("PrivateKeyAllowed", 0)
    made = dict(asked, StoreType=max(TYPES) + 1, PrivateKeyAllowed=RULES.index(rule) if rule in RULES else rule)
    TYPES[made["StoreType"]] = made
    return Reply(200, shown_type(world, made))


def drop_store_type(world, who, request, ident):
    if int(ident) not in TYPES:
        raise Refused("There is no such type.", 404)
    if any(s["CertStoreType"] == int(ident) for s in world.stores):
        raise Refused("The type is in use.")
    del TYPES[int(ident)]
    world.containers[:] = [c for c in world.containers if c["CertStoreType"] != int(ident)]
    return Reply(204)


# --- containers ---

def add_container(world, who, request):
    asked = checked(request, CONTAINER)
    if asked["CertStoreType"] not in TYPES:
        raise Refused("There is no such type.")
    if any(c["Name"] == asked["Name"] for c in world.containers):
        raise Refused("A container of that name exists.", 400, "0xA011000A")
    number = max([0] + [c["Id"] for c in world.containers]) + 1
    world.containers.append(dict(asked, Id=number, OverwriteSchedules=False, Schedule=None, StoreCount=0))
    return Reply(200, world.containers[-1])


def assign_container(world, who, request):
    asked = checked(request, ASSIGNMENT)
    found = [c for c in world.containers if c["Id"] == asked["CertStoreContainerId"]]
    stores = [s for s in world.stores if s["Id"] in asked["KeystoreIds"]]
    if not found or len(stores) != len(asked["KeystoreIds"]):
        raise Refused("There is no such container, or no such store.", 404)
    if any(s["CertStoreType"] != found[0]["CertStoreType"] for s in stores):
        raise Refused("The container is for stores of another type.")
    for one in stores:
        one.update(ContainerId=found[0]["Id"], ContainerName=found[0]["Name"])
    for one in world.containers:
        one["StoreCount"] = sum(s["ContainerId"] == one["Id"] for s in world.stores)
    return Reply(200, stores)


# --- agents ---

def agents_of(world, request):
    asked = checked(request, GUIDS)
    found = [a for a in world.agents if a["AgentId"] in asked]
    if len(found) != len(asked):
        raise Refused("There is no such agent.", 404)
    return found


def become(status):
    def answer(world, who, request):
        for agent in agents_of(world, request):
            agent["Status"] = NAMES.index(status)
        return Reply(204)
    return answer


approve, disapprove = become("Approved"), become("Disapproved")


def reset(world, who, request):
    """New again: without stores, without jobs, without the certificate that it signed in with."""
    for agent in agents_of(world, request):
        agent.update(Status=NAMES.index("New"), Thumbprint="")
        gone = [s for s in world.stores if s["AgentId"] == agent["AgentId"]]
        machines = {agent["ClientMachine"]} | {s["ClientMachine"] for s in gone}
        world.stores[:] = [s for s in world.stores if s not in gone]
        world.waiting[:] = [j for j in world.waiting if j["ClientMachine"] not in machines]
    return Reply(204)


# --- jobs ---

def scheduled(world, who, request):
    found, headers = page(world, request, world.waiting, WAITING_FIELDS, "JobType")
    return Reply(200, found, headers)


def audited(world, request):
    asked = checked(request, AUDITED)
    found = [r for r in world.history if r["JobHistoryId"] in asked["JobAuditIds"] and r["Result"] in (3, 4)]
    if len(found) != len(asked["JobAuditIds"]):
        raise Refused("Only jobs that failed, or were done with a warning.")
    return found


def acknowledge(world, who, request):
    for run in audited(world, request):
        run["Status"] = 4
    return Reply(204)


def reschedule(world, who, request):
    for run in audited(world, request):
        world.waiting.append({"Id": "again-%d" % run["JobHistoryId"], "ClientMachine": run["ClientMachine"],
                              "Target": run["StorePath"], "Schedule": None, "Requested": run["OperationEnd"],
                              "JobType": run["JobType"]})
    return Reply(204)


GUID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
ROUTES = {
    "GET /CertificateStoreTypes": store_types,
    r"GET /CertificateStoreTypes/Name/([\w.-]+)": store_type_called,
    "POST /CertificateStoreTypes": add_store_type,
    r"DELETE /CertificateStoreTypes/(\d+)": drop_store_type,
    "POST /CertificateStoreContainers": add_container,
    "PUT /CertificateStores/AssignContainer": assign_container,
    "POST /Agents/Approve": approve,
    "POST /Agents/Disapprove": disapprove,
    "POST /Agents/Reset": reset,
    "GET /OrchestratorJobs/ScheduledJobs": scheduled,
    "POST /OrchestratorJobs/Acknowledge": acknowledge,
    "POST /OrchestratorJobs/Reschedule": reschedule,
}


# --- what a test may do ---

def wait(sim, job="Inventory", machine="web1", schedule="I_60"):
    """A job that an agent shall do."""
    sim.world.waiting.append({"Id": "job-%d" % (len(sim.world.waiting) + 1), "ClientMachine": machine,
                              "Target": "My", "Schedule": schedule, "Requested": None,
                              "JobType": "WinCert" + job})
    return {}


def give(sim, machine="web3"):
    """The first agent has one store more."""
    first = sim.world.stores[0]
    sim.world.stores.append(dict(first, Id="00000000-0000-0000-0000-00000000000%d" % len(sim.world.stores),
                                 ClientMachine=machine))
    return {}


def things(sim):
    world = sim.world
    return {"agents": world.agents, "stores": world.stores, "containers": world.containers,
            "waiting": world.waiting, "types": list(TYPES.values()), "history": world.history,
            "jobs": world.jobs}


DEEDS = {"wait": wait, "give": give, "things": things}
