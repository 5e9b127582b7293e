#!/usr/bin/python3
"""The program against the simulated Azure: what was deleted comes back or goes for good, versions are
disabled and enabled, and operations dropped."""
from azure_place import STORE, Azure
from place import case, cases, holds, same

VAULT = "kv-demo-1"
C0 = STORE + "/deleted/c-0"


class Place(Azure):
    def begin_deleted(self, **how):
        """A vault with two certificates, one of which was deleted, in an account that wants to see that."""
        self.do("set", delete_looks=0)
        self.begin("--deleted", "yes", count=2, **how)
        self.good("refresh", STORE)
        self.good("remove", "--yes", "--store", STORE, self.cert("c-0.example.org"))
        self.good("refresh", STORE)

    def deleted(self):
        return [r["id"] for r in self.rows("objects") if r["type"] == "deleted"]

    def there(self, name):
        return next((c for c in self.vault(VAULT)["certs"] if c["name"] == name), None)


@case
def recovered():
    """what was deleted is listed, and comes back with all its versions; once more finds it there"""
    with Place() as p:
        p.begin_deleted()
        same(p.deleted(), [C0])
        holds(p.good("show", "objects/" + C0).out, "Gone for good", "SHA-1")
        holds(p.good("recover", "--dry-run", C0).out, "POST", "/deletedcertificates/c-0/recover",
              "az keyvault certificate recover --vault-name kv-demo-1 --name c-0")
        same(p.there("c-0"), None)
        holds(p.good("recover", C0).out, "is back in the vault", "all its versions")
        p.good("refresh", STORE)
        same((p.names(), p.deleted()), (["c-0.example.org", "c-1.example.org"], []))


@case
def recovered_elsewhere():
    """somebody else brought it back, or purged it, meanwhile"""
    with Place() as p:
        p.begin_deleted()
        p.sim.fault(path="/deletedcertificates/c-0/recover", status=404, times=1,
                    body='{"error":{"code":"CertificateNotFound","message":"no"}}')
        p.bad("recover", C0, says=["has no deleted certificate c-0", "refresh tells"])
        same(p.deleted(), [C0])


@case
def purged():
    """purging asks for a typed word, says that nothing comes back, and frees the name"""
    with Place() as p:
        p.begin_deleted()
        holds(p.good("purge", "--dry-run", C0).out, "nobody can bring it back", "not revoked",
              "az keyvault certificate purge")
        p.bad("purge", C0, says=["--yes"])
        same([c["name"] for c in p.vault(VAULT)["deleted"]], ["c-0"])
        p.do("set", purge_looks=0)
        holds(p.good("purge", "--yes", C0).out, "gone for good")
        same(p.vault(VAULT)["deleted"], [])
        p.good("refresh", STORE)
        same(p.deleted(), [])


@case
def protected():
    """a vault with purge protection: the verb is not offered, and a refusal is said for what it is"""
    with Place() as p:
        p.begin_deleted(purge_protection=True)
        row = next(r for r in p.rows("objects") if r["id"] == C0)
        same(row["can"], ["recover"], row)
        holds(p.good("show", "objects/" + C0).out, "nobody can delete it for good before")
        p.bad("purge", "--yes", C0, says=["does not do this"])
    with Place() as p:
        p.begin_deleted()
        p.do("change_vault", name=VAULT, properties={"enablePurgeProtection": True})
        p.bad("purge", "--yes", C0, says=["purge protection", "nobody can take the protection away"])
        p.do("change_vault", name=VAULT, roles=["Key Vault Reader"])
        p.bad("recover", C0, says=["Key Vault Certificates Officer"])


@case
def switched():
    """the version that is shown is disabled and enabled again, or another that is named; the rest stay"""
    with Place() as p:
        p.begin(count=1)
        ids = p.do("seed", vault=VAULT, name="many", versions=3)["ids"]
        p.good("refresh", STORE)
        cert = p.cert("many.example.org")
        holds(p.good("cert-disable", "--dry-run", cert).out, "PATCH", ids[2], "refused from then on",
              "not revoked", "az keyvault certificate set-attributes", "--enabled false")
        holds(p.good("cert-disable", "--yes", cert).out, "version " + ids[2], "is disabled", "its secret")
        same([v["enabled"] for v in p.there("many")["versions"]], [True, True, False])
        p.good("refresh", STORE)
        marks = {r["name"]: r["marks"] for r in p.rows("certs")}
        same("disabled" in marks["many.example.org"], True)
        p.good("cert-disable", "--yes", "--version-id", ids[0], cert)
        same([v["enabled"] for v in p.there("many")["versions"]], [False, True, False])
        p.good("cert-enable", cert)
        same([v["enabled"] for v in p.there("many")["versions"]], [False, True, True])
        p.bad("cert-enable", "--version-id", "0" * 32, cert, says=["many", "not found"])
        p.bad("cert-enable", "--version-id", "a/../b", cert, says=["Version"])
        p.do("change_vault", name=VAULT, roles=["Key Vault Reader"])
        p.bad("cert-disable", "--yes", cert, says=["Key Vault Certificates Officer"])


@case
def dropped():
    """an operation that waits is dropped; its name stays, or goes with it where nothing ever came of it"""
    with Place() as p:
        p.begin(count=1)
        p.do("begin", vault=VAULT, name="waits")
        p.do("begin", vault=VAULT, name="c")
        p.do("begin", vault=VAULT, name="goes")
        p.good("refresh", STORE)
        rows = {r["id"].rpartition(":")[2]: r for r in p.rows("requests")}
        same(sorted(rows), ["c", "goes", "waits"])
        same("request-drop" in rows["waits"]["can"], True, rows["waits"])
        holds(p.good("request-drop", "--dry-run", "--with-name", rows["waits"]["id"]).out, "DELETE",
              "cannot be merged any more", "az keyvault certificate pending delete")
        p.good("request-drop", "--yes", rows["waits"]["id"])
        same((p.there("waits")["pending"], p.there("waits")["versions"]), (None, []))
        p.good("request-drop", "--yes", "--with-name", rows["goes"]["id"])
        same((p.there("goes"), [c["name"] for c in p.vault(VAULT)["deleted"]]), (None, ["goes"]))
        holds(p.good("request-drop", "--yes", "--with-name", rows["c"]["id"]).out, "stays")
        same((p.there("c")["pending"], len(p.there("c")["versions"])), (None, 1))


cases()
