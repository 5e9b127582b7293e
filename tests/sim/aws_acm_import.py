"""ImportCertificate of the simulated ACM: what it refuses, and what changes under the same ARN."""
import time

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

import aws_x509
from aws_acm_cert import Cert
from aws_keys import Refusal
from aws_world import DAY

ALGORITHMS = ("RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1")
WHOLE = ("The certificate field contains more than one certificate. You can specify only one certificate "
         "in this field.")


def wrong(message, code="ValidationException"):
    return Refusal(400, code, message)


def read_leaf(data):
    blocks = aws_x509.pem_blocks(data)
    if len(blocks) > 1:
        raise wrong(WHOLE)
    if not blocks or not data.startswith(b"-----BEGIN CERTIFICATE-----"):
        raise wrong("The certificate is not in PEM format.")
    try:
        leaf = x509.load_pem_x509_certificate(blocks[0])
    except ValueError:
        raise wrong("The certificate is not a valid X.509 certificate.") from None
    now = time.time()
    if not aws_x509.seconds(leaf.not_valid_before) <= now <= aws_x509.seconds(leaf.not_valid_after):
        raise wrong("The certificate field contains a certificate that is expired or not yet valid.")
    if leaf.version != x509.Version.v3 or not leaf.issuer.rdns:
        raise wrong("The certificate must be X.509 version 3 with an issuer.")
    return leaf


def read_key(data, leaf):
    if b"ENCRYPTED" in data:
        raise wrong("The private key is encrypted, which is not supported.")
    try:
        key = serialization.load_pem_private_key(data, None)
    except (ValueError, TypeError):
        raise wrong("The private key is not supported.") from None
    if not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)) or aws_x509.algorithm_of(
            key.public_key()) not in ALGORITHMS:
        raise wrong("The private key type is not supported. Supported types are RSA_1024 and RSA_2048.")
    if aws_x509.public_der(key.public_key()) != aws_x509.public_der(leaf.public_key()):
        raise wrong("The private key does not match the certificate.")
    return key


def read_chain(data, leaf):
    if not data:
        if leaf.subject != leaf.issuer:
            raise wrong("Could not validate the certificate with the certificate chain: the chain is missing.")
        return []
    try:
        chain = [x509.load_pem_x509_certificate(b) for b in aws_x509.pem_blocks(data)]
    except ValueError:
        chain = []
    if not chain:
        raise wrong("The certificate chain is not in PEM format.")
    for below, above in zip([leaf] + chain, chain):
        if above == leaf:
            raise wrong("The certificate chain contains the certificate itself.")
        if not aws_x509.is_signed_by(below, above):
            raise wrong("Could not validate the certificate with the certificate chain.")
    leaf_family, above_family = (aws_x509.algorithm_of(c.public_key())[:2] for c in (leaf, chain[0]))
    if leaf_family == "EC" and above_family == "RS":
        raise wrong("An EC certificate signed by an RSA authority is not supported.")
    return chain


def put(acm, call):
    leaf = read_leaf(call.get("Certificate"))
    key = read_key(call.get("PrivateKey"), leaf)
    chain = read_chain(call.get("CertificateChain"), leaf)
    algorithm, names = aws_x509.algorithm_of(leaf.public_key()), aws_x509.names_of(leaf)
    if "CertificateArn" in call.params:
        return again(acm, call, leaf, chain, key)
    store = acm.store(call.account, call.region)
    world = acm.world
    if sum(1 for c in store.certs.values() if c.kind == "IMPORTED") >= world.knob("quota") or sum(
            1 for t in store.taken if t > call.now - 365 * DAY) >= world.knob("quota_year"):
        raise wrong("Error: you have reached your limit of %d imported certificates."
                    % min(world.knob("quota"), world.knob("quota_year")), "LimitExceededException")
    cert = Cert(call, "IMPORTED", names, algorithm, "CUSTOMER_PROVIDED")
    from_tags(cert, call)
    cert.put(leaf, chain, key)
    cert.state, cert.imported = "ISSUED", call.now
    store.certs[cert.arn] = cert
    store.taken.append(call.now)
    return {"CertificateArn": cert.arn}


def from_tags(cert, call):
    for tag in call.get("Tags", []):
        if tag["Key"].startswith("aws:"):
            raise wrong("aws: prefixed tag key names are not allowed for external use.", "InvalidTagException")
        cert.tags[tag["Key"]] = tag.get("Value", "")


def again(acm, call, leaf, chain, key):
    """Under the same ARN: key type, size and uses stay, some name stays, tags do not come."""
    cert = acm.find(call)
    if call.get("Tags"):
        raise wrong("Tags cannot be applied when a certificate is imported again.", "InvalidParameterException")
    if cert.kind != "IMPORTED":
        raise wrong("The certificate %s was not imported." % cert.arn)
    if aws_x509.algorithm_of(leaf.public_key()) != cert.algorithm:
        raise wrong("The key type or size of the certificate differs from the one that is imported.")
    names = aws_x509.names_of(leaf)
    if cert.names and not names:
        raise wrong("The certificate must have at least one domain name.")
    if not set(aws_x509.key_usages(cert.leaf)) <= set(aws_x509.key_usages(leaf)):
        raise wrong("Key usages cannot be removed.")
    if not {o for _, o in aws_x509.purposes(cert.leaf)} <= {o for _, o in aws_x509.purposes(leaf)}:
        raise wrong("Extended key usages cannot be removed.")
    cert.put(leaf, chain, key)
    cert.names, cert.imported = names, call.now
    return {"CertificateArn": cert.arn}
