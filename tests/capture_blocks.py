#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A pcapng capture says what the same frames say in the classic format, however it is arranged.

capture_blocks.py PROGRAM [--all]: for a sample of the replay cases' captures, or for all of them,
arranged by chance in one file, behind a stranger's megabytes, and in several files.
"""

import concurrent.futures
import os
import pathlib
import random
import sys
import tempfile

sys.dont_write_bytecode = True

from capture_kit import replay
from pcapng_kit import read_records, write_by_chance, write_classic

PCAPS = pathlib.Path(__file__).resolve().parent / "pcaps"
SAMPLE = 12
SEEDS = 3
SEED = 18
PADDING = 5 << 19  # more than the part that a second reading may leave out


def without_places(result):
    """The verdict without file and frame numbers."""
    verdict = dict(result["verdict"])
    verdict["reasons"] = [(reason["rule"], reason["text"]) for reason in verdict["reasons"]]
    return verdict, [server["sentence"] for server in result["servers"]]


def as_told(result):
    return (result["verdict"], result["servers"]) if result else None


def check(program, path):
    records = read_records(path)
    faults = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        classic, other = folder / "classic.pcap", folder / "other.pcapng"
        write_classic(classic, records)
        status, whole, _ = replay(program, "-p", 587, classic)
        for seed in range(SEEDS):
            write_by_chance(other, records, random.Random(seed))
            found, result, errors = replay(program, "-p", 587, other)
            if found != status or as_told(result) != as_told(whole):
                faults.append(f"{path.name}, seed {seed}: {found} instead of {status}: {errors}")
        write_by_chance(other, records, random.Random(SEED), PADDING)
        found, result, errors = replay(program, "-p", 587, other)
        if found != status or (whole and without_places(result) != without_places(whole)):
            faults.append(f"{path.name} behind a stranger: {found} instead of {status}: {errors}")
        parts = [folder / f"part-{number}.pcapng" for number in range(3)]
        for number, part in enumerate(parts):
            write_by_chance(part, records[number::3], random.Random(number))
        found, result, errors = replay(program, "-p", 587, *parts)
        if found != status or (whole and without_places(result) != without_places(whole)):
            faults.append(f"{path.name} in parts: {found} instead of {status}: {errors}")
    return faults


def main():
    program = sys.argv[1]
    paths = sorted(path for path in PCAPS.iterdir() if path.suffix in (".pcap", ".pcapng"))
    if "--all" not in sys.argv:
        paths = random.Random(SEED).sample(paths, SAMPLE)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = [fault for found in pool.map(lambda path: check(program, path), paths)
                  for fault in found]
    for fault in faults:
        print(fault)
    print(f"{len(paths)} captures in {SEEDS + 2} arrangements each, {len(faults)} faults")
    return 1 if faults or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
