#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The half that reads, built as other systems can: platform_reading.py PROGRAM FOLDER

The sources are configured in FOLDER with WHOBLOCKS_LIVE=OFF where pkg-config knows nothing but
libpcap and jansson. Looked at: which headers they include, which functions of the system the
program calls, that it says of every replay case what PROGRAM says, byte by byte, and that it
refuses by name what it lacks.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import replay_cases  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[1]
PCAPS = replay_cases.PCAPS
# Headers of C11 and POSIX.1-2017, and the few that Linux, FreeBSD and macOS have beside them.
PORTABLE = set("""
    assert.h complex.h ctype.h errno.h float.h inttypes.h limits.h locale.h math.h signal.h
    stdalign.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h string.h time.h wchar.h wctype.h
    arpa/inet.h dirent.h fcntl.h grp.h netdb.h netinet/in.h poll.h pwd.h strings.h sys/mman.h
    sys/resource.h sys/socket.h sys/stat.h sys/types.h sys/un.h sys/utsname.h sys/wait.h termios.h
    unistd.h
    getopt.h langinfo.h sys/file.h sys/ioctl.h sys/random.h
    jansson.h pcap/pcap.h""".split())
# Functions that only Linux has, or not every one of the three.
FOREIGN = re.compile(r"""^(renameat2 | fopencookie | secure_getenv | getrandom | memfd_create |
    close_range | epoll_\w+ | eventfd | signalfd | timerfd_\w+ | inotify_\w+ | prctl | syscall |
    pipe2 | dup3 | accept4 | getresuid | getresgid | setresuid | setresgid | adjtimex | capset |
    qsort_r | sched_getaffinity | ppoll | statx | copy_file_range | sendfile | setns |
    unshare | strchrnul | rawmemchr | mempcpy | error | program_invocation\w* )$""", re.VERBOSE)
# Words, and what is said of them, with status 2.
REFUSED = (
    (["probe"], "probe: this whoblocks measures nothing", "WHOBLOCKS_LIVE=OFF"),
    (["192.0.2.1"], "probe: this whoblocks measures nothing", "WHOBLOCKS_LIVE=OFF"),
    (["receive"], "receive: this whoblocks measures nothing", "WHOBLOCKS_LIVE=OFF"),
    (["watch"], "watch: this whoblocks measures nothing", "WHOBLOCKS_LIVE=OFF"),
    (["watch", "--textfile", "x"], "--textfile: this whoblocks has no metrics", "METRICS=OFF"),
    (["history"], "history: this whoblocks keeps no history", "WHOBLOCKS_HISTORY=OFF"),
    (["history", "--history", "x"], "--history: this whoblocks keeps no", "WHOBLOCKS_HISTORY=OFF"),
    (["outside", "192.0.2.1"], "outside HOST: this whoblocks asks no web", "WHOBLOCKS_WEB=OFF"),
    (["outside", "--via", "atlas", "x"], "--via: this whoblocks asks no web", "WHOBLOCKS_WEB=OFF"),
    *((["outside", f"--{name}", *value, "x"], f"--{name}: this whoblocks asks no web",
       "WHOBLOCKS_WEB=OFF")
      for name, *value in (("country", "DE"), ("probes", "2"), ("credits-max", "9"), ("yes",),
                           ("dry-run",), ("resume", "1"), ("key-file", "k"), ("wait", "9"),
                           ("api", "u"))),
    (["outside", "--cacert", "c", "x"], "--cacert: this whoblocks measures nothing", "LIVE=OFF"),
    (["replay", "--language", "de", "demo.46n.pcapng"], "this whoblocks speaks English alone",
     "WHOBLOCKS_LANGUAGES=OFF"),
    (["replay", "--asn-db", "LOC", "demo.46n.pcapng"], "is a data base of libloc",
     "WHOBLOCKS_OWNERS_LOC=OFF"),
    (["replay", "--asn-db", "MMDB", "demo.46n.pcapng"], "reads no other",
     "WHOBLOCKS_OWNERS_MMDB=OFF"),
    (["replay", "PACKED"], "is compressed, and this whoblocks unpacks nothing",
     "WHOBLOCKS_PACKED=OFF"),
)


def run(*words, **more):
    return subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, check=False,
                          capture_output=True, **more)


def build(folder):
    """The program; or the end of the test."""
    known = folder / "pkgconfig"
    known.mkdir(parents=True)
    for name in ("libpcap", "jansson"):
        place = run("pkg-config", "--variable=pcfiledir", name, text=True).stdout.strip()
        text = (pathlib.Path(place) / f"{name}.pc").read_text(encoding="utf-8")
        # What a static libpcap would want besides is no matter of ours.
        text = re.sub(r"^Requires\.private:.*$", "", text, flags=re.MULTILINE)
        (known / f"{name}.pc").write_text(text, encoding="utf-8")
    environment = {**os.environ, "PKG_CONFIG_LIBDIR": str(known)}
    environment.pop("PKG_CONFIG_PATH", None)
    made = folder / "build"
    for words in (("cmake", "-G", "Ninja", "-S", ROOT, "-B", made, "-DCMAKE_BUILD_TYPE=Debug",
                   "-DWHOBLOCKS_LIVE=OFF", "-DWHOBLOCKS_LANGUAGES=OFF", "-DBUILD_TESTING=OFF"),
                  ("cmake", "--build", made)):
        done = run(*words, env=environment, text=True)
        if done.returncode != 0:
            sys.exit(f"{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return made


def odd_headers(made):
    """Headers that not every system has, by the sources that include them."""
    commands = json.loads((made / "compile_commands.json").read_text(encoding="utf-8"))
    todo, seen = [pathlib.Path(row["file"]) for row in commands], set()
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"^\s*#\s*include\s*<([^>]+)>", text, re.MULTILINE):
            if name not in PORTABLE:
                yield f"{path.relative_to(ROOT)} includes <{name}>"
        todo += [ROOT / "src" / name for name in
                 re.findall(r'^\s*#\s*include\s*"([^"]+)"', text, re.MULTILINE)]


def odd_symbols(program):
    told = run("nm", "--dynamic", "--undefined-only", program, text=True).stdout
    table = [name.partition("@")[0] for name in told.split()]
    if "json_loadf" not in table:
        yield f"nm does not tell what {program} calls"
    yield from (f"the program calls {name}" for name in table if FOREIGN.match(name))


def say(program, words, folder=PCAPS):
    """What it says, told to have no data base of owners: both builds have the same name."""
    done = run("whoblocks", *words, executable=program, cwd=folder,
               env={**os.environ, "WHOBLOCKS_ASN_DB": ""})
    return done.returncode, done.stdout, done.stderr


def odd_answers(whole, reading):
    """Where the two builds do not say the same."""
    cases = [replay_cases.Case(line) for line in replay_cases.CASES.read_text(encoding="utf-8")
             .splitlines() if re.match("[a-z0-9]", line)]
    asked = [["replay", *form, *case.options, *case.capture.split()]
             for number, case in enumerate(cases)
             for form in ([], ["--json"])[0 if number % 5 == 0 else 1:]]
    asked += [["explain", "demo.46n.pcapng"], ["explain", "17"], ["explain", "rate-limit"],
              ["servers"], ["servers", "--json"], ["--version"],
              ["compare", "foreign-nmap.pcap", "foreign-connect.pcap"]]
    folder = reading.parent / "folder-1"
    made = say(whole, ["replay", "-q", "-o", folder, "demo.46n.pcapng"])
    result = [folder / "result.json"]
    if not result[0].exists():
        yield f"no folder was written: {made}"
    asked += [["report", folder], ["report", "--format", "ticket", folder], ["sites", *result],
              ["replay", folder]]
    for words in asked:
        one, other = say(whole, words), say(reading, words)
        if one != other:
            yield f"{words}: {other} instead of {one}"
        if one[0] in (2, 3, 5, 6):
            yield f"{words}: status {one[0]}: {one[2]}"
    again = reading.parent / "folder-2"
    say(reading, ["replay", "-q", "-o", again, "demo.46n.pcapng"])
    for path in sorted(folder.iterdir()):
        text = path.read_bytes().replace(b"/folder-1", b"/folder-2")
        # The ticket and the list have the sums of files that name their folder.
        if (again / path.name).read_bytes() != text and \
                path.name not in ("SHA256SUMS", "ticket.txt"):
            yield f"{path.name} of the folder that it writes differs"
    if run("sha256sum", "--check", "--quiet", "SHA256SUMS", cwd=again).returncode != 0:
        yield "the sums of the folder that it writes are wrong"


def odd_refusals(program):
    folder = program.parent
    files = {"LOC": b"LOCDBXX\0", "MMDB": b"\xab\xcd\xefMaxMind.com", "PACKED": b"\x1f\x8b\x08\0"}
    for name, start in files.items():
        (folder / name).write_bytes(start + bytes(100))
    shutil.copy(PCAPS / "demo.46n.pcapng", folder)
    for words, *told in REFUSED:
        status, _, errors = say(program, words, folder)
        if status != 2 or any(part.encode() not in errors for part in told):
            yield f"{words}: status {status}, {errors}"
    status, line, _ = say(program, ["check"], folder)
    if status != 3 or not line.startswith(b"WHOBLOCKS UNKNOWN - check: this whoblocks measures no"):
        yield f"check: status {status}, {line}"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    whole, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    made = build(folder)
    program = made / "whoblocks"
    faults = [*odd_headers(made), *odd_symbols(program), *odd_answers(whole, program),
              *odd_refusals(program)]
    for fault in faults:
        print(fault)
    print(f"platform_reading: {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
