# SPDX-License-Identifier: BSD-2-Clause
"""Common ground of the tests of faults: they run in a laboratory, as root, in its client.

A test file calls main(CASES): from ctest it takes the program and runs each case in a laboratory
of its own; in there (with --inside) it runs the one function.
"""

import contextlib
import json
import os
import subprocess
import sys
import time

TESTS = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(TESTS), "scripts"))
from labkit import kernel  # noqa: E402

LAB = os.path.join(os.path.dirname(TESTS), "scripts", "lab")
SKIPPED = 77
LIMIT_S = 40


def folder():
    return os.environ["LAB_FOLDER"]


def command(*options, family="-4", json_result=True):
    words = ["whoblocks", "probe", family, "--servers", os.environ["LAB_SERVERS"],
             "--networks", os.environ["LAB_NETWORKS"], *options]
    return words + (["--json"] if json_result else [])


def start(*options, env=None, **more):
    """The program, started; standard output and error are pipes unless told otherwise."""
    more.setdefault("stdout", subprocess.PIPE)
    more.setdefault("stderr", subprocess.PIPE)
    more.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.Popen(command(*options), env={**os.environ, **(env or {})}, **more)


def finish(process, statuses=None):
    """Status, result (None without one), and what it said; never a signal, never a hang."""
    try:
        out, err = process.communicate(timeout=LIMIT_S)
    except subprocess.TimeoutExpired as error:
        process.kill()
        raise AssertionError(f"no end after {LIMIT_S} s") from error
    err = err.decode("utf-8", "replace") if err else ""
    assert process.returncode >= 0, f"killed by signal {-process.returncode}: {err}"
    assert process.returncode != 1 and "Sanitizer" not in err, err
    if statuses:
        assert process.returncode in statuses, f"status {process.returncode}: {err}"
    return process.returncode, json.loads(out) if out else None, err


def measure(*options, statuses=None, **more):
    return finish(start(*options, **more), statuses)


def wait_for(condition, what, seconds=10):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"{what} did not happen"
        time.sleep(0.005)


def packets_sent(device="eth0"):
    with open(f"/sys/class/net/{device}/statistics/tx_packets", encoding="ascii") as file:
        return int(file.read())


@contextlib.contextmanager
def under_way(*options, packets=8, **more):
    """The program in the middle of its measurement."""
    before = packets_sent()
    process = start(*options, **more)
    try:
        wait_for(lambda: packets_sent() >= before + packets, "sending")
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def run(*words):
    subprocess.run(words, check=True, capture_output=True)


def text_of(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def stat(pid):
    """Name, state letter and parent of a process, or None."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            head, tail = file.read().rsplit(")", 1)
    except OSError:
        return None
    return head.split("(", 1)[1], tail.split()[0], int(tail.split()[1])


def processes():
    """Living processes of the program: number to parent."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        known = stat(pid)
        if known and known[0].startswith("whoblocks") and known[1] != "Z":
            found[int(pid)] = known[2]
    return found


def children(pid):
    return [child for child, parent in processes().items() if parent == pid]


def state():
    """What a run could change in the client: rules, routes, sockets, processes, files."""
    sockets = sorted(line for line in text_of("ss", "-Htan").splitlines()
                     if "TIME-WAIT" not in line)
    return {
        "rules": text_of("nft", "list", "ruleset"),
        "policy": text_of("ip", "rule") + text_of("ip", "-6", "rule"),
        "routes": text_of("ip", "route", "show", "table", "all") +
                  text_of("ip", "-6", "route", "show", "table", "all"),
        "links": text_of("ip", "-o", "link"),
        "addresses": text_of("ip", "-o", "addr"),
        "sockets": sockets,
        "programs": processes(),
        # Unit tests beside this one have files of their own.
        "files": sorted(name for place in (folder(), "/tmp", ".") for name in os.listdir(place)
                        if place == folder() or "whoblocks" in name
                        and not name.startswith("whoblocks-test-")),
        "mounts": text_of("cat", "/proc/mounts"),
    }


def assert_same(before, after, *but):
    for key, value in before.items():
        if key not in but:
            assert value == after[key], f"{key} changed: {value} became {after[key]}"


def outside(cases, program):
    failed = 0
    for name, (scenario, function) in cases.items():
        words = [LAB, "--binary", program, "run", *scenario.split(), "--", sys.executable,
                 os.path.realpath(sys.argv[0]), "--inside", name]
        try:
            done = subprocess.run(words, capture_output=True, text=True, check=False,
                                  timeout=6 * LIMIT_S, stdin=subprocess.DEVNULL)
            problem = done.stdout + done.stderr if done.returncode else ""
        except subprocess.TimeoutExpired:
            problem = "no end"
        print(f"{'FAILED' if problem else 'ok':6} {name}: {function.__doc__}", flush=True)
        if problem:
            print(problem, flush=True)
            failed += 1
    return 1 if failed else 0


def preload(name="FAULTS"):
    """Variables that make the program itself fail; ends the case where nothing is preloaded."""
    library = os.environ.get(name, "")
    if not library:
        print("skipped: nothing to preload in this build")
        sys.exit(0)
    return kernel.preloaded(library)


def main(cases):
    """cases: name to (lab scenario with options, function)."""
    if sys.argv[1] == "--inside":
        cases[sys.argv[2]][1]()
        return 0
    if os.geteuid() != 0:
        print("skipped: needs root")
        return SKIPPED
    wanted = sys.argv[2:]
    return outside({name: case for name, case in cases.items() if not wanted or name in wanted},
                   os.path.realpath(sys.argv[1]))
