#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Is a wrong list of packages noticed? mutate.py FOLDER RELEASE [--use USE] [PACKAGE ...]

Takes one line after the other (or those of these packages) out of scripts/packages.txt in a minimal
system, with the package that came by it and with what came by that alone, and lets fresh.py look
at what is left. Prints each; status 1 when one goes unnoticed. This takes hours.
"""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from fresh import CLONE, ROOT, Machine, expect  # noqa: E402
from roots import Fault, Layer, Root, skip_or_run  # noqa: E402

LIST = ROOT / "scripts" / "packages.txt"
# The step that brings the packages of a use, and the steps that must notice one that is missing.
STAGES = {"build": ("run", ("run", "demo")), "demo": ("demo", ("demo",)),
          "test": ("quick", ("quick",)), "bench": ("bench", ("bench",))}
# Takes a package away, as if its line had never been there; programs are linked anew.
STRIKE = """set -e
sed -i "/^$1 /d" scripts/packages.txt
apt-mark -qq auto "$1" >/dev/null
DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o APT::AutoRemove::RecommendsImportant=false \\
    -o APT::AutoRemove::SuggestsImportant=false autoremove >/dev/null
if [ "$2" = build ]; then rm -rf build; fi
rm -f build/*/CMakeCache.txt
find build -type f -perm -u+x \\( -path '*/tests/*' -o -name whoblocks \\) -delete 2>/dev/null || :
dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null || :
"""


def listed(use):
    rows = [line.split()[:2] for line in LIST.read_text(encoding="utf-8").splitlines()
            if line and not line.startswith("#")]
    return [name for name, of in rows if of == use]


def notice(base, package, use):
    """What fresh.py says without the package; None when it is content."""
    with Layer(base, "mutant") as layer:
        machine = Machine(layer, bare=False)
        struck = expect(machine.shell(STRIKE, package, use), 0).stdout
        try:
            for step in STAGES[use][1]:
                getattr(machine, f"step_{step}")()
        except Fault as fault:
            return str(fault)
        print(f"{package}: {'still there' if 'installed' in struck else 'gone'}, and nobody minds")
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("release")
    parser.add_argument("--use", action="append", choices=STAGES, help="[all]")
    parser.add_argument("packages", nargs="*")
    asked = parser.parse_args()
    noticed, missed = [], []
    with Root(asked.release, asked.folder.resolve(), "base") as base:
        base.clone(ROOT, CLONE)
        for use, (step, _) in STAGES.items():
            getattr(Machine(base), f"step_{step}")()
            for package in listed(use):
                if (asked.packages and package not in asked.packages) or \
                        (asked.use and use not in asked.use):
                    continue
                said = notice(base, package, use)
                (missed if said is None else noticed).append(package)
                if said:
                    print(f"{package}: noticed: {' '.join(said.split())[:160]}", flush=True)
    print(f"mutate: {len(noticed)} lines noticed, {len(missed)} not: {' '.join(missed)}")
    if missed:
        raise Fault("the list can be wrong without a test that fails")


if __name__ == "__main__":
    skip_or_run(main)
