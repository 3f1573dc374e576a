# SPDX-License-Identifier: BSD-2-Clause
"""Somebody on the way who plays the part of others further out: by TTL, by source, by copying.

Nobody can tell such a box from the one that it imitates as long as all it does fits; each of these
gives itself away by something that does not. Who is there must stay among the suspects.
"""

from labkit import packet, rules as r
from labkit.answer_boxes import Placed, icmp_error, with_ttl
from labkit.scenario import Expect, Scenario

SUBMIT = "tcp dport 587"
DROP = r.forward(f"{SUBMIT} drop")
# Who owns the way to the transit's first router, to the provider's, and all of it.
BORDER = ("local-network", "isp", "transit")
NEAR = BORDER[:2]
ANYBODY = (*BORDER, "remote")
FAR = {"isp3": 12, "tr1": 12}  # milliseconds one way
# The routers of the long topology by hop, as they sign in either family.
ROUTERS = {4: ("192.168.1.1", "198.51.100.1", "198.51.100.2", "198.51.100.3", "192.0.2.1",
               "192.0.2.2"),
           6: ("2001:db8:1000::1", "2001:db8:1001::1", "2001:db8:1001::2", "2001:db8:1001::3",
               "2001:db8:1002::1", "2001:db8:1002::2")}


class Player(Placed):
    """Answers SYNs of small TTL as the routers behind it would, up to a hop, and no others.

    first: the hop where the box is. last: the last that it plays. source: who signs: by hop, or
    one address by family. quoted: the TTL that is quoted. own_ttl: whether answers start as if
    they were its own, instead of having come from where they seem to.
    """

    def __init__(self, first, last, source=None, quoted=1, own_ttl=False, **more):
        super().__init__(**more)
        self.first, self.last = first, last
        self.source = source
        self.quoted = quoted
        self.own_ttl = own_ttl

    def hears(self, segment):
        hop = self.first + segment.ttl - 1
        if not self.first < hop <= self.last:
            return
        family = 6 if segment.six else 4
        source = self.source[family] if self.source else ROUTERS[family][hop - 1]
        ttl = 64 if self.own_ttl else 64 - (hop - self.first)
        yield 0, icmp_error(with_ttl(segment.raw, self.quoted), packet.address(source),
                            segment.source, *((3, 0) if segment.six else (11, 0)), ttl=ttl)


class Refuser(Placed):
    """Resets SYNs from a TTL on, from as far away as that seems; smaller ones pass."""

    races = True

    def __init__(self, least, away, **more):
        super().__init__(**more)
        self.least, self.away = least, away

    def hears(self, segment):
        if segment.ttl >= self.least:
            yield 0, packet.answer(segment, ttl=64 - self.away)


def forged(culprit, seems, state, also):
    """Blocked by the culprit, whom the evidence does not name: he must be among the suspects,
    with everybody up to where he seems to be."""
    return Expect(state, culprit, named=False, suspects=frozenset(seems),
                  also=(("unknown", "unknown"), ("degraded", "unknown"), ("blocked", culprit),
                        *also))


def at(name, place, culprit, text, *, box=None, rules=None, topo="T8p", seems=BORDER,
       state="blocked", also=(), **more):
    more.setdefault("variants", "4n")
    boxes = ((place, box),) if box else ()
    return Scenario(name, 0, "forgers", topo, text, forged(culprit, seems, state, also),
                    {place: [DROP] if rules is None else rules}, boxes=boxes, **more)


def below(ttl, verdict):
    """A rule on SYNs whose TTL, as the router has decremented it, is at least so much."""
    return r.forward(f"{SUBMIT} ip ttl >= {ttl} {verdict}")


LOOP = {4: "127.0.0.1", 6: "::1"}
NOBODY = {4: "240.1.2.3", 6: "ff02::1"}
SCENARIOS = (
    at("play-routers-gw", "gw", "local-network", "the gateway plays the routers up to hop 4",
       box=Player(1, 4, own_ttl=True), variants="4n 4"),
    at("play-routers-isp1", "isp1", "isp", "isp1 plays the routers up to hop 5",
       box=Player(2, 5, own_ttl=True)),
    at("play-late-gw", "gw", "local-network",
       "the gateway plays far routers, with the right TTLs, too soon", box=Player(1, 5),
       delays=FAR),
    at("play-one-router", "gw", "local-network", "one address for hops 2 to 6",
       box=Player(1, 6, source={4: "198.51.100.3", 6: "2001:db8:1001::3"}),
       seems=ANYBODY),
    at("play-loopback", "gw", "local-network", "expiries signed by 127.0.0.1",
       box=Player(1, 4, source=LOOP), seems=NEAR),
    at("play-nobody", "isp1", "isp", "expiries signed by an address that nobody has",
       box=Player(2, 4, source=NOBODY), seems=ANYBODY),
    at("play-quoted", "gw", "local-network", "played expiries quote what SYNs set out with",
       box=Player(1, 4, quoted=9)),
    at("play-and-pass", "gw", "local-network", "the gateway answers in the next hops' stead, and "
       "the SYNs expire there, too", box=Player(1, 4, source={4: "203.0.113.77", 6: "2001:db8::77"}),
       rules=[below(4, "drop")], seems=ANYBODY),  # signed in a server's network
    # What this host sends by itself passes: where no SYN set out with more, it is open.
    at("ttl-drop-large", "gw", "local-network", "the gateway drops what set out with 65 or more",
       rules=[below(64, "drop")], seems=ANYBODY, state="degraded", also=(("open", "none"),)),
    at("ttl-drop-64", "isp1", "isp", "isp1 drops all but small TTLs", rules=[below(30, "drop")],
       seems=ANYBODY, state="degraded", also=(("blocked", "unknown"),)),
    at("ttl-reset-large", "gw", "local-network", "the gateway resets what set out with 41 or more",
       rules=[below(40, "reject with tcp reset")], state="degraded",
       also=(("blocked", "unknown"),)),
    at("ttl-drop-parted", "gw", "local-network",
       "the gateway drops from TTL 6 on, where ways have parted", rules=[below(5, "drop")],
       topo="TD"),
    at("ttl-reset-early", "gw", "local-network",
       "the gateway resets from TTL 6 on, as from hop 6, too soon", rules=[below(5, "drop")],
       box=Refuser(6, 5), delays=FAR, seems=NEAR),
    at("ttl-reset-early-isp1", "isp1", "isp",
       "isp1 resets from TTL 6 on, as from hop 6, too soon", rules=[below(4, "drop")],
       box=Refuser(5, 4), delays={"tr1": 12}, seems=NEAR),
    at("ttl-reset-early-far", "isp1", "isp", "the same, and a long way before the box",
       rules=[below(4, "drop")], box=Refuser(5, 4), delays={"isp1": 25, "tr1": 12}, seems=NEAR),
)
