#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Less of a capture, or more of strangers', never says something else of the same way.

capture_less.py PROGRAM [--all]: over the replay cases' captures without their facts (a sample of the
edits, or each frame, each snapshot length and each end): what is open is never damaged, blocked or
closed, nobody is accused whom the whole does not accuse, and strangers change nothing.
"""

import concurrent.futures
import os
import pathlib
import random
import sys
import tempfile

sys.dont_write_bytecode = True

from capture_kit import outcome, replay
from pcapng_kit import read_records, write_classic

PCAPS = pathlib.Path(__file__).resolve().parent / "pcaps"
ALL = "--all" in sys.argv
SEED = 18
CASES, FRAMES, SNAPS, CUTS = 24, 5, (68, 96), 2
LINK_BYTES = {1: 14, 113: 16, 276: 20, 101: 0, 12: 0}
WORSE = ("degraded", "blocked", "closed", "intercepted")


def edits(records, rng):
    """(what was done, the records that are left)."""
    numbers = range(len(records)) if ALL else rng.sample(range(len(records)),
                                                         min(FRAMES, len(records)))
    for number in numbers:
        yield f"without frame {number + 1}", records[:number] + records[number + 1:]
    for snap in range(14, 200, 6) if ALL else SNAPS:
        yield f"cut at {snap}", [(link, at_ns, data[:snap], full)
                                 for link, at_ns, data, full in records]
    ends = range(1, len(records)) if ALL else rng.sample(range(1, len(records)), CUTS)
    for end in ends:
        yield f"ended after frame {end}", records[:end]


def strangers(records, rng):
    """Somebody else's datagrams and connections between the frames."""
    link, more = records[0][0], []
    for _, at_ns, _, _ in records[::3]:
        src, dst = bytes((10, 9, 8, rng.randrange(1, 255))), bytes((198, 18, 99, 7))
        segment = bytes((0x9c, rng.randrange(256), 0, 80)) + bytes(8) + b"\x50\x02\xff\xff" + bytes(4)
        packet = bytes((0x45, 0, 0, 40, 0, 1, 64, 0, 63, 6, 0, 0)) + src + dst + segment
        front = {1: bytes(12) + b"\x08\x00", 276: b"\x08\x00" + bytes(7) + b"\x01\x00\x06" + bytes(8),
                 113: bytes(3) + b"\x01\x00\x06" + bytes(8) + b"\x08\x00"}.get(link, b"")
        more.append((link, at_ns + 1000, front + packet, len(front + packet)))
    return sorted(records + more, key=lambda record: record[1])


def worse(seen, whole):
    """What may not come of less, as words; None: nothing."""
    if whole[0] == "open" and seen[0] in WORSE:
        return f"{seen} of what is open"
    parties = ("local-host", "local-network", "isp", "transit", "remote")
    if seen[1] in parties and seen[1] != whole[1] and whole[1] in parties + ("none",):
        return f"{seen} instead of {whole}"
    return None


def check(program, path):
    rng, records, faults, done = random.Random(path.name), read_records(path), [], 0
    if len(records) < 3 or records[0][0] not in LINK_BYTES:
        return 0, []
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "copy.pcap"
        write_classic(copy, records)
        status, result, _ = replay(program, "-p", 587, copy)
        whole = outcome(result)
        for what, left in edits(records, rng):
            write_classic(copy, left)
            fault = worse(outcome(replay(program, "-p", 587, copy)[1]), whole)
            faults += [f"{path.name} {what}: {fault}"] if fault else []
            done += 1
        write_classic(copy, strangers(records, rng))
        found = replay(program, "-p", 587, copy)
        if (found[0], outcome(found[1])) != (status, whole):
            faults.append(f"{path.name} with strangers: {found[0]} {outcome(found[1])} of {whole}")
    return done + 1, faults


def main():
    program = sys.argv[1]
    paths = sorted(path for path in PCAPS.iterdir() if path.suffix in (".pcap", ".pcapng"))
    if not ALL:
        paths = random.Random(SEED).sample(paths, CASES)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda path: check(program, path), paths))
    faults = [fault for _, found in results for fault in found]
    for fault in faults:
        print(fault)
    print(f"{len(paths)} captures, {sum(done for done, _ in results)} edits, {len(faults)} faults")
    return 1 if faults or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
