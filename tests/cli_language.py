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

from cli_outside import find, lines

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
# What the environment says: the language that is spoken. (unit/test_language has all of it.)
ENVIRONMENTS = (({"LANG": "de_AT.utf8@euro"}, "de"), ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "en"))
# What is between English and a name: commands, quoted words, and what is looked up.
NO_PROSE = re.compile(r"(?m)^     .*$|\"[^\"]*\"|whoblocks \w+|Anzeichen \S+|\[[^]]*\]")


def run(*words, cwd=None, **variables):
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("LC_") and name not in ("LANG", "LANGUAGE")}
    return subprocess.run([PROGRAM, *map(str, words)], env={**environment, **variables},
                          capture_output=True, encoding="utf-8", check=False, cwd=cwd)


def columns(line):
    wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
    return wide - sum(1 for c in line if unicodedata.combining(c))


class Told:
    """A case in one language: the text, and all that its evidence folder holds, by one run."""

    def __init__(self, case, language, folder):
        folder = pathlib.Path(folder) / f"{case}.{language}"
        self.name = f"{case}, {language}"
        folder.mkdir()
        # The command line is in the result, so that it is the same in all languages.
        self.done = run("replay", "-o", "saved", PCAPS / case, cwd=folder,
                        LANG=f"{language}_X.UTF-8")
        self.text, saved = self.done.stdout, folder / "saved"
        self.ticket, self.json, self.html = (
            (saved / name).read_text(encoding="utf-8") if (saved / name).exists() else ""
            for name in ("ticket.txt", "result.json", "report.html"))


def test_environment():
    for variables, language in ENVIRONMENTS:
        said = run("replay", PCAPS / CASES[0], **variables).stdout
        if not said.startswith(HEADLINES[language]):
            yield f"{variables}: says {said.splitlines()[0]}"
    said = run("replay", "--language", "pl", PCAPS / CASES[0], LC_ALL="C").stdout
    if not said.startswith(HEADLINES["pl"]):
        yield f"--language pl: says {said.splitlines()[0]}"
    done = run("replay", "--language", "nl", PCAPS / CASES[0])
    if done.returncode != 2 or "none of en, de, es, fr, it, pl, pt" not in done.stderr:
        yield f"--language nl: {done}"


def check_ticket(told, sentences):
    """At most 80 columns, without an English word, and not one sentence of the English ticket."""
    for line in told.ticket.splitlines():
        if columns(line) > 80:
            yield f"{told.name}: {columns(line)} columns: {line}"
    text = " ".join(told.ticket.split())
    if told.done.returncode < 10 or not text:
        yield f"{told.name}: status {told.done.returncode}: {told.done.stderr}"
    yield from (f"{told.name}: says in English: {sentence}"
                for sentence in sorted(sentences) if sentence in text)


def check_german(told):
    prose = NO_PROSE.sub("", told.ticket)
    yield from (f"{told.name}: an English word: {word}" for word in ENGLISH.findall(prose))
    advice = re.split(r"\n(?:Als Nächstes|Erster Schritt):", told.text)[1:]
    yield from (f"{told.name}: advice has an English word: {word}"
                for word in ENGLISH.findall(re.sub(r"\([^)]*\)", "", advice[-1])) if advice)


def test_cases(folder):
    """Each case in English, German and one more language; the first in all."""
    for number, case in enumerate(CASES):
        english = Told(case, "en", folder)
        sentences = set(re.findall(r"[A-Z][A-Za-z ,;:()]{24,}\.", " ".join(english.ticket.split())))
        for language in LANGUAGES if number == 0 else ("de", LANGUAGES[number]):
            told = Told(case, language, folder)
            yield from check_ticket(told, sentences)
            if language == "de":
                yield from check_german(told)
            if told.text.splitlines()[0] == english.text.splitlines()[0]:
                yield f"{told.name}: the headline is English: {told.text.splitlines()[0]}"
            if number == 0 and not told.text.startswith(HEADLINES[language]):
                yield f"{told.name}: says {told.text.splitlines()[0]}"
            if not told.json or told.json != english.json or told.html != english.html:
                yield f"{told.name}: JSON or HTML depend on the language"


def test_outside(folder):
    """What lines elsewhere show, alone and in a ticket."""
    answers, saved = pathlib.Path(folder) / "answers", pathlib.Path(folder) / "beside"
    answers.write_text(lines(find("one-line")), encoding="utf-8")
    alone = run("outside", "-q", "--language", "de", answers).stdout
    if not alone.startswith("Kein Urteil. Auf 1 von 6 Anschlüssen in AS64500"):
        yield f"outside: says {alone}"
    yield from (f"outside: an English word: {word}"
                for word in ENGLISH.findall(alone.split("\n\n", maxsplit=1)[0]))
    own = pathlib.Path(folder) / f"{CASES[0]}.de" / "saved"
    run("outside", "-q", "-o", saved, "--language", "de", own, answers)
    ticket = (saved / "ticket.txt").read_text(encoding="utf-8")
    if "VON AUSSEN GESEHEN\n   Auf 1 von 6 Anschlüssen in AS64500" not in ticket:
        yield f"outside: the ticket says {ticket}"
    yield from (f"outside: the ticket has an English word: {word}"
                for word in ENGLISH.findall(NO_PROSE.sub("", ticket)))


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
        faults = [*test_environment(), *test_cases(folder), *test_outside(folder)]
        if "measures nothing" not in run("127.0.0.1").stderr:
            faults += test_live(folder)
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
