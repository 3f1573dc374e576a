# SPDX-License-Identifier: BSD-2-Clause
"""Resets and rejections by firewalls at every kind of place, and by the servers themselves."""

from labkit import rules as r
from labkit.scenario import Expect, Scenario, blocked, no_verdict

SUBMIT = "tcp dport 587"
ALPHA = ("mx.alpha.example",)
GAMMA = ("mx.gamma.example",)
EITHER = ("local-network", "isp")
BORDER = ("isp", "transit")
RESET = f"{SUBMIT} reject with tcp reset"
ICMP = f"{SUBMIT} reject with icmpx admin-prohibited"
WAYS = (("reset", RESET, ("tcp-reset",)), ("icmp", ICMP, ("icmp-reject",)))
CODES = {
    "icmp": ("net-unreachable", "host-unreachable", "prot-unreachable", "port-unreachable",
             "net-prohibited", "host-prohibited", "admin-prohibited"),
    "icmpv6": ("no-route", "admin-prohibited", "addr-unreachable", "port-unreachable",
               "policy-fail", "reject-route"),
}
REMOTE = (("closed", "remote"),)


def at(place, hop, culprit, group, topo="T8", **more):
    """Resets and rejections before and behind the TTL check of a router."""
    for verb, rule, mechanisms in WAYS:
        for word, chain in (("", r.forward), ("-in", r.prerouting_filter)):
            yield Scenario(f"{place}-{topo.lower()}{word}-{verb}", 0, group, topo,
                           f"{place} {'rejects' if verb == 'icmp' else 'resets'}"
                           f"{' on its input' if word else ''}",
                           blocked(culprit, hop, hop, mechanisms=mechanisms,
                                   also=REMOTE if culprit == "remote" else ()),
                           {place: [chain(rule)]}, **more)


def server_codes(place, hop, topo, hosts):
    """The server's own firewall rejects with each code."""
    for word, names in CODES.items():
        family = 4 if word == "icmp" else 6
        for name in names:
            yield Scenario(f"server-{word}-{name}", 10, "codes", topo,
                           f"a server's own firewall rejects, {name}",
                           blocked("remote", hop, hop, mechanisms=("icmp-reject",)),
                           {place: [r.inbound(f"{SUBMIT} reject with {word} type {name}")]},
                           f"{family}n {family}", hosts=hosts)


def gate_codes():
    """The gateway and the transit reject with each code."""
    for word, names in CODES.items():
        family = 4 if word == "icmp" else 6
        for place, hop, culprit in (("gw", 1, "local-network"), ("tr1", 5, "transit")):
            for name in names:
                yield Scenario(f"{place}-{word}-{name}", 0, "codes", "T8",
                               f"{place} rejects, {name}",
                               blocked(culprit, hop, hop, mechanisms=("icmp-reject",)),
                               {place: [r.forward(f"{SUBMIT} reject with {word} type {name}")]},
                               f"{family}n {family}")


def own_ttl(name, start, text, topo="T8"):
    """A server that refuses with another initial TTL than that of its SYN-ACKs."""
    return Scenario(f"closed-ttl-{name}", 99, "server", topo, text,
                    Expect("closed", "remote", place=(8, 8), also=REMOTE),
                    {"alpha": [r.iptables("-t mangle -A OUTPUT -p tcp --tcp-flags RST RST "
                                          f"-j TTL --ttl-set {start}"),
                               r.ip6tables("-t mangle -A OUTPUT -p tcp --tcp-flags RST RST "
                                           f"-j HL --hl-set {start}")]},
                    hosts=ALPHA, closed={"alpha": (587,)})


SCENARIOS = (
    *at("gw", 1, "local-network", "near"),
    *at("gw", 1, "local-network", "near", topo="T8p"),
    *at("isp1", 2, "isp", "provider"),
    *at("isp1", 2, "isp", "provider", topo="T8c", variants="4n 4"),
    *at("isp2", 3, "isp", "provider", topo="T8p"),
    *at("isp3", 4, "isp", "border"),
    *at("tr1", 5, "transit", "transit"),
    *at("tr1", 5, "transit", "transit", topo="TM", hosts=ALPHA),
    *at("tr2", 6, "transit", "transit", hosts=ALPHA),
    *at("dst1", 7, "remote", "server", hosts=ALPHA),
    *at("dst3", 7, "remote", "server", hosts=GAMMA),
    *at("core3", 8, "remote", "server", hosts=GAMMA),
    *server_codes("alpha", 8, "T8", ALPHA),
    *gate_codes(),
    own_ttl("255", 255, "a closed port's reset starts at 255"),
    own_ttl("128", 128, "a closed port's reset starts at 128"),
    own_ttl("nearer", 66, "a closed port's reset comes two hops nearer"),
    own_ttl("further", 62, "a closed port's reset comes two hops further"),
    own_ttl("odd", 200, "a closed port's reset starts at 200"),
    *(Scenario(f"mail-resets-{place}", 142, group, "T8", f"{place} resets 25, 465 and 587",
               blocked(culprit, hop, hop, mechanisms=("tcp-reset",)),
               {place: [r.forward("tcp dport { 25, 465, 587 } reject with tcp reset")]})
      for place, hop, culprit, group in (("gw", 1, "local-network", "near"),
                                         ("isp2", 3, "isp", "provider"),
                                         ("tr1", 5, "transit", "transit"))),
    Scenario("closed-both", 6, "server", "T8", "a server refuses 587 and 2525",
             Expect("closed", "remote", place=(8, 8)), hosts=ALPHA,
             closed={"alpha": (587, 2525)}),
    Scenario("closed-all-known", 39, "server", "T8", "every known server refuses",
             no_verdict(also=(("closed", "remote"),)),
             closed={name: (587,) for name in ("alpha", "beta", "gamma")}),
    Scenario("edge-one-icmp", 10, "server", "TD1", "one of three servers behind an edge rejects",
             blocked("remote", 7, 7, mechanisms=("icmp-reject",)),
             {"alpha": [r.inbound(f"{SUBMIT} reject")]}, hosts=ALPHA),
    Scenario("edge-icmp", 10, "server", "TD1", "the edge of three servers rejects",
             blocked("remote", 6, 6, mechanisms=("icmp-reject",)), {"dst1": [r.forward(ICMP)]}),
    Scenario("edge-reset-one", 53, "server", "TD1", "the edge of three servers resets one",
             blocked("remote", 6, 7, also=REMOTE),
             {"dst1": [r.forward(f"ip daddr 203.0.113.25 {RESET}"),
                       r.forward(f"ip6 daddr 2001:db8:a::19 {RESET}")]}, hosts=ALPHA),
    Scenario("reject-all-ports", 49, "outage", "T8", "isp2 rejects every connection",
             no_verdict(), {"isp2": [r.forward("iifname \"in0\" meta l4proto tcp "
                                               "reject with icmpx no-route")]}),
    Scenario("reject-all-alpha", 49, "outage", "T8", "isp2 rejects every connection to one server",
             no_verdict(also=(("open", "none"),)),
             {"isp2": [r.forward("ip daddr 203.0.113.25 meta l4proto tcp "
                                 "reject with icmpx host-unreachable"),
                       r.forward("ip6 daddr 2001:db8:a::19 meta l4proto tcp "
                                 "reject with icmpx host-unreachable")]}, hosts=ALPHA),
    *(Scenario(f"{place}-icmp-slow", 51, group, "T8", f"{place} rejects, an ICMP a second",
               blocked(culprit, hop, hop, mechanisms=("icmp-reject",)),
               {place: [r.forward(ICMP),
                        r.output("icmp type destination-unreachable limit rate over 1/second "
                                 "burst 1 packets drop"),
                        r.output("icmpv6 type destination-unreachable limit rate over 1/second "
                                 "burst 1 packets drop")]})
      for place, hop, culprit, group in (("isp2", 3, "isp", "provider"),
                                         ("tr1", 5, "transit", "transit"))),
    Scenario("isp2-icmp-loss30", 54, "provider", "T8", "isp2 rejects, 30 % loss each way",
             blocked("isp", 3, 3, mechanisms=("icmp-reject",)), {"isp2": [r.forward(ICMP)]},
             loss=30),
    Scenario("isp2-reset-loss30", 44, "provider", "T8", "isp2 resets, 30 % loss each way",
             blocked("isp", 3, 3, mechanisms=("tcp-reset",)), {"isp2": [r.forward(RESET)]},
             loss=30),
    *(Scenario(f"{verb}-{share}0", 107, "limits", "T8", f"isp2 {verb}s {share} SYNs of ten",
               Expect("degraded", "isp", place=(3, 3), also=(
                   ("open", "none") if share < 5 else ("blocked", "isp"),)),
               {"isp2": [r.forward(f"{SUBMIT} tcp flags & (syn | ack) == syn "
                                   f"numgen inc mod 10 < {share} reject with {how}")]})
      for verb, how in (("reset", "tcp reset"), ("reject", "icmpx admin-prohibited"))
      for share in (3, 5, 7)),
)
