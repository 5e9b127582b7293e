#!/usr/bin/python3
"""Signing in to AWS over HTTP, against a simulator whose signatures botocore checks; and boto3
against the same simulator, so that it cannot share a misunderstanding of ours."""
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import urllib.request

TOP = os.environ.get("top_srcdir", ".")
TOOL = os.path.join(os.environ.get("top_builddir", "."), "tests", "provider", "account-tool")
SIM = os.path.join(TOP, "tests", "sim", "aws.py")
ID, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
ROLE = "arn:aws:iam::111122223333:role/"
ASSUMED = "arn:aws:sts::111122223333:assumed-role/%s (account 111122223333)"
KEYS = ("from=keys", "access-key=" + ID, "secret-key:=" + SECRET)
cases = []


def case(function):
    cases.append(function)
    return function


class Simulator:
    def __init__(self, *options):
        self.process = subprocess.Popen([sys.executable, SIM, *options], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.process.stdin.close()
        self.process.wait(30)

    def fault(self, **what):
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            urllib.request.Request(self.url + "/sim/fault", json.dumps(what).encode()), timeout=30)


class Home:
    """Files and variables of a person who uses the AWS CLI."""

    def __init__(self, sim, **variables):
        self.folder = tempfile.TemporaryDirectory()
        self.environment = {k: v for k, v in os.environ.items()
                            if not k.startswith("AWS_") and "proxy" not in k.lower()}
        self.environment.update(HOME=self.folder.name, AWS_ENDPOINT_URL=sim.url, **variables)

    def put(self, name, text):
        path = os.path.join(self.folder.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def ask(self, *answers):
        done = subprocess.run([TOOL, "aws", *answers], env=self.environment, check=True, timeout=60,
                              stdout=subprocess.PIPE)
        return json.loads(done.stdout)


def same(got, want):
    if got != want:
        raise AssertionError("%r is not %r" % (got, want))


def signed_in(result, who):
    if not result["ok"]:
        raise AssertionError(result)
    same(result["who"], who)
    return result


def refused(result, code, *parts):
    if result["ok"] or result["code"] != code:
        raise AssertionError(result)
    for part in parts:
        if part not in result["message"]:
            raise AssertionError("%r is not in %r" % (part, result["message"]))
    if SECRET in result["message"] or "expired-secret" in result["message"]:
        raise AssertionError("a secret is in an error")


@case
def keys():
    """access keys: right, wrong, unknown, ended"""
    with Simulator() as sim:
        home = Home(sim)
        signed_in(home.ask(*KEYS), "arn:aws:iam::111122223333:user/certty (account 111122223333)")
        refused(home.ask(*KEYS[:2], "secret-key:=wrong"), "sign-in", "SignatureDoesNotMatch")
        refused(home.ask("access-key=AKIAUNKNOWNUNKNOWN12", "secret-key:=x"), "sign-in",
                "InvalidClientTokenId")
        refused(home.ask("access-key=ASIAIOSFODNN7EXPIRED", "secret-key:=expired-secret",
                         "session-token:=expired-session"), "sign-in", "ExpiredToken", "sign in again")


@case
def roles():
    """roles, external ids and one-time codes"""
    with Simulator() as sim:
        home = Home(sim)
        result = signed_in(home.ask(*KEYS, "role=%splain" % ROLE, "duration=2h"),
                           ASSUMED % "plain/certty")
        same(result["from"], "own keys, as %splain" % ROLE)
        same(result["renewable"], True)
        refused(home.ask(*KEYS, "role=%sexternal" % ROLE), "refused", "sts:AssumeRole")
        signed_in(home.ask(*KEYS, "role=%sexternal" % ROLE, "external-id=x/1", "session-name=me@x"),
                  ASSUMED % "external/me@x")
        mfa = (*KEYS, "role=%smfa" % ROLE, "mfa-serial=arn:aws:iam::111122223333:mfa/me")
        refused(home.ask(*mfa), "sign-in", "one-time code")
        refused(home.ask(*mfa, "code:=654321"), "sign-in", "may be wrong")
        same(signed_in(home.ask(*mfa, "code:=123456"), ASSUMED % "mfa/certty")["renewable"], False)
        refused(home.ask(*mfa, "code:=123456"), "sign-in", "may be wrong", "MultiFactor")


@case
def profiles():
    """a chain of profiles, a program, the environment"""
    with Simulator() as sim:
        home = Home(sim, AWS_PROFILE="far")
        home.put(".aws/config", "[profile far]\nrole_arn=%sonly-from-plain\nsource_profile=near\n"
                 "region=eu-north-1\n[profile near]\nrole_arn=%splain\nsource_profile=base\n"
                 "[profile program]\ncredential_process=/bin/echo '{\"Version\":1,\"AccessKeyId\":"
                 "\"%s\",\"SecretAccessKey\":\"%s\"}'\n[profile env]\nrole_arn=%splain\n"
                 "credential_source=Environment\n" % (ROLE, ROLE, ID, SECRET, ROLE))
        home.put(".aws/credentials", "[base]\naws_access_key_id=%s\naws_secret_access_key=%s\n"
                 % (ID, SECRET))
        result = signed_in(home.ask("from=profile"), ASSUMED % "only-from-plain/certty")
        same(result["from"], "~/.aws/credentials [base], as %sonly-from-plain" % ROLE)
        signed_in(home.ask("from=profile", "profile=program"),
                  "arn:aws:iam::111122223333:user/certty (account 111122223333)")
        home.environment.update(AWS_ACCESS_KEY_ID=ID, AWS_SECRET_ACCESS_KEY=SECRET)
        signed_in(home.ask("from=profile", "profile=env"), ASSUMED % "plain/certty")
        signed_in(home.ask("from=environment"),
                  "arn:aws:iam::111122223333:user/certty (account 111122223333)")


@case
def tokens():
    """web identity and the SSO portal"""
    with Simulator() as sim:
        home = Home(sim)
        path = home.put("token", "eyJ.web.token\n")
        signed_in(home.ask("from=web-identity", "token-file=" + path, "role=%splain" % ROLE),
                  ASSUMED % "plain/certty")
        home.put("token", "another")
        refused(home.ask("from=web-identity", "token-file=" + path, "role=%splain" % ROLE), "sign-in",
                "InvalidIdentityToken")
        home.put(".aws/config", "[profile s]\nsso_session=corp\nsso_account_id=111122223333\n"
                 "sso_role_name=ReadOnly\n[sso-session corp]\nsso_start_url=https://x\n"
                 "sso_region=eu-west-1\n")
        name = ".aws/sso/cache/%s.json" % hashlib.sha1(b"corp").hexdigest()
        refused(home.ask("from=profile", "profile=s"), "sign-in", "aws sso login --profile s")
        home.put(name, '{"accessToken":"sso-token","expiresAt":"2099-01-01T00:00:00Z"}')
        signed_in(home.ask("from=profile", "profile=s"), ASSUMED % "portal/i-1")
        home.put(name, '{"accessToken":"old","expiresAt":"2099-01-01T00:00:00Z"}')
        refused(home.ask("from=profile", "profile=s"), "sign-in", "no longer taken")
        ended = {"accessToken": "old", "expiresAt": "2020-01-01T00:00:00Z", "clientId": "client-id",
                 "clientSecret": "client-secret", "registrationExpiresAt": "2099-01-01T00:00:00Z",
                 "refreshToken": "refresh-1"}
        home.put(name, json.dumps(ended))
        signed_in(home.ask("from=profile", "profile=s"), ASSUMED % "portal/i-1")
        signed_in(home.ask("from=profile", "profile=s"), ASSUMED % "portal/i-1")
        home.put(name, json.dumps(ended))       # what renews is good for once
        refused(home.ask("from=profile", "profile=s"), "sign-in", "not renewed any more")


@case
def machines():
    """containers and instances, and metadata without tickets"""
    with Simulator() as sim, Simulator("--v1-only") as old:
        home = Home(sim, AWS_CONTAINER_AUTHORIZATION_TOKEN="Basic container")
        at = "container-uri=%s/container" % sim.url
        signed_in(home.ask("from=container", at), ASSUMED % "container/i-1")
        home.environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "Basic other"
        refused(home.ask("from=container", at), "refused", "AccessDenied")
        signed_in(home.ask("from=instance", "metadata-endpoint=" + sim.url), ASSUMED % "instance/i-1")
        refused(home.ask("from=instance", "metadata-endpoint=" + old.url), "refused", "version 1")


@case
def trouble():
    """servers that break off, lie, or are no AWS at all"""
    with Simulator() as sim:
        home = Home(sim)
        sim.fault(path="^/$", status=502, body="<html>gateway</html>")
        refused(home.ask(*KEYS), "reply", "status 502")
        sim.fault(path="^/$", status=200, body="<GetCallerIdentityResponse/>")
        refused(home.ask(*KEYS), "reply", "does not say it")
        sim.fault(path="^/$", status=200, body="<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")
        refused(home.ask(*KEYS), "format", "asking STS who we are")
        sim.fault(path="^/$", **{"break": True})
        refused(home.ask(*KEYS), "network", "asking STS who we are")
        sim.fault(path="^/$", status=400, body='{"__type":"ThrottlingException"}')
        refused(home.ask(*KEYS), "busy", "ThrottlingException")


@case
def others():
    """boto3 is content with the simulator"""
    import boto3
    import botocore.exceptions
    with Simulator() as sim:
        session = boto3.Session(ID, SECRET, region_name="eu-west-1")
        sts = session.client("sts", endpoint_url=sim.url)
        same(sts.get_caller_identity()["Arn"], "arn:aws:iam::111122223333:user/certty")
        given = sts.assume_role(RoleArn=ROLE + "plain", RoleSessionName="other")["Credentials"]
        again = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"],
                              region_name="eu-west-1").client("sts", endpoint_url=sim.url)
        same(again.get_caller_identity()["Arn"], "arn:aws:sts::111122223333:assumed-role/plain/other")
        same(sts.assume_role_with_web_identity(RoleArn=ROLE + "plain", RoleSessionName="web",
             WebIdentityToken="eyJ.web.token")["AssumedRoleUser"]["Arn"],
             "arn:aws:sts::111122223333:assumed-role/plain/web")
        wrong = boto3.Session(ID, "x", region_name="eu-west-1").client("sts", endpoint_url=sim.url)
        try:
            wrong.get_caller_identity()
        except botocore.exceptions.ClientError as error:
            same(error.response["Error"]["Code"], "SignatureDoesNotMatch")
        else:
            raise AssertionError("a wrong key was taken")


def main():
    try:
        import botocore.auth
    except ImportError:
        print("1..0 # SKIP python3-botocore is not installed")
        return
    print("1..%d" % len(cases))
    for number, function in enumerate(cases, 1):
        try:
            function()
            print("ok %d - %s" % (number, function.__doc__), flush=True)
        except ImportError as missing:
            print("ok %d - %s # SKIP %s is not installed" % (number, function.__doc__, missing.name))
        except Exception as error:  # whatever it was, the next case is asked too
            print("not ok %d - %s\n# %s: %s" % (number, function.__doc__, type(error).__name__, error),
                  flush=True)


main()
