# SPDX-License-Identifier: BSD-2-Clause
"""Resets and noise from boxes beside a router: on the path, in the path, forged, copied."""

from labkit import rules as r
from labkit.boxes import Noise, Resetter, Shuffle, duplicate
from labkit.scenario import Expect, Scenario, blocked, no_verdict, open_port

SUBMIT = "tcp dport 587"
DROP = r.forward(f"{SUBMIT} drop")
FAR = {"tr1": 5}  # the servers are far enough for the box to win the race
# What a reset from isp2 (hop 3) must start with to look as distant as each server.
FORGED = {"203.0.113.25": 59, "198.18.20.25": 60, "198.18.30.25": 58,
          "2001:db8:a::19": 59, "2001:db8:b::19": 60, "2001:db8:c::19": 58}
ROUGH = (("degraded", "isp"), ("degraded", "unknown"), ("intercepted", "isp"))


def at_isp2(name, row, text, box, *, drop=False, expect=None, variants="4n 4"):
    rules = {"isp2": [DROP]} if drop else {}
    expect = expect or blocked("isp", 3, 3, mechanisms=("tcp-reset",), also=ROUGH)
    return Scenario(name, row, "injected", "T8p", text, expect, rules, variants, delays=FAR,
                    boxes=(("isp2", box),))


BOTH = "4n 6n 4 6"
SCENARIOS = (
    at_isp2("reset-on-path", 68, "a box beside isp2 resets, the SYN goes on", Resetter(),
            variants=BOTH),
    at_isp2("reset-late", 69, "a box beside isp2 resets, 50 ms late", Resetter(delay_ms=50),
            expect=open_port(also=ROUGH), variants=BOTH),
    at_isp2("reset-in-path", 70, "a box at isp2 resets and drops", Resetter(), drop=True,
            variants=BOTH),
    at_isp2("reset-ttl255", 71, "resets start at TTL 255", Resetter(ttl=255), drop=True),
    at_isp2("reset-ttl128", 72, "resets start at TTL 128", Resetter(ttl=128), drop=True),
    at_isp2("reset-random-ttl", 73, "each reset has another TTL", Resetter(ttl="random"),
            drop=True),
    at_isp2("reset-as-server", 74, "resets look as distant as the server", Resetter(ttl=FORGED),
            drop=True),
    at_isp2("reset-copied-ttl", 75, "resets copy the SYN's TTL, the SYN goes on",
            Resetter(ttl="copy")),
    at_isp2("reset-copied-drop", 76, "resets copy the SYN's TTL, the SYN is dropped",
            Resetter(ttl="copy"), drop=True),
    Scenario("reset-copied-transit", 77, "injected", "T8p",
             "a box beside tr2 copies the SYN's TTL",
             blocked("transit", 6, 6, suspects=("transit", "remote"),
                     also=(("degraded", "transit"), ("degraded", "unknown"))), variants="4n 4",
             delays={"dst1": 5, "dst2": 5, "dst3": 5}, boxes=(("tr2", Resetter(ttl="copy")),),
             hosts=("mx.alpha.example",)),
    at_isp2("reset-three", 78, "three resets with rising sequence numbers",
            Resetter(seqs=(0, 1460, 4380)), drop=True),
    at_isp2("reset-bad-ack", 79, "resets that no stack believes", Resetter(bad_ack=True),
            expect=open_port(also=ROUGH)),
    at_isp2("reset-mirror", 80, "resets with the SYN's own IP ID and window",
            Resetter(mirror=True), drop=True),
    Scenario("answer-rewritten", 81, "injected", "T8p",
             "isp2 turns the server's SYN-ACK into a reset",
             blocked("isp", suspects=("isp", "local-network", "transit", "remote"), also=ROUGH),
             {"isp2": [r.forward("tcp sport 587 tcp flags & (syn | ack) == syn | ack "
                                 "tcp flags set rst | ack")]}, BOTH),
    Scenario("lb-reset-ttl255", 100, "injected", "T8p",
             "the destination's balancer resets with TTL 255, the port is closed",
             blocked("remote", 7, 7, also=(("closed", "remote"),)),
             {"dst1": [DROP]}, "4n 4", hosts=("mx.alpha.example",),
             boxes=(("dst1", Resetter(ttl=255)),)),
    Scenario("box-bad-sum", 119, "injected", "T1", "a box beside the provider resets",
             blocked("isp", 2, 2), variants="4n 4", delays={"tra": 5, "trb": 5},
             boxes=(("isp", Resetter()),)),
    Scenario("noise", 133, "noise", "T1", "strangers' ICMP, redirects and stale SYN-ACKs",
             open_port(), boxes=(("gw", Noise(("other", "synack"))),)),
    Scenario("noise-drop", 133, "noise", "T8", "the same noise while isp2 drops",
             blocked("isp", 3, 3), {"isp2": [DROP]},
             boxes=(("gw", Noise(("other", "synack", "icmp", "reset"))),)),
    Scenario("noise-icmp", 134, "noise", "T1", "ICMP that quotes what was never sent",
             open_port(), boxes=(("gw", Noise(("icmp",))),)),
    Scenario("noise-reset", 135, "noise", "T1", "resets that acknowledge what was never sent",
             open_port(), boxes=(("gw", Noise(("reset",))),)),
    Scenario("duplicates", 136, "noise", "T1", "every packet arrives twice", open_port(),
             links={"isp": "tap"}, wires={"isp": {"change": duplicate}}),
    Scenario("duplicates-reset", 136, "noise", "T1", "every packet twice, the provider resets",
             blocked("isp", 2, 2), {"isp": [r.forward(f"{SUBMIT} reject with tcp reset")]},
             links={"isp": "tap"}, wires={"isp": {"change": duplicate}}),
    Scenario("reordered", 137, "noise", "T1", "packets lose their order", open_port(),
             links={"isp": "tap"}, wires={"isp": {"change": Shuffle(30)}}),
    Scenario("kill-all", 144, "noise", "T8p", "a box beside isp2 resets every connection",
             no_verdict(also=(("blocked", "isp"), ("blocked", "unknown"))), variants="4n 4",
             delays=FAR, boxes=(("isp2", Resetter(port=0)),)),
)
