#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The port seen from elsewhere, offline: cli_outside.py PROGRAM.

Situations whose truth is known, as probes of RIPE Atlas would see them: what is said of each class
of lines is among what may be said, and nobody is accused or called open who is not.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

PROGRAM = os.path.realpath(sys.argv[1])
TESTS = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS / "outside"))

import situations  # noqa: E402
from tracer import Session  # noqa: E402

SCHEMA = json.loads((TESTS / "../src/report/result.schema.json").read_text(encoding="utf-8"))


def run(*words, feed=None):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True,
                          check=False, input=feed)


def lines(situation, *, head=True):
    """The answers as a file of whoblocks holds them."""
    session = Session()
    session.measure(situation.probes, alone=situation.alone)
    networks = [{"prefix": p, "asn": n, "name": name} for p, n, name in situations.NETWORKS]
    before = [{"whoblocks": "outside/1", "asn": situations.OURS, "networks": networks}]
    return "".join(json.dumps(v) + "\n" for v in (before if head else []) + session.values())


def check_row(situation, row):
    """Faults of one place: who is named, and whether it may be called open."""
    number = int(row["probe"])
    truth = situation.culprits[number]
    named = row["blocker"]
    if row["fate"] == "open" and number not in situation.open:
        yield f"{situation.name}: probe {number} is called open"
    if row["fate"] == "blocked" and number in situation.open:
        yield f"{situation.name}: probe {number} is called blocked"
    if row["fate"] == "blocked" and named not in truth:
        yield f"{situation.name}: probe {number}: {named} is accused, not {truth}"
    if row["confidence"] is not None and row["confidence"] > 0.95:
        yield f"{situation.name}: probe {number} is surer than it can be"


def check_situation(situation, folder):
    path = folder / f"{situation.name}.jsonl"
    path.write_text(lines(situation), encoding="utf-8")
    done = run("outside", "-q", "-j", path)
    if done.returncode not in (0, 14, 20) or not done.stdout:
        yield f"{situation.name}: status {done.returncode}: {done.stderr}"
        return
    told = json.loads(done.stdout)
    jsonschema.validate(told, SCHEMA, jsonschema.Draft202012Validator)
    says = told["outside_summary"]["ipv4"]["says"]
    if says not in situation.says:
        yield f"{situation.name}: says {says}, not {situation.says}"
    if len(told["outside"]) != len(situation.probes):
        yield f"{situation.name}: {len(told['outside'])} places of {len(situation.probes)}"
    for row in told["outside"]:
        yield from check_row(situation, row)
    if run("outside", "-q", "-j", path).stdout != done.stdout:
        yield f"{situation.name}: the same file is judged in two ways"
    if os.environ.get("SHOW"):
        print(situation.name, says, {r["probe"]: (r["fate"], r["blocker"], r["why"])
                                     for r in told["outside"]})
        print("   ", " ".join(told["outside_summary"]["sentences"]))


def find(name):
    return next(s for s in situations.all_situations() if s.name == name)


def check_folder(folder):
    """Beside a measurement of one's own: the verdict moves as far as it may, and stays moved."""
    own, new, answers = folder / "own", folder / "new", folder / "answers"
    run("replay", "-q", "-o", own, TESTS / "pcaps/gw-drop.4n.pcapng")
    moves = {"as-drop": ("isp", 0.9), "open": ("unknown", 0.5), "one-line": ("unknown", 0.5),
             "no-probe": ("unknown", 0.5), "home-routers-all": ("unknown", 0.5),
             "as-drop-at-border": ("unknown", 0.5), "server-drop": ("unknown", 0.5)}
    for name, (blocker, least) in moves.items():
        answers.write_text(lines(find(name)), encoding="utf-8")
        done = run("outside", "-q", "-j", own, answers)
        verdict = json.loads(done.stdout)["verdict"]
        isp = max(s["probability"] for s in verdict["suspects"] if s["blocker"] == "isp")
        if verdict["blocker"] != blocker or not least <= isp <= 0.95:
            yield f"folder: {name}: {verdict['blocker']}, isp {isp}"
        if blocker == "unknown" and isp != 0.5:
            yield f"folder: {name}: {isp} without a reason"
        if not any(r["rule"] == "outside" for r in verdict["reasons"]):
            yield f"folder: {name}: no reason names what was seen"
    answers.write_text(lines(find("as-drop")), encoding="utf-8")
    run("outside", "-q", "-o", new, own, answers)
    yield from check_again(new)


def check_again(new):
    """What is in the folder is what it gives again, in each form."""
    saved = json.loads((new / "result.json").read_text(encoding="utf-8"))
    for words in (["outside", new], ["replay", new], ["report", new]):
        told = json.loads(run(words[0], "-q", "-j", *words[1:]).stdout)
        for key in ("verdict", "servers", "outside", "outside_summary"):
            if told[key] != saved[key]:
                yield f"again: {words[0]} differs in {key}"
    if run("outside", "-q", new).stdout != run("replay", "-q", new).stdout:
        yield "again: outside and replay of the folder differ"
    for name, wanted in (("report.html", "Seen from outside"), ("ticket.txt", "SEEN FROM OUTSIDE"),
                         ("ticket.txt", "90000001"), ("README.txt", "outside.jsonl"),
                         ("SHA256SUMS", "outside.jsonl")):
        if wanted not in (new / name).read_text(encoding="utf-8"):
            yield f"again: {name} lacks '{wanted}'"
    if run("report", "-q", "--redact", "-j", new).returncode == 0:
        yield "again: a verdict that moved is shown under pseudonyms"
    kept = (new / "outside.jsonl").read_text(encoding="utf-8")
    (new / "outside.jsonl").write_text(kept.replace("SA", "RA"), encoding="utf-8")
    if run("outside", "-q", new).returncode != 6:
        yield "again: changed answers are taken for evidence"


def check_sites(folder):
    """Places elsewhere are sites among others: which link those that lose the port share."""
    answers, saved = folder / "answers", folder / "saved"
    answers.write_text(lines(find("one-node")), encoding="utf-8")
    own = json.loads(run("replay", "-q", "-j", TESTS / "pcaps/gw-drop.4n.pcapng").stdout)
    saved.write_text(run("outside", "-q", "--json=line", answers).stdout + json.dumps(own) + "\n",
                     encoding="utf-8")
    told = json.loads(run("sites", "-j", saved).stdout)
    if [told[key] for key in ("sites", "failing", "open", "unknown")] != [13, 3, 10, 0]:
        yield f"sites: {told['sentence']}"
    found = {(s["from"], s["to"], len(share["sites"])) for share in told["shares"]
             for s in share["suspects"]}
    if ("198.51.100.2", "198.51.100.200", 2) not in found:
        yield f"sites: the link is not among {found}"
    saved.write_text(saved.read_text(encoding="utf-8").replace("whoblocks/1", "other/1"),
                     encoding="utf-8")
    if run("sites", saved).returncode != 4:
        yield "sites: places of another schema are read"


def check_alone(folder):
    """One place alone is shown as a capture would be."""
    session = Session()
    session.measure([situations.line(1, rules=[situations.Rule(2, "drop")])])
    path = folder / "one"
    path.write_text("".join(json.dumps(v) + "\n" for v in session.values()), encoding="utf-8")
    told = json.loads(run("replay", "-q", "-j", path).stdout)
    if (told["verdict"]["state"], len(told["servers"])) != ("blocked", 2) or "outside" in told:
        yield f"alone: {told['verdict']['sentence']}"
    if told["verdict"]["link"]["from"] != "198.51.100.1":
        yield f"alone: placed at {told['verdict']['link']}"


def readings():
    """(name, results of six lines, what may be said): answers that are easily put to a wrong SYN."""
    server = {"from": situations.SERVERS[0], "ttl": 58, "size": 4}
    accepted, lost = {**server, "flags": "SA"}, {"x": "*"}
    reset = {**server, "ttl": 62, "flags": "RA", "rtt": 9.0, "dup": True}

    def last(replies):
        return lambda hops: hops[:-1] + [{"hop": 7, "result": replies}]

    def with_resets(hops):
        return [{**hop, "result": [part for reply in hop["result"] for part in (reply, reset)]}
                if hop["hop"] > 2 else hop for hop in hops]

    # The port's trace is edited; the single SYN, alone on its tuple, is silent but in the last.
    yield "late", last([lost, lost, {**accepted, "late": 1}, lost]), [lost], ("not-all",)
    yield "slow", last([lost, {**accepted, "rtt": 30.0}, lost]), [lost], ("not-all",)
    yield "gaps", (lambda hops: hops[:4] + [{"hop": 5, "result": [lost] * 3},
                                            {"hop": 6, "result": [lost] * 3}, hops[6]]), \
        [lost], ("not-all",)
    yield "forged", with_resets, [{**accepted, "rtt": 9.0}, reset], ("nothing", "no-line")
    quote = {"from": "198.51.100.200", "ttl": 62, "size": 28, "rtt": 9.0, "edst": "192.0.2.77"}
    yield "elsewhere", (lambda hops: hops[:2] + [{"hop": 3, "result": [quote] * 3}] + hops[3:]), \
        [{**accepted, "rtt": 9.0}], ("no-line",)


def check_readings(folder):
    """As a probe has them: late, twice, for the SYN before, and quoting another address."""
    path = folder / "reading"
    for name, edit, alone, says in readings():
        session = Session()
        session.measure([situations.line(1001 + i) for i in range(6)])
        orders = {o["id"]: o for o in session.objects}
        for result in session.results:
            order = orders[result["msm_id"]]
            answers = lambda reply: {**reply, **({"from": order["target"]} if "flags" in reply
                                                 else {})}
            if order["port"] != 587:
                continue
            hops = [{"hop": 64, "result": alone}] if order["first_hop"] > 1 else \
                edit(result["result"])
            result["result"] = [{**hop, "result": [answers(r) for r in hop["result"]]}
                                for hop in hops]
        head = {"whoblocks": "outside/1", "asn": situations.OURS, "networks": [
            {"prefix": p, "asn": n, "name": owner} for p, n, owner in situations.NETWORKS]}
        path.write_text("".join(json.dumps(v) + "\n" for v in [head, *session.values()]),
                        encoding="utf-8")
        told = json.loads(run("outside", "-q", "-j", path).stdout)
        if told["outside_summary"]["ipv4"]["says"] not in says:
            yield f"reading: {name}: {told['outside_summary']['sentences']}"


def check_bad(folder):
    """What is no result: a sentence, status 4, nothing on standard output."""
    good = lines(find("open"))
    path = folder / "bad"
    for text, status in (("{", 4), ("[1,2", 4), ("{}", 4), ("[]", 4), ('{"a": [[[[', 4), ("", 4),
                         ("[" * 5000, 4), (good.replace('"port": 587', '"port": 0'), 20),
                         (good + "{broken", 20), (good.replace('"af": 4', '"af": 5'), 4),
                         (good.replace("192.168.1.20", "nonsense").replace("100.128", "x"), 20),
                         (good.replace('"ttl"', '"ttx"'), 20)):
        path.write_text(text, encoding="utf-8")
        done = run("outside", "-q", path)
        if done.returncode != status or (status == 4) != (done.stdout == ""):
            yield f"bad: {text[:20]!r}: status {done.returncode}: {done.stderr}"
        if status == 4 and not done.stderr:
            yield f"bad: {text[:20]!r}: no message"


def check_hostile(folder):
    """Text of strangers is shown harmlessly in every form."""
    text = lines(find("own-firewall"))
    text = text.replace("sendto failed: Operation not permitted",
                        "\\u001b[31m<script>\\u202e" + "A" * 3000)
    text = text.replace('"country_code": "NL"', '"country_code": "<b>"')
    path = folder / "hostile"
    path.write_text(text, encoding="utf-8")
    for form in ("text", "json", "html", "ticket"):
        shown = run("outside", "-q", "--format", form, path).stdout
        if "\x1b" in shown or "\u202e" in shown or (form == "html" and "<script>" in shown):
            yield f"hostile: shown as it is in {form}"
        if not shown or len(shown) > 60000:
            yield f"hostile: {len(shown)} characters of {form}"


def check_real():
    """What probes of RIPE Atlas really sent, where it is at hand."""
    data = pathlib.Path(os.environ.get("WHOBLOCKS_DATA", "/nonexistent")) / "atlas"
    real = {"real_tcp_4T.json": 80, "real_tcp_6T.json": 80, "real_tcp_p443.json": 443}
    for name, port in real.items():
        if not (data / name).exists():
            print(f"cli_outside: without {name}: WHOBLOCKS_DATA names no folder that has it")
            continue
        verdict = json.loads(run("replay", "-q", "-j", "-p", port, data / name).stdout)["verdict"]
        if (verdict["state"], verdict["blocker"]) != ("open", "none"):
            yield f"real: {name}: {verdict['sentence']}"
        if run("replay", "-q", data / name).returncode != 4:
            yield f"real: {name}: judged although nobody says which port was asked"


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        found = list(situations.all_situations())
        faults = [fault for s in found for fault in check_situation(s, folder)]
        faults += [*check_folder(folder), *check_alone(folder), *check_sites(folder), *check_readings(folder), *check_bad(folder),
                   *check_hostile(folder), *check_real()]
    for fault in faults:
        print(fault)
    print(f"cli_outside: {len(found)} situations, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
