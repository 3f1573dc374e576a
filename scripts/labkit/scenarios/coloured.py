# SPDX-License-Identifier: BSD-2-Clause
"""The port under test goes another way than its controls: routes by port, other sites."""

from labkit import rules as r
from labkit.scenario import Expect, Scenario, blocked, open_port
from labkit.scenarios.owners import DATA

SUBMIT = "tcp dport 587"
DROP = r.forward(f"{SUBMIT} drop")
RESET = r.forward(f"{SUBMIT} reject with tcp reset")
ALPHA, GAMMA = ("mx.alpha.example",), ("mx.gamma.example",)
ALPHAS, GAMMAS = ("203.0.113.0/24", "2001:db8:a::/48"), ("198.18.30.0/24", "2001:db8:c::/48")
SAME = (("isp2b", "to-isp3", "isp3", "branch"),)
LONGER = (("isp2c", "to-isp3", "isp3", "branch"),)
SHORTER = (("isp1", "cut", "isp3", "branch"),)
LEAVING = (("isp2b", "out", "tr3", "alt-in"),)
EXIT = (("tr3", "alt", "dst1", "alt"),)
EXIT_LONG = (("tr2", "alt", "dst3", "alt"),)


def colour(via4, via6, device, prefixes=("0.0.0.0/0", "::/0")):
    """Routes for the port alone, to the prefixes."""
    return [r.ip(f"route add {prefixes[0]} via {via4} dev {device} onlink table 587"),
            r.ip(f"route add {prefixes[1]} via {via6} dev {device} onlink table 587"),
            r.ip("rule add iif in0 ipproto tcp dport 587 lookup 587"),
            r.ip6("rule add iif in0 ipproto tcp dport 587 lookup 587")]


def ends(own, other, device, net4="198.51.100", net6="2001:db8:5000"):
    """The addresses of one end of a further link."""
    return [r.ip(f"addr add {net4}.{own} peer {net4}.{other} dev {device}"),
            r.ip(f"addr add {net6}::{own} peer {net6}::{other} dev {device} nodad")]


def default(via4, via6, device):
    return [r.ip(f"route add default via {via4} dev {device} onlink"),
            r.ip(f"route add ::/0 via {via6} dev {device} onlink")]


TO_B = colour("198.51.100.12", "2001:db8:5000::c", "to-isp2b")
TO_ISP3 = ends(61, 62, "to-isp3") + default("198.51.100.62", "2001:db8:5000::62", "to-isp3")
BRANCH = {"isp1": TO_B, "isp2b": TO_ISP3, "isp3": ends(62, 61, "branch")}
FAR_BRANCH = {"isp1": TO_B, "isp3": ends(62, 61, "branch"), "isp2c": TO_ISP3,
              "isp2b": default("198.51.100.13", "2001:db8:5000::d", "to-isp2c")}
CUT = {"isp1": ends(61, 62, "cut") + colour("198.51.100.62", "2001:db8:5000::62", "cut"),
       "isp3": ends(62, 61, "branch")}
SOUTH = ("198.18.2", "2001:db8:6200")
LEAVE = {"isp1": TO_B, "tr3": ends(62, 61, "alt-in", *SOUTH),
         "isp2b": ends(61, 62, "out", *SOUTH) + default("198.18.2.62", "2001:db8:6200::62", "out")}
# isp3 sends the port to alpha by the other transit, which reaches dst1 itself: one hop less.
OTHER = {"isp3": colour("198.18.2.1", "2001:db8:6200::1", "to-tr3", ALPHAS),
         "dst1": ends(72, 71, "alt", *SOUTH),
         "tr3": [*ends(71, 72, "alt", *SOUTH),
                 r.ip(f"route add {ALPHAS[0]} via 198.18.2.72 dev alt onlink"),
                 r.ip(f"route add {ALPHAS[1]} via 2001:db8:6200::72 dev alt onlink")]}
# The same for gamma by the first transit: one hop more.
NORTH = ("192.0.2", "2001:db8:6100")
OTHER_LONG = {
    "isp3": colour("192.0.2.1", "2001:db8:6100::1", "to-tr1", GAMMAS),
    "tr1": [r.ip(f"route add {GAMMAS[0]} via 192.0.2.2 dev to-tr2 onlink"),
            r.ip(f"route add {GAMMAS[1]} via 2001:db8:6100::2 dev to-tr2 onlink")],
    "tr2": [*ends(71, 72, "alt", *NORTH),
            r.ip(f"route add {GAMMAS[0]} via 192.0.2.72 dev alt onlink"),
            r.ip(f"route add {GAMMAS[1]} via 2001:db8:6100::72 dev alt onlink")],
    "dst3": ends(72, 71, "alt", *NORTH)}
# alpha's second site has alpha's address as well.
ANYCAST = {"isp3": OTHER["isp3"],
           "tr3": [r.ip(f"route add {ALPHAS[0]} via 203.0.113.7 dev to-alpha-far onlink"),
                   r.ip(f"route add {ALPHAS[1]} via 2001:db8:a::7 dev to-alpha-far onlink")],
           "alpha-far": [r.ip("addr add 203.0.113.25/32 dev lo"),
                         r.ip("addr add 2001:db8:a::19/128 dev lo nodad")]}


def plus(base, more):
    return {place: [*base.get(place, ()), *more.get(place, ())] for place in {**base, **more}}


def coloured(name, text, expect, rules, links=SAME, **more):
    return Scenario(name, 0, "paths", "TC", text, expect, rules, more_links=links, **more)


def exits(name, text, expect, more, base=None, links=EXIT, hosts=ALPHA, **rest):
    return Scenario(name, 0, "paths", "TMp", text, expect, plus(base or OTHER, more),
                    more_links=links, hosts=hosts, **rest)


def closed(*suspects, **more):
    return Expect("closed", "remote", named=not suspects, suspects=frozenset(suspects),
                  also=(("blocked", "remote"),), **more)


ONWARD = ("isp", "transit")
EDGE = ("transit", "remote")
SCENARIOS = (
    coloured("colour-open", "isp1 sends 587 by another router, nobody blocks", open_port(), BRANCH),
    coloured("colour-longer-open", "587 takes one hop more, nobody blocks", open_port(), FAR_BRANCH,
             LONGER),
    coloured("colour-shorter-open", "587 takes one hop less, nobody blocks", open_port(), CUT,
             SHORTER),
    coloured("colour-drop", "isp1 sends 587 by isp2b, which drops it",
             blocked("isp", 3, 3, suspects=ONWARD), plus(BRANCH, {"isp2b": [DROP]})),
    coloured("colour-reset", "isp1 sends 587 by isp2b, which resets", blocked("isp", 3, 3),
             plus(BRANCH, {"isp2b": [RESET]})),
    coloured("colour-longer-drop", "isp1 sends 587 by isp2b and isp2c, which drops it",
             blocked("isp", 4, 4, suspects=ONWARD), plus(FAR_BRANCH, {"isp2c": [DROP]}), LONGER),
    coloured("colour-longer-reset", "isp1 sends 587 by isp2b and isp2c, which resets",
             blocked("isp", 4, 4), plus(FAR_BRANCH, {"isp2c": [RESET]}), LONGER),
    coloured("colour-dead", "isp1 sends 587 to isp2b, which swallows it", blocked("isp", 3, 3), {
        "isp1": TO_B, "isp2b": [r.ip("route add blackhole default"),
                                r.ip("route add blackhole ::/0")]}, ()),
    coloured("colour-unreachable", "isp1 sends 587 to isp2b, which has no route",
             blocked("isp", 3, 3, mechanisms=("icmp-reject",)), {"isp1": TO_B}, ()),
    coloured("colour-leave-drop", "587 leaves one hop sooner, the transit drops it on its input",
             blocked("transit", 4, 4, suspects=ONWARD),
             plus(LEAVE, {"tr3": [r.prerouting(f"iifname \"alt-in\" {SUBMIT} drop")]}), LEAVING),
    coloured("colour-transit-drop", "587 leaves one hop sooner, the transit does not forward it",
             blocked("transit", 4, 4), plus(LEAVE, {"tr3": [
                 DROP, *default("198.18.30.1", "2001:db8:c::1", "to-dst3")]}), LEAVING),
    coloured("colour-leave-unreachable", "587 leaves one hop sooner, the transit has no route",
             blocked("transit", 4, 4, suspects=ONWARD), LEAVE, LEAVING),
    coloured("colour-leave-reset", "587 leaves one hop sooner, the transit resets on its input",
             blocked("transit", 4, 4, suspects=ONWARD), plus(LEAVE, {"tr3": [r.prerouting_filter(
                 f"iifname \"alt-in\" {SUBMIT} reject with tcp reset")]}), LEAVING),
    coloured("colour-leave-drop-data",
             "587 leaves one hop sooner, the transit's input drops, a data base knows owners",
             blocked("transit", 4, 4, suspects=ONWARD),
             plus(LEAVE, {"tr3": [r.prerouting(f"iifname \"alt-in\" {SUBMIT} drop")]}), LEAVING,
             **DATA),
    exits("exit-edge-drop-data",
          "587 goes by another transit, the destination's input drops, a data base knows owners",
          blocked("remote", 6, 6, suspects=EDGE),
          {"dst1": [r.prerouting(f"iifname \"alt\" {SUBMIT} drop")]}, **DATA),
    exits("exit-open", "587 goes by another transit, one hop less, nobody blocks", open_port(), {}),
    exits("exit-closed", "587 goes by another transit, one hop less, the server refuses",
          closed(), {}, closed={"alpha": (587,)}),
    exits("exit-drop", "587 goes by another transit, which drops it",
          blocked("transit", 5, 5, suspects=EDGE),
          {"tr3": [r.forward(f"oifname \"alt\" {SUBMIT} drop")]}),
    exits("exit-edge-drop", "587 goes by another transit, the destination's input drops it",
          blocked("remote", 6, 6, suspects=EDGE),
          {"dst1": [r.prerouting(f"iifname \"alt\" {SUBMIT} drop")]}),
    exits("exit-edge-reset", "587 goes by another transit, the destination's input resets",
          blocked("remote", 6, 6, suspects=EDGE, also=(("closed", "remote"),
                                                       ("blocked", "remote"))),
          {"dst1": [r.prerouting_filter(f"iifname \"alt\" {SUBMIT} reject with tcp reset")]}),
    exits("exit-longer-open", "587 goes by another transit, one hop more, nobody blocks",
          open_port(), {}, OTHER_LONG, EXIT_LONG, GAMMA),
    exits("exit-longer-closed", "587 goes by another transit, one hop more, the server refuses",
          closed(), {}, OTHER_LONG, EXIT_LONG, GAMMA, closed={"gamma": (587,)}),
    exits("exit-longer-drop", "587 goes by another transit, one hop more, its last router drops",
          blocked("transit", 6, 6, suspects=EDGE),
          {"tr2": [r.forward(f"oifname \"alt\" {SUBMIT} drop")]}, OTHER_LONG, EXIT_LONG, GAMMA),
    Scenario("site-open", 0, "paths", "TS", "587 goes to the server's other site, nobody blocks",
             open_port(), ANYCAST, hosts=ALPHA, listen={"alpha-far": (587,)}),
    Scenario("site-closed", 0, "paths", "TS", "587 goes to the server's other site, which refuses",
             closed(*EDGE), ANYCAST, hosts=ALPHA),
    Scenario("site-drop", 0, "paths", "TS", "587 goes to the server's other site, which drops it",
             blocked("remote", 6, 6, suspects=EDGE),
             plus(ANYCAST, {"alpha-far": [r.prerouting(f"{SUBMIT} drop")]}), hosts=ALPHA),
)
