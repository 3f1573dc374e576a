# SPDX-License-Identifier: BSD-2-Clause
"""Further topologies: other distances, other owners of addresses, more ways beside each other,
servers behind one edge, long detours on the way back."""

from labkit import catalogue
from labkit.catalogue import access, beyond, home, long, many, server
from labkit.topology import Place, Topology


def coloured(name):
    """Two transits without NAT; isp2b 3 and isp2c 4 stand beside isp2 (3), as yet unused."""
    topology = many(name, nat=False)
    topology.add(Place("isp2b", "isp1", "isp", part=12))
    topology.add(Place("isp2c", "isp2b", "isp", part=13))
    return topology


def sites(name):
    """Two transits without NAT, and a second site of alpha's behind tr3: alpha-far 6."""
    topology = many(name, nat=False)
    topology.add(Place("alpha-far", "tr3", "alpha", part=7))
    return topology


def racks(name, nat=True):
    """Two transits; beside alpha (8) its network has rack 8 and, behind it, deep 9."""
    topology = many(name, nat=nat)
    topology.add(Place("rack", "dst1", "alpha", part=2))
    topology.add(Place("deep", "rack", "alpha", part=3))
    return topology


def beside(name):
    """gw 1, alpha 2: the server hangs on the gateway itself."""
    return Topology(name, home(False) + [server("alpha", "gw")])


def hosted(name):
    """gw 1, isp 2, alpha, beta and gamma 3: three networks at the provider's only router."""
    return Topology(name, home(False) + [Place("isp", "gw", "isp"), server("alpha", "isp"),
                                         server("beta", "isp"), server("gamma", "isp")])


def farther(name):
    """gw 1, isp1 to isp3 2 to 4, n1 to n6 5 to 10, s1 to s5 11 to 15, then dst1 16, alpha 17;
    dst2 16, beta 17; dst3 16, core3 17, gamma 18."""
    places, last = access(nat=False), "isp3"
    for letter, net, count in (("n", "north", 6), ("s", "south", 5)):
        for number in range(1, count + 1):
            places.append(Place(f"{letter}{number}", last, net, part=number))
            last = f"{letter}{number}"
    return Topology(name, places + [
        Place("dst1", last, "alpha"), server("alpha", "dst1"),
        Place("dst2", last, "beta"), server("beta", "dst2"),
        Place("dst3", last, "gamma"), Place("core3", "dst3", "gamma", part=2),
        server("gamma", "core3"),
    ])


def inner(name, cgn=False):
    """gw 1, isp1 2 (10.x, or carrier-grade NAT), isp2 3 (10.x), isp3 4, then as in T1."""
    return Topology(name, home(True) + [
        Place("isp1", "gw", "cgn" if cgn else "inner", nat=cgn),
        Place("isp2", "isp1", "inner", part=2), Place("isp3", "isp2", "isp", part=3),
    ] + beyond("isp3"))


def cloud(name):
    """A rented machine: gw 1 (public, the provider's), isp2 2, isp3 3, then as in T1."""
    return Topology(name, [
        Place("cli", kind="client"), Place("gw", "cli", "cloud"),
        Place("isp2", "gw", "isp", part=2), Place("isp3", "isp2", "isp", part=3),
    ] + beyond("isp3"))


def borders(name, peer="isp"):
    """Two transits without NAT; dst1 (7) has an address of its transit's, dst2 (5) one of the
    provider's or of an exchange's."""
    return Topology(name, access(nat=False) + [
        Place("tr1", "isp3", "north"), Place("tr2", "tr1", "north", part=2),
        Place("dst1", "tr2", "north", part=9), server("alpha", "dst1"),
        Place("dst2", "isp3", peer, part=9), server("beta", "dst2"),
        Place("tr3", "isp3", "south"), Place("dst3", "tr3", "gamma"), server("gamma", "dst3"),
    ])


def handover(name):
    """As T8 without NAT, but the transit's first router tr1 (5) has an address of the provider's."""
    return Topology(name, access(nat=False) + [
        Place("tr1", "isp3", "isp", part=9), Place("tr2", "tr1", "north", part=2),
        Place("dst1", "tr2", "alpha"), server("alpha", "dst1"),
        Place("dst2", "tr1", "beta"), server("beta", "dst2"),
        Place("dst3", "tr2", "gamma"), server("gamma", "dst3"),
    ])


def fan(name, parent="isp1", net="isp", first=12, names=("isp2b", "isp2c", "isp2d")):
    """As T8 without NAT; beside the parent's next router there are others, as yet unused."""
    topology = long(name, nat=False)
    for number, place in enumerate(names):
        topology.add(Place(place, parent, net, part=first + number))
    return topology


def one_edge(name):
    """Three servers of three operators behind one edge: tr1 5, dst1 6, alpha, beta, gamma 7."""
    return Topology(name, access() + [
        Place("tr1", "isp3", "north"), Place("dst1", "tr1", "alpha"),
        server("alpha", "dst1"), server("beta", "dst1"), server("gamma", "dst1"),
    ])


def far_detour(name):
    """As the long one without NAT; back from isp3 by six more routers: x1 ... x6, isp1."""
    topology = long(name, nat=False)
    parent = "isp1"
    for number in range(6, 0, -1):
        topology.add(Place(f"x{number}", parent, "isp", part=27 - number))
        parent = f"x{number}"
    return topology


TOPOLOGIES = {
    **catalogue.TOPOLOGIES,
    "TC": lambda: coloured("TC"),
    "TS": lambda: sites("TS"),
    "TG": lambda: racks("TG"),
    "T2": lambda: beside("T2"),
    "T3": lambda: hosted("T3"),
    "TX": lambda: farther("TX"),
    "TI": lambda: inner("TI"),
    "TIc": lambda: inner("TIc", cgn=True),
    "TQ": lambda: cloud("TQ"),
    "TO": lambda: borders("TO"),
    "TOx": lambda: borders("TOx", peer="ixp"),
    "TH": lambda: handover("TH"),
    "TE4": lambda: fan("TE4"),
    "TEn": lambda: fan("TEn", "gw", "isp", 12, ("isp1b",)),
    "TD1": lambda: one_edge("TD1"),
    "TA6": lambda: far_detour("TA6"),
    "TEt": lambda: fan("TEt", "tr1", "north", 12, ("tr2b",)),
}
