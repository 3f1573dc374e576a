#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The filters under the newest C library: newest_libc.py PROGRAM TEST_SANDBOX.

A C library asks the kernel in its own way, and newer ones ask otherwise. This fetches Debian's
newest from the mirror that this machine uses, unpacks it into a folder of its own, and runs with
its loader the commands that read and the unit test of the filters. 77 means skipped.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

import cli_sandbox

SKIPPED = 77
SUITE = "sid"
KEYS = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PATIENCE_S = 300


class Skip(Exception):
    """Why this machine cannot."""


def run(words, folder):
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, timeout=PATIENCE_S)
    if done.returncode != 0:
        raise Skip(f"{words[0]}: {(done.stderr or done.stdout).strip().splitlines()[-1:]}")
    return done.stdout


def mirror():
    """Where this machine's packages come from."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Skip("no apt")
    for uri in run(["apt-get", "indextargets", "--format", "$(REPO_URI)",
                    "Created-By: Packages"], "/").splitlines():
        if "debian" in uri and "security" not in uri:
            return uri
    raise Skip("no mirror of Debian's")


def unpack_libc(folder):
    """The newest C library under the folder, by apt with lists of its own."""
    signed = f"[signed-by={KEYS}] " if KEYS.exists() else ""
    (folder / "sources.list").write_text(f"deb {signed}{mirror()} {SUITE} main\n")
    (folder / "status").touch()
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    apt = ["apt-get", "-q", "-o", f"Dir::Etc::SourceList={folder}/sources.list",
           "-o", "Dir::Etc::SourceParts=/dev/null", "-o", f"Dir::State::Lists={folder}/lists",
           "-o", f"Dir::Cache={folder}/cache", "-o", f"Dir::State::Status={folder}/status",
           "-o", "APT::Sandbox::User=root", "-o", "Acquire::Languages=none"]
    run([*apt, "update"], folder)
    run([*apt, "download", "libc6"], folder)
    package = next(folder.glob("libc6_*.deb"), None)
    if not package:
        raise Skip("the mirror has no C library for this machine")
    run(["dpkg-deb", "-x", str(package), "root"], folder)
    return package.name


def with_loader(folder, program, name):
    """A script that runs the program with the unpacked loader and library."""
    loader = next((folder / "root").glob("usr/lib/*/ld-linux*.so.*"), None)
    if not loader:
        raise Skip("the package has no loader")
    own = f"/usr/lib/{loader.parent.name}"
    script = folder / name
    script.write_text(f"#!/bin/sh\nexec {loader} --library-path {loader.parent}:{own} "
                      f"{pathlib.Path(program).resolve()} \"$@\"\n")
    script.chmod(0o755)
    return script


def check(folder, program, unit_test):
    version = unpack_libc(folder)
    print(f"with {version}")
    cli_sandbox.PROGRAM = str(with_loader(folder, program, "program"))
    yield from cli_sandbox.check_reading(["replay", "PIPE"], folder)
    yield from cli_sandbox.check_working(folder)
    done = subprocess.run([with_loader(folder, unit_test, "unit")], capture_output=True,
                          text=True, check=False, timeout=PATIENCE_S)
    if done.returncode != 0:
        yield f"the filters' unit test: {done.stdout}{done.stderr}"


def main():
    if cli_sandbox.instrumented():
        print("skipped: this build does not filter")
        return SKIPPED
    try:
        with tempfile.TemporaryDirectory() as name:
            found = list(check(pathlib.Path(name), sys.argv[1], sys.argv[2]))
    except (Skip, subprocess.TimeoutExpired) as why:
        print(f"skipped: {why}")
        return SKIPPED
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
