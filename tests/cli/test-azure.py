#!/usr/bin/python3
"""The program against the simulated Azure: finding vaults, and reading them."""
from azure_place import STORE, Azure
from azure_world import OTHER_SUBSCRIPTION, OTHER_TENANT, SUBSCRIPTIONS
from place import case, cases, holds, same

LIST = "GET /certificates"


# --- finding -------------------------------------------------------------------------------------------

@case
def proposed():
    """vaults of all subscriptions are proposed by one query, and accepted one by one or many at once"""
    with Azure() as p:
        for i, subscription in enumerate(SUBSCRIPTIONS):
            p.do("vault", name="kv-%d-a" % i, subscription=subscription, sku="premium", purge_protection=True)
            p.do("vault", name="KV-%d-b" % i, subscription=subscription, rbac=False, location="westeurope")
        p.do("set", graph_page=2)
        holds(p.account(), "6 vaults visible", "6 can be accepted as stores")
        found = {r["id"]: r["what"] for r in p.rows("discovery")}
        same(sorted(found), ["az/vault:kv-%d-%s" % (i, c) for i in range(3) for c in "ab"])
        holds(found["az/vault:kv-1-a"], "rg-demo", "eastus", "premium", "roles (RBAC)", "nobody can purge")
        holds(found["az/vault:kv-1-b"], "westeurope", "standard", "access policies", "unless it is purged")
        p.good("accept", "az/vault:kv-0-a")
        p.good("accept", *("az/vault:kv-%d-b" % i for i in range(3)))
        same([(r["container"], r["writable"]) for r in p.rows("stores") if r["account"] == "az"],
             [("rg-demo", True)] * 4)
        holds(p.good("account-stores", "az").out, "4 are stores, 2 can be accepted as stores")
        p.good("account-edit", "az", "--vaults", "kv-1-a")
        p.certty("stores")
        same(len([r for r in p.rows("stores") if r["account"] == "az"]), 5, "at once")


@case
def named():
    """vaults that the account names are stores at once, in each form that people have; the others not"""
    with Azure() as p:
        for name in ("kv-a", "kv-b", "kv-c", "kv-d", "kv-other"):
            p.do("vault", name=name)
            p.do("seed", vault=name, name="in-" + name)
        one = SUBSCRIPTIONS[0]
        p.add("--vaults", ",".join([
            "/subscriptions/%s/resourceGroups/rg-demo/providers/Microsoft.KeyVault/vaults/kv-a" % one,
            "%s:rg-demo:kv-b" % one, p.sim.vault("kv-c"), "kv-d"]))
        holds(p.good("account-stores", "az").out, "4 are stores, 1 can be accepted as a store")
        p.good("refresh")
        same(sorted(r["name"] for r in p.rows("certs") if "in-kv" in r["name"]),
             ["in-kv-%s.example.org" % c for c in "abcd"])


@case
def typed_in():
    """vaults are added by a resource id, as subscription:group:vault or by their address, and by such a CSV as
    is written of them"""
    with Azure() as p:
        for name in ("kv-a", "kv-b", "kv-c"):
            p.do("vault", name=name)
            p.do("seed", vault=name, name="in-" + name)
        one = SUBSCRIPTIONS[0]
        p.bad("store-add", one + ":rg-demo:kv-a", says=["no account of Microsoft Azure"])
        p.add("--account-read-only", "yes")
        holds(p.good("store-add", "--dry-run", one + ":rg-demo:kv-a").out, "nothing in the vault is changed")
        p.good("store-add", one + ":rg-demo:kv-a")
        p.good("store-add", "/subscriptions/%s/resourceGroups/rg-demo/providers/Microsoft.KeyVault/vaults/kv-b"
               % one, "--title", "web")
        p.good("store-add", p.sim.vault("kv-c"), "--type", "keyvault", "--through", "az")
        p.bad("store-add", one + ":kv-a", says=["az kv-a is a store already"], status=1)
        p.bad("store-add", "kv--a", "--type", "keyvault", says=["is no vault of this account's cloud"])
        p.bad("store-add", one + ":rg-demo:kv-a", "--through", "nobody", says=["no account nobody"])
        p.good("refresh")
        same([r["name"] for r in p.rows("certs")], ["in-kv-%s.example.org" % c for c in "abc"])
        sheet = p.path("stores.csv")
        with open(sheet, "w", encoding="utf-8") as f:
            f.write(p.good("stores", "export").out)
        p.good("store-drop", "--yes", *("az/vault:kv-%s" % c for c in "abc"))
        p.good("stores", "import", sheet, "--yes")
        same(sorted((r["title"], r["container"]) for r in p.rows("stores") if r["account"] == "az"),
             [("az kv-a", "rg-demo"), ("az kv-c", "rg-demo"), ("web", "rg-demo")])


@case
def without_graph():
    """where Resource Graph is refused, each subscription is asked; one that is refused is said"""
    with Azure() as p:
        for i, subscription in enumerate(SUBSCRIPTIONS):
            for c in "abc":
                p.do("vault", name="kv-%d-%s" % (i, c), subscription=subscription)
        p.do("set", graph=False)
        p.add("--vaults", "all")
        holds(p.good("account-stores", "az").out, "9 vaults visible; 9 are stores")
        p.do("set", arm_denied=["GET /subscriptions/%s/providers" % SUBSCRIPTIONS[1]])
        run = p.certty("account-stores", "az")
        same(run.status, 3)
        holds(run.out + run.err, SUBSCRIPTIONS[1], "AuthorizationFailed")
        same(len([r for r in p.rows("stores") if r["account"] == "az"]), 9, "none is dropped")
        p.do("set", arm_denied=[])
        p.do("remove_vault", name="kv-2-b")
        p.good("account-stores", "az")
        same(len([r for r in p.rows("stores") if r["account"] == "az"]), 8)


@case
def no_vault():
    """an account that sees nothing hears what to do"""
    with Azure("--subscriptions", "0") as p:
        holds(p.account(), "no vault is visible", "Key Vault Reader")


# --- reading -------------------------------------------------------------------------------------------

@case
def inventory():
    """all certificates of all pages, each bundle once; a second refresh is a list and nothing else"""
    with Azure() as p:
        p.begin(count=60)
        p.do("begin", vault="kv-demo-1", name="zz-pending")
        p.do("set", page=7)
        p.do("forget_calls")
        p.good("refresh", STORE)
        same(p.names(), sorted("c-%d.example.org" % i for i in range(60)))
        same((p.calls(LIST), p.calls("GET /certificates/NAME")), (9, 60), "61 names, 7 a page")
        p.do("forget_calls")
        p.do("set", page=25)
        p.good("refresh", STORE)
        calls = p.state()["calls"]
        same(sum(calls.values()), 3 + 1, "three pages, and the one operation that waits: %s" % calls)


@case
def changed():
    """what comes, goes, gets a new version or is disabled is seen, and nothing else is read"""
    with Azure() as p:
        p.begin(count=5)
        p.good("refresh", STORE)
        p.do("forget_calls")
        p.do("forget", vault="kv-demo-1", name="c-1")
        p.do("advance", seconds=60)
        p.do("seed", vault="kv-demo-1", name="new", tags={"owner": "web"}, enabled=False)
        p.do("seed", vault="kv-demo-1", name="c-2", host="two.example.org")
        p.good("refresh", STORE)
        same(p.names(), sorted(["c-0.example.org", "two.example.org", "c-3.example.org", "c-4.example.org",
                               "new.example.org"]))
        same(p.bundles(), 2)
        marks = {r["name"]: r["marks"] for r in p.rows("certs")}
        same(("disabled" in marks["new.example.org"], "disabled" in marks["c-0.example.org"]), (True, False))
        holds(p.good("show", p.cert("new.example.org")).out, "disabled", "owner=web", "new", "SHA-1",
              "can be taken out", "Issuer in policy", "Lifetime actions")


@case
def details():
    """versions, deleted certificates, contacts, issuers and the vault's own facts can be read"""
    with Azure() as p:
        p.begin("--versions", "yes", "--deleted", "yes", purge_protection=True)
        p.do("seed", vault="kv-demo-1", name="many", versions=30)
        p.good("refresh", STORE)
        shown = p.good("show", p.cert("many.example.org")).out
        same(shown.count(" enabled, until "), 30, shown)
        holds(p.good("show", STORE).out, "Resource group", "rg-demo", "eastus", "standard", "Purge protection",
              "roles (RBAC)", "Contacts", "nobody", "Issuers")


@case
def whom_it_knows():
    """contacts and issuers are objects with all that the vault tells of them, read once a day"""
    with Azure() as p:
        p.begin()
        p.do("contact", vault="kv-demo-1", email="ops@example.test", name="Ops", phone="+1-555-0100")
        p.do("issuer", vault="kv-demo-1", name="demo-ca", provider="DigiCert")
        p.good("refresh", STORE)
        for _ in range(2):
            rows = {r["type"]: r for r in p.rows("objects")}
            same(sorted((t, r["name"]) for t, r in rows.items()), [("contact", "ops@example.test"),
                                                                  ("issuer", "demo-ca")])
            holds(p.good("show", "objects/" + rows["issuer"]["id"]).out, "DigiCert", "1234", "9876",
                  "A B ab@example.test")
            holds(p.good("show", "objects/" + rows["contact"]["id"]).out, "Ops", "+1-555-0100")
            p.good("refresh", STORE)
        same(p.calls("GET /certificates/issuers/demo-ca"), 1)


@case
def another_tenant():
    """a vault of another tenant names it, and gets a token of that tenant"""
    with Azure() as p:
        p.begin(tenant=OTHER_TENANT)
        p.good("refresh", STORE)
        same(len(p.names()), 3)
        holds(p.good("show", STORE).out, OTHER_TENANT)


@case
def several_tenants():
    """vaults of other tenants are found with tokens of those, by either way, and one that gives none is said"""
    with Azure() as p:
        p.do("vault", name="kv-demo-1")
        p.do("vault", name="kv-far", subscription=OTHER_SUBSCRIPTION, tenant=OTHER_TENANT, sku="premium")
        p.add("--vaults", "all", "--tenants", "nobody.example, " + OTHER_TENANT)
        for graph in (True, False):
            p.do("set", graph=graph)
            run = p.certty("account-stores", "az")
            same(run.status, 3)
            holds(run.out + run.err, "2 vaults visible; 2 are stores", "tenant nobody.example: ", "AADSTS90002")
        p.good("refresh")
        holds(p.good("show", "az/vault:kv-far").out, OTHER_SUBSCRIPTION, OTHER_TENANT, "premium")
        p.good("account-edit", "az", "--subscriptions", SUBSCRIPTIONS[0], "--tenants", OTHER_TENANT)
        holds(p.good("account-stores", "az").out, "1 vault visible; 1 is a store")


@case
def tokens_end():
    """tokens that end in mid-list are got anew, and nothing is missed"""
    with Azure() as p:
        p.begin(count=40)
        p.do("set", token_calls=25)
        p.good("refresh", STORE)
        same(len(p.names()), 40)


@case
def cursor_ends():
    """a list whose place was forgotten is begun anew, once; then nothing is said to be gone"""
    with Azure() as p:
        p.begin(count=40)
        p.good("refresh", STORE)
        p.do("set", cursors=False)
        run = p.certty("refresh", STORE)
        same(run.status, 3)
        holds(run.out + run.err, "there may be more")
        same(len(p.names()), 40)


cases()
