#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The completions offer what the program has: check_completions.py PROGRAM FOLDER.

FOLDER holds bash, zsh and fish. Bash is asked; of the other shells, those that are installed read
their file, and its text is looked at.
"""
import pathlib
import re
import shutil
import subprocess
import sys

PROGRAM, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
COMMANDS = {"probe", "replay", "compare", "receive", "report", "servers", "outside", "sites", "watch",
            "history", "check", "explain", "help"}
ASK = """
source "$1"; shift
compopt() { :; }
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_whoblocks
printf '%s\\n' "${COMPREPLY[@]}"
"""

# words so far, what bash offers (a set), or what is among it (a string)
OFFERS = [
    (["whoblocks", ""], COMMANDS),
    (["whoblocks", "re"], {"replay", "receive", "report"}),
    (["whoblocks", "--as"], {"--as-user", "--asn-db", "--asn-dns"}),
    (["whoblocks", "replay", "--as"], {"--asn-db"}),
    (["whoblocks", "watch", "--on-change", "/etc/pass"], "/etc/passwd"),
    (["whoblocks", "check", "--c"], {"--cacert", "--color", "--control", "--critical"}),
    (["whoblocks", "--color", "a"], {"auto", "always"}),
    (["whoblocks", "report", "--format", ""], 
     {"text", "json", "html", "ticket", "csv", "prometheus", "flat"}),
    (["whoblocks", "--flows", ""], set()),
    (["whoblocks", "-i", "l"], "lo"),
    (["whoblocks", "--as-user", "roo"], "root"),
    (["whoblocks", "replay", "/etc/pass"], "/etc/passwd"),
    (["whoblocks", "replay", "-o", "/etc/pass"], set()),
    (["whoblocks", "servers", "/etc/pass"], set()),
    (["whoblocks", "receive", "/etc/pass"], set()),
]


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True,
                          check=False)


def options_of(words):
    return set(re.findall(r"^  (?:-\S, |    )--([\w-]+)", run(PROGRAM, *words, "--help").stdout,
                          re.MULTILINE))


def ask_bash(*words):
    done = run("bash", "--norc", "-c", ASK, "bash", FOLDER / "bash", *words)
    return set(done.stdout.split()), done.stderr


def check_bash():
    for words, wanted in OFFERS:
        got, said = ask_bash(*words)
        if said or (wanted not in got if isinstance(wanted, str) else got != wanted):
            yield f"bash, {words}: {sorted(got)} instead of {wanted}{said}"
    for command in COMMANDS:
        got, _ = ask_bash("whoblocks", command, "--")
        if got != {f"--{name}" for name in options_of([command])}:
            yield f"bash, {command}: offers {sorted(got)}"


def check_text(shell, form):
    text = (FOLDER / shell).read_text(encoding="utf-8")
    for name in options_of([]):
        if not re.search(form % re.escape(name), text):
            yield f"{shell}: no --{name}"
    if shutil.which(shell):
        done = run(shell, "-n", FOLDER / shell)
        if done.returncode != 0 or done.stderr:
            yield f"{shell} does not read its file: {done.stderr}"


def main():
    found = [*check_bash(), *check_text("zsh", r"'\*--%s[=\[]"), *check_text("fish", r" -l %s ")]
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
