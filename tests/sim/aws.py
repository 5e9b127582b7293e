#!/usr/bin/python3
"""AWS as one server: STS, ACM, ACM Private CA, IAM server certificates, Route 53, regions, and the
helpers of a machine (the SSO portal, instance metadata, containers).

Signatures are checked by botocore's own signer over the bytes that came, and parameters by its
validator with its models of the services.  Which service and region is meant says the scope of the
signature.  Accounts and keys are in aws_keys, what a test may turn in aws_world and aws_control.

A planned failure ({"do": "fail", "operation": "acm:Import.*", ...}) has: times (1), after (0: so many
pass first), region, and "code" with "message" and "status" as the service would say it, or "status"
with "body" and "headers" raw; "processed": it is done all the same; "drop": done, and the connection
closes without an answer; "break": closes in mid-body; "lie": text/html; "expires": all sessions have
ended by then.
"""
import re

from botocore import xform_name

import aws_control
from aws_acm import Acm
from aws_iam import Iam
from aws_keys import Caller, Refusal, expire, refuse, scope_service, who_signed
from aws_pca import Pca
from aws_regions import Regions
from aws_route53 import Route53
from aws_sts import Here, Sts
from aws_wire import Service
from aws_world import Call, World
from sim import Reply, Sim

UNSIGNED = ("AssumeRoleWithWebIdentity",)
SERVICES = ("sts", "acm", "acm-pca", "iam", "route53", "ec2", "account")


class Aws(Sim):
    def __init__(self):
        super().__init__()
        self.world, self.here, self.plans, self.number = World(), Here(), [], 0
        self.acm, self.pca, self.iam = Acm(self.world), Pca(self.world), Iam(self.world)
        self.world.pca, self.world.route53 = self.pca, Route53(self.world)
        regions = Regions(self.world)
        self.offered = {"sts": Sts(), "acm": self.acm, "acm-pca": self.pca, "iam": self.iam,
                        "route53": self.world.route53, "ec2": regions, "account": regions}
        self.services = {}

    def arguments(self, parser):
        parser.add_argument("--v1-only", action="store_true", help="metadata without tickets")

    def clock(self):
        return self.world.server_time()

    def service(self, name):
        if name not in self.services:       # IAM's and EC2's models take a moment to load
            self.services[name] = Service(name)
        return self.services[name]

    def service_of(self, request):
        """What it is signed for; without a signature, what it looks like."""
        name = scope_service(request)
        if name is not None:
            return name if name in SERVICES else None
        target = request.headers.get("X-Amz-Target") or ""
        for prefix, meant in (("CertificateManager.", "acm"), ("ACMPrivateCA.", "acm-pca")):
            if target.startswith(prefix):
                return meant
        if request.path.startswith("/2013-04-01/"):
            return "route53"
        return "account" if request.path == "/listRegions" else "sts" if request.path == "/" else None

    # --- what goes wrong on purpose ---

    def plan_for(self, name, operation, request):
        what = "%s:%s" % (name, operation)
        for plan in self.plans:
            region = re.search(r"Credential=[^/]+/[^/]+/([^/]+)/", request.headers.get("Authorization") or "")
            if plan.get("times", 1) <= 0 or not re.fullmatch(plan["operation"], what):
                continue
            if plan.get("region") and not (region and region.group(1) == plan["region"]):
                continue
            if plan.get("after", 0) > 0:
                plan["after"] -= 1
                continue
            plan["times"] = plan.get("times", 1) - 1
            return plan
        return None

    def planned(self, plan, service):
        if "code" in plan:
            return service.error(Refusal(plan.get("status", 400), plan["code"], plan.get("message", "")),
                                 self.number)
        if "status" in plan:
            return Reply(plan["status"], plan.get("body", ""), plan.get("headers"))
        return None

    def answer(self, request):
        if request.path == "/sim/aws":
            with self.lock:
                return Reply(200, aws_control.obey(self, request.json())), {}
        name = self.service_of(request)
        plan = None
        if name:
            with self.lock:
                operation = self.service(name).operation_of(request)
                self.world.counts["%s:%s" % (name, operation)] += 1
                plan = self.plan_for(name, operation, request)
        if plan is None:
            return super().answer(request)
        if plan.get("expires"):
            expire(self.world.server_time())
        reply = self.planned(plan, self.service(name))
        if reply is None or plan.get("processed"):
            with self.lock:
                done = self.handle(request)
            reply = reply or done
        if plan.get("lie"):
            reply.headers["Content-Type"] = "text/html"
        return reply, plan

    # --- what goes right ---

    def handle(self, request):
        reply = self.here.answer(request, self.options.v1_only)
        if reply:
            return reply
        name = self.service_of(request)
        if name is None:
            return Reply(404)
        self.number += 1
        self.world.ahead += self.world.knob("tick")
        service = self.service(name)
        try:
            operation, value = self.obey(request, name, service)
            return service.reply(operation, value, self.number)
        except Refusal as refusal:
            return service.error(refusal, self.number)

    def obey(self, request, name, service):
        operation = service.operation_of(request)
        if operation in UNSIGNED:
            caller = Caller("none", "arn:aws:sts::000000000000:none", "us-east-1")
        else:
            caller = who_signed(request, name, service.protocol, self.world.server_time())
            self.world.check_region(caller, service.protocol)
            if operation in service.model.operation_names:
                self.world.check_allowed(caller, name, operation, service.protocol)
                self.world.check_rate(caller, name, operation, service.protocol)
        operation, params = service.read(request)
        offered = getattr(self.offered[name], xform_name(operation), None)
        if offered is None:
            raise refuse("operation", service.protocol, "%s is not simulated" % operation)
        call = Call(self.world, caller, name, operation, params)
        self.offered[name].begin(call)
        return operation, offered(call)


if __name__ == "__main__":
    Aws().main()
