"""Both signatures beside those of others' signers (botocore, akamai.edgegrid) for a few hundred
requests, always the same ones; and client assertions as PyJWT verifies them."""
import base64
import hashlib
import os
import random
import subprocess
import sys
import time

N = 300
NOW = 1772600767                # 2026-03-04 05:06:07


def skip_all(why):
    print("1..0 # SKIP " + why)
    sys.exit(0)


try:
    import botocore.auth
    import botocore.awsrequest
    import botocore.credentials
    import botocore.compat
    import jwt
    import requests
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from akamai.edgegrid import EdgeGridAuth
except ImportError as missing:
    skip_all("%s is not installed (dev/packages install test)" % missing.name)


class Tool:
    def __init__(self):
        self.process = subprocess.Popen([os.path.join(os.environ["top_builddir"],
                                                      "tests/net/sign-tool")], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, **values):
        for name, value in values.items():
            if value is not None:
                self.process.stdin.write("%s %s\n" % (name, value))
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n")

    def end(self):
        self.process.stdin.close()
        return self.process.wait()


def draw_target(draw):
    """A path and a query with whatever may stand in them."""
    letters = "abcXYZ019-._~:@!$'()*,;+ %/?&=äé€"

    def some(most):
        word = "".join(draw.choice(letters) for _ in range(draw.randrange(most)))
        return requests.utils.quote(word, safe="-._~:@!$'()*,;")
    path = "/" + "/".join(some(6) for _ in range(draw.randrange(4)))
    pairs = [some(4) + ("=" + some(5) if draw.random() < .8 else "")
             for _ in range(draw.randrange(4))]
    return path, "&".join(p for p in pairs if p and not p.startswith("="))


def aws_theirs(case):
    request = botocore.awsrequest.AWSRequest(case["method"], case["url"], data=case["raw"])
    if case["type"]:
        request.headers["Content-Type"] = case["type"]
    keys = botocore.credentials.Credentials(case["id"], case["secret"], case["session"])
    signer = botocore.auth.SigV4Auth(keys, case["service"], case["region"])
    real = botocore.auth.datetime
    try:
        botocore.auth.datetime = Still
        signer.add_auth(request)
    finally:
        botocore.auth.datetime = real
    return request.headers["Authorization"]


class Still:
    """botocore's idea of datetime, standing still."""
    class datetime:
        @staticmethod
        def utcnow():
            import datetime
            return datetime.datetime.utcfromtimestamp(NOW)


def aws_case(draw):
    path, query = draw_target(draw)
    # botocore signs a query as it stands, so it has to be encoded in the one right way.
    query = "&".join(requests.utils.quote(requests.utils.unquote(n), safe="-._~") + "=" +
                     requests.utils.quote(requests.utils.unquote(v), safe="-._~")
                     for n, _, v in (p.partition("=") for p in query.split("&") if p))
    method = draw.choice(("GET", "POST", "PUT", "DELETE"))
    raw = draw.randbytes(draw.randrange(200)) if method in ("POST", "PUT") else b""
    host = draw.choice(("acm.us-east-1.amazonaws.com", "iam.amazonaws.com", "127.0.0.1:8443",
                        "route53.amazonaws.com:443", "[::1]:8443"))
    return {"method": method, "url": "https://%s%s%s" % (host, path, "?" + query if query else ""),
            "raw": raw, "id": "AKIDEXAMPLE", "secret": "%032x" % draw.getrandbits(128),
            "session": "FwoGZXIvYXdz//EXAMPLE+=" if draw.random() < .5 else None,
            "region": draw.choice(("us-east-1", "cn-north-1")),
            "service": draw.choice(("acm", "iam", "route53", "sts")),
            "type": "application/x-amz-json-1.1" if raw else None}


def edge_theirs(case):
    auth = EdgeGridAuth(client_token=case["client"], client_secret=case["secret"],
                        access_token=case["access"])
    request = requests.Request(case["method"], case["url"], data=case["raw"]).prepare()
    assert request.url == case["url"], request.url
    return auth.make_auth_header(request, "20260304T05:06:07+0000", case["nonce"])


def edge_case(draw):
    path, query = draw_target(draw)
    path = path.replace(";", "")    # old releases of theirs leave out what follows one
    method = draw.choice(("GET", "POST", "PUT", "DELETE"))
    raw = draw.randbytes(draw.choice((0, 1, 200, 131072, 131073))) \
        if method in ("POST", "PUT") else b""
    host = draw.choice(("akab-a-b.luna.akamaiapis.net", "127.0.0.1:8443"))
    url = "https://%s%s%s" % (host, path, "?" + query if query else "")
    return {"method": method, "url": requests.Request("GET", url).prepare().url, "raw": raw,
            "client": "akab-c", "access": "akab-a", "nonce": "%x" % draw.getrandbits(64),
            "secret": "%032x" % draw.getrandbits(128)}


def compare(number, name, make, theirs):
    draw, tool, bad = random.Random(1), Tool(), 0
    for _ in range(N):
        case = make(draw)
        ours = tool.ask(now=NOW, body=case["raw"].hex() or None,
                        **{k: v for k, v in case.items() if k != "raw"})
        wanted = theirs(case)
        if ours != wanted:
            bad += 1
            print("# %s %s\n# ours   %s\n# theirs %s" % (case["method"], case["url"], ours, wanted))
    print("%s %d - %d requests signed as %s signs them"
          % ("not ok" if bad or tool.end() else "ok", number, N, name))
    return bad


def verify(tool, kind, option):
    """What is wrong with an assertion of a fresh identity, or None."""
    pem = subprocess.run(["openssl", "req", "-x509", "-newkey", kind, "-pkeyopt", option, "-nodes",
                          "-subj", "/CN=t", "-keyout", "-", "-out", "-"], check=True,
                         capture_output=True).stdout
    cert = x509.load_pem_x509_certificate(pem)
    now = int(time.time())
    made = tool.ask(pem=pem.hex(), issuer="me", audience="https://login.test/token", now=now)
    head = jwt.get_unverified_header(made)
    claims = jwt.decode(made, cert.public_key(), algorithms=["PS256", "ES256"],
                        audience="https://login.test/token", issuer="me",
                        options={"require": ["exp", "nbf", "iat", "sub", "jti"]})
    der = cert.public_bytes(serialization.Encoding.DER)
    for name, digest in (("x5t", hashlib.sha1), ("x5t#S256", hashlib.sha256)):
        wanted = base64.urlsafe_b64encode(digest(der).digest()).decode().rstrip("=")
        if head[name] != wanted:
            return "%s is %s, not %s" % (name, head[name], wanted)
    return None if claims["exp"] == now + 600 else "it ends at %s" % claims["exp"]


def verify_all(number):
    tool, bad = Tool(), []
    for kind, option in (("rsa", "rsa_keygen_bits:2048"), ("rsa", "rsa_keygen_bits:3072"),
                         ("ec", "ec_paramgen_curve:P-256")):
        try:
            wrong = verify(tool, kind, option)
        except jwt.PyJWTError as e:
            wrong = repr(e)
        if wrong:
            bad.append(wrong)
            print("# %s %s: %s" % (kind, option, wrong))
    print("%s %d - assertions as PyJWT verifies them" % ("not ok" if tool.end() or bad else "ok",
                                                         number))
    return len(bad)


def main():
    print("1..3")
    bad = compare(1, "botocore", aws_case, aws_theirs)
    bad += compare(2, "akamai.edgegrid", edge_case, edge_theirs)
    bad += verify_all(3)
    sys.exit(1 if bad else 0)


main()
