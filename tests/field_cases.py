#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Captures from the field, each with what may be said of it: field_cases.py PROGRAM.

$WHOBLOCKS_DATA/field/CASES.tsv names them: file, statuses that are right, who must be neither blamed
nor suspected, who must be among the suspects. Without it the test is skipped (77).
"""

import csv
import os
import pathlib
import sys

sys.dont_write_bytecode = True

from capture_kit import replay

SKIP = 77


def fault(program, row, folder):
    status, result, errors = replay(program, folder / row["file"])
    if str(status) not in row["status"].split(","):
        return f"status {status} instead of {row['status']}: {errors}"
    verdict = result["verdict"] if result else {"blocker": "unknown", "suspects": []}
    parties = {verdict["blocker"]} | {suspect["blocker"] for suspect in verdict["suspects"]}
    wrong = parties & set((row["nobody of these"] or "").split())
    missing = set((row["these among the suspects"] or "").split()) - parties
    if wrong or missing:
        return f"suspects {sorted(parties)}: {sorted(wrong)} wrong, {sorted(missing)} missing"
    return '""' in verdict.get("sentence", "") and "empty quotation marks"


def main():
    program = sys.argv[1]
    folder = pathlib.Path(os.environ.get("WHOBLOCKS_DATA", "/nonexistent")) / "field"
    if not (folder / "CASES.tsv").exists():
        return SKIP
    with open(folder / "CASES.tsv", encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    bad = 0
    for row in rows:
        found = fault(program, row, folder)
        if found:
            print(f"{row['file']}: {found}")
            bad += 1
    print(f"{len(rows)} captures from the field, {bad} faults")
    return 1 if bad or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
