"""What the tests share that look into a simulated vault and have requests signed elsewhere."""
from azure_place import Azure

VAULT = "kv-demo-1"


class Place(Azure):
    def there(self, name, vault=VAULT):
        return next((c for c in self.vault(vault)["certs"] if c["name"] == name), None)

    def request(self, title, kind="order"):
        return next(r for r in self.rows("requests") if r["title"] == title and r["type"] == kind)

    def signed(self, csr, name):
        path = self.path(name)
        with open(path, "w", encoding="ascii") as f:
            f.write(self.do("sign", csr=csr)["pem"])
        return path
