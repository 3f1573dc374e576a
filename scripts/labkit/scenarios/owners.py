# SPDX-License-Identifier: BSD-2-Clause
"""Who owns a hop: private, global, ULA and borrowed addresses, with and without data on owners."""

import os
import sys

from labkit import rules as r
from labkit.scenario import Scenario, blocked, open_port
from labkit.topology import NETWORKS

SUBMIT = "tcp dport 587"
DROP = r.forward(f"{SUBMIT} drop")
RESET = r.forward(f"{SUBMIT} reject with tcp reset")
INPUT = r.prerouting(f"iifname \"in0\" {SUBMIT} drop")
EITHER, BORDER, EDGE = ("local-network", "isp"), ("isp", "transit"), ("transit", "remote")
RETURN = ("remote", "transit", "isp", "local-network")
ALPHA, BETA = ("mx.alpha.example",), ("mx.beta.example",)
# Nobody's numbers, and what a larger prefix of the same network covers.
UNANNOUNCED = ("cgn", "inner", "aftr", "yard2")
TESTS = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../../tests")


def owner_data(world):
    """A data base of owners: what the world announces; an exchange's prefix is not announced."""
    sys.path.append(TESTS)
    import mmdb  # pylint: disable=import-outside-toplevel

    used = {place.net for place in world.topology.places.values() if place.net}
    records = {NETWORKS[key].prefix(family): {
        "autonomous_system_number": NETWORKS[key].asn,
        "autonomous_system_organization": NETWORKS[key].name}
        for key in sorted(used) if NETWORKS[key].asn and key not in UNANNOUNCED
        for family in (4, 6)}
    records["2001:db8:5fff::/48"] = {  # what the provider delegates to its customers
        "autonomous_system_number": NETWORKS["isp"].asn,
        "autonomous_system_organization": NETWORKS["isp"].name}
    with open(os.path.join(world.folder, "owners.mmdb"), "wb") as file:
        file.write(mmdb.build(records, 1700000000))


# Up to a public hop that follows one of these, which a transit may own if they are the provider's.
FURTHER = (*EITHER, "transit")
DATA = {"variants": "4 6", "prepare": owner_data,
        "options": ("--asn-db", "%FOLDER%/owners.mmdb")}

# The client's own addresses are global, its gateway's is a unique local one.
ULA = {"gw": [r.ip("addr add fd00:1::1/64 dev in0 nodad"),
              r.ip("route replace 2001:db8:5fff:1::/64 dev in0 src fd00:1::1")],
       "cli": [r.ip("addr add fd00:1::20/64 dev eth0 nodad"),
               r.ip("route replace ::/0 via fd00:1::1 dev eth0 src 2001:db8:5fff:1::20")]}


def ula(*more):
    return {"cli": ULA["cli"], "gw": [*ULA["gw"], *more]}


def pair(name, group, topo, text, named, bare, rules, families="46", **more):
    """Twice the same: with owners told, and without."""
    yield Scenario(name, 0, group, topo, text, named, rules,
                   " ".join(family + "n" for family in families), **more)
    yield Scenario(name + "-bare", 0, group, topo, text + ", no owner is known", bare, rules,
                   " ".join(families), **more)


def by_data(name, group, topo, text, expect, rules, **more):
    """With a data base of owners and no --networks."""
    return Scenario(name + "-data", 0, group, topo, text + ", a data base knows owners", expect,
                    rules, **DATA, **more)


SCENARIOS = (
    *pair("inner-isp1-drop", "provider", "TI", "hops 2 and 3 are 10.x, hop 2 drops",
          blocked("isp", 2, 2), blocked("isp", 2, 2, suspects=EITHER), {"isp1": [DROP]}, "4"),
    *pair("inner-isp2-drop", "provider", "TI", "hops 2 and 3 are 10.x, hop 3 drops",
          blocked("isp", 3, 3), blocked("isp", 3, 3, suspects=FURTHER), {"isp2": [DROP]}, "4"),
    *pair("inner-isp1-reset", "provider", "TI", "hops 2 and 3 are 10.x, hop 2 resets",
          blocked("isp", 2, 2), blocked("isp", 2, 2, suspects=EITHER), {"isp1": [RESET]}, "4"),
    *pair("cgn-inner-drop", "provider", "TIc", "hop 2 is carrier-grade NAT, hop 3 is 10.x, drops",
          blocked("isp", 3, 3), blocked("isp", 3, 3), {"isp2": [DROP]}, "4"),
    *pair("cgn-inner-nat-drop", "provider", "TIc", "hop 2, carrier-grade NAT before 10.x, drops",
          blocked("isp", 2, 2), blocked("isp", 2, 2), {"isp1": [DROP]}, "4"),
    *pair("two-homes-drop", "near", "T1c", "two routers of the user's own over IPv6, the 2nd drops",
          blocked("local-network", 2, 2, suspects=EITHER),
          blocked("local-network", 2, 2, suspects=EITHER), {"gw2": [DROP]}, "6"),
    *pair("two-homes-reset", "near", "T1c", "two routers of the user's own, the 2nd resets",
          blocked("local-network", 2, 2), blocked("local-network", 2, 2, suspects=EITHER),
          {"gw2": [RESET]}, "6"),
    *pair("two-homes-input-drop", "near", "T1c",
          "two routers of the user's own, the second drops on its input",
          blocked("local-network", 2, 2), blocked("local-network", 2, 2, suspects=EITHER),
          {"gw2": [INPUT]}, "46"),
    *pair("cloud-open", "open", "TQ", "a rented machine, its gateway is public", open_port(),
          open_port(), {}),
    *pair("cloud-gw-drop", "provider", "TQ", "a rented machine, its public gateway drops",
          blocked("isp", 1, 1), blocked("isp", 1, 1, suspects=FURTHER), {"gw": [DROP]}),
    *pair("cloud-gw-reset", "provider", "TQ", "a rented machine, its public gateway resets",
          blocked("isp", 1, 1), blocked("isp", 1, 1, suspects=EITHER), {"gw": [RESET]}),
    *pair("cloud-gw-input-drop", "provider", "TQ", "a rented machine, its gateway's input drops",
          blocked("isp", 1, 1), blocked("isp", 1, 1, suspects=EITHER), {"gw": [INPUT]}),
    *pair("cloud-isp2-drop", "provider", "TQ", "a rented machine, hop 2 drops",
          blocked("isp", 2, 2), blocked("isp", 2, 2, suspects=("isp", "transit")),
          {"isp2": [DROP]}),
    *pair("ula-gw-drop", "near", "T1n", "a gateway with a unique local address drops",
          blocked("local-network", 1, 1, suspects=EITHER),
          blocked("local-network", 1, 1, suspects=EITHER), ula(DROP), "6"),
    *pair("ula-gw-reset", "near", "T1n", "a gateway with a unique local address resets",
          blocked("local-network", 1, 1), blocked("local-network", 1, 1), ula(RESET), "6"),
    # Who names an address names its hop: without --networks alone the border is in doubt.
    Scenario("handover-tr1-input", 0, "border", "TH",
             "the transit's input drops, where its router has an address of the provider's",
             blocked("transit", 5, 5, suspects=BORDER), {"tr1": [INPUT]},
             variants="4 6"),
    Scenario("handover-tr1-drop", 0, "border", "TH",
             "the transit's first router drops, it has an address of the provider's",
             blocked("transit", 5, 5, suspects=BORDER), {"tr1": [DROP]}, variants="4 6"),
    Scenario("handover-tr1-reset", 0, "border", "TH",
             "the transit's first router resets, it has an address of the provider's",
             blocked("transit", 5, 5, suspects=BORDER), {"tr1": [RESET]},
             variants="4 6"),
    Scenario("peer-input-drop", 0, "border", "TO",
             "a peer's input drops, where its router has an address of the provider's",
             blocked("remote", 5, 5, suspects=("isp", "remote")), {"dst2": [INPUT]}, hosts=BETA,
             variants="4 6"),
    Scenario("peer-drop", 0, "border", "TO",
             "a peer's router drops, it has an address of the provider's",
             blocked("remote", 5, 5, suspects=RETURN), {"dst2": [DROP]}, hosts=BETA),
    Scenario("peer-reset", 0, "border", "TO",
             "a peer's input resets, where its router has an address of the provider's",
             blocked("remote", 5, 5, suspects=("isp", "remote")), {"dst2": [r.prerouting_filter(
                 f"iifname \"in0\" {SUBMIT} reject with tcp reset")]}, hosts=BETA,
             variants="4 6"),
    Scenario("edge-input-drop", 0, "border", "TO",
             "the destination's input drops, its router has an address of the transit's",
             blocked("remote", 7, 7, suspects=EDGE), {"dst1": [INPUT]}, hosts=ALPHA,
             variants="4 6"),
    Scenario("edge-reset", 0, "border", "TO",
             "the destination's input resets, its router has an address of the transit's",
             blocked("remote", 7, 7, suspects=EDGE), {"dst1": [r.prerouting_filter(
                 f"iifname \"in0\" {SUBMIT} reject with tcp reset")]}, hosts=ALPHA,
             variants="4 6"),
    Scenario("exchange-open", 0, "open", "TOx", "a peer's router has an address of an exchange's",
             open_port()),
    Scenario("exchange-input-drop", 0, "border", "TOx",
             "a peer's input drops, its router has an address of an exchange's",
             blocked("remote", 5, 5, suspects=("isp", "transit", "remote")), {"dst2": [INPUT]},
             hosts=BETA,
             variants="4 6"),
    Scenario("exchange-isp3-drop", 0, "border", "TOx",
             "isp3 drops, the peer's router behind it has an address of an exchange's",
             blocked("isp", 4, 4, suspects=("isp", "transit", "remote")),
             {"isp3": [r.forward(f"oifname \"to-dst2\" {SUBMIT} drop")]}, hosts=BETA),
    by_data("isp2-drop", "provider", "T8", "isp2 drops", blocked("isp", 3, 3), {"isp2": [DROP]}),
    by_data("two-homes-drop", "near", "T1c", "two routers of the user's own, the 2nd drops",
            blocked("local-network", 2, 2, suspects=EITHER), {"gw2": [DROP]}),
    by_data("two-homes-reset", "near", "T1c", "two routers of the user's own, the 2nd resets",
            blocked("local-network", 2, 2, suspects=EITHER), {"gw2": [RESET]}),
    by_data("cloud-gw-reset", "provider", "TQ", "a rented machine, its public gateway resets",
            blocked("isp", 1, 1, suspects=EITHER), {"gw": [RESET]}),
    by_data("cloud-isp2-drop", "provider", "TQ", "a rented machine, hop 2 drops",
            blocked("isp", 2, 2), {"isp2": [DROP]}),
    by_data("border-drop", "border", "T8", "isp3 drops", blocked("isp", 4, 4, suspects=BORDER),
            {"isp3": [DROP]}),
    by_data("transit-drop", "transit", "TM", "one transit drops",
            blocked("transit", 5, 5), {"tr1": [DROP]}, hosts=ALPHA),
    by_data("peer-input-drop", "border", "TO",
            "a peer's input drops, where its router has an address of the provider's",
            blocked("remote", 5, 5, suspects=("isp", "remote")), {"dst2": [INPUT]}, hosts=BETA),
    by_data("edge-input-drop", "border", "TO",
            "the destination's input drops, its router has an address of the transit's",
            blocked("remote", 7, 7, suspects=EDGE), {"dst1": [INPUT]}, hosts=ALPHA),
    by_data("exchange-input-drop", "border", "TOx",
            "a peer's input drops, its router has an address of an exchange's",
            blocked("remote", 5, 5, suspects=("isp", "transit", "remote")), {"dst2": [INPUT]},
            hosts=BETA),
)
