#!/usr/bin/python3
"""The simulator of Akamai CPS driven by Akamai's client of today (edgegrid-python, by its name from the
Python registry, in an environment that is thrown away): the same calls as with Debian's."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(os.path.dirname(HERE), "sim"))
import running      # noqa: E402 pylint: disable=wrong-import-position

DRIVER = os.path.join(os.path.dirname(HERE), "provider", "test-akamai-cps-sim.py")


def lifecycles(folder):
    python = running.make_peer(folder, "edgegrid-python", "cryptography")
    done = subprocess.run([python, DRIVER], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=240, check=False)
    if done.returncode or done.stdout.count("\nok ") != 4:
        raise AssertionError(done.stdout + done.stderr)


running.run({"enrollments, changes, uploads and refusals, by today's edgegrid-python": lifecycles})
