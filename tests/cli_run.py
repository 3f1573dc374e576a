#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""scripts/run where it cannot do what is asked: it says so in a sentence, and first."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
COPIED = ("scripts", "src", "man", "CMakeLists.txt", "CMakePresets.json")
SKIPPED = 77
NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
NO_NETWORK = ["unshare", "--net"]


def checkout(place, program="", fresh=False):
    """A copy of what scripts/run needs, root's, with a program where its text is given."""
    place.mkdir()
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, place / name)
    if program:
        folder = place / "build" / "program"
        folder.mkdir(parents=True)
        (folder / "whoblocks").write_text(program, encoding="utf-8")
        (folder / "whoblocks").chmod(0o755)
        if fresh:
            (folder / "built").touch()
    return place


# What it is, what is before scripts/run, its arguments, the checkout's name, the program and
# whether it is up to date, the status, what standard output and standard error hold.
PROGRAM = "#!/bin/sh\necho whoblocks was here: $*\n"
CASES = [
    ("no network", NO_NETWORK, [], "a", "", False, 20, "", "no route|scripts/run demo"),
    ("no root, to measure", NOBODY, ["-4"], "b", "", False, 1, "",
     "measuring needs root: |scripts/run -4"),
    ("no root, the laboratory", NOBODY, ["demo"], "c", "", False, 1, "", "needs root"),
    ("somebody else's checkout", NOBODY, ["--version"], "d", "", False, 1, "",
     "cannot write to this checkout: copy it"),
    ("somebody else's build", NOBODY, ["replay", "x"], "e", PROGRAM, True, 0,
     "whoblocks was here: replay x", ""),
    ("somebody else's older build", NOBODY, ["replay", "x"], "f", PROGRAM, False, 0,
     "whoblocks was here: replay x", "used as it is"),
    ("a path that cmake cannot take", [], ["--version"], "g;h", "", False, 1, "", "no path with a ';'"),
    ("what is shown", [], ["demo", "--list"], "i", "", False, 0, "local-drop", "--scenario"),
    ("a scenario without a name", [], ["demo", "--scenario"], "j", "", False, 1, "", "demo --list"),
]


def check(folder, case):
    what, before, arguments, name, program, fresh, status, out, err = case
    place = checkout(folder / name, program, fresh)
    done = subprocess.run([*before, place / "scripts" / "run", *arguments], capture_output=True,
                          text=True, timeout=120, check=False, cwd=folder)
    if done.returncode != status:
        yield f"{what}: status {done.returncode} instead of {status}: {done.stderr}"
    if out not in done.stdout or (not out and done.stdout):
        yield f"{what}: standard output is '{done.stdout}'"
    said = [word in done.stderr for word in err.split("|")]
    if not all(said) or (not err and done.stderr) or "building" in done.stderr:
        yield f"{what}: standard error is '{done.stderr}'"
    if len(done.stderr.splitlines()) > 2:
        yield f"{what}: more than it takes to say it: {done.stderr}"


def main():
    if os.geteuid() != 0:
        print("cli_run: needs root to be others, skipped")
        return SKIPPED
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        faults = [fault for case in CASES for fault in check(folder, case)]
    for fault in faults:
        print(fault)
    print(f"cli_run: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
