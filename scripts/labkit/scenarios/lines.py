# SPDX-License-Identifier: BSD-2-Clause
"""Lines to the provider: a second one for the port under test, and one by satellite."""

from labkit import rules as r
from labkit.scenario import Expect, Scenario, blocked, open_port
from labkit.scenarios.coloured import colour, default, ends, plus

SUBMIT = "tcp dport 587"
DROP = r.forward(f"{SUBMIT} drop")
RESET = r.forward(f"{SUBMIT} reject with tcp reset")
EITHER, BORDER = ("local-network", "isp"), ("isp", "transit")
ALPHA = ("mx.alpha.example",)
SECOND = {"gw": colour("198.51.100.12", "2001:db8:5000::c", "to-isp1b")}
JOINED = {**SECOND, "isp2": ends(62, 61, "branch"),
          "isp1b": ends(61, 62, "to-isp2") + default("198.51.100.62", "2001:db8:5000::62",
                                                     "to-isp2")}
LINK = (("isp1b", "to-isp2", "isp2", "branch"),)
# The second line's provider hands over to the transit itself.
STRAIGHT = {**SECOND, "tr1": ends(62, 61, "alt-in", "192.0.2", "2001:db8:6100"),
            "isp1b": ends(61, 62, "out", "192.0.2", "2001:db8:6100") + default(
                "192.0.2.62", "2001:db8:6100::62", "out")}
STRAIGHT_LINK = (("isp1b", "out", "tr1", "alt-in"),)
SATELLITE = {"isp1": 300}


def second(name, text, expect, rules, links=LINK, **more):
    return Scenario(name, 0, "paths", "TEn", text, expect, rules, more_links=links, **more)


def satellite(name, group, text, expect, rules=None, **more):
    return Scenario(name, 0, group, "T8", f"a line by satellite, {text}", expect, rules or {},
                    "4n 6n", delays=SATELLITE, **more)


SCENARIOS = (
    second("second-line-open", "the gateway has a second line for 587, nobody blocks", open_port(),
           JOINED),
    second("second-line-drop", "the gateway has a second line for 587, its first router drops",
           blocked("isp", 2, 2, suspects=BORDER), plus(JOINED, {"isp1b": [DROP]})),
    second("second-line-input", "the gateway has a second line for 587, which drops on its input",
           blocked("isp", 2, 2, suspects=EITHER),
           plus(JOINED, {"isp1b": [r.prerouting(f"iifname \"in0\" {SUBMIT} drop")]})),
    second("second-line-reset", "the gateway has a second line for 587, its first router resets",
           blocked("isp", 2, 2), plus(JOINED, {"isp1b": [RESET]})),
    second("second-line-straight", "587 reaches the transit sooner, whose input drops it",
           blocked("transit", 3, 3, suspects=BORDER),
           plus(STRAIGHT, {"tr1": [r.prerouting(f"iifname \"alt-in\" {SUBMIT} drop")]}),
           STRAIGHT_LINK),
    second("second-line-dead", "the gateway's second line for 587 swallows everything",
           blocked("isp", 2, 2, suspects=EITHER),
           {**SECOND, "isp1b": [r.prerouting("iifname \"in0\" meta l4proto tcp drop")]}, ()),
    second("second-line-gone", "the gateway sends 587 to a router that is not there",
           blocked("local-network", 1, 1, suspects=EITHER, also=(("blocked", "local-network"),)),
           {"gw": colour("198.51.100.99", "2001:db8:5000::99", "to-isp1b")}, ()),
    satellite("satellite-open", "open", "nobody blocks", open_port()),
    satellite("satellite-isp2-drop", "provider", "isp2 drops", blocked("isp", 3, 3),
              {"isp2": [DROP]}),
    satellite("satellite-gw-drop", "near", "the gateway drops",
              blocked("local-network", 1, 1, suspects=EITHER), {"gw": [DROP]}),
    satellite("satellite-isp2-reset", "provider", "isp2 resets", blocked("isp", 3, 3),
              {"isp2": [RESET]}),
    satellite("satellite-closed", "server", "a server refuses",
              Expect("closed", "remote", also=(("blocked", "remote"),)), hosts=ALPHA,
              closed={"alpha": (587,)}),
    satellite("satellite-loss-drop", "provider", "isp2 drops, 15 % loss", blocked("isp", 3, 3),
              {"isp2": [DROP]}, loss=15),
)
