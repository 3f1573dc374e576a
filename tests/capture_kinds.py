#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Captures as administrators bring them, each kind in many ways.

capture_kinds.py PROGRAM [--all] [KIND ...]: a sample of the ways, or all of them.

With and without another port, one and three servers, both families, several link layers; cut by the
snapshot length, and with each frame missing in turn, where what is left may say less.
"""

import concurrent.futures
import itertools
import json
import os
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True

from capture_headers import LINKS
from capture_kit import replay, write_pcap
from capture_tales import KINDS

FORMS = {"ethernet": {}, "cooked": LINKS["cooked"], "raw": LINKS["raw"]}
SNAPS = (68, 54, 96)
MISSING = 17  # every so many frames, one is taken out; each with --all
ALL = "--all" in sys.argv
PARTIES = {"local-host", "local-network", "isp", "transit", "remote"}


def accused(result):
    verdict = result["verdict"]
    return ({verdict["blocker"]} | {s["blocker"] for s in verdict["suspects"]}) & PARTIES


def named(result):
    blocker = result["verdict"]["blocker"]
    return blocker if blocker in PARTIES else None


def check_whole(kind, status, result):
    if status not in kind.statuses:
        return f"status {status} instead of {sorted(kind.statuses)}"
    if kind.never & accused(result):
        return f"suspects {sorted(accused(result))}"
    text = json.dumps(result["verdict"], ensure_ascii=False)
    missing = [word for word in kind.words if word not in text]
    return f"nothing of {missing} in {text}" if missing else None


def check_less(kind, status, result, whole):
    """Less of a capture is no reason to accuse somebody, nor to call what works damaged."""
    if result is None:
        return None if status == 4 else f"status {status}"
    state = result["verdict"]["state"]
    if whole["verdict"]["state"] == "open" and state in ("degraded", "blocked", "closed",
                                                         "intercepted"):
        return f"{state} of what is open"
    if named(result) not in (None, named(whole)):
        return f"{named(result)} is accused instead of {named(whole)}"
    if kind.never & accused(result):
        return f"suspects {sorted(accused(result))}"
    return None


def forms_of(way):
    """One form for a way, so that all of them come; or all for each."""
    if ALL:
        return FORMS
    name = sorted(FORMS)[sum(map(ord, repr(way))) % len(FORMS)]
    return {name: FORMS[name]}


def check(program, name, version, servers, control, folder):
    kind, path = KINDS[name], folder / f"{name}-{version}-{servers}-{control}.pcap"
    frames = kind.story(version, servers, control).frames
    title = f"{name}, IPv{version}, {servers} servers, {'with' if control else 'no'} control"
    for form, keywords in forms_of((name, version, servers, control)).items():
        write_pcap(path, frames, **keywords)
        status, whole, errors = replay(program, path)
        fault = errors if whole is None else check_whole(kind, status, whole)
        if fault:
            yield f"{title}, {form}: {fault}"
            return
    for snap in SNAPS if ALL else SNAPS[:1]:
        write_pcap(path, frames, snap=snap)
        fault = check_less(kind, *replay(program, path)[:2], whole)
        if fault:
            yield f"{title}, cut at {snap}: {fault}"
    step = 1 if ALL else MISSING
    for number in range(len(frames) % step, len(frames), step):
        write_pcap(path, frames[:number] + frames[number + 1:])
        fault = check_less(kind, *replay(program, path)[:2], whole)
        if fault:
            yield f"{title}, without frame {number + 1}: {fault}"


def main():
    program, chosen = sys.argv[1], [word for word in sys.argv[2:] if word in KINDS] or list(KINDS)
    ways = [(name, *way) for name in chosen
            for way in itertools.product(KINDS[name].versions, KINDS[name].servers,
                                         KINDS[name].control)]
    with tempfile.TemporaryDirectory() as folder:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            found = pool.map(lambda way: list(check(program, *way, pathlib.Path(folder))), ways)
            faults = [fault for some in found for fault in some]
    for fault in faults:
        print(fault)
    print(f"{len(chosen)} kinds in {len(ways)} ways, {len(faults)} faults")
    return 1 if faults or not ways else 0


if __name__ == "__main__":
    sys.exit(main())
