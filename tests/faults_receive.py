#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What `receive` keeps and for whom, and where its disk ends: faults_receive.py PROGRAM. Needs root.

The sniffer is a user with a program that has cap_net_raw, the victim's password goes by in clear
text; then root captures the same and keeps no more than headers.
"""
import contextlib
import ctypes
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

SKIP = 77
CAP_NET_RAW = 13
NOBODY = 65534
HERE, CLIENT = "127.0.0.1", "127.0.0.2"
SECRET = b"PASS correct-horse"
GREETING = b"220 mx.example.org ESMTP\r\n"
PATIENCE_S = 20


def capable(program, folder):
    """A copy with cap_net_raw+ep that everybody may run."""
    path = os.path.join(folder, "whoblocks")
    shutil.copyfile(program, path)
    os.chmod(path, 0o755)
    os.setxattr(path, "security.capability",
                struct.pack("<IIIII", 0x02000001, 1 << CAP_NET_RAW, 0, 0, 0))
    return path


def serve(port, lines):
    """One connection: every line is said and followed by what the other end says."""
    listener = socket.create_server((HERE, port))

    def talk():
        with listener, listener.accept()[0] as peer:
            for line in lines:
                peer.sendall(line)
                peer.recv(4096)
    threading.Thread(target=talk, daemon=True).start()


def say(port, words):
    with socket.create_connection((HERE, port), source_address=(CLIENT, 0)) as there:
        for word in words:
            there.recv(4096)
            there.sendall(word)


def dialogues():
    """A mail box is read on 110, mail is sent on 587 with a password, both in clear text."""
    serve(110, [b"+OK ready\r\n", b"+OK\r\n", b"+OK\r\n"])
    say(110, [b"USER root\r\n", SECRET + b"\r\n", b"QUIT\r\n"])
    serve(587, [GREETING, b"250-mx.example.org\r\n250 STARTTLS\r\n", b"235 hello\r\n"])
    say(587, [b"EHLO me.example\r\nAUTH PLAIN " + SECRET + b"\r\n", SECRET + b"\r\n", SECRET])


@contextlib.contextmanager
def receiver(program, *words, **more):
    with subprocess.Popen([program, "receive", "-i", "lo", "--for", "60", *words], **more,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def end_of(process):
    """What a receiver says that is told to end."""
    process.terminate()
    out, err = process.communicate(timeout=PATIENCE_S)
    return process.returncode, out, err


def wait_for(process):
    """Until it captures: it has given up its rights, and may filter nothing any more."""
    until = time.monotonic() + PATIENCE_S
    while "Seccomp:\t2" not in pathlib.Path(f"/proc/{process.pid}/status").read_text():
        assert process.poll() is None and time.monotonic() < until, "no capture begins"
        time.sleep(0.01)


def captured(program, folder, name, *words):
    """The file that root's receiver leaves of the dialogues."""
    path = os.path.join(folder, name)
    with receiver(program, "-w", path, *words) as process:
        wait_for(process)
        dialogues()
        status, out, err = end_of(process)
    assert status == 0, (status, err)
    assert not out.startswith("0 SYNs"), out
    with open(path, "rb") as file:
        return file.read()


def check_sniffer(program, folder):
    """a user with a capable program captures nobody's packets"""
    path = os.path.join(folder, "sniffed.pcapng")
    with receiver(capable(program, folder), "-p", "110", "--from", "0.0.0.0/0", "-w", path,
                  user=NOBODY, group=NOBODY, extra_groups=[]) as process:
        out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 3 and "root" in err, (process.returncode, out, err)
    assert not os.path.exists(path)


def check_headers(program, folder):
    """root's receiver keeps headers, and of one client's SMTP the words of the protocol"""
    for name, words in (("pop", ("-p", "110", "--from", CLIENT)),
                        ("control", ("--control", "110", "--from", CLIENT)),
                        ("many", ("--control", "110", "--from", "127.0.0.0/8"))):
        got = captured(program, folder, name + ".pcapng", *words)
        assert SECRET not in got and b"USER root" not in got, name
        assert (GREETING in got) == (name == "control"), name
        assert (b"EHLO me.example" in got) == (name == "control"), name


def check_rate(program, folder):
    """more packets a second than usual are root's alone"""
    path = capable(program, folder)
    done = subprocess.run([path, "--max-rate", "501", "--only", HERE], user=NOBODY, group=NOBODY,
                          extra_groups=[], capture_output=True, text=True, check=False)
    assert done.returncode == 3 and "501" in done.stderr, (done.returncode, done.stderr)


def freeze():
    """No program file gives more than the process has, from here on (PR_SET_NO_NEW_PRIVS)."""
    ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)


def check_frozen(program, folder):
    """where no_new_privs makes a file's capability worth nothing, the message says so"""
    done = subprocess.run([capable(program, folder), "--only", HERE], preexec_fn=freeze, user=NOBODY,
                          group=NOBODY, extra_groups=[], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 3 and "NoNewPrivileges" in done.stderr, done


def check_disk(program, folder):
    """a disk that is full in the middle: status 5, and what fitted stays readable"""
    small = os.path.join(folder, "small")
    os.mkdir(small)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "small", small], check=True)
    path = os.path.join(small, "a.pcapng")
    with receiver(program, "-w", path, "--from", CLIENT) as process:
        wait_for(process)
        until = time.monotonic() + PATIENCE_S
        while process.poll() is None:
            assert time.monotonic() < until, "the receiver does not end"
            with socket.socket() as out:
                out.bind((CLIENT, 0))
                out.connect_ex((HERE, 587))
        err = process.communicate()[1]
    assert process.returncode == 5 and "No space left" in err, (process.returncode, err)
    assert not os.path.exists(path)
    done = subprocess.run([program, "replay", path + ".partial"], capture_output=True,
                          check=False, timeout=PATIENCE_S)
    subprocess.run(["umount", small], check=True)
    assert done.returncode >= 10, done


CHECKS = (check_sniffer, check_headers, check_rate, check_frozen, check_disk)


def main():
    if os.geteuid() != 0 or not shutil.which("unshare"):
        print("needs root and unshare")
        return SKIP
    if "--inside" not in sys.argv:
        inside = "ip link set lo up && exec \"$@\""
        return subprocess.run(["unshare", "-nm", "sh", "-c", inside, "sh", sys.executable,
                               *sys.argv, "--inside"], check=False).returncode
    failed = 0
    for check in CHECKS:
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            try:
                check(os.path.realpath(sys.argv[1]), folder)
            except (AssertionError, subprocess.TimeoutExpired) as why:
                failed += 1
                print(f"FAILED {check.__doc__}: {why}")
            else:
                print(f"ok     {check.__doc__}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
