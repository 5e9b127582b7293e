"""What is there in the simulated Azure: tenants, subscriptions, vaults, and how it behaves just now."""
import time
import uuid

from sim import Reply

TENANT = "aaaaaaaa-0000-4000-8000-000000000001"
OTHER_TENANT = "aaaaaaaa-0000-4000-8000-000000000009"
APP = "bbbbbbbb-0000-4000-8000-000000000002"
OBJECT = "dddddddd-0000-4000-8000-000000000004"
SUBSCRIPTIONS = ["cccccccc-0000-4000-8000-00000000000%d" % i for i in (1, 2, 3)]
OTHER_SUBSCRIPTION = "cccccccc-0000-4000-8000-000000000009"     # of the other tenant
DAY = 86400

# "looks" are requests that touch the thing before it has come so far.
KNOBS = {
    "page": 25,             # items of a page of a vault at most
    "arm_page": 2,          # items of a page of the Resource Manager
    "graph": True,          # whether the principal may use Resource Graph
    "graph_page": 1000,
    "delete_looks": 1,
    "recover_looks": 1,
    "purge_looks": 1,
    "self_looks": 1,        # until a self-signed certificate is made
    "issuer_looks": 2,      # until a named issuer has answered
    "issuer_error": None,   # what it answers instead of a certificate
    "vault_looks": 1,       # until a new vault's name is registered
    "role_looks": 0,        # until a role assignment works
    "stale": 0,             # lists of the Resource Manager without a new vault
    "token_calls": None,    # requests for which a token is good
    "skew": 0,              # seconds that the service's clock is ahead
    "cursors": True,        # whether a next link is still known
    "extra": False,         # answers have members that no description knows
    "arm_denied": [],       # regular expressions of "METHOD /path"
    "vault_denied": [],     # the same, of a vault's requests without its host
    "name_taken": [],       # vault names that somebody else has
    "sku_refused": [],      # regions that have no vaults of any SKU
}


class Refused(Exception):
    def __init__(self, reply):
        super().__init__()
        self.reply = reply


def refuse(status, code, text, inner=None, headers=None):
    """Refused, as vaults and the Resource Manager say it."""
    error = {"code": code, "message": text}
    if inner:
        error["innererror"] = {"code": inner}
    raise Refused(Reply(status, {"error": error}, headers))


class Vault:
    def __init__(self, name, subscription, group, location, **how):
        self.name, self.subscription, self.group, self.location = name, subscription, group, location
        self.tags = how.pop("tags", {})
        self.properties = {
            "tenantId": how.pop("tenant", TENANT), "sku": {"family": "A", "name": how.pop("sku", "standard")},
            "accessPolicies": how.pop("policies", []), "enabledForDeployment": False,
            "enabledForDiskEncryption": False, "enabledForTemplateDeployment": False,
            "enableSoftDelete": True, "softDeleteRetentionInDays": how.pop("retention", 90),
            "enableRbacAuthorization": how.pop("rbac", True), "publicNetworkAccess": "Enabled"}
        if how.pop("purge_protection", False):
            self.properties["enablePurgeProtection"] = True
        self.roles = how.pop("roles", [])       # names of data roles that the principal has here
        self.wall = how.pop("wall", None)       # "firewall", "connection"
        if how:
            raise ValueError("no such thing of a vault: %s" % ", ".join(how))
        self.looks = self.stale = self.role_looks = 0
        self.certs, self.deleted, self.issuers, self.own = {}, {}, {}, set()
        self.contacts = None
        self.deleted_at = None

    @property
    def id(self):
        return "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.KeyVault/vaults/%s" % (
            self.subscription, self.group, self.name)

    @property
    def is_protected(self):
        return bool(self.properties.get("enablePurgeProtection"))


class World:
    def __init__(self):
        self.knobs = dict(KNOBS)
        self.vaults, self.gone = {}, {}         # by name in lower case
        self.groups = {(s, "rg-demo"): "eastus" for s in SUBSCRIPTIONS + [OTHER_SUBSCRIPTION]}
        self.assignments = {}                   # by id
        self.registered = {s: "Registered" for s in SUBSCRIPTIONS + [OTHER_SUBSCRIPTION]}
        self.zones = {}
        self.backups = {}
        self.purges = {}
        self.ahead = 0

    def now(self):
        return time.time() + self.ahead + self.knobs["skew"]

    def add_vault(self, name, **how):
        vault = Vault(name, how.pop("subscription", SUBSCRIPTIONS[0]), how.pop("group", "rg-demo"),
                      how.pop("location", "eastus"), **how)
        self.vaults[name.lower()] = vault
        self.groups.setdefault((vault.subscription, vault.group), vault.location)
        return vault


def guid():
    return str(uuid.uuid4())
