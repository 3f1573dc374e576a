#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Captures of our own as classic pcap, which carries no facts.

capture_classic.py PROGRAM: each must give the state and blocker that it gives with its facts, or
a weaker verdict, never another or a stronger one.
"""

import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True

from capture_kit import is_weaker, outcome, replay
from pcapng_kit import read_records, write_classic

PCAPS = pathlib.Path(__file__).resolve().parent / "pcaps"


def main():
    program = sys.argv[1]
    bad = done = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(PCAPS.glob("*.pcapng")):
            copy = pathlib.Path(folder) / f"{path.stem}.pcap"
            write_classic(copy, read_records(path))
            with_facts = outcome(replay(program, path)[1])
            status, result, _ = replay(program, "-p", 587, copy)
            done += 1
            if not is_weaker(outcome(result), with_facts):
                bad += 1
                print(f"{path.name}: {with_facts} with facts, {status} {outcome(result)} without")
    print(f"{done} captures, {bad} faults")
    return 1 if bad or not done else 0


if __name__ == "__main__":
    sys.exit(main())
