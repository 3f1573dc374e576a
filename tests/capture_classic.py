#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Captures of our own as classic pcap, which carries no facts.

capture_classic.py PROGRAM: each must give the state and blocker that it gives with its facts, or
a weaker verdict, never another or a stronger one.
"""

import pathlib
import struct
import sys
import tempfile

sys.dont_write_bytecode = True

from capture_kit import is_weaker, outcome, replay

PCAPS = pathlib.Path(__file__).resolve().parent / "pcaps"


def blocks(data):
    """(type, whole block) of a little-endian capture."""
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if at + length > len(data):
            return
        yield kind, data[at:at + length]
        at += length


def classic(data):
    """The frames of a pcapng capture of ours, which has one interface, as classic pcap."""
    link, records = 1, []
    for kind, block in blocks(data):
        if kind == 1:
            link = struct.unpack_from("<H", block, 8)[0]
        elif kind == 6:
            high, low, size, full = struct.unpack_from("<IIII", block, 12)
            at_ns = high << 32 | low
            records.append(struct.pack("<IIII", at_ns // 10**9, at_ns % 10**9, size, full)
                           + block[28:28 + size])
    return struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, link) + b"".join(records)


def main():
    program = sys.argv[1]
    bad = done = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(PCAPS.glob("*.pcapng")):
            copy = pathlib.Path(folder) / f"{path.stem}.pcap"
            copy.write_bytes(classic(path.read_bytes()))
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
