"""What other linters say: shellcheck of the scripts, mandoc of the manual pages."""
import os
import shutil
import subprocess

import lint


def say(command):
    run = subprocess.run(command, cwd=lint.ROOT, capture_output=True, text=True,
                         stdin=subprocess.DEVNULL, check=False)
    return (run.stdout + run.stderr).splitlines() if run.returncode or run.stdout else []


def is_script(path):
    text = os.path.join(lint.ROOT, path)
    with open(text, "rb") as f:
        first = f.readline()
    return first.startswith((b"#!/bin/sh", b"#!/bin/bash", b"#!/usr/bin/env bash"))


def main():
    tap = lint.Tap()
    scripts = [f for f in lint.files() if is_script(f)]
    pages = [f for f in lint.files(under=("doc",)) if f[-1] in "15678" and f[-2] == "."]
    if shutil.which("shellcheck"):
        tap.ok("shellcheck of %d scripts" % len(scripts),
               say(["shellcheck", "-x", "-f", "gcc", *scripts]) if scripts else [])
    else:
        tap.skip("shellcheck", "shellcheck is not installed")
    if shutil.which("mandoc"):
        tap.ok("mandoc of %d manual pages" % len(pages),
               say(["mandoc", "-T", "lint", "-W", "warning", *pages]) if pages else [])
    else:
        tap.skip("mandoc", "mandoc is not installed")
    tap.done()


main()
