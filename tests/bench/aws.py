#!/usr/bin/python3
# aws: reading a large inventory of ACM, beside the least that it can take.
#
#   aws.py BUILD
#
# A server (aws-server.c) answers each call 50 ms after it came.  certty reads 4 regions of 500
# certificates with all their bytes, 2,020 calls, so many at a time; in turn the same calls are sent
# again by a client of the same library that does nothing else (replay.c); then under the rates that
# AWS really allows, beside the least time those leave; then again when nothing has changed.  Then
# the console, whose cursor moves while it reads.  Last the same by boto3 in a loop and by the aws
# command, 20 calls of each, the rest reckoned.
# Prints a table and judges by nothing but its last column.

import json
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

from screen import DOWN, Program, p95

LATENCY, REGIONS, CERTS, PAGE = 0.050, 4, 500, 100
CALLS = REGIONS * (CERTS + CERTS // PAGE)
SAMPLE = 20
KEYS = 100
KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
FASTER = "SearchCertificates=100000, GetCertificate=100000, DescribeCertificate=100000"
GETS_A_SECOND, BURST = 8, 5     # of GetCertificate, in one region: src/provider/aws/aws_pace.c


class Server:
    def __init__(self, build):
        argv = [build + "/tests/bench/aws-server", "%d" % (LATENCY * 1000), str(REGIONS), str(CERTS),
                str(PAGE)]
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())
        self.url = "http://127.0.0.1:%d" % self.port

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=30) as reply:
            return reply.read().decode()

    def done(self):
        self.process.stdin.close()
        self.process.wait(10)


class Place:
    """A home of its own with one account, and certty in it."""

    def __init__(self, build, server, at_once, rates):
        self.home = tempfile.mkdtemp(prefix="certty-bench.")
        self.certty = build + "/certty"
        folder = self.home + "/.config/certty"
        os.makedirs(folder, 0o700)
        with open(self.home + "/secret", "w") as f:
            f.write(SECRET)
        with open(folder + "/certty.conf", "w") as f:
            f.write("[local]\nfolders=\n\n[account bench]\nprovider=aws\nfrom=keys\naccess-key=%s\n"
                    "secret-key=command: cat %s/secret\nendpoint=%s\nregions=all\nat-once=%d\n%s"
                    % (KEY, self.home, server.url, at_once, "rates=%s\n" % rates if rates else ""))
        self.env = {"PATH": os.environ["PATH"], "HOME": self.home, "LC_ALL": "C.UTF-8"}

    def run(self, *args, limit=1200):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([self.certty, *args], env=self.env, check=True, timeout=limit,
                       stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    def open(self):
        return Program([self.certty], dict(self.env, TERM="xterm-256color"))

    def rows(self):
        out = subprocess.run([self.certty, "--offline", "ls", "certs", "-o", "json"],
                             env=self.env, stdout=subprocess.PIPE, timeout=60, check=True).stdout
        return len(json.loads(out)["rows"])

    def done(self):
        shutil.rmtree(self.home)


def say(what, seconds, least, bound, unit="s"):
    print("  %-34s %9.2f %s %9.2f %6.2f  %5.2f %s" % (
        what, seconds, unit, least, seconds / least, bound,
        "" if seconds <= bound * least else "over"))


def replay(build, server, calls, at_once):
    run = subprocess.run([build + "/tests/bench/replay", str(server.port), str(at_once)], input=calls,
                         stdout=subprocess.PIPE, timeout=600, check=True, text=True)
    return [float(word) / 1000 for word in run.stdout.split()]


def read_all(build, server, at_once, rates):
    """Seconds from the first call to the last answer, those of the processor, and the calls."""
    place = Place(build, server, at_once, rates)
    try:
        place.run("account-stores", "bench")
        server.get("/reset")
        cpu = place.run("refresh")
        seen = json.loads(server.get("/stats"))
        calls = server.get("/calls")
        if place.rows() != REGIONS * CERTS:
            raise RuntimeError("%d certificates instead of %d" % (place.rows(), REGIONS * CERTS))
        server.get("/reset")
        place.run("refresh")
        again = json.loads(server.get("/stats"))["calls"]
    finally:
        place.done()
    return seen, cpu, calls, again


def keys_while_reading(build, server):
    """Milliseconds from a cursor key to its paint, each, all of them while calls are under way."""
    place = Place(build, server, 8, FASTER)
    keys = []
    try:
        place.run("account-stores", "bench")
        server.get("/reset")
        p = place.open()
        p.quiet(300)
        p.press(b"R")
        p.first_screen()
        p.press(b"<", 60)       # by name: the next row does not change with what is read
        for _ in range(KEYS):
            p.quiet(20)         # what else is painted, as rows come in, is no answer to the key
            keys.append(p.press(DOWN, 0)[0])
        calls = json.loads(server.get("/stats"))["calls"]
        p.quit()
    finally:
        place.done()
    if calls >= CALLS:
        raise RuntimeError("all was read before the last key")
    return keys


def by_boto3(server):
    import boto3
    client = boto3.client("acm", region_name="eu-west-1", endpoint_url=server.url,
                          aws_access_key_id=KEY, aws_secret_access_key=SECRET)
    arns = [c["CertificateArn"] for c in client.list_certificates()["CertificateSummaryList"]]
    start = time.monotonic()
    for arn in arns[:SAMPLE]:
        client.get_certificate(CertificateArn=arn)
    return (time.monotonic() - start) / SAMPLE * CALLS


def by_command(server):
    env = dict(os.environ, AWS_ACCESS_KEY_ID=KEY, AWS_SECRET_ACCESS_KEY=SECRET)
    arn = "arn:aws:acm:eu-west-1:111122223333:certificate/00000000-0000-4000-8000-000000000001"
    start = time.monotonic()
    for _ in range(SAMPLE):
        subprocess.run(["aws", "--endpoint-url", server.url, "--region", "eu-west-1", "acm",
                        "get-certificate", "--certificate-arn", arn], env=env, check=True,
                       stdout=subprocess.DEVNULL, timeout=60)
    return (time.monotonic() - start) / SAMPLE * CALLS


def main(build):
    # What is set up for AWS on this machine is no matter of boto3's and the command's here.
    os.environ.update(AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull)
    server = Server(build)
    best = math.inf
    try:
        print("ACM: %d regions of %d certificates, %d calls at %.0f ms" % (
            REGIONS, CERTS, CALLS, LATENCY * 1000))
        print("  %-34s %11s %9s %6s  %5s" % ("", "certty", "least", "ratio", "bound"))
        for at_once, bound in ((8, 1.05), (16, 1.05), (32, 1.05), (64, 1.10)):
            seen, cpu, calls, again = read_all(build, server, at_once, FASTER)
            took = seen["us"] / 1e6
            best = min(best, took)
            say("%d at once" % at_once, took, math.ceil(CALLS / at_once) * LATENCY, bound)
            bare, bare_cpu = replay(build, server, calls, at_once)
            print("    the bare replay %20.2f s, certty to it %.2f; processor %.2f s, bare %.2f s%s"
                  % (bare, took / bare, cpu, bare_cpu, "" if cpu <= 0.4 else "  over 0.4"))
            say("    calls", seen["calls"], CALLS, 1.02, "c")
            say("    calls when nothing changed", again, REGIONS * CERTS // PAGE, 1.0, "c")
        seen, *_ = read_all(build, server, 64, None)
        least = (CERTS - BURST) / GETS_A_SECOND
        say("under AWS's own rates", seen["us"] / 1e6, least, 1.05)
        say("cursor key while reading, p95", p95(keys_while_reading(build, server)), 1, 1, "ms")
        slow = by_boto3(server)
        print("  boto3 in a loop, reckoned %14.2f s, %.0f times as long (30 wanted)" % (slow, slow / best))
        if shutil.which("aws"):
            slow = by_command(server)
            print("  the aws command, reckoned %14.2f s, %.0f times as long (300 wanted)" % (
                slow, slow / best))
        else:
            print("  the aws command is not installed (awscli)")
    finally:
        server.done()


if __name__ == "__main__":
    main(sys.argv[1])
