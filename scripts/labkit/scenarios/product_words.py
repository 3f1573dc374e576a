# SPDX-License-Identifier: BSD-2-Clause
"""Situations out of reports of people whose mail did not go out: what they must be told, and what
not, beside the verdict."""

import json

from labkit import bpf, rules as r
from labkit.mail_boxes import Proxy
from labkit.scenario import Expect, blocked, no_verdict, open_port
from labkit.scenarios.products import ALPHA, EVERYTHING, RESET, SUBMIT, product
from labkit.scenarios.proxies import intercepted, synproxy, tproxy
from labkit.scenarios.smtp import RETURN

ROUTER_OR_PROVIDER = ("local-network", "isp")
WHOLE_WAY = ("local-network", "isp", "transit", "remote")
HERE = blocked("local-host", 0, 0)


def told(world):
    """Sentence, suspects, reasons and advice, a line each; the advice once more, by itself."""
    with open(f"{world.folder}/probe.out", encoding="utf-8") as file:
        verdict = json.load(file)["verdict"]
    lines = [verdict["sentence"], *(item["text"] for item in verdict["suspects"]),
             *(item["text"] for item in verdict["reasons"]), *verdict["next"]]
    return "\n".join(lines), verdict["next"]


def says(*words, never=(), first=""):
    """A check: all of these words are said and none of those; the first advice begins so."""
    def after(world):
        text, advice = told(world)
        lacks = [word for word in words if word not in text]
        wrong = [word for word in never if word in text]
        if first and not (advice and advice[0].startswith(first)):
            wrong.append(f"the first advice is '{advice[0] if advice else ''}'")
        faults = [f"not said: {lacks}"] * bool(lacks) + [f"wrongly said: {wrong}"] * bool(wrong)
        return "; ".join(faults) or None

    return after


def other_ports():
    """465 and its like, where they are no way out."""
    refuse = r.inbound(f"tcp dport {{ 25, 465, 2525 }} {RESET}")
    yield product("others-refuse", "T8", "isp2 drops 587; the servers refuse all other mail ports",
                  blocked("isp", 3, 3),
                  {"isp2": [r.forward(f"{SUBMIT} drop")],
                   **{name: [refuse] for name in ("alpha", "beta", "gamma")}},
                  after=says("are refused, which is another matter", never=("fail alike",
                                                                            "a policy on mail")))
    tls = r.nat("prerouting", "iifname \"in0\" tcp dport 465 redirect to :465")
    yield product("other-port-redirected", "T8", "isp2 drops 587 and takes 465 itself",
                  blocked("isp", 3, 3), {"isp2": [r.forward(f"{SUBMIT} drop"), tls]},
                  listen={"isp2": (465,)}, after=says(never=("try port 465",)))
    both = r.nat("prerouting", "iifname \"in0\" tcp dport { 465, 587 } redirect to :587")
    yield product("both-ports-redirected", "T8", "isp2 takes 465 and 587 itself",
                  intercepted("isp", 3, 3), {"isp2": [both]}, listen={"isp2": (587,)},
                  after=says(never=("465",)))
    yield product("other-family-alone", "T8", "isp2 drops 25, 465, 587 and 2525 over IPv4 alone",
                  blocked("isp", 3, 3),
                  {"isp2": [r.forward("meta nfproto ipv4 tcp dport { 25, 465, 587, 2525 } drop")]},
                  variants="46n", after=says(never=("For now try port 465",)))


def first_steps():
    """Whom to write to first, and where not to look."""
    yield product("write-first", "T8", "the gateway or the provider drops: both are suspects",
                  blocked("local-network", 1, 2, suspects=ROUTER_OR_PROVIDER),
                  {"gw": [r.forward(f"{SUBMIT} drop")]},
                  after=says("router's WAN port", "Ask your provider's support",
                             first="For now try port 465"))
    yield product("passed-the-router", "T1", "every server drops: SYNs pass the routers",
                  blocked("remote", suspects=WHOLE_WAY),
                  {name: [r.inbound(f"{SUBMIT} drop")] for name in ("alpha", "beta", "gamma")},
                  after=says("Capture on the server", "Ask your provider's support",
                             "what it does with answers", "its own firewall drops none",
                             never=("WAN port", "outgoing rules", "Look at the next machine"),
                             first="For now try port 465"))
    yield product("one-last-router", "T3", "the servers' own router drops",
                  blocked("isp", suspects=WHOLE_WAY), {"isp": [r.forward(f"{SUBMIT} drop")]},
                  after=says(never=("more than one cause", "WAN port")))
    yield product("three-closed", "T8", "three servers refuse, each by itself",
                  no_verdict(also=(("closed", "remote"),)),
                  {name: [r.inbound(f"{SUBMIT} {RESET}")] for name in ("alpha", "beta", "gamma")},
                  hosts=("mx.alpha.example", "mx.beta.example", "mx.gamma.example"),
                  after=says(never=("more than one cause",)))
    for word, what in (("rejects", "reject with icmpx admin-prohibited"), ("resets", RESET)):
        yield product(f"dark-router-{word}", "T8", f"the gateway {word} and sends no expiry",
                      blocked("local-network", 1, 1),
                      {"gw": [r.forward(f"{SUBMIT} {what}"), r.no_expiry()]},
                      after=says("hop 1", never=("does not answer",)))


def own_hosts():
    """What this host does itself."""
    yield product("own-rule-no-vpn", "T1", "a rule of this host's own", HERE,
                  {"cli": [r.output(f"{SUBMIT} drop")]}, after=says(never=("VPN", "webmail")))
    yield product("own-redirect-no-vpn", "T1", "this host's own rules take 465 and 587",
                  intercepted("local-host", 0, 0, mechanisms=("redirect",)),
                  {"cli": [r.nat("output", "tcp dport { 465, 587 } redirect to :2525")]},
                  listen={"cli": (2525,)}, after=says(never=("VPN", "try port")))
    yield product("denied-by-policy", "T1", "connect() is denied, and no rule does it", HERE,
                  prepare=bpf.deny, after=says("bpftool link detach", "setsebool", "cgroup.procs",
                                                 first="Look for a BPF program"))
    yield product("denied-by-unit", "T1", "a control group's filter drops the packets", HERE,
                  prepare=lambda world: bpf.deny(world, egress=True),
                  after=says("IPEgressFilterPath", "bpftool cgroup tree", "bpftool link detach",
                             "cgroup.procs", first="For now try port 465"))
    yield product("service-alone", "T1", "all is open, and one service still fails", open_port(),
                  after=says("RestrictAddressFamilies", "SELinux or AppArmor"))


def owners():
    """Rules that look at the user, where root asks: whom they refuse by name is asked as well."""
    def owner(word, text, rules, *told, expect=HERE):
        return product(f"owner-{word}", "T1", text, expect, {"cli": rules},
                       after=says(*told, never=("it may be confined",)))

    mail = "-A OUTPUT -p tcp --dport 587"
    yield owner("root-told", "a rule lets root alone through",
                [r.output(f"meta skuid != 0 {SUBMIT} reject")],
                "keeps some users from the port", "--as-user NAME", expect=open_port())
    yield owner("name", "a rule drops what one user sends",
                [r.output(f"meta skuid 65534 {SUBMIT} drop")], 'blocks connections of "nobody"')
    yield owner("number", "a rule resets what one user sends, who has no name",
                [r.output(f"meta skuid 4711 {SUBMIT} {RESET}")], "resets connections of user 4711")
    yield owner("range", "a rule rejects what a range of users sends",
                [r.output(f"meta skuid 4000-4999 {SUBMIT} reject")], "connections of user 4000")
    yield owner("group", "a rule rejects what users of a group send",
                [r.iptables(f"{mail} -m owner --gid-owner 65534 -j REJECT")],
                'while "root" gets through')
    yield owner("spares", "a rule lets root pass, the next one drops",
                [r.output(f"meta skuid 0 {SUBMIT} accept; {SUBMIT} drop")],
                "keeps some users from the port", expect=open_port())
    yield owner("policy", "a rule lets root pass, and the policy drops the rest",
                [r.iptables("-A OUTPUT -p tcp ! --dport 587 -j ACCEPT"),
                 r.iptables("-A OUTPUT -p icmp -j ACCEPT"),
                 r.iptables(f"{mail} -m owner --uid-owner 0 -j ACCEPT"),
                 r.iptables("-P OUTPUT DROP")],
                "keeps some users from the port", expect=open_port())
    yield owner("route", "a routing rule prohibits the port to one user",
                [r.ip("rule add uidrange 4711-4711 ipproto tcp dport 587 prohibit")], "4711")
    yield owner("group-of-none", "a rule names a group in which nobody is",
                [r.iptables(f"{mail} -m owner --gid-owner 4711 -j REJECT")],
                "keeps some users from the port", expect=open_port())
    yield owner("passes", "a rule names a user, who gets through",
                [r.output(f"meta skuid 4711 {SUBMIT} limit rate over 100/second drop")],
                "root and user 4711, who asked, get through", expect=open_port())


def families():
    """IPv6 that is dead, or blocked, where IPv4 is well."""
    yield product("dead-ipv6", "T8", "IPv6 is dead behind isp1, IPv4 is open", open_port(),
                  {"isp1": [r.forward("meta nfproto ipv6 drop")]}, variants="46n",
                  after=says("nothing answered over it", "precedence ::ffff:0:0/96 100"))
    yield product("blocked-ipv6", "T8", "isp2 drops 587 over IPv6 alone", blocked("isp", 3, 3),
                  {"isp2": [r.forward(f"meta nfproto ipv6 {SUBMIT} drop")]}, variants="46n",
                  after=says("over IPv6 filtered", "precedence ::ffff:0:0/96 100",
                             first="IPv4 is open, but"))


def lone_servers():
    """One server alone, behind somebody who accepts every port: nobody is accused."""
    for place, behind in (("gw", "isp2"), ("isp2", "tr1"), ("tr1", "dst1")):
        yield product(f"{place}-accepts-all-lone", "T8p",
                      f"{place} accepts every port, {behind} drops 587 behind it; one server",
                      no_verdict(also=(("degraded", "unknown"), ("blocked", "unknown"))),
                      {place: [*tproxy(5871, EVERYTHING), RETURN],
                       behind: [r.forward(f"{SUBMIT} drop")]},
                      boxes=((place, Proxy(5871, "pass")),), hosts=ALPHA, options=("--only",),
                      after=says(never=("try port 465",)))


def edges():
    """A protection before one server that accepts every port for it, and a drop behind it."""
    behind = {"alpha": [r.inbound(f"{SUBMIT} drop")]}
    waits = says("hears nothing from behind", "window of zero", never=("time ran out",),
                 first="Ask the server's operator whether a protection")
    for word, alone in (("", ()), ("-lone", ("--only",))):
        yield product(f"edge-synproxy-drop{word}", "T8p",
                      "the edge before one server has a SYN proxy for every port, behind it a drop",
                      no_verdict(), {"dst1": [*synproxy("meta l4proto tcp")], **behind},
                      hosts=ALPHA, options=alone, after=waits)
    yield product("edge-accepts-drop", "T8p", "the edge before one server accepts every port, "
                  "behind it a drop", Expect("degraded", "remote"),
                  {"dst1": [*tproxy(5871, EVERYTHING), RETURN], **behind}, hosts=ALPHA,
                  boxes=(("dst1", Proxy(5871, "pass")),))
    yield product("edge-synproxy-live", "T8p", "the edge before one server has a SYN proxy for "
                  "every port, and all is well behind it", open_port(),
                  {"dst1": [*synproxy("meta l4proto tcp")]}, hosts=ALPHA)


SCENARIOS = (*other_ports(), *first_steps(), *own_hosts(), *owners(), *families(), *lone_servers(),
             *edges())
