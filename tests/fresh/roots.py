# SPDX-License-Identifier: BSD-2-Clause
"""Minimal roots of Debian to work in: made by debootstrap, entered with mounts of their own.

The bare root and the packages that apt fetches are kept beside it, so that only the first run
fetches them.
"""
import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

PATHS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# What every machine has and no root brings: devices, processes, and packages that apt has fetched.
# The root is a mount, as that of every machine is; with a lower one, a layer upon it.
ENTER = """
set -e
root=$1 archives=$2 layer=$3; shift 3
if [ -n "$layer" ]; then mount -t overlay -o "$layer" overlay "$root"
else mount --rbind "$root" "$root"; fi
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
mount -t tmpfs run "$root/run"
mount --bind "$archives" "$root/var/cache/apt/archives"
exec chroot "$root" "$@"
"""


class Skip(Exception):
    """Why this machine cannot."""


class Fault(Exception):
    """What a fresh system did that it must not."""


def need(*tools):
    missing = [tool for tool in tools if not shutil.which(tool)]
    if missing:
        raise Skip(f"without {', '.join(missing)}")
    if os.geteuid() != 0:
        raise Skip("without root")


def run(*words, **more):
    return subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, text=True,
                          check=False, **{"capture_output": True, **more})


def tail(done, lines=25):
    text = (done.stdout or "") + (done.stderr or "")
    return "\n".join(text.splitlines()[-lines:])


def expect(done, status, *says):
    """The command ended with one of these statuses and said this."""
    text = done.stdout + done.stderr
    if done.returncode not in (status if isinstance(status, tuple) else (status,)):
        raise Fault(f"status {done.returncode} instead of {status}: {done.args[-3:]}\n{tail(done)}")
    for word in says:
        if not re.search(word, text):
            raise Fault(f"'{word}' is not in what {done.args[-3:]} said:\n{tail(done)}")
    return done


def bare(release, folder):
    """A tar of the minimal root, made once, also where several ask for it."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{release}.tar"
    with open(folder / f"{release}.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            make_bare(release, folder, kept)
    return kept


def make_bare(release, folder, kept):
    made = folder / f"{release}.new"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    with tempfile.TemporaryDirectory() as place:
        # By a path without blanks, which debootstrap does not take.
        link = pathlib.Path(place) / "root"
        link.symlink_to(made)
        done = run("debootstrap", "--variant=minbase", release, link)
    if done.returncode != 0:
        raise Skip(f"debootstrap cannot make {release}: {tail(done, 2)}")
    packed = run("tar", "-C", made, "-cf", folder / f"{release}.part", ".")
    if packed.returncode != 0:
        raise Skip(f"no room for {release}: {tail(packed, 2)}")
    shutil.rmtree(made)
    (folder / f"{release}.part").rename(kept)


class Root:
    """A root in a folder of its own; removed at the end."""

    variables = ()  # of every command's environment

    def __init__(self, release, folder, name="root"):
        need("debootstrap", "unshare", "chroot", "tar")
        self.release, self.name = release, name
        self.archives = folder / f"{release}.{name}.archives"
        self.path = folder / f"{release}.{name}"
        kept = bare(release, folder)
        (self.archives / "partial").mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir()
        unpacked = run("tar", "-C", self.path, "-xf", kept)
        if unpacked.returncode != 0:
            raise Skip(f"no room for {release}: {tail(unpacked, 2)}")
        # Where names are asked belongs to the machine, not to what debootstrap kept of it.
        shutil.copyfile("/etc/resolv.conf", self.path / "etc/resolv.conf")
        # So does whether its clock can be trusted to tell that a list of packages is too old.
        clock = run("apt-config", "dump", "Acquire::Check-Valid-Until", "Acquire::Check-Date").stdout
        (self.path / "etc/apt/apt.conf.d/90clock").write_text(clock, encoding="utf-8")
        # It is thrown away: nothing of it has to outlast a loss of power.
        (self.path / "etc/dpkg/dpkg.cfg.d/fast").write_text("force-unsafe-io\n", encoding="ascii")
        self.layer = ""

    def compile_fast(self):
        """Nothing is optimised from now on: what a compiler must find is needed all the same."""
        launcher = self.path / "usr/local/bin/unoptimised"
        launcher.write_text('#!/bin/sh\nexec "$@" -O0 -g0 -U_FORTIFY_SOURCE\n', encoding="ascii")
        launcher.chmod(0o755)
        self.variables = ("CMAKE_C_COMPILER_LAUNCHER=/usr/local/bin/unoptimised",)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def words(self, *words, variables=()):
        """The command that runs these words inside, as root, in the C locale."""
        environment = ["/usr/bin/env", "-i", f"PATH={PATHS}", "HOME=/root", "LC_ALL=C",
                       *self.variables, *variables]
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", ENTER, "enter",
                str(self.path), str(self.archives), self.layer, *environment, *map(str, words)]

    def run(self, *words, **more):
        return run(*self.words(*words, variables=more.pop("variables", ())), **more)

    def clone(self, source, place):
        """The commit that is checked out in `source`, or its files where there is no git."""
        target = self.path / place.lstrip("/")
        target.mkdir(parents=True)
        packed = pathlib.Path(f"{target}.tar")
        done = run("git", "-c", "safe.directory=*", "-C", source, "archive", "-o", packed, "HEAD") \
            if shutil.which("git") and (source / ".git").exists() else None
        if done is None or done.returncode != 0:
            shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True,
                            ignore=shutil.ignore_patterns("build", ".git", "__pycache__"))
            return
        run("tar", "-C", target, "-xf", packed)
        packed.unlink()


class Layer(Root):
    """Another root as it is, upon which all changes are this one's alone."""

    def __init__(self, below, name):
        self.release, self.name, self.archives = below.release, name, below.archives
        self.variables = below.variables
        self.folder = below.path.with_name(f"{below.release}.{name}")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.path, upper, work = (self.folder / part for part in ("root", "upper", "work"))
        for part in (self.path, upper, work):
            part.mkdir(parents=True)
        self.layer = f"lowerdir={below.path},upperdir={upper},workdir={work}"

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)


def installed(root):
    """The packages of a root, and the units of systemd that would start with it."""
    names = set(root.run("dpkg-query", "-W", "-f", "${Package}\n").stdout.split())
    wants = set(root.run("find", "/etc/systemd/system", "-path", "*.wants/*.service").stdout.split())
    return names, wants


def skip_or_run(work):
    """The status of a test: 77 is skipped, and why."""
    try:
        work()
    except Skip as why:
        print(f"skipped: {why}")
        sys.exit(77)
    except Fault as fault:
        print(fault)
        sys.exit(1)
