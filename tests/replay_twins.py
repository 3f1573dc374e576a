#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Captures of blocks that nothing tells apart from inside give the same verdict, but for numbers.

replay_twins.py PROGRAM
"""
import json
import pathlib
import sys

sys.dont_write_bytecode = True
TESTS = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(TESTS), str(TESTS.parent / "scripts")]

import replay_cases as cases  # noqa: E402
from labkit import twins  # noqa: E402

PAIRS = (("gw-drop.4n", "isp-input-drop.4n"), ("border-drop.4n", "transit-input-drop.4n"),
         ("border-drop.6", "transit-input-drop.6"))


def main(program):
    known = {case.name: case for case in cases.read_cases()}
    faults = 0
    for pair in PAIRS:
        verdicts = [json.loads(cases.run(program, known[name], "--json").stdout)["verdict"]
                    for name in pair]
        found = twins.difference(*verdicts)
        if found:
            print(f"{' and '.join(pair)} differ: {found}")
            faults += 1
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
