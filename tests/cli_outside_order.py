#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Ordering measurements from a recorded service on the loopback: cli_outside_order.py PROGRAM.

Whatever it plays, there is a sentence, nothing is lost, and the key goes to the service alone.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.realpath(sys.argv[1])
TESTS = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS / "outside"))

import mmdb  # noqa: E402
import situations  # noqa: E402
from service import KEY, Service  # noqa: E402
from tracer import Session  # noqa: E402

HOSTS = situations.SERVERS
RECORDS = {prefix: {"autonomous_system_number": number, "autonomous_system_organization": name}
           for prefix, number, name in situations.NETWORKS}
SCRATCH = tempfile.TemporaryDirectory()
OWNERS = pathlib.Path(SCRATCH.name) / "owners.mmdb"
OWNERS.write_bytes(mmdb.build(RECORDS, 1700000000))


def session():
    """Five lines of ours that lose the port inside the provider, and five that are open."""
    made = Session()
    made.measure([*(situations.line(1001 + i, rules=[situations.Rule(2, "drop")])
                    for i in range(5)), *(situations.other(2001 + i) for i in range(5))])
    return made


def environment(**more):
    kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    return {**kept, "WHOBLOCKS_ASN_DB": str(OWNERS), **more}


def words_for(service, *words, wait="30", hosts=HOSTS):
    return [PROGRAM, "outside", "-j", "--api", service.url, "--asn", "64500", "--wait", wait,
            *words, *hosts]


def run(service, *words, key=True, wait="30", hosts=HOSTS):
    env = environment(WHOBLOCKS_ATLAS_KEY=KEY) if key else environment()
    return subprocess.run(words_for(service, *words, wait=wait, hosts=hosts), env=env,
                          capture_output=True, text=True, check=False, timeout=120)


def leaks(done, *folders):
    """Whether the key stands in anything that was left behind."""
    texts = [done.stdout, done.stderr]
    for folder in folders:
        texts += [p.read_bytes().decode("utf-8", "replace") for p in folder.rglob("*")
                  if p.is_file()]
    return any(KEY in text for text in texts)


def check_good(folder):
    service = Service(session())
    done = run(service, "-o", folder / "good")
    told = json.loads(done.stdout or "{}")
    if told.get("outside_summary", {}).get("ipv4", {}).get("says") != "provider":
        yield f"good: status {done.returncode}: {done.stderr}"
        return
    if leaks(done, folder / "good"):
        yield "good: the key is in what was left behind"
    if not all(auth == f"Key {KEY}" for _, _, auth, _ in service.seen):
        yield "good: a request lacks the key"
    orders = [json.loads(body) for method, _, _, body in service.seen if method == "POST"]
    definitions = orders[0]["definitions"]
    full = [d for d in definitions if d["first_hop"] == 64]
    if len(orders) != 1 or len(definitions) != 6 or len(full) != 2:
        yield f"good: {len(orders)} orders, {len(definitions)} definitions"
    for d in definitions:
        if d["protocol"] != "TCP" or d["size"] != 0 or d["resolve_on_probe"]:
            yield f"good: ordered {d}"
    if full and (full[0]["packets"], full[0]["port"], full[0]["max_hops"]) != (1, 587, 64):
        yield f"good: the lone SYN is {full[0]}"
    if orders[0]["probes"][0]["value"].count(",") != 9 or "10 probes found" not in done.stderr:
        yield f"good: asks {orders[0]['probes']}"
    again = subprocess.run([PROGRAM, "outside", "-j", folder / "good" / "outside.jsonl"],
                           capture_output=True, text=True, check=False)
    for key in ("verdict", "outside", "outside_summary"):
        if json.loads(again.stdout)[key] != told[key]:
            yield f"good: the saved answers give another {key}"
    for words in (["outside", "-j"], ["replay", "-j"], ["report", "--format", "json"]):
        again = subprocess.run([PROGRAM, *words, folder / "good"], capture_output=True, text=True,
                               check=False)
        if not again.stdout or json.loads(again.stdout)["verdict"] != told["verdict"]:
            yield f"good: {words} of the folder: {again.stderr}"
    if "Seen from outside" not in (folder / "good/result.txt").read_text(encoding="utf-8"):
        yield "good: the folder lacks the result as it was printed"
    service.close()


def check_folder(folder):
    """Into the folder of a measurement: its servers are asked, and its verdict moves for good."""
    own = folder / "own"
    subprocess.run([PROGRAM, "replay", "-q", "-o", own, TESTS / "pcaps/gw-drop.4n.pcapng"],
                   check=False, capture_output=True)
    before = (own / "capture.pcapng").read_bytes()
    service = Service(session())
    done = run(service, hosts=[own])
    if done.returncode != 12 or (own / "capture.pcapng").read_bytes() != before:
        yield f"folder: status {done.returncode}: {done.stderr}"
    asked = {d["target"] for _, _, _, body in service.seen if body
             for d in json.loads(body)["definitions"]}
    servers = {s["address"] for s in json.loads((own / "result.json").read_text())["servers"]}
    if len(asked) != 2 or not asked <= servers:
        yield f"folder: asked {asked} of {servers}"
    service.close()
    again = subprocess.run([PROGRAM, "outside", "-j", own], capture_output=True, text=True,
                           check=False)
    if json.loads(again.stdout)["verdict"] != json.loads(done.stdout)["verdict"] or leaks(done, own):
        yield "folder: judged again it says something else, or holds the key"


# mood, options, status, what standard error says
PLAYS = [
    ("400", [], 4, "/definitions/0/target: This \\x1b[31mtarget is not allowed."),
    ("403", [], 3, "does not exist"),
    ("redirect", [], 4, "sends elsewhere (HTTP 307)"),
    ("nonsense", [], 4, "names no measurement"),
    ("slow", ["--wait", "2"], 4, "timed out"),
    ("huge", ["--wait", "1"], 4, "more than 16 MiB"),
    ("no-suitable", [], 4, "No suitable probes"),
    ("no-probes", [], 4, "no probe was found"),
    ("good", ["--credits-max", "100"], 2, "nothing is ordered"),
    ("good", ["--key-file", "/nonexistent"], 4, "cannot read the key"),
]


def check_plays():
    for mood, words, status, wanted in PLAYS:
        service = Service(session(), mood)
        done = run(service, *words)
        if done.returncode != status or wanted not in done.stderr or done.stdout:
            yield f"{mood} {words}: status {done.returncode}: {done.stderr}"
        if "\x1b" in done.stderr or leaks(done):
            yield f"{mood}: the message shows what it must not"
        if any(path.startswith("/elsewhere") for _, path, _, _ in service.seen):
            yield f"{mood}: a redirection was followed"
        if words[:1] == ["--credits-max"] and any(m == "POST" for m, *_ in service.seen):
            yield f"{mood}: ordered for more than was allowed"
        service.close()


def check_patience():
    """What comes late, in parts, or only after being asked too often is not lost."""
    for mood, wanted in (("429", "asked too often"), ("three", ""), ("cut", "")):
        service = Service(session(), mood)
        done = run(service, wait="60")
        told = json.loads(done.stdout or "{}")
        if told.get("outside_summary", {}).get("ipv4", {}).get("says") != "provider":
            yield f"{mood}: status {done.returncode}: {done.stderr}"
        if len(told.get("outside", [])) != 10 or wanted not in done.stderr:
            yield f"{mood}: {len(told.get('outside', []))} places: {done.stderr}"
        service.close()
    service = Service(session(), "never")
    done = run(service, wait="1")
    ids = ",".join(str(o["id"]) for o in service.session.objects)
    if f"--resume {ids}" not in done.stderr or len(json.loads(done.stdout)["outside"]) != 5:
        yield f"never: {done.stderr}"
    service.mood = "good"
    done = run(service, "--resume", ids)
    if len(json.loads(done.stdout)["outside"]) != 10:
        yield f"resume: {done.stderr}"
    service.close()


def check_interrupt():
    service = Service(session(), "never")
    child = subprocess.Popen(words_for(service, wait="60"), stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True,
                             env=environment(WHOBLOCKS_ATLAS_KEY=KEY))
    until = time.monotonic() + 60
    while service.polls < 6 and time.monotonic() < until:
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    if "interrupted" not in err or "--resume 90000001," not in err:
        yield f"interrupt: {err}"
    if len(json.loads(out or "{}").get("outside", [])) != 5:
        yield "interrupt: what had come is not judged"
    if sum(method == "DELETE" for method, *_ in service.seen) != 6:
        yield "interrupt: the measurements go on"
    service.close()


def check_key(folder):
    """From a file of its owner alone; and nowhere is it asked for where none is needed."""
    service = Service(session())
    path = folder / "key"
    path.write_text(KEY + "\n", encoding="ascii")
    path.chmod(0o644)
    done = run(service, "--key-file", path, key=False)
    if done.returncode != 4 or "chmod 600" not in done.stderr or service.seen:
        yield f"key: a file that all can read: {done.stderr}"
    path.chmod(0o600)
    if run(service, "--key-file", path, key=False).returncode != 20:
        yield "key: a file of its own is not taken"
    path.write_text(KEY + "\r\nX-Other: 1", encoding="ascii")
    if run(service, "--key-file", path, key=False).returncode != 4:
        yield "key: two lines are taken for one"
    done = run(service, key=False)
    if done.returncode != 2 or "--key-file" not in done.stderr:
        yield f"key: none: {done.stderr}"
    for url in ("http://example.org", "http://127.0.0.1:1@example.org", "ftp://x", "https://a@b"):
        service.url, kept = url, service.url
        done = run(service)
        service.url = kept
        if done.returncode != 2 or "--api" not in done.stderr:
            yield f"key: '{url}' would be told it: {done.stderr}"
    service.seen.clear()
    done = run(service, "--dry-run", key=False)
    if done.returncode or len(json.loads(done.stdout)["definitions"]) != 6:
        yield f"dry-run: status {done.returncode}: {done.stderr}"
    if any(method != "GET" for method, *_ in service.seen):
        yield "dry-run: something was ordered"
    service.close()


def check_https(folder):
    """A certificate that nobody vouches for gets neither the order nor the key."""
    pem = folder / "pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=service",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "k", "-out",
                    folder / "c"], check=True, capture_output=True)
    pem.write_text((folder / "k").read_text() + (folder / "c").read_text(), encoding="ascii")
    service = Service(session(), certificate=pem)
    done = run(service)
    if done.returncode != 4 or "certificate" not in done.stderr or service.seen:
        yield f"https: status {done.returncode}, {len(service.seen)} requests: {done.stderr}"
    done = run(service, "--cacert", folder / "c")
    if done.returncode != 20 or not service.seen:
        yield f"https: a good certificate: {done.stderr}"
    service.close()


def check_globalping():
    for mood in ("good", "three"):
        service = Service([], mood)
        done = run(service, "--via", "globalping", key=False)
        told = json.loads(done.stdout or "{}")
        fates = {(r["asn"], r["fate"]) for r in told.get("outside", [])}
        if fates != {(64500, "blocked"), (64511, "open")}:
            yield f"globalping {mood}: {fates}: {done.stderr}"
        orders = [json.loads(b) for m, _, _, b in service.seen if m == "POST"]
        if len(orders) != 6 or any(o["locations"] != "m1" for o in orders[1:]):
            yield f"globalping {mood}: orders {[o['locations'] for o in orders]}"
        if any(auth for _, _, auth, _ in service.seen):
            yield f"globalping {mood}: a key is told that nobody gave"
        service.close()
    for mood, wanted in (("422", "No suitable probes found."), ("400", "target: is blacklisted")):
        service = Service([], mood)
        done = run(service, "--via", "globalping", key=False)
        if done.returncode != 4 or wanted not in done.stderr or done.stdout:
            yield f"globalping {mood}: status {done.returncode}: {done.stderr}"
        service.close()


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        faults = [*check_good(folder), *check_folder(folder), *check_plays(), *check_patience(),
                  *check_interrupt(), *check_key(folder), *check_https(folder),
                  *check_globalping()]
    for fault in faults:
        print(fault)
    print(f"cli_outside_order: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
