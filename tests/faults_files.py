#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Files and folders under attack: faults_files.py PROGRAM. Needs root.

The attacks: rights that the caller of sudo does not have, names that lead elsewhere, folders made
to hang the reader, what stood there before, and a race for the name of an output.
"""
import contextlib
import hashlib
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

SKIP = 77
PROGRAM = os.path.realpath(sys.argv[1])
PCAPS = pathlib.Path(__file__).resolve().parent / "pcaps"
OWN, SMALL = PCAPS / "demo.46n.pcapng", PCAPS / "foreign-connect.pcap"
NOBODY = 65534
PATIENCE_S = 30
RACES = 500
ATTACK_PAUSE_S = 0.005
SECRET = "correct-horse-battery"
CALLERS = ({"SUDO_UID": str(NOBODY), "SUDO_GID": str(NOBODY)}, {"DOAS_USER": "nobody"},
           {"PKEXEC_UID": str(NOBODY)})


def run(*words, env=None, **more):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, check=False,
                          timeout=PATIENCE_S, env={**os.environ, **(env or {})}, **more)


def ours(folder, name, text=SECRET):
    """A file that root alone may read."""
    path = folder / name
    path.write_text(text + "\n")
    path.chmod(0o600)
    return path


def theirs(folder, name="theirs"):
    """A folder of the caller's."""
    path = folder / name
    path.mkdir()
    os.chown(path, NOBODY, NOBODY)
    return path


def check_inputs(folder):
    """a file that the caller of sudo may not read is not read, and nothing of it is said"""
    secret = ours(folder, "secret")
    for env in CALLERS:
        for words in (["servers", "--servers", secret], ["replay", secret], ["report", secret],
                      ["compare", secret, OWN], ["replay", "--networks", secret, OWN],
                      ["replay", "--asn-db", secret, OWN], ["--servers", secret],
                      ["--networks", secret, "192.0.2.1"], ["--asn-db", secret, "192.0.2.1"],
                      ["--cacert", secret, "192.0.2.1"]):
            done = run(*words, env=env)
            assert done.returncode == 4, (env, words, done)
            assert SECRET not in done.stdout + done.stderr, (env, words, done)
            assert "Permission denied" in done.stderr, (env, words, done)


def check_outputs(folder):
    """nothing is written where the caller of sudo may not write"""
    key = ours(folder, "out.key")
    place = theirs(folder)
    for env in CALLERS:
        for words in (["-o", folder / "out"], ["--force", "-o", folder / "out"],
                      ["--force", "--redact", "-o", folder / "out"]):
            done = run("replay", *words, OWN, env=env)
            assert done.returncode == 5, (env, words, done)
        assert key.read_text() == SECRET + "\n"
        done = run("replay", "--redact", "-o", place / "ev", OWN, env=env)
        assert done.returncode == 12, done
        for path in (place / "ev", place / "ev.key", place / "ev" / "result.json"):
            assert path.stat().st_uid == NOBODY, path
        shutil.rmtree(place / "ev")
        (place / "ev.key").unlink()


def check_before(folder):
    """what was there before stays, also with --force where it is not of this program"""
    place = folder / "before"
    place.mkdir()
    for name, made in (("ev.key", "file"), ("ev.partial", "file"), ("ev.partial", "folder"),
                       ("ev.key.new", "file"), ("ev.key.new", "folder"), ("ev", "folder"),
                       ("ev", "file")):
        path = place / name
        kept = path
        if made == "folder":
            path.mkdir()
            kept = path / "README.txt"
        kept.write_text("mine\n")
        for force in ([], ["--force"]):
            done = run("replay", "--redact", *force, "-o", place / "ev", OWN)
            assert done.returncode == 2, (name, made, force, done)
            assert kept.read_text() == "mine\n", (name, made, force)
            assert not done.stdout, done
        assert sorted(place.iterdir()) == [path], sorted(place.iterdir())
        shutil.rmtree(path) if made == "folder" else path.unlink()


def check_again(folder):
    """what this program wrote is replaced with --force, and only then"""
    out, key = folder / "again", folder / "again.key"
    for force, status in (([], 12), ([], 2), (["--force"], 12)):
        before = out.stat().st_ino if out.exists() else None
        done = run("replay", "--redact", *force, "-o", out, OWN)
        assert done.returncode == status, (force, done)
        assert (out.stat().st_ino == before) == (status == 2), force
    assert key.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["again", "again.key"]


def make_evidence(folder, name):
    path = folder / name
    done = run("replay", "-o", path, OWN)
    assert done.returncode == 12, done
    return path


def check_strange_folder(folder):
    """a stranger's folder makes the reader neither wait nor work"""
    for number, (name, kind) in enumerate((name, kind) for name in (
            "capture.pcapng", "result.json", "SHA256SUMS") for kind in ("pipe", "device", "link",
                                                                       "holes")):
        path = make_evidence(folder, f"strange-{number}")
        member = path / name
        if kind == "holes":
            os.truncate(member, 1 << 40)
        else:
            member.unlink()
        if kind == "pipe":
            os.mkfifo(member)
        elif kind == "link":
            member.symlink_to("/dev/zero")
        elif kind == "device":
            os.mknod(member, 0o020666, os.makedev(1, 5))
        for words in (["replay", path], ["report", path], ["compare", path, OWN]):
            done = run(*words)
            assert done.returncode in (4, 6), (name, kind, words, done)


def check_sums(folder):
    """a list of checksums names each file of an evidence folder once, and no other"""
    path = make_evidence(folder, "sums")
    sums = path / "SHA256SUMS"
    good = sums.read_text()
    line = next(line for line in good.splitlines() if line.endswith("capture.pcapng"))
    empty = hashlib.sha256(b"").hexdigest()
    for text in ((line + "\n") * 200000, good + line + "\n", good + f"{empty}  README\n",
                 good + f"{empty}  ../../../dev/null\n"):
        sums.write_text(text)
        done = run("replay", path)
        assert done.returncode == 6, done
    sums.write_text(good)
    assert run("replay", path).returncode == 12


def check_streams(folder):
    """closed standard streams: what is said to them goes into no file"""
    for number, closed in enumerate(((0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2))):
        path = folder / f"closed-{number}"

        def close(streams=closed):
            for stream in streams:
                os.close(stream)
        with open(os.devnull, "r+b") as null:
            done = subprocess.run([PROGRAM, "replay", "--verbose", "-o", path, SMALL], stdin=null,
                                  stdout=null, stderr=null, preexec_fn=close, check=False,
                                  timeout=PATIENCE_S)
        assert (done.returncode == 5) == (1 in closed), (closed, done)
        assert run("replay", path).returncode >= 10, closed
        assert (path / "capture.pcapng").read_bytes() == SMALL.read_bytes(), closed


def attack(place, target):
    """The name of the half-made folder leads to root's, or to one's own: at moments drawn by chance,
    so that every step of the run is met and some runs come through. Ends with the test."""
    test = os.getppid()
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    partial, spare, link = place / "out.partial", place / "spare", place / "link"
    with contextlib.suppress(OSError):
        link.symlink_to(target)
    while os.getppid() == test:
        for step in (lambda: os.rename(partial, spare), lambda: os.symlink(target, partial),
                     lambda: os.unlink(partial), lambda: os.rename(spare, partial)):
            with contextlib.suppress(OSError):
                step()
            time.sleep(random.random() * ATTACK_PAUSE_S)


def clear(path):
    """Takes away what stands there, if the attacker leaves it there."""
    shutil.rmtree(path, ignore_errors=True)
    with contextlib.suppress(OSError):
        path.unlink()


def start_attack(place, target):
    """A process that attacks; its number."""
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            attack(place, target)
        os._exit(0)
    return pid


def check_race(folder):
    """a race for the name of the output, in a folder of the attacker's: 500 times"""
    place, target = theirs(folder), folder / "target"
    target.mkdir()
    target.chmod(0o755)
    place.chmod(0o777)  # root's rights over others' folders are given up
    attackers = [start_attack(place, target) for _ in range(2)]
    written = 0
    try:
        for _ in range(RACES):
            done = run("replay", "-q", "-o", place / "out", SMALL)
            assert done.returncode >= 0, done
            written += (place / "out" / "result.json").exists()
            for name in ("out", "out.partial", "spare"):
                clear(place / name)
            assert not list(target.iterdir()), list(target.iterdir())
    finally:
        for pid in attackers:
            os.kill(pid, 9)
            os.waitpid(pid, 0)
    assert 0 < written < RACES, written
    print(f"       {written} of {RACES} folders came out whole")


CHECKS = (check_inputs, check_outputs, check_before, check_again, check_strange_folder, check_sums,
          check_streams, check_race)


def main():
    if os.geteuid() != 0 or not shutil.which("unshare"):
        print("needs root and unshare")
        return SKIP
    if "--inside" not in sys.argv:
        inside = "ip link set lo up && exec \"$@\""
        return subprocess.run(["unshare", "-n", "sh", "-c", inside, "sh", sys.executable,
                               *sys.argv, "--inside"], check=False).returncode
    failed = 0
    wanted = [word for word in sys.argv[2:] if word != "--inside"]
    for check in CHECKS:
        if wanted and check.__name__ not in wanted:
            continue
        with tempfile.TemporaryDirectory() as name:
            os.chmod(name, 0o755)
            try:
                check(pathlib.Path(name))
            except (AssertionError, OSError, subprocess.TimeoutExpired) as why:
                failed += 1
                print(f"FAILED {check.__doc__}: {str(why)[:600]}", flush=True)
            else:
                print(f"ok     {check.__doc__}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
