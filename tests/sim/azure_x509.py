"""Keys, certificates and what Key Vault's words for them mean, by python3-cryptography."""
import base64
import datetime
import ipaddress
import re
import subprocess
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtensionOID, NameOID

PFX, PEM = "application/x-pkcs12", "application/x-pem-file"
CURVES = {"P-256": ec.SECP256R1, "P-384": ec.SECP384R1, "P-521": ec.SECP521R1, "P-256K": ec.SECP256K1}
USAGES = {"cRLSign": "crl_sign", "dataEncipherment": "data_encipherment",
          "decipherOnly": "decipher_only", "digitalSignature": "digital_signature",
          "encipherOnly": "encipher_only", "keyAgreement": "key_agreement",
          "keyCertSign": "key_cert_sign", "keyEncipherment": "key_encipherment",
          "nonRepudiation": "content_commitment"}
SHORT = {NameOID.COMMON_NAME: "CN", NameOID.ORGANIZATION_NAME: "O", NameOID.COUNTRY_NAME: "C",
         NameOID.ORGANIZATIONAL_UNIT_NAME: "OU", NameOID.LOCALITY_NAME: "L",
         NameOID.STATE_OR_PROVINCE_NAME: "S"}


class Bad(Exception):
    """What is wrong, in the service's words."""

    def __init__(self, text, inner=None):
        super().__init__(text)
        self.inner = inner


def b64(data):
    return base64.b64encode(data).decode()


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def der(cert):
    return cert.public_bytes(serialization.Encoding.DER)


def thumbprint(cert):
    return b64url(cert.fingerprint(hashes.SHA1()))


def spki(public):
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


# --- keys ---

def make_key(props):
    if props["kty"].startswith("EC"):
        return ec.generate_private_key(CURVES[props.get("crv", "P-256")]())
    return rsa.generate_private_key(65537, props.get("key_size", 2048))


def key_props(public):
    if isinstance(public, rsa.RSAPublicKey):
        return {"kty": "RSA", "key_size": public.key_size}
    name = next((n for n, c in CURVES.items() if isinstance(public.curve, c)), None)
    if name is None:
        raise Bad("The specified X.509 certificate content is invalid. Error: unsupported curve.")
    return {"kty": "EC", "key_size": public.key_size, "crv": name}


def check_key(wanted, public):
    """Whether the policy that comes with an import fits its key."""
    real = key_props(public)
    sizes = "[256, 384, 521]" if real["kty"] == "EC" else "[2048, 3072, 4096]"
    if wanted.get("kty", real["kty"]).replace("-HSM", "") != real["kty"] or \
            wanted.get("key_size", real["key_size"]) != real["key_size"] or \
            wanted.get("crv", real.get("crv")) != real.get("crv"):
        raise Bad("Unsupported key size (%s). Supported sizes are %s" % (
            wanted.get("key_size", real["key_size"]), sizes), "KeySizeNotSupported")
    return real


# --- names ---

def unquoted(text):
    """An X.500 string with quotes as the escapes of RFC 4514."""
    text = re.sub(r'"([^"]*)"', lambda m: re.sub(r"([,+;<>=])", r"\\\1", m.group(1)), text)
    return re.sub(r"(?<!\\),\s+", ",", text.strip())


def read_name(text):
    if not text:
        return x509.Name([])
    names = {"S": NameOID.STATE_OR_PROVINCE_NAME, "E": NameOID.EMAIL_ADDRESS}
    try:
        return x509.Name.from_rfc4514_string(unquoted(text), names)
    except ValueError as why:
        raise Bad("Property policy.x509_props has invalid value. Invalid X.500 distinguished name\r\n") from why


def say_name(name):
    parts = ["%s=%s" % (SHORT.get(a.oid, a.rfc4514_attribute_name),
                        '"%s"' % a.value if "," in a.value else a.value) for a in name]
    return ", ".join(reversed(parts))


def alternatives(sans):
    found = [x509.DNSName(n) for n in sans.get("dns_names") or []]
    found += [x509.RFC822Name(n) for n in sans.get("emails") or []]
    found += [x509.UniformResourceIdentifier(n) for n in sans.get("uris") or []]
    found += [x509.IPAddress(ipaddress.ip_address(n)) for n in sans.get("ipAddresses") or []]
    return x509.SubjectAlternativeName(found) if found else None


def usage(words):
    lower = {w.lower() for w in words}
    return x509.KeyUsage(**{attr: word.lower() in lower for word, attr in USAGES.items()})


def x509_props(cert):
    """What a policy says of a certificate."""
    props = {"subject": say_name(cert.subject), "sans": {}, "ekus": [], "key_usage": [],
             "validity_months": max(1, round((cert.not_valid_after - cert.not_valid_before).days / 30.4)),
             "basic_constraints": {"ca": False}}
    for ext in cert.extensions:
        if ext.oid == ExtensionOID.SUBJECT_ALTERNATIVE_NAME:
            props["sans"] = {"dns_names": ext.value.get_values_for_type(x509.DNSName),
                             "emails": ext.value.get_values_for_type(x509.RFC822Name), "upns": []}
        elif ext.oid == ExtensionOID.EXTENDED_KEY_USAGE:
            props["ekus"] = [o.dotted_string for o in ext.value]
        elif ext.oid == ExtensionOID.BASIC_CONSTRAINTS:
            props["basic_constraints"] = {"ca": ext.value.ca}
        elif ext.oid == ExtensionOID.KEY_USAGE:
            agrees = ext.value.key_agreement
            props["key_usage"] = [w for w, a in USAGES.items()
                                  if (agrees or not a.endswith("_only")) and getattr(ext.value, a)]
    return props


# --- requests and certificates ---

def extensions_of(policy):
    props = policy["x509_props"]
    found = [(usage(props["key_usage"]), True),
             (x509.ExtendedKeyUsage([x509.ObjectIdentifier(o) for o in props["ekus"]]), False)]
    sans = alternatives(props.get("sans") or {})
    if sans:
        found.append((sans, False))
    return found + [(x509.BasicConstraints(False, None), True)]


def make_csr(policy, key):
    builder = x509.CertificateSigningRequestBuilder(read_name(policy["x509_props"]["subject"]))
    for ext, critical in extensions_of(policy):
        builder = builder.add_extension(ext, critical)
    return builder.sign(key, hashes.SHA256())


def at(seconds):
    return datetime.datetime.utcfromtimestamp(int(seconds))


def make_cert(subject, public, issuer, issuer_key, since, until, extensions):
    builder = x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number(), at(since),
                                      at(until))
    for ext, critical in extensions:
        builder = builder.add_extension(ext, critical)
    return builder.sign(issuer_key, hashes.SHA256())


class Authority:
    """A root and an intermediate; what named issuers and seeds sign with."""

    def __init__(self, now):
        self.keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(3)]
        self.names = [x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example CA"),
                                 x509.NameAttribute(NameOID.COMMON_NAME, n)])
                      for n in ("Example Root", "Example Issuing")]
        until = now + 10 * 365 * 86400
        ca = [(x509.BasicConstraints(True, None), True), (usage(["keyCertSign", "cRLSign"]), True)]
        self.root = make_cert(self.names[0], self.keys[0].public_key(), self.names[0], self.keys[0],
                              now - 86400, until, ca)
        self.middle = make_cert(self.names[1], self.keys[1].public_key(), self.names[0], self.keys[0],
                                now - 86400, until, ca)
        self.leaf_key = self.keys[2]    # of seeds, whose own would take long to make

    @property
    def above(self):
        return [self.middle, self.root]

    def issue(self, subject, public, since, until, extensions):
        return make_cert(subject, public, self.names[1], self.keys[1], since, until, extensions)


# --- files ---

def pfx_keys(data, password):
    """How many private keys the openssl command finds in it."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        for more in ((), ("-legacy",)):
            done = subprocess.run(("openssl", "pkcs12", "-nocerts", "-nodes", "-passin", "stdin", "-in",
                                   file.name) + more, input=password.encode() + b"\n", check=False,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            if not done.returncode:
                return done.stdout.count(b"-----BEGIN PRIVATE KEY-----")
    return 0


def read_pfx(value, password):
    try:
        data = base64.b64decode(value, validate=True)
        found = pkcs12.load_pkcs12(data, password.encode() or None)
    except ValueError as why:
        raise Bad("The specified PKCS#12 X.509 certificate content can not be read. Please check if "
                  "certificate is in valid PKCS#12 format.") from why
    if not found.key or not found.cert or pfx_keys(data, password) != 1:
        raise Bad("No certificate with private key found in the specified X.509 certificate content. "
                  "Please specify X.509 certificate content with only one certificate containing private key.")
    return found.key, [found.cert.certificate] + [c.certificate for c in found.additional_certs]


BLOCK = r"-----BEGIN ([A-Z0-9 ]+)-----\n(?:[A-Za-z0-9+/=]+\n)+-----END \1-----\n?"


def unpacked(text):
    """PEM that came in base64, which the service takes as well."""
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return text


def read_pem(text):
    text = unpacked(text)
    if "-----BEGIN" not in text:
        raise Bad("The specified PEM X.509 certificate content can not be read. Please check if certificate is "
                  "in valid PEM format. Accepted formats: PEM content or Base64 encoded PEM content.")
    labels = [m.group(1) for m in re.finditer(BLOCK, text)]
    if re.sub(BLOCK, "", text).strip("\n") or set(labels) - {"CERTIFICATE", "PRIVATE KEY"}:
        raise Bad("The specified PEM X.509 certificate content is in an unexpected format. Please check if "
                  "certificate is in valid PEM format.")
    if labels.count("PRIVATE KEY") != 1 or "CERTIFICATE" not in labels:
        raise Bad("No certificate with private key found in the specified X.509 certificate content. "
                  "Please specify X.509 certificate content with only one certificate containing private key.")
    try:
        key = serialization.load_pem_private_key(text[text.index("-----BEGIN PRIVATE"):].encode(), None)
        certs = [x509.load_pem_x509_certificate(m.group(0).encode())
                 for m in re.finditer(BLOCK, text) if m.group(1) == "CERTIFICATE"]
    except ValueError as why:
        raise Bad("The specified PEM X.509 certificate content is in an unexpected format. Please check if "
                  "certificate is in valid PEM format.") from why
    leaf = [c for c in certs if spki(c.public_key()) == spki(key.public_key())]
    if not leaf:
        raise Bad("No certificate with private key found in the specified X.509 certificate content.")
    return key, leaf[:1] + [c for c in certs if c is not leaf[0]]


def write_pfx(key, chain):
    return b64(pkcs12.serialize_key_and_certificates(None, key, chain[0] if key else None,
                                                     chain[1:] if key else chain,
                                                     serialization.NoEncryption()))


def write_pem(key, chain):
    text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption()).decode() if key else ""
    return text + "".join(c.public_bytes(serialization.Encoding.PEM).decode() for c in chain)
