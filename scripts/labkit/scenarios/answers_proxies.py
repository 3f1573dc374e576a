# SPDX-License-Identifier: BSD-2-Clause
"""Translations, redirects, proxies and portals at other places, with live and with dead ends."""

from labkit import rules as r
from labkit.mail_boxes import Proxy
from labkit.scenario import Expect, Scenario, blocked, open_port
from labkit.scenarios.proxies import intercepted, synproxy, tproxy
from labkit.scenarios.smtp import DARK, RETURN

SUBMIT = "tcp dport 587"
FROM_INSIDE = f"iifname \"in0\" {SUBMIT}"
ALPHA = ("mx.alpha.example",)
EITHER = ("local-network", "isp")
BORDER = ("isp", "transit")
FAR = ("isp2", "isp3", "tr1")
LONE = ("isp", "transit", "remote")  # no way to another server shows whose routers these are not
BETA = {4: "198.18.20.25", 6: "2001:db8:b::19"}
DEAD = {4: "198.18.20.99", 6: "2001:db8:b::63"}  # in beta's network; nobody has it
OTHERS_LISTED = ("mx.alpha.example\t587\t993,443,465\tAlpha Mail\t64510\n"
                 "mx.gamma.example\t587\t993,443,465\tGamma Poczta\t65536\n")
PLACES = {"gw": (1, "local-network", ()), "isp1": (2, "isp", EITHER), "isp2": (3, "isp", ()),
          "isp3": (4, "isp", ()), "tr1": (5, "transit", BORDER)}
BLOCKED = {"gw": ("blocked", "local-network"), "isp1": ("blocked", "isp"),
           "isp2": ("blocked", "isp"), "isp3": ("blocked", "isp"), "tr1": ("blocked", "transit")}


def translated(place, name, text, ends, *, also=(), bare=(), **more):
    """The place sends 587 elsewhere; every expiry beyond carries the server's name."""
    hop, culprit, _ = PLACES[place]
    rules = [r.nat("prerouting", f"{FROM_INSIDE} dnat ip to {ends[4]}"),
             r.nat("prerouting", f"{FROM_INSIDE} dnat ip6 to {ends[6]}")]
    return Scenario(f"{place}-dnat-{name}", 88, "proxy", "T8", f"{place} sends 587 to {text}",
                    intercepted(culprit, hop, hop, also=(BLOCKED[place], *also),
                                bare=frozenset(bare)),
                    {place: rules}, **more)


def translations():
    for place in PLACES:
        yield translated(place, "live", "another server", BETA)
        yield translated(place, "closed", "a server that refuses", BETA, hosts=ALPHA,
                         closed={"beta": (587,)}, server_list=OTHERS_LISTED)
        yield translated(place, "dead", "an address that nobody has", DEAD)
        yield translated(place, "live-one", "another server", BETA, hosts=ALPHA,
                         options=("--only", "--no-smtp"), bare=LONE if place in FAR else ())
        hop, culprit, _ = PLACES[place]
        yield Scenario(f"{place}-dnat-shut", 89, "proxy", "T8",
                       f"{place} sends 587 to a port that is closed",
                       intercepted(culprit, hop, hop, also=(BLOCKED[place],)),
                       {place: [r.iptables("-t nat -A PREROUTING -i in0 -p tcp --dport 587 "
                                           "-j DNAT --to-destination :586"),
                                r.ip6tables("-t nat -A PREROUTING -i in0 -p tcp --dport 587 "
                                            "-j DNAT --to-destination :586")]})


def accepted(place, suspects=None, **more):
    """Who answers at its own hop: somebody there, or what is beside it."""
    hop, culprit, beside = PLACES[place]
    suspects = beside if suspects is None else suspects
    return Expect("intercepted", culprit, named=not suspects, suspects=frozenset(suspects),
                  place=(hop, hop), **more)


def redirects():
    """Redirects and transparent proxies, with somebody behind them and without."""
    for place in ("gw", "isp1", "isp3", "tr1"):
        hop, culprit, suspects = PLACES[place]
        rule = r.nat("prerouting", f"{FROM_INSIDE} redirect to :5870")
        if place != "gw":
            yield Scenario(f"{place}-redirect", 86, "proxy", "T8",
                           f"{place} redirects 587 to itself", accepted(place), {place: [rule]},
                           listen={place: (5870,)})
        yield Scenario(f"{place}-redirect-mute", 86, "proxy", "T8",
                       f"{place} redirects 587 to a service that says nothing",
                       accepted(place), {place: [r.nat("prerouting",
                                                       f"{FROM_INSIDE} redirect to :8087")]},
                       listen={place: (8087,)})
        yield Scenario(f"{place}-redirect-dead", 86, "proxy", "T8",
                       f"{place} redirects 587 to a closed port of its own",
                       blocked(culprit, hop, hop, mechanisms=("tcp-reset",)),
                       {place: [rule]})
        if place != "isp1":
            yield Scenario(f"{place}-tproxy", 87, "proxy", "T8",
                           f"{place} has a transparent proxy", accepted(place),
                           {place: [*tproxy(5870)]}, listen={place: (5870,)})
    for place in ("isp2", "tr1"):
        _, culprit, _ = PLACES[place]
        yield Scenario(f"{place}-proxy-dead", 121, "smtp", "T8",
                       f"{place} has a transparent proxy whose servers are silent",
                       accepted(place), {place: [*tproxy(5871), RETURN], "dst1": [NOTHING],
                                         "dst2": [NOTHING], "dst3": [NOTHING]},
                       boxes=((place, Proxy(5871, "pass")),), variants="4n 6n")
        yield Scenario(f"{place}-proxy-live", 121, "smtp", "T8",
                       f"{place} has a transparent proxy that passes everything",
                       open_port(also=(("intercepted", culprit),)),
                       {place: [*tproxy(5871), RETURN]},
                       boxes=((place, Proxy(5871, "pass")),), variants="4n 6n")


NOTHING = r.prerouting(f"iifname \"in0\" {SUBMIT} drop")


def synproxies():
    """SYN proxies elsewhere; the servers answer, so nothing is lost."""
    for place in ("gw", "isp1", "isp3", "tr1", "dst1"):
        for word, match in (("587", SUBMIT), ("all", "meta l4proto tcp")):
            yield Scenario(f"{place}-synproxy-{word}", 90, "proxy", "T8p",
                           f"{place} has a SYN proxy for {word}, the servers answer",
                           open_port(), {place: [*synproxy(match)]}, "4n 4",
                           hosts=ALPHA if place == "dst1" else ())
    yield Scenario("gw-synproxy-drop", 91, "proxy", "T8p",
                   "the gateway has a SYN proxy, isp2 drops behind it",
                   Expect("blocked", "isp", named=False, place=(3, 3), suspects=frozenset((
                       "local-network", "isp", "transit", "remote")), also=(
                       ("intercepted", "local-network"), ("intercepted", "unknown"),
                       ("degraded", "unknown"))),
                   {"gw": [*synproxy(SUBMIT)], "isp2": [r.forward(f"{SUBMIT} drop")]}, "4n 4")


SCENARIOS = (
    *translations(),
    *redirects(),
    *synproxies(),
    Scenario("smarthost-own-name", 132, "smtp", "TR",
             "the provider sends 587 to its own server, which is who it says it is",
             intercepted("isp", 3, 3, mechanisms=("redirect",)),
             {"isp2": [r.nat("prerouting", f"{FROM_INSIDE} dnat ip to 198.18.60.25"),
                       r.nat("prerouting", f"{FROM_INSIDE} dnat ip6 to 2001:db8:1f::19")]}),
    Scenario("smarthost-gw", 132, "smtp", "TR", "the gateway sends 587 to the provider's server",
             intercepted("local-network", 1, 1, mechanisms=("redirect",)),
             {"gw": [r.nat("prerouting", f"{FROM_INSIDE} dnat ip to 198.18.60.25"),
                     r.nat("prerouting", f"{FROM_INSIDE} dnat ip6 to 2001:db8:1f::19")]},
             options=DARK, variants="4n 4"),
    Scenario("edge-dnat", 99, "open", "T8", "a server's own edge moves 587 to another port",
             open_port(), {"dst1": [r.iptables("-t nat -A PREROUTING -i in0 -p tcp --dport 587 "
                                               "-j DNAT --to-destination :2525"),
                                    r.ip6tables("-t nat -A PREROUTING -i in0 -p tcp --dport 587 "
                                                "-j DNAT --to-destination :2525")]},
             hosts=ALPHA),
    Scenario("edge-dnat-closed", 99, "server", "T8", "an edge moves 587 to a closed port",
             Expect("closed", "remote", also=(("blocked", "remote"),)),
             {"dst1": [r.iptables("-t nat -A PREROUTING -i in0 -p tcp --dport 587 "
                                  "-j DNAT --to-destination :586"),
                       r.ip6tables("-t nat -A PREROUTING -i in0 -p tcp --dport 587 "
                                   "-j DNAT --to-destination :586")]}, hosts=ALPHA),
    Scenario("edge-proxy-live", 99, "open", "T8", "a server's edge has a proxy two hops before it",
             open_port(), {"dst3": [*tproxy(5871), RETURN]}, hosts=("mx.gamma.example",),
             boxes=(("dst3", Proxy(5871, "pass")),), variants="4n 6n"),
)
