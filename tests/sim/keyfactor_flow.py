"""Command's enrolments, and what waits for somebody: requests at the CA, and workflows of Command itself."""
import datetime
import time
import uuid

from cryptography import x509
from cryptography.hazmat.primitives import serialization

import aws_x509
from keyfactor_api import packed
from keyfactor_bodies import check
from keyfactor_query import Refused, page, when
from keyfactor_world import CSR, PFX, STATES, TEMPLATES, common_name, dn
from sim import Reply

STATUSES = ["Unknown", "Running", "Suspended", "Failed", "Complete", "Rejected", "CanceledForRestart"]
REQUEST_FIELDS = {"Id": "Id", "CommonName": "CommonName", "Template": "Template", "Requester": "Requester"}
INSTANCE_FIELDS = {"Id": "Id", "Status": "Status", "Title": "Title", "ReferenceId": "ReferenceId",
                   "StartDate": "StartDate"}
WAITS = {"ca": ("Pending", "PENDING"), "workflow": ("Pending", "PENDING"),
         "external": ("ExternalValidation", "EXTERNAL_VALIDATION")}


# --- enrolment ---------------------------------------------------------------------------------------

def template_of(world, who, asked, way):
    for number, (short, _, allowed, users) in enumerate(TEMPLATES):
        if short == asked.get("Template"):
            if who not in users or not allowed & way:
                break
            return number
    raise Refused("The template '%s' does not exist, or %s may not enrol with it."
                  % (asked.get("Template"), who), 403, "0xA0140002")


def check_time(asked):
    at = datetime.datetime.strptime(asked["Timestamp"][:19], "%Y-%m-%dT%H:%M:%S")
    if abs(at.replace(tzinfo=datetime.timezone.utc).timestamp() - time.time()) > 900:
        raise Refused("The timestamp is too far from the server's time.")


def information(world, request, record=None, **more):
    """What every enrolment answers with; a pending one has nulls where the certificate would be."""
    chain = world.chain(record) if record else []
    pems = [c.public_bytes(serialization.Encoding.PEM).decode() for c in chain]
    said = {"SerialNumber": record["SerialNumber"] if record else None,
            "IssuerDN": record["IssuerDN"] if record else None,
            "Thumbprint": record["Thumbprint"] if record else None,
            "KeyfactorID": record["Id"] if record else 0,
            "Certificates": ["subject=%s\n%s" % (record["IssuedDN"], pems[0])] + pems[1:] if record else None,
            "KeyfactorRequestId": request["Id"], "RequestDisposition": request["disposition"],
            "DispositionMessage": request["said"], "EnrollmentContext": None}
    if request.get("instance"):
        said.update(WorkflowInstanceId=request["instance"], WorkflowReferenceId=request["Id"])
    said.update(more)
    return {"CertificateInformation": said, "Metadata": request["Metadata"]}


def new_request(world, who, subject, names, public, asked, number, state=5):
    ident = world.number("request")
    request = {"Id": ident, "CARequestId": "9%d" % ident, "CommonName": common_name(subject),
               "DistinguishedName": dn(subject), "SubmissionDate": when(world.now(), ".25"),
               "CertificateAuthority": asked.get("CertificateAuthority", "ca01.corp.example\\IssuingCA"),
               "Template": TEMPLATES[number][1], "Requester": who, "State": state,
               "Metadata": asked.get("Metadata", {}), "names": names, "public": public, "template": number,
               "lists": None, "disposition": "ISSUED", "said": "The certificate was issued.", "comment": None}
    if request["CertificateAuthority"] not in world.cas:
        raise Refused("Unable to find the certificate authority.")
    world.requests[ident] = request
    return request


def issue(world, request):
    record = world.issue(request["CommonName"], request["names"], request["CertificateAuthority"],
                         request["public"], template=request["template"], requester=request["Requester"],
                         request=request["Id"], metadata=request["Metadata"], age=0.01)
    request.update(lists=None, disposition="ISSUED", State=1)
    if request.get("key") and world.knobs["retains"]:
        world.keys[record["Id"]] = request["key"]
        record["HasPrivateKey"] = True
    return record


def suspend(world, request, how):
    """The request waits, the way that the knob says."""
    lists, disposition = WAITS[how]
    request.update(disposition=disposition, said="The request waits.", lists=lists)
    if how == "workflow":
        request["lists"] = None
        request["instance"] = new_instance(world, "Enrollment", request["CommonName"], request["Requester"],
                                           {"Template": request["Template"], "SANs": request["names"],
                                            "CA": request["CertificateAuthority"],
                                            "Subject": request["DistinguishedName"]}, request["Id"])["Id"]


def names_of(asked):
    """The names that are asked for beside those of a CSR, in the order in which Command takes them."""
    return [name for sort in ("dns", "ip4", "ip6", "rfc822", "uri")
            for name in asked.get("SANs", {}).get(sort, [])]


def enroll_csr(world, who, request):
    if not request.headers.get("x-certificateformat"):
        raise Refused("The x-certificateformat header is missing.")
    asked = check("Enrollment/CSR", request.json())
    check_time(asked)
    number = template_of(world, who, asked, CSR)
    csr = x509.load_pem_x509_csr(asked["CSR"].encode())
    if not csr.is_signature_valid:
        raise Refused("The CSR's signature is not valid.")
    found = [e for e in csr.extensions if e.oid == x509.SubjectAlternativeName.oid]
    names = names_of(asked) or [str(n.value) for n in found[0].value] if found else []
    world.enrolled.append(asked)
    made = new_request(world, who, csr.subject, names or [common_name(csr.subject)], csr.public_key(), asked,
                       number)
    if world.knobs["approval"]:
        suspend(world, made, world.knobs["approval"])
        return Reply(200, information(world, made))
    return Reply(200, information(world, made, issue(world, made)))


def enroll_pfx(world, who, request):
    if request.headers.get("x-certificateformat", "").upper() != "PFX":
        raise Refused("The x-certificateformat header is missing.")
    asked = check("Enrollment/PFX", request.json())
    check_time(asked)
    number = template_of(world, who, asked, PFX)
    key = aws_x509.new_key("EC_prime256v1")
    subject = x509.Name.from_rfc4514_string(asked["Subject"])
    world.enrolled.append(asked)
    made = new_request(world, who, subject, names_of(asked) or [common_name(subject)], key.public_key(), asked,
                       number)
    made["key"] = key
    if world.knobs["approval"]:
        suspend(world, made, world.knobs["approval"])
        return Reply(200, information(world, made, Pkcs12Blob=None))
    record = issue(world, made)
    return Reply(200, information(world, made, record, Certificates=None, Password=asked["Password"],
                                  Pkcs12Blob=packed(world, record, key, asked["Password"])))


# --- requests at the CA ------------------------------------------------------------------------------

def shown(world, request, whole=False):
    said = {k: request[k] for k in ("Id", "CARequestId", "CommonName", "DistinguishedName", "SubmissionDate",
                                    "CertificateAuthority", "Template", "Requester", "Metadata")}
    said.update(State=world.enum(request["State"], STATES), StateString=STATES[request["State"]])
    if whole:
        said.update(DenialComment=request["comment"], KeyLength="256", Curve="P-256", CertStores=[],
                    SANs={"dns": request["names"]} if request["names"] else None)
    return said


def waiting(lists):
    def answer(world, who, request):
        found, headers = page(world, request, [r for r in world.requests.values() if r["lists"] == lists],
                              REQUEST_FIELDS, "Id")
        return Reply(200, [shown(world, r) for r in found], headers)
    return answer


def one_request(world, who, request, ident):
    if int(ident) not in world.requests:
        return Reply(404, {"Message": "Request %s was not found." % ident})
    return Reply(200, shown(world, world.requests[int(ident)], True))


def settle(world, idents, how):
    """Approves or denies each, and says of each whether that worked."""
    said = {"Successes": [], "Failures": [], "Denials": []}
    for ident in idents:
        request = world.requests.get(ident)
        item = {"CARowId": ident, "CARequestId": request and request["CARequestId"],
                "CAHost": "ca01.corp.example", "CALogicalName": "IssuingCA", "KeyfactorRequestId": ident,
                "Comment": None}
        if not request or request["lists"] != "Pending":
            item["Comment"] = "The request is not pending."
            said["Failures"].append(item)
        else:
            how(request)
            said["Successes"].append(item)
    return Reply(200, said)


def approve(world, who, request):
    return settle(world, check("Workflow/Certificates/Approve", request.json()), lambda r: issue(world, r))


def deny(world, who, request):
    asked = check("Workflow/Certificates/Deny", request.json())
    return settle(world, asked["CertificateRequestIds"], lambda r: r.update(
        lists="Denied", State=3, comment=asked["Comment"]))


# --- workflows ---------------------------------------------------------------------------------------

def at_approval():
    """The members of an instance that waits for its approvers."""
    return {"Status": STATUSES.index("Suspended"), "StatusMessage": "Waiting for approval",
            "CurrentStepDisplayName": "Require approval", "CurrentStepUniqueName": "RequireApproval1",
            "Signals": [{"SignalName": "ApprovalStatus", "StepSignalId": str(uuid.uuid4()),
                         "SignalReceived": False}]}


def new_instance(world, sort, title, who, data, reference, assigned=("CORP\\jo",), status=2):
    ident = str(uuid.uuid4())
    world.instances[ident] = dict(at_approval(), **{
        "Id": ident, "Status": status, "CurrentStepId": str(uuid.uuid4()),
        "Definition": {"Id": str(uuid.uuid4()), "DisplayName": "Approval of " + sort.lower(), "Version": 3,
                       "WorkflowType": sort},
        "Title": "%s %s for %s." % (who, sort.lower(), title), "LastModified": when(world.now()),
        "StartDate": when(world.now()), "InitialData": data, "CurrentStateData": dict(data, Comment=None),
        "ReferenceId": reference, "by": who, "assigned": list(assigned), "yes": []})
    return world.instances[ident]


def instance_shown(world, instance, whole):
    said = {k: v for k, v in instance.items() if k not in ("by", "assigned", "yes")}
    said["Status"] = world.enum(instance["Status"], STATUSES)
    if not whole:
        for key in ("InitialData", "CurrentStateData", "Signals"):
            del said[key]
    return said


def instances(which):
    def answer(world, who, request):
        seen = [i for i in world.instances.values() if which == "all"
                or (which == "my" and i["by"] == who)
                or (which == "assigned" and who in i["assigned"] and i["Status"] == 2)]
        found, headers = page(world, request, seen, INSTANCE_FIELDS, "Id")
        return Reply(200, [instance_shown(world, i, False) for i in found], headers)
    return answer


def instance_of(world, ident):
    if ident not in world.instances:
        raise Refused("There is no workflow instance %s." % ident, 404)
    return world.instances[ident]


def one_instance(world, who, request, ident):
    return Reply(200, instance_shown(world, instance_of(world, ident), True))


def end_instance(world, instance, status, message):
    instance.update(Status=status, StatusMessage=message, CurrentStepUniqueName=None,
                    CurrentStepDisplayName=None, Signals=[], LastModified=when(world.now()))
    request = world.requests.get(instance["ReferenceId"])
    if request and status == 4:
        issue(world, request)
    elif request:
        request.update(lists="Denied", State=3, comment=message)


def signal(world, who, request, ident):
    instance, asked = instance_of(world, ident), check("Workflow/Instances/Signals", request.json())
    if who not in instance["assigned"]:
        raise Refused("%s is not assigned to this step." % who, 403, "0xA0140002")
    if asked["SignalKey"] != "%s.ApprovalStatus" % instance["CurrentStepUniqueName"]:
        raise Refused("The workflow does not wait for the signal '%s'." % asked["SignalKey"])
    if asked["Data"]["Approved"] == "False":
        end_instance(world, instance, 5, "Denied: %s" % asked["Data"].get("Comment"))
        return Reply(204)
    if who in instance["yes"]:
        raise Refused("%s has approved it already." % who)
    instance["yes"].append(who)
    if len(instance["yes"]) >= world.knobs["approvers"]:
        end_instance(world, instance, 4, "Complete")
    return Reply(204)


def restart(world, who, request, ident):
    """Begun anew under its own number, or as another one, whose old number is then cancelled."""
    instance = instance_of(world, ident)
    if STATUSES[instance["Status"]] not in ("Failed", "Suspended", "Running"):
        raise Refused("Only workflows that are suspended or have failed can be restarted.")
    if world.knobs["restart_fails"]:
        raise Refused("The workflow definition is not published any more.")
    asked = world.requests.get(instance["ReferenceId"])
    if world.knobs["restarts_as"] == "same":
        instance.update(at_approval(), LastModified=when(world.now()), yes=[])
        return Reply(204)
    instance.update(Status=STATUSES.index("CanceledForRestart"), CurrentStepUniqueName=None, Signals=[])
    made = new_instance(world, instance["Definition"]["WorkflowType"], instance["Title"], instance["by"],
                        instance["InitialData"], instance["ReferenceId"])
    if asked:
        asked["instance"] = made["Id"]
    return Reply(204)


def fail_instance(world, ident, message="A step has failed."):
    """Its step went wrong, and nobody is asked any more."""
    world.instances[ident].update(Status=STATUSES.index("Failed"), StatusMessage=message, Signals=[])


def seed_request(world, name, names=(), who="CORP\\kim", how="ca", template=0, **more):
    """Something that somebody else asked for, and that waits; its id, or its instance's."""
    key = aws_x509.new_key("EC_prime256v1", shared=True)
    request = new_request(world, who, x509.Name.from_rfc4514_string("CN=" + name), list(names) or [name],
                          key.public_key(), more, template)
    suspend(world, request, how)
    return request
