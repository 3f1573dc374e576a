#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The service's unit: monitoring_units.py PROGRAM UNIT ...

systemd verifies the units; and a run under their list of system calls, as their user would be,
with their one capability, ends as it should. 77 means skipped: this machine cannot.
"""
import ctypes
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
ALLOW, KILL_PROCESS = 0x7FFF0000, 0x80000000
NOBODY = 65534
EXPOSURE_MOST = 2.5


def expand(name):
    """The system calls of a set of systemd's."""
    if not name.startswith("@"):
        return {name}
    said = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True,
                          text=True, check=True).stdout
    words = [line.strip() for line in said.splitlines()[1:]]
    return set().union(*(expand(word) for word in words if word and not word.startswith("#")))


def allowed(unit):
    """What is left after each SystemCallFilter= in turn."""
    calls = set()
    for line in re.findall(r"^SystemCallFilter=(.*)$", unit, re.MULTILINE):
        names = set().union(*(expand(word) for word in line.lstrip("~").split()))
        calls = calls - names if line.startswith("~") else calls | names
    return calls | expand("@default") | {"execve"}


def confine(calls):
    """This process may make these calls alone; any other ends it."""
    seccomp = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    seccomp.seccomp_init.restype = ctypes.c_void_p
    seccomp.seccomp_init.argtypes = [ctypes.c_uint32]
    seccomp.seccomp_rule_add_array.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int,
                                               ctypes.c_uint, ctypes.c_void_p]
    seccomp.seccomp_load.argtypes = [ctypes.c_void_p]
    context = seccomp.seccomp_init(KILL_PROCESS)
    for name in sorted(calls):
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            seccomp.seccomp_rule_add_array(context, ALLOW, number, 0, None)
    if seccomp.seccomp_load(context) != 0:
        sys.exit("monitoring_units: no filter")


def confined(calls, words):
    """The rest of this process is the program under the unit's limits."""
    confine(set(calls.split(",")))
    os.execv(words[0], words)


def runs(program, unit, folder):
    words = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
             "--inh-caps=-all,+net_raw", "--ambient-caps=-all,+net_raw",
             "--bounding-set=-all,+net_raw", "--no-new-privs", sys.executable, __file__,
             "--confined", ",".join(allowed(unit)), program, "watch", "--once", "--history",
             folder / "h.db", "--textfile", folder / "m.prom", "--evidence", folder / "ev"]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True,
                          timeout=60, check=False)
    if done.returncode != 0 or "undecided" not in done.stdout or done.stderr:
        yield f"a run under the unit's limits: {done.returncode} {done.stdout} {done.stderr}"


def verified(units):
    for path in units:
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units],
                              capture_output=True, text=True, check=False)
        # The program is not installed where the unit says.
        said = [line for line in done.stderr.splitlines() if "not executable" not in line]
        yield from [f"systemd-analyze verify: {line}" for line in said]
        if not path.endswith(".service"):
            continue
        done = subprocess.run(["systemd-analyze", "security", "--offline=yes", path],
                              capture_output=True, text=True, check=False)
        score = re.search(r"exposure level for \S+ ([\d.]+)", done.stdout)
        if not score or float(score.group(1)) > EXPOSURE_MOST:
            yield f"{path}: exposed: {done.stdout[-200:]}"


def main():
    program, units = os.path.realpath(sys.argv[1]), sys.argv[2:]
    tools = [tool for tool in ("systemd-analyze", "setpriv", "unshare") if not shutil.which(tool)]
    if tools or os.geteuid() != 0:
        print(f"monitoring_units: without {', '.join(tools) or 'root'}")
        return SKIPPED
    found = [*verified(units)]
    service = next(path for path in units if path.endswith("watch.service"))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        os.chown(folder, NOBODY, NOBODY)
        found += runs(program, pathlib.Path(service).read_text(), folder)
    for fault in found:
        print(fault)
    print(f"monitoring_units: {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1] == "--confined":
        confined(sys.argv[2], sys.argv[3:])
    if os.environ.get("ISOLATED") != "1" and shutil.which("unshare") and os.geteuid() == 0:
        os.execvpe("unshare", ["unshare", "--net", sys.executable, *sys.argv],
                   {**os.environ, "ISOLATED": "1"})
    sys.exit(main())
