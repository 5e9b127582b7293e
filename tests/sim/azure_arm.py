"""The Resource Manager: subscriptions, regions, groups, providers, vaults, role assignments; what it hands to
azure_graph.py and azure_dns.py.

Paths are compared without case, as the service does, and ids come back as they were given.
"""
import datetime
import re
import urllib.parse

import jwt

import azure_dns
import azure_graph
from azure_bodies import check
from azure_world import (DAY, OBJECT, OTHER_SUBSCRIPTION, OTHER_TENANT, SUBSCRIPTIONS, TENANT, Refused, guid,
                         refuse)
from sim import Reply

VERSIONS = {"Microsoft.KeyVault": ("2026-05-15", "2026-02-01", "2025-05-01", "2024-11-01", "2023-07-01"),
            "Microsoft.Network": ("2018-05-01",), "Microsoft.ResourceGraph": ("2022-10-01", "2021-03-01",
                                                                            "2024-04-01"),
            "Microsoft.Authorization": ("2022-04-01",)}
PLAIN_VERSIONS = ("2022-12-01", "2021-04-01", "2021-01-01", "2015-11-01", "2019-05-01", "2016-06-01")
REGIONS = [("eastus", "East US"), ("eastus2", "East US 2"), ("westeurope", "West Europe"),
           ("northeurope", "North Europe"), ("germanywestcentral", "Germany West Central")]
VAULT_REGIONS = [shown for name, shown in REGIONS if name != "northeurope"]
ROLE_IDS = {
    "00482a5a-887f-4fb3-b363-3b7fe8e74483": "Key Vault Administrator",
    "a4417e6f-fecd-4de8-b567-7b0420556985": "Key Vault Certificates Officer",
    "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba": "Key Vault Certificate User",
    "4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": "Key Vault Secrets Officer",
    "21090545-7ca7-4776-b22c-e363652d74d2": "Key Vault Reader",
}
SUB = "/subscriptions/([^/]+)"
GROUP = SUB + "/resourcegroups/([^/]+)"
KEYVAULT = "/providers/microsoft.keyvault"
NAME_RULE = ("Vault name must be between 3-24 alphanumeric characters. The name must begin with a letter, "
             "end with "
             "a letter or digit, and not contain consecutive hyphens.")


class Call:
    def __init__(self, sim, request):
        self.sim, self.world, self.request = sim, sim.world, request
        self.knobs = sim.world.knobs
        self.base = sim.base(request)
        self.tenant = TENANT                    # of the token

    def visible(self):
        """The subscriptions that the principal sees in the token's tenant."""
        return self.sim.visible() if self.tenant == TENANT else [OTHER_SUBSCRIPTION]

    def subscription(self, wanted):
        """One that the principal sees, however its id is written."""
        if wanted.lower() not in self.visible():
            refuse(404, "SubscriptionNotFound", "The subscription '%s' could not be found." % wanted, None,
                   {"x-ms-failure-cause": "gateway"})
        return wanted.lower()

    def group(self, subscription, group):
        self.subscription(subscription)
        found = next((g for s, g in self.world.groups
                      if s == subscription.lower() and g.lower() == group.lower()), None)
        if found is None:
            refuse(404, "ResourceGroupNotFound", "Resource group '%s' could not be found." % group, None,
                   {"x-ms-failure-cause": "gateway"})
        return found

    def vault_body(self, vault):
        return vault_body(self, vault)

    def page(self, items, size=None):
        """A link that is whole, with the port, and with the token last."""
        query = self.request.query
        size = int(query.get("$top", [size or self.knobs["arm_page"]])[0])
        at = int(query.get("$skiptoken", ["0"])[0])
        body = {"value": items[at:at + size]}
        if at + size < len(items):
            more = "&$top=%d" % size if "$top" in query else ""
            if "$filter" in query:
                more += "&$filter=" + urllib.parse.quote(query["$filter"][0])
            body["nextLink"] = "%s%s?api-version=%s%s&$skiptoken=%d" % (
                self.base, self.request.path, query["api-version"][0], more, at + size)
        return Reply(200, body)


# --- subscriptions, regions, groups, providers ---

def subscription_body(call, subscription):
    return {"id": "/subscriptions/" + subscription, "subscriptionId": subscription, "tenantId": call.tenant,
            "displayName": "Sub " + subscription[-1], "state": "Enabled", "authorizationSource": "RoleBased"}


def subscriptions(call):
    return call.page([subscription_body(call, s) for s in call.visible()])


def one_subscription(call, subscription):
    return Reply(200, subscription_body(call, call.subscription(subscription)))


def tenants(_call):
    return Reply(200, {"value": [{"id": "/tenants/" + TENANT, "tenantId": TENANT}]})


def locations(call, subscription):
    sub = call.subscription(subscription)
    return Reply(200, {"value": [
        {"id": "/subscriptions/%s/locations/%s" % (sub, name), "name": name, "type": "Region",
         "displayName": shown, "regionalDisplayName": shown, "metadata": {"regionType": "Physical"}}
        for name, shown in REGIONS] + [
            {"id": "/subscriptions/%s/locations/europe" % sub, "name": "europe", "type": "Region",
             "displayName": "Europe", "metadata": {"regionType": "Logical"}}]})


def provider(call, subscription, namespace):
    sub = call.subscription(subscription)
    state = call.world.registered[sub]
    if state == "Registering":
        call.world.registered[sub] = "Registered"
    return Reply(200, {"id": "/subscriptions/%s/providers/%s" % (sub, namespace),
                       "namespace": "Microsoft.KeyVault",
                       "registrationState": state, "resourceTypes": [
                           {"resourceType": "vaults", "locations": VAULT_REGIONS,
                            "apiVersions": list(VERSIONS["Microsoft.KeyVault"])}]})


def register(call, subscription, namespace):
    sub = call.subscription(subscription)
    if call.world.registered[sub] == "NotRegistered":
        call.world.registered[sub] = "Registering"
    return provider(call, subscription, namespace)


def group_body(call, sub, group):
    return {"id": "/subscriptions/%s/resourceGroups/%s" % (sub, group), "name": group,
            "type": "Microsoft.Resources/resourceGroups", "location": call.world.groups[(sub, group)],
            "properties": {"provisioningState": "Succeeded"}}


def groups(call, subscription):
    sub = call.subscription(subscription)
    return call.page([group_body(call, s, g) for s, g in sorted(call.world.groups) if s == sub])


def one_group(call, subscription, group):
    return Reply(200, group_body(call, subscription.lower(), call.group(subscription, group)))


def put_group(call, subscription, group):
    sub = call.subscription(subscription)
    asked = check(call.request, "group", "InvalidRequestContent")
    is_new = (sub, group) not in call.world.groups
    call.world.groups[(sub, group)] = asked["location"]
    return Reply(201 if is_new else 200, group_body(call, sub, group))


# --- vaults ---

def vault_body(call, vault):
    ready = vault.looks <= 0
    name = vault.name.lower() if ready else vault.name
    uri = call.sim.vault_base(vault.name).replace("//" + vault.name.lower(), "//" + name)
    body = {"id": vault.id, "name": vault.name, "type": "Microsoft.KeyVault/vaults", "location": vault.location,
            "tags": vault.tags, "properties": dict(
                vault.properties, vaultUri=uri + "/" if ready else uri,
                provisioningState="Succeeded" if ready else "RegisteringDns")}
    if call.knobs["extra"]:
        body["properties"]["newMember"] = {"of": ["nobody"]}
    return body


def vaults_of(call, subscription, group=None):
    """Those of a list, which a cache makes."""
    found = [v for _, v in sorted(call.world.vaults.items()) if v.subscription == subscription
             and (group is None or v.group == group)]
    shown = [v for v in found if v.stale <= 0]
    for vault in found:
        vault.stale -= 1
    return shown


def list_vaults(call, subscription):
    return call.page([vault_body(call, v) for v in vaults_of(call, call.subscription(subscription))])


def list_group_vaults(call, subscription, group):
    group = call.group(subscription, group)
    return call.page([vault_body(call, v) for v in vaults_of(call, subscription.lower(), group)])


def resources(call, subscription):
    sub = call.subscription(subscription)
    if call.request.query.get("$filter", [""])[0].lower() != "resourcetype eq 'microsoft.keyvault/vaults'":
        refuse(400, "InvalidFilterInQueryString", "Invalid $filter.")
    return call.page([{"id": v.id, "name": v.name, "type": "Microsoft.KeyVault/vaults", "location": v.location,
                       "tags": v.tags} for v in vaults_of(call, sub)])


def vault_of(call, subscription, group, name):
    group = call.group(subscription, group)
    found = call.world.vaults.get(name.lower())
    if not found or (found.subscription, found.group) != (subscription.lower(), group):
        refuse(404, "ResourceNotFound", "The Resource 'Microsoft.KeyVault/vaults/%s' under resource group "
               "'%s' was "
               "not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix" % (name, group))
    return found


def get_vault(call, subscription, group, name):
    found = vault_of(call, subscription, group, name)
    body = vault_body(call, found)
    found.looks -= 1
    return Reply(200, body)


def is_name(name):
    return re.fullmatch("[A-Za-z](-?[A-Za-z0-9])+", name) and 3 <= len(name) <= 24


def put_vault(call, subscription, group, name):
    sub, group = call.subscription(subscription), call.group(subscription, group)
    asked = check(call.request, "vault", "BadRequest")
    properties = asked["properties"]
    if call.world.registered[sub] != "Registered":
        refuse(409, "MissingSubscriptionRegistration", "The subscription is not registered to use namespace "
               "'Microsoft.KeyVault'. See https://aka.ms/rps-not-found for how to register subscriptions.")
    if not is_name(name):
        refuse(400, "VaultNameNotValid", "The vault name '%s' is invalid. %s" % (name, NAME_RULE))
    there, dead = call.world.vaults.get(name.lower()), call.world.gone.get(name.lower())
    if name.lower() in call.knobs["name_taken"] or (there and (there.subscription, there.group) != (sub,
                                                                                                    group)):
        refuse(409, "VaultAlreadyExists", "The vault name '%s' is already in use. Vault names are globally "
               "unique so "
               "it is possible that the name is already taken." % name)
    if properties.pop("createMode", "default") == "recover":
        return recover_vault(call, dead, asked["location"])
    if dead:
        refuse(409, "ConflictError", "A vault with the same name already exists in deleted state. You need "
               "to either "
               "recover or purge existing key vault. Follow this link "
               "https://go.microsoft.com/fwlink/?linkid=2149745 "
               "for more information on soft delete.")
    if asked["location"] not in [n for n, _ in REGIONS if n != "northeurope"]:
        refuse(400, "LocationNotAvailableForResourceType", "The provided location '%s' is not available for "
               "resource "
               "type 'Microsoft.KeyVault/vaults'." % asked["location"])
    if asked["location"] in call.knobs["sku_refused"]:
        refuse(400, "SkuNotSupported", "The SKU is not supported in '%s'." % asked["location"])
    rbac = call.request.query["api-version"][0] >= "2026-02-01"
    if not properties.get("enableRbacAuthorization", rbac) and "accessPolicies" not in properties:
        refuse(400, "BadRequest", "The parameter accessPolicies is not specified.")
    vault = there or call.world.add_vault(name, subscription=sub, group=group, location=asked["location"],
                                          rbac=rbac)
    vault.tags = asked.get("tags", {})
    vault.properties.update(properties)
    if not there:
        vault.looks, vault.stale = call.knobs["vault_looks"], call.knobs["stale"]
    return Reply(200, vault_body(call, vault))


def recover_vault(call, dead, location):
    if not dead or dead.location != location:
        refuse(404, "SoftDeletedVaultDoesNotExist", "A soft deleted vault with the given name does not "
               "exist. Ensure "
               "that the name for the vault that is being attempted to recover is in a recoverable state.")
    del call.world.gone[dead.name.lower()]
    call.world.vaults[dead.name.lower()] = dead
    dead.roles, dead.looks = [], call.knobs["vault_looks"]
    return Reply(200, vault_body(call, dead))


def patch_vault(call, subscription, group, name):
    vault = vault_of(call, subscription, group, name)
    asked = call.request.json()
    vault.tags = asked.get("tags", vault.tags)
    vault.properties.update(asked.get("properties", {}))
    return Reply(200, vault_body(call, vault))


def delete_vault(call, subscription, group, name):
    sub, group = call.subscription(subscription), call.group(subscription, group)
    found = call.world.vaults.get(name.lower())
    if not found or (found.subscription, found.group) != (sub, group):
        return Reply(204)
    del call.world.vaults[name.lower()]
    found.deleted_at = call.world.now()
    call.world.gone[name.lower()] = found
    return Reply(200)


def check_name(call, _subscription):
    name = check(call.request, "name", "BadRequest")["name"]
    if not is_name(name):
        return Reply(200, {"nameAvailable": False, "reason": "AccountNameInvalid", "message": NAME_RULE})
    if name.lower() in list(call.world.vaults) + list(call.world.gone) + call.knobs["name_taken"]:
        return Reply(200, {"nameAvailable": False, "reason": "AlreadyExists", "message":
                           "The vault name '%s' is already in use. Vault names are globally unique so it is "
                           "possible "
                           "that the name is already taken." % name})
    return Reply(200, {"nameAvailable": True})


def iso(seconds):
    return datetime.datetime.utcfromtimestamp(int(seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def deleted_body(vault):
    days = vault.properties["softDeleteRetentionInDays"]
    return {"id": "/subscriptions/%s/providers/Microsoft.KeyVault/locations/%s/deletedVaults/%s" % (
        vault.subscription, vault.location, vault.name), "name": vault.name,
        "type": "Microsoft.KeyVault/deletedVaults", "properties": {
            "vaultId": vault.id, "location": vault.location, "tags": vault.tags,
            "deletionDate": iso(vault.deleted_at), "scheduledPurgeDate": iso(vault.deleted_at + days * DAY),
            "purgeProtectionEnabled": vault.is_protected}}


def deleted_vaults(call, subscription):
    sub = call.subscription(subscription)
    return call.page([deleted_body(v) for _, v in sorted(call.world.gone.items()) if v.subscription == sub])


def deleted_of(call, subscription, location, name):
    found = call.world.gone.get(name.lower())
    if not found or found.subscription != call.subscription(subscription) or found.location != location.lower():
        refuse(404, "DeletedVaultNotFound", "The specified deleted vault '%s' does not exist." % name)
    return found


def deleted_vault(call, subscription, location, name):
    return Reply(200, deleted_body(deleted_of(call, subscription, location, name)))


def purge_vault(call, subscription, location, name):
    found = deleted_of(call, subscription, location, name)
    if found.is_protected:
        refuse(400, "MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed.")
    token = guid()
    call.world.purges[token] = [found.name.lower(), call.knobs["purge_looks"]]
    return Reply(202, headers={"Retry-After": "1",
                               "Location": "%s/subscriptions/%s/providers/Microsoft.KeyVault/"
                               "locations/%s/operationResults/%s?api-version=%s" % (
                                   call.base, found.subscription, found.location, token,
                                   call.request.query["api-version"][0])})


def purge_result(call, _subscription, _location, token):
    waiting = call.world.purges.get(token)
    if not waiting:
        refuse(404, "ResourceNotFound", "No such operation.")
    body = {"createdDateTime": iso(call.world.now()), "status": "NotStarted"}
    waiting[1] -= 1
    if waiting[1] >= 0:
        return Reply(202, body, {"Location": call.base + call.request.target, "Retry-After": "1"})
    call.world.gone.pop(waiting[0], None)
    return Reply(200, dict(body, status="Succeeded", lastActionDateTime=body["createdDateTime"]))


def policies(call, subscription, group, name, kind):
    vault = vault_of(call, subscription, group, name)
    asked = check(call.request, "policies", "BadRequest")["properties"]["accessPolicies"]
    for entry in asked:
        if entry["tenantId"] != vault.properties["tenantId"]:
            refuse(400, "BadRequest", "An invalid value was provided for 'accessPolicies'.")
    mine = {entry["objectId"] for entry in asked}
    left = [e for e in vault.properties["accessPolicies"] if kind != "replace" and e["objectId"] not in mine]
    vault.properties["accessPolicies"] = left + ([] if kind == "remove" else asked)
    return Reply(200, {"id": vault.id + "/accessPolicies/", "type": "Microsoft.KeyVault/vaults/accessPolicies",
                       "properties": {"accessPolicies": vault.properties["accessPolicies"]}})


# --- roles ---

def within(scope, vault):
    return vault.id.lower() == scope.lower() or vault.id.lower().startswith(scope.lower() + "/")


def assign(call, scope, name):
    asked = check(call.request, "role", "InvalidRequestContent")["properties"]
    role = ROLE_IDS.get(asked["roleDefinitionId"].rpartition("/")[2])
    if not role:
        refuse(404, "RoleDefinitionDoesNotExist", "The specified role definition does not exist.")
    same = (asked["principalId"], role, scope.lower())
    if any((a["principalId"], a["role"], a["scope"].lower()) == same and a["name"] != name
           for a in call.world.assignments.values()):
        refuse(409, "RoleAssignmentExists", "The role assignment already exists.")
    is_new = name not in call.world.assignments
    call.world.assignments[name] = dict(asked, role=role, scope=scope, name=name)
    for vault in call.world.vaults.values():
        if asked["principalId"] == OBJECT and within(scope, vault) and role not in vault.roles:
            vault.roles.append(role)
            vault.role_looks = call.knobs["role_looks"]
    return Reply(201 if is_new else 200, {
        "id": "%s/providers/Microsoft.Authorization/roleAssignments/%s" % (scope, name), "name": name,
        "type": "Microsoft.Authorization/roleAssignments", "properties": dict(asked, scope=scope)})


def assignments(call, scope):
    found = [{"id": "%s/providers/Microsoft.Authorization/roleAssignments/%s" % (a["scope"], a["name"]),
              "name": a["name"], "properties": {"roleDefinitionId": a["roleDefinitionId"],
                                                "principalId": a["principalId"], "scope": a["scope"]}}
             for a in call.world.assignments.values() if scope.lower().startswith(a["scope"].lower())]
    return call.page(found)


def endpoints(call):
    return Reply(200, {"name": "Simulated", "authentication": {
        "loginEndpoint": call.base, "audiences": [call.sim.options.arm or call.base]},
        "suffixes": {"keyVaultDns": "." + call.sim.suffix()}})


ROUTES = [
    ("GET /subscriptions", subscriptions),
    ("GET " + SUB, one_subscription),
    ("GET /tenants", tenants),
    ("GET %s/locations" % SUB, locations),
    ("GET %s/providers/([^/]+)" % SUB, provider),
    ("POST %s/providers/([^/]+)/register" % SUB, register),
    ("GET %s/resourcegroups" % SUB, groups),
    ("GET " + GROUP, one_group),
    ("PUT " + GROUP, put_group),
    ("GET %s/resources" % SUB, resources),
    ("GET %s%s/vaults" % (SUB, KEYVAULT), list_vaults),
    ("GET %s%s/vaults" % (GROUP, KEYVAULT), list_group_vaults),
    ("GET %s%s/vaults/([^/]+)" % (GROUP, KEYVAULT), get_vault),
    ("PUT %s%s/vaults/([^/]+)" % (GROUP, KEYVAULT), put_vault),
    ("PATCH %s%s/vaults/([^/]+)" % (GROUP, KEYVAULT), patch_vault),
    ("DELETE %s%s/vaults/([^/]+)" % (GROUP, KEYVAULT), delete_vault),
    ("PUT %s%s/vaults/([^/]+)/accesspolicies/(add|replace|remove)" % (GROUP, KEYVAULT), policies),
    ("POST %s%s/checknameavailability" % (SUB, KEYVAULT), check_name),
    ("GET %s%s/deletedvaults" % (SUB, KEYVAULT), deleted_vaults),
    ("GET %s%s/locations/([^/]+)/deletedvaults/([^/]+)" % (SUB, KEYVAULT), deleted_vault),
    ("POST %s%s/locations/([^/]+)/deletedvaults/([^/]+)/purge" % (SUB, KEYVAULT), purge_vault),
    ("GET %s%s/locations/([^/]+)/operationresults/([^/]+)" % (SUB, KEYVAULT), purge_result),
    ("PUT (/.+)/providers/microsoft.authorization/roleassignments/([^/]+)", assign),
    ("GET (/.+)/providers/microsoft.authorization/roleassignments", assignments),
    ("POST /providers/microsoft.resourcegraph/resources", azure_graph.query),
] + azure_dns.ROUTES


def check_version(request):
    version = request.query.get("api-version", [None])[0]
    if version is None:
        refuse(400, "MissingApiVersionParameter",
               "The api-version query parameter (?api-version=) is required for all requests.")
    inside = re.findall("/providers/([^/]+)/(?!register)", request.path, re.I)
    known = next((v for n, v in VERSIONS.items() if inside and n.lower() == inside[-1].lower()), PLAIN_VERSIONS)
    if version not in known:
        refuse(400, "InvalidApiVersionParameter", "The api-version '%s' is invalid. The supported versions "
               "are '%s'."
               % (version, ",".join(known)))


def check_token(call):
    request = call.request
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind != "Bearer":
        refuse(401, "AuthenticationFailed", "No token.")
    try:
        claims = jwt.decode(token, call.sim.key().public_key(), ["RS256"],
                            audience=call.sim.options.arm or call.base)
    except jwt.PyJWTError as why:
        refuse(401, "InvalidAuthenticationToken", str(why))
    call.tenant = claims["tid"]
    asked = re.match(SUB, request.path, re.I)
    wanted = TENANT if call.tenant not in (TENANT, OTHER_TENANT) or asked and \
        asked.group(1).lower() in SUBSCRIPTIONS else call.tenant
    if asked and asked.group(1).lower() == OTHER_SUBSCRIPTION:
        wanted = OTHER_TENANT
    if claims["iss"] != "https://sts.windows.net/%s/" % wanted:
        refuse(401, "InvalidAuthenticationTokenTenant", "The access token is from the wrong issuer '%s'. It "
               "must match "
               "the tenant 'https://sts.windows.net/%s/' associated with this subscription." % (claims["iss"],
                                                                                                wanted))
    if not call.sim.is_good(token):
        refuse(401, "ExpiredAuthenticationToken", "The access token expiry is in the past.")


LABELS = (("/subscriptions/[^/]+", "/subscriptions/SUB"), ("/resourcegroups/[^/]+", "/resourcegroups/GROUP"),
          ("/vaults/[^/]+", "/vaults/NAME"), ("/dnszones/[^/]+", "/dnszones/ZONE"),
          ("(/dnszones/ZONE/[a-z]+)/.+", r"\1/NAME"))


def label(path):
    """The path with words for what differs."""
    path = path.lower()
    for pattern, word in LABELS:
        path = re.sub(pattern, word, path)
    return path


def answer(sim, request):
    """None: nothing here has that path."""
    call = Call(sim, request)
    try:
        if request.path == "/metadata/endpoints":
            return endpoints(call)
        for route, handle in ROUTES:
            method, _, pattern = route.partition(" ")
            found = re.fullmatch(pattern, request.path, re.I)
            if not found or method != request.method:
                continue
            sim.count("%s %s" % (method, label(request.path)))
            check_version(request)
            check_token(call)
            for denied in sim.world.knobs["arm_denied"]:
                if re.search(denied, "%s %s" % (method, request.path), re.I):
                    refuse(403, "AuthorizationFailed", "The client '%s' with object id '%s' does not have "
                           "authorization to perform action '%s' over scope '%s' or the scope is invalid. If "
                           "access "
                           "was recently granted, please refresh your credentials." % (
                               OBJECT, OBJECT, "Microsoft.KeyVault/vaults/read", request.path))
            reply = handle(call, *found.groups())
            reply.headers["x-ms-ratelimit-remaining-subscription-reads"] = "249"
            reply.headers["x-ms-request-id"] = guid()
            return reply
    except Refused as why:
        return why.reply
    return None
