#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Captures of our own as classic pcap, which carries no facts.

capture_classic.py PROGRAM: each must give the state and blocker that it gives with its facts, or
a weaker verdict, never another or a stronger one. Where only a fact shows what is wrong, the frames
may look better, but nobody is named.
"""

import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True

from capture_kit import PARTIES, is_weaker, outcome, replay
from pcapng_kit import read_records, write_classic

PCAPS = pathlib.Path(__file__).resolve().parent / "pcaps"
# A connect() that the kernel refuses sends no frame; TLS 1.3 shows no certificate (RFC 8446, 4.4).
SHOWN_BY_FACTS = {"connect-denied", "tls-untrusted"}


def may_be_said(seen, whole):
    """Whether an outcome without facts says no more than the result with them."""
    decisive = {reason.get("rule") for reason in whole["verdict"]["reasons"]}
    if decisive & SHOWN_BY_FACTS and seen[1] not in PARTIES:
        return True
    return is_weaker(seen, outcome(whole))


def main():
    program = sys.argv[1]
    bad = done = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(PCAPS.glob("*.pcapng")):
            copy = pathlib.Path(folder) / f"{path.stem}.pcap"
            write_classic(copy, read_records(path))
            whole = replay(program, path)[1]
            status, result, _ = replay(program, "-p", 587, copy)
            done += 1
            if not may_be_said(outcome(result), whole):
                bad += 1
                print(f"{path.name}: {outcome(whole)} with facts, {status} {outcome(result)} "
                      "without")
    print(f"{done} captures, {bad} faults")
    return 1 if bad or not done else 0


if __name__ == "__main__":
    sys.exit(main())
