# SPDX-License-Identifier: BSD-2-Clause
"""Answers on ways of their own: ports that are routed apart, loops, silent routers, NAT."""

from labkit import rules as r
from labkit.answer_boxes import Backward, Injector
from labkit.rules import no_expiry
from labkit.scenario import Expect, Scenario, blocked, open_port
from labkit.scenarios.multipath import PREFIXES, with_rules

SUBMIT = "tcp dport 587"
DROP = r.forward(f"{SUBMIT} drop")
RESET = r.forward(f"{SUBMIT} reject with tcp reset")
ICMP = r.forward(f"{SUBMIT} reject with icmpx admin-prohibited")
ALPHA = ("mx.alpha.example",)
EITHER = ("local-network", "isp")
ONWARD = ("isp", "transit")
ANYBODY = ("isp", "local-network", "transit", "remote")
FAR = {"tr1": 5}
VERBS = (("drop", DROP), ("reset", RESET), ("icmp", ICMP))


def apart():
    """isp1 sends 587 on by x6 ... x1, six hops instead of one; they join at isp3."""
    rules = {"isp1": [r.ip("rule add iif in0 ipproto tcp dport 587 lookup 77"),
                      r.ip("route add default via 198.51.100.21 dev to-x6 onlink table 77")],
             "isp3": [r.ip("addr add 198.51.100.71 peer 198.51.100.72 dev back")],
             "x1": [r.ip("addr add 198.51.100.72 peer 198.51.100.71 dev to-isp3")]}
    for number in range(6, 0, -1):
        way = (f"via 198.51.100.{28 - number} dev to-x{number - 1} onlink" if number > 1
               else "via 198.51.100.71 dev to-isp3 onlink")
        rules.setdefault(f"x{number}", []).extend(
            r.ip(f"route add {prefix} {way}") for prefix in PREFIXES)
    return rules


def scrubbed(name, text, expect, more=None, **rest):
    return Scenario(f"scrub-{name}", 0, "paths", "TA6", text, expect,
                    with_rules(apart(), more or {}), "4n 4",
                    more_links=(("isp3", "back", "x1", "to-isp3"),), **rest)


def scrubbers():
    """587 alone takes the longer way; whoever blocks stands on it."""
    yield scrubbed("open", "587 takes a longer way, nobody blocks", open_port())
    yield scrubbed("closed", "587 takes a longer way, a server refuses",
                   Expect("closed", "remote", also=(("blocked", "remote"),)), hosts=ALPHA,
                   closed={"alpha": (587,)})
    for verb, rule in VERBS:
        for number, hop in ((6, 3), (4, 5), (2, 7)):
            yield scrubbed(f"x{number}-{verb}",
                           f"587 takes a longer way, a router on it at hop {hop}: {verb}",
                           blocked("isp", hop, hop, suspects=ONWARD if verb == "drop" else ()),
                           {f"x{number}": [rule]})


def looped(near, far, via, hop, culprit):
    """SYNs to 587 go round between two routers: the further one sends them back."""
    rules = {far: [r.ip("rule add iif in0 ipproto tcp dport 587 lookup 99"),
                   r.ip(f"route add default via {via} dev in0 onlink table 99")]}
    return Scenario(f"loop-{far}", 0, "paths", "T8p",
                    f"SYNs to 587 go round between {near} and {far}",
                    blocked(culprit, hop, hop),
                    rules, "4n 4")


def silent_near():
    """Routers that send no expiry beside those that refuse."""
    hidden = {place: [no_expiry()] for place in ("isp1", "isp2", "isp3")}
    near = ("local-network", "isp", "transit")
    for verb, rule in VERBS[1:]:
        yield Scenario(f"dark-isp2-{verb}", 60, "provider", "T8",
                       f"isp2: {verb}, the provider sends no expiry",
                       blocked("isp", 3, 3, suspects=near, also=(("blocked", "isp"),)),
                       with_rules(hidden, {"isp2": [rule]}))
        yield Scenario(f"dark-gw-{verb}", 38, "near", "T8",
                       f"the gateway: {verb}, and it sends no expiry",
                       blocked("local-network", 1, 1),
                       {"gw": [rule, no_expiry()]})
        yield Scenario(f"dark-all-{verb}", 61, "provider", "T8",
                       f"isp2: {verb}, no router sends an expiry",
                       blocked("isp", 3, 3, suspects=ANYBODY, also=(("blocked", "isp"),)),
                       {"isp2": [rule, no_expiry()],
                        **{place: [no_expiry()] for place in (
                            "gw", "isp1", "isp3", "tr1", "tr2", "dst1", "dst2", "dst3",
                            "core3")}})


def translated():
    """Boxes on the path behind a gateway with NAT: each reset takes the gateway's entry away."""
    for place, hop, culprit in (("isp1", 2, "isp"), ("isp2", 3, "isp"), ("tr1", 5, "transit")):
        delays = FAR if culprit == "isp" else {"dst1": 5, "dst2": 5, "dst3": 5}
        also = (("degraded", culprit),)
        yield Scenario(f"nat-on-{place}", 68, "injected", "T8",
                       f"a box beside {place} resets, the SYN goes on, behind NAT",
                       blocked(culprit, hop, hop, also=also), delays=delays,
                       boxes=((place, Injector()),))
        yield Scenario(f"nat-in-{place}", 70, "injected", "T8",
                       f"a box at {place} resets and drops, behind NAT",
                       blocked(culprit, hop, hop, also=also), {place: [DROP]}, delays=delays,
                       boxes=((place, Injector()),))


SYNACK = "tcp sport 587 tcp flags & (syn | ack) == syn | ack"
REWRITE = r.forward(f"{SYNACK} tcp flags set rst | ack")
WEB_ONLY = "iifname \"in0\" meta l4proto tcp tcp dport != { 80, 443 }"
ONE = [r.forward(f"ip saddr 203.0.113.25 {SYNACK} tcp flags set rst | ack"),
       r.forward(f"ip6 saddr 2001:db8:a::19 {SYNACK} tcp flags set rst | ack")]
ONE_SIDE = (("blocked", "remote"), ("degraded", "unknown"))
ABORTS = Expect("degraded", "remote", named=False, suspects=frozenset(ANYBODY), also=(
    ("degraded", "remote"), ("closed", "remote"), ("blocked", "unknown")))

SCENARIOS = (
    *scrubbers(),
    looped("isp1", "isp2", "198.51.100.224", 3, "isp"),
    looped("isp2", "isp3", "198.51.100.200", 4, "isp"),
    looped("isp3", "tr1", "198.51.100.208", 5, "transit"),
    *silent_near(),
    *translated(),
    *(Scenario(f"rewritten-{place}", 81, "return", "T8p",
               f"{place} turns the servers' SYN-ACKs into resets",
               blocked(culprit, suspects=ANYBODY), {place: [REWRITE]})
      for place, culprit in (("gw", "local-network"), ("isp1", "isp"), ("tr1", "transit"))),
    Scenario("rewritten-one", 81, "return", "T8p",
             "isp2 turns one server's SYN-ACKs into resets",
             blocked("isp", suspects=ANYBODY, also=ONE_SIDE), {"isp2": ONE}, hosts=ALPHA),
    Scenario("rewritten-edge", 81, "return", "T8p",
             "a server's own edge turns its SYN-ACKs into resets",
             blocked("remote", suspects=ANYBODY, also=(*ONE_SIDE, ("closed", "remote"))),
             {"dst1": [REWRITE]}, hosts=ALPHA),
    Scenario("edge-aborts", 36, "server", "T8p", "a server's edge aborts what it accepted", ABORTS,
             hosts=ALPHA, boxes=(("dst1", Backward(seq="next", device="to-alpha")),)),
    Scenario("edge-aborts-dead", 36, "server", "T8p",
             "a balancer accepts, has nobody behind it, and aborts", ABORTS,
             {"dst1": [r.forward("tcp sport 587 tcp flags & syn == 0 drop")]}, hosts=ALPHA,
             boxes=(("dst1", Backward(seq="next", ttl=255, device="to-alpha")),)),
    *(Scenario(f"web-only-{place}-{verb}", 0, group, "T8",
               f"{place} lets only the web pass: {verb}",
               blocked(culprit, hop, hop, suspects=EITHER if (place, verb) == ("gw", "drop")
                       else ()),
               {place: [r.forward(f"{WEB_ONLY} {how}")]})
      for place, hop, culprit, group in (("gw", 1, "local-network", "near"),
                                         ("isp1", 2, "isp", "provider"))
      for verb, how in (("drop", "drop"), ("reset", "reject with tcp reset"),
                        ("icmp", "reject with icmpx admin-prohibited"))),
)
