#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The command line from outside: statuses, messages, where they go."""
import json
import os
import subprocess
import sys
import tempfile

PROGRAM = os.path.realpath(sys.argv[1])

# arguments, status, what standard output holds, what standard error holds
CASES = [
    (["--help"], 0, "usage: whoblocks [options] [HOST ...]", ""),
    (["-h", "--no-such"], 0, "--port PORT", ""),
    (["replay", "--help"], 0, "usage: whoblocks replay", ""),
    (["help"], 0, "usage: whoblocks [options] [HOST ...]", ""),
    (["help", "replay"], 0, "usage: whoblocks replay", ""),
    (["help", "servers", "watch"], 0, "usage: whoblocks watch", ""),
    (["help", "nix"], 2, "", "'nix' is no command"),
    (["--version"], 0, "whoblocks ", ""),
    (["servers"], 0, "posteo.de", ""),
    (["servers", "--no-such"], 2, "", "'--no-such'"),
    (["servers", "extra"], 2, "", "'extra'"),
    (["servers", "--servers", "/nonexistent"], 4, "", "cannot open '/nonexistent'"),
    (["-p", "0"], 2, "", "--port PORT: '0'"),
    (["--port", "a\033[2Jb"], 2, "", "a\\x1b[2Jb"),
    (["a..b"], 2, "", "HOST 'a..b'"),
    (["m\u00fcnchen..example"], 2, "", "HOST 'm\u00fcnchen..example' is "),
    (["\u2028.example"], 2, "", " international name"),
    (["m\u00fcnchen.example:x"], 2, "", "'x' is no port"),
    (["replay"], 2, "", "'replay' needs a FILE"),
    (["replay", "/nonexistent"], 4, "", "/nonexistent"),
]


def run(*words, **more):
    return subprocess.run(
        [PROGRAM, *words], capture_output=True, text=True, timeout=60, check=False, **more
    )


def check_case(words, status, out, err):
    done = run(*words)
    if done.returncode != status:
        yield f"{words}: status {done.returncode} instead of {status}: {done.stderr}"
    if out not in done.stdout or (not out and done.stdout):
        yield f"{words}: standard output is '{done.stdout[:200]}'"
    if err not in done.stderr or (not err and done.stderr):
        yield f"{words}: standard error is '{done.stderr[:200]}'"


def check_servers():
    listed = json.loads(run("servers", "--json").stdout)
    if len(listed) < 25 or len({item["operator"] for item in listed}) < 12:
        yield f"only {len(listed)} servers"
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
        file.write("# mine\nmail.example.org 2587 443,993 Example 64500\n")
        file.flush()
        listed = json.loads(run("servers", "--json", "--servers", file.name).stdout)
        wanted = [{"host": "mail.example.org", "port": 2587, "controls": [443, 993],
                   "operator": "Example", "asn": 64500, "note": None}]
        if listed != wanted:
            yield f"a list of one's own gives {listed}"
        file.write("broken\n")
        file.flush()
        done = run("servers", "--servers", file.name)
        if done.returncode != 4 or f"{file.name}:3:" not in done.stderr:
            yield f"a broken list: {done.returncode}, {done.stderr}"


def check_full_disk():
    """Output that cannot be written is an error of the system, not silence."""
    with open("/dev/full", "w", encoding="utf-8") as full:
        for words in (["servers"], ["--help"]):
            done = subprocess.run([PROGRAM, *words], stdout=full, stderr=subprocess.PIPE,
                                  text=True, timeout=60, check=False)
            if done.returncode != 5 or "standard output" not in done.stderr:
                yield f"{words} to a full disk: {done.returncode}, {done.stderr}"


def main():
    faults = [fault for case in CASES for fault in check_case(*case)]
    faults += [*check_servers(), *check_full_disk()]
    for fault in faults:
        print(fault)
    print(f"cli_usage: {len(CASES)} cases, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
