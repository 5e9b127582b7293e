#!/usr/bin/python3
"""What is said before TLS, against servers that others wrote.

Each of the seven protocols is asked by our probe and by `openssl s_client`, of the same server
from Debian: both have to see the same chain.  The servers run in the foreground, on loopback,
on ports and with a configuration made for the moment, and without root's rights.
"""
import hashlib
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile

PROBE = os.path.join(os.environ.get("top_builddir", "."), "tests", "net", "probe-tool")
# Servers may live where only root usually looks.
PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"
# Some refuse to run as root.
USER = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
READY_WITHIN = 60


class Missing(Exception):
    pass


def tool(name, package):
    found = shutil.which(name, path=PATH)
    if not found:
        raise Missing("%s is not installed (package %s)" % (name, package))
    return found


def quietly(args, **more):
    done = subprocess.run(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=120, **more)
    if done.returncode:
        raise RuntimeError("%s: %s" % (args[0], done.stdout.decode(errors="replace")[-2000:]))


def as_user():
    """The rights that servers get."""
    if os.getuid() != 0:
        return {}
    return {"user": USER.pw_uid, "group": USER.pw_gid, "extra_groups": []}


# --- the place: a folder, a chain, a port -------------------------------------------------------

class Place:
    def __init__(self, folder):
        self.folder = folder
        self.pem, self.key, self.ca = (self.path(n) for n in ("chain.pem", "key.pem", "ca.pem"))
        self.make_chain()

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w") as f:
            f.write(text)
        return self.path(name)

    def make_chain(self):
        def openssl(*args):
            quietly(("openssl",) + args, cwd=self.folder)

        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out",
                "ca.pem", "-subj", "/CN=peers CA", "-days", "2")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "leaf.csr",
                "-subj", "/CN=localhost")
        openssl("x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-days", "2", "-out", "leaf.pem")
        with open(self.pem, "w") as f:
            for part in ("leaf.pem", "ca.pem"):
                f.write(open(self.path(part)).read())
        os.chmod(self.key, 0o600)

    def hand_over(self):
        """Everything so far belongs to whom the servers run as."""
        if os.getuid() != 0:
            return
        for at, folders, names in os.walk(self.folder):
            for name in [at] + [os.path.join(at, n) for n in folders + names]:
                os.chown(name, USER.pw_uid, USER.pw_gid)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


# --- servers: each returns its command line, and changes to the environment -----------------------

def exim(place, port):
    exe = tool("exim4", "exim4-daemon-light")
    # Who may start a daemon is decided by who exim believes to be.
    conf = place.write("exim.conf", """
exim_user = %d
exim_group = %d
local_interfaces = 127.0.0.1
daemon_smtp_ports = %d
primary_hostname = localhost
spool_directory = %s
log_file_path = %s/exim-%%s.log
pid_file_path = %s/exim.pid
tls_advertise_hosts = *
tls_certificate = %s
tls_privatekey = %s
host_lookup =
rfc1413_hosts =
keep_environment =
""" % (USER.pw_uid, USER.pw_gid, port, place.folder, place.folder, place.folder, place.pem, place.key))
    return [exe, "-C", conf, "-bdf"]


def dovecot(place, port, protocol):
    exe = tool("dovecot", "dovecot-core")
    if not os.path.exists("/usr/lib/dovecot/" + protocol):
        raise Missing("dovecot's %s is not installed (package dovecot-%sd)" % (protocol, protocol))
    group = subprocess.run(["id", "-gn", USER.pw_name], stdout=subprocess.PIPE, check=True,
                           text=True).stdout.strip()
    conf = place.write("dovecot-%s.conf" % protocol, """
base_dir = {dir}/{protocol}-run
state_dir = {dir}/{protocol}-state
log_path = {dir}/{protocol}.log
listen = 127.0.0.1
protocols = {protocol}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
ssl = yes
ssl_cert = <{pem}
ssl_key = <{key}
passdb {{
  driver = static
}}
userdb {{
  driver = static
  args = home={dir}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service {protocol}-login {{
  chroot =
  inet_listener {protocol} {{
    port = {port}
  }}
  inet_listener {protocol}s {{
    port = 0
  }}
}}
""".format(dir=place.folder, protocol=protocol, user=USER.pw_name, group=group, pem=place.pem,
           key=place.key, port=port))
    return [exe, "-F", "-c", conf]


def vsftpd(place, port):
    exe = tool("vsftpd", "vsftpd")
    conf = place.write("vsftpd.conf", "".join(line + "\n" for line in (
        "listen=YES", "listen_address=127.0.0.1", "listen_port=%d" % port, "background=NO",
        "run_as_launching_user=YES", "anonymous_enable=YES", "anon_root=" + place.folder,
        "secure_chroot_dir=" + place.folder, "seccomp_sandbox=NO", "ssl_enable=YES",
        "allow_anon_ssl=YES", "rsa_cert_file=" + place.pem, "rsa_private_key_file=" + place.key,
        "vsftpd_log_file=%s/vsftpd.log" % place.folder, "ssl_tlsv1=YES")))
    return [exe, conf]


def slapd(place, port):
    exe = tool("slapd", "slapd")
    conf = place.write("slapd.conf", "".join(line + "\n" for line in (
        "pidfile " + place.path("slapd.pid"), "argsfile " + place.path("slapd.args"),
        "TLSCertificateFile " + place.pem, "TLSCertificateKeyFile " + place.key,
        "TLSCACertificateFile " + place.ca)))
    return [exe, "-d", "0", "-f", conf, "-h", "ldap://127.0.0.1:%d/" % port]


def postgres(place, port):
    folders = sorted(os.path.join("/usr/lib/postgresql", v, "bin")
                     for v in os.listdir("/usr/lib/postgresql")) \
        if os.path.isdir("/usr/lib/postgresql") else []
    folders = [f for f in folders if os.path.exists(os.path.join(f, "postgres"))]
    if not folders:
        raise Missing("postgres is not installed (package postgresql)")
    data = place.path("postgres")
    quietly([os.path.join(folders[-1], "initdb"), "-D", data, "-N", "--no-locale", "-E", "UTF8"],
            cwd=place.folder, **as_user())
    settings = {"ssl": "on", "ssl_cert_file": place.pem, "ssl_key_file": place.key,
                "listen_addresses": "127.0.0.1", "unix_socket_directories": place.folder,
                "shared_buffers": "1MB", "fsync": "off"}
    return [os.path.join(folders[-1], "postgres"), "-D", data, "-p", str(port)] + \
        [word for name, value in settings.items() for word in ("-c", name + "=" + value)]


def mariadb(place, port):
    exe = tool("mariadbd", "mariadb-server")
    data = place.path("mariadb")
    quietly([tool("mariadb-install-db", "mariadb-server"), "--no-defaults", "--datadir=" + data,
             "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve",
             "--tmpdir=" + place.folder],
            cwd=place.folder, **as_user())
    return [exe, "--no-defaults", "--datadir=" + data, "--bind-address=127.0.0.1",
            "--port=%d" % port, "--socket=" + place.path("mariadb.sock"), "--tmpdir=" + place.folder,
            "--pid-file=" + place.path("mariadb.pid"), "--skip-name-resolve",
            "--innodb-buffer-pool-size=8M", "--ssl-cert=" + place.pem, "--ssl-key=" + place.key]


SERVERS = (
    ("smtp", exim),
    ("imap", lambda place, port: dovecot(place, port, "imap")),
    ("pop3", lambda place, port: dovecot(place, port, "pop3")),
    ("ftp", vsftpd),
    ("ldap", slapd),
    ("postgres", postgres),
    ("mysql", mariadb),
)


# --- asking ------------------------------------------------------------------------------------

def wait_until_listening(server, port, log):
    for _ in range(READY_WITHIN * 10):
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
            return
        except OSError:
            pass
        try:
            server.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        break
    raise RuntimeError("it did not start: " + open(log, errors="replace").read()[-2000:])


def by_openssl(protocol, port):
    said = subprocess.run(["openssl", "s_client", "-connect", "127.0.0.1:%d" % port, "-starttls",
                           protocol, "-showcerts"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30)
    text = said.stdout.decode(errors="replace")
    end = "-----END CERTIFICATE-----"
    parts = [p[p.index("-----BEGIN"):] + end for p in text.split(end) if "-----BEGIN CERT" in p]
    return [hashlib.sha256(ssl.PEM_cert_to_DER_cert(p)).hexdigest() for p in parts]


def by_us(protocol, port):
    said = subprocess.run([PROBE, "%s://127.0.0.1:%d" % (protocol, port)],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=30)
    if said.returncode:
        raise RuntimeError(said.stderr.decode(errors="replace"))
    return said.stdout.decode().split()


def end(server):
    """By its process id, and then what it may have left: it leads a group of its own."""
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        pass
    try:
        os.killpg(server.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    server.wait()


def compare(place, protocol, make):
    port = free_port()
    args = make(place, port)
    place.hand_over()
    log = place.path(protocol + ".out")
    with open(log, "w") as out:
        server = subprocess.Popen(args, cwd=place.folder, stdin=subprocess.DEVNULL, stdout=out,
                                  stderr=out, start_new_session=True, **as_user())
    try:
        wait_until_listening(server, port, log)
        theirs, ours = by_openssl(protocol, port), by_us(protocol, port)
    finally:
        end(server)
    if not theirs or theirs != ours:
        raise RuntimeError("openssl saw %s, we saw %s" % (theirs, ours))
    return len(ours)


def main():
    failed = False
    print("1..%d" % len(SERVERS))
    # Not below the test's own home, which only its owner may enter.
    with tempfile.TemporaryDirectory(prefix="certty-peers.", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        place = Place(folder)
        place.hand_over()
        for number, (protocol, make) in enumerate(SERVERS, 1):
            try:
                count = compare(place, protocol, make)
                print("ok %d %s: the same %d certificates" % (number, protocol, count))
            except Missing as e:
                print("ok %d %s # SKIP %s" % (number, protocol, e))
            except (RuntimeError, OSError, subprocess.SubprocessError) as e:
                failed = True
                print("not ok %d %s" % (number, protocol))
                print("# " + str(e).replace("\n", "\n# "))
            sys.stdout.flush()
    sys.exit(failed)


main()
