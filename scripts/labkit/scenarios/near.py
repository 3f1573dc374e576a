# SPDX-License-Identifier: BSD-2-Clause
"""Blocks in the local network, in the gateway and on the line to the provider."""

from labkit import rules as r
from labkit.scenario import Scenario, blocked, open_port

SUBMIT = "tcp dport 587"
EITHER = ("local-network", "isp")
SILENT, RESET, ICMP = ("silent-drop",), ("tcp-reset",), ("icmp-reject",)


# As after a router advertisement: the way out is a link-local address.
LINK_LOCAL = {"gw": [r.ip("addr add fe80::1/64 dev in0 nodad")],
              "cli": [r.ip("route replace default via fe80::1 dev eth0")]}


def lan(**more):
    """Before the gateway's output: a switch, an access point, or the gateway's input."""
    return blocked("local-network", 0, 1, **more)


SCENARIOS = (
    Scenario("switch-drop", 31, "near", "TB", "a switch before the gateway drops",
             lan(mechanisms=SILENT), {"sw": [r.bridge_forward(f"{SUBMIT} drop")]}),
    Scenario("switch-reset", 32, "near", "TB", "a switch before the gateway resets",
             lan(mechanisms=RESET),
             {"sw": [r.ingress(f"{SUBMIT} reject with tcp reset")]}),
    Scenario("switch-icmp", 33, "near", "TB", "a switch rejects in the server's name",
             lan(mechanisms=ICMP),
             {"sw": [r.ingress(f"{SUBMIT} reject with icmpx admin-prohibited")]}),
    Scenario("gw-input-drop", 34, "near", "T1n", "the gateway drops on its input",
             blocked("local-network", 1, 1, mechanisms=SILENT),
             {"gw": [r.prerouting(f"iifname \"in0\" {SUBMIT} drop")]}),
    Scenario("gw-ingress-drop", 35, "near", "T1n", "the gateway's device drops on its input",
             blocked("local-network", 1, 1, mechanisms=SILENT),
             {"gw": [r.ingress(f"{SUBMIT} drop")]}),
    Scenario("gw-drop", 36, "near", "T1n", "the gateway does not forward",
             blocked("local-network", 1, 1, suspects=EITHER, mechanisms=SILENT),
             {"gw": [r.forward(f"{SUBMIT} drop")]}),
    Scenario("gw-drop-link-local", 36, "near", "T1n", "the same, by a link-local gateway",
             blocked("local-network", 1, 1, suspects=EITHER, mechanisms=SILENT),
             {"cli": LINK_LOCAL["cli"], "gw": [*LINK_LOCAL["gw"], r.forward(f"{SUBMIT} drop")]},
             "6n 6"),
    Scenario("open-link-local", 1, "open", "T1n", "nobody blocks, a link-local gateway",
             open_port(), LINK_LOCAL, "6n 6"),
    Scenario("isp-input-drop", 37, "near", "T1n", "the provider's first router drops on input",
             blocked("isp", 2, 2, suspects=EITHER, mechanisms=SILENT),
             {"isp": [r.prerouting(f"iifname \"in0\" {SUBMIT} drop")]}, twin="gw-drop"),
    Scenario("gw-reset", 38, "near", "T1n", "the gateway resets",
             blocked("local-network", 1, 1, mechanisms=RESET),
             {"gw": [r.forward(f"{SUBMIT} reject with tcp reset")]}),
    Scenario("gw-icmp", 39, "near", "T1n", "the gateway rejects by ICMP",
             blocked("local-network", 1, 1, mechanisms=ICMP),
             {"gw": [r.forward(f"{SUBMIT} reject with icmpx admin-prohibited")]}),
    Scenario("gw-icmp-limited", 40, "near", "T1n", "the gateway rejects, one ICMP a second",
             blocked("local-network", 1, 1, mechanisms=ICMP),
             {"gw": [r.forward(f"{SUBMIT} reject with icmpx admin-prohibited"),
                     r.output("icmp type destination-unreachable limit rate over 1/second "
                              "burst 1 packets drop")]}, variants="4n 4"),
    Scenario("gw-out-drop", 41, "near", "T1n", "the gateway drops on its output",
             blocked("local-network", 1, 1, suspects=EITHER, mechanisms=SILENT),
             {"gw": [r.postrouting(f"oifname \"to-isp\" {SUBMIT} drop")]}, twin="gw-drop"),
    # The second private router may be the provider's, as behind many a line.
    Scenario("container-drop", 42, "near", "TK", "the client is a container, its host drops",
             blocked("local-network", 1, 1, mechanisms=SILENT, bare=EITHER),
             {"host": [r.forward(f"{SUBMIT} drop")]}, variants="4n 4"),
    Scenario("double-nat-drop", 112, "near", "T1c", "two routers with NAT, the second drops",
             blocked("local-network", 2, 2, suspects=EITHER, mechanisms=SILENT),
             {"gw2": [r.forward(f"{SUBMIT} drop")]}, variants="4n 4"),
    Scenario("cgn-input-drop", 113, "near", "T8c", "the provider's NAT drops on its input",
             blocked("isp", 2, 2, suspects=EITHER, mechanisms=SILENT),
             {"isp1": [r.prerouting(f"iifname \"in0\" {SUBMIT} drop")]}, variants="4n 4"),
)
