# SPDX-License-Identifier: BSD-2-Clause
"""Hops that hide, boxes that set the TTL anew, and blocks before and behind them."""

from labkit import rules as r
from labkit.scenario import Expect, Scenario, blocked, open_port

SUBMIT = "tcp dport 587"
DROP = r.forward(f"{SUBMIT} drop")
RESET = r.forward(f"{SUBMIT} reject with tcp reset")
BORDER = ("isp", "transit")
RETURN = ("remote", "transit", "isp", "local-network")
ALPHA = ("mx.alpha.example",)
HIDE = r.iptables("-t mangle -A PREROUTING -i in0 -j TTL --ttl-inc 1")
HIDE6 = r.ip6tables("-t mangle -A PREROUTING -i in0 -j HL --hl-inc 1")


def level(value):
    return r.iptables(f"-t mangle -A PREROUTING -i in0 -p tcp -j TTL --ttl-set {value}")


def level6(value):
    return r.ip6tables(f"-t mangle -A PREROUTING -i in0 -p tcp -j HL --hl-set {value}")


def hidden(name, topo, text, expect, places, rules, **more):
    both = {place: [*rules.get(place, ()), *((HIDE, HIDE6) if place in places else ())]
            for place in {*places, *rules}}
    return Scenario(name, 0, "limits", topo, text, expect, both, **more)


def levelled(name, topo, text, expect, place, value, rules, **more):
    both = {one: [*rules.get(one, ()), *((level(value), level6(value)) if one == place else ())]
            for one in {place, *rules}}
    return Scenario(name, 0, "limits", topo, text, expect, both, **more)


SCENARIOS = (
    hidden("hidden-open", "T8", "isp2 and tr1 hide, nobody blocks", open_port(), ("isp2", "tr1"),
           {}),
    hidden("hidden-before-drop", "T8", "isp1 hides, isp2 drops", blocked("isp", 2, 2), ("isp1",),
           {"isp2": [DROP]}),
    hidden("hidden-behind-drop", "T8", "isp2 drops, isp3 hides behind it",
           blocked("isp", 3, 3, suspects=BORDER), ("isp3",), {"isp2": [DROP]}),
    hidden("hidden-isp1-drop", "T8", "isp1 hides and drops",
           blocked("isp", 1, 2, suspects=("local-network", "isp")), ("isp1",), {"isp1": [DROP]}),
    hidden("hidden-transit-drop", "TM", "a transit's routers hide, the second drops",
           blocked("transit", 4, 5, suspects=("isp", "transit", "remote")), ("tr1", "tr2"),
           {"tr2": [DROP]}, hosts=ALPHA),
    hidden("hidden-edge-drop", "TM", "the destination's router hides and drops",
           blocked("remote", suspects=RETURN, also=(("blocked", "remote"),)), ("dst1",),
           {"dst1": [DROP]}, hosts=ALPHA),
    hidden("hidden-last-drop", "TM", "the transit's last router drops, the next one hides",
           blocked("transit", suspects=RETURN), ("dst1",), {"tr2": [DROP]}, hosts=ALPHA),
    hidden("hidden-end-drop", "TM", "the transit's and the destination's routers hide, one drops",
           blocked("transit", suspects=RETURN), ("tr1", "tr2", "dst1"), {"tr2": [DROP]},
           hosts=ALPHA),
    hidden("hidden-end-reset", "TM", "the transit's and the destination's routers hide, one resets",
           blocked("transit", suspects=("isp", "transit", "remote"),
                   also=(("closed", "unknown"),)),
           ("tr1", "tr2", "dst1"), {"tr2": [RESET]}, hosts=ALPHA),
    levelled("level-tr1-open", "T8", "tr1 sets every TTL to 64, nobody blocks", open_port(), "tr1",
             64, {}),
    levelled("level-tr1-isp2-drop", "T8", "tr1 sets every TTL to 64, isp2 drops before it",
             blocked("isp", 3, 3), "tr1", 64, {"isp2": [DROP]}),
    levelled("level-tr1-border-drop", "T8", "tr1 sets every TTL to 64, isp3 drops before it",
             blocked("isp", 4, 4, suspects=RETURN), "tr1", 64, {"isp3": [DROP]}),
    levelled("level-tr1-drop", "TM", "tr1 sets every TTL to 64, tr2 drops behind it",
             blocked("transit", suspects=RETURN), "tr1", 64, {"tr2": [DROP]}, hosts=ALPHA),
    levelled("level-tr1-reset", "TM", "tr1 sets every TTL to 64, tr2 resets behind it",
             blocked("transit", suspects=("isp", "transit", "remote")),
             "tr1", 64, {"tr2": [RESET]}, hosts=ALPHA),
    levelled("level-dst1-drop", "TM", "dst1 sets every TTL to 64, tr2 drops before it",
             blocked("transit", 6, 6, suspects=RETURN), "dst1", 64, {"tr2": [DROP]}, hosts=ALPHA),
    levelled("level-gw-drop", "T8", "the gateway sets every TTL to 64, isp2 drops",
             blocked("isp", suspects=RETURN), "gw", 64, {"isp2": [DROP]}),
    levelled("level-gw-reset", "T8", "the gateway sets every TTL to 64, isp2 resets",
             blocked("isp", suspects=RETURN), "gw", 64,
             {"isp2": [RESET]}),
    levelled("level-isp1-border-reset", "T8", "isp1 sets every TTL to 64, isp3 resets",
             blocked("isp", suspects=RETURN), "isp1", 64,
             {"isp3": [RESET]}),
    levelled("level-gw-icmp", "T8", "the gateway sets every TTL to 64, isp2 rejects by ICMP",
             blocked("isp", suspects=RETURN, also=(("blocked", "isp"),)),
             "gw", 64, {"isp2": [r.forward(f"{SUBMIT} reject with icmpx admin-prohibited")]}),
    levelled("level-gw-closed", "T8", "the gateway sets every TTL to 64, a server refuses",
             Expect("closed", "remote", also=(("blocked", "remote"),)),
             "gw", 64, {}, hosts=ALPHA, closed={"alpha": (587,)}),
)
