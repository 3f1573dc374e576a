# SPDX-License-Identifier: BSD-2-Clause
"""The port under test and its controls end at different machines of the destination's."""

from labkit import rules as r
from labkit.scenario import Expect, Scenario, blocked, open_port

SUBMIT = "tcp dport 587"
CONTROLS = (443, 993)
WEB = "tcp dport { 443, 993 }"
ALPHA, GAMMA = ("mx.alpha.example",), ("mx.gamma.example",)


def nearer(place):
    """The place takes the controls' connections itself; what is behind it has the rest."""
    return {place: [r.nat("prerouting", f"iifname \"in0\" {WEB} redirect")]}


def deeper(hop4, hop6):
    """dst1 sends the controls' connections to a machine deeper in alpha's network."""
    match = f"iifname \"in0\" {WEB}"
    return {"dst1": [r.nat("prerouting", f"meta nfproto ipv4 {match} dnat ip to {hop4}"),
                     r.nat("prerouting", f"meta nfproto ipv6 {match} dnat ip6 to {hop6}")]}


RACK = deeper("203.0.113.2", "2001:db8:a::2")
DEEP = deeper("203.0.113.3", "2001:db8:a::3")


def closed():
    return Expect("closed", "remote", also=(("blocked", "remote"),))


def dropped(name):
    return {name: [r.inbound(f"{SUBMIT} drop")]}


def plus(base, more):
    return {place: [*base.get(place, ()), *more.get(place, ())] for place in {**base, **more}}


def backend(name, topo, text, expect, rules, listener, hosts=ALPHA, **more):
    return Scenario(name, 0, "server", topo, text, expect, rules, hosts=hosts,
                    listen={listener: CONTROLS}, **more)


SCENARIOS = (
    backend("backend-open", "TG", "587 ends one hop behind its controls", open_port(),
            nearer("dst1"), "dst1"),
    backend("backend-closed", "TG", "587 ends one hop behind its controls and is closed", closed(),
            nearer("dst1"), "dst1", closed={"alpha": (587,)}),
    backend("backend-drop", "TG", "587 ends one hop behind its controls and is dropped",
            blocked("remote", 8, 8), plus(nearer("dst1"), dropped("alpha")), "dst1"),
    backend("backend2-open", "T8", "587 ends two hops behind its controls", open_port(),
            nearer("dst3"), "dst3", GAMMA),
    backend("backend2-closed", "T8", "587 ends two hops behind its controls and is closed",
            closed(), nearer("dst3"), "dst3", GAMMA, closed={"gamma": (587,)}),
    backend("backend2-drop", "T8", "587 ends two hops behind its controls and is dropped there",
            blocked("remote", 9, 9), plus(nearer("dst3"), dropped("gamma")), "dst3", GAMMA),
    backend("control-deeper-open", "TG", "the controls end one hop behind 587", open_port(), DEEP,
            "deep"),
    backend("control-deeper-closed", "TG", "the controls end one hop behind 587, which is closed",
            closed(), DEEP, "deep", closed={"alpha": (587,)}),
    backend("control-deeper-drop", "TG", "the controls end one hop behind 587, which is dropped",
            blocked("remote", 8, 8), plus(DEEP, dropped("alpha")), "deep"),
    backend("control-beside-closed", "TG", "the controls end on another machine, 587 is closed",
            closed(), RACK, "rack", closed={"alpha": (587,)}),
    backend("backend-isp2-drop", "TG", "587 ends one hop behind its controls, isp2 drops",
            blocked("isp", 3, 3), plus(nearer("dst1"), {"isp2": [r.forward(f"{SUBMIT} drop")]}),
            "dst1"),
)
