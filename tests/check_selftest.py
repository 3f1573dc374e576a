#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The checks under scripts/ find what they are for.

check_selftest.py PROGRAM BUILD: each case makes a small tree with one fault in it.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
SCRIPTS = ROOT / "scripts"

# name, {file: text}, what check-layers must say ("" when all is well)
LAYERS = [
    ("good", {"wire/a.h": '#include "base/b.h"\n', "base/b.h": ""}, ""),
    ("upwards", {"base/b.h": '#include "wire/a.h"\n', "wire/a.h": ""}, "may not include wire/a.h"),
    ("by way of trace",
     {"infer/i.c": '#include "trace/m.h"\n', "trace/m.h": '#include "wire/a.h"\n', "wire/a.h": ""},
     "src/infer/i.c: may not include wire/a.h: infer/i.c -> trace/m.h -> wire/a.h"),
    ("strict header", {"trace/trace.h": '#include "wire/a.h"\n', "wire/a.h": ""},
     "src/trace/trace.h: may not include wire/a.h"),
    ("words for all", {"io/host/x.c": '#include "state/s.h"\n', "infer/result/terms.h": "",
                       "state/s.h": '#include "infer/result/terms.h"\n'}, ""),
    ("no more than words", {"state/s.c": '#include "infer/i.h"\n', "infer/i.h": ""},
     "src/state/s.c: may not include infer/i.h"),
    ("relative", {"io/host/x.c": '#include "../base/b.h"\n', "base/b.h": ""}, "no such header"),
    ("new folder", {"misc/x.c": ""}, "a folder without a place"),
    ("room", {"infer/tell/x.c": '#include "infer/vote/v.h"\n', "infer/vote/v.h": ""}, ""),
    ("room upwards", {"infer/way/x.c": '#include "infer/scene/s.h"\n', "infer/scene/s.h": ""},
     "src/infer/way/x.c: may not include infer/scene/s.h"),
    ("new room", {"infer/attic/x.c": ""}, "a room without a place"),
]

# name, {file: text}, what check-numbers must say
TABLE = "#define LEAST 2 /* answers */\n#define CHANCE 0.25\n"
USES = "int f(double p) { return p < CHANCE ? LEAST : 0; }\n"
NUMBERS = [
    ("good", {"numbers.h": TABLE, "way/a.c": USES + "#define ROOM 9\nint a[ROOM + 1]; /* 0.7 */\n"}, ""),
    ("fraction", {"numbers.h": TABLE, "way/a.c": USES + "\nint g(double p) { return p < .05; }\n"},
     "src/infer/way/a.c:3: .05: belongs into"),
    ("power", {"numbers.h": TABLE, "way/a.c": USES + "double few = 1e-9;\n"}, "a.c:2: 1e-9"),
    ("macro", {"numbers.h": TABLE, "ask/a.h": USES + "#define TRIES\t3\n"},
     "src/infer/ask/a.h:2: TRIES: belongs into"),
    ("time", {"numbers.h": TABLE, "ask/a.h": USES + "#define WAIT (5 * INT64_C(1000))\n"}, "WAIT"),
    ("unused", {"numbers.h": TABLE + "#define MOST 3\n", "way/a.c": USES}, "MOST: nothing uses it"),
    ("none", {"way/a.c": ""}, "no numbers"),
]

# name, {file: text}, what check-circles must say
CIRCLES = [
    ("line", {"a.c": "int a(void);\nint b(void);\nint a(void) { return b(); }\n",
              "b.c": "int b(void);\nint b(void) { return 1; }\n"}, ""),
    ("calls", {"a.c": "int a(int);\nint b(int);\nint a(int n) { return b(n - 1); }\n",
               "b.c": "int a(int);\nint b(int);\nint b(int n) { return n ? a(n) : 0; }\n"},
     "circle of 2 files: a.c b.c"),
    ("includes", {"a.c": '#include "a.h"\nint b(void);\nint a(void) { return b(); }\n',
                  "b.c": "int b(void);\nint b(void) { return 1; }\n",
                  "a.h": '#pragma once\n#include "b.h"\nint a(void);\n',
                  "b.h": '#pragma once\n#include "a.h"\n'}, "circle of 2 files: a.h b.h"),
]

# name, C text, what check-pure must say
PURE = [
    ("good", "#include <string.h>\nstatic const char *const names[] = {\"a\", \"b\"};\n"
             "unsigned long f(int i);\nunsigned long f(int i) { return strlen(names[i & 1]); }\n", ""),
    ("clock", "#include <time.h>\nlong f(void);\nlong f(void) { return time(0); }\n", "calls time"),
    ("output", "#include <stdio.h>\nvoid f(int n);\nvoid f(int n) { printf(\"%d\", n); }\n",
     "calls printf"),
    ("assertion", "#include <assert.h>\nvoid f(int n);\nvoid f(int n) { assert(n); }\n",
     "calls __assert_fail"),
    ("global", "int counter = 3;\n", "counter is a variable"),
    ("hidden static", "int f(void);\nint f(void) { static int n; return ++n; }\n",
     "is a variable that can be written to"),
]

# name, C text, what cppcheck, scan-build and clang-tidy must say
ANALYSED = [
    ("clean", "int f(int n);\nint f(int n)\n{\n\treturn n + 1;\n}\n", ("", "", "")),
    ("faulty", """#include <string.h>
int f(int n);
int f(int n)
{
	char bytes[4] = "", *at = NULL;
	if (n > 3)
		at = bytes;
	memset(bytes, sizeof(bytes), 0);
	return *at;
}
""", ("nullPointer", "core.NullDereference", "bugprone-suspicious-memset-usage")),
]
PROJECT = """cmake_minimum_required(VERSION 3.25)
project(planted LANGUAGES C)
add_library(planted STATIC planted.c)
"""


def run(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def expect(name, says, status, output):
    """The faults of the check itself."""
    if bool(says) != (status == 1):
        return [f"{name}: status {status}: {output}"]
    return [f"{name}: no '{says}' in: {output}"] if says not in output else []


def layers(folder):
    faults = []
    for name, files, says in LAYERS:
        root = folder / name.replace(" ", "_")
        for path, text in files.items():
            (root / "src" / path).parent.mkdir(parents=True, exist_ok=True)
            (root / "src" / path).write_text(text, encoding="utf-8")
        faults += expect(f"layers, {name}", says, *run(SCRIPTS / "check-layers", root))
    return faults


def numbers(folder):
    faults = []
    for name, files, says in NUMBERS:
        root = folder / f"numbers {name}"
        for path, text in files.items():
            (root / "src/infer" / path).parent.mkdir(parents=True, exist_ok=True)
            (root / "src/infer" / path).write_text(text, encoding="utf-8")
        faults += expect(f"numbers, {name}", says, *run(SCRIPTS / "check-numbers", root))
    return faults


def drawn(folder):
    """A folder that the map lacks, one that it has alone, and a right that it does not know."""
    root = folder / "map"
    shutil.copytree(ROOT / "src", root / "src", ignore=shutil.ignore_patterns("*.c", "*.h"))
    for name in ("man", "scripts", "tests"):
        (root / name).symlink_to(ROOT / name)
    for source in (ROOT / "src").rglob("*.[ch]"):
        (root / source.relative_to(ROOT)).touch()
    faults = expect("map, good", "", *run(SCRIPTS / "check-map", root))
    (root / "src" / "attic").mkdir()
    faults += expect("map, new folder", "src/attic is not on the map",
                     *run(SCRIPTS / "check-map", root))
    (root / "src" / "attic").rename(root / "src" / "cellar")
    text = (root / "src" / "README.md").read_text(encoding="utf-8")
    for name, before, after, says in (
            ("right", "| frames to packets | base |", "| frames to packets | base io |",
             "wire may include ['base'], and the map says ['base', 'io']"),
            ("gone", "`engine` |", "`motor` |", "src/engine is not on the map"),
            ("nowhere", "`infer/rules/table.c`", "`infer/rules/chair.c`", "infer/rules/chair.c")):
        (root / "src" / "README.md").write_text(text.replace(before, after), encoding="utf-8")
        faults += expect(f"map, {name}", says, *run(SCRIPTS / "check-map", root))
    return faults


def circles(folder):
    faults = []
    for name, files, says in CIRCLES:
        sources = folder / f"circle {name}" / "src"
        sources.mkdir(parents=True)
        for path, text in files.items():
            (sources / path).write_text(text, encoding="utf-8")
        for source in sorted(sources.glob("*.c")):
            built, said = run("cc", "-c", source, "-I", sources, "-o", f"{source}.o")
            faults += [f"circles, {name}: {said}"] if built else []
        faults += expect(f"circles, {name}", says,
                         *run(SCRIPTS / "check-circles", sources.parent, sources))
    return faults


def pure(folder):
    faults = []
    for name, text, says in PURE:
        source, member, library = (folder / f"pure.{suffix}" for suffix in ("c", "o", "a"))
        source.write_text(text, encoding="utf-8")
        library.unlink(missing_ok=True)
        built, said = run("cc", "-O1", "-fPIC", "-c", source, "-o", member)
        built = built or run("ar", "rc", library, member)[0]
        faults += [f"pure, {name}: {said}"] if built else []
        faults += expect(f"pure, {name}", says, *run(SCRIPTS / "check-pure", library))
    return faults


def analysers(folder, build):
    """Each of them finds its faults; in a source without faults, none."""
    faults = []
    for name, text, says in ANALYSED:
        root = folder / name
        root.mkdir()
        source = root / "planted.c"
        source.write_text(text, encoding="utf-8")
        (root / "CMakeLists.txt").write_text(PROJECT, encoding="utf-8")
        for command, wanted in zip((
                (SCRIPTS / "check-static", "cppcheck", root),
                (SCRIPTS / "check-static", "scan-build", root / "build", root),
                (SCRIPTS / "check-tidy", build, source)), says):
            faults += expect(f"{name}, {command[1]}", wanted, *run(*command))
    return faults


def manual(folder, program):
    """A manual without one option, and one with an option too many."""
    text = (ROOT / "man" / "whoblocks.1").read_text(encoding="utf-8")
    cut = folder / "whoblocks.1"
    cut.write_text(text.replace(".It Fl -only\n", ".It Fl -olny\n"), encoding="utf-8")
    status, output = run(SCRIPTS / "check-man", program, cut)
    faults = expect("manual, missing", "('', 'only') is not in the manual", status, output)
    return faults + expect("manual, unknown", "('', 'olny') of the manual", status, output)


def main():
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        faults = layers(folder) + drawn(folder) + circles(folder) + pure(folder)
        faults += numbers(folder) + manual(folder, sys.argv[1])
        faults += analysers(folder, sys.argv[2])
    finally:
        shutil.rmtree(folder)
    for fault in faults:
        print(fault)
    print(f"check_selftest: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
