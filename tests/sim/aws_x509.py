"""Keys and certificates of the simulator of AWS: real ones, by python3-cryptography."""
import base64
import datetime
import hashlib
import ipaddress
import os
import re

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

CURVES = {"EC_prime256v1": ec.SECP256R1, "EC_secp384r1": ec.SECP384R1, "EC_secp521r1": ec.SECP521R1}
HASHES = {"SHA256": hashes.SHA256, "SHA384": hashes.SHA384, "SHA512": hashes.SHA512}
USAGES = {"DIGITAL_SIGNATURE": "digital_signature", "NON_REPUDIATION": "content_commitment",
          "KEY_ENCIPHERMENT": "key_encipherment", "DATA_ENCIPHERMENT": "data_encipherment",
          "KEY_AGREEMENT": "key_agreement", "CERTIFICATE_SIGNING": "key_cert_sign", "CRL_SIGNING": "crl_sign"}
PURPOSES = {"TLS_WEB_SERVER_AUTHENTICATION": ExtendedKeyUsageOID.SERVER_AUTH,
            "TLS_WEB_CLIENT_AUTHENTICATION": ExtendedKeyUsageOID.CLIENT_AUTH,
            "CODE_SIGNING": ExtendedKeyUsageOID.CODE_SIGNING,
            "EMAIL_PROTECTION": ExtendedKeyUsageOID.EMAIL_PROTECTION,
            "TIME_STAMPING": ExtendedKeyUsageOID.TIME_STAMPING,
            "OCSP_SIGNING": ExtendedKeyUsageOID.OCSP_SIGNING}
ATTRIBUTES = {"CommonName": NameOID.COMMON_NAME, "Organization": NameOID.ORGANIZATION_NAME,
              "OrganizationalUnit": NameOID.ORGANIZATIONAL_UNIT_NAME, "Country": NameOID.COUNTRY_NAME,
              "Locality": NameOID.LOCALITY_NAME, "State": NameOID.STATE_OR_PROVINCE_NAME}
PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----\s.*?-----END \1-----[ \t]*\r?\n?", re.S)
PBES2, PBKDF2, AES = "1.2.840.113549.1.5.13", "1.2.840.113549.1.5.12", "2.16.840.1.101.3.4.1.42"
SHARED = {}     # keys that many certificates may have, by algorithm


def utc(when):
    return datetime.datetime.fromtimestamp(when, datetime.timezone.utc).replace(tzinfo=None)


def seconds(when):
    return when.replace(tzinfo=datetime.timezone.utc).timestamp()


def new_key(algorithm, shared=False):
    if shared:
        if algorithm not in SHARED:
            SHARED[algorithm] = new_key(algorithm)
        return SHARED[algorithm]
    if algorithm in CURVES:
        return ec.generate_private_key(CURVES[algorithm]())
    return rsa.generate_private_key(65537, int(algorithm.split("_")[1]))


def algorithm_of(public):
    if isinstance(public, rsa.RSAPublicKey):
        return "RSA_%d" % public.key_size
    if isinstance(public, ec.EllipticCurvePublicKey):
        return next((n for n, c in CURVES.items() if c.name == public.curve.name), public.curve.name)
    return "unknown"


def public_der(public):
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def pem(*certificates):
    return b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates)


def pem_blocks(data, kind=b"CERTIFICATE"):
    return [m.group(0) for m in PEM.finditer(data) if m.group(1) == kind]


def serial_pairs(certificate):
    text = "%x" % certificate.serial_number
    text = "0" * (len(text) % 2) + text
    return ":".join(text[i:i + 2] for i in range(0, len(text), 2))


def names_of(certificate):
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = found.get_values_for_type(x509.DNSName)
    except x509.ExtensionNotFound:
        names = []
    common = [a.value for a in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    return list(dict.fromkeys([n for n in common if "." in n and " " not in n] + names))


def key_usages(certificate):
    try:
        found = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return ["ANY"]
    return [word for word, attribute in USAGES.items() if getattr(found, attribute)]


def purposes(certificate):
    try:
        found = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return [("NONE", "")]
    words = {oid: word for word, oid in PURPOSES.items()}
    return [(words.get(oid, "CUSTOM"), oid.dotted_string) for oid in found]


def distinguished(name):
    found = {word: a.value for word, oid in ATTRIBUTES.items() for a in name.get_attributes_for_oid(oid)}
    return found


def x509_name(parts):
    return x509.Name([x509.NameAttribute(ATTRIBUTES[k], v) for k, v in parts.items() if k in ATTRIBUTES])


def is_signed_by(certificate, issuer):
    if certificate.issuer != issuer.subject:
        return False
    public = issuer.public_key()
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(certificate.signature, certificate.tbs_certificate_bytes, padding.PKCS1v15(),
                          certificate.signature_hash_algorithm)
        else:
            public.verify(certificate.signature, certificate.tbs_certificate_bytes,
                          ec.ECDSA(certificate.signature_hash_algorithm))
    except InvalidSignature:
        return False
    return True


class Authority:
    """A CA: its key, its certificate and what stands above it."""

    def __init__(self, subject, algorithm, parent=None, since=0, until=0, path=None):
        self.key = new_key(algorithm)
        self.chain = [parent.certificate] + parent.chain if parent else []
        self.certificate = build(x509_name(subject), self.key.public_key(), parent or self, since, until,
                                 authority=True, path=path)

    def above(self):
        return [self.certificate] + self.chain


def general_name(name):
    """What a name is, by its looks."""
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        kind = (x509.UniformResourceIdentifier if "://" in name else x509.RFC822Name if "@" in name
                else x509.DNSName)
        return kind(name)


def build(subject, public, issuer, since, until, names=(), authority=False, path=None, purpose=None,
          digest="SHA256"):
    """A certificate; issuer is an Authority (one without a certificate yet signs itself)."""
    above = getattr(issuer, "certificate", None)
    made = (x509.CertificateBuilder().subject_name(subject).public_key(public)
            .issuer_name(above.subject if above else subject)
            .serial_number(int.from_bytes(b"\x0f" + os.urandom(15), "big"))
            .not_valid_before(utc(int(since))).not_valid_after(utc(int(until)))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=path), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
                           critical=False))
    wanted = ("key_cert_sign", "crl_sign", "digital_signature") if authority else ("digital_signature",
                                                                                   "key_encipherment")
    usage = {attribute: attribute in wanted for attribute in USAGES.values()}
    made = made.add_extension(x509.KeyUsage(encipher_only=False, decipher_only=False, **usage), critical=True)
    if not authority:
        made = made.add_extension(x509.ExtendedKeyUsage(purpose or [ExtendedKeyUsageOID.SERVER_AUTH,
                                                                   ExtendedKeyUsageOID.CLIENT_AUTH]),
                                  critical=False)
        made = made.add_extension(x509.AuthorityInformationAccess([x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://ocsp.sim.example/"))]),
            critical=False)
    if names:
        made = made.add_extension(x509.SubjectAlternativeName([general_name(n) for n in names]), critical=False)
    return made.sign(issuer.key, HASHES[digest]())


# --- an encrypted key as ACM gives it: PBES2, PBKDF2 with HMAC-SHA1, AES-256-CBC ----------------------

def der(tag, *parts):
    body = b"".join(parts)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def oid(dotted):
    return x509_oid_bytes([int(p) for p in dotted.split(".")])


def x509_oid_bytes(parts):
    out = bytearray([parts[0] * 40 + parts[1]])
    for part in parts[2:]:
        groups = [part & 0x7f]
        while part > 0x7f:
            part >>= 7
            groups.insert(0, part & 0x7f | 0x80)
        out += bytes(groups)
    return der(0x06, bytes(out))


def encrypted_key(key, passphrase, rounds=2048):
    clear = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
                              serialization.NoEncryption())
    salt, start = os.urandom(20), os.urandom(16)
    pad = 16 - len(clear) % 16
    cipher = Cipher(algorithms.AES(hashlib.pbkdf2_hmac("sha1", passphrase, salt, rounds, 32)),
                    modes.CBC(start)).encryptor()
    hidden = cipher.update(clear + bytes([pad]) * pad) + cipher.finalize()
    derive = der(0x30, oid(PBKDF2), der(0x30, der(0x04, salt), der(0x02, rounds.to_bytes(2, "big"))))
    scheme = der(0x30, oid(AES), der(0x04, start))
    return armour(der(0x30, der(0x30, oid(PBES2), der(0x30, derive, scheme)), der(0x04, hidden)))


def armour(data, kind="ENCRYPTED PRIVATE KEY"):
    text = base64.b64encode(data).decode()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n" % (kind, "\n".join(lines), kind)
