# SPDX-License-Identifier: BSD-2-Clause
"""The topologies that scenarios name. Hop numbers stand in the comments."""

from labkit.topology import HOST_PART, Place, Topology


def server(name, parent):
    return Place(name, parent, net=name, kind="server", part=HOST_PART)


def home(nat, bridge=False, link="veth"):
    """The client and its gateway (hop 1), with a switch between them where asked."""
    places = [Place("cli", kind="client")]
    if bridge:
        places.append(Place("sw", "cli", kind="bridge"))
    places.append(Place("gw", "sw" if bridge else "cli", "home", nat=nat, link=link))
    return places


def beyond(isp):
    """Behind a provider of one router: tra or trb +1, alpha and beta +2, dst +2, gamma +3."""
    return [
        Place("tra", isp, "north"), server("alpha", "tra"),
        Place("trb", isp, "south"), server("beta", "trb"),
        Place("dst", "trb", "gamma"), server("gamma", "dst"),
    ]


def short(name, nat=False, bridge=False):
    """gw 1, isp 2, tra or trb 3, alpha 4, beta 4, dst 4, gamma 5."""
    return Topology(name, home(nat, bridge) + [Place("isp", "gw", "isp")] + beyond("isp"))


def lan_server(name):
    """As the short one, with a server on the client's own network."""
    lan = Place("lan", "sw", "home", kind="server", part=HOST_PART)
    return Topology(name, home(True, True) + [lan, Place("isp", "gw", "isp")] + beyond("isp"))


def short_cgn(name):
    """gw 1, gw2 2 (private as well), isp 3 (carrier-grade NAT), then as in the short one."""
    return Topology(name, [
        Place("cli", kind="client"), Place("gw", "cli", "home", nat=True),
        Place("gw2", "gw", "home2", nat=True), Place("isp", "gw2", "cgn", nat=True),
    ] + beyond("isp"))


def tunnel(name):
    """A VPN: vpn 1 behind a TUN device, exit 2, then as in the short one."""
    return Topology(name, [
        Place("cli", kind="client"), Place("vpn", "cli", "vpn", nat=True, link="tun"),
        Place("exit", "vpn", "exit"),
    ] + beyond("exit"))


def access(nat=True, cgn=False, link="veth", modem=False, border="isp"):
    """The client, gw 1, isp1 2, isp2 3, isp3 4; a modem is a bridge on the line.

    border: whose addresses the border router isp3 has.
    """
    last = Place("isp3", "isp2", "isp", part=2 if cgn else 3)
    if border != "isp":
        last = Place("isp3", "isp2", border, part=9)
    line = [Place("modem", "gw", kind="bridge")] if modem else []
    return home(nat, link=link) + line + [
        Place("isp1", "modem" if modem else "gw", "cgn" if cgn else "isp", nat=cgn),
        Place("isp2", "isp1", "isp", part=1 if cgn else 2),
        last,
    ]


def long(name, **line):
    """Everything behind one transit: tr1 5, then dst2 6, beta 7; tr2 6, dst1 7, alpha 8;
    dst3 7, core3 8, gamma 9."""
    return Topology(name, access(**line) + [
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
    ] + beyond("isp"))


def with_relay(name):
    """As the long one, and the provider's own mail server: relay 5."""
    topology = long(name)
    topology.add(server("relay", "isp3"))
    return topology


def farm(name):
    """As the long one, and one host with a thousand addresses in many networks: farm 6."""
    topology = long(name)
    topology.add(server("farm", "tr1"))
    return topology


def diamond(name, longer=False):
    """As the long one without NAT; beside isp2 (3) there is isp2b (3), or isp2b and isp2c.

    The scenario's rules make the second way; the tree's routes know the first alone.
    """
    topology = long(name, nat=False)
    topology.add(Place("isp2b", "isp1", "isp", part=12))
    if longer:
        topology.add(Place("isp2c", "isp2b", "isp", part=13))
    return topology


def detour(name):
    """As the long one without NAT, with a longer way back: isp3, x1, x2, x3, isp1."""
    topology = long(name, nat=False)
    for number, (place, parent) in enumerate((("x3", "isp1"), ("x2", "x3"), ("x1", "x2"))):
        topology.add(Place(place, parent, "isp", part=21 + number))
    return topology


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
    "TU": lambda: long("TU", link="tun"),
    "TV": lambda: tunnel("TV"),
    "TL": lambda: lan_server("TL"),
    "TR": lambda: with_relay("TR"),
    "TF": lambda: farm("TF"),
    "TE": lambda: diamond("TE"),
    "TE2": lambda: diamond("TE2", longer=True),
    "TA": lambda: detour("TA"),
    "T8b": lambda: long("T8b", border="north"),
    "T8m": lambda: long("T8m", modem=True),
    "TK": lambda: container("TK"),
}
