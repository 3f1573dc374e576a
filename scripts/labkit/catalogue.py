# SPDX-License-Identifier: BSD-2-Clause
"""The topologies that scenarios name. Hop numbers stand in the comments."""

from labkit.topology import HOST_PART, Place, Topology


def server(name, parent):
    return Place(name, parent, net=name, kind="server", part=HOST_PART)


def home(nat, bridge=False, net="home", link="veth"):
    """The client and its gateway (hop 1), with a switch between them where asked."""
    places = [Place("cli", kind="client")]
    if bridge:
        places.append(Place("sw", "cli", kind="bridge"))
    places.append(Place("gw", "sw" if bridge else "cli", net=net, nat=nat, link=link))
    return places


def short(name, nat=False, bridge=False, link="veth"):
    """gw 1, isp 2, tra or trb 3, alpha 4, beta 4, dst 4, gamma 5."""
    return Topology(name, home(nat, bridge, link=link) + [
        Place("isp", "gw", "isp"),
        Place("tra", "isp", "north"), server("alpha", "tra"),
        Place("trb", "isp", "south"), server("beta", "trb"),
        Place("dst", "trb", "gamma"), server("gamma", "dst"),
    ])


def short_cgn(name):
    """gw 1, gw2 2 (private as well), isp 3 (carrier-grade NAT), then as in the short one."""
    return Topology(name, [
        Place("cli", kind="client"), Place("gw", "cli", "home", nat=True),
        Place("gw2", "gw", "home2", nat=True), Place("isp", "gw2", "cgn", nat=True),
        Place("tra", "isp", "north"), server("alpha", "tra"),
        Place("trb", "isp", "south"), server("beta", "trb"),
        Place("dst", "trb", "gamma"), server("gamma", "dst"),
    ])


def access(nat=True, cgn=False):
    """The client, gw 1, isp1 2, isp2 3, isp3 4."""
    return home(nat) + [
        Place("isp1", "gw", "cgn" if cgn else "isp", nat=cgn),
        Place("isp2", "isp1", "isp", part=1 if cgn else 2),
        Place("isp3", "isp2", "isp", part=2 if cgn else 3),
    ]


def long(name, nat=True, cgn=False):
    """Everything behind one transit: tr1 5, then dst2 6, beta 7; tr2 6, dst1 7, alpha 8;
    dst3 7, core3 8, gamma 9."""
    return Topology(name, access(nat, cgn) + [
        Place("tr1", "isp3", "north"),
        Place("tr2", "tr1", "north", part=2),
        Place("dst1", "tr2", "alpha"), server("alpha", "dst1"),
        Place("dst2", "tr1", "beta"), server("beta", "dst2"),
        Place("dst3", "tr2", "gamma"), Place("core3", "dst3", "gamma", part=2),
        server("gamma", "core3"),
    ])


def many(name, cgn=False, five=False, nat=True):
    """Two transits: tr1 5, tr2 6, dst1 7, alpha 8; dst2 5 (a direct peer), beta 6;
    tr3 5, dst3 6, gamma 7; of five: dst4 6, delta 7; dst5 6, epsilon 7."""
    places = access(nat, cgn) + [
        Place("tr1", "isp3", "north"),
        Place("tr2", "tr1", "north", part=2),
        Place("dst1", "tr2", "alpha"), server("alpha", "dst1"),
        Place("dst2", "isp3", "beta"), server("beta", "dst2"),
        Place("tr3", "isp3", "south"),
        Place("dst3", "tr3", "gamma"), server("gamma", "dst3"),
    ]
    if five:
        places += [Place("dst4", "tr3", "delta"), server("delta", "dst4"),
                   Place("dst5", "tr1", "epsilon"), server("epsilon", "dst5")]
    return Topology(name, places)


def container(name):
    """The client is a container: its host 1, gw 2, isp 3, then as in the short one."""
    return Topology(name, [
        Place("cli", kind="client"), Place("host", "cli", "home2", nat=True),
        Place("gw", "host", "home", nat=True), Place("isp", "gw", "isp"),
        Place("tra", "isp", "north"), server("alpha", "tra"),
        Place("trb", "isp", "south"), server("beta", "trb"),
        Place("dst", "trb", "gamma"), server("gamma", "dst"),
    ])


TOPOLOGIES = {
    "T1": lambda: short("T1"),
    "T1n": lambda: short("T1n", nat=True),
    "T1c": lambda: short_cgn("T1c"),
    "T8": lambda: long("T8"),
    "T8p": lambda: long("T8p", nat=False),
    "T8c": lambda: long("T8c", cgn=True),
    "TM": lambda: many("TM"),
    "TMp": lambda: many("TMp", nat=False),
    "TD": lambda: many("TD", cgn=True, five=True),
    "TB": lambda: short("TB", nat=True, bridge=True),
    "TU": lambda: short("TU", link="tun"),
    "TK": lambda: container("TK"),
}
