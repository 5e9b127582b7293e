"""What stands behind the Keyfactor engine of the simulator: the CAs and the Command that it asks.

Certificates, requests and keys are made and read by python3-cryptography."""
import datetime
import functools
import ipaddress
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

DAYS = 90


class Refusal(Exception):
    """Command says no: a status and a body."""

    def __init__(self, status, body):
        super().__init__(body)
        self.status, self.body = status, body


class Pending(Exception):
    """Command takes an enrolment and issues nothing yet."""


def name_of(common_name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def pem(cert):
    return cert.public_bytes(serialization.Encoding.PEM).decode()


@functools.lru_cache(maxsize=1)
def new_key():
    """The same each time: making one takes longer than all the rest."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def bare_key(key):
    """The engine's form: PKCS#1 on one line, which some readers of PEM refuse."""
    text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
                             serialization.NoEncryption()).decode().strip().split("\n")
    return "\n".join([text[0], "".join(text[1:-1]), text[-1]])


def request_for(key, common_name):
    return x509.CertificateSigningRequestBuilder().subject_name(name_of(common_name)).sign(
        key, hashes.SHA256())


def names_of(dns, addresses):
    return [x509.DNSName(n) for n in dns] + [x509.IPAddress(ipaddress.ip_address(a)) for a in addresses]


class Authority:
    """A CA that Command knows, signed by a root of its own."""

    def __init__(self, name):
        self.root_key, self.key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        self.root = self.certify(name_of(name + " Root"), self.root_key.public_key(), name_of(name + " Root"),
                                 self.root_key, [], 3650, True)
        self.cert = self.certify(name_of(name), self.key.public_key(), self.root.subject, self.root_key, [],
                                 1825, True)

    @staticmethod
    def certify(subject, public, issuer, key, names, days, is_ca, since=timedelta(minutes=-10)):
        now = datetime.datetime.utcnow().replace(microsecond=0)
        builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
                   .serial_number(x509.random_serial_number())
                   .not_valid_before(now + since).not_valid_after(now + timedelta(days=days))
                   .add_extension(x509.BasicConstraints(is_ca, None), critical=True))
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(key, hashes.SHA256())

    def issue(self, subject, public, names, days=DAYS, since=timedelta(minutes=-10)):
        return self.certify(subject, public, self.cert.subject, self.key, names, days, False, since)


class Command:
    """Command, as far as the engine needs it."""

    def __init__(self):
        self.authorities = {n: Authority(n.split("\\")[1]) for n in
                            ("ca01.corp.example\\IssuingCA", "ca02.corp.example\\OtherCA")}
        self.templates = ["WebServer", "Internal"]
        self.users = {"svc": "pw"}
        self.clients = {"vault": "s3cret"}
        self.is_pending = False
        self.refuses = None
        self.returned = 2
        self.enrolled, self.revoked = [], []

    def enroll(self, csr, dns, addresses, ca, template, metadata):
        """The certificates of the answer, and the number that Command gave it."""
        self.enrolled.append({"ca": ca, "template": template, "metadata": metadata, "dns": dns,
                              "ip": addresses})
        if self.refuses:
            raise Refusal(*self.refuses)
        if ca not in self.authorities:
            raise Refusal(400, '{"Message":"Unknown certificate authority"}')
        if template not in self.templates:
            raise Refusal(400, '{"Message":"Template not found"}')
        if self.is_pending:
            raise Pending()
        authority = self.authorities[ca]
        try:
            asked = list(csr.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
        except x509.ExtensionNotFound:
            asked = []
        names = names_of(dns, addresses) or asked
        leaf = authority.issue(csr.subject, csr.public_key(), names)
        return [leaf, authority.cert, authority.root][:self.returned], 400 + len(self.enrolled)

    def revoke(self, number):
        if self.refuses:
            raise Refusal(*self.refuses)
        self.revoked.append(number)
