#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Captures as administrators bring them, each kind in many ways.

capture_kinds.py PROGRAM JUDGE [--all] [KIND ...]: a sample of the ways, or all of them.

With and without another port, one and three servers, both families, several link layers; cut by the
snapshot length, and with each frame missing in turn, where what is left may say less.
"""

import concurrent.futures
import functools
import itertools
import json
import os
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True

from capture_headers import LINKS
from capture_kit import PARTIES, Judge, pcap_of, replay, says_more, write_pcap
from capture_make import ACK, RST, SYN
from capture_odd import ODD_KINDS
from capture_tales import KINDS as TALES
from capture_torn import TORN_KINDS

KINDS = {**TALES, **ODD_KINDS, **TORN_KINDS}
FORMS = {"ethernet": {}, "cooked": LINKS["cooked"], "raw": LINKS["raw"]}
SNAPS = (68, 54, 96)
MISSING = 5  # every so many frames, one is taken out; each with --all
ALL = "--all" in sys.argv


def accused(result):
    verdict = result["verdict"]
    return ({verdict["blocker"]} | {s["blocker"] for s in verdict["suspects"]}) & PARTIES


def check_whole(kind, status, result):
    if status not in kind.statuses:
        return f"status {status} instead of {sorted(kind.statuses)}"
    if kind.never & accused(result):
        return f"suspects {sorted(accused(result))}"
    if kind.nameless and result["verdict"]["blocker"] in PARTIES:
        return f"names {result['verdict']['blocker']}"
    text = json.dumps(result["verdict"], ensure_ascii=False)
    wrong = [word for word in (*kind.words, '""') if (word in text) != (word in kind.words)]
    wrong += [word for word in kind.unsaid if word in text]
    return f"{wrong} in {text}" if wrong else None


def check_counts(frames, result):
    """What is counted is in the capture, and no port is nobody's."""
    syns = sum(frame.is_syn() for frame in frames)
    if result["run"]["packets_sent"] > syns:
        return f"{result['run']['packets_sent']} packets sent of {syns}"
    for server in result["servers"]:
        sent = sum(port["sent"] for port in server["ports"])
        if sent > syns or 0 in (server["control"], *(port["port"] for port in server["ports"])):
            return f"{sent} SYNs of {syns}: {server['ports']}"
    return None


def shows_refusals(frames):
    """Whether a reset stands alone, where only what comes later shows that the port works."""
    answers = [(frame.addresses(), *frame.tcp()) for frame in frames if frame.tcp()]
    accepted = {answer[:3] for answer in answers if answer[3] & (SYN | ACK) == SYN | ACK}
    return any(answer[3] & RST and answer[:3] not in accepted for answer in answers)


def is_refusal(left):
    """Whether nothing but resets is left of the answers on the port under test."""
    answers = [frame.tcp()[2] for frame in left if frame.tcp() and frame.tcp()[0] == 587]
    return any(flags & RST for flags in answers) and not any(flags & SYN for flags in answers)


def check_less(kind, seen, whole, left):
    """Less of a capture is no reason to accuse somebody, nor to call what works damaged."""
    if kind.contradicted and is_refusal(left):
        return None
    if seen and kind.never & ({seen[1], *seen[2]} & PARTIES):
        return f"{seen}"
    if kind.late and shows_refusals(left):
        return f"{seen}" if seen and (seen[0] == "closed" or seen[1] in PARTIES) else None
    return says_more(seen, whole)


def forms_of(way):
    """One form for a way, so that all of them come; or all for each."""
    if ALL:
        return FORMS
    name = sorted(FORMS)[sum(map(ord, repr(way))) % len(FORMS)]
    return {name: FORMS[name]}


def less_of(kind, frames):
    """(what was done, the frames that are left, the capture of them)."""
    for snap in range(54, 200) if ALL else SNAPS:
        yield f"cut at {snap}", frames, pcap_of(frames, snap=snap)
    step = 1 if ALL else MISSING
    for number in range(len(frames) % step, len(frames), step):
        left = frames[:number] + frames[number + 1:]
        yield f"without frame {number + 1}", left, pcap_of(left)
    for end in range(1, len(frames), 1 if kind.late else step):
        yield f"ended after frame {end}", frames[:end], pcap_of(frames[:end])


def check(program, judge, folder, way):
    name, version, servers, control = way
    kind, path = KINDS[name], pathlib.Path(folder) / f"{name}-{version}-{servers}-{control}.pcap"
    frames = kind.story(version, servers, control).frames
    title = f"{name}, IPv{version}, {servers} servers, {'with' if control else 'no'} control"
    faults = []
    for form, keywords in forms_of(way).items():
        write_pcap(path, frames, **keywords)
        status, result, errors = replay(program, path)
        fault = (errors if result is None
                 else check_whole(kind, status, result) or check_counts(frames, result))
        faults += [f"{title}, {form}: {fault}"] if fault else []
    with Judge(judge) as one:
        whole = one.ask(pcap_of(frames))
        for what, left, data in less_of(kind, frames):
            fault = check_less(kind, one.ask(data), whole, left)
            faults += [f"{title}, {what}: {fault}"] if fault else []
    return faults


def main():
    program, judge = sys.argv[1:3]
    chosen = [word for word in sys.argv[3:] if word in KINDS] or list(KINDS)
    ways = [(name, *way) for name in chosen
            for way in itertools.product(KINDS[name].versions, KINDS[name].servers,
                                         KINDS[name].control)]
    with tempfile.TemporaryDirectory() as folder:
        with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
            found = pool.map(functools.partial(check, program, judge, folder), ways)
            faults = [fault for some in found for fault in some]
    for fault in faults:
        print(fault)
    print(f"{len(chosen)} kinds in {len(ways)} ways, {len(faults)} faults")
    return 1 if faults or not ways else 0


if __name__ == "__main__":
    sys.exit(main())
