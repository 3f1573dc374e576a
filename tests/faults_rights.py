#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the program may do while it runs, and with how little it works. Needs root."""

import ctypes
import os
import pwd
import shutil
import socket
import struct
import subprocess
import sys
import threading

from faulty import (children, command, finish, folder, main, measure, preload, start, text_of, under_way,
                    wait_for)

NOBODY = 65534
CAP_NET_RAW = 13


def status_of(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def assert_powerless(pid, uid):
    """No capability in any set, no way to new ones, one user in every role."""
    status = status_of(pid)
    for key in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert int(status[key], 16) == 0, (key, status[key])
    assert status["NoNewPrivs"] == "1", status["NoNewPrivs"]
    assert status["Uid"].split() == [str(uid)] * 4, status["Uid"]
    return status


def measuring(env, uid, kin):
    """The main process is `uid`, its children are these; the bounding sets are empty."""
    with under_way("--no-smtp", env=env, packets=12) as process:
        # The readers of rules have their rights for the moment that they need.
        wait_for(lambda: len(children(process.pid)) == len(kin), "the end of the readers")
        tool = assert_powerless(process.pid, uid)
        assert int(tool["CapBnd"], 16) == 0, tool["CapBnd"]
        for pid, user in zip(sorted(children(process.pid)), kin):
            child = assert_powerless(pid, user)
            assert int(child["CapBnd"], 16) == 0, child["CapBnd"]
        finish(process, (0, 20))


def talks(pid):
    """Whether the process itself has a connection to the port under test."""
    lines = text_of("ss", "-Htnp", "state", "established", "dport", "=", ":587").splitlines()
    return any(f"pid={pid}," in line for line in lines)


def in_mail():
    """a mail session over TLS is held by threads and processes without any right"""
    env = {"SUDO_UID": str(NOBODY), "SUDO_GID": str(NOBODY)}
    with under_way(env=env, packets=12) as process:
        wait_for(lambda: talks(process.pid), "a mail session")
        for task in os.listdir(f"/proc/{process.pid}/task"):
            assert_powerless(task, NOBODY)
        for child, user in zip(sorted(children(process.pid)), [0, NOBODY]):
            assert_powerless(child, user)
        _, result, _ = finish(process, (0,))
        sessions = [server["smtp"] for server in result["servers"]]
        assert any(session and session["tls"] for session in sessions), sessions


def as_root():
    """started by root: it becomes nobody"""
    measuring(None, NOBODY, [0])


def by_sudo():
    """started by sudo: it becomes the caller"""
    measuring({"SUDO_UID": str(NOBODY), "SUDO_GID": str(NOBODY)}, NOBODY, [0, NOBODY])


def intruded(words, env, phases, tries=("READ", "WRITE", "MAKE")):
    """Whatever the intruder tries in these phases, nothing of root's is read, made or changed."""
    paths = {"READ": "secret", "WRITE": "secret", "MAKE": "made"}
    paths = {key: os.path.join(folder(), name) for key, name in paths.items()}
    with open(paths["READ"], "w", encoding="utf-8") as file:
        file.write("root's\n")
    os.chmod(paths["READ"], 0o600)
    env = {**os.environ, **env, **preload("INTRUDER"),
           **{f"INTRUDER_{key}": paths[key] for key in tries}}
    done = subprocess.run(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, timeout=40, check=False)
    tried = [line.split(": ")[1:] for line in done.stderr.splitlines()
             if line.startswith("intruder: ")]
    # Rules of the firewall that come as JSON are one more phase, where nft is asked.
    assert {phase for phase, _ in tried} >= set(phases), (words, done)
    assert all(result == "0" for _, result in tried), (words, done)
    assert not os.path.exists(paths["MAKE"])


def deny_names():
    """A name server that knows nobody, and that is asked."""
    with open("/etc/nsswitch.conf", "w", encoding="utf-8") as file:
        file.write("hosts: files dns\n")
    here = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    here.bind(("127.0.0.1", 53))

    def answer():
        while True:
            question, who = here.recvfrom(512)
            here.sendto(question[:2] + b"\x81\x83" + question[4:], who)
    threading.Thread(target=answer, daemon=True).start()


def from_inside():
    """who breaks into it while it reads packets, DNS or TLS finds nothing of root's"""
    os.chmod(folder(), 0o755)
    deny_names()
    path = os.path.join(folder(), "case.pcapng")
    probe = command("posteo.de", "nobody.example", json_result=False)
    caller = {"SUDO_UID": str(NOBODY), "SUDO_GID": str(NOBODY)}
    for words, env in ((probe, {}), (probe, caller), ([*probe, "-w", path], {})):
        intruded(words, env, ["packet", "dns", "tls"])
    evidence = os.path.join(folder(), "evidence")
    for words in (["replay", path], ["replay", "-o", evidence, path], ["report", evidence],
                  ["compare", path, path]):
        intruded(["whoblocks", *words], {}, ["facts"], ["READ"])
        # Who tries to write under their filter has no second try.
        intruded(["whoblocks", *words, "--quiet"], {}, [], ["MAKE"])


def outputs():
    """started by sudo: what it writes belongs to the caller"""
    place = os.path.join(folder(), "theirs")
    os.mkdir(place)
    os.chown(place, NOBODY, NOBODY)
    env = {"SUDO_UID": str(NOBODY), "SUDO_GID": str(NOBODY)}
    measure("--no-smtp", "-w", f"{place}/a.pcapng", env=env, statuses=(0,))
    assert os.stat(f"{place}/a.pcapng").st_uid == NOBODY
    status, _, err = measure("--no-smtp", "-w", f"{folder()}/b.pcapng", env=env)
    assert status == 5 and "b.pcapng" in err, (status, err)


def without():
    """without CAP_NET_RAW: status 3 and how to mend it"""
    status, result, err = measure(user=NOBODY, group=NOBODY, extra_groups=[])
    assert status == 3 and result is None, status
    assert "CAP_NET_RAW" in err and "sudo" in err, err


def without_trust():
    """without a trusted certificate nothing is called open, and the text says what is missing"""
    ctypes.CDLL(None).mount(b"none", b"/etc/ssl/certs", b"tmpfs", 0, None)
    with open("/etc/ssl/certs/ca-certificates.crt", "w", encoding="ascii"):
        pass
    status, result, _ = measure(statuses=(20,))
    assert result["verdict"]["state"] == "unknown", (status, result["verdict"])
    texts = [fact["text"] for fact in result["host"]["facts"] if fact["kind"] == "no-trust"]
    assert any("ca-certificates.crt holds no certificate" in text for text in texts), texts
    assert any("--cacert" in text for text in result["verdict"]["next"]), result["verdict"]["next"]


def capable(name):
    """A copy of the program with cap_net_raw+ep alone."""
    path = os.path.join(folder(), name)
    shutil.copyfile(shutil.which("whoblocks"), path)
    os.chmod(path, 0o755)
    bits = struct.pack("<IIIII", 0x02000001, 1 << CAP_NET_RAW, 0, 0, 0)
    os.setxattr(path, "security.capability", bits)
    return path


def as_nobody():
    ctypes.CDLL(None).prctl(38, 0, 0, 0, 0)
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def with_one():
    """with cap_net_raw alone everything but other users and rule texts works"""
    path = capable("whoblocks-capable")
    for options, wanted in ((["--no-smtp"], 0), (["--as-user", "root"], 3),
                            (["--no-smtp", "--as-user", pwd.getpwuid(NOBODY).pw_name], 0)):
        process = start(*options, executable=path, preexec_fn=as_nobody)
        status, result, err = finish(process)
        assert status == wanted, (options, status, err)
        if wanted == 0:
            users = {fact["user"] for fact in result["host"]["facts"]
                     if fact["kind"] == "connect"}
            assert users == {pwd.getpwuid(NOBODY).pw_name}, users


def with_one_local():
    """with cap_net_raw alone the host's own block is found"""
    path = capable("whoblocks-capable")
    process = start("--no-smtp", executable=path, preexec_fn=as_nobody)
    _, result, _ = finish(process, (10,))
    assert result["host"]["facts"][0]["rule"] is None


def default_user():
    """sudo's caller is tried by default: only root may submit, the caller is blocked"""
    _, result, _ = measure("--no-smtp", statuses=(0,))
    env = {"SUDO_UID": str(NOBODY), "SUDO_GID": str(NOBODY)}
    _, result, _ = measure("--no-smtp", env=env, statuses=(10,))
    facts = [fact for fact in result["host"]["facts"] if fact["kind"] == "owner-rule"]
    assert facts and facts[0]["user"] == pwd.getpwuid(NOBODY).pw_name, facts
    assert "skuid" in facts[0]["rule"], facts[0]


CASES = {
    "in-mail": ("--rtt 300 T1", in_mail),
    "as-root": ("--rtt 300 T1", as_root),
    "by-sudo": ("--rtt 300 T1", by_sudo),
    "from-inside": ("--rtt 50 T1", from_inside),
    "outputs": ("T1", outputs),
    "without": ("T1", without),
    "without-trust": ("T1", without_trust),
    "with-one": ("T1", with_one),
    "with-one-local": ("local-drop.4n", with_one_local),
    "default-user": ("local-root-alone.4n", default_user),
}

if __name__ == "__main__":
    sys.exit(main(CASES))
