# SPDX-License-Identifier: BSD-2-Clause
"""Ways as they are found outside: who is named, with a data base of owners and nothing else."""

from labkit import rules as r
from labkit.scenario import Scenario, blocked, open_port
from labkit.scenarios.owners import (ALPHA, BETA, BORDER, DATA, DROP, EITHER, INPUT, RESET)

# A rented machine whose gateway is the same private address everywhere, on a device of /32s.
RENTED = {"gw": [r.ip("addr add 172.31.1.1/32 dev in0"),
                 r.ip("route replace 198.18.70.20/32 dev in0 src 172.31.1.1")],
          "cli": [r.ip("route add 172.31.1.1/32 dev eth0"),
                  r.ip("route replace default via 172.31.1.1 dev eth0")]}
# A tunnel whose far end is a next hop with an address, as some VPN programs set the route.
VIA = {"cli": [r.ip("route replace default via 10.8.0.1 dev tun0 onlink")]}


def more(base, **rules):
    """The base's rules and these."""
    places = {*base, *rules}
    return {place: [*base.get(place, ()), *rules.get(place, ())] for place in places}


def way(name, group, topo, text, expect, rules=None, **settings):
    """Over IPv4, with a data base of owners."""
    return Scenario(f"way-{name}", 0, group, topo, text, expect, rules or {},
                    **{**DATA, "variants": "4", **settings})


SCENARIOS = (
    way("rented-open", "open", "TQ", "a rented machine behind 172.31.1.1", open_port(), RENTED),
    way("rented-gw-drop", "provider", "TQ", "the hypervisor behind 172.31.1.1 drops",
        blocked("isp", 1, 1, suspects=EITHER), more(RENTED, gw=[DROP])),
    way("rented-gw-input", "provider", "TQ", "the hypervisor behind 172.31.1.1 drops on its input",
        blocked("isp", 1, 1, suspects=EITHER), more(RENTED, gw=[INPUT])),
    way("rented-isp2-drop", "provider", "TQ", "behind 172.31.1.1 hop 2 drops",
        blocked("isp", 2, 2), more(RENTED, isp2=[DROP])),
    way("rented-isp2-reset", "provider", "TQ", "behind 172.31.1.1 hop 2 resets",
        blocked("isp", 2, 2), more(RENTED, isp2=[RESET])),
    way("tunnel-open", "open", "PV", "a VPN without a gateway", open_port()),
    way("tunnel-vpn-drop", "provider", "PV", "a VPN without a gateway, its far end drops",
        blocked("isp", 1, 1, suspects=EITHER), {"vpn": [DROP]}),
    way("tunnel-exit-drop", "provider", "PV", "a VPN without a gateway, hop 2 drops",
        blocked("isp", 2, 2), {"exit": [DROP]}),
    way("tunnel-via-drop", "provider", "PV", "a VPN with a gateway, its far end drops",
        blocked("isp", 1, 1, suspects=EITHER), more(VIA, vpn=[DROP])),
    way("tunnel-via-exit-drop", "provider", "PV", "a VPN with a gateway, hop 2 drops",
        blocked("isp", 2, 2), more(VIA, exit=[DROP])),
    way("phone-gw-drop", "provider", "PP", "a telephone, its first hop drops",
        blocked("isp", 1, 1, suspects=EITHER), {"gw": [DROP]}),
    way("phone-isp2-drop", "provider", "PP", "a telephone, hop 2 (10.x) drops",
        blocked("isp", 2, 2, suspects=EITHER), {"isp2": [DROP]}),
    way("phone-silent-drop", "provider", "PP", "a telephone, its first hop is silent and drops",
        blocked("isp", 1, 1, suspects=EITHER), {"gw": [r.no_expiry(), DROP]}),
    way("campus-gw2-drop", "near", "PC", "a campus with its provider's addresses drops",
        blocked("local-network", 2, 2, suspects=EITHER), {"gw2": [DROP]}),
    way("campus-gw2-reset", "near", "PC", "a campus with its provider's addresses resets",
        blocked("local-network", 2, 2, suspects=EITHER), {"gw2": [RESET]}),
    way("campus-isp2-drop", "provider", "PC", "the provider of a campus drops",
        blocked("isp", 3, 3), {"isp2": [DROP]}),
    way("dslite-aftr-drop", "provider", "PD", "DS-Lite, the provider's translator drops",
        blocked("isp", 2, 2, suspects=EITHER), {"aftr": [DROP]}),
    way("dslite-gw-drop", "near", "PD", "DS-Lite, the gateway drops",
        blocked("local-network", 1, 1, suspects=EITHER), {"gw": [DROP]}),
    way("exchange-member-input", "border", "PX", "a member's router on an exchange drops",
        blocked("remote", 5, 5, suspects=("isp", "remote")), {"dst2": [INPUT]}, hosts=BETA),
    way("exchange-inner-reset", "remote", "PX", "a member of an exchange resets behind its router",
        blocked("remote", 6, 6), {"in2": [r.prerouting_filter(
            "iifname \"in0\" tcp dport 587 reject with tcp reset")]}, hosts=BETA),
    way("exchange-transit-drop", "transit", "PX", "a transit on an exchange drops",
        blocked("transit", 5, 5), {"tr1": [DROP]}, hosts=ALPHA),
    way("neighbour-input", "border", "TH", "the transit's first router has the provider's number",
        blocked("transit", 5, 5, suspects=BORDER), {"tr1": [INPUT]}),
    way("neighbour-drop", "border", "TH", "the transit's first router has the provider's number",
        blocked("transit", 5, 5, suspects=BORDER), {"tr1": [DROP]}),
)
