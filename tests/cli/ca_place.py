"""What the tests about the small CA on this machine share: a place that has one, whose passphrase a
keyring may keep."""
import os
import shutil
import subprocess
import time

from place import LIMIT, Place, stamp

CA_PASSPHRASE = "small ca phrase"
EXTENSIONS = "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=%s\n"


BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>%s</listen><auth>EXTERNAL</auth><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"""
PASSPHRASE = ("passphrase=%s\n" % CA_PASSPHRASE).encode()


class CaPlace(Place):
    """A place with a CA of its own, and what that has signed."""

    def __init__(self, more="", days=3000):
        self.running, self.more = [], {}
        super().__init__()
        self.ca = self.path("ca")
        os.makedirs(self.path("ca", "pending"))
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout",
                     self.path("ca", "ca.key"), "-passout", "pass:" + CA_PASSPHRASE, "-out",
                     self.path("ca", "ca.crt"), "-subj", "/CN=Small CA", "-days", str(days))
        self.write("x509.conf", "[ca]\ndefault_ca=d\n[d]\ndatabase=%s\nnew_certs_dir=%s\nserial=%s\n"
                   "default_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n"
                   % (self.path("index"), self.folder, self.path("serial")))
        self.set(more)

    def set(self, more="", folders=None):
        self.configure("ca-folder=%s\n%s" % (self.ca, more), folders)

    def keep(self):
        """The CA's passphrase goes into a keyring; why not, where there can be none."""
        for tool in ("dbus-daemon", "dbus-send", "gnome-keyring-daemon"):
            if not shutil.which(tool):
                return tool + " is not installed"
        bus = "unix:path=" + self.path("bus")
        conf = self.write("bus.conf", BUS % bus)
        self.more["DBUS_SESSION_BUS_ADDRESS"] = bus
        self.start(["dbus-daemon", "--nofork", "--config-file", conf, "--print-address=1"]).stdout.readline()
        daemon = self.start(["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock",
                             "--control-directory", self.folder], stdin=subprocess.PIPE)
        daemon.stdin.write(b"master phrase")
        daemon.stdin.close()
        daemon.stdout.readline()
        end = time.monotonic() + LIMIT
        while not self.has_keyring(bus) and time.monotonic() < end:
            pass    # it says that it is there before it is on the bus
        self.good("passphrase", "--secrets-stdin", "local/ca:" + self.ca, stdin=PASSPHRASE)
        return None

    def has_keyring(self, bus):
        asked = subprocess.run(["dbus-send", "--bus=" + bus, "--print-reply", "--dest=org.freedesktop.DBus",
                                "/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner",
                                "string:org.freedesktop.secrets"], capture_output=True, check=False,
                               timeout=LIMIT)
        return b"true" in asked.stdout

    def start(self, argv, **more):
        self.running.append(subprocess.Popen(argv, env=self.environment(), stdout=subprocess.PIPE,
                                             stderr=subprocess.DEVNULL, **more))
        return self.running[-1]

    def environment(self, **more):
        return super().environment(**{**self.more, **more})

    def __exit__(self, *why):
        for process in reversed(self.running):
            process.kill()
            process.wait()
            process.stdout.close()
        super().__exit__(*why)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def sign(self, name, days, since, names=None, key_beside=False):
        """A certificate of the CA with its key in one file, in the folder that is a store; its path."""
        base = self.path("signed%d" % self.serial)
        self.write("serial", "%04X\n" % (0x4000 + self.serial))
        self.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                     "-keyout", base + ".key", "-out", base + ".csr", "-subj", "/CN=" + name)
        self.write("ext.conf", EXTENSIONS % (names or "DNS:" + name))
        self.openssl("ca", "-batch", "-notext", "-config", self.path("x509.conf"), "-in", base + ".csr",
                     "-cert", self.path("ca", "ca.crt"), "-keyfile", self.path("ca", "ca.key"), "-passin",
                     "pass:" + CA_PASSPHRASE, "-startdate", stamp(since), "-enddate", stamp(days), "-out",
                     base + ".crt", "-extfile", self.path("ext.conf"))
        to = os.path.join(self.certs, name + ".pem")
        with open(to, "wb") as f:
            for part in (".crt",) if key_beside else (".crt", ".key"):
                with open(base + part, "rb") as p:
                    f.write(p.read())
        if key_beside:
            os.rename(base + ".key", os.path.join(self.certs, name + ".key"))
        os.chmod(to, 0o600)
        self.serial += 1
        return to

    def pending(self):
        return self.certty("pending", "-o", "json").json["rows"]

    def fact(self, path, *what):
        return self.openssl("x509", "-in", path, "-noout", *what).decode()

    def request(self, name, *names, file=None):
        """A request that waits for the CA, with those alternative names; its id."""
        path = self.path("ca", "pending", (file or name) + ".csr")
        more = ["-addext", "subjectAltName=" + ",".join("DNS:" + n for n in names or (name,))]
        self.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                     "-keyout", self.path("asked.key"), "-subj", "/CN=" + name, *more, "-out", path)
        return "local/ca:" + path

    def issued(self):
        folder = self.path("ca", "issued")
        return sorted(f for f in os.listdir(folder) if f.endswith(".pem")) if os.path.isdir(folder) else []

    def cert(self, name):
        rows = [r for r in self.good("ls", "certs", "-o", "json").json["rows"] if r["name"] == name]
        return max(rows, key=lambda r: r["not_before"])["id"]
