#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Headline, advice and ticket in other languages, and all else in none: cli_language.py PROGRAM."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata

PROGRAM = os.path.realpath(sys.argv[1])
PCAPS = pathlib.Path(__file__).resolve().parent / "pcaps"
SKIPPED = 77
LANGUAGES = ("de", "es", "fr", "it", "pl", "pt")
CASES = ("demo.46n.pcapng", "dst-reset.4n.pcapng", "border-drop.6.pcapng", "captive.4n.pcapng",
         "foreign-connect-here.pcap", "closed-one.4n.pcapng")
# The first words of demo.46n's verdict.
HEADLINES = {"en": "Port 587 is blocked", "de": "Port 587 ist gesperrt",
             "es": "El puerto 587 está bloqueado", "fr": "Le port 587 est bloqué",
             "it": "La porta 587 è bloccata", "pl": "Port 587 jest zablokowany",
             "pt": "A porta 587 está bloqueada"}
# Words of English that none of these languages has, nor a name or command in a ticket.
ENGLISH = re.compile(r"\b(the|of|and|is|are|were|with|from|this|that|which|not|between|"
                     r"answer|answers|hop|frames|lost|blocked|your|by|at)\b")
# What the environment says: the language that is spoken.
ENVIRONMENTS = (
    ({}, "en"),
    ({"LANG": "de_DE.UTF-8"}, "de"),
    ({"LANG": "de_AT.utf8@euro"}, "de"),
    ({"LANG": "de_DE.ISO-8859-1"}, "en"),
    ({"LANG": "C.UTF-8", "LANGUAGE": "de"}, "en"),
    ({"LANG": "en_GB.UTF-8", "LANGUAGE": "nl:pt_BR:de"}, "pt"),
    ({"LANG": "de_DE.UTF-8", "LANGUAGE": "en:fr"}, "en"),
    ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8"}, "fr"),
    ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "en"),
    ({"LANG": "nl_NL.UTF-8"}, "en"),
    ({"LANG": "dez.UTF-8"}, "en"),
    ({"LANG": "de_DE.UTF-8", "LANGUAGE": "../../../tmp/x:%s%n"}, "de"),
)


def run(*words, **variables):
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("LC_") and name not in ("LANG", "LANGUAGE")}
    return subprocess.run([PROGRAM, *map(str, words)], env={**environment, **variables},
                          capture_output=True, encoding="utf-8", check=False)


def columns(line):
    wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
    return wide - sum(1 for c in line if unicodedata.combining(c))


def test_environment():
    for variables, language in ENVIRONMENTS:
        said = run("replay", PCAPS / CASES[0], **variables).stdout
        if not said.startswith(HEADLINES[language]):
            yield f"{variables}: says {said.splitlines()[0]}"
    for language, headline in HEADLINES.items():
        said = run("replay", "--language", language, PCAPS / CASES[0], LC_ALL="C").stdout
        if not said.startswith(headline):
            yield f"--language {language}: says {said.splitlines()[0]}"
    done = run("replay", "--language", "nl", PCAPS / CASES[0])
    if done.returncode != 2 or "none of en, de, es, fr, it, pl, pt" not in done.stderr:
        yield f"--language nl: {done}"


def test_tickets():
    """At most 80 columns, without an English word, and not one sentence of the English ticket."""
    for number, case in enumerate(CASES):
        english = run("report", "--format", "ticket", PCAPS / case).stdout
        sentences = set(re.findall(r"[A-Z][A-Za-z ,;:()]{24,}\.", " ".join(english.split())))
        for language in LANGUAGES if number == 0 else ("de", LANGUAGES[number]):
            done = run("report", "--format", "ticket", "--language", language, PCAPS / case)
            for line in done.stdout.splitlines():
                if columns(line) > 80:
                    yield f"{case}, {language}: {columns(line)} columns: {line}"
            text = " ".join(done.stdout.split())
            if done.returncode < 10 or not text:
                yield f"{case}, {language}: status {done.returncode}: {done.stderr}"
            yield from (f"{case}, {language}: says in English: {sentence}"
                        for sentence in sorted(sentences) if sentence in text)
            if language != "de":
                continue
            # Commands, quoted words and what is looked up are nobody's language.
            prose = re.sub(r"(?m)^     .*$|\"[^\"]*\"|whoblocks \w+|Anzeichen \S+|\[[^]]*\]", "", done.stdout)
            yield from (f"{case}: an English word: {word}" for word in ENGLISH.findall(prose))


def test_advice():
    for case in CASES:
        english, german = (run("replay", "--language", name, PCAPS / case).stdout
                           for name in ("en", "de"))
        if english.splitlines()[0] == german.splitlines()[0]:
            yield f"{case}: the headline is English: {german.splitlines()[0]}"
        advice = re.split(r"\n(?:Als Nächstes|Erster Schritt):", german)[1:]
        yield from (f"{case}: advice has an English word: {word}"
                    for word in ENGLISH.findall(re.sub(r"\([^)]*\)", "", advice[-1]))
                    if advice)


def test_json():
    for number, case in enumerate(CASES[:3]):
        texts = {run("replay", "-j", PCAPS / case, LANG=f"{name}_X.UTF-8").stdout
                 for name in ("en", "de", *(LANGUAGES if number == 0 else ()))}
        if len(texts) != 1:
            yield f"{case}: JSON depends on the language"
    texts = {run("report", "--format", "html", PCAPS / CASES[0], LANG=f"{name}_X.UTF-8").stdout
             for name in ("en", "de")}
    if len(texts) != 1:
        yield "HTML depends on the language"


def test_live(folder):
    """What is measured says the same as its replay, behind the filter of system calls."""
    saved = pathlib.Path(folder) / "evidence"
    done = run("--only", "--no-smtp", "-q", "-o", saved, "127.0.0.1", LANG="de_DE.UTF-8")
    if done.returncode == 3:
        return
    again = run("replay", "-q", saved, LANG="de_DE.UTF-8")
    if not done.stdout or done.stdout.splitlines()[0] != again.stdout.splitlines()[0]:
        yield f"live: {done.stdout}{done.stderr}; replayed: {again.stdout}{again.stderr}"
    if "Port 587" not in done.stdout or " is " in done.stdout.splitlines()[0]:
        yield f"live: {done.stdout}"
    ticket = (saved / "ticket.txt").read_text(encoding="utf-8")
    if not ticket.startswith("Betreff: "):
        yield f"live: the ticket is {ticket.splitlines()[0]}"
    shown = run("report", "--format", "ticket", saved, LANG="de_DE.UTF-8").stdout
    if shown.split("ANLAGEN")[0] != ticket.split("ANLAGEN")[0]:
        yield "live: the ticket is shown in other words"


def main():
    if "speaks English alone" in run("replay", "--language", "de", PCAPS / CASES[0]).stderr:
        print("this build speaks English alone")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        faults = [*test_environment(), *test_tickets(), *test_advice(), *test_json()]
        if "measures nothing" not in run("127.0.0.1").stderr:
            faults += test_live(folder)
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
