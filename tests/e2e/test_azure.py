"""What was deleted in a vault comes back or goes for good, and a vault is made: in a console, at an Azure that
is simulated."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))

from azure_place import STORE, Azure                    # noqa: E402
from azure_world import SUBSCRIPTIONS                   # noqa: E402
from terminal import expect, journey, journeys, start   # noqa: E402

VAULT = "kv-demo-1"


def console(p):
    t = start("--config", p.config, size="120x36", env=p.environment())
    t.until(lambda: t.sees("Stores [1-9]") and not t.sees("loading the saved state"), "the saved state")
    return t


@journey("A deleted certificate is brought back, and another is purged after a typed word")
def deleted():
    with Azure() as p:
        p.do("set", delete_looks=0, recover_looks=0, purge_looks=0)
        p.begin("--deleted", "yes", count=2)
        p.good("refresh", STORE)
        for name in ("c-0", "c-1"):
            p.good("remove", "--yes", "--store", STORE, p.cert(name + ".example.org"))
        p.good("refresh", STORE)
        t = console(p)
        t.keys("6")
        t.wait("▸ c-0 .*deleted")
        t.keys("r")
        t.agree()
        t.until(lambda: [c["name"] for c in p.vault(VAULT)["certs"]] == ["c-0"], "c-0 is back")
        t.wait_gone("c-0 .*deleted")
        t.wait("▸ c-1 .*deleted")
        t.keys("D")
        t.wait("nobody can bring it back")
        expect([c["name"] for c in p.vault(VAULT)["deleted"]] == ["c-1"], "nothing is purged before the word")
        t.keys("purge", "Enter")
        t.until(lambda: p.vault(VAULT)["deleted"] == [], "c-1 is gone for good")


@journey("A vault is made in a form, opened to whoever made it, and is a store that can be read")
def made():
    with Azure() as p:
        p.account()
        t = console(p)
        t.keys("8", "Home", ":vault-create", "Enter")
        t.wait("▸ Name")
        t.keys("kv-new", "Enter", "rg-demo", "Enter", SUBSCRIPTIONS[0], "Enter")
        t.wait("▸ Region")
        t.keys("Enter", "Enter", "Enter", "Enter")
        t.wait("▸ More")
        t.keys("Down", "Enter")
        t.wait("Key Vault Certificates Officer")
        expect(p.state()["vaults"] == {}, "nothing is made before a yes")
        t.keys("vault-create", "Enter")
        roles = ["Key Vault Certificates Officer"]
        t.until(lambda: p.state()["vaults"].get("kv-new", {}).get("roles") == roles, "it is there, with a role")
        t.keys("1")
        t.wait("kv-new")


@journey("A vault that the account only names is made from the row of its store, which says where it goes")
def named():
    with Azure() as p:
        p.add("--vaults", "%s:rg-demo:kv-named" % SUBSCRIPTIONS[0])
        p.certty("account-stores", "az")
        t = console(p)
        t.keys("1", "/kv-named", "Enter", ":vault-create", "Enter")
        t.wait("▸ Name")
        t.wait("resourceGroups/rg-demo/.*kv-named")
        t.keys("End", "Enter", "Enter", "Enter", "Enter", "Enter", "Enter", "Enter")
        t.wait("▸ More")
        t.keys("Down", "Enter")
        t.wait("Key Vault Certificates Officer")
        t.keys("vault-create", "Enter")
        t.until(lambda: "kv-named" in p.state()["vaults"], "it is there")


journeys()
