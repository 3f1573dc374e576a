# SPDX-License-Identifier: BSD-2-Clause
"""Topologies after ways as they are found outside: rented machines, telephones, a campus, DS-Lite,
an exchange, tunnels."""

from labkit import catalogue_more
from labkit.catalogue import access, beyond, home, server
from labkit.topology import Place, Topology


def phone(name):
    """A telephone: its own address is shared (100.64/10); gw 1 translates, isp2 2 (10.x), isp3 3,
    then as in T1."""
    return Topology(name, [
        Place("cli", kind="client"), Place("gw", "cli", "cgn", nat=True),
        Place("isp2", "gw", "inner", part=2), Place("isp3", "isp2", "isp", part=3),
    ] + beyond("isp3"))


def campus(name):
    """A campus with addresses of its provider's: gw 1, gw2 2, isp2 3, isp3 4, then as in T1."""
    return Topology(name, [
        Place("cli", kind="client"), Place("gw", "cli", "yard"),
        Place("gw2", "gw", "yard2", part=9), Place("isp2", "gw2", "isp", part=2),
        Place("isp3", "isp2", "isp", part=3),
    ] + beyond("isp3"))


def dslite(name):
    """IPv4 over an IPv6 line: gw 1, the provider's translator 2 (192.0.0.1), isp2 3, then as in
    T1."""
    return Topology(name, home(False) + [
        Place("aftr", "gw", "aftr", nat=True), Place("isp2", "aftr", "isp", part=2),
    ] + beyond("isp2"))


def plain(name):
    """gw 1 without a translator of its own, isp1 2, isp2 3, isp3 4, then as in T1."""
    return Topology(name, access(nat=False) + beyond("isp3"))


def exchange(name):
    """gw 1, isp1 to isp3 2 to 4; dst2 5 on an exchange's LAN, in2 6, beta 7; tr1 5 on it as well,
    tr2 6, dst1 7, alpha 8; tr3 5, dst3 6, gamma 7."""
    return Topology(name, access(nat=False) + [
        Place("tr1", "isp3", "fabric", part=8), Place("tr2", "tr1", "north", part=2),
        Place("tr4", "tr2", "north", part=3),
        Place("dst1", "tr4", "alpha"), server("alpha", "dst1"),
        Place("dst2", "isp3", "fabric", part=9), Place("in2", "dst2", "beta", part=2),
        server("beta", "in2"),
        Place("tr3", "isp3", "south"), Place("dst3", "tr3", "gamma"), server("gamma", "dst3"),
    ])


def far_tunnel(name):
    """A VPN: vpn 1 behind a TUN device, exit 2, exit2 3, then as in T1."""
    return Topology(name, [
        Place("cli", kind="client"), Place("vpn", "cli", "vpn", nat=True, link="tun"),
        Place("exit", "vpn", "exit"), Place("exit2", "exit", "exit", part=2),
    ] + beyond("exit2"))


TOPOLOGIES = {
    **catalogue_more.TOPOLOGIES,
    "PP": lambda: phone("PP"),
    "PC": lambda: campus("PC"),
    "PD": lambda: dslite("PD"),
    "PX": lambda: exchange("PX"),
    "PN": lambda: plain("PN"),
    "PV": lambda: far_tunnel("PV"),
}
