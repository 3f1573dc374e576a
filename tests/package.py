#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The packages: package.py deb|rpm|debian|install|reproduce BUILD FOLDER.

BUILD is a release build. `deb` and `rpm` make the package in FOLDER and look at it; `install` puts
the first into a fresh system, runs it and removes it; `reproduce` builds the sources once more,
elsewhere, and compares. 77 means skipped: this machine cannot.
"""
import filecmp
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "fresh"))
import roots  # noqa: E402

SKIPPED = 77
TIME = {"SOURCE_DATE_EPOCH": "1700000000"}
SOURCES = ("CMakeLists.txt", "LICENSE", "man", "scripts", "src")
WANTED = (
    "usr/bin/whoblocks", "usr/share/man/man1/whoblocks.1.gz", "usr/share/man/man7/whoblocks.7.gz",
    "usr/share/man/man7/whoblocks-fleet.7.gz",
    "usr/share/bash-completion/completions/whoblocks",
    "usr/share/fish/vendor_completions.d/whoblocks.fish", "usr/share/whoblocks/servers.tsv",
    "usr/share/whoblocks/policies.tsv", "usr/share/whoblocks/result.schema.json",
    "usr/share/whoblocks/history.sql", "usr/share/whoblocks/alerts.yml",
    "usr/share/whoblocks/dashboard.json", "usr/share/man/man8/whoblocks-watch.8.gz",
    "usr/lib/systemd/system/whoblocks-watch.service",
    "usr/lib/systemd/system/whoblocks-check.service",
    "usr/lib/systemd/system/whoblocks-check.timer", "usr/lib/sysusers.d/whoblocks.conf",
)


# What newer versions of lintian want to be otherwise, and Debian 12's wants to be as it is.
FASHIONS = ("out-of-date-standards-version", "older-debian-watch-file-standard",
            "package-uses-old-debhelper-compat-version", "redundant-priority-optional-field",
            "redundant-rules-requires-root-no-field",
            "alien-tag package-supports-alternative-init-but-no-init.d-script")


def need(*tools):
    missing = [tool for tool in tools if not shutil.which(tool)]
    if missing:
        raise roots.Skip(f"without {', '.join(missing)}")


def run(*words, status=0, **more):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True,
                          check=False, stdin=subprocess.DEVNULL, **more)
    if status is not None and done.returncode != status:
        sys.exit(f"{words}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def pack(kind, build, folder):
    """The package of this kind, put into the folder; rpmbuild works in no path with blanks."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"*.{kind}"):
        old.unlink()
    with tempfile.TemporaryDirectory() as place:
        run("cpack", "-G", kind.upper(), "-B", place, "--config", build / "CPackConfig.cmake",
            env=os.environ | TIME, cwd=build)
        found = list(pathlib.Path(place).glob(f"*.{kind}"))
        if len(found) != 1:
            sys.exit(f"cpack made {found}")
        return pathlib.Path(shutil.move(found[0], folder / found[0].name))


def missing_files(listing, zsh):
    """Zsh looks elsewhere on Debian than on other systems."""
    return [f"{name} is not in the package" for name in (*WANTED, f"usr/share/zsh/{zsh}/_whoblocks")
            if f"/{name}\n" not in listing]


def check_deb(build, folder):
    need("cpack", "dpkg-deb", "lintian")
    package = pack("deb", build, folder)
    yield from missing_files(run("dpkg-deb", "-c", package).stdout.replace("./usr", "/usr"),
                             "vendor-completions")
    control = run("dpkg-deb", "-I", package).stdout
    for name in ("libcap2-bin", "adduser", "debconf", "config", "postinst", "postrm", "templates"):
        if name not in control:
            yield f"the package is without its {name}: {control}"
    said = run("lintian", "--allow-root", package, status=None)
    yield from [line for line in said.stdout.splitlines() if line.startswith("E: ")]


def check_rpm(build, folder):
    need("cpack", "rpmbuild", "rpm")
    package = pack("rpm", build, folder)
    yield from missing_files(run("rpm", "-qlp", package).stdout, "site-functions")
    if "control port of the same servers" not in run("rpm", "-qip", package).stdout:
        yield "the package does not say what it is for"
    rights = run("rpm", "-qp", "--qf", "[%{FILENAMES} %{FILEMODES:perms} %{FILEGROUPNAME} "
                 "%{FILECAPS}\n]", package).stdout
    if not re.search(r"^/usr/bin/whoblocks -rwxr-x--- whoblocks \S*cap_net_raw[=+]ep$", rights,
                     re.MULTILINE):
        yield f"the program's rights are others: {rights}"
    if "groupadd -r whoblocks" not in run("rpm", "-qp", "--scripts", package).stdout:
        yield "the package makes no group"


def libraries():
    """Development packages that scripts/packages.txt wants for the program."""
    rows = [line.split()[:2] for line in
            (ROOT / "scripts" / "packages.txt").read_text(encoding="utf-8").splitlines()]
    return {row[0] for row in rows if len(row) == 2 and row[1] == "build" and "-dev" in row[0]}


def without_fashions(said):
    """What lintian found, or why it did not look."""
    if said.returncode not in (0, 2):
        yield f"lintian: status {said.returncode}: {said.stderr}"
    yield from (line for line in said.stdout.splitlines()
                if not any(f" {tag}" in line for tag in FASHIONS))


def check_debian(*_):
    """The source package that could enter the archive; to build it is a command of the README."""
    need("dpkg-buildpackage", "dh", "debconf-updatepo", "lintian", "xz", "msgfmt")
    with tempfile.TemporaryDirectory() as place:
        laid = run(ROOT / "scripts" / "packaging" / "debian-source", place).stdout.strip()
        control = (pathlib.Path(laid) / "debian" / "control").read_text(encoding="utf-8")
        wanted = set(re.findall(r"^ ([\w+.-]+-dev),$", control, re.MULTILINE))
        if wanted != libraries():
            yield f"Build-Depends and packages.txt differ: {wanted ^ libraries()}"
        run("dpkg-buildpackage", "-S", "-d", "-us", "-uc", cwd=laid)
        yield from without_fashions(run("lintian", "--allow-root", "-I", "--pedantic",
                                        next(pathlib.Path(place).glob("*.dsc")), status=None))
        for po in (pathlib.Path(laid) / "debian" / "po").glob("*.po"):
            told = run("msgfmt", "--check", "--statistics", "-o", os.devnull, po).stderr
            if "untranslated" in told or "fuzzy" in told:
                yield f"{po.name}: {told}"


def fresh_system(folder):
    """A system without anything of ours, made from the archive that this one comes from."""
    need("debootstrap", "chroot", "setcap")
    if os.geteuid() != 0:
        raise roots.Skip("without root")
    release = pathlib.Path("/etc/os-release").read_text()
    name = next((line.partition("=")[2] for line in release.splitlines()
                 if line.startswith("VERSION_CODENAME=")), "")
    system = folder / "system"
    shutil.rmtree(system, ignore_errors=True)
    # /proc is mounted by nobody: what is installed here does not need it.
    kept = roots.bare(name, folder / "roots")
    system.mkdir()
    run("tar", "-C", system, "-xf", kept)
    return system


def rights_of(system):
    """Mode, group and capabilities of the installed program."""
    name = "usr/bin/whoblocks"
    told = run("chroot", system, "stat", "-c", "%a %G", f"/{name}").stdout.split()
    return (*told, "cap_net_raw" in run("getcap", system / name).stdout)


def check_choices(system, quiet):
    """Nobody gets anything by default; what the administrator chooses outlives an upgrade."""
    def again():
        run("chroot", system, "apt-get", "-q", "-y", "--reinstall", "install", "/package.deb",
            env=quiet)

    def answer(word):
        run("chroot", system, "sh", "-c", f"echo whoblocks whoblocks/group boolean {word} | "
            "debconf-set-selections && dpkg-reconfigure whoblocks", env=quiet)

    closed, opened = ("755", "root", False), ("750", "whoblocks", True)
    chosen = ("700", "root", True)
    steps = (("by default", lambda: None, closed), ("after an upgrade", again, closed),
             ("after a yes", lambda: answer("true"), opened), ("then upgraded", again, opened),
             ("with an override", lambda: run("chroot", system, "dpkg-statoverride", "--update",
              "--add", "root", "root", "0700", "/usr/bin/whoblocks"), None),
             ("then upgraded", again, chosen),
             ("without it", lambda: run("chroot", system, "dpkg-statoverride", "--remove",
              "/usr/bin/whoblocks"), None),
             ("after a no", lambda: answer("false"), closed))
    for label, act, wanted in steps:
        act()
        if wanted and rights_of(system) != wanted:
            yield f"the program's rights {label}: {rights_of(system)} instead of {wanted}"
    if "_whoblocks" not in (system / "etc/passwd").read_text():
        yield "there is no user _whoblocks"


def check_install(_, folder):
    package = next(folder.glob("*.deb"))
    system = fresh_system(folder)
    case = ROOT / "tests" / "pcaps" / "demo.46n.pcapng"
    try:
        shutil.copy(package, system / "package.deb")
        shutil.copy(case, system / "case.pcapng")
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        done = run("chroot", system, "apt-get", "-q", "-y", "--no-install-recommends", "install",
                   "/package.deb", status=None, env=quiet)
        if done.returncode != 0:
            yield f"it does not install: {done.stdout}{done.stderr}"
            return
        yield from check_choices(system, quiet)
        said = run("chroot", "--userspec=65534:65534", system, "whoblocks", "replay",
                   "/case.pcapng", status=None)
        if said.returncode != 12 or "provider's network" not in said.stdout:
            yield f"status {said.returncode}: {said.stdout}{said.stderr}"
        run("chroot", system, "apt-get", "-q", "-y", "purge", "whoblocks", env=quiet)
        yield from [f"/{name} is left behind" for name in WANTED if (system / name).exists()]
    finally:
        shutil.rmtree(system, ignore_errors=True)


def build_elsewhere(build, folder):
    """The same sources, copied, built with the same choices in another folder."""
    elsewhere = folder / "elsewhere"
    shutil.rmtree(elsewhere, ignore_errors=True)
    elsewhere.mkdir(parents=True)
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, elsewhere / name)
    cache = (build / "CMakeCache.txt").read_text()
    same = [line.partition("=")[2] for key in ("CMAKE_BUILD_TYPE:", "CMAKE_C_COMPILER:")
            for line in cache.splitlines() if line.startswith(key)]
    run("cmake", "-S", elsewhere, "-B", elsewhere / "deeper" / "build", "-G", "Ninja",
        "-DBUILD_TESTING=OFF", f"-DCMAKE_BUILD_TYPE={same[0]}", f"-DCMAKE_C_COMPILER={same[1]}")
    run("nice", "cmake", "--build", elsewhere / "deeper" / "build")
    return elsewhere / "deeper" / "build"


def check_reproduce(build, folder):
    need("cpack", "dpkg-deb", "rpmbuild")
    other = build_elsewhere(build, folder)
    if not filecmp.cmp(build / "whoblocks", other / "whoblocks", shallow=False):
        yield "the programs differ"
    same = True
    for kind in ("deb", "rpm"):
        here, there = pack(kind, build, folder / "here"), pack(kind, other, folder / "there")
        if not filecmp.cmp(here, there, shallow=False):
            same = False
            yield f"the packages differ: {here}, {there}"
    if same:
        shutil.rmtree(folder / "elsewhere")


CHECKS = {"deb": check_deb, "rpm": check_rpm, "install": check_install,
          "reproduce": check_reproduce, "debian": check_debian}


def main():
    check, build, folder = CHECKS[sys.argv[1]], *map(pathlib.Path, sys.argv[2:4])
    try:
        found = list(check(build.resolve(), folder.resolve()))
    except roots.Skip as why:
        print(f"skipped: {why}")
        return SKIPPED
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
