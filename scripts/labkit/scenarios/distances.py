# SPDX-License-Identifier: BSD-2-Clause
"""Very short and very long ways, and long stretches of routers that say nothing."""

from labkit import rules as r
from labkit.rules import no_expiry
from labkit.scenario import Expect, Scenario, blocked, open_port

SUBMIT = "tcp dport 587"
DROP = r.forward(f"{SUBMIT} drop")
RESET = r.forward(f"{SUBMIT} reject with tcp reset")
RETURN = ("remote", "transit", "isp", "local-network")
ALPHA = ("mx.alpha.example",)
ALONE = {"hosts": ALPHA, "options": ("--only",)}
NORTHS = tuple(f"n{number}" for number in range(1, 7))
SOUTHS = tuple(f"s{number}" for number in range(1, 6))
EDGES = ("dst1", "dst2", "dst3", "core3")
LAST = (*NORTHS[3:], *SOUTHS, *EDGES)  # hops 8 to 17


def silent(places, more=None):
    more = more or {}
    return {place: [*more.get(place, ()), *([no_expiry()] if place in places else ())]
            for place in {*places, *more}}


SCENARIOS = (
    Scenario("two-hops-open", 0, "open", "T2", "the server hangs on the gateway", open_port(),
             **ALONE),
    Scenario("two-hops-drop", 0, "near", "T2", "the server hangs on the gateway, which drops",
             blocked("local-network", 1, 1, suspects=("local-network", "remote")),
             {"gw": [DROP]}, **ALONE),
    Scenario("two-hops-reset", 0, "near", "T2", "the server hangs on the gateway, which resets",
             # With another initial TTL the server's own resets look like this.
             blocked("local-network", 1, 1, suspects=("local-network", "remote")),
             {"gw": [RESET]}, **ALONE),
    Scenario("two-hops-closed", 0, "server", "T2", "the server hangs on the gateway, and refuses",
             Expect("closed", "remote", also=(("blocked", "remote"),)), closed={"alpha": (587,)},
             **ALONE),
    Scenario("three-hops-open", 0, "open", "T3", "three servers at the provider's only router",
             open_port()),
    Scenario("three-hops-drop", 0, "provider", "T3", "servers at the provider's router, it drops",
             blocked("isp", 2, 2, suspects=RETURN), {"isp": [DROP]}),
    Scenario("three-hops-reset", 0, "provider", "T3", "servers at the provider's router, it resets",
             blocked("isp", 2, 2, suspects=("isp", "remote")), {"isp": [RESET]}),
    Scenario("three-hops-input-reset", 0, "provider", "T3",
             "servers at the provider's router, it resets on its input", blocked("isp", 2, 2),
             {"isp": [r.prerouting_filter(f"iifname \"in0\" {SUBMIT} reject with tcp reset")]}),
    Scenario("three-hops-gw-drop", 0, "near", "T3", "servers three hops away, the gateway drops",
             blocked("local-network", 1, 1, suspects=("local-network", "isp")), {"gw": [DROP]}),
    Scenario("last-transit-drop", 0, "transit", "T1",
             "a server at the transit's own router, which drops",
             blocked("transit", 3, 3, suspects=RETURN), {"tra": [DROP]}, hosts=ALPHA),
    Scenario("last-transit-reset", 0, "transit", "T1",
             "a server at the transit's own router, which resets",
             blocked("transit", 3, 3, suspects=("transit", "remote")), {"tra": [RESET]},
             hosts=ALPHA),
    Scenario("last-isp-drop", 0, "provider", "T3", "the provider's router drops one server's 587",
             blocked("isp", 2, 2, suspects=RETURN),
             {"isp": [r.forward(f"ip daddr 203.0.113.0/24 {SUBMIT} drop"),
                      r.forward(f"ip6 daddr 2001:db8:a::/48 {SUBMIT} drop")]}, hosts=ALPHA),
    Scenario("far-open", 0, "open", "TX", "servers 17 hops away, nobody blocks", open_port()),
    Scenario("far-isp2-drop", 0, "provider", "TX", "servers 17 hops away, isp2 drops",
             blocked("isp", 3, 3), {"isp2": [DROP]}),
    Scenario("far-transit-drop", 0, "transit", "TX", "servers 17 hops away, hop 12 drops",
             blocked("transit", 12, 12), {"s2": [DROP]}),
    Scenario("far-transit-reset", 0, "transit", "TX", "servers 17 hops away, hop 12 resets",
             blocked("transit", 12, 12), {"s2": [RESET]}),
    Scenario("far-between-drop", 0, "transit", "TX", "hop 10 drops, between two transits",
             blocked("transit", 10, 10), {"n6": [DROP]}),
    Scenario("far-closed", 0, "server", "TX", "a server 17 hops away refuses",
             Expect("closed", "remote", also=(("blocked", "remote"),)), closed={"alpha": (587,)},
             hosts=ALPHA),
    Scenario("far-server-drop", 0, "server", "TX", "a server 17 hops away drops",
             blocked("remote"), {"alpha": [r.inbound(f"{SUBMIT} drop")]}, hosts=ALPHA),
    Scenario("far-end-silent-open", 0, "open", "TX", "the last ten hops send no expiry",
             open_port(), silent(LAST)),
    Scenario("far-end-silent-drop", 0, "transit", "TX",
             "the last ten hops send no expiry, one of them drops",
             blocked("transit", 12, 12, suspects=RETURN), silent(LAST, {"s2": [DROP]})),
    Scenario("far-end-silent-one", 0, "transit", "TX",
             "the last ten hops send no expiry, one of them drops a single server's 587",
             blocked("transit", 12, 12, suspects=RETURN),
             silent(LAST, {"s2": [r.forward(f"ip daddr 203.0.113.0/24 {SUBMIT} drop"),
                                  r.forward(f"ip6 daddr 2001:db8:a::/48 {SUBMIT} drop")]}),
             hosts=ALPHA),
    Scenario("far-around-silent-drop", 0, "transit", "TX",
             "hop 9 drops, hops 5 to 13 send no expiry",
             blocked("transit", 9, 9, suspects=("isp", "transit")),
             silent((*NORTHS, *SOUTHS[:3]), {"n5": [DROP]})),
    Scenario("far-around-silent-isp", 0, "provider", "TX",
             "isp3 drops, hops 3 to 12 send no expiry",
             blocked("isp", 4, 4, suspects=("isp", "transit")),
             silent(("isp2", "isp3", *NORTHS, *SOUTHS[:2]), {"isp3": [DROP]})),
)
