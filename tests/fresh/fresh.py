#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What a stranger does first, on a machine that has nothing: fresh.py FOLDER [--steps STEP,...]
[--fast] RELEASE ...

Each release of Debian is made anew in FOLDER by debootstrap; the commit is cloned into it; then
come the steps, each with the packages of its use and of those before it: run and demo (what
scripts/run does), strict (a build without a warning), small, quick or test (scripts/test), bench,
monitoring. Builds of their own, to be asked for first or alone: debian (the package, twice) and
reading (the half that reads). A table of seconds is printed. With --fast all but strict is compiled
without optimising, which finds the same packages missing in less time. 77 means skipped: this
machine cannot.
"""
import argparse
import fcntl
import pathlib
import re
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import builds  # noqa: E402
import noticed  # noqa: E402
from roots import Fault, Root, expect, installed, skip_or_run  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Blanks and letters beyond ASCII belong in a path that must work.
CLONE = "/opt/who blocks – ключ"
# Tests that a fresh machine skips, too: captures that only some have, programs that scripts/test
# does not install (use monitoring), and this test.
MAY_SKIP = r"replay/(foreign-captures|field-cases)|monitoring/|package/fresh"
# Tests that notice a missing package but take minutes each.
SLOW = "package/(install|readme)|lab/(compare|evidence)"
VERDICTS = (0, 10, 11, 12, 13, 14, 15, 16, 17)


class Machine:
    """A root with a clone; its commands run in the clone."""

    def __init__(self, root, bare=True):
        self.root = root
        self.bare = bare  # nothing of the project's was there before

    def shell(self, command, *words, **more):
        return self.root.run("sh", "-c", f'cd "{CLONE}" && {command}', "sh", *words, **more)

    def step_run(self):
        """The program, with the packages of `build` alone; the second time there is no more to do."""
        if self.bare:
            self.check_bare()
        said = ("installing", "building") if self.bare else ()
        # A build folder that came with a checkout from elsewhere is made anew.
        self.shell("mkdir -p build/program && test -e build/program/CMakeCache.txt || "
                   "echo CMAKE_HOME_DIRECTORY:INTERNAL=/elsewhere >build/program/CMakeCache.txt")
        expect(self.shell("scripts/run --version"), 0, r"whoblocks \d", *said)
        again = expect(self.shell("scripts/run --version"), 0)
        if again.stderr:
            raise Fault(f"the second time scripts/run says: {again.stderr}")
        expect(self.shell("unshare --net scripts/run"), 20, "no route", "scripts/run demo")
        self.check_read_only("scripts/test")
        self.check_users()

    def check_read_only(self, command):
        """A checkout that cannot be written to: one sentence, and nothing was installed for it."""
        told = expect(self.shell("mount --bind . . && mount -o remount,bind,ro . && cd \"$PWD\" && "
                                 f"{command}"), 1, "cannot write to this checkout")
        if len(told.stderr.splitlines()) > 1:
            raise Fault(f"a checkout that cannot be written to: {told.stderr}")

    def check_bare(self):
        """Before anything is installed: where that is of no use, and while somebody else does."""
        self.check_read_only("scripts/run --version")
        waiting = "bash -c '. scripts/common.sh && wait_for_others'"
        with open(self.root.path / "var/lib/dpkg/lock-frontend", "a", encoding="ascii") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX)
            asked = subprocess.Popen(self.root.words("sh", "-c", f'cd "{CLONE}" && {waiting}'),
                                     stderr=subprocess.PIPE, text=True)
            said = asked.stderr.readline()
        if "waiting until it has ended" not in said or asked.wait() != 0:
            raise Fault(f"while another program installs: {said}{asked.stderr.read()}")

    def check_users(self):
        """One user's checkout: root builds for that one, whoever called sudo; others may read."""
        expect(self.shell("for user in owner other; do id $user || useradd $user; done && "
                          "chown -R owner: . && "
                          "touch src/cli/main.c && "
                          "SUDO_USER=other scripts/run --version"), 0, "building", r"whoblocks \d")
        told = expect(self.shell("find build ! -user owner && chown -R root: ."), 0)
        if told.stdout:
            raise Fault(f"files that are not the owner's: {told.stdout}")
        expect(self.shell("runuser -u other -- scripts/run"), 1, r"scripts/run, as root \(su\)$")
        replay = "scripts/run replay tests/pcaps/demo.46n.pcapng"
        expect(self.shell(f"runuser -u other -- {replay}"), 12, "your provider's network")
        expect(self.shell(f"touch src/cli/main.c && runuser -u other -- {replay}"), 12,
               "older than its sources", "your provider's network")

    def step_demo(self):
        """The laboratory; owners and trusted certificates are found without an option."""
        expect(self.shell("cd /tmp && \"$OLDPWD\"/scripts/run demo -o evidence"), 12,
               "your provider's network", r"Evidence: evidence")
        expect(self.shell("cd /tmp/evidence && sha256sum --check --quiet SHA256SUMS"), 0)
        listed = expect(self.shell("scripts/run demo --list"), 0).stdout
        for name in re.findall(r"^(\S+) ", listed, re.MULTILINE):
            # No verdict is one, too: on a busy machine answers may be too late for more.
            expect(self.shell('scripts/run demo --scenario "$1" -q', name), (20, *VERDICTS))
        self.shell("rm -r /tmp/evidence")
        inside = 'scripts/lab --binary build/program/whoblocks run open.4 -- '
        expect(self.shell(inside + "sh -c 'whoblocks -4 --servers \"$LAB_SERVERS\"'"), 0,
               "valid\\s+certificate")
        # 9.9.9.9 is not of the laboratory: only its owner is asked for.
        expect(self.shell(inside + "whoblocks -4 --only --budget 2 --json 9.9.9.9"), (20, *VERDICTS),
               "owners of routers are those of the data base")

    def step_strict(self):
        """The program without a warning from this release's compiler and libraries."""
        expect(self.shell("cmake --preset program -DWHOBLOCKS_WERROR=ON "
                          "-DCMAKE_C_COMPILER_LAUNCHER= && "
                          "cmake --build build/program"), 0)

    def tests(self, command, may_skip=MAY_SKIP):
        """A command that ends in a run of ctest, of which all pass and none but these is skipped."""
        done = self.shell(command)
        if done.returncode != 0:
            print(done.stdout)
        expect(done, 0, "100% tests passed")
        skipped = re.findall(r"Test +#\d+: (\S+) \.*\*\*\*Skipped", done.stdout)
        odd = [name for name in skipped if not re.match(may_skip, name)]
        if odd:
            raise Fault(f"tests that a fresh machine skips: {' '.join(odd)}")

    def listed_tests(self, pattern):
        """These tests of the release build, up to the first that fails; none may be skipped."""
        self.tests(f"ctest --test-dir build/release --output-on-failure --stop-on-failure "
                   f"-R '{pattern}'", may_skip="$^")

    def step_small(self):
        """Both builds of scripts/test --quick, and the tests that notice a missing package."""
        self.tests(f"scripts/test --quick -R '{noticed.pattern(*noticed.listed('test'))}' "
                   f"-E '{SLOW}'")

    def step_quick(self):
        self.tests("scripts/test --quick")

    def step_test(self):
        """Everything. The tests that make further roots stay out: they would fill the disk."""
        self.tests("scripts/test -E package/fresh")

    def step_monitoring(self):
        """What no script installs: the watch beside Prometheus."""
        install = '. scripts/common.sh && install_packages build demo test monitoring'
        expect(self.shell(f"bash -euo pipefail -c '{install}'"), 0)
        self.listed_tests(noticed.pattern(*noticed.listed("monitoring")))

    def step_debian(self):
        builds.debian(self)

    def step_reading(self):
        builds.reading(self)

    def step_bench(self):
        done = expect(self.shell("scripts/bench peers --case open.4 --rtt 0 --rest 0 --runs 1"), 0,
                      "whoblocks", "traceroute", "scamper")
        if "left out" in done.stderr:
            raise Fault(f"a peer is missing: {done.stderr}")


def work_in(root, steps):
    """Seconds of each step in this root, which gets a clone."""
    machine, seconds = Machine(root), {}
    root.clone(ROOT, CLONE)
    names, services = installed(root)
    for step in steps:
        began = time.monotonic()
        try:
            getattr(machine, f"step_{step}")()
        except Fault as fault:
            raise Fault(f"{root.release}, {step}: {fault}") from fault
        seconds[step] = time.monotonic() - began
        after, started = installed(root)
        if names - after or started - services:
            raise Fault(f"{root.release}, {step}: removes {names - after}, starts "
                        f"{started - services}")
        print(f"{root.release}, {step}: {seconds[step]:.0f} s, "
              f"{len(after - names)} packages more", flush=True)
        names = after
    return seconds


def table(rows, steps):
    print("| Debian | " + " | ".join(steps) + " |")
    print("|---" * (len(steps) + 1) + "|")
    for release, seconds in rows.items():
        print(f"| {release} | " + " | ".join(f"{seconds[step]:.0f} s" for step in steps) + " |")


def known_steps(text):
    """The steps that were asked for, all of which there are."""
    odd = [name for name in text.split(",") if not hasattr(Machine, f"step_{name}")]
    if odd:
        raise argparse.ArgumentTypeError(f"no step is called {', '.join(odd)}")
    return text.split(",")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--steps", type=known_steps, default="run,demo,quick", help="[run,demo,quick]")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("releases", nargs="+")
    asked = parser.parse_args()
    rows = {}
    for release in asked.releases:
        with Root(release, asked.folder.resolve()) as root:
            if asked.fast:
                root.compile_fast()
            rows[release] = work_in(root, asked.steps)
    table(rows, asked.steps)


if __name__ == "__main__":
    skip_or_run(main)
