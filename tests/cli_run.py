#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""scripts/run on a machine without a network says so, names the demo, and builds nothing."""
import os
import pathlib
import subprocess
import sys

RUN = pathlib.Path(__file__).resolve().parents[1] / "scripts" / "run"
SKIPPED = 77
NO_VERDICT = 20


def main():
    if os.geteuid() != 0:
        print("cli_run: needs root for a network of its own, skipped")
        return SKIPPED
    done = subprocess.run(["unshare", "--net", str(RUN)], capture_output=True, text=True,
                          timeout=60, check=False)
    faults = []
    if done.returncode != NO_VERDICT:
        faults.append(f"status {done.returncode} instead of {NO_VERDICT}")
    if "no route" not in done.stderr or "scripts/run demo" not in done.stderr:
        faults.append(f"standard error is '{done.stderr}'")
    if done.stdout or "building" in done.stderr:
        faults.append("more was done than said")
    for fault in faults:
        print(fault)
    print(f"cli_run: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
