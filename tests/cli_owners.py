#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Owners of routers from data bases, in replays: cli_owners.py PROGRAM."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import mmdb

PROGRAM = os.path.realpath(sys.argv[1])
PCAPS = pathlib.Path(__file__).parent / "pcaps"
FOREIGN, OWN = PCAPS / "foreign-mtr.pcap", PCAPS / "demo.46n.pcapng"
OWNERLESS = PCAPS / "isp2-inspects-drop.4.pcapng"
PUBLIC = "198.51.100.77"
MADE, DATE = 1700000000, "2023-11-14"
RECORDS = {
    "198.51.100.0/24": {"autonomous_system_number": 64500,
                        "autonomous_system_organization": "Example Access"},
    "203.0.113.0/24": {"asn": "AS64501", "name": "Example Mail"},
    "192.0.2.0/24": {"country": "XX"},
}
WANTED = {"198.51.100": (64500, "Example Access"), "203.0.113": (64501, "Example Mail")}


def replay(*words, **environment):
    return subprocess.run(
        [PROGRAM, "replay", "--json", *map(str, words)], capture_output=True, text=True,
        check=False, env={**os.environ, "WHOBLOCKS_ASN_DB": "", **environment})


def answers(done):
    """Every router's answer in a result."""
    return [answer for server in json.loads(done.stdout)["servers"] for hop in server["hops"]
            for answer in hop["control"] + hop["target"] if answer["address"]]


def check_owners(what, done):
    """The right owner at every address, and the date of the data."""
    known = 0
    for answer in answers(done):
        site = answer["address"].rpartition(".")[0]
        owner = (answer["asn"], answer["owner"])
        if owner != WANTED.get(site, (None, None)):
            yield f"{what}: {answer['address']} is {owner}"
        known += answer["asn"] is not None
    facts = json.loads(done.stdout)["host"]["facts"]
    notes = [fact["text"] or "" for fact in facts if fact["kind"] == "note"]
    dated = any(DATE in text and "year" in text for text in notes)
    if not known or not dated:
        yield f"{what}: {known} owners, {'a' if dated else 'no'} date and age"


def check_refused(path, reason):
    done = replay("--asn-db", path, FOREIGN)
    if done.returncode != 4 or str(path) not in done.stderr or reason not in done.stderr:
        yield f"{path}: status {done.returncode}: {done.stderr}"
    if done.stdout:
        yield f"{path}: there is a result: {done.stdout[:80]}"


def check_plain(what, done):
    if any(answer["asn"] for answer in answers(done)):
        yield f"{what}: owners from nowhere"


def check_own(path):
    """Evidence of our own carries its owners: what else is there changes nothing."""
    bare, beside = replay(OWN), replay(OWN, WHOBLOCKS_ASN_DB=path)
    for part in "verdict", "servers", "host":
        if json.loads(bare.stdout)[part] != json.loads(beside.stdout)[part]:
            yield f"the environment changes the {part} of our own evidence"


def check_stated(path):
    """An address that is stated now: its network is the provider's, and nothing else is asked."""
    bare, stated = (json.loads(replay(OWNERLESS, *words, WHOBLOCKS_ASN_DB=path).stdout)
                    for words in ((), ("--public-address", PUBLIC)))
    if bare["verdict"]["blocker"] != "unknown" or stated["verdict"]["blocker"] != "isp":
        yield (f"--public-address: {bare['verdict']['blocker']} became "
               f"{stated['verdict']['blocker']}")
    if [item["address"] for item in stated["run"]["public"]] != [PUBLIC]:
        yield f"--public-address: the result has {stated['run']['public']}"


def main():
    with tempfile.TemporaryDirectory() as folder:
        good, cut = pathlib.Path(folder) / "good.mmdb", pathlib.Path(folder) / "cut.mmdb"
        good.write_bytes(mmdb.build(RECORDS, MADE))
        cut.write_bytes(good.read_bytes()[:-40])
        loc = pathlib.Path(folder) / "loc.db"
        loc.write_bytes(b"LOCDBXX\x01" + bytes(12))
        faults = [
            *check_owners("--asn-db", replay("--asn-db", good, FOREIGN)),
            *check_owners("the environment", replay(FOREIGN, WHOBLOCKS_ASN_DB=str(good))),
            *check_plain("an empty environment", replay(FOREIGN)),
            *check_refused(pathlib.Path(folder) / "none.mmdb", "No such file"),
            *check_refused(folder, "not a regular file"),
            *check_refused(cut, "no data base of owners"),
            *check_refused(loc, "no usable data base of libloc's"),
            *check_refused(FOREIGN, "no data base of owners"),
            *check_own(str(good)),
            *check_stated(str(good)),
        ]
    for fault in faults:
        print(fault)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
