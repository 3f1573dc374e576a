# SPDX-License-Identifier: BSD-2-Clause
"""Paths on which nobody blocks, servers that refuse, networks that are down."""

from labkit import rules as r
from labkit.rules import no_expiry
from labkit.scenario import Expect, Scenario, blocked, no_verdict, open_port

ALPHA = ("mx.alpha.example",)
SUBMIT = "tcp dport 587"
ANSWER = "tcp sport 587"
RETURN = ("remote", "transit", "isp", "local-network")
PROVIDERS = ("isp1", "isp2", "isp3")
TRANSITS = ("tr1", "tr2", "dst1", "dst2", "dst3", "core3")


def silent(places):
    return {place: [no_expiry()] for place in places}


def closed(culprit="remote", **more):
    return Expect("closed", culprit, also=(("blocked", culprit),), **more)


SCENARIOS = (
    Scenario("open", 1, "open", "T1", "nobody blocks", open_port()),
    Scenario("open-nat", 2, "open", "T1n", "nobody blocks, a home router with NAT, 5 % loss",
             open_port(also=()), loss=5),
    Scenario("open-loss20", 3, "open", "T8", "nobody blocks, 20 % loss each way", open_port(),
             loss=20),
    Scenario("open-silent-isp2", 4, "open", "T8", "nobody blocks, isp2 sends no expiry",
             open_port(), silent(["isp2"])),
    Scenario("open-all-silent", 5, "open", "T8", "nobody blocks, no router sends an expiry",
             open_port(), silent(("gw", *PROVIDERS, *TRANSITS))),
    Scenario("closed-alone", 6, "server", "T1", "one server, which refuses",
             closed(place=(4, 4)), hosts=ALPHA, options=("--only",), closed={"alpha": (587,)}),
    Scenario("closed-one", 7, "server", "TM", "one of three servers refuses",
             closed(place=(8, 8)), hosts=ALPHA, closed={"alpha": (587,)}),
    Scenario("server-drop-alone", 8, "server", "T1", "one server, whose own firewall drops",
             blocked("remote", suspects=RETURN), {"alpha": [r.inbound(f"{SUBMIT} drop")]},
             hosts=ALPHA, options=("--only",)),
    Scenario("server-drop-all", 8, "server", "T1", "every server's own firewall drops",
             blocked("remote", suspects=RETURN),
             {name: [r.inbound(f"{SUBMIT} drop")] for name in ("alpha", "beta", "gamma")}),
    Scenario("server-reset", 9, "server", "T1", "the server's firewall resets",
             closed(place=(4, 4)), {"alpha": [r.inbound(f"{SUBMIT} reject with tcp reset")]},
             hosts=ALPHA, options=("--only",)),
    Scenario("server-reject", 10, "server", "T1", "the server's firewall rejects by ICMP",
             blocked("remote", 4, 4, mechanisms=("icmp-reject",)),
             {"alpha": [r.inbound(f"{SUBMIT} reject")]}, hosts=ALPHA),
    Scenario("server-drop-one", 11, "server", "TM", "one of three servers drops, 5 % loss",
             blocked("remote"), {"alpha": [r.inbound(f"{SUBMIT} drop")]}, hosts=ALPHA, loss=5),
    Scenario("dst-drop", 52, "server", "TM", "the destination's router drops",
             blocked("remote"), {"dst1": [r.forward(f"{SUBMIT} drop")]}, hosts=ALPHA),
    Scenario("dst-reset", 53, "server", "TM", "the destination's router resets",
             blocked("remote", mechanisms=("tcp-reset",)),
             {"dst1": [r.forward(f"{SUBMIT} reject with tcp reset")]}, hosts=ALPHA),
    Scenario("ttl-normaliser", 65, "open", "T8", "isp1 sets every TTL to 64", open_port(),
             {"isp1": [r.iptables("-t mangle -A PREROUTING -i in0 -j TTL --ttl-set 64")]},
             variants="4n 4"),
    Scenario("return-drop", 82, "return", "TM", "isp2 drops what comes back from 587",
             blocked("isp", suspects=RETURN, mechanisms=("return-drop",)),
             {"isp2": [r.forward(f"{ANSWER} drop")]}),
    Scenario("return-drop-one", 83, "return", "TM",
             "isp2 drops what comes back from one server's 587",
             blocked("isp", suspects=RETURN, also=(("blocked", "remote"),)),
             {"isp2": [r.forward(f"ip saddr 203.0.113.25 {ANSWER} drop"),
                       r.forward(f"ip6 saddr 2001:db8:a::19 {ANSWER} drop")]}, hosts=ALPHA),
    Scenario("loss30", 105, "open", "T8", "30 % loss each way on every port", open_port(),
             loss=30),
    Scenario("loss60-587", 107, "open", "T8", "isp2 loses 60 % of 587 alone",
             Expect("degraded", "isp", named=False, suspects=frozenset(RETURN),
                    mechanisms=("rate-limit",)),
             {"isp2": [r.forward(f"{SUBMIT} numgen random mod 100 < 60 drop")]},
             variants="4n 4"),
    Scenario("outage", 108, "outage", "T1", "the provider forwards nothing", no_verdict(),
             {"isp": [r.prerouting("iifname \"in0\" drop")]}),
    Scenario("captive", 109, "outage", "T1", "the gateway answers every connection itself",
             Expect("intercepted", "local-network", place=(1, 1),
                    mechanisms=("captive-portal", "redirect")),
             {"gw": [r.nat("prerouting", "iifname \"in0\" meta l4proto tcp redirect to :8080")]},
             variants="4n 4", listen={"gw": (8080,)}),
    Scenario("all-reset", 144, "outage", "T1", "the gateway resets every connection",
             no_verdict(),
             {"gw": [r.nat("prerouting", "iifname \"in0\" meta l4proto tcp redirect to :8081")]},
             variants="4n 4"),
    Scenario("v6-blocked", 110, "near", "T1", "the gateway drops IPv6 to 587, IPv4 is open",
             blocked("local-network", 1, 1, suspects=("local-network", "isp")),
             {"gw": [r.forward(f"meta nfproto ipv6 {SUBMIT} drop")]}, variants="46n 46"),
    Scenario("no-v6", 111, "outage", "T1", "the client has no IPv6", no_verdict(),
             {"cli": [r.sysctl("ipv6/conf/all/disable_ipv6", 1)]},
             variants="6n 6"),
    Scenario("control-dropped", 143, "open", "T8", "the provider drops 2525, 587 is open",
             open_port(), {"isp2": [r.forward("tcp dport 2525 drop")]}, variants="4n 4",
             options=("--control", "2525,993")),
    Scenario("kill-switch", 144, "outage", "T8", "the gateway resets every connection",
             no_verdict(also=(("blocked", "local-network"),)),
             {"gw": [r.forward("iifname \"in0\" meta l4proto tcp reject with tcp reset")]},
             variants="4n 4"),
    Scenario("server-down", 145, "open", "TM", "one known server is down, the others are open",
             open_port(), {"gamma": [r.prerouting("drop")]}),
)
