# SPDX-License-Identifier: BSD-2-Clause
"""Builds that scripts/run does not make, in minimal roots: Debian's package, and the half that
reads with two libraries.
"""
import filecmp
import pathlib
import re
import shutil
import sys

from roots import Fault, Root, expect

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import package  # noqa: E402
import replay_cases  # noqa: E402

# The sources are laid where the first word says, and built; what they need is installed.
PACKAGE = """
set -e
. scripts/common.sh
fetch_lists
apt install build-essential po-debconf xz-utils lintian
sources=$(scripts/packaging/debian-source "$1")
cd "$sources"
apt build-dep ./
dpkg-buildpackage -us -uc
"""
# Twice: the folder, and what else of a machine must not be in a package.
TWICE = (("/srv/first", ()),
         ("/srv/elsewhere/a longer path", ("TZ=Pacific/Kiritimati", "LC_ALL=C.UTF-8",
                                           "DEB_BUILD_OPTIONS=nocheck parallel=1")))
# These tell when and where they were made.
TELLING = (".buildinfo", ".changes")
# What the reading half is built with; brings no other library of the list.
READING = "gcc libc6-dev cmake ninja-build pkgconf libpcap-dev libjansson-dev"


def made(folder):
    """The files of a package that must be the same wherever it is built."""
    names = sorted(path.name for path in folder.iterdir()
                   if path.is_file() and path.suffix not in TELLING)
    if not any(name.endswith(".deb") for name in names):
        raise Fault(f"there is no package in {folder}: {names}")
    return names


def debian(machine):
    """The package as Debian builds it, twice to the same bytes; its form; its own tests."""
    root = machine.root
    for place, variables in TWICE:
        expect(machine.shell("bash -c \"$1\" sh \"$2\"", PACKAGE, place, variables=variables), 0)
    first, second = (root.path / place.lstrip("/") for place, _ in TWICE)
    names = made(first)
    odd = names if names != made(second) else \
        filecmp.cmpfiles(first, second, names, shallow=False)[1:]
    if any(odd):
        raise Fault(f"built elsewhere it differs: {odd}")
    told = list(package.without_fashions(root.run(
        "sh", "-c", f"cd {TWICE[0][0]} && lintian --allow-root -I --pedantic *.changes")))
    if told:
        raise Fault(f"lintian says: {told}")
    with Root(root.release, root.archives.parent, "installed") as other:
        other.archives = root.archives
        installed(other, first)


def installed(root, folder):
    """What autopkgtest would run, in a system that has the package and what its tests ask for."""
    sources = next(path for path in folder.iterdir() if path.is_dir())
    shutil.copytree(sources, root.path / "srv/sources", symlinks=True)
    for package in folder.glob("whoblocks_*.deb"):
        shutil.copy(package, root.path / "srv/whoblocks.deb")
    control = (sources / "debian/tests/control").read_text(encoding="utf-8")
    needs = set(re.findall(r"[\w.+-]+", " ".join(re.findall(r"^Depends:(.*)$", control, re.M))))
    wanted = " ".join(sorted(needs - {"whoblocks"}))
    expect(root.run("bash", "-c", "cd /srv/sources && . scripts/common.sh && fetch_lists && "
                    f"apt install /srv/whoblocks.deb {wanted}"), 0)
    tests = re.findall(r"^Tests: (.*)$", control, re.M)
    for test in tests:
        expect(root.run("sh", "-c", f"cd /srv/sources && debian/tests/{test}"), 0)
    if not tests:
        raise Fault("the package has no tests of its own")


def answers(folder):
    """A shell's words: what `whoblocks` says of every replay case, into this folder."""
    lines = ["cd tests/pcaps", f"mkdir {folder}"]
    for number, case in enumerate(replay_cases.read_cases()):
        for form in ("", "--json"):
            words = " ".join(["replay", form, *map(replay_cases.shlex.quote, case.options),
                              *case.capture.split()])
            lines.append(f"whoblocks {words} >{folder}/{number}{form} 2>&1; "
                         f"echo \"status $?\" >>{folder}/{number}{form}")
    return "\n".join(lines)


def reading(machine):
    """The half that reads, with two libraries: of every case it says what the whole says."""
    root = machine.root
    before = set(root.run("dpkg-query", "-W", "-f", "${Package}\n").stdout.split())
    expect(machine.shell(f"bash -c '. scripts/common.sh && fetch_lists && apt install {READING}'"), 0)
    after = set(root.run("dpkg-query", "-W", "-f", "${Package}\n").stdout.split())
    print(f"{root.release}, reading: {len(after - before)} packages, of these to build with: "
          f"{' '.join(sorted(name for name in after - before if name.endswith('-dev')))}")
    expect(machine.shell("cmake -S . -B build/reading -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo "
                         "-DWHOBLOCKS_LIVE=OFF -DWHOBLOCKS_LANGUAGES=OFF -DBUILD_TESTING=OFF && "
                         "cmake --build build/reading"), 0)
    for build in ("reading", "program"):
        if build == "program":
            expect(machine.shell("scripts/run --version"), 0)
        expect(machine.shell(f"export WHOBLOCKS_ASN_DB= PATH=\"$PWD/build/{build}:$PATH\" && "
                             f"{answers(f'/srv/{build}')}"), 0)
    expect(root.run("diff", "-r", "/srv/reading", "/srv/program"), 0)
    said = [path.read_text(encoding="utf-8", errors="replace")
            for path in (root.path / "srv/reading").iterdir()]
    told = sum(text.endswith(tuple(f"status {status}\n" for status in (0, 10, 11, 12, 13, 14, 15,
                                                                     16, 17, 18, 19, 20)))
               for text in said)
    print(f"{root.release}, reading: {told} of {len(said)} answers are verdicts")
    if told < len(said) * 9 // 10:
        raise Fault("most replays end without a verdict")
    machine.bare = False
