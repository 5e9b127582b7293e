"""The simulated IAM, as far as it keeps server certificates: a store per account, no region."""
import re
import uuid

import aws_acm_import
import aws_x509
from aws_keys import Refusal


def not_found(name):
    return Refusal(404, "NoSuchEntity", "The Server Certificate with name %s cannot be found." % name)


def taken(name):
    return Refusal(409, "EntityAlreadyExists", "The Server Certificate with name %s already exists." % name)


class Server:
    def __init__(self, name, path, ident, leaf, chain, tags, now):
        self.name, self.path, self.ident, self.leaf, self.chain = name, path, ident, leaf, chain
        self.tags, self.uploaded, self.users, self.reads = tags, now, {}, 0

    def arn(self, call):
        return call.arn("iam", "server-certificate%s%s" % (self.path, self.name), is_regional=False)

    def metadata(self, call):
        return {"Path": self.path, "ServerCertificateName": self.name, "ServerCertificateId": self.ident,
                "Arn": self.arn(call), "UploadDate": int(self.uploaded),
                "Expiration": aws_x509.seconds(self.leaf.not_valid_after)}

    def tag_list(self):
        return [{"Key": k, "Value": v} for k, v in self.tags.items()]


class Iam:
    def __init__(self, world):
        self.world, self.accounts = world, {}

    def begin(self, call):
        pass

    def store(self, call):
        return self.accounts.setdefault(call.account, {})

    def find(self, call, is_read=False):
        server = self.store(call).get(call.get("ServerCertificateName"))
        if server is None:
            raise not_found(call.get("ServerCertificateName"))
        if is_read and server.reads > 0:
            server.reads -= 1
            raise not_found(server.name)
        return server

    def paged(self, call, rows, filters):
        found, marker = self.world.page(rows, call.get("MaxItems", 100), call.get("Marker"),
                                        ["iam", call.account, filters],
                                        Refusal(400, "ValidationError", "Invalid Marker"))
        return found, {"IsTruncated": marker is not None, "Marker": marker}

    def list_server_certificates(self, call):
        prefix = call.get("PathPrefix", "/")
        rows = {s.ident: s for s in sorted(self.store(call).values(), key=lambda s: s.name)
                if s.path.startswith(prefix)}
        found, more = self.paged(call, rows, prefix)
        return dict(more, ServerCertificateMetadataList=[s.metadata(call) for s in found])

    def get_server_certificate(self, call):
        server = self.find(call, is_read=True)
        return {"ServerCertificate": {
            "ServerCertificateMetadata": server.metadata(call), "Tags": server.tag_list() or None,
            "CertificateBody": aws_x509.pem(server.leaf).decode().strip(),
            "CertificateChain": aws_x509.pem(*server.chain).decode().strip() or None}}

    def upload_server_certificate(self, call):
        store, name, path = self.store(call), call.get("ServerCertificateName"), call.get("Path", "/")
        if name.lower() in (n.lower() for n in store):
            raise taken(name)
        if len(store) >= self.world.knob("iam_quota"):
            raise Refusal(409, "LimitExceeded", "Cannot exceed quota for ServerCertificatesPerAccount: %d"
                          % self.world.knob("iam_quota"))
        if not re.fullmatch(r"/|/.+/", path):
            raise Refusal(400, "ValidationError", "The specified value for path is invalid.")
        leaf, chain = self.read(call)
        server = Server(name, path, "ASCA" + uuid.uuid4().hex[:17].upper(), leaf, chain,
                        {t["Key"]: t["Value"] for t in call.get("Tags", [])}, call.now)
        server.reads = self.world.knob("iam_reads")
        store[name] = server
        return {"ServerCertificateMetadata": server.metadata(call), "Tags": server.tag_list() or None}

    def read(self, call):
        try:
            leaf = aws_acm_import.read_leaf(call.get("CertificateBody").encode().lstrip())
            chain = aws_acm_import.read_chain(call.get("CertificateChain", "").encode(), leaf) if call.get(
                "CertificateChain") else []
        except Refusal as why:
            raise Refusal(400, "MalformedCertificate", why.message) from None
        try:
            aws_acm_import.read_key(call.get("PrivateKey").encode(), leaf)
        except Refusal as why:
            code = "KeyPairMismatch" if "match" in why.message else "MalformedCertificate"
            raise Refusal(400, code, why.message) from None
        return leaf, chain

    def delete_server_certificate(self, call):
        server = self.find(call)
        users = [u for u, gone in server.users.items() if gone is None or gone > call.now]
        if users:
            raise Refusal(409, "DeleteConflict", "Certificate: %s is currently in use by %s. Please remove it "
                          "first before deleting it from IAM." % (server.ident, users[0]))
        del self.store(call)[server.name]

    def update_server_certificate(self, call):
        server, store = self.find(call), self.store(call)
        name = call.get("NewServerCertificateName", server.name)
        if name != server.name and name in store:
            raise taken(name)
        del store[server.name]
        server.name, server.path = name, call.get("NewPath", server.path)
        store[name] = server

    def list_server_certificate_tags(self, call):
        server = self.find(call)
        found, more = self.paged(call, {t["Key"]: t for t in server.tag_list()}, server.ident)
        return dict(more, Tags=found)

    def tag_server_certificate(self, call):
        self.find(call).tags.update({t["Key"]: t["Value"] for t in call.get("Tags")})

    def untag_server_certificate(self, call):
        for key in call.get("TagKeys"):
            self.find(call).tags.pop(key, None)
