# SPDX-License-Identifier: BSD-2-Clause
"""Other ways back, more branches, members without a router of their own, hidden stretches."""

from labkit import rules as r
from labkit.rules import Rule, no_expiry
from labkit.scenario import Expect, Scenario, blocked, open_port
from labkit.scenarios.multipath import BACK, with_rules

SUBMIT, ANSWER = "tcp dport 587", "tcp sport 587"
DROP = r.forward(f"{SUBMIT} drop")
RESET = r.forward(f"{SUBMIT} reject with tcp reset")
ADMIN = r.forward(f"{SUBMIT} reject with icmpx admin-prohibited")
RETURN = ("remote", "transit", "isp", "local-network")
PREFIXES = ("203.0.113.0/24", "198.18.20.0/24", "198.18.30.0/24")
ALPHA = ("mx.alpha.example",)
ONE = (("open", "none"),)  # few flows may all miss one branch of many
OWN_BACK = "192.168.1.0/24"


def partly(*place, **more):
    return Expect("degraded", "isp", place=place, **more)


def back(*place, culprit="isp", **more):
    return blocked(culprit, *place, suspects=RETURN, mechanisms=("return-drop",), **more)


def multipath(prefix, hops):
    return r.ip(f"route replace {prefix} " + " ".join(
        f"nexthop via {via} dev {device} onlink" for via, device in hops))


def fan(more, silent=()):
    """isp1 balances over isp2 and three others; each joins isp3 by a link of its own."""
    others = (("isp2b", 12, 61), ("isp2c", 13, 63), ("isp2d", 14, 65))
    hops = [("198.51.100.2", "to-isp2")] + [
        (f"198.51.100.{part}", f"to-{name}") for name, part, _ in others]
    rules = {"isp1": [r.sysctl("ipv4/fib_multipath_hash_policy", 1)] + [
        multipath(prefix, hops) for prefix in PREFIXES], "isp3": []}
    for name, part, end in others:
        rules["isp3"].append(r.ip(f"addr add 198.51.100.{end + 1} peer 198.51.100.{end} "
                                  f"dev from-{part}"))
        rules[name] = [r.ip(f"addr add 198.51.100.{end} peer 198.51.100.{end + 1} dev to-isp3"),
                       *(r.ip(f"route add {prefix} via 198.51.100.{end + 1} dev to-isp3 onlink")
                         for prefix in PREFIXES)]
    return with_rules(with_rules(rules, more), {name: [no_expiry()] for name in silent})


FAN_LINKS = tuple((name, "to-isp3", "isp3", f"from-{part}")
                  for name, part in (("isp2b", 12), ("isp2c", 13), ("isp2d", 14)))


def fanned(name, text, expect, more, silent=()):
    return Scenario(name, 0, "paths", "TE4", text, expect, fan(more, silent), "4n 4",
                    more_links=FAN_LINKS)


# The gateway balances over isp1 and isp1b, tr1 over tr2 and tr2b.
NEAR_FAN = {
    "gw": [r.sysctl("ipv4/fib_multipath_hash_policy", 1), multipath("default", (
        ("198.51.100.1", "to-isp1"), ("198.51.100.12", "to-isp1b")))],
    "isp1b": [r.ip("addr add 198.51.100.61 peer 198.51.100.62 dev to-isp2"),
              *(r.ip(f"route add {prefix} via 198.51.100.62 dev to-isp2 onlink")
                for prefix in PREFIXES)],
    "isp2": [r.ip("addr add 198.51.100.62 peer 198.51.100.61 dev branch")]}
FAR_FAN = {
    "tr1": [r.sysctl("ipv4/fib_multipath_hash_policy", 1)] + [multipath(prefix, (
        ("192.0.2.2", "to-tr2"), ("192.0.2.12", "to-tr2b"))) for prefix in PREFIXES[::2]],
    "tr2b": [r.ip("addr add 192.0.2.61 peer 192.0.2.62 dev to-dst1"),
             r.ip("addr add 192.0.2.63 peer 192.0.2.64 dev to-dst3"),
             r.ip("route add 203.0.113.0/24 via 192.0.2.62 dev to-dst1 onlink"),
             r.ip("route add 198.18.30.0/24 via 192.0.2.64 dev to-dst3 onlink")],
    "dst1": [r.ip("addr add 192.0.2.62 peer 192.0.2.61 dev branch")],
    "dst3": [r.ip("addr add 192.0.2.64 peer 192.0.2.63 dev branch")]}
NEAR_LINKS = (("isp1b", "to-isp2", "isp2", "branch"),)
FAR_LINKS = (("tr2b", "to-dst1", "dst1", "branch"), ("tr2b", "to-dst3", "dst3", "branch"))


def spray(part, of):
    """Each packet by chance to isp2b: nothing of it shows which."""
    return Rule("nft", f"""table ip lab%d {{
  chain c {{
    type filter hook prerouting priority mangle;
    iifname "in0" numgen random mod {of} < {part} meta mark set 7
  }}
}}
""")


def sprayed(name, text, expect, more, part=1, of=2):
    rules = with_rules({
        "isp1": [spray(part, of), r.ip("rule add fwmark 7 lookup 100"),
                 r.ip("route add default via 198.51.100.12 dev to-isp2b onlink table 100")],
        "isp3": [r.ip("addr add 198.51.100.62 peer 198.51.100.61 dev branch")],
        "isp2b": [r.ip("addr add 198.51.100.61 peer 198.51.100.62 dev to-isp3"),
                  r.ip("route add default via 198.51.100.62 dev to-isp3 onlink")]}, more)
    return Scenario(name, 0, "paths", "TE", text, expect, rules, "4n 4",
                    more_links=(("isp2b", "to-isp3", "isp3", "branch"),))


def member(share, of=2):
    """Of the links that look like one, a member drops the port."""
    return r.forward(f"{SUBMIT} jhash ip saddr . tcp sport . ip daddr mod {of} < {share} drop")


DETOUR = (("isp3", "back", "x1", "to-isp3"),)
BY_CHANCE = Expect("degraded", "isp", named=False, suspects=frozenset(RETURN))
SCENARIOS = (
    Scenario("back-isp3", 0, "return", "T8", "isp3 drops what comes back from 587", back(4, 4),
             {"isp3": [r.forward(f"{ANSWER} drop")]}),
    Scenario("back-gw", 0, "return", "T8", "the gateway drops what comes back from 587",
             back(1, 1, culprit="local-network"),
             {"gw": [r.forward(f"iifname \"to-*\" {ANSWER} drop")]}),
    Scenario("back-gw-input", 0, "return", "T8p", "the gateway's input drops what comes back",
             back(1, 1, culprit="local-network"),
             {"gw": [r.prerouting(f"iifname \"to-*\" {ANSWER} drop")]}),
    Scenario("back-transit", 0, "return", "T8", "the transit drops what comes back from 587",
             back(5, 5, culprit="transit"), {"tr1": [r.forward(f"{ANSWER} drop")]}),
    Scenario("back-transit-one", 0, "return", "TM",
             "one transit drops what comes back from 587, the others pass it",
             blocked("transit", suspects=RETURN, also=(("blocked", "remote"),)),
             {"tr1": [r.forward(f"{ANSWER} drop")]}, hosts=ALPHA),
    Scenario("back-detour-drop", 0, "return", "TA", "the longer way back drops 587's answers",
             back(), with_rules(BACK, {"x2": [r.forward(f"{ANSWER} drop")]}), "4n 4",
             more_links=DETOUR),
    Scenario("back-branch-drop", 0, "return", "TA",
             "one of two balanced ways back drops 587's answers", BY_CHANCE,
             {"isp3": [BACK["isp3"][0], r.sysctl("ipv4/fib_multipath_hash_policy", 1), multipath(
                 OWN_BACK, (("198.51.100.72", "back"), ("198.51.100.200", "in0")))],
              "x1": BACK["x1"], "x2": [r.forward(f"{ANSWER} drop")]}, "4n 4", more_links=DETOUR),
    fanned("fan-open", "four balanced branches, nobody blocks", open_port(), {}),
    fanned("fan-drop", "one of four balanced branches drops", partly(3, 3, also=ONE),
           {"isp2c": [DROP]}),
    fanned("fan-reset", "one of four balanced branches resets", partly(3, 3, also=ONE),
           {"isp2c": [RESET]}),
    fanned("fan-icmp", "one of four balanced branches rejects by ICMP", partly(3, 3, also=ONE),
           {"isp2c": [ADMIN]}),
    fanned("fan-three-drop", "three of four balanced branches drop", partly(3, 3, also=(
        ("blocked", "isp"), ("blocked", "unknown"))),
           {"isp2": [DROP], "isp2b": [DROP], "isp2c": [DROP]}),
    fanned("fan-silent-drop", "four branches whose routers send no expiry, one drops",
           partly(3, 3, also=ONE), {"isp2c": [DROP]}, ("isp2", "isp2b", "isp2c", "isp2d")),
    Scenario("near-branch-open", 0, "paths", "TEn", "two balanced branches behind the gateway",
             open_port(), NEAR_FAN, "4n 4", more_links=NEAR_LINKS),
    Scenario("near-branch-drop", 0, "paths", "TEn", "one of two branches at the gateway drops",
             partly(2, 2), with_rules(NEAR_FAN, {"isp1b": [DROP]}), "4n 4",
             more_links=NEAR_LINKS),
    Scenario("near-branch-input", 0, "paths", "TEn",
             "one of two branches at the gateway drops on its input",
             Expect("degraded", "isp", named=False, place=(2, 2),
                    suspects=frozenset(("local-network", "isp"))),
             with_rules(NEAR_FAN, {"isp1b": [r.prerouting(f"iifname \"in0\" {SUBMIT} drop")]}),
             "4n 4", more_links=NEAR_LINKS),
    Scenario("near-branch-reset", 0, "paths", "TEn", "one of two branches at the gateway resets",
             partly(2, 2), with_rules(NEAR_FAN, {"isp1b": [RESET]}), "4n 4",
             more_links=NEAR_LINKS),
    Scenario("far-branch-drop", 0, "paths", "TEt", "one of two branches in the transit drops",
             Expect("degraded", "transit", named=False, place=(6, 6),
                    suspects=frozenset(("transit", "remote")), also=ONE),
             with_rules(FAR_FAN, {"tr2b": [DROP]}), "4n 4", ALPHA, more_links=FAR_LINKS),
    Scenario("far-branch-reset", 0, "paths", "TEt", "one of two branches in the transit resets",
             Expect("degraded", "transit", place=(6, 6), also=ONE),
             with_rules(FAR_FAN, {"tr2b": [RESET]}), "4n 4", ALPHA, more_links=FAR_LINKS),
    sprayed("spray-open", "each packet takes one of two ways by chance", open_port(), {}),
    sprayed("spray-drop", "each packet takes one of two ways by chance, one drops", BY_CHANCE,
            {"isp2b": [DROP]}),
    sprayed("spray-reset", "each packet takes one of two ways by chance, one resets",
            partly(3, 3), {"isp2b": [RESET]}),
    Scenario("member-drop", 0, "paths", "T8", "one of two links that look like one drops",
             partly(3, 3), {"isp2": [member(1)]}, "4n 4"),
    Scenario("member-third-drop", 0, "paths", "T8", "one of three links that look like one drops",
             partly(3, 3, also=ONE), {"isp2": [member(1, 3)]}, "4n 4"),
    Scenario("member-gw-drop", 0, "paths", "T8p", "half of the gateway's flows to 587 are dropped",
             Expect("degraded", "local-network", named=False, place=(1, 1),
                    suspects=frozenset(("local-network", "isp"))), {"gw": [member(1)]}, "4n 4"),
)
