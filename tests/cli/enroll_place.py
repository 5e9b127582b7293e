"""What the tests of enrolments share: places with an authority of AWS or a small CA, a server with TLS, and
the program ended just before one of its writes."""
import os
import shutil
import signal
import socket
import ssl
import subprocess
import threading

from aws_place import Aws
from place import LIMIT, Place, same

KEY = b"passphrase=a phrase for keys\n"
CA = b"passphrase=small ca phrase\n"
TRACED = ["strace", "-f", "-qq", "-o", "/dev/null"]
WRITES = ("fdatasync", "fsync,rename,renameat,renameat2,unlink")
STEPS_MOST = 400    # of one enrolment, that reach the disk


class Endpoint:
    """A TLS server on a port of its own, which serves a certificate until it is given another one."""

    def __init__(self, cert, key):
        self.serve(cert, key)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.at = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def serve(self, cert, key):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        self.context = context

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                with self.context.wrap_socket(client, server_side=True) as secure:
                    secure.recv(1)
            except OSError:
                client.close()

    def __enter__(self):
        return self

    def __exit__(self, *why):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


class Here:
    """What the tests do in a place, whoever issues."""

    def enrolments(self):
        return [r for r in self.rows("requests") if r["type"] == "enroll"]

    def enrolment(self):
        found = self.enrolments()
        same(len(found), 1, found)
        return found[0]

    def kept(self, name):
        """The folders of the own repository that have that certificate with a key."""
        folder = self.path("data", "certty", "store", name)
        return [os.path.join(folder, v) for v in sorted(os.listdir(folder)) if v != "current"
                and os.path.exists(os.path.join(folder, v, "key.pem"))]

    def is_put_away(self):
        keys = self.path("data", "certty", "keys")
        return not os.path.exists(keys) or os.listdir(keys) == []

    def die_at(self, calls, n, *args):
        """The program until just before the n-th of these calls of a thread; false: it came to its end."""
        argv = TRACED + ["-e", "trace=" + calls, "--inject=%s:signal=SIGKILL:when=%d" % (calls, n)]
        done = subprocess.run(argv + self.argv(*args), capture_output=True, check=False, timeout=LIMIT,
                              stdin=subprocess.DEVNULL, env=self.environment(ASAN_OPTIONS="detect_leaks=0"))
        return done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)


class Cloud(Here, Aws):
    def __enter__(self):
        self.authority = self.sim.do("ca", name="Corp Root")["arn"]
        self.account()
        return self

    def issued(self):
        return self.sim.do("state")["cas"][0]["issued"]

    def enroll(self, *more):
        return ("enroll", "--names", "web.corp.example", "--issuer", "prod/ca:" + self.authority, "--kind",
                "rsa-2048", "--plain", "--yes", *more)


class Small(Here, Place):
    """A place with a CA of its own."""

    def __init__(self):
        super().__init__()
        os.makedirs(self.path("ca", "pending"))
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout",
                     self.path("ca", "ca.key"), "-passout", "pass:small ca phrase", "-out",
                     self.path("ca", "ca.crt"), "-subj", "/CN=Small CA", "-days", "3000")
        self.set()

    def set(self, more=""):
        self.configure("ca-folder=%s\n%s" % (self.path("ca"), more))

    def enroll(self, *more):
        return ("enroll", "--names", "web.example.org", "--issuer", "local/ca:" + self.path("ca"), "--yes",
                *more)

    def pending(self):
        return sorted(f for f in os.listdir(self.path("ca", "pending")) if f.endswith(".csr"))

    def approve(self):
        row = [r for r in self.rows("requests") if r["type"] == "sign" and r["waits_for"]][0]
        self.good("approve", "--yes", "--secrets-stdin", row["id"], stdin=CA)


def traced():
    """Why the program cannot be ended at its calls, or None."""
    if not shutil.which("strace"):
        return "strace is not installed"
    done = subprocess.run(TRACED + ["-e", "trace=fsync", "true"], capture_output=True, check=False,
                          timeout=LIMIT)
    return None if done.returncode == 0 else "strace cannot trace here"
