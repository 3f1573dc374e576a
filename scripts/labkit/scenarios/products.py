# SPDX-License-Identifier: BSD-2-Clause
"""What real products do, as people meet it: proxies that accept in everybody's name, tunnels,
redirects of a whole host, hosts that allow one port alone, limits that a measurement trips."""

import subprocess

from labkit import rules as r
from labkit.mail_boxes import Proxy
from labkit.scenario import Expect, Scenario, blocked, no_verdict, open_port
from labkit.queues import Queue
from labkit.scenarios.limits import banned
from labkit.scenarios.proxies import intercepted, synproxy, tproxy
from labkit.scenarios.smtp import RETURN

SUBMIT = "tcp dport 587"
RESET = "reject with tcp reset"
EVERYTHING = "iifname \"in0\" meta l4proto tcp"
FAR_END = ("local-network", "isp")
ALPHA = ("mx.alpha.example",)

# As routers' address lists do: who begins more than five connections to mail ports in a second is
# not let through to any of them for a minute.
BAN_HOSTS = r.Rule("nft", """table inet lab%d {
  set counted {
    type ipv4_addr
    flags dynamic,timeout
    timeout 60s
  }
  set banned {
    type ipv4_addr
    flags dynamic,timeout
    timeout 60s
  }
  chain c {
    type filter hook forward priority filter + 10;
    iifname "in0" tcp dport { 25, 465, 587, 993, 995, 2525 } ip saddr @banned drop
    iifname "in0" tcp flags & (syn | ack) == syn tcp dport { 25, 465, 587, 993, 995, 2525 } \
      add @counted { ip saddr limit rate over 5/second burst 5 packets } \
      add @banned { ip saddr } drop
  }
}
""")
HASHLIMIT = r.iptables("-A FORWARD -i in0 -p tcp --syn -m multiport --dports "
                       "25,465,587,993,995,2525 -m hashlimit --hashlimit-above 5/sec "
                       "--hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name mail -j DROP")


def limited(world):
    """Whether the limit dropped a SYN."""
    world.net.enter("isp2")
    text = subprocess.run(["iptables", "-nvxL", "FORWARD"], capture_output=True,
                          check=True).stdout.decode()
    world.net.leave()
    row = next(line.split() for line in text.splitlines() if "limit:" in line)
    return None if row[0] == "0" else "the measurement ran into the limit"


def product(name, topo, text, expect, rules=None, variants="4n 4", **more):
    return Scenario(name, 140, "products", topo, text, expect, rules or {}, variants, **more)


def hidden():
    """What is behind somebody who accepts every port cannot be seen."""
    return no_verdict(also=(("blocked", "unknown"), ("intercepted", "unknown")))


def proxies():
    drop = r.forward(f"{SUBMIT} drop")
    for place, behind in (("gw", "isp2"), ("isp2", "tr1"), ("tr1", "dst1")):
        more = {"hosts": ALPHA} if behind == "dst1" else {}
        yield product(f"{place}-accepts-all", "T8p",
                      f"{place} accepts every port, {behind} drops 587 behind it", hidden(),
                      {place: [*tproxy(5871, EVERYTHING), RETURN], behind: [drop]},
                      boxes=((place, Proxy(5871, "pass")),), **more)
        yield product(f"{place}-accepts-all-live", "T8p",
                      f"{place} accepts every port, and all is well behind it",
                      open_port(also=(("intercepted", "unknown"),)),
                      {place: [*tproxy(5871, EVERYTHING), RETURN]},
                      boxes=((place, Proxy(5871, "pass")),))
        yield product(f"{place}-synproxy-all-drop", "T8p",
                      f"{place} has a SYN proxy for every port, {behind} drops 587 behind it",
                      hidden(), {place: [*synproxy("meta l4proto tcp")], behind: [drop]}, **more)


def tunnels():
    for word, what in (("reset", RESET), ("reject", "reject with icmpx admin-prohibited"),
                       ("drop", "drop")):
        yield product(f"vpn-far-{word}", "TV", f"the far end of a tunnel: {what}",
                      blocked("isp", 1, 1, suspects=FAR_END, bare=(*FAR_END, "transit")),
                      {"vpn": [r.forward(f"{SUBMIT} {what}")]},
                      variants="4")
    yield product("vpn-exit-reset", "TV", "the router behind the far end of a tunnel resets",
                  blocked("isp", 2, 2, mechanisms=("tcp-reset",)),
                  {"exit": [r.forward(f"{SUBMIT} {RESET}")]})


def redirected(name, text, rule, **more):
    return product(name, "T1", text, intercepted("local-host", 0, 0, mechanisms=("redirect",)),
                   {"cli": [rule]}, **more)


def hosts():
    everything = "oifname \"eth0\" meta l4proto tcp"
    yield redirected("sidecar-all", "a sidecar takes every connection of this host",
                     r.nat("output", f"{everything} redirect to :15001"),
                     listen={"cli": (15001,)})
    yield redirected("sidecar-all-dead", "everything is redirected to a port where nobody listens",
                     r.nat("output", f"{everything} redirect to :15001"))
    yield redirected("sidecar-iptables", "a proxy's own rule: everything to its port",
                     r.iptables("-t nat -A OUTPUT -p tcp -o eth0 -j REDIRECT --to-ports 12345"),
                     listen={"cli": (12345,)})
    allow = "tcp dport { 443, 993, 995, 80, 2525, 465, 25 }"
    for place, culprit, hop, beside in (("isp", "isp", 2, ("isp", "transit")),
                                        ("gw", "local-network", 1, ("local-network", "isp"))):
        for word, what in (("drop", "drop"), ("reset", RESET)):
            yield product(f"only-587-{place}-{word}", "T1",
                          f"this host allows port 587 alone, and {place}: {what}",
                          blocked(culprit, hop, hop, suspects=beside if word == "drop" else ()),
                          {"cli": [r.output(f"{allow} drop")],
                           place: [r.forward(f"{SUBMIT} {what}")]})
    xfrm = "xfrm policy add dir out src 0.0.0.0/0 dst 0.0.0.0/0 proto tcp dport 587 action block"
    yield product("ipsec-block", "T1", "an IPsec policy of this host blocks the port",
                  blocked("local-host", 0, 0), {"cli": [r.ip(xfrm)]})
    yield product("owner-root", "T1", "a rule lets root alone through, and root asks",
                  open_port(), {"cli": [r.output(f"meta skuid != 0 {SUBMIT} reject")]})
    yield product("only-587-open", "T1", "this host allows port 587 alone, and it is open",
                  open_port(), {"cli": [r.output(f"{allow} drop")]})
    yield product("ufw-limit", "T1", "the host's firewall limits 587: six connections in 30 s",
                  Expect("degraded", "local-host", mechanisms=("rate-limit",),
                         also=(("open", "none"),)),
                  {"cli": [r.iptables("-A OUTPUT -p tcp --dport 587 -m conntrack --ctstate NEW "
                                      "-m recent --set"),
                           r.iptables("-A OUTPUT -p tcp --dport 587 -m conntrack --ctstate NEW "
                                      "-m recent --update --seconds 30 --hitcount 6 -j REJECT")]})


def ends():
    yield product("host-dead", "T1", "the server asked for is dead, two references live",
                  no_verdict(also=(("blocked", "unknown"),)),
                  {"tra": [r.prerouting("ip daddr 203.0.113.25 drop")]}, hosts=ALPHA,
                  server_list="mx.beta.example\t587\t993,443,465\tBeta Post\t64511\n"
                              "mx.gamma.example\t587\t993,443,465\tGamma Poczta\t65536\n")
    yield product("host-all-reset", "T1", "every port of the server asked for is reset at its edge",
                  no_verdict(also=(("blocked", "unknown"), ("closed", "remote"),
                                   ("blocked", "remote"))),
                  {"tra": [r.chain("forward", "ip daddr 203.0.113.25 meta l4proto tcp reject with "
                                              "tcp reset")]}, hosts=ALPHA,
                  server_list="mx.beta.example\t587\t993,443,465\tBeta Post\t64511\n"
                              "mx.gamma.example\t587\t993,443,465\tGamma Poczta\t65536\n")
    yield product("host-all-rejected", "T1", "every port of the server asked for is rejected",
                  no_verdict(also=(("blocked", "unknown"), ("blocked", "transit"))),
                  {"tra": [r.chain("forward", "ip daddr 203.0.113.25 meta l4proto tcp reject with "
                                              "icmp host-prohibited")]}, hosts=ALPHA,
                  server_list="mx.beta.example\t587\t993,443,465\tBeta Post\t64511\n"
                              "mx.gamma.example\t587\t993,443,465\tGamma Poczta\t65536\n")


def inspectors():
    """What inspects TLS and refuses some connections, as under load."""
    for place, culprit, hop in (("isp2", "isp", 3), ("isp3", "isp", 4)):
        for word, what in (("reset", RESET), ("drop", "drop")):
            yield product(f"{place}-inspects-{word}", "T8",
                          f"{place} ends TLS itself; a third of the connections: {what}",
                          intercepted(culprit, hop, hop, mechanisms=("tls-intercepted",)),
                          {place: [*tproxy(5871), RETURN, r.inbound(
                              f"{SUBMIT} tcp flags & (syn | ack) == syn "
                              f"numgen random mod 100 < 33 {what}")]},
                          boxes=((place, Proxy(5871, "inspect")),))


def words():
    for word, refuse in (("421", "421 4.3.2 Service not available, try again later"),
                         ("450", "450 4.7.1 Client host rejected: try again in 5 minutes"),
                         ("554", "554 5.7.1 Your address is listed")):
        expect = Expect("degraded", "remote", also=(("unknown", "unknown"),)) if word != "554" \
            else Expect("closed", "remote")
        yield product(f"mail-says-{word}", "T1", f"the server greets with {word}", expect,
                      mail={"alpha": {"refuse": refuse}}, hosts=ALPHA, options=("--only",))
    yield product("mail-late", "T1", "the server greets after 20 seconds",
                  no_verdict(), mail={"alpha": {"delay": 20}}, hosts=ALPHA,
                  options=("--only",))


def queue_rule(more="", options="", chain="OUTPUT", table="mangle"):
    return r.iptables(f"-t {table} -A {chain} {more}-m conntrack --ctstate NEW "
                      f"-j NFQUEUE --queue-num 0{options}")


def queues():
    """Programs of this host that decide over its packets."""
    here = blocked("local-host", 0, 0)
    mail = "-p tcp --dport 587 "
    for word, deny, text in (("programs", "programs", "denies what programs connect"),
                             ("all", "all", "denies every packet")):
        yield product(f"queue-{word}", "T1", f"a program that decides over a queue {text}", here,
                      {"cli": [queue_rule(mail, " --queue-bypass")]}, boxes=(("cli", Queue(deny)),))
    yield product("queue-nobody", "T1", "packets to a queue that no program listens on", here,
                  {"cli": [queue_rule(mail)]})
    yield product("queue-every-port", "T1", "a program denies what programs connect, whatever the "
                  "port", here, {"cli": [queue_rule(options=" --queue-bypass")]},
                  boxes=(("cli", Queue("programs")),))
    yield product("queue-answers", "T1", "a program denies what mail servers answer", here,
                  {"cli": [r.iptables("-A INPUT -p tcp -m multiport --sports 25,587 -j NFQUEUE "
                                      "--queue-num 3")]}, boxes=(("cli", Queue("all", 3)),))
    yield product("queue-passes", "T1", "a program decides over a queue and lets all pass",
                  open_port(), {"cli": [queue_rule()]}, boxes=(("cli", Queue("none")),))
    yield product("queue-passes-isp", "T1", "a program lets all pass, and the provider drops",
                  blocked("isp", 2, 2, suspects=("isp", "transit")),
                  {"cli": [queue_rule()], "isp": [r.forward(f"{SUBMIT} drop")]},
                  boxes=(("cli", Queue("none")),))


def counters():
    """Who counts new connections to mail ports, where nothing is wrong."""
    for name, text, rule, after in (
            ("ban-list-five", "isp2 shuts out whoever begins six mail connections a second",
             BAN_HOSTS, banned),
            ("hashlimit-five", "isp2 passes five new mail connections a second", HASHLIMIT,
             limited)):
        yield product(f"{name}-gentle", "T8", f"{text}; asked slowly", open_port(),
                      {"isp2": [rule]}, options=("--gentle",), after=after)


SCENARIOS = (*counters(), *proxies(), *tunnels(), *hosts(), *ends(), *inspectors(), *words(),
             *queues())
