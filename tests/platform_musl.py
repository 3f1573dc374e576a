#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Every source against musl's headers: platform_musl.py FOLDER

The headers of the other libraries, and of Linux, stand in a folder as links. Two builds are
configured with musl-gcc, one with all parts and the half that reads; each source of theirs must
compile without a warning. 77 means skipped: there is no musl-gcc.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILDS = {"whole": (), "reading": ("-DWHOBLOCKS_LIVE=OFF",)}


def run(*words, **more):
    return subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, check=False,
                          capture_output=True, text=True, **more)


def link_headers(folder):
    """The compiler's flags for all of /usr/include but what is the C library's."""
    machine = run("gcc", "-print-multiarch").stdout.strip()
    package = run("dpkg", "-L", "libc6-dev").stdout.splitlines()
    places = [pathlib.Path("/usr/include"), pathlib.Path("/usr/include") / machine]
    own = {place / pathlib.Path(name).relative_to(place).parts[0] for place in places
           for name in package if name.startswith(f"{place}/")}
    for place in places:
        links = folder / place.name
        links.mkdir(parents=True)
        for entry in place.iterdir():
            if entry not in own and entry != places[1]:
                (links / entry.name).symlink_to(entry)
        yield f"-idirafter {links}"


def sources(folder, name, flags, options):
    """The commands that compile a build's own sources, without what they write."""
    done = run("cmake", "-G", "Ninja", "-S", ROOT, "-B", folder / name, "-DBUILD_TESTING=OFF",
               "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_C_COMPILER=musl-gcc",
               f"-DNET_LIBRARY={folder}/libnet.a",
               f"-DCMAKE_C_FLAGS={flags}", *options,
               env={**os.environ, "CMAKE_C_COMPILER_LAUNCHER": ""})
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    rows = json.loads((folder / name / "compile_commands.json").read_text(encoding="utf-8"))
    for row in rows:
        if row["file"].startswith(str(ROOT / "src")):
            # Where the C library's own headers are, too, whatever pkg-config says.
            words = shlex.split(re.sub(r" -(isystem |I)/usr/include(/[\w-]+-linux-gnu)?(?= )", "",
                                       row["command"]))
            at = words.index("-o")
            yield row["directory"], [*words[:at], *words[at + 2:], "-fsyntax-only"]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if not shutil.which("musl-gcc"):
        print("skipped: there is no musl-gcc (musl-tools)")
        sys.exit(77)
    folder = pathlib.Path(sys.argv[1]).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    # By a path without blanks, which flags do not take.
    with tempfile.TemporaryDirectory() as links:
        flags = " ".join(link_headers(pathlib.Path(links) / "headers"))
        asked = {tuple(words): place for name, options in BUILDS.items()
                 for place, words in sources(folder, name, flags, options)}
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            done = list(pool.map(lambda item: run(*item[0], cwd=item[1]), asked.items()))
    faults = [one for one in done if one.returncode != 0 or one.stderr]
    for one in faults:
        print(one.stderr)
    print(f"platform_musl: {len(done)} compilations, {len(faults)} faults")
    sys.exit(1 if faults or len(done) < len(BUILDS) else 0)


if __name__ == "__main__":
    main()
