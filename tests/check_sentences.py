#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Whether the reader of sentences finds what is not true: check_sentences.py PROGRAM.

The sentences of a capture's result pass; each change below must be found.
"""
import copy
import json
import pathlib
import subprocess
import sys

TESTS = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS.parent / "scripts"))
from labkit import sentences  # noqa: E402

# Words of a sentence of demo.46n, and what they are changed to.
CHANGES = (
    ("hop 4 (198.51.100.2)", "hop 40 (198.51.100.2)"),
    ("hop 4 (198.51.100.2)", "hop 40 (which does not answer)"),
    ("hop 4 (198.51.100.2)", "hop 4 (which does not answer)"),
    ("hop 4 (198.51.100.2)", "hop 4 (198.51.100.9)"),
    ("hop 4 (198.51.100.2)", "hop 4 (198.51.100.2) after 3 tries"),
    ("hop 3 (198.51.100.1)", "hop 4 (198.51.100.1)"),
    ("port 587", "port 588"),
    ("of 5 servers", "of 50 servers"),
    ("in 5 networks", "in 6 networks"),
    ("control port 993", "control port 99"),
)


def change(result, before, after):
    """The result with these words in all its sentences, and whether there were any."""
    changed = copy.deepcopy(result)
    verdict = changed["verdict"]
    texts = [(verdict, "sentence"), *((item, "text") for item in verdict["reasons"]),
             *((item, "sentence") for item in changed["servers"])]
    for item, key in texts:
        item[key] = item[key].replace(before, after)
    return changed, changed != result


def main():
    done = subprocess.run([sys.argv[1], "replay", "--json", TESTS / "pcaps" / "demo.46n.pcapng"],
                          capture_output=True, text=True, check=False)
    result = json.loads(done.stdout)
    faults = [f"as it is: {fault}" for fault in sentences.faults(result)]
    for before, after in CHANGES:
        changed, differs = change(result, before, after)
        if not differs:
            faults.append(f"no sentence has '{before}'")
        elif not sentences.faults(changed):
            faults.append(f"not found: '{after}' for '{before}'")
        elif not before.startswith("hop") or "tries" in after:
            continue
        elif not sentences.hop_faults(changed["verdict"]["sentence"], changed):
            faults.append(f"not found in a longer text: '{after}' for '{before}'")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
