#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Less of a capture, or more of strangers', never says something else of the same way.

capture_less.py PROGRAM JUDGE [--all] [NAME ...]: over the replay cases' captures without their
facts (a sample of the edits, or each frame, each snapshot length and each end): what is open is
never damaged, blocked or closed, nobody is accused whom the whole does not accuse, and strangers
change nothing.
"""

import concurrent.futures
import functools
import os
import pathlib
import random
import sys

sys.dont_write_bytecode = True

from capture_kit import Judge, says_more
from pcapng_kit import classic_parts, read_records

PCAPS = pathlib.Path(__file__).resolve().parent / "pcaps"
ALL = "--all" in sys.argv
FRAMES, SNAPS, CUTS = 10, (54, 68, 96), 4
LINKS = (1, 113, 276, 101, 12)
# Without the one frame that contradicts it, what is left is a refusal like any other.
REFUSAL_WITHOUT = ("kind-synack-then-reset.pcap", "without frame 2")


def clipped(records, snap):
    return [(link, at_ns, data[:snap], full) for link, at_ns, data, full in records]


def edits(records, rng):
    """(what was done, the capture of what is left)."""
    head, parts = classic_parts(records)
    numbers = range(len(parts)) if ALL else rng.sample(range(len(parts)), min(FRAMES, len(parts)))
    for number in numbers:
        yield (f"without frame {number + 1}",
               head + b"".join(parts[:number]) + b"".join(parts[number + 1:]))
    for snap in range(14, 200) if ALL else SNAPS:
        _, short = classic_parts(clipped(records, snap))
        yield f"cut at {snap}", head + b"".join(short)
    ends = range(1, len(parts)) if ALL else rng.sample(range(1, len(parts)),
                                                       min(CUTS, len(parts) - 1))
    for end in ends:
        yield f"ended after frame {end}", head + b"".join(parts[:end])


def strangers(records, rng):
    """Somebody else's connections between the frames."""
    link, more = records[0][0], []
    for _, at_ns, _, _ in records[::3]:
        src, dst = bytes((10, 9, 8, rng.randrange(1, 255))), bytes((198, 18, 99, 7))
        segment = bytes((0x9c, rng.randrange(256), 0, 80)) + bytes(8) + b"\x50\x02\xff\xff" + bytes(4)
        packet = bytes((0x45, 0, 0, 40, 0, 1, 64, 0, 63, 6, 0, 0)) + src + dst + segment
        front = {1: bytes(12) + b"\x08\x00", 276: b"\x08\x00" + bytes(7) + b"\x01\x00\x06" + bytes(8),
                 113: bytes(3) + b"\x01\x00\x06" + bytes(8) + b"\x08\x00"}.get(link, b"")
        more.append((link, at_ns + 1000, front + packet, len(front + packet)))
    head, parts = classic_parts(sorted(records + more, key=lambda record: record[1]))
    return head + b"".join(parts)


def check(program, path):
    """(how many edits, the faults)."""
    rng, records, faults, done = random.Random(path.name), read_records(path), [], 0
    if len(records) < 3 or records[0][0] not in LINKS:
        return 0, []
    with Judge(program, 587) as judge:
        head, parts = classic_parts(records)
        whole = judge.ask(head + b"".join(parts))
        for what, left in edits(records, rng):
            fault = says_more(judge.ask(left), whole)
            if fault and (path.name, what) != REFUSAL_WITHOUT:
                faults.append(f"{path.name} {what}: {fault}")
            done += 1
        found = judge.ask(strangers(records, rng))
        if found != whole:
            faults.append(f"{path.name} with strangers: {found} of {whole}")
    return done + 1, faults


def main():
    chosen = [word for word in sys.argv[3:] if not word.startswith("-")]
    paths = sorted(path for path in PCAPS.iterdir() if path.suffix in (".pcap", ".pcapng"))
    if chosen:
        paths = [path for path in paths if path.stem in chosen]
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(functools.partial(check, sys.argv[2]), paths))
    faults = [fault for _, found in results for fault in found]
    for fault in faults:
        print(fault)
    print(f"{len(paths)} captures, {sum(done for done, _ in results)} edits, {len(faults)} faults")
    return 1 if faults or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
