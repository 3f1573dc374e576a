# SPDX-License-Identifier: BSD-2-Clause
"""Routers that answer rarely, the first hop or every second one not at all; a block anywhere."""

from labkit import rules as r
from labkit.rules import Rule, no_expiry
from labkit.scenario import Expect, Scenario, blocked, open_port

SUBMIT = "tcp dport 587"
DROP = r.forward(f"{SUBMIT} drop")
RESET = r.forward(f"{SUBMIT} reject with tcp reset")
ADMIN = r.forward(f"{SUBMIT} reject with icmpx admin-prohibited")
ROUTERS = ("gw", "isp1", "isp2", "isp3", "tr1", "tr2", "dst1", "dst2", "dst3", "core3")
EITHER, BORDER = ("local-network", "isp"), ("isp", "transit")
BACK = ("remote", "transit", "isp", "local-network")


def rare_errors(rate):
    """A router's ICMP errors of every kind at a rate, whoever asks."""
    limit = f"limit rate over {rate} burst 1 packets drop"
    return Rule("nft", f"""table inet lab%d {{
  chain c {{
    type filter hook output priority filter;
    icmp type {{ time-exceeded, destination-unreachable }} {limit}
    icmpv6 type {{ time-exceeded, destination-unreachable }} {limit}
  }}
}}
""")


def everywhere(rule, more):
    return {place: [*more.get(place, ()), *((rule,) if place in ROUTERS else ())]
            for place in {*ROUTERS, *more}}


# What a block at each kind of place must be called, with every router visible.
PLACES = (
    ("none", "nobody blocks", open_port(), {}),
    ("gw", "the gateway drops", blocked("local-network", 1, 1, suspects=EITHER), {"gw": [DROP]}),
    ("isp1", "isp1 drops", blocked("isp", 2, 2), {"isp1": [DROP]}),
    ("isp2", "isp2 drops", blocked("isp", 3, 3), {"isp2": [DROP]}),
    ("border", "isp3 drops", blocked("isp", 4, 4, suspects=BORDER), {"isp3": [DROP]}),
    ("isp2-reset", "isp2 resets", blocked("isp", 3, 3), {"isp2": [RESET]}),
    ("isp2-icmp", "isp2 rejects by ICMP", blocked("isp", 3, 3), {"isp2": [ADMIN]}),
    ("server", "every server drops", blocked("remote", suspects=BACK),
     {name: [r.inbound(f"{SUBMIT} drop")] for name in ("alpha", "beta", "gamma")}),
)


def second(places, more):
    return {place: [*more.get(place, ()), *([no_expiry()] if place in places else ())]
            for place in {*places, *more}}


ODD, EVEN = ("gw", "isp2", "tr1", "dst1", "dst3"), ("isp1", "isp3", "tr2", "dst2", "core3")
SCENARIOS = (
    *(Scenario(f"rare-{name}", 0, "limits", "T8", f"{text}, every router sends an error a second",
               expect, everywhere(rare_errors("1/second"), rules))
      for name, text, expect, rules in PLACES),
    *(Scenario(f"rarer-{name}", 0, "limits", "T8", f"{text}, one error in two seconds everywhere",
               expect, everywhere(rare_errors("30/minute"), rules))
      for name, text, expect, rules in PLACES[:5]),
    Scenario("first-silent-open", 0, "limits", "T8", "the gateway alone sends no expiry",
             open_port(), second(("gw",), {})),
    Scenario("first-silent-gw", 0, "near", "T8", "the gateway drops and sends no expiry",
             blocked("local-network", 1, 1, suspects=EITHER), second(("gw",), {"gw": [DROP]})),
    Scenario("first-silent-isp1-input", 0, "near", "T8",
             "isp1 drops on its input, the gateway sends no expiry",
             blocked("isp", 2, 2, suspects=EITHER),
             second(("gw",), {"isp1": [r.prerouting(f"iifname \"in0\" {SUBMIT} drop")]})),
    Scenario("first-silent-gw-reset", 0, "near", "T8", "the gateway resets and sends no expiry",
             blocked("local-network", 1, 1), second(("gw",), {"gw": [RESET]})),
    Scenario("first-silent-isp1-reset", 0, "near", "T8",
             "isp1 resets on its input, the gateway sends no expiry", blocked("isp", 2, 2),
             second(("gw",), {"isp1": [r.prerouting_filter(
                 f"iifname \"in0\" {SUBMIT} reject with tcp reset")]})),
    Scenario("first-silent-isp2", 0, "provider", "T8", "isp2 drops, the gateway sends no expiry",
             blocked("isp", 3, 3), second(("gw",), {"isp2": [DROP]})),
    Scenario("odd-silent-isp2", 0, "provider", "T8", "isp2 drops, every odd hop sends no expiry",
             blocked("isp", 3, 3), second(ODD, {"isp2": [DROP]})),
    Scenario("odd-silent-isp1", 0, "provider", "T8", "isp1 drops, every odd hop sends no expiry",
             blocked("isp", 2, 2), second(ODD, {"isp1": [DROP]})),
    Scenario("odd-silent-border", 0, "border", "T8", "isp3 drops, every odd hop sends no expiry",
             blocked("isp", 4, 4, suspects=BORDER), second(ODD, {"isp3": [DROP]})),
    Scenario("even-silent-isp2", 0, "border", "T8", "isp2 drops, every even hop sends no expiry",
             blocked("isp", 3, 3, suspects=BORDER), second(EVEN, {"isp2": [DROP]})),
    Scenario("even-silent-isp1", 0, "near", "T8", "isp1 drops, every even hop sends no expiry",
             blocked("isp", 2, 2, suspects=EITHER), second(EVEN, {"isp1": [DROP]})),
    Scenario("even-silent-closed", 0, "server", "T8", "a server refuses, even hops are silent",
             Expect("closed", "remote", also=(("blocked", "remote"),)), second(EVEN, {}),
             hosts=("mx.alpha.example",), closed={"alpha": (587,)}),
)
