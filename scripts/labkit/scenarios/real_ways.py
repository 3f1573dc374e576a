# SPDX-License-Identifier: BSD-2-Clause
"""Ways as they are found outside: who is named, with a data base of owners and nothing else."""

import subprocess

from labkit import nat64, products, rules as r
from labkit.catalogue_paths import TOPOLOGIES
from labkit.scenario import Scenario, blocked, open_port
from labkit.scenarios.owners import (ALPHA, BETA, BORDER, DATA, DROP, EITHER, INPUT,
                                      RESET, RETURN)

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


# Servers that an IPv6 host reaches by a translator; the names are those of its resolver.
WELL_KNOWN, LOCAL_USE, OWN = "64:ff9b::", "64:ff9b:1::", "2001:db8:5000:64::"
# The line's address is routed towards the client everywhere.
LINE = TOPOLOGIES["PN"]().places["isp1"].up4
HIDE = r.nat("postrouting", f"ip saddr {nat64.CLIENT} oifname \"to-*\" snat to {LINE}", "ip")


# Of a translator that has one beside its IPv4 number.
NATIVE = "2001:db8:5000::64"


def is_attached():
    """Whether a program holds the translator's device, in the place where the caller is."""
    shown = subprocess.run(["ip", "link", "show", nat64.DEVICE], capture_output=True, text=True,
                           check=True)
    return "LOWER_UP" in shown.stdout


def tayga(world):
    """Starts the translator of Debian's package in isp2. It translates no number of documentation
    under the well-known prefix, as RFC 6052 has it."""
    DATA["prepare"](world)
    settings = f"{world.folder}/tayga.conf"
    products.write(settings, f"tun-device {nat64.DEVICE}\nipv4-addr {nat64.OWN}\n"
                             f"ipv6-addr {NATIVE}\nprefix {OWN}/96\n"
                             f"map {nat64.CLIENT} {world.topology.client.v6}\n")
    for line in (f"tayga --mktun -c {settings}", f"ip link set {nat64.DEVICE} up",
                 f"ip addr add {nat64.ROUTER} peer {nat64.CLIENT} dev {nat64.DEVICE}",
                 f"ip route add {nat64.OWN} dev {nat64.DEVICE}",
                 f"ip route add {NATIVE} dev {nat64.DEVICE}",
                 f"ip route add {OWN}/96 dev {nat64.DEVICE}"):
        products.command(world, "isp2", *line.split())
    products.start(world, "isp2", "/usr/sbin/tayga", "--nodetach", "-c", settings)
    products.until(world, "isp2", is_attached)


def translated(name, group, text, expect, rules=None, prefix=WELL_KNOWN, at="isp2", box=None,
               **settings):
    """IPv6 up to isp2 3, or gw 1, which translates; the translator's own hop, where it has one,
    and the router's IPv4 side follow, then the way goes on as in PN."""
    base = {at: [HIDE]}
    if at == "isp2":
        base["isp1"] = [r.ip(f"route add {prefix}/96 via 2001:db8:5000::2 dev to-isp2 onlink")]
    hosts = tuple(f"{prefix}{net}.25" for net in ("203.0.113", "198.18.20", "198.18.30"))
    arpa = f"{prefix}192.0.0.170 ipv4only.arpa\n"
    return way(f"nat64-{name}", group, "PN", text, expect, more(base, **(rules or {})),
               variants="6", hosts=hosts, hosts_extra=arpa, options=(*DATA["options"], "--no-smtp"),
               **{"boxes": ((at, box or nat64.Translator(prefix)),), **settings})


def by_tayga(name, group, text, expect, rules=None):
    return translated(f"tayga-{name}", group, f"tayga: {text}", expect, rules, prefix=OWN,
                      boxes=(), products=True, prepare=tayga)


SCENARIOS = (
    translated("open", "open", "a provider's translator", open_port()),
    translated("before-drop", "provider", "dropped before a provider's translator",
               blocked("isp", 2, 2), {"isp1": [DROP]}),
    translated("drop", "provider", "a provider's translator drops",
               blocked("isp", 3, 3), {"isp2": [DROP]}),
    translated("behind-input", "provider", "dropped behind a provider's translator",
               blocked("isp", 6, 6), {"isp3": [INPUT]}),
    translated("behind-reset", "provider", "reset behind a provider's translator of one hop",
               blocked("isp", 4, 4), {"isp3": [RESET]}, box=nat64.Translator(hop=False)),
    translated("transit-drop", "transit", "a transit drops behind a translator",
               blocked("transit", 7, 7, suspects=RETURN), {"tra": [DROP], "trb": [DROP]}),
    translated("signed-drop", "provider", "dropped behind a translator that signs with the "
               "server's address", blocked("isp", 6, 6, suspects=("isp", "transit", "remote")),
               {"isp3": [DROP]}, box=nat64.Translator(signs="destination")),
    translated("signed-icmp", "provider", "rejected behind a translator that signs with the "
               "server's address", blocked("isp", 6, 6, suspects=("isp", "transit", "remote")),
               {"isp3": [r.forward("tcp dport 587 reject with icmpx admin-prohibited")]},
               box=nat64.Translator(signs="destination")),
    translated("native-before-drop", "provider", "dropped before a translator with an IPv6 address "
               "of its own", blocked("isp", 2, 2), {"isp1": [DROP]},
               box=nat64.Translator(native=NATIVE)),
    translated("native-behind-input", "provider", "dropped behind a translator with an IPv6 address "
               "of its own", blocked("isp", 6, 6), {"isp3": [INPUT]},
               box=nat64.Translator(native=NATIVE)),
    by_tayga("open", "open", "a provider's translator", open_port()),
    by_tayga("before-drop", "provider", "dropped before it", blocked("isp", 2, 2),
             {"isp1": [DROP]}),
    by_tayga("drop", "provider", "its router drops", blocked("isp", 3, 3), {"isp2": [DROP]}),
    by_tayga("behind-input", "provider", "dropped behind it", blocked("isp", 6, 6),
             {"isp3": [INPUT]}),
    by_tayga("transit-drop", "transit", "a transit drops behind it",
             blocked("transit", 7, 7, suspects=RETURN), {"tra": [DROP], "trb": [DROP]}),
    translated("own-open", "open", "a translator with the provider's prefix", open_port(),
               prefix=OWN),
    translated("own-behind", "provider", "dropped behind a translator with the provider's prefix",
               blocked("isp", 6, 6), {"isp3": [INPUT]}, prefix=OWN),
    translated("home-isp-drop", "provider", "the provider drops behind the user's own translator",
               blocked("isp", 4, 4), {"isp1": [DROP]}, prefix=LOCAL_USE, at="gw"),
    translated("home-drop", "near", "the user's own translator drops",
               blocked("local-network", 1, 1, suspects=EITHER), {"gw": [DROP]}, prefix=LOCAL_USE,
               at="gw"),
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
