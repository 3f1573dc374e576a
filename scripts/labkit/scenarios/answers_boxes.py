# SPDX-License-Identifier: BSD-2-Clause
"""Boxes beside routers of every kind: resets by other places, with other TTLs, at other times."""

from labkit import packet
from labkit import rules as r
from labkit.answer_boxes import Backward, Handshaker, Injector
from labkit.boxes import Resetter
from labkit.scenario import Expect, Scenario, blocked, no_verdict, open_port
from labkit.scenarios.multipath import with_rules

SUBMIT = "tcp dport 587"
DROP = r.forward(f"{SUBMIT} drop")
DROP_IN = r.prerouting(f"iifname \"in0\" {SUBMIT} drop")
ALPHA = ("mx.alpha.example",)
ALPHA_ADDRESSES = ("203.0.113.25", "2001:db8:a::19")
BETA_ADDRESSES = ("198.18.20.25", "2001:db8:b::19")
ANYBODY = ("isp", "local-network", "transit", "remote")
RESET = ("tcp-reset",)
FAR = {"tr1": 5}
EDGES = {"dst1": 5, "dst2": 5, "dst3": 5}
SERVERS = {"alpha": 5, "beta": 5, "core3": 5}
PLACES = {"gw": (1, "local-network", FAR), "isp1": (2, "isp", FAR), "isp2": (3, "isp", FAR),
          "isp3": (4, "isp", FAR), "tr1": (5, "transit", EDGES), "tr2": (6, "transit", EDGES),
          "dst1": (7, "remote", SERVERS)}
BEHIND = {"tr2": ALPHA, "dst1": ALPHA}


def rough(culprit):
    """What an injector that loses some races may be called as well."""
    return (("degraded", culprit), ("intercepted", culprit))


def beside(place, name, text, box, *, drop=None, expect=None, suspects=(), variants="4n 6n 4 6"):
    hop, culprit, delays = PLACES[place]
    expect = expect or blocked(culprit, hop, hop, suspects=suspects, mechanisms=RESET, also=(
        *rough(culprit), *((("closed", "remote"),) if culprit == "remote" else ())))
    return Scenario(f"{place}-box-{name}", 0, "injected", "T8p", f"{place}: {text}", expect,
                    {place: [drop]} if drop else {}, variants, hosts=BEHIND.get(place, ()),
                    delays=delays, boxes=((place, box),))


def lates(place, delay):
    """The server's answer comes first: connections work."""
    _, culprit, _ = PLACES[place]
    return beside(place, f"late{delay}", f"a box resets {delay} ms late",
                  Injector(delay_ms=delay),
                  expect=open_port(also=(*rough(culprit), ("degraded", "unknown"),
                                         ("blocked", culprit))))


def everywhere():
    """At each place: on the path and in it, with each start of the TTL, late."""
    for place in PLACES:
        for start in (32, 64, 128, 255):
            yield beside(place, f"on{start}", f"a box resets from TTL {start}, the SYN goes on",
                         Injector(ttl=start), variants="4n 6n" if start != 64 else "4n 6n 4 6")
        yield beside(place, "in64", "a box resets and drops", Injector(), drop=DROP_IN)
        yield beside(place, "behind", "a box behind the TTL check resets and drops",
                     Injector(behind=True), drop=DROP)
        yield lates(place, 20)
        yield lates(place, 100)
    for place, suspects in (("gw", ()), ("isp1", ("local-network", "isp")), ("isp2", ()),
                            ("tr1", ("isp", "transit"))):
        yield beside(place, "random", "each reset has another TTL", Injector(ttl="random"),
                     drop=DROP_IN, suspects=suspects, variants="4n 6n")


def copied():
    """Boxes that copy the SYN's TTL, before or behind the router's decrement.

    Where the SYNs go no further their expiries enclose the box closer than the copied TTL does.
    """
    enclosed = (("gw", "copy-in"), ("isp1", "copy-behind"), ("isp3", "copy-in"),
                ("tr1", "copy-behind"))
    cases = (("gw", ("local-network", "isp")), ("isp1", ("local-network", "isp")), ("isp2", ()),
             ("isp3", ("isp", "transit")), ("tr1", ("isp", "transit")))
    for place, suspects in cases:
        for word, behind, drop in (("copy", False, None), ("copy-in", False, DROP_IN),
                                   ("copy-behind", True, DROP)):
            yield beside(place, word, "a box copies the SYN's TTL"
                         f"{' behind its decrement' if behind else ''}",
                         Injector(ttl="copy", behind=behind), drop=drop,
                         suspects=() if (place, word) in enclosed else suspects,
                         variants="4n 6n")


# The way back from isp3 goes by x1 to x6; the forward way is short.
BACK = {"isp3": [r.ip("addr add 198.51.100.71 peer 198.51.100.72 dev back"),
                 r.ip("route replace 192.168.1.0/24 via 198.51.100.72 dev back onlink")],
        "x1": [r.ip("addr add 198.51.100.72 peer 198.51.100.71 dev to-isp3")]}


def round_about(name, row, text, expect, box, more, delays=None):
    """A box on a way with a long detour back; it answers by the detour as well."""
    return Scenario(f"detour-{name}", row, "paths", "TA6", text, expect, with_rules(BACK, more),
                    "4n 4", more_links=(("isp3", "back", "x1", "to-isp3"),),
                    delays=delays or FAR, boxes=(box,))


def backward(name, text, expect, box, rules=None, hosts=(), place="isp2"):
    return Scenario(f"back-{name}", 0, "return", "T8p", text, expect, rules or {}, hosts=hosts,
                    boxes=((place, box),))


ABORTED = Expect("degraded", "isp", named=False, suspects=frozenset(ANYBODY), also=(
    ("blocked", "isp"), ("blocked", "unknown"), ("degraded", "isp"), ("intercepted", "isp")))
NO_ANSWER = r.forward("tcp sport 587 tcp flags & (syn | ack) == syn | ack drop")
NO_ALPHA = [r.forward("ip saddr 203.0.113.25 tcp sport 587 drop"),
            r.forward("ip6 saddr 2001:db8:a::19 tcp sport 587 drop")]

SCENARIOS = (
    *everywhere(),
    *copied(),
    round_about("copy", 75, "a longer way back, a box beside isp3 copies the SYN's TTL",
                blocked("isp", 4, 4, suspects=("isp", "transit"), also=(
                    *rough("isp"), ("blocked", "isp"))),
                ("isp3", Injector(ttl="copy")), {"isp3": [DROP_IN]}),
    round_about("fixed", 98, "a longer way back, a box beside isp3 resets and drops",
                blocked("isp", 4, 4, also=rough("isp")), ("isp3", Injector()),
                {"isp3": [DROP_IN]}),
    round_about("transit", 98, "a longer way back, a box beside tr1 resets and drops",
                blocked("transit", 5, 5, also=rough("transit")),
                ("tr1", Injector()), {"tr1": [DROP_IN]}, delays=EDGES),
    backward("abort", "a box beside isp2 aborts what the servers accept", ABORTED,
             Backward(seq="next", device="to-isp3")),
    backward("abort-zero", "a box beside isp2 resets with number 0 what the servers accept",
             open_port(also=(*rough("isp"), ("degraded", "unknown"), ("blocked", "isp"),
                             ("blocked", "unknown"))),
             Backward(device="to-isp3")),
    backward("reset", "isp2 puts a reset in the place of each SYN-ACK",
             blocked("isp", suspects=ANYBODY, also=rough("isp")), Backward(device="to-isp3"),
             {"isp2": [NO_ANSWER]}),
    backward("reset-copied", "the same, as distant as the server's SYN-ACK",
             blocked("isp", suspects=ANYBODY, also=(*rough("isp"), ("closed", "remote"))),
             Backward(ttl="copy", device="to-isp3"), {"isp2": [NO_ANSWER]}),
    backward("reset-one", "the same for one server alone",
             blocked("isp", suspects=ANYBODY, also=rough("isp")),
             Backward(device="to-isp3", only=ALPHA_ADDRESSES), {"isp2": NO_ALPHA}, ALPHA),
    backward("reset-edge", "a server's edge puts a reset in the place of its SYN-ACKs",
             blocked("remote", suspects=ANYBODY, also=(("closed", "remote"),
                                                       ("blocked", "remote"))),
             Backward(device="to-alpha"), {"dst1": [NO_ANSWER]}, ALPHA, "dst1"),
    beside("isp2", "three-equal", "three resets with one sequence number",
           Injector(seqs=(0, 0, 0)), drop=DROP, variants="4n 6n"),
    beside("tr1", "three-rising", "three resets with rising sequence numbers",
           Injector(seqs=(0, 1460, 4380)), drop=DROP_IN, variants="4n 6n"),
    beside("isp2", "no-ack", "resets without ACK, the SYN is dropped",
           Injector(flags=packet.RST), drop=DROP,
           expect=blocked("isp", 3, 3, also=rough("isp"))),
    beside("isp2", "no-ack-on", "resets without ACK, the SYN goes on",
           Injector(flags=packet.RST),
           expect=open_port(also=(*rough("isp"), ("degraded", "unknown")))),
    beside("tr1", "mirror", "resets with the SYN's own IP ID and window", Resetter(mirror=True),
           drop=DROP_IN, variants="4n 6n"),
    beside("isp2", "second", "a box lets the first SYN to a server pass", Injector(spared=1),
           expect=blocked("isp", 3, 3, also=rough("isp"), either=(("degraded", "isp"),))),
    beside("isp2", "third", "a box lets two SYNs to a server pass", Injector(spared=2),
           expect=Expect("degraded", "isp", place=(3, 3), also=(
               *rough("isp"), ("blocked", "isp")), either=(("blocked", "isp"),))),
    beside("isp2", "with-icmp", "resets and rejections by one box",
           Injector(icmp={4: "198.51.100.2", 6: "2001:db8:5000::2"}), drop=DROP,
           expect=blocked("isp", 3, 3, also=rough("isp"))),
    beside("isp2", "list", "a box resets two of three servers",
           Injector(only=ALPHA_ADDRESSES + BETA_ADDRESSES)),
    Scenario("isp2-box-one", 84, "injected", "T8p", "a box beside isp2 resets one server",
             blocked("isp", 3, 3, mechanisms=RESET, also=rough("isp")), hosts=ALPHA, delays=FAR,
             boxes=(("isp2", Injector(only=ALPHA_ADDRESSES)),)),
    beside("isp2", "handshake", "a box accepts, drops the SYN and resets later",
           Handshaker(reset_ms=30), drop=DROP_IN,
           expect=Expect("intercepted", "isp", place=(3, 3), also=(
               ("blocked", "isp"), ("degraded", "isp")))),
    beside("isp2", "two-synacks", "a box accepts, the SYN goes on", Handshaker(),
           expect=Expect("intercepted", "isp", place=(3, 3), also=(
               ("blocked", "isp"), ("degraded", "isp"), ("intercepted", "unknown")))),
    Scenario("tarpit", 84, "injected", "T8p", "the server accepts and lets nothing be sent",
             no_verdict(), {"alpha": [r.inbound(f"{SUBMIT} drop")]}, "4n 6n", hosts=ALPHA,
             options=("--only", "--no-smtp"),
             boxes=(("alpha", Handshaker(window=0, device="eth0")),)),
    Scenario("tarpit-mail", 84, "injected", "T8p", "the same, asked for a greeting",
             no_verdict(), {"alpha": [r.inbound(f"{SUBMIT} drop")]}, "4n", hosts=ALPHA,
             options=("--only",), boxes=(("alpha", Handshaker(window=0, device="eth0")),)),
    beside("tr1", "handshake", "a box accepts, drops the SYN and resets later",
           Handshaker(reset_ms=30), drop=DROP_IN,
           expect=Expect("intercepted", "transit", named=False, place=(5, 5),
                         suspects=frozenset(("isp", "transit")), also=(("blocked", "transit"),))),
)
