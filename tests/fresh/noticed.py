#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What notices that a package of scripts/packages.txt is missing: noticed.py BUILD.

For every line there is a step of fresh.py, a build, or a test, which fails without the package (or
is skipped, where a fresh machine may not skip). Here the tables are compared with the list and with
the tests of BUILD; whether they are right, mutate.py tries.
"""
import pathlib
import re
import subprocess
import sys

LIST = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "packages.txt"
# By use: the step of fresh.py that notices; for what only the running program misses, a later one.
STEPS = {"build": "run", "demo": "demo", "bench": "bench"}
LATER = {"ca-certificates": "demo", "libloc-database": "demo", "iproute2": "demo"}
# The laboratory says that it leaves out what these packages are for.
SAID = "products"
# By package: the preset that cannot be configured or linked without, and a target of it.
BUILDS = {"libcmocka-dev": ("release", "test_text"), "clang": ("fuzz", "fuzz_packet"),
          "libclang-rt-dev": ("fuzz", "fuzz_packet")}
# By package: the tests.
TESTS = {
    "libidn2-dev": "package/debian",  # libmicrohttpd-dev brings it, too
    "gettext": "check/words",
    "iptables": "lab/sample",
    "clang-format": "check/format",
    "clang-tidy": "check/tidy",
    "clang-tools": "check/scan-build",
    "cppcheck": "check/cppcheck",
    "universal-ctags": "check/format",
    "valgrind": r"valgrind/cut\.pcapng",
    "shellcheck": "check/format",
    "mandoc": "check/man",
    "python3-jsonschema": "schema/results",
    "zstd": "cli/packed",
    "lz4": "cli/packed",
    "tcpdump": "lab/compare",
    "tshark": "lab/evidence",
    "tidy": "evidence/pages",
    "lintian": "package/deb",
    "rpm": "package/rpm",
    "debhelper": "package/debian",
    "debootstrap": "package/install",
    "musl-tools": "platform/musl",
    "jq": "package/readme",
    "prometheus": "monitoring/prometheus",
    "prometheus-node-exporter": "monitoring/prometheus",
    "nagios4-core": "monitoring/nagios",
}


def listed(*uses):
    """The packages of these uses, or of all, in the order of the list."""
    rows = [line.split()[:2] for line in LIST.read_text(encoding="utf-8").splitlines()
            if line and not line.startswith("#")]
    return [name for name, use in rows if not uses or use in uses]


def pattern(*packages):
    """A regular expression of the tests that notice these packages."""
    return f"^({'|'.join(sorted({TESTS[name] for name in packages if name in TESTS}))})$"


def faults(build):
    """What the tables, the list and the tests of a build do not share."""
    known = {*listed(*STEPS, SAID), *BUILDS, *TESTS}
    yield from (f"nothing notices that {name} is missing" for name in listed() if name not in known)
    yield from (f"{name} is not in {LIST.name}" for name in (*BUILDS, *TESTS, *LATER)
                if name not in listed())
    names = re.findall(r"Test +#\d+: (\S+)", subprocess.run(
        ["ctest", "--test-dir", build, "-N"], check=True, capture_output=True, text=True).stdout)
    yield from (f"no test is called {test}" for test in sorted(set(TESTS.values()))
                if not any(re.fullmatch(test, name) for name in names))


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: noticed.py BUILD")
    found = list(faults(sys.argv[1]))
    for fault in found:
        print(fault)
    print(f"noticed: {len(listed())} packages, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
