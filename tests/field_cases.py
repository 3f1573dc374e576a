#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Captures from the field, each with what may be said of it: field_cases.py PROGRAM.

$WHOBLOCKS_DATA/field/CASES.tsv names them: file, statuses that are right, who must be neither blamed
nor suspected, who must be among the suspects, and in words what is right, which stands here once
more as far as it can be looked for. Without it the test is skipped (77).
"""

import csv
import json
import os
import pathlib
import sys

sys.dont_write_bytecode = True

from capture_kit import replay

SKIP = 77
REJECTED = {"reply": "icmp", "said": ("ICMP",)}
HERE = {"reply": "icmp", "said": ("ICMP", "this host")}
NOT_CLOSED = {"state": "closed", "unsaid": ("the server itself",)}
NOT_OPEN = {"state": "open", "unsaid": ("reads the dialogue",)}
# What a file's row says in words: the reply's kind, a state that is wrong, what is said and what not,
# another file of the same packets.
WORDS = {
    "icmp_isp_ctl.pcap": {**REJECTED, "said": ("ICMP", "100.64.0.1")},
    "icmp_gw_noctl.pcap": {**REJECTED, "said": ("ICMP", "192.168.1.1"), "unsaid": ("Nothing came",)},
    "icmp_self_ctl.pcap": HERE,
    "icmp_srv_noctl.pcap": {**REJECTED, "said": ("ICMP", "203.0.113.25", "12 hops")},
    "m7o1r.pcap": {"said": ("7 of 8",)},
    "self_eth_c1_s1.pcap": HERE,
    "self_eth_c0_s1.pcap": HERE,
    "rst4_nocontrol.pcap": NOT_CLOSED,
    "rst4_3servers.pcap": NOT_CLOSED,
    "rst_then_sa.pcap": NOT_CLOSED,
    "rst_then_sa_samettl.pcap": NOT_CLOSED,
    "tls-quit-12.pcap": {"unsaid": ("cut off", "goes dead", "No password", "no password")},
    "stallhello.pcap": {**NOT_OPEN, "said": ("TLS ClientHello",)},
    "gap.pcap": {**NOT_OPEN, "said": ("large packets", "MTU")},
    "helo.pcap": {"unsaid": ("STARTTLS",)},
    "wrongsrv.pcap": {"said": ("203.0.113.25", "host.myhost.example")},
    "lan.pcap": {"unsaid": ("provider",)},
    "vxlan.pcap": {"said": ("VXLAN",), "same": "eth.pcap"},
    "pflog117.pcap": {"same": "eth.pcap"},
}


def wrong_words(program, row, folder, result):
    """What the row says in words and the result does not, or the other way round."""
    words, verdict = WORDS.get(row["file"], {}), result["verdict"]
    text = json.dumps([verdict, result["host"]], ensure_ascii=False)
    wrong = [f"nothing of '{word}'" for word in words.get("said", ()) if word not in text]
    wrong += [f"'{word}' is said" for word in (*words.get("unsaid", ()), '\\"\\"') if word in text]
    if verdict["state"] == words.get("state"):
        wrong.append(f"the state is {verdict['state']}")
    kinds = {server["reply"]["kind"] for server in result["servers"]}
    if words.get("reply", "none") not in (*kinds, "none"):
        wrong.append(f"the reply is {kinds}")
    if "same" in words and verdict != replay(program, folder / words["same"])[1]["verdict"]:
        wrong.append(f"other than {words['same']}")
    return wrong


def fault(program, row, folder):
    status, result, errors = replay(program, folder / row["file"])
    if str(status) not in row["status"].split(",") or result is None:
        return f"status {status} instead of {row['status']}: {errors}"
    verdict = result["verdict"]
    parties = {verdict["blocker"]} | {suspect["blocker"] for suspect in verdict["suspects"]}
    wrong = parties & set((row["nobody of these"] or "").split())
    missing = set((row["these among the suspects"] or "").split()) - parties
    if wrong or missing:
        return f"suspects {sorted(parties)}: {sorted(wrong)} wrong, {sorted(missing)} missing"
    return "; ".join(wrong_words(program, row, folder, result))


def main():
    program = sys.argv[1]
    folder = pathlib.Path(os.environ.get("WHOBLOCKS_DATA", "/nonexistent")) / "field"
    if not (folder / "CASES.tsv").exists():
        return SKIP
    with open(folder / "CASES.tsv", encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    bad = 0
    for row in rows:
        found = fault(program, row, folder)
        if found:
            print(f"{row['file']}: {found}")
            bad += 1
    print(f"{len(rows)} captures from the field, {sum(row['file'] in WORDS for row in rows)} also "
          f"by their words, {bad} faults")
    return 1 if bad or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
