#!/usr/bin/python3
"""The program against the simulated Azure: vaults that are made."""
from azure_place import Azure as Place
from azure_world import OBJECT, SUBSCRIPTIONS
from place import case, cases, holds, same

NEW = "az/vault:kv-new"
CREATE = ["vault-create", "--yes", "--name", "kv-new", "--group", "rg-demo", "--subscription", SUBSCRIPTIONS[0]]


@case
def made():
    """a vault is made with what is said of it, opened to whoever made it, and a store that can be read"""
    with Place() as p:
        p.add()
        p.do("set", role_looks=1)
        plan = p.good("vault-create", "--dry-run", "--purge-protection", *CREATE[2:], "az").out
        holds(plan, "can never be taken away", "comes back for 90 days", "Key Vault Certificates Officer",
              "az keyvault create --subscription", "--location eastus --sku standard "
              "--enable-rbac-authorization true")
        same(p.state()["vaults"], {})
        holds(p.good(*CREATE, "--sku", "premium", "--region", "westeurope", "--retention", "7", "az").out,
              "is made (westeurope, premium, roles)", NEW, "for 7 days, unless it is purged")
        vault = p.vault("kv-new")
        same((vault["location"], vault["roles"]), ("westeurope", ["Key Vault Certificates Officer"]))
        same((vault["properties"]["enableRbacAuthorization"], vault["properties"]["sku"]["name"],
              vault["properties"]["softDeleteRetentionInDays"]), (True, "premium", 7))
        p.do("seed", vault="kv-new", name="c")
        p.good("refresh", NEW)
        same([r["name"] for r in p.rows("certs") if NEW in [q["store"] for q in r["places"]]],
             ["c.example.org"])
        p.good("account-stores", "az")
        same(NEW in [r["id"] for r in p.rows("stores")], True)
        holds(p.good(*CREATE, "az").out, "was there already, is left as it is", "premium")


@case
def made_by_policies():
    """one that goes by access policies has one for whoever made it, with all but purging"""
    with Place() as p:
        p.add()
        holds(p.good(*CREATE, "--access", "policies", "--make-group", "--group", "rg-new", "az").out,
              "access policies")
        vault = p.vault("kv-new")
        policy, = vault["properties"]["accessPolicies"]
        same((policy["objectId"], "purge" in policy["permissions"]["certificates"], vault["group"]),
             (OBJECT, False, "rg-new"))
        same(vault["properties"]["enableRbacAuthorization"], False)


@case
def not_made():
    """what stands in the way is said before anything is made: names, regions, groups, subscriptions, limits"""
    with Place() as p:
        p.add()
        p.do("set", name_taken=["kv-new"])
        p.bad(*CREATE, "az", says=["somebody in this cloud", "choose another name", "nothing was made"])
        p.do("set", name_taken=[])
        p.bad(*CREATE, "--region", "northeurope", "az",
              says=["no region with vaults", "eastus, eastus2, westeurope"])
        p.bad(*CREATE, "--group", "rg-none", "az", says=["no resource group rg-none", "make-group"])
        p.bad("vault-create", "--yes", "--name", "kv-new", "--group", "rg-demo", "az",
              says=["say which subscription", SUBSCRIPTIONS[1]])
        p.bad("vault-create", "--yes", "--name", "a--b", "--group", "rg-demo", "az", says=["a--b is no vault"])
        p.bad("vault-create", "--yes", "--name", "kv-new", "az", says=["say the resource group"])
        typed = "%s:rg-demo:kv-new" % SUBSCRIPTIONS[0]
        p.bad("vault-create", "--yes", "--name", typed, "--group", "rg-none", "az",
              says=["tells the group rg-demo", "rg-none"])
        plan = p.good("vault-create", "--dry-run", "--name", typed, "az").out
        holds(plan, "/resourceGroups/rg-demo/providers/Microsoft.KeyVault/vaults/kv-new")
        p.do("vault", name="kv-new")
        p.do("remove_vault", name="kv-new")
        p.bad(*CREATE, "az", says=["was deleted in this subscription", "az keyvault recover --name kv-new"])
        p.do("set", sku_refused=["eastus2"])
        p.bad("vault-create", "--yes", "--name", "kv-b", "--group", "rg-demo", "--subscription",
              SUBSCRIPTIONS[0], "--region", "eastus2", "az", says=["SkuNotSupported"])
        same(p.state()["vaults"], {})


@case
def narrowed():
    """settings narrow SKUs and regions, also before a plan is made"""
    with Place() as p:
        p.add()
        limits = {"CERTTY_SAFETY_SKUS": "standard", "CERTTY_SAFETY_REGIONS": "westeurope; eastus2"}
        p.bad(*CREATE, "az", env=limits, says=["eastus", "CERTTY_SAFETY_REGIONS"])
        p.bad(*CREATE, "--region", "westeurope", "--sku", "premium", "az", env=limits, says=["premium"])
        p.bad("vault-create", "--dry-run", *CREATE[2:], "az", env=limits, says=["eastus"])
        p.bad(*CREATE, "--region", "westeurope", "--group", "rg-none", "az", env=limits, says=["rg-none"])
        p.good(*CREATE, "--region", "westeurope", "az", env=limits)


@case
def not_opened():
    """who may not give roles is told the command for somebody who may; once they ran it, it goes on"""
    with Place() as p:
        p.add()
        p.do("set", arm_denied=["PUT /.*roleAssignments"])
        run = p.bad(*CREATE, "az", says=["is there, and this account cannot read it",
                                         "az role assignment create", "--assignee-object-id " + OBJECT])
        same("providers/Microsoft.KeyVault/vaults/kv-new" in run.err, True)
        same(NEW in [r["id"] for r in p.rows("stores")], True)
        p.do("change_vault", name="kv-new", roles=["Key Vault Certificates Officer"])
        run = p.certty(*CREATE, "az")
        same(run.status, 3, run.err)
        holds(run.out + run.err, "can be listed", "AuthorizationFailed")


@case
def cut_off():
    """a lost answer makes nothing twice, and the same command goes on"""
    with Place() as p:
        p.add()
        p.sim.fault(path="/vaults/kv-new", method="PUT", drop=True, times=1)
        p.good(*CREATE, "az")
        same(list(p.state()["vaults"]), ["kv-new"])


cases()
