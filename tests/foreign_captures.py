#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Captures from elsewhere: real ones with known answers, and hundreds of deliberately broken ones.

foreign_captures.py PROGRAM PREFIXES: the folder with captures/ is $WHOBLOCKS_DATA; without it
the test is skipped (77). Nothing may crash, hang or be reported by a sanitizer, the known answers
must come, and nobody may be accused by a capture that does not show it.
"""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

SKIP = 77
LIMIT_S = 30
STATUSES = {0, 4, 14, 15, 16, 17, 20} | set(range(10, 14))
TRUNCATED = 50
SIZES = range(200, 6000)
# capture: what may come out, as (status, state, blocker). A reset without a control may be the
# server's or that of whoever is between; here these are two hosts on one segment.
TRUTHS = {
    "synscan.pcapng": {(17, "blocked", "unknown"), (20, "unknown", "unknown")},
    "tcp_refuseconnection.pcapng": {(14, "closed", "remote"), (17, "blocked", "unknown")},
    "nowebaccess2.pcapng": {(14, "closed", "remote"), (17, "blocked", "unknown")},
    "nowebaccess3.pcapng": {(20, "unknown", "unknown")},
    "rst-inject-rae.pcap": {(0, "open", "none")},
    "evtraceroute-4T.pcap": {(0, "open", "none"), (20, "unknown", "unknown")},
}
# Of the broken captures, the one in which a server refuses a connection.
REFUSED = {"bgp-bgpsec.pcap"}


def replay(program, path):
    """(status, verdict or None, what is wrong)."""
    try:
        done = subprocess.run([program, "replay", "--json", path], capture_output=True,
                              timeout=LIMIT_S, check=False)
    except subprocess.TimeoutExpired:
        return None, None, f"no end after {LIMIT_S} s"
    errors = done.stderr.decode("utf-8", "replace")
    if done.returncode not in STATUSES or "Sanitizer" in errors or "runtime error" in errors:
        return done.returncode, None, f"status {done.returncode}: {errors[-1500:]}"
    if done.returncode == 4:
        return 4, None, "" if errors.strip() else "status 4 without a word"
    try:
        return done.returncode, json.loads(done.stdout)["verdict"], ""
    except ValueError as error:
        return done.returncode, None, f"no JSON: {error}"


def check_truths(program, folder):
    for name, allowed in TRUTHS.items():
        status, verdict, wrong = replay(program, folder / name)
        outcome = (status, verdict and verdict["state"], verdict and verdict["blocker"])
        if wrong or outcome not in allowed:
            yield f"{name}: {wrong or outcome}"


def fault(path, outcome):
    status, verdict, wrong = outcome
    if wrong:
        return f"{path.name}: {wrong}"
    if status in (4, 0, 20) or verdict["blocker"] == "unknown" and verdict["state"] == "blocked":
        return None
    if path.name in REFUSED and (status, verdict["state"]) == (14, "closed"):
        return None
    return f"{path.name}: accuses: {status} {verdict['sentence']}"


def check_all(program, paths, telling):
    """Faults; the captures that came to a result are added to `telling`."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = pool.map(lambda path: replay(program, path), paths)
        for path, outcome in zip(paths, outcomes):
            if outcome[1]:
                telling.append(path)
            found = fault(path, outcome)
            if found:
                yield found


def check_prefixes(prefixes, paths, telling):
    """Every truncation of captures that come to a result, and of other small ones."""
    fitting = sorted((path for path in paths if path.stat().st_size in SIZES),
                     key=lambda path: (path.stat().st_size, path.name))
    chosen = [path for path in fitting if path in telling]
    chosen = (chosen + [path for path in fitting if path not in telling])[:TRUNCATED]
    # A data base of owners is checked each time that it is opened, which takes the longest here.
    done = subprocess.run([prefixes, *chosen], capture_output=True, text=True, check=False,
                          env={**os.environ, "WHOBLOCKS_ASN_DB": ""})
    print(done.stdout.strip().splitlines()[-1] if done.stdout else "no prefix was replayed")
    if done.returncode != 0:
        yield f"prefixes: status {done.returncode}: {done.stdout[-500:]}{done.stderr[-2000:]}"


def unpack(archive, folder):
    with tarfile.open(archive) as members:
        for member in members:
            if member.isfile():
                path = folder / pathlib.PurePath(member.name).name
                path.write_bytes(members.extractfile(member).read())
                yield path


def main():
    program, prefixes = sys.argv[1:3]
    data = os.environ.get("WHOBLOCKS_DATA")
    folder = pathlib.Path(data or "/nonexistent") / "captures"
    if not folder.is_dir():
        print("skipped: WHOBLOCKS_DATA names no folder with captures/")
        return SKIP
    faults = list(check_truths(program, folder))
    with tempfile.TemporaryDirectory() as temporary:
        paths = sorted(unpack(folder / "tcpdump-tests.tar.xz", pathlib.Path(temporary)))
        print(f"{len(paths)} captures")
        telling = []
        faults += check_all(program, paths, telling)
        faults += check_prefixes(prefixes, paths, telling)
    for line in faults:
        print(line)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
