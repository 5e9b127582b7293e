#!/usr/bin/python3
"""Signing in to AWS, and certificates in ACM and IAM, against moto, others' imitation of it, which
checks signatures of its own.  It has no search, so that lists and details are what is asked for.

moto comes from the Python registry into a virtual environment that is gone afterwards; MOTO_SERVER
names one that is there already.
"""
import argparse
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.request

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(HERE, "cli"), os.path.join(HERE, "sim")]
import place        # noqa: E402
import running      # noqa: E402

TOOL = os.path.join(os.environ.get("top_builddir", "."), "tests", "provider", "account-tool")
ROLE = "arn:aws:iam::123456789012:role/reader"
USER = "arn:aws:iam::123456789012:user/certty (account 123456789012)"
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["sts:*", "acm:*", "acm-pca:*", "iam:*",
                                                         "route53:*"], "Resource": "*"}]})
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Missing(Exception):
    pass


def server_in(folder):
    there = os.environ.get("MOTO_SERVER") or shutil.which("moto_server")
    if there:
        return there
    for step in ([sys.executable, "-m", "venv", folder],
                 [os.path.join(folder, "bin", "pip"), "install", "-q", "moto[server]"]):
        done = subprocess.run(step, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=280)
        if done.returncode:
            raise Missing("moto cannot be had: %s" % done.stdout.decode(errors="replace").strip()[-200:])
    return os.path.join(folder, "bin", "moto_server")


class Moto:
    def __init__(self, program):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = "http://127.0.0.1:%d" % port
        self.process = subprocess.Popen([program, "-H", "127.0.0.1", "-p", str(port)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait(port)

    def wait(self, port):
        """Until it listens; each refusal is asked after with a little more patience."""
        for patience in range(1, 400):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                try:
                    self.process.wait(0.01 * min(patience, 30))
                except subprocess.TimeoutExpired:
                    continue
                break
        self.process.kill()
        raise Missing("moto does not start")

    def check_signatures(self, after=b"0"):
        direct.open(urllib.request.Request(self.url + "/moto-api/reset-auth", after,
                                           {"Content-Type": "text/plain"}), timeout=30)

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


def make_user(url):
    import botocore.session
    session = botocore.session.Session()
    session.set_credentials("AKIAIOSFODNN7EXAMPLE", "none")
    iam = session.create_client("iam", region_name="us-east-1", endpoint_url=url)
    iam.create_user(UserName="certty")
    iam.put_user_policy(UserName="certty", PolicyName="sts", PolicyDocument=POLICY)
    iam.create_role(RoleName="reader", AssumeRolePolicyDocument=POLICY)
    iam.put_role_policy(RoleName="reader", PolicyName="sts", PolicyDocument=POLICY)
    key = iam.create_access_key(UserName="certty")["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


def ask(url, key, secret, *more):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    done = subprocess.run([TOOL, "aws", "endpoint=" + url, "access-key=" + key, "secret-key:=" + secret, *more],
                          env=environment, check=True, timeout=60, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def client(url, service, region="eu-west-1"):
    import botocore.session
    session = botocore.session.Session()
    session.set_credentials("AKIAIOSFODNN7EXAMPLE", "none")
    return session.create_client(service, region_name=region, endpoint_url=url)


def make_ca(url):
    """A root that has signed itself and is active."""
    pca = client(url, "acm-pca")
    how = {"KeyAlgorithm": "RSA_2048", "SigningAlgorithm": "SHA256WITHRSA", "Subject": {"CommonName": "Root"}}
    arn = pca.create_certificate_authority(CertificateAuthorityType="ROOT",
                                           CertificateAuthorityConfiguration=how)["CertificateAuthorityArn"]
    csr = pca.get_certificate_authority_csr(CertificateAuthorityArn=arn)["Csr"].encode()
    made = pca.issue_certificate(CertificateAuthorityArn=arn, Csr=csr, SigningAlgorithm="SHA256WITHRSA",
                                 TemplateArn="arn:aws:acm-pca:::template/RootCACertificate/V1",
                                 Validity={"Type": "YEARS", "Value": 10})["CertificateArn"]
    root = pca.get_certificate(CertificateAuthorityArn=arn, CertificateArn=made)["Certificate"].encode()
    pca.import_certificate_authority_certificate(CertificateAuthorityArn=arn, Certificate=root)
    return arn


def texts_at(url, zone, name):
    rows = client(url, "route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return sorted(v["Value"] for r in rows if r["Name"] == name for v in r["ResourceRecords"])


def add_account(p, moto, key, secret):
    return p.certty("accounts", "add", "--name", "prod", "--provider", "aws", "--access-key", key, "--keep",
                    "memory", "--secret-key-command", "echo " + secret, "--endpoint", moto.url,
                    "--regions", "eu-west-1")


def orders(moto, key, secret):
    """The whole program: orders of ACM and of a private CA, and their records in Route 53."""
    acm = "prod/acm:eu-west-1"
    moto.check_signatures(b"inf")
    ca = "prod/ca:" + make_ca(moto.url)
    zone = client(moto.url, "route53").create_hosted_zone(Name="moto.test", CallerReference="1")
    moto.check_signatures()
    with place.Place() as p:
        yield "an account once more", add_account(p, moto, key, secret), USER[:30]
        yield "its authority", p.certty("account-stores", "prod"), "1 private authority"
        running.openssl(p.folder, "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-out",
                        "r.pem", "-subj", "/CN=in.moto.test", "-addext", "subjectAltName=DNS:in.moto.test")
        yield "an order of a private CA", p.certty(
            "order", "--names", "in.moto.test", "--csr", p.path("r.pem"), "--validity", "30d", "--yes", ca), (
            "in.moto.test was issued")
        p.certty("refresh")
        yield "issued and kept", p.certty("ls", "certs", "-o", "json", "--offline"), ca
        run = p.certty("order", "--names", "www.moto.test", "--yes", acm)
        yield "an order of ACM", run, "www.moto.test"
        row = next(r for r in p.certty("ls", "requests", "-o", "json", "--offline").json["rows"]
                   if r["title"] == "www.moto.test")
        moto.check_signatures(b"inf")       # for Route 53 it refuses botocore's own signatures as well
        yield "its record in Route 53", p.certty("publish", "--yes", row["id"]), "1 of 1 records"
        there = texts_at(moto.url, zone["HostedZone"]["Id"], row["records"][0].split()[0])
        yield "as ACM wants it", place_run(there), row["records"][0].split()[-1]
        yield "withdrawn", p.certty("withdraw", "--yes", row["id"]), "www.moto.test"
        left = client(moto.url, "acm").list_certificates()["CertificateSummaryList"]
        yield "gone there", place_run([c["DomainName"] for c in left]), "[]"


def place_run(seen):
    """What was seen at the server, in the form of a run."""
    return argparse.Namespace(status=0, out=str(seen), err="")


def certificates(moto, key, secret):
    """The whole program: a certificate into ACM and IAM, tags, and out again; (what, run, wanted)."""
    acm = "prod/acm:eu-west-1"
    with place.Place() as p:
        parts = running.make_certificate(p.folder, "moto.example.org", "DNS:moto.example.org")
        both = p.path("both.pem")
        with open(both, "wb") as out:
            for part in parts:
                with open(part, "rb") as f:
                    out.write(f.read())
        yield "an account", add_account(p, moto, key, secret), USER[:30]
        yield "its stores", p.certty("account-stores", "prod"), "1 region"
        yield "an import", p.certty("add", "--file", both, "--yes", acm), "is in ACM in eu-west-1"
        yield "the same again", p.certty("add", "--file", both, "--yes", acm), "is there already"
        moto.check_signatures(b"inf")       # it writes a form anew before it signs it: blanks as +
        yield "into IAM", p.certty("add", "--file", both, "--name", "web-1", "--yes", "prod/iam"), "web-1"
        p.certty("refresh")
        listed = p.certty("ls", "certs", "-o", "json", "--offline")
        yield "listed in both", listed, "prod/iam"
        cert = next((r["id"] for r in listed.json["rows"] if r["name"] == "moto.example.org"), "")
        yield "a tag", p.certty("tag", "--set", "a=b", "--store", acm, cert), "a=b"
        yield "out of IAM", p.certty("remove", "--yes", "--store", "prod/iam", cert), "deleted"
        yield "out of ACM", p.certty("remove", "--yes", "--store", acm, cert), "deleted"


def cases(moto):
    key, secret = make_user(moto.url)
    moto.check_signatures()
    yield "a good key", ask(moto.url, key, secret), lambda r: r["ok"] and r["who"] == USER
    yield "a wrong secret", ask(moto.url, key, "x"), lambda r: (
        not r["ok"] and r["code"] == "sign-in" and "SignatureDoesNotMatch" in r["message"])
    yield "an unknown key", ask(moto.url, "AKIAUNKNOWNUNKNOWN12", "x"), lambda r: (
        not r["ok"] and r["code"] == "sign-in" and "InvalidClientTokenId" in r["message"])
    yield "a role", ask(moto.url, key, secret, "role=" + ROLE, "duration=1h"), lambda r: (
        r["ok"] and ":assumed-role/reader/certty" in r["who"] and r["ends"] > 0)
    yield "a key knows its partition alone", ask(moto.url, key, secret, "partition=aws-cn"), lambda r: (
        not r["ok"] and r["code"] == "sign-in" and "another partition" in r["message"])
    for what, run, wanted in itertools.chain(certificates(moto, key, secret), orders(moto, key, secret)):
        yield what, (run.status, run.out, run.err, wanted), lambda r: r[0] == 0 and r[3] in r[1]


def main():
    with tempfile.TemporaryDirectory() as folder:
        moto = None
        try:
            import botocore.session  # noqa: is it there?
            moto = Moto(server_in(folder))
            for number, (what, result, is_right) in enumerate(cases(moto), 1):
                print("%s %d - %s" % ("ok" if is_right(result) else "not ok", number, what))
                if not is_right(result):
                    print("# %r" % (result,))
            print("1..%d" % number)
        except (Missing, ImportError, subprocess.TimeoutExpired) as why:
            print("1..0 # SKIP %s" % why)
        finally:
            if moto:
                moto.stop()


main()
