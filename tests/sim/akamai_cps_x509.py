"""Keys, requests and certificates of the simulated CPS, and what is to be said about an upload, by
python3-cryptography."""
import datetime
import re

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

UTC = datetime.timezone.utc
PEM = r"-----BEGIN CERTIFICATE-----\n(?:[A-Za-z0-9+/=]+\n)+-----END CERTIFICATE-----\n?"
SUBJECT = (("cn", NameOID.COMMON_NAME), ("c", NameOID.COUNTRY_NAME), ("st", NameOID.STATE_OR_PROVINCE_NAME),
           ("l", NameOID.LOCALITY_NAME), ("o", NameOID.ORGANIZATION_NAME),
           ("ou", NameOID.ORGANIZATIONAL_UNIT_NAME))


def make_key(algorithm):
    if algorithm == "ECDSA":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, 2048)


def algorithm_of(public):
    return "RSA" if isinstance(public, rsa.RSAPublicKey) else "ECDSA"


def spki(public):
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def at(seconds):
    return datetime.datetime.fromtimestamp(int(seconds), UTC)


def expiry(cert):
    """In seconds since 1970, with the library of any age."""
    try:
        return cert.not_valid_after_utc.timestamp()
    except AttributeError:
        return cert.not_valid_after.replace(tzinfo=UTC).timestamp()


def write_pem(certs):
    return "".join(c.public_bytes(serialization.Encoding.PEM).decode() for c in certs)


def subject_of(csr):
    return x509.Name([x509.NameAttribute(oid, csr[key]) for key, oid in SUBJECT if csr.get(key)])


def names_of(thing):
    try:
        found = thing.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return [n.lower() for n in found.value.get_values_for_type(x509.DNSName)]


def common_name(name):
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return found[0].value if found else ""


def all_names(csr):
    """The common name is one of them, whoever forgot to say so."""
    return sorted({n.lower() for n in (csr.get("sans") or []) + [csr["cn"]]})


def make_csr(csr, key, exclude_sans):
    builder = x509.CertificateSigningRequestBuilder(subject_of(csr))
    if not exclude_sans:
        builder = builder.add_extension(x509.SubjectAlternativeName(
            [x509.DNSName(n) for n in all_names(csr)]), False)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


class Authority:
    """A root and an intermediate; what seeds and tests have signed."""

    def __init__(self, now, name="Example"):
        self.keys = [make_key("ECDSA") for _ in range(2)]
        self.names = [x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, name + " CA"),
                                 x509.NameAttribute(NameOID.COMMON_NAME, "%s %s" % (name, n))])
                      for n in ("Root", "Issuing")]
        self.root = self.make(self.names[0], self.keys[0].public_key(), 0, now, 3650, True)
        self.middle = self.make(self.names[1], self.keys[1].public_key(), 0, now, 3650, True)

    def make(self, subject, public, by, now, days, is_ca, names=()):
        builder = x509.CertificateBuilder(self.names[by], subject, public, x509.random_serial_number(),
                                          at(now - 86400), at(now + days * 86400))
        builder = builder.add_extension(x509.BasicConstraints(is_ca, None), True)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]),
                                            False)
        return builder.sign(self.keys[by], hashes.SHA256())

    def issue(self, subject, public, names, now, days=90):
        return self.make(subject, public, 1, now, days, False, names)

    def sign(self, text, now, days=90, names=None):
        """A request that came as PEM: the leaf."""
        csr = x509.load_pem_x509_csr(text.encode())
        if not csr.is_signature_valid:
            raise ValueError("the request is not signed by its key")
        return self.issue(csr.subject, csr.public_key(),
                          names_of(csr) or [common_name(csr.subject)] if names is None else names, now, days)


# --- what comes with an upload ---

def is_signed_by(cert, issuer):
    key = issuer.public_key()
    more = (padding.PKCS1v15(), cert.signature_hash_algorithm) if algorithm_of(key) == "RSA" else \
        (ec.ECDSA(cert.signature_hash_algorithm),)
    try:
        key.verify(cert.signature, cert.tbs_certificate_bytes, *more)
    except InvalidSignature:
        return False
    return cert.issuer == issuer.subject


def read_pem(text, most):
    """Certificates of a member of the body; ValueError says what is wrong in the service's words."""
    if re.sub(PEM, "", text).strip():
        raise ValueError("The certificate is not in PEM format.")
    found = [x509.load_pem_x509_certificate(m.encode()) for m in re.findall(PEM, text)]
    if not 0 < len(found) <= most:
        raise ValueError("Expected one certificate in PEM format.")
    return found


def judge_chain(leaf, chain):
    """Sentences about the chain that came with it."""
    said, last = [], leaf
    if not chain:
        return ["The trust chain is empty and the certificate is signed by a non-standard root."]
    for cert in chain:
        if not is_signed_by(last, cert):
            return ["Unsorted trust chain: Certificates in the trust chain are not in order:\n%s" %
                    "\n".join(common_name(c.subject) for c in chain)]
        last = cert
    if last.issuer == last.subject:
        said.append("The trust chain includes a standard root certificate [%s]." % common_name(last.subject))
    return said


def judge(csr_text, leaf, chain, now):
    """What CPS says of a certificate that was uploaded for a request."""
    csr, said = x509.load_pem_x509_csr(csr_text.encode()), []
    if spki(csr.public_key()) != spki(leaf.public_key()):
        said.append("The certificate was not generated from the CSR.")
    wanted, given = set(names_of(csr)), set(names_of(leaf))
    said += ["The SAN name [%s] from the CSR is missing from the certificate." % n
             for n in sorted(wanted - given)]
    said += ["The SAN name [%s] was added to the certificate." % n
             for n in sorted(given - wanted) if wanted]
    if expiry(leaf) < now:
        said.append("The certificate has expired.")
    return said + judge_chain(leaf, chain)
