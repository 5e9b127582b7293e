"""The simulated STS, and what hands out keys without a signature: the SSO portal, instance metadata,
containers.  Keys that are handed out are remembered and taken afterwards."""
import json
import re
import secrets
import time

from aws_keys import ACCOUNT, KEYS, Refusal, iso
from sim import Reply

ROLES = {       # name: external id, MFA serial
    "plain": (None, None),
    "external": ("x/1", None),
    "mfa": (None, "arn:aws:iam::%s:mfa/me" % ACCOUNT),
    "only-from-plain": (None, None),
}
WEB_TOKEN, SSO_TOKEN, CONTAINER_TOKEN = "eyJ.web.token", "sso-token", "Basic container"
SSO_CLIENT, SSO_REFRESH = ("client-id", "client-secret"), "refresh-1"
CODE = "123456"


class Sts:
    def __init__(self):
        self.code, self.codes_used = CODE, 0
        self.issued = 0

    def begin(self, call):
        pass

    def new_keys(self, arn, span, now):
        self.issued += 1
        key = "ASIASIM%013d" % self.issued
        KEYS[key] = (secrets.token_urlsafe(30), "session/%s+=" % secrets.token_urlsafe(60), arn,
                     now + span)
        return {"Credentials": {"AccessKeyId": key, "SecretAccessKey": KEYS[key][0],
                                "SessionToken": KEYS[key][1], "Expiration": int(KEYS[key][3])},
                "AssumedRoleUser": {"AssumedRoleId": "AROASIM:x", "Arn": arn}}

    def check_role(self, name, caller, call):
        denied = Refusal(403, "AccessDenied", "User: %s is not authorized to perform: sts:AssumeRole on "
                         "resource: %s" % (caller, call.get("RoleArn")))
        external, serial = ROLES.get(name, (None, None))
        if name not in ROLES or external != call.get("ExternalId"):
            raise denied
        if name == "only-from-plain" and ":assumed-role/plain/" not in caller:
            raise denied
        if serial != call.get("SerialNumber") or (serial and call.get("TokenCode") != self.code):
            raise denied
        if serial:
            self.codes_used += 1
            if self.codes_used > 1:
                raise Refusal(403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA "
                              "one time pass code.")

    def assumed(self, call):
        name = call.get("RoleArn").split("role/", 1)[-1]
        return name, "arn:aws:sts::%s:assumed-role/%s/%s" % (ACCOUNT, name, call.get("RoleSessionName"))

    def assume_role(self, call):
        name, arn = self.assumed(call)
        caller, span = call.caller.arn, call.get("DurationSeconds", 3600)
        self.check_role(name, caller, call)
        if ":assumed-role/" in caller and span > 3600:
            raise Refusal(400, "ValidationError", "The requested DurationSeconds exceeds the 1 hour "
                          "session limit for roles assumed by role chaining")
        return self.new_keys(arn, span, call.world.server_time())

    def assume_role_with_web_identity(self, call):
        if call.get("WebIdentityToken") != WEB_TOKEN:
            raise Refusal(400, "InvalidIdentityToken", "Couldn't retrieve verification key")
        return self.new_keys(self.assumed(call)[1], call.get("DurationSeconds", 3600),
                             call.world.server_time())

    def get_caller_identity(self, call):
        return {"Arn": call.caller.arn, "UserId": "AIDASIM", "Account": call.account}


# --- what needs no signature -----------------------------------------------------------------------

def plain_keys(name):
    secret = "of-" + name
    key = ("ASIA" + re.sub("[^A-Z]", "", name.upper())).ljust(20, "0")
    KEYS[key] = (secret, "session-" + name, "arn:aws:sts::%s:assumed-role/%s/i-1" % (ACCOUNT, name),
                 time.time() + 3600)
    return {"AccessKeyId": key, "SecretAccessKey": secret, "Token": KEYS[key][1],
            "Expiration": iso(KEYS[key][3])}


class Here:
    """The machine's own helpers: None for a path that is not theirs."""

    def __init__(self):
        self.tickets, self.refresh = set(), SSO_REFRESH

    def answer(self, request, v1_only):
        if request.path.startswith("/latest/"):
            return self.metadata(request, v1_only)
        if request.path == "/federation/credentials" and request.method == "GET":
            return self.portal(request)
        if request.path == "/token" and request.method == "POST":
            return self.renewal(request)
        if request.path == "/container" and request.method == "GET":
            return self.container(request)
        return None

    def portal(self, request):
        if request.headers.get("x-amz-sso_bearer_token") != SSO_TOKEN:
            return Reply(401, {"message": "Session token not found or invalid"},
                         {"x-amzn-ErrorType": "UnauthorizedException"})
        if request.query.get("role_name") != ["ReadOnly"] or request.query.get("account_id") != [ACCOUNT]:
            return Reply(403, {"message": "No access"}, {"x-amzn-ErrorType": "ForbiddenException"})
        keys = plain_keys("portal")
        return Reply(200, {"roleCredentials": {
            "accessKeyId": keys["AccessKeyId"], "secretAccessKey": keys["SecretAccessKey"],
            "sessionToken": keys["Token"], "expiration": int(time.time() + 3600) * 1000}})

    def renewal(self, request):
        """The session's token anew, for one that renews it and is good for once."""
        asked = json.loads(request.body)
        if (asked.get("clientId"), asked.get("clientSecret")) != SSO_CLIENT:
            return Reply(401, {"error": "invalid_client", "error_description": "Invalid client"},
                         {"x-amzn-ErrorType": "InvalidClientException"})
        if asked.get("grantType") != "refresh_token" or asked.get("refreshToken") != self.refresh:
            return Reply(400, {"error": "invalid_grant", "error_description": "Invalid refresh token provided"},
                         {"x-amzn-ErrorType": "InvalidGrantException"})
        self.refresh += "+"
        return Reply(200, {"accessToken": SSO_TOKEN, "expiresIn": 28800, "tokenType": "Bearer",
                           "refreshToken": self.refresh})

    def metadata(self, request, v1_only):
        path = request.path[len("/latest/"):]
        if path == "api/token":
            if v1_only or request.method != "PUT":
                return Reply(405)
            if not 1 <= int(request.headers.get("x-aws-ec2-metadata-token-ttl-seconds", 0)) <= 21600:
                return Reply(400)
            self.tickets.add("ticket-%d==" % len(self.tickets))
            return Reply(200, max(self.tickets))
        if request.headers.get("x-aws-ec2-metadata-token") not in self.tickets:
            return Reply(401)
        if path == "meta-data/iam/security-credentials/":
            return Reply(200, "web-role")
        if path == "meta-data/iam/security-credentials/web-role":
            return Reply(200, dict(plain_keys("instance"), Code="Success", Type="AWS-HMAC"), kind="text/plain")
        return Reply(404)

    def container(self, request):
        if request.headers.get("Authorization") != CONTAINER_TOKEN:
            return Reply(403, {"code": "AccessDenied", "message": "who are you"})
        return Reply(200, dict(plain_keys("container"), RoleArn="arn:aws:iam::%s:role/task" % ACCOUNT))
