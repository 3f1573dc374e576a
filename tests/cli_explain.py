#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What `whoblocks explain` says of words and of captures: cli_explain.py PROGRAM."""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.path.realpath(sys.argv[1])
TESTS = pathlib.Path(__file__).resolve().parent
PCAPS = TESTS / "pcaps"
SCHEMA = json.loads((TESTS.parent / "src/report/result.schema.json").read_text(encoding="utf-8"))
STATUSES = ("0", "1", "2", "3", "4", "5", "6", "10", "11", "12", "13", "14", "15", "16", "17", "20")
NOBODY = 65534
sys.path.insert(0, str(TESTS.parent / "scripts"))
from labkit.scenarios import ALL  # noqa: E402

# Scenarios of the laboratory that show a rule of which tests/pcaps has no capture.
SCENARIOS = {
    "rejected-sometimes": "reject-50", "cannot-tell": "portal-t1-gw-reset",
    "local-redirect": "local-redirect", "owner-rule": "local-owner",
    "output-reject-reset": "local-reset", "output-reject-icmp": "local-reject",
    "input-drop": "local-input-drop", "policy-route": "local-rule-table",
    "connect-denied": "local-bpf-connect", "same-answer": "smarthost",
    "certificate-own": "own-certificate", "starttls-missing": "wire-mask",
    "no-starttls": "no-starttls", "no-starttls-doubt": "no-starttls-alone",
    "declined": "policy-554", "no-greeting": "slow-greetings", "not-smtp": "greeting-http",
    "accepts-all": "isp2-accepts-all", "held-shut": "edge-synproxy-drop", "output-limit": "ufw-limit",
    "temporary": "mail-says-421", "controls-denied": "only-587-isp-drop",
    "queue-drop": "queue-programs", "cut-off": "servers-abort", "shut-out": "isp2-ban-mail-drop", "odd-dialogue": "greeting-flood",
    "hurried": "gw-limit-port-1-drop-short",
}
# Rules without a scenario, and why.
NO_SCENARIO = {
    "refused-here": "every refusal that was built tells by which rule",
    "connect-fails": "every refusal that was built tells by which rule",
    "conntrack-full": "the table is the machine's own, and too large to fill in a test",
    "flows-unlucky": "which flows fail is drawn anew in every run",
    "aborted": "a race between resets and the session, which the session wins here",
    "answered-beside": "a race between two answers, which one of them wins here",
    "no-session": "chance: one SYN-ACK of many SYNs, and no control",
    "too-little": "chance: few SYNs, and few of them answered",
    "reset-unplaced": "what rewrites TTLs here shows its place otherwise",
    "silent-host": "needs a capture of somebody else's with several silent ports",
    "certificates-unverifiable": "needs a host that lacks the roots of all servers",
}
# Rules that unit tests do not name, and why.
NO_UNIT = {
    "captive-portal": "compares servers of several networks: tests/pcaps has them",
    "large-packets": "made of a capture: tests/pcaps/kind-large-lost.pcap",
    "mail-seen": "made of captures: tests/pcaps/kind-helo.pcap",
    "never-asked": "made of captures: tests/pcaps/kind-backscatter.pcap",
    "no-control": "of somebody else's captures: tests/pcaps",
    "outstanding": "of somebody else's captures: tests/pcaps",
    "reset-here": "of somebody else's captures: tests/pcaps",
    "answered-twice": "of somebody else's captures: tests/pcaps",
    "unheard": "made of a capture: tests/pcaps/kind-unheard.pcap",
    "reset-alone": "of somebody else's captures: tests/pcaps",
}
# Names of reasons that are no rows of a table of rules.
NO_ROWS = {"this-host", "mail", "tls-foreign", "ladder", "played", "outside"}

# arguments, status, what standard error holds
REFUSED = [
    ([], 2, "'explain' needs a FILE"),
    (["no-such-word"], 2, "'no-such-word' is no word of a result, and no FILE"),
    (["silence", "no-such-word"], 2, "'no-such-word'"),
    (["a\033[2Jb"], 2, "a\\x1b[2Jb"),
    ([""], 2, "''"),
    (["no.such"], 4, "cannot open 'no.such'"),
    (["./silence"], 4, "'./silence'"),
    (["/dev/null"], 4, "/dev/null"),
    (["--json", "silence"], 2, "'explain' does not take the option --json"),
]


def explain(*words, **more):
    return subprocess.run([PROGRAM, "explain", *words], capture_output=True, text=True,
                          encoding="utf-8", timeout=120, check=False, **more)


def words_of_results():
    """Every word that the schema lets stand for a state, a party, a means or a rule."""
    definitions = SCHEMA["$defs"]
    lists = [definitions[name]["enum"] for name in ("state", "blocker", "mechanism")]
    lists.append(definitions["reason"]["properties"]["rule"]["enum"])
    lists.append(definitions["hop_row"]["properties"]["role_by"]["enum"])
    return sorted({word for words in lists for word in words if word})


def check_words():
    words = [*words_of_results(), *STATUSES]
    done = explain(*words)
    for word in words:
        if f"\n{word} (" not in "\n" + done.stdout:
            yield f"'{word}' is not explained: {done.stderr.strip()}"
    wide = [line for line in done.stdout.splitlines() if len(line) > 80]
    if done.returncode or wide:
        yield f"the words end with {done.returncode}, lines of more than 80: {wide}"


def check_refused():
    for words, status, said in REFUSED:
        done = explain(*words)
        if done.returncode != status or said not in done.stderr or done.stdout:
            yield f"{words}: {done.returncode} instead of {status}: {done.stderr}{done.stdout[:99]}"


def cases():
    """The replay cases that have a verdict: options, capture, what must come out."""
    for line in (PCAPS / "CASES").read_text(encoding="utf-8").splitlines():
        if not re.match(r"[a-z0-9]", line):
            continue
        _, capture, options, wanted = (part.strip() for part in line.split("|"))
        wanted = dict(word.split("=", 1) for word in wanted.split())
        if "state" in wanted:
            yield shlex.split(options), capture, wanted


def check_case(claimed, options, capture, wanted):
    """The verdict is that of `replay`, and each server's claim is of a rule that held."""
    done = explain(*options, capture, cwd=PCAPS)
    verdict = f"verdict: {wanted['state']}, {wanted['blocker']}, {wanted['mechanism']}"
    if done.returncode or not done.stdout.startswith(verdict):
        yield f"{capture}: {done.returncode}, {done.stdout[:80]}{done.stderr}"
    if re.search(r"\[decides\][^\n]*(\n    [^\n]*)*\[decides\]", done.stdout):
        yield f"{capture}: two rules decide of one server"
    for server in done.stdout.split("\nserver ")[1:]:
        held = re.findall(r"^    ([a-z-]+) +[a-z]+, [a-z-]+", server, re.MULTILINE)
        claim = re.search(r"^  claim +([a-z-]+): ", server, re.MULTILINE).group(1)
        claimed.add(claim)
        claimed.update(re.findall(r"^  host's rule +([a-z-]+)$", server, re.MULTILINE))
        if not held or claim not in (held[0], "too-little"):
            yield f"{capture}: the claim is {claim}, and what holds first is {held[:1]}"


def check_rights():
    """It needs none: nobody asks, of a capture on standard input."""
    if os.geteuid() != 0:
        return
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        program = shutil.copy(PROGRAM, folder)
        with (PCAPS / "gw-drop.6.pcapng").open("rb") as capture:
            done = subprocess.run([program, "explain", "-"], stdin=capture, capture_output=True,
                                  text=True, user=NOBODY, group=NOBODY, extra_groups=[], cwd="/",
                                  timeout=120, check=False)
        if done.returncode or not done.stdout.startswith("verdict: blocked, unknown"):
            yield f"as nobody: {done.returncode}, {done.stdout[:80]}{done.stderr}"


def check_owners():
    """Where the order of the way narrows what a rule says of a hop, both are said, and the way on."""
    done = explain("way-nat64-own-behind.6.pcapng", cwd=PCAPS)
    if "isp (translator says local-network or isp or transit or remote; " not in done.stdout:
        yield "what a rule says of a hop before the order of the way is not said"
    if not done.stdout.endswith("What the name of a rule means: whoblocks explain NAME.\n"):
        yield f"the end is {done.stdout[-80:]}"


def check_rows(claimed):
    """Each rule has a row in a unit test, and a capture or a scenario that shows it."""
    scenarios = {scenario.name for scenario in ALL}
    tests = "".join(path.read_text(encoding="utf-8") for path in (TESTS / "unit").glob("test_*.c"))
    rules = SCHEMA["$defs"]["reason"]["properties"]["rule"]["enum"]
    for rule in rules:
        if rule.startswith("compare-") or rule in NO_ROWS:
            continue
        if f'"{rule}"' not in tests and rule not in NO_UNIT:
            yield f"'{rule}' has no row in a unit test"
        shown = rule in claimed or SCENARIOS.get(rule) in scenarios
        if shown == (rule in NO_SCENARIO):
            yield f"'{rule}': a capture or a scenario {'shows it after all' if shown else 'is missing'}"
    for rule in {*SCENARIOS, *NO_SCENARIO, *NO_UNIT, *NO_ROWS} - set(rules):
        yield f"'{rule}' is no rule any more"


def main():
    listed = list(cases())
    claimed = set()
    faults = [*check_words(), *check_refused(), *check_rights(), *check_owners()]
    faults += [fault for case in listed for fault in check_case(claimed, *case)]
    faults += check_rows(claimed)
    for fault in faults:
        print(fault)
    print(f"cli_explain: {len(listed)} captures, {len(faults)} faults")
    return 1 if faults or len(listed) < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
