#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Memory runs out anywhere: a clear error or a verdict, never a crash or a hang. Needs root."""

import os
import subprocess
import sys

from faulty import LIMIT_S, finish, folder, main, measure, preload, start

# Every Nth allocation fails: from "all of them" to "one late one".
STEPS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597, 2584, 4181, 6765, 10946)
ENDS = (0, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16, 17, 20)


def environment(step):
    return preload() | {"FAULT_ALLOC": str(step)}


def is_said(status, result, err):
    """A status that is no verdict comes with a message."""
    return result is not None or err.strip() or status not in (4, 5)


def probing():
    """while it measures"""
    for step in STEPS:
        process = start("--no-smtp", "--budget", "3", env=environment(step))
        status, result, err = finish(process, ENDS)
        assert is_said(status, result, err), (step, status)
        if result and result["verdict"]["state"] != "unknown":
            assert result["verdict"]["blocker"] in ("isp", "unknown"), (step, result["verdict"])


def reading():
    """while it reads a capture"""
    path = os.path.join(folder(), "whole.pcapng")
    measure("--no-smtp", "-w", path)
    for step in STEPS:
        done = subprocess.run(["whoblocks", "replay", path], capture_output=True, check=False,
                              timeout=LIMIT_S, env={**os.environ, **environment(step)})
        assert done.returncode in ENDS, (step, done.returncode, done.stderr)
        assert done.stdout or done.stderr, (step, done.returncode)


CASES = {
    "probing": ("isp2-drop.4n", probing),
    "reading": ("isp2-drop.4n", reading),
}

if __name__ == "__main__":
    sys.exit(main(CASES))
