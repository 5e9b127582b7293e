"""What a test may do to the simulator of Command beside calling it: POST /sim/keyfactor {"do": ..., ...}.

Each function here is a word for "do"; its parameters are the other members.  See keyfactor_world.KNOBS for
what `set` sets.
"""
import uuid

import keyfactor_flow
import keyfactor_stores
from keyfactor_query import when


def set_knobs(sim, **knobs):
    unknown = set(knobs) - set(sim.world.knobs)
    if unknown:
        raise ValueError("no such knob: %s" % ", ".join(unknown))
    sim.world.knobs.update(knobs)
    return {}


def seed(sim, name="www.example.org", count=1, **how):
    """So many certificates that are there already; their ids."""
    return {"ids": [sim.world.issue(name if count == 1 else "%s%d.example.org" % (name, i), **how)["Id"]
                    for i in range(count)]}


def revoke(sim, id, reason=4, comment="by somebody"):
    sim.world.revoke(id, reason, comment)
    return {}


def forget(sim, id):
    """Command knows a certificate no more."""
    del sim.world.certs[id]
    return {}


def change(sim, id, **members):
    """Something of a certificate's record is another."""
    sim.world.certs[id].update(members)
    return {}


def request(sim, **how):
    made = keyfactor_flow.seed_request(sim.world, **how)
    return {"id": made["Id"], "instance": made.get("instance")}


def change_request(sim, id, **members):
    sim.world.requests[id].update(members)
    return {}


def decide(sim, id, yes=True, comment="no"):
    """Somebody else answers what waits at the CA, or at a CA elsewhere."""
    asked = sim.world.requests[id]
    if asked.get("instance"):
        keyfactor_flow.end_instance(sim.world, sim.world.instances[asked["instance"]], 4 if yes else 5, comment)
    elif yes:
        keyfactor_flow.issue(sim.world, asked)
    else:
        asked.update(lists="Denied", State=3, comment=comment)
    return {}


def fail(sim, instance):
    """A step of a workflow goes wrong."""
    keyfactor_flow.fail_instance(sim.world, instance)
    return {}


def state(sim):
    world = sim.world
    hidden = ("public", "key")
    return {"certs": list(world.certs.values()), "calls": sim.calls, "enrolled": world.enrolled,
            "requests": [{k: v for k, v in r.items() if k not in hidden} for r in world.requests.values()],
            "jobs": world.jobs, "instances": list(world.instances.values()), "now": when(world.now())}


def run(sim, job="Inventory", result=2, status=3, message="", machine="web1", path="My", kind="WinCert", id=""):
    """An agent has done something; when."""
    end = when(sim.world.now())
    sim.world.history.append({
        "JobHistoryId": len(sim.world.history) + 1, "AgentMachine": "orch1", "JobId": id, "Schedule": None,
        "JobType": kind + job, "OperationStart": end[:-1], "OperationEnd": end[:-1], "Message": message,
        "Result": result, "Status": status, "StorePath": path, "ClientMachine": machine})
    return {"end": end}


def store(sim, machine="app1", path="/opt/app/keys.jks", type=103):
    """One more certificate store."""
    keyfactor_stores.TYPES.setdefault(type, keyfactor_stores.KINDS[type])
    made = dict(sim.world.stores[0], Id=str(uuid.uuid4()), DisplayName=machine, ClientMachine=machine,
                Storepath=path, CertStoreType=type, ContainerId=None, ContainerName=None)
    sim.world.stores.append(made)
    return {"id": made["Id"]}


def agent(sim, message="", status=3):
    """An agent comes for its jobs: it does them, or fails with that message."""
    for job in [j for j in sim.world.jobs if j["kind"] != "Inventory"]:
        store_of, kind = keyfactor_stores.store_of(sim.world, job["store"])
        why = message or keyfactor_stores.why_not(sim.world, job)
        sort = "Reenrollment" if job["kind"] == "Reenrollment" else "Management"
        run(sim, sort, 4 if why else 2, status, why or "", store_of["ClientMachine"],
            store_of["Storepath"], kind["ShortName"], job["Id"])
        if status == 3:
            sim.world.jobs.remove(job)
            sim.world.done += [] if why else [job]
    return {}


def inventory(sim):
    """Agents look into all stores."""
    for job in sim.world.done:
        keyfactor_stores.put_there(sim.world, job)
    sim.world.done.clear()
    sim.world.jobs = [j for j in sim.world.jobs if j["kind"] != "Inventory"]
    for one in sim.world.stores:
        run(sim, machine=one["ClientMachine"], path=one["Storepath"],
            kind=keyfactor_stores.TYPES[one["CertStoreType"]]["ShortName"])
    return {}


def forget_calls(sim):
    sim.calls.clear()
    return {}


def mend(sim):
    """Nothing goes wrong on purpose any more."""
    sim.faults.clear()
    return {}


DEEDS = {"set": set_knobs, "seed": seed, "revoke": revoke, "forget": forget, "change": change,
         "request": request, "change_request": change_request, "decide": decide, "state": state,
         "fail": fail, "run": run, "store": store, "agent": agent, "inventory": inventory,
         "forget_calls": forget_calls, "mend": mend}
