#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Evidence folders as they are made: in the laboratory, from outside. Needs root.

usage: evidence_lab.py WHOBLOCKS
"""

import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
LAB = os.path.join(os.path.dirname(HERE), "scripts", "lab")
# Each part is a file of its own, which runs inside a client of a new laboratory.
PARTS = (("demo", "evidence_folder.py"), ("demo", "evidence_damage.py"),
         ("demo", "evidence_lookups.py"), ("demo", "evidence_rounds.py"))


def main(program):
    if os.geteuid() != 0:
        print("needs root")
        return 77
    if not shutil.which("tshark"):
        print("tshark is not here")
        return 77
    status = 0
    for scenario, part in PARTS:
        run = subprocess.run([LAB, "--binary", program, "run", scenario, "--", sys.executable,
                              os.path.join(HERE, "evidence", part)], check=False, timeout=280)
        print(f"{part}: {run.returncode}", flush=True)
        status = status or run.returncode
    return status


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(os.path.abspath(sys.argv[1])))
