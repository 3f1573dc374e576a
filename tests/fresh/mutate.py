#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Is a wrong list of packages noticed? mutate.py FOLDER RELEASE [--use USE] [PACKAGE ...]

Takes one line after the other (or those of these packages) out of scripts/packages.txt in a minimal
system, with the package that came by it and with what came by that alone, and lets look at what is
left whatever noticed.py names for it. Before that the same passes with the whole list, but for what
takes minutes (clang-tidy, the analyser, cppcheck, a system in the system, the README's commands).
Prints what each line's absence said; status 1 when one goes unnoticed.

Nobody installs the packages of `monitoring` unasked, and a machine without them skips their tests.
Here they are installed, and the test must be skipped, or fail, without each of them.
"""
import argparse
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import noticed  # noqa: E402
from fresh import CLONE, ROOT, Machine, expect  # noqa: E402
from roots import Fault, Layer, Root, skip_or_run  # noqa: E402

# The step that brings the packages of a use, and passes with them.
STAGES = {"build": "run", "demo": "demo", "test": "small", "bench": "bench",
          "monitoring": "monitoring"}
# Takes a package away, as if its line had never been there.
STRIKE = """set -e
sed -i "/^$1 /d" scripts/packages.txt
apt-mark -qq auto "$1" >/dev/null
DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o APT::AutoRemove::RecommendsImportant=false \\
    -o APT::AutoRemove::SuggestsImportant=false autoremove >/dev/null
dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null || :
"""
# The preset is configured anew, as scripts/test does, and its target linked; of that only the last
# command is run: a header that came with the package would let all be compiled again.
REMAKE = 'rm -f build/"$1"/CMakeCache.txt && cmake --preset "$1" -DWHOBLOCKS_WERROR=ON && ' \
         'cd build/"$1" && ninja -t commands "tests/$2" | tail -n 1 | sh'

TELLING = r"not found|missing|Skipped|No such file|[Cc]annot|left out|skips"


def look(machine, package, use):
    """What must notice that the package is missing."""
    if package in noticed.BUILDS:
        expect(machine.shell(REMAKE, *noticed.BUILDS[package]), 0)
    elif package in noticed.TESTS:
        machine.listed_tests(noticed.pattern(package))
    else:
        step = noticed.LATER.get(package, noticed.STEPS.get(use))
        if step == "run":
            machine.shell("rm -rf build")
        getattr(machine, f"step_{step}")()


def notice(base, package, use):
    """What is said without the package; None when nothing is."""
    with Layer(base, "mutant") as layer:
        machine = Machine(layer, bare=False)
        struck = expect(machine.shell(STRIKE, package), 0).stdout
        try:
            look(machine, package, use)
        except Fault as fault:
            return str(fault)
        print(f"{package}: {'still there' if 'installed' in struck else 'gone'}, and nobody minds",
              flush=True)
        return None


def due(use):
    """The packages whose absence can be looked for once the step of this use was there: tests need
    what that of `test` builds."""
    early = [name for name in noticed.listed("build", "demo") if name in noticed.TESTS]
    if use == "test":
        return [*early, *noticed.listed(use)]
    return [name for name in noticed.listed(use) if name not in early]


def gist(said):
    """Of what a command said, the lines that tell why it failed."""
    first, *rest = said.splitlines()
    telling = [line for line in rest if re.search(TELLING, line)]
    return " ".join(" / ".join([first, *telling[:2]]).split())[:240]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("release")
    parser.add_argument("--use", action="append", choices=STAGES, help="[all]")
    parser.add_argument("packages", nargs="*")
    asked = parser.parse_args()
    seen, missed = [], []
    with Root(asked.release, asked.folder.resolve(), "base") as base:
        base.compile_fast()
        base.clone(ROOT, CLONE)
        for use, step in STAGES.items():
            getattr(Machine(base), f"step_{step}")()
            for package in due(use):
                if (asked.packages and package not in asked.packages) or \
                        (asked.use and use not in asked.use):
                    continue
                said = notice(base, package, use)
                (missed if said is None else seen).append(package)
                if said:
                    print(f"{package}: noticed: {gist(said)}", flush=True)
    print(f"mutate: {len(seen)} lines noticed, {len(missed)} not: {' '.join(missed)}")
    if missed:
        raise Fault("the list can be wrong without a test that fails")


if __name__ == "__main__":
    skip_or_run(main)
