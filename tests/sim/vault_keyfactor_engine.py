"""One mount of the Keyfactor engine: its paths, its texts, its storage, and the faults of its versions.

A version is a pair, as (1, 4).  Nothing here knows HTTP but for statuses; answers are made by the two
functions that vault.py has for them."""
import json
import re
import time

from cryptography import x509

import vault_keyfactor_world as world
from vault import envelope, errors
from sim import Reply

HIDDEN = "(hidden)"
BASIC = {"url": "", "api_path": "KeyfactorAPI", "username": "", "password": "", "ca": "", "template": "",
         "command_cert_path": "", "skip_verify": False, "domain": ""}
OAUTH = {"client_id": "", "client_secret": "", "token_url": "", "scopes": None, "audience": "",
         "access_token": ""}
TIDY = {"tidy_enabled": False, "tidy_interval": 86400, "tidy_safety_buffer": 259200}
# Of all of it the engine heeds the first two, and whether a key type is any.
ROLE = {"allowed_domains": [], "allow_subdomains": False, "key_type": "rsa", "key_bits": 2048, "ttl": 0,
        "max_ttl": 0, "no_store": False, "generate_lease": False, "require_cn": True, "ou": [],
        "organization": [], "country": [], "locality": [], "province": [], "street_address": [],
        "postal_code": [], "policy_identifiers": [], "not_before_duration": 30, "server_flag": True,
        "client_flag": True, "code_signing_flag": False, "email_protection_flag": False,
        "enforce_hostnames": True, "allow_any_name": False, "allow_bare_domains": False,
        "allow_glob_domains": False, "allow_ip_sans": True, "allow_localhost": True,
        "allowed_domains_template": False, "allowed_uri_sans": [], "allowed_other_sans": [],
        "allowed_serial_numbers": [], "use_csr_common_name": True, "use_csr_sans": True,
        "key_usage": ["DigitalSignature", "KeyAgreement", "KeyEncipherment"], "ext_key_usage": [],
        "ext_key_usage_oids": [], "basic_constraints_valid_for_non_ca": False}
CRASH = "rpc error: code = Unavailable desc = error reading from server: EOF"
NAME = r"\w(?:[\w.-]*\w)?"


def wrapped(text, status=500):
    return errors(status, "1 error occurred:\n\t* %s\n\n" % text)


def listed(value):
    return [v for v in (value.split(",") if isinstance(value, str) else value or []) if v]


class Engine:
    def __init__(self, version, command):
        self.version = version
        self.command = command
        self.config = self.memory = None
        self.roles, self.certs, self.numbers, self.revoked, self.metadata = {}, {}, {}, {}, {}
        self.chains = set()
        self.is_malformed = False
        self.odd = []       # what was sent of a role that no version knows
        self.tidied = {"running": False}

    # --- what versions make of a thing ---

    def is_at_least(self, minor):
        return self.version[1] >= minor

    def cased(self, serial):
        return serial.upper() if self.is_at_least(5) else serial.lower()

    def fields(self):
        return {**BASIC, **(OAUTH if self.is_at_least(4) else {}), **(TIDY if self.is_at_least(5) else {})}

    # --- config ---

    def read_config(self, request):
        if self.config is None and (self.memory is None or self.is_at_least(5)):
            return errors(404)
        self.memory = dict(self.memory or self.config)
        shown = dict(self.memory)
        if request.query.get("show_hidden", [""])[0].lower() != "true":
            secret = ["password", "client_secret"] + (["access_token"] if self.is_at_least(5) else [])
            shown.update({k: HIDDEN for k in secret if shown.get(k)})
        return envelope(shown)

    def write_config(self, request):
        asked = request.json()
        if self.config is None:
            self.config = self.fields()
        for key in self.config:
            if key == "scopes" and key in asked:
                self.config[key] = listed(asked[key]) or None
            elif key in asked:
                self.config[key] = asked[key]
        self.memory = dict(self.config)
        return Reply(204)

    def drop_config(self, _):
        self.config = None
        if self.is_at_least(5):
            self.memory = None
        return Reply(204)

    def load(self, is_enough):
        """A process that has just started knows nothing; before 1.5 it ends where it needs what it does
        not know.  None, or what comes of it."""
        if self.memory is None and not self.is_at_least(5) and not is_enough:
            return errors(500, CRASH)
        if self.memory is None and self.config is None:
            return (errors(400, "the backend is not configured; write to the config path first")
                    if self.is_at_least(5) else errors(500, CRASH))
        self.memory = self.memory or dict(self.config)
        return None

    def trouble(self):
        """Why the engine cannot talk to Command, or None."""
        c = self.memory
        if not c["url"]:
            return wrapped("the URL to Command was not defined")
        if c["username"] and c["password"]:
            good = self.command.users.get(c["username"]) == c["password"]
        elif c.get("client_id") and c.get("client_secret") and c.get("token_url"):
            good = self.command.clients.get(c["client_id"]) == c["client_secret"]
        elif c.get("access_token"):
            good = True
        else:
            return wrapped("invalid Keyfactor Command client configuration, please provide a valid Basic "
                           "auth or OAuth configuration")
        return None if good else wrapped("failed to authenticate, received status code 401 from Keyfactor "
                                         "Command: Unauthorized")

    # --- roles ---

    def list_roles(self, _):
        return envelope({"keys": sorted(self.roles)}) if self.roles else errors(404)

    def read_role(self, _, name):
        if name not in self.roles:
            return errors(404)
        return envelope(dict(self.roles[name], allow_token_displayname=False))

    def write_role(self, request, name):
        role, asked = dict(ROLE), request.json()
        unknown = set(asked) - set(ROLE)
        if unknown:
            self.odd.append(sorted(unknown))
        role.update({k: listed(v) if isinstance(ROLE[k], list) else v for k, v in asked.items() if k in ROLE})
        if role["key_type"] == "rsa" and int(role["key_bits"]) < 2048:
            return errors(400, "RSA keys < 2048 bits are unsafe and not supported")
        if role["max_ttl"] and int(role["ttl"]) > int(role["max_ttl"]):
            return errors(400, '"ttl" value must be less than "max_ttl" value')
        self.roles[name] = role
        return Reply(204)

    def drop_role(self, _, name):
        self.roles.pop(name, None)
        return Reply(204)

    def is_allowed(self, role, name):
        domains = role["allowed_domains"]
        if self.is_at_least(5):
            name = name.lower()
            return any(d == "*" or name == d.lower() or
                       (role["allow_subdomains"] and name.endswith("." + d.lower())) for d in domains)
        if role["allow_subdomains"]:
            return any(d == "*" or name.endswith(d) for d in domains)
        return name in domains

    def refused_name(self, name, role, names):
        bad = [n for n in names if not self.is_allowed(role, n)]
        if bad and self.is_at_least(5):
            return "domain name(s) not allowed for role %s: %s. allowed domains are: %s" % (
                name, ",".join(bad), ",".join(role["allowed_domains"]))
        return "domain name not allowed for role: " + bad[0] if bad else None

    # --- issue and sign ---

    def issue(self, request, name):
        asked, role = request.json(), self.roles.get(name)
        common, dns = asked.get("common_name", ""), listed(asked.get("dns_sans"))
        if not role:
            return errors(400, "unknown role: " + name)
        if role["key_type"] == "any":
            return errors(400, 'role key type "any" not allowed for issuing certificates, only signing')
        if not common:
            return wrapped("common_name must be provided to issue certificate")
        bad = self.refused_name(name, role, [common])
        if bad:
            return errors(400, "disallowed common name was provided: " + bad)
        if not dns:
            return wrapped("dns_sans must be provided to issue certificate")
        if common not in dns:
            return errors(400, "at least one DNS SAN is required to match the supplied Common Name for RFC "
                               "2818 compliance")
        bad = self.refused_name(name, role, dns)
        if bad:
            return errors(400, "DNS_SAN(s) not allowed for role: " + bad)
        key = world.new_key()
        return self.enroll(asked, world.request_for(key, common), dns, listed(asked.get("ip_sans")),
                           "could not enroll certificate: ", key)

    def sign(self, request, name):
        asked, role = request.json(), self.roles.get(name)
        dns = listed(asked.get("dns_sans"))
        if not role:
            return errors(400, "unknown role: " + name)
        try:
            csr = x509.load_pem_x509_csr(asked.get("csr", "").encode())
        except ValueError as e:
            return wrapped("could not sign csr: %s" % e)
        bad = self.refused_name(name, role, dns) if self.is_at_least(5) else None
        if bad:
            return errors(400, "DNS_SAN(s) not allowed for role: " + bad)
        if not (asked.get("template") or (self.memory or {}).get("template")):
            return errors(400, "no certificate template name was provided and there is no configuration "
                               "entry for 'template'")
        return self.enroll(asked, csr, dns if self.is_at_least(5) else [],
                           listed(asked.get("ip_sans")) if self.is_at_least(5) else [],
                           "could not sign csr: ", None)

    def enroll(self, asked, csr, dns, addresses, prefix, key):
        bad = self.load(asked.get("ca") and asked.get("template"))
        if bad:
            return bad
        config = self.memory
        ca, template = asked.get("ca") or config.get("ca"), asked.get("template") or config.get("template")
        if not ca:
            return errors(400, "no certificate authority was provided and there is no configuration entry "
                               "for ca")
        try:
            metadata = json.loads(asked.get("metadata") or "{}")
        except ValueError:
            return wrapped("'%s' is not a valid JSON string" % asked["metadata"])
        bad = self.trouble()
        if bad:
            return bad
        try:
            certs, number = self.command.enroll(csr, dns, addresses, ca, template, metadata)
        except world.Refusal as e:
            form = ("CSR enrollment failed (status %d): %s" if self.is_at_least(5) else
                    "CSR Enrollment request failed with status code %d and error: %s")
            return wrapped(prefix + form % (e.status, e.body))
        except world.Pending:
            return (wrapped(prefix + "no certificates were returned in the Command enrollment response")
                    if self.is_at_least(5) else errors(500, CRASH))
        if len(certs) < 2:
            return (wrapped("expected a certificate and an issuing CA in the enrollment response, but got %d "
                            "certificate(s)" % len(certs)) if self.is_at_least(5) else errors(500, CRASH))
        return self.keep(certs, number, metadata, key)

    def keep(self, certs, number, metadata, key):
        serial = self.store(certs[0], number, metadata)
        about = "subject=%s\n" % certs[0].subject.rfc4514_string() if self.is_at_least(5) else ""
        data = {"certificate": about + world.pem(certs[0]), "issuing_ca": world.pem(certs[1]),
                "serial_number": serial.upper() if self.is_at_least(5) else serial}
        if metadata and self.is_at_least(5):
            data["metadata"] = metadata
        if key:
            data.update(private_key=world.bare_key(key), private_key_type="rsa", revocation_time=0)
        return envelope(data)

    def store(self, cert, number, metadata=None):
        serial = "%X" % cert.serial_number
        serial = "0" * (len(serial) % 2) + serial
        self.certs[self.cased(serial)] = cert
        self.numbers[self.cased(serial)] = number
        if metadata:
            self.metadata[self.cased(serial)] = metadata
        return serial

    # --- certificates ---

    def list_certs(self, _):
        if not self.certs:
            return errors(404)
        data = {"keys": sorted(self.certs)}
        if self.is_at_least(5):
            data["key_info"] = {s: {"common_name": c.subject.rfc4514_string()[3:]}
                                for s, c in self.certs.items()}
        return envelope(data)

    def find(self, serial):
        """Case is folded, separators are not."""
        folded = serial.replace(":", "-").lower()
        return next((s for s in self.certs if s.lower() == folded), None)

    def read_cert(self, _, serial):
        found = self.find(serial)
        if not found:
            return errors(404)
        cert, when = self.certs[found], self.revoked.get(found, 0)
        text = "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n" if self.is_malformed else \
            world.pem(cert)
        data = {"certificate": text, "revocation_time": when}
        if self.is_at_least(5):
            if found != found.upper():      # from before an upgrade: it moves when it is read
                for kept in (self.certs, self.revoked, self.metadata):
                    if found in kept:
                        kept[found.upper()] = kept.pop(found)
            data.update(serial_number=found.upper(), common_name=cert.subject.rfc4514_string()[3:],
                        expiration=cert.not_valid_after.strftime("%Y-%m-%dT%H:%M:%SZ"))
            if found in self.metadata:
                data["metadata"] = self.metadata[found]
        return envelope(data)

    def revoke(self, request, serial=None):
        serial = serial or request.json().get("serial")
        if not serial:
            return errors(400, "the serial number must be provided")
        key = self.cased(serial).replace("-", ":")
        if key not in self.numbers:
            return (errors(400, "no Keyfactor certificate ID is stored for serial %s; it cannot be revoked "
                                "through this plugin" % key) if self.is_at_least(5) else errors(500, CRASH))
        if not self.is_at_least(5) and str(self.numbers[key])[0] == "4":
            return wrapped("lz4: bad magic number")
        bad = self.load(False) or self.trouble()
        if bad:
            return bad
        try:
            self.command.revoke(self.numbers[key])
        except world.Refusal as e:
            return wrapped("revocation failed: server returned  %d" % e.status)
        when = self.revoked.setdefault(key, int(time.time()))
        return envelope({"revocation_time": when, "revocation_time_rfc3339":
                         time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when))})

    # --- CAs ---

    def authority(self, request):
        """The name and the CA, or what is wrong."""
        name = request.query.get("ca", [""])[0] if self.is_at_least(4) else ""
        bad = self.load(bool(name))
        if bad:
            return None, bad
        name = name or self.memory.get("ca")
        if not name:
            return None, errors(500, "the CA name needs to be specified in the configuration, or passed along "
                                     "with the request")
        found = self.command.authorities.get(name)
        if not found:
            return None, wrapped("error: no certificates issued by CA %s found in Command.  At least 1 must "
                                 "exist to read its chain" % name)
        return name, found

    def read_ca(self, request):
        name, found = self.authority(request)
        key = "CA Certificate" if self.is_at_least(4) else name
        return envelope({key: world.pem(found.cert)}) if name else found

    def read_chain(self, request):
        """A list when it is read from Command, one string when it was kept."""
        name, found = self.authority(request)
        if not name:
            return found
        key = "CA Chain" if self.is_at_least(4) else name
        parts = [world.pem(found.cert), world.pem(found.root)]
        was_there = name in self.chains
        self.chains.add(name)
        return envelope({key: "".join(parts) if was_there else parts})

    # --- tidy ---

    def tidy(self, request):
        buffer = str((request.json() if request.body else {}).get("safety_buffer", "72h"))
        if buffer.startswith("-"):
            return errors(400, "safety_buffer must not be negative")
        self.tidied = {"running": False, "state": "finished", "certs_examined": len(self.certs),
                       "certs_deleted": 0, "certs_skipped": len(self.certs)}
        return Reply(200, {"data": None, "warnings": ["Tidy operation successfully started. Any information "
                                                      "from the operation will be printed to the logs."]})

    def tidy_status(self, _):
        return envelope(self.tidied)

    def routes(self):
        """Method, pattern, what answers; as the version registers them."""
        reads = "certs" if self.is_at_least(4) else "cert"
        yield from (("LIST", "roles/?", self.list_roles), ("GET", "roles/(%s)" % NAME, self.read_role),
                    ("POST", "roles/(%s)" % NAME, self.write_role),
                    ("DELETE", "roles/(%s)" % NAME, self.drop_role), ("GET", "ca", self.read_ca),
                    ("GET", "ca_chain", self.read_chain), ("LIST", "certs/?", self.list_certs),
                    ("GET", reads + "/([0-9A-Fa-f:-]+)", self.read_cert),
                    ("POST", "issue/(%s)" % NAME, self.issue), ("POST", "sign/(%s)" % NAME, self.sign))
        yield (("POST", "revoke/?", self.revoke) if self.is_at_least(1) else
               ("POST", "revoke/([0-9A-Fa-f:-]+)", self.revoke))
        if self.is_at_least(2):
            yield from (("GET", "config", self.read_config), ("POST", "config", self.write_config),
                        ("DELETE", "config", self.drop_config))
        if self.is_at_least(5):
            yield from (("POST", "tidy", self.tidy), ("GET", "tidy/status", self.tidy_status))

    def handle(self, method, path, request):
        is_there = False
        for of, pattern, answer in self.routes():
            fits = re.fullmatch(pattern, path)
            if fits and of == method:
                return answer(request, *fits.groups())
            is_there = is_there or bool(fits)
        return errors(405, "unsupported operation") if is_there else wrapped("unsupported path", 404)
