#!/usr/bin/python3
"""A client of Cloudflare and of GoDaddy that others wrote (lexicon), against our simulators of them, and what
our own steps make of the same zones."""
import sys

from visit import SOURCE, Missing, Visit, end_simulator, expect, run, simulator

sys.path.insert(0, SOURCE + "/tests/sim")
import cloudflare                                                                   # noqa: E402
import godaddy                                                                      # noqa: E402


def lexicon(name, base, **options):
    """Their client, as it is but for the address."""
    try:
        from lexicon.config import ConfigResolver                                   # noqa: E402
        module = __import__("lexicon.providers." + name, fromlist=["Provider"])
    except ImportError as why:
        raise Missing("python3-lexicon is not installed") from why
    config = ConfigResolver().with_dict({"provider_name": name, "domain": "example.org", "action": "list",
                                         "type": "TXT", name: options})
    client = module.Provider(config)
    client.api_endpoint = base
    return client


def theirs(client):
    client.authenticate()
    client.create_record("TXT", "_theirs.example.org", "one")
    client.create_record("TXT", "_theirs.example.org", "two")
    found = client.list_records("TXT", "_theirs.example.org")
    expect(sorted(r["content"].strip('"') for r in found) == ["one", "two"], found)


def test_cloudflare():
    process, at = simulator("cloudflare.py", "--zone", "example.org")
    try:
        theirs(lexicon("cloudflare", at + "/client/v4", auth_token=cloudflare.TOKEN))
        client = lexicon("cloudflare", at + "/client/v4", auth_username=cloudflare.EMAIL,
                         auth_token=cloudflare.KEY)
        client.authenticate()
        client.delete_record(None, "TXT", "_theirs.example.org", "two")
        expect(len(client.list_records("TXT", "_theirs.example.org")) == 1, "it was not deleted")
        try:
            theirs(lexicon("cloudflare", at + "/client/v4", auth_token="wrong"))
        except Exception as why:        # pylint: disable=broad-except
            expect("403" in str(why), why)
        else:
            raise RuntimeError("a wrong token was taken")
        with Visit("cloudflare", auth="token", url=at + "/client/v4") as v:
            expect(v.secret("token", cloudflare.TOKEN).good()["who"] == "an API token of Example", "who")
            v.secret("token", "wrong").say("forget").bad("sign-in", "9109", order="test")
        with Visit("cloudflare", auth="key", email=cloudflare.EMAIL, url=at + "/client/v4") as v:
            v.secret("api-key", cloudflare.KEY).good()
            v.secret("api-key", "short").say("forget").bad("sign-in", "6003", "X-Auth-Key", order="test")
    finally:
        end_simulator(process)


def test_godaddy():
    process, at = simulator("godaddy.py", "--zone", "example.org")
    try:
        client = lexicon("godaddy", at + "/v1", auth_key=godaddy.KEY, auth_secret=godaddy.SECRET)
        theirs(client)
        with Visit("godaddy", auth="key", sso_key=godaddy.KEY, url=at) as v:
            expect("1 domain visible" in v.secret("sso-secret", godaddy.SECRET).good()["said"], "said")
            v.secret("sso-secret", "wrong").say("forget").bad("sign-in", "UNABLE_TO_AUTHENTICATE", order="test")
    finally:
        end_simulator(process)


def test_godaddy_small():
    process, at = simulator("godaddy.py", "--zone", "example.org", "--small")
    try:
        with Visit("godaddy", auth="key", sso_key=godaddy.KEY, url=at) as v:
            v.secret("sso-secret", godaddy.SECRET).bad("refused", "not allowed access", order="test")
    finally:
        end_simulator(process)


def main():
    try:
        import jsonschema                                                           # noqa: F401
    except ImportError:
        print("1..0 # SKIP python3-jsonschema is not installed (dev/packages install test)")
        return 0
    return run([(name[5:].replace("_", " "), case)
                for name, case in sorted(globals().items()) if name.startswith("test_")])


sys.exit(main())
