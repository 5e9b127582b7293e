#!/usr/bin/python3
"""The two files of the AWS CLI, read by us and by botocore: the same profiles, the same values."""
import json
import os
import subprocess
import tempfile

TOOL = os.path.join(os.environ.get("top_builddir", "."), "tests", "provider", "aws-profiles-tool")
KEYS = ("region", "output", "role_arn", "source_profile", "credential_source", "external_id", "mfa_serial",
        "role_session_name", "duration_seconds", "credential_process", "web_identity_token_file",
        "sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name", "services",
        "endpoint_url", "ca_bundle", "aws_access_key_id", "aws_secret_access_key", "aws_session_token")
FILES = (       # what for, configuration, credentials
    ("nothing at all", "", ""),
    ("the default in both", "[default]\nregion = eu-west-1\noutput = json\n",
     "[default]\naws_access_key_id = A\naws_secret_access_key = B\n"),
    ("the credentials file wins", "[profile p]\nregion=a\naws_access_key_id=config\n",
     "[p]\naws_access_key_id=credentials\n"),
    ("names in quotes, with blanks, with odd letters",
     "[profile \"two words\"]\nregion=a\n[profile 'one/two']\nregion=b\n[profile a.b-c_d@e]\nregion=c\n"
     "[profile über]\nregion=d\n", "[two words]\naws_access_key_id=A\n[only here too]\nregion=e\n"),
    ("sections that are none of ours", "[preview]\nregion=a\n[plugins]\ncli=b\n[profile]\nregion=c\n"
     "[profile x y]\nregion=d\n[profile ok]\nregion=e\n", ""),
    ("comments and empty lines", "# one\n; two\n\n[profile p]\n# three\nregion = a # not a comment\n\n"
     "output=json ; nor this\n", "# a\n[p]\n;b\naws_access_key_id = A\n"),
    ("blanks round everything", "[profile p]\nregion   =   a b   \noutput=\trole\t\n", ""),
    ("a colon for an equals sign", "[profile p]\nregion: a\noutput : b=c\n", ""),
    ("equals signs in values", "[profile p]\ncredential_process = /bin/x --a=b \"c = d\"\n",
     "[p]\naws_session_token = IQoJb3==\n"),
    ("case of keys", "[profile p]\nRegion = a\nROLE_ARN = b\n", "[p]\nAWS_ACCESS_KEY_ID = A\n"),
    ("blocks in values", "[profile p]\ns3 =\n  max_concurrent_requests = 20\n  region = inner\nregion = outer\n"
     "[profile q]\nregion = after\n", ""),
    ("the default by two names", "[default]\nregion = a\n[profile default]\nregion = b\n", ""),
    ("the default by two names, the other way", "[profile default]\nregion = b\n[default]\noutput = a\n", ""),
    ("line ends of Windows", "[profile p]\r\nregion = a\r\n", "[p]\r\naws_access_key_id = A\r\n"),
    ("SSO", "[sso-session corp]\nsso_region = a\nsso_start_url = https://x\n[profile p]\nsso_session = corp\n"
     "sso_account_id = 111122223333\nsso_role_name = Read Only\n", ""),
    ("percent signs and quotes", "[profile p]\nregion = %(a)s\nexternal_id = \"q\"\n", ""),
    ("no end of the last line", "[profile p]\nregion = a", "[p]\naws_access_key_id = A"),
)


def theirs(config, credentials):
    import botocore.session
    os.environ.update(AWS_CONFIG_FILE=config, AWS_SHARED_CREDENTIALS_FILE=credentials)
    session = botocore.session.Session()
    return {name: {k: v for k, v in values.items() if k in KEYS and isinstance(v, str) and v}
            for name, values in session.full_config["profiles"].items()}


def ours(config, credentials):
    done = subprocess.run([TOOL, config, credentials, *KEYS], stdout=subprocess.PIPE, timeout=60, text=True)
    if done.returncode:
        raise AssertionError("we refuse it: %s" % done.stdout)
    return json.loads(done.stdout)


def main():
    try:
        import botocore.session
    except ImportError:
        print("1..0 # SKIP python3-botocore is not installed")
        return
    for name in list(os.environ):
        if name.startswith("AWS_"):
            del os.environ[name]
    print("1..%d" % len(FILES))
    for number, (what, *texts) in enumerate(FILES, 1):
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, name) for name in ("config", "credentials")]
            for path, text in zip(paths, texts):
                with open(path, "w", encoding="utf-8", newline="") as out:
                    out.write(text)
            try:
                got, want = ours(*paths), theirs(*paths)
                if got != want:
                    raise AssertionError("we read %r, botocore %r" % (got, want))
                print("ok %d - %s" % (number, what))
            except AssertionError as wrong:
                print("not ok %d - %s\n# %s" % (number, what, wrong))


main()
