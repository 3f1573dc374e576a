# SPDX-License-Identifier: BSD-2-Clause
"""Rejections that are not what they look like, and stray answers beside genuine ones."""

from labkit import rules as r
from labkit.answer_boxes import Injector, Rejecter
from labkit.boxes import Noise, Shuffle, duplicate
from labkit.scenario import Expect, Scenario, blocked, no_verdict, open_port

SUBMIT = "tcp dport 587"
DROP = r.forward(f"{SUBMIT} drop")
DROP_IN = r.prerouting(f"iifname \"in0\" {SUBMIT} drop")
ICMP = r.forward(f"{SUBMIT} reject with icmpx admin-prohibited")
RESET = r.forward(f"{SUBMIT} reject with tcp reset")
ALPHA = ("mx.alpha.example",)
EITHER = ("local-network", "isp")
BORDER = ("isp", "transit")
REJECT = ("icmp-reject",)
ADDRESS = {
    "gw": {4: "192.168.1.1", 6: "2001:db8:5fff:1::1"},
    "isp1": {4: "198.51.100.1", 6: "2001:db8:5000::1"},
    "isp2": {4: "198.51.100.2", 6: "2001:db8:5000::2"},
    "isp3": {4: "198.51.100.3", 6: "2001:db8:5000::3"},
    "tr1": {4: "192.0.2.1", 6: "2001:db8:6100::1"},
    "tr2": {4: "192.0.2.2", 6: "2001:db8:6100::2"},
    "dst1": {4: "203.0.113.1", 6: "2001:db8:a::1"},
    "stranger": {4: "198.18.40.1", 6: "2001:db8:d::1"},
    "private": {4: "10.99.0.1", 6: "fd00:99::1"},
    "server": "server",
}
PLACES = {"gw": (1, "local-network"), "isp1": (2, "isp"), "isp2": (3, "isp"),
          "isp3": (4, "isp"), "tr1": (5, "transit"), "dst1": (7, "remote")}
# Between the last hop that a SYN provably passed and the box's own, by place.
BEFORE = {"gw": (), "isp1": EITHER, "isp2": (), "isp3": (), "tr1": BORDER,
          "dst1": ("transit", "remote")}


def signed(place, name, *, suspects=None, text="", variants="4n 6n", also=(), **look):
    """A box in the path rejects on the router's input, signed with somebody's address."""
    hop, culprit = PLACES[place]
    suspects = BEFORE[place] if suspects is None else suspects
    return Scenario(f"{place}-signs-{name}", 57, "forged", "T8p",
                    text or f"{place} rejects, signed by {name}",
                    blocked(culprit, hop, hop, suspects=suspects, mechanisms=REJECT, also=also),
                    {place: [DROP_IN]}, variants, hosts=ALPHA if place == "dst1" else (),
                    boxes=((place, Rejecter(**look)),))


def names():
    """Each place with the address of the server, of strangers and of other routers."""
    for place in PLACES:
        for name in ("server", "stranger", "private"):
            yield signed(place, name, source=ADDRESS[name])
        yield signed(place, "itself", source=ADDRESS[place], suspects=())
    for place, name in (("isp2", "tr2"), ("gw", "isp1"), ("gw", "tr1"), ("isp3", "dst1")):
        yield signed(place, name, source=ADDRESS[name])
    # Over IPv4 a router drops what comes in with its own address.
    for place, name in (("isp2", "gw"), ("tr1", "gw"), ("dst1", "isp2")):
        yield signed(place, name, source=ADDRESS[name], variants="6n 6")
    # The neighbour's name: only the distance that the rejection travelled tells.
    yield signed("isp1", "gw", source=ADDRESS["gw"], variants="6n 6")
    yield signed("tr1", "isp3", source=ADDRESS["isp3"], variants="6n 6")


def looks():
    """Other looks of an honest rejection by isp2."""
    own = {"source": ADDRESS["isp2"]}
    yield signed("isp2", "cut", text="isp2 rejects and quotes eight bytes of TCP", cut=True, **own)
    yield signed("isp2", "extended", text="isp2 rejects, padding and a label stack follow",
                 look="extended", **own)
    yield signed("isp2", "cut-extended", text="isp2 rejects, eight bytes, padded, labels",
                 look="extended", cut=True, **own)
    for quoted in (1, 64, 255):
        yield signed("isp2", f"quoted{quoted}", text=f"isp2 rejects, the quote's TTL is {quoted}",
                     quoted_ttl=quoted, **own)
        yield signed("tr1", f"quoted{quoted}", text=f"tr1 rejects, the quote's TTL is {quoted}",
                     quoted_ttl=quoted, source=ADDRESS["tr1"], suspects=())
    yield signed("isp2", "slow", text="isp2 rejects once a second, drops the rest", every=1, **own)
    yield signed("isp2", "slow-server", text="isp2 rejects once a second in the server's name",
                 every=1, source="server")
    yield signed("tr1", "slow", text="tr1 rejects once a second, drops the rest", every=1,
                 source=ADDRESS["tr1"], suspects=())


UP_TO = {"gw": ((), EITHER), "isp2": (EITHER, (*EITHER, "transit")),
         "tr1": ((*EITHER, "transit"), ())}


def expires(place, name, source):
    """A filter that says "time exceeded" whatever TTL the SYN has.

    Where it signs for itself, anybody nearer may play its part.
    """
    hop, culprit = PLACES[place]
    suspects, bare = (UP_TO if name == "itself" else {}).get(place, (BEFORE[place], ()))
    code = {4: (11, 0), 6: (3, 0)}
    return [Scenario(f"{place}-expires-{name}", 0, "forged", "T8p",
                     f"{place} answers every SYN with time exceeded, signed by {name}",
                     blocked(culprit, hop, hop, suspects=suspects, bare=bare, also=(
                         ("blocked", culprit), ("intercepted", culprit))),
                     {place: [DROP_IN]}, f"{family}n {family}",
                     boxes=((place, Rejecter(source, code[family])),)) for family in (4, 6)]


def numbered(scenarios):
    """The two families of one name apart."""
    return [Scenario(**{**item.__dict__, "name": f"{item.name}-v{item.variants[0]}"})
            for item in scenarios]


STRAY = ("other", "synack", "icmp", "reset")


def stray(name, row, text, expect, rules, kinds=STRAY, **more):
    """Strangers' answers at the gateway beside whatever isp2 or a server does."""
    boxes = (("gw", Noise(kinds)), *more.pop("boxes", ()))
    return Scenario(f"stray-{name}", row, "noise", more.pop("topo", "T8"), text, expect, rules,
                    boxes=boxes, **more)


SCENARIOS = (
    *names(),
    *looks(),
    *numbered(expires("isp2", "itself", ADDRESS["isp2"])),
    *numbered(expires("isp2", "server", "server")),
    *numbered(expires("tr1", "itself", ADDRESS["tr1"])),
    *numbered(expires("gw", "itself", ADDRESS["gw"])),
    stray("reset", 135, "strays while isp2 resets", blocked("isp", 3, 3), {"isp2": [RESET]}),
    stray("icmp", 134, "strays while isp2 rejects", blocked("isp", 3, 3), {"isp2": [ICMP]}),
    stray("gw", 134, "strays while the gateway rejects", blocked("local-network", 1, 1),
          {"gw": [ICMP]}),
    stray("open", 133, "strays of every kind, nobody blocks", open_port(), {}),
    stray("closed", 133, "strays while a server refuses",
          Expect("closed", "remote", place=(8, 8), also=(("blocked", "remote"),)), {},
          hosts=ALPHA, closed={"alpha": (587,)}),
    stray("server-icmp", 133, "strays while a server rejects", blocked("remote", 8, 8),
          {"alpha": [r.inbound(f"{SUBMIT} reject")]}, hosts=ALPHA),
    stray("box", 135, "strays while a box beside isp2 resets",
          blocked("isp", 3, 3, also=(("degraded", "isp"), ("degraded", "unknown"))), {},
          topo="T8p", boxes=(("isp2", Injector()),), delays={"tr1": 5}),
    *(Scenario(f"{word}-{verb}", row, "noise", "T8", f"{text}, isp2 {verb}s",
               blocked("isp", 3, 3), {"isp2": [rule]}, links={"isp1": "tap"},
               wires={"isp1": {"change": change}})
      for word, row, text, change in (("twice", 136, "every packet twice", duplicate),
                                      ("shuffled", 137, "packets lose order", Shuffle(30)))
      for verb, rule in (("reset", RESET), ("reject", ICMP), ("drop", DROP))),
    Scenario("reject-both-alike", 49, "outage", "T8p", "isp2 rejects 587 and every control",
             no_verdict(), {"isp2": [r.forward("iifname \"in0\" meta l4proto tcp "
                                               "reject with icmpx host-unreachable")]}),
)
