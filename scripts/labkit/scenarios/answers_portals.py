# SPDX-License-Identifier: BSD-2-Clause
"""Controls that somebody nearer answers, while 587 fails elsewhere: portals and web proxies."""

from dataclasses import replace

from labkit import rules as r
from labkit.scenario import Expect, Scenario, blocked, no_verdict, open_port
from labkit.scenarios.smtp import UNLISTED

SUBMIT = "tcp dport 587"
ANYBODY = ("local-network", "isp", "transit", "remote")
ALPHA = ("mx.alpha.example",)
WEB = "tcp dport { 80, 443 }"
OTHERS = "iifname \"in0\" meta l4proto tcp tcp dport != { 80, 443, 8080 }"
# Where only submission ports are left as controls, silence near this host names nobody: who is
# suspected, with owners named and without.
UNNAMED = {"gw": ("local-network", "isp"), "isp1": ("isp",), "isp3": ("isp", "transit")}
BARE = {"gw": ("local-network", "isp"), "isp1": ("isp", "transit"), "isp3": ("isp", "transit")}
HOW = (("drop", "drop"), ("reset", "reject with tcp reset"),
       ("icmp", "reject with icmpx admin-prohibited"))
# Servers whose only control is the web.
WEB_LIST = "".join(f"mx.{name}.example\t587\t443\t{operator}\t{asn}\n" for name, operator, asn in (
    ("alpha", "Alpha Mail", 64510), ("beta", "Beta Post", 64511),
    ("gamma", "Gamma Poczta", 65536)))
TO_PORTAL = r.nat("prerouting", f"iifname \"in0\" {WEB} redirect to :8080")


def vague(culprit, hop, also=()):
    """Blocked by the culprit; the controls tell nothing, so anything vaguer is right as well."""
    return Expect("blocked", culprit, place=(hop, hop), also=(
        ("unknown", "unknown"), ("intercepted", culprit), *also))


def walled(word, culprit, hop):
    """Refusals show that the port is blocked. Silence behind a portal does not: that the line
    behind it is down looks the same. What it drops on its input no hop compares."""
    if word == "drop":
        return no_verdict(also=(("blocked", culprit), ("blocked", "unknown"),
                                ("intercepted", culprit)))
    if word == "in":
        return blocked(culprit, hop, hop, suspects=ANYBODY, also=(
            ("unknown", "unknown"), ("intercepted", culprit), ("blocked", culprit)))
    return vague(culprit, hop)


def portals():
    """Walled gardens of the gateway and of the provider: the web is theirs, the rest fails."""
    for topo, place, hop, culprit in (("T1", "gw", 1, "local-network"), ("T1", "isp", 2, "isp"),
                                      ("T8", "isp2", 3, "isp")):
        for word, verb in HOW:
            yield Scenario(f"portal-{topo.lower()}-{place}-{word}", 109, "outage", topo,
                           f"{place} intercepts the web, everything else: {word}",
                           walled(word, culprit, hop), {place: [
                               TO_PORTAL, r.forward(f"{OTHERS} {verb}")]},
                           listen={place: (8080,)})
        yield Scenario(f"portal-{topo.lower()}-{place}-in", 109, "outage", topo,
                       f"{place} intercepts the web and drops the rest on its input",
                       walled("in", culprit, hop), {place: [
                           TO_PORTAL, r.prerouting_filter(f"{OTHERS} drop")]},
                       listen={place: (8080,)})
        yield Scenario(f"portal-{topo.lower()}-{place}-all", 109, "outage", topo,
                       f"{place} answers every connection itself",
                       # An accelerator that passes all on does this as well, and is no blocker; but
                       # not one at hop 1.
                       Expect("intercepted", culprit, place=(hop, hop), also=(
                           ("unknown", "unknown"),)) if hop == 1 else
                       no_verdict(also=(("intercepted", culprit),)),
                       {place: [r.nat("prerouting", "iifname \"in0\" meta l4proto tcp "
                                      "redirect to :8080")]}, listen={place: (8080,)})
        yield Scenario(f"portal-{topo.lower()}-{place}-open", 109, "open", topo,
                       f"{place} intercepts the control ports, 587 is open", open_port(),
                       {place: [r.nat("prerouting", "iifname \"in0\" tcp dport "
                                      "{ 80, 443, 465, 993, 995, 2525 } redirect to :8080")]},
                       listen={place: (8080,)})


def web_proxies():
    """isp2 answers the web itself; who fails 587 is somebody else, nearer or further."""
    for place, hop, culprit in (("gw", 1, "local-network"), ("isp1", 2, "isp"),
                                ("isp3", 4, "isp"), ("tr1", 5, "transit")):
        for word, verb in HOW:
            expect = vague(culprit, hop, (("blocked", "unknown"),))
            if word == "drop" and place in UNNAMED:
                expect = blocked(culprit, hop, hop, suspects=UNNAMED[place], bare=BARE[place],
                                 also=(("unknown", "unknown"), ("intercepted", culprit)))
            yield Scenario(f"webproxy-{place}-{word}", 0, "proxy", "T8",
                           f"isp2 proxies the web, the only control; {place} to 587: {word}",
                           expect,
                           {"isp2": [TO_PORTAL], place: [r.forward(f"{SUBMIT} {verb}")]},
                           listen={"isp2": (8080,)}, server_list=WEB_LIST)
    yield Scenario("webproxy-unlisted", 0, "proxy", "T8",
                   "isp2 proxies the web, isp3 rejects 587; the server is nobody's listed one",
                   vague("isp", 4, (("blocked", "unknown"),)),
                   {"isp2": [TO_PORTAL], "isp3": [r.forward(f"{SUBMIT} {HOW[2][1]}")]},
                   listen={"isp2": (8080,)}, server_list=UNLISTED, hosts=ALPHA)
    yield Scenario("webproxy-open", 0, "open", "T8", "isp2 proxies the web, the only control",
                   open_port(), {"isp2": [TO_PORTAL]}, listen={"isp2": (8080,)},
                   server_list=WEB_LIST)
    yield Scenario("webproxy-closed", 0, "server", "T8",
                   "isp2 proxies the web, the only control; a server refuses 587",
                   Expect("closed", "remote", also=(("unknown", "unknown"),
                                                    ("blocked", "unknown"))),
                   {"isp2": [TO_PORTAL]}, listen={"isp2": (8080,)}, server_list=WEB_LIST,
                   hosts=ALPHA, closed={"alpha": (587,)})
    for word, verb in HOW[1:]:
        expect = vague("remote", 8, (("closed", "remote"), ("blocked", "unknown")))
        if word == "reset":  # as a server does that is closed
            expect = replace(expect, state="closed", also=expect.also + (("blocked", "remote"),))
        yield Scenario(f"webproxy-server-{word}", 0, "server", "T8",
                       f"isp2 proxies the web, the only control; a server to 587: {word}",
                       expect,
                       {"isp2": [TO_PORTAL], "alpha": [r.inbound(f"{SUBMIT} {verb}")]},
                       listen={"isp2": (8080,)}, server_list=WEB_LIST, hosts=ALPHA)


SCENARIOS = (
    *portals(),
    *web_proxies(),
)
