"""Command's certificate stores beyond their list: their types, their agents, the job history, and the jobs
that agents have to fetch: keyfactor_control.py lets them do that."""
import base64
import binascii
import uuid

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12

from keyfactor_bodies import check
from keyfactor_query import Refused, page
from sim import Reply


def parameter(name, kind="String", default="", options="", **when):
    return {"Name": name, "DisplayName": name + " of it", "Type": kind, "DependsOn": "",
            "DefaultValue": default, "Options": options,
            "RequiredWhen": dict({"HasPrivateKey": False, "OnAdd": False, "OnRemove": False,
                                  "OnReenrollment": False}, **when)}


def kind_of_store(number, name, title, operations, key, alias, parameters, entry_passwords=False):
    return {"Name": title, "ShortName": name, "Capability": name, "StoreType": number, "PrivateKeyAllowed": key,
            "CustomAliasAllowed": alias, "EntryParameters": parameters, "SupportedOperations": {
                o: o in operations for o in ("Add", "Create", "Discovery", "Enrollment", "Remove")},
            "PasswordOptions": {"EntrySupported": entry_passwords, "StoreRequired": False, "Style": "Default"}}


KINDS = {t["StoreType"]: t for t in (
    kind_of_store(102, "WinCert", "Windows Certificate", ("Add", "Remove", "Enrollment"), 2, 0,
                  [parameter("ProviderName"), parameter("SAN", OnReenrollment=True)]),
    kind_of_store(103, "RFJKS", "Java Keystore", ("Add", "Remove", "Create", "Discovery"), 1, 2,
                  [parameter("Usage", "MultipleChoice", options="server,client", OnAdd=True),
                   parameter("Owner", default="nobody", OnRemove=True), parameter("Pin", "Secret")], True),
    kind_of_store(105, "PEMFile", "PEM file", ("Add", "Remove"), 1, 1, []),
    kind_of_store(104, "ReadOnly", "Inventory alone", (), 0, 1, []))}
TYPES = {102: KINDS[102]}   # the others come with the first store of theirs
RULES = ["Forbidden", "Optional", "Required"]
STATUSES = ["Unknown", "Waiting", "InProcess", "Completed", "Acknowledged", "CompletedWillRetry"]
RESULTS = ["Unknown", "1", "Success", "Warning", "Failure"]
HISTORY_FIELDS = {"JobId": "JobId", "TargetPath": "StorePath", "OperationStart": "OperationStart"}


def store_type(world, who, request, ident):
    if int(ident) not in TYPES:
        raise Refused("There is no such type.", 404)
    return Reply(200, shown_type(world, TYPES[int(ident)]))


def shown_type(world, found):
    return dict(found, **{rule: world.enum(found[rule], RULES)
                          for rule in ("PrivateKeyAllowed", "CustomAliasAllowed")
                          if isinstance(found.get(rule), int)})


def agent(world, who, request, ident):
    found = [a for a in world.agents if a["AgentId"] == ident]
    return Reply(200, found[0]) if found else Reply(404, {"Message": "There is no such agent."})


def history(world, who, request):
    found, headers = page(world, request, world.history, HISTORY_FIELDS, "OperationStart")
    return Reply(200, [dict(r, Status=world.enum(r["Status"], STATUSES),
                            Result=world.enum(r["Result"], RESULTS)) for r in found], headers)


# --- jobs: asked for here, done when an agent comes ---

def imported(world, who, request):
    """A certificate that Command did not know, with its key or without."""
    asked = check("Certificates/Import", request.json())
    try:
        data = base64.b64decode(asked["Certificate"], validate=True)
        if "Password" in asked:
            key, made, _ = pkcs12.load_key_and_certificates(data, asked["Password"].encode())
        else:
            key, made = None, x509.load_der_x509_certificate(data)
    except (binascii.Error, ValueError) as why:
        raise Refused("The certificate could not be read.") from why
    known = world.known(made) or world.add(made, None, requester=who)
    if key and world.knobs["retains"]:
        known["HasPrivateKey"] = True
        world.keys[known["Id"]] = key
    return Reply(200, {"ImportStatus": 2, "JobStatus": 1, "InvalidKeystores": [],
                       "Thumbprint": known["Thumbprint"]})


def store_of(world, ident):
    found = [s for s in world.stores if s["Id"] == ident]
    if not found:
        raise Refused("Certificate store %s was not found." % ident, 404)
    if not found[0]["Approved"]:
        raise Refused("Certificate store %s is not approved." % ident)
    return found[0], TYPES[found[0]["CertStoreType"]]


def check_fields(kind, fields, when):
    known = {p["Name"] for p in kind["EntryParameters"]}
    unknown = set(fields) - known
    missing = {p["Name"] for p in kind["EntryParameters"] if p["RequiredWhen"][when]} - set(fields)
    secret = {p["Name"] for p in kind["EntryParameters"] if p["Type"] == "Secret"}
    odd = {name for name, value in fields.items() if isinstance(value, dict) != (name in secret)}
    if unknown or missing or odd:
        raise Refused("Invalid job fields: %s" % ", ".join(sorted(unknown | missing | odd)))


def queue(world, kind, store, **more):
    job = dict({"Id": str(uuid.uuid4()), "kind": kind, "store": store["Id"]}, **more)
    world.jobs.append(job)
    return job["Id"]


def add(world, who, request):
    asked = check("Certificates/Add", request.json())
    record = world.certs.get(asked["CertificateId"])
    if not record:
        raise Refused("Certificate with ID %d was not found." % asked["CertificateId"], 404)
    jobs = []
    for one in asked["CertificateStores"]:
        store, kind = store_of(world, one["CertificateStoreId"])
        if not kind["SupportedOperations"]["Add"]:
            raise Refused("Certificate stores of this type do not support adding certificates.")
        if kind["CustomAliasAllowed"] != 1 and bool(one.get("Alias")) != (kind["CustomAliasAllowed"] == 2):
            raise Refused("An alias is %s." % RULES[kind["CustomAliasAllowed"]].lower())
        if kind["PrivateKeyAllowed"] == 2 and not (one["IncludePrivateKey"] and record["HasPrivateKey"]):
            raise Refused("A private key is required.")
        if one["IncludePrivateKey"] and not record["HasPrivateKey"]:
            raise Refused("There is no private key for this certificate.")
        if one.get("EntryPassword") and not kind["PasswordOptions"]["EntrySupported"]:
            raise Refused("Entry passwords are not supported.")
        check_fields(kind, one.get("JobFields", {}), "OnAdd")
        jobs.append(queue(world, "Add", store, cert=record["Id"],
                          alias=one.get("Alias") or record["Thumbprint"], overwrite=one["Overwrite"],
                          fields=one.get("JobFields", {}), key=one["IncludePrivateKey"],
                          password=bool(one.get("EntryPassword"))))
    return Reply(200, jobs)


def remove(world, who, request):
    asked = check("Certificates/Remove", request.json())
    jobs = []
    for one in asked["CertificateStores"]:
        store, kind = store_of(world, one["CertificateStoreId"])
        if not kind["SupportedOperations"]["Remove"]:
            raise Refused("Certificate stores of this type do not support removing certificates.")
        check_fields(kind, one.get("JobFields", {}), "OnRemove")
        jobs.append(queue(world, "Remove", store, alias=one["Alias"], fields=one.get("JobFields", {})))
    return Reply(200, jobs)


def schedule(world, who, request):
    """When inventories are taken; what is to be done now is a job, and no schedule."""
    asked = check("CertificateStores/Schedule", request.json())
    for ident in asked["StoreIds"]:
        found = store_of(world, ident)[0]
        if asked["Schedule"].get("Immediate"):
            queue(world, "Inventory", found)
        else:
            found["InventorySchedule"] = asked["Schedule"]
    return Reply(204)


def reenroll(world, who, request):
    """An agent shall make a key; nobody is told the job's number."""
    asked = check("CertificateStores/Reenrollment", request.json())
    store, kind = store_of(world, asked["KeystoreId"])
    if not kind["SupportedOperations"]["Enrollment"] or asked["AgentGuid"] != store["AgentId"]:
        raise Refused("The certificate store does not support reenrollment.")
    if asked.get("CertificateAuthority", "") not in [""] + list(world.cas):
        raise Refused("There is no such certificate authority.")
    check_fields(kind, asked.get("JobProperties", {}), "OnReenrollment")
    queue(world, "Reenrollment", store, subject=asked["SubjectName"], alias=asked.get("Alias", ""),
          fields=asked.get("JobProperties", {}), overwrite=asked.get("Overwrite", False))
    return Reply(204)


def held(world, store, alias):
    """The place of that alias in a store, with the certificate that has it."""
    return [(r, place) for r in world.certs.values() for place in r["Locations"]
            if place["CertStoreId"] == store and place["Alias"] == alias]


def put_there(world, job):
    """What an inventory finds once the job is done."""
    store, kind = store_of(world, job["store"])
    if job["kind"] == "Reenrollment":
        made = world.issue(x509.Name.from_rfc4514_string(job["subject"]).get_attributes_for_oid(
            x509.NameOID.COMMON_NAME)[0].value)
        job = dict(job, kind="Add", cert=made["Id"], alias=job["alias"] or made["Thumbprint"])
    for record, place in held(world, job["store"], job["alias"]):
        record["Locations"].remove(place)
    if job["kind"] == "Add":
        world.certs[job["cert"]]["Locations"].append(
            {"StoreMachine": store["ClientMachine"], "StorePath": store["Storepath"],
             "StoreType": kind["ShortName"], "Alias": job["alias"], "ChainLevel": 0,
             "CertStoreId": store["Id"]})
        world.parameters[store["Id"], job["alias"]] = job["fields"]


def why_not(world, job):
    """Why an agent cannot do it."""
    there = held(world, job["store"], job["alias"])
    if job["kind"] == "Add" and there and not job["overwrite"] and there[0][0]["Id"] != job["cert"]:
        return "%s exists, and overwriting was not asked for" % job["alias"]
    return None if there or job["kind"] != "Remove" else "%s was not found" % job["alias"]
