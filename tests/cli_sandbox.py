#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the running program may do, as the kernel shows it: cli_sandbox.py PROGRAM.

Commands that read stop at a pipe that nobody fills, under their filter, and do under it what they
are for. A measurement in a network of its own has no capability left in any of its processes and
threads.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.realpath(sys.argv[1])
PCAPS = pathlib.Path(__file__).resolve().parent / "pcaps"
SKIPPED = 77
FILTERED = "2"
PATIENCE_S = 20
NETWORK = f"""{{
ip link set lo up &&
ip link add stub type veth peer name other &&
ip link set other up && ip link set stub up &&
ip addr add 198.51.100.2/24 dev stub &&
ip route add default via 198.51.100.1 &&
ip neigh add 198.51.100.1 lladdr 02:00:00:00:00:01 dev stub
}} >/dev/null 2>&1 || exit {SKIPPED}
exec "$0" --no-dns --only --budget 6 192.0.2.1
"""


def instrumented():
    """Builds with sanitizers or coverage counters have no filter."""
    text = pathlib.Path(PROGRAM).read_bytes()
    return any(word in text for word in (b"__asan_init", b"__gcov_", b"__ubsan_handle"))


def status_of(task):
    """/proc/PID/task/TID/status as a dictionary; empty when it is gone."""
    try:
        lines = (task / "status").read_text().splitlines()
    except OSError:
        return {}
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def tasks_of(pid):
    """All threads of a process and of its children; what has ended does not count."""
    states = {entry: status_of(entry) for entry in pathlib.Path("/proc").glob("[0-9]*")}
    family = {str(pid)}
    for _ in range(3):
        family |= {entry.name for entry, state in states.items() if state.get("PPid") in family}
    for member in family:
        for task in pathlib.Path(f"/proc/{member}/task").glob("*"):
            if not status_of(task).get("State", "Z").startswith("Z"):
                yield task


def wait_for(process, what):
    """Whether it comes true while the process lives, within the time that it may take."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and process.poll() is None:
        if what():
            return True
        time.sleep(0.01)
    return False


def check_reading(words, folder):
    """The command opens a pipe to read it, and that only under its filter."""
    pipe = folder / "pipe"
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe)
    words = [str(pipe) if word == "PIPE" else word for word in words]
    with subprocess.Popen([PROGRAM, *words], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        task = pathlib.Path(f"/proc/{process.pid}")
        filtered = wait_for(process, lambda: status_of(task).get("Seccomp") == FILTERED)
        # Who opens the other end lets it go on: to an empty input.
        end = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
        process.kill()
        os.close(end)
    if not filtered:
        yield f"{words[0]}: no filter when it reads its input"


def check_working(folder):
    """Whatever a command that reads can do, it can do under its filter."""
    own, other, foreign = (str(PCAPS / name) for name in (
        "demo.46n.pcapng", "demo-classic.pcap", "foreign-nmap.pcap"))
    evidence, redacted, compared = (str(folder / name) for name in ("own", "redacted", "compared"))
    cases = [
        (["replay", own], 12), (["replay", "--verbose", foreign], 17), (["replay", own, other], 17),
        (["replay", "--json", "-"], 12), (["replay", "-o", evidence, own], 12),
        (["replay", "--redact", "-o", redacted, own], 12),
        (["replay", "--force", "-o", evidence, own], 12), (["replay", evidence], 12),
        (["replay", "--networks", "/dev/null", "--asn-db", "/dev/null", own], 4),
        (["report", "--format", "html", evidence], 12), (["report", "--format", "ticket", own], 12),
        (["report", "--json", redacted], 12), (["compare", own, other], 20),
        (["compare", "--json", "-", other], 20), (["compare", "-o", compared, own, other], 20),
        (["replay", compared], 20), (["report", compared], 20), (["servers", "--json"], 0),
        (["replay", "/nonexistent"], 4), (["report", str(folder)], 4),
    ]
    for words, status in cases:
        with open(own, "rb") as standard_input:
            done = subprocess.run([PROGRAM, *words], stdin=standard_input, capture_output=True,
                                  text=True, check=False, timeout=PATIENCE_S)
        if done.returncode != status:
            yield f"{words}: status {done.returncode} instead of {status}: {done.stderr}"


def check_handed_pipe():
    """A pipe of the shell's own has a name, too (/dev/stdin, <(...)): it is read like a file."""
    for words in (("replay", "-q"), ("compare", "-q", str(PCAPS / "demo.46n.pcapng"))):
        done = subprocess.run(["sh", "-c", 'cat "$1" | { program=$2; shift 2; "$program" "$@"; }',
                               "sh", str(PCAPS / "demo.46n.pcapng"), PROGRAM, *words, "/dev/stdin"],
                              capture_output=True, text=True, check=False, timeout=PATIENCE_S)
        if done.returncode not in (12, 20) or not done.stdout:
            yield f"{words[0]} /dev/stdin: status {done.returncode}: {done.stderr}"


def faults_of(task):
    state = status_of(task)
    rights = [key for key in ("CapInh", "CapPrm", "CapEff", "CapAmb")
              if int(state.get(key, "0"), 16)]
    if rights:
        yield f"{state['Name']} (process {state['Tgid']}) still has {', '.join(rights)}"
    if state and state["NoNewPrivs"] != "1":
        yield f"{state['Name']} (process {state['Tgid']}) may gain rights"


def check_live():
    """Every process of a measurement, once all of them are under their filters."""
    with subprocess.Popen(["unshare", "-n", "sh", "-c", NETWORK, PROGRAM],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        # Tools that list the firewall's rules are other programs: they end in a moment.
        def settled():
            states = [status_of(task) for task in tasks_of(process.pid)]
            return len(states) > 1 and all(
                state.get("Seccomp") == FILTERED for state in states)

        if not wait_for(process, settled):
            if process.wait() == SKIPPED:
                print("no networks of our own here: the measurement is left out")
                return
            yield "a process of the measurement is not filtered"
        for task in list(tasks_of(process.pid)):
            yield from faults_of(task)
        process.terminate()
        process.wait()


def check_file_capability(folder):
    """A program file with a capability, run by nobody: what it brought is gone when it reads."""
    program, pipe = folder / "whoblocks", folder / "rights"
    shutil.copy(PROGRAM, program)
    folder.chmod(0o755)
    if subprocess.run(["setcap", "cap_net_raw+ep", str(program)], check=False).returncode != 0:
        print("no capabilities on this file system: left out")
        return
    os.mkfifo(pipe, 0o644)
    with subprocess.Popen([str(program), "replay", str(pipe)], user=65534, group=65534,
                          extra_groups=[], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        task = pathlib.Path(f"/proc/{process.pid}")
        if not wait_for(process, lambda: status_of(task).get("Seccomp") == FILTERED):
            yield "a program file with a capability: no filter"
        yield from faults_of(task)
        process.kill()


def main():
    if instrumented():
        print("skipped: this build does not filter")
        return SKIPPED
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for words in (["replay", "PIPE"], ["report", "PIPE"], ["servers", "--servers", "PIPE"],
                      ["replay", "--output", str(folder / "out"), "PIPE"]):
            found += check_reading(words, folder)
        found += check_working(folder)
        found += check_handed_pipe()
        if os.geteuid() == 0 and shutil.which("setcap"):
            found += check_file_capability(folder)
    if os.geteuid() == 0:
        found += check_live()
    else:
        print("not root: the measurement is left out")
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
