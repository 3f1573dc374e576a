# SPDX-License-Identifier: BSD-2-Clause
"""Lists that shut out whoever begins many connections: alone, and before something that blocks."""

from dataclasses import replace

from labkit import rules as r
from labkit.scenario import Expect, Scenario, no_verdict

SUBMIT = "tcp dport 587"
MAIL = "tcp dport { 25, 465, 587, 993, 995, 2525 }"
NEW = "tcp flags & (syn | ack) == syn"
ALPHA = ("mx.alpha.example",)
# What the evidence may show, at best, where the measurement is shut out before it has finished.
SHUT_OUT = no_verdict(also=(("degraded", "unknown"), ("blocked", "unknown"), ("open", "none"),
                            ("blocked", "transit"), ("closed", "remote")))


def shut_out(what, counted=MAIL, key="ip saddr", rate=5, device="in0"):
    """As routers' address lists do: who begins more than so many connections in a second stays
    out for a minute, of all that is told by `what`."""
    kind = {"ip saddr": "ipv4_addr", "ip saddr . ip daddr": "ipv4_addr . ipv4_addr"}[key]
    sets = "".join(f"  set {name} {{\n    type {kind}\n    flags dynamic,timeout\n"
                   f"    timeout 60s\n  }}\n" for name in ("counted", "banned"))
    return r.Rule("nft", f"""table inet lab%d {{
{sets}  chain c {{
    type filter hook forward priority filter + 10;
    iifname "{device}" {what} {key} @banned drop
    iifname "{device}" {NEW} {counted} \\
      add @counted {{ {key} limit rate over {rate}/second burst {rate} packets }} \\
      add @banned {{ {key} }} drop
  }}
}}
""")


def recent(hits, seconds, ports="25,465,587,993,995,2525"):
    """The list of an iptables firewall: more than so many in so long, and the next are dropped as
    long as they come."""
    new = f"-A FORWARD -i in0 -p tcp --syn -m multiport --dports {ports} -m recent --name mail"
    return [r.iptables(f"{new} --update --seconds {seconds} --hitcount {hits} -j DROP"),
            r.iptables(f"{new} --set")]


def hashlimit(rate, burst, mode="srcip"):
    return [r.iptables("-A FORWARD -i in0 -p tcp --syn -m multiport --dports "
                       f"25,465,587,993,995,2525 -m hashlimit --hashlimit-above {rate}/sec "
                       f"--hashlimit-burst {burst} --hashlimit-mode {mode} "
                       "--hashlimit-name mail -j DROP")]


LISTS = {
    "ban-mail": ("shuts a host out of mail ports", [shut_out(MAIL)]),
    "ban-host": ("shuts a host out of everything", [shut_out("meta l4proto tcp")]),
    "ban-port": ("shuts a host out of 587", [shut_out(SUBMIT)]),
    "ban-each": ("shuts a host out of the servers that it asks often",
                 [shut_out(MAIL, key="ip saddr . ip daddr", rate=3)]),
    "ban-late": ("shuts a host out after thirty connections",
                 [shut_out(MAIL, rate=30)]),
    "recent": ("drops after ten connections in a minute", recent(10, 60)),
    "hashlimit": ("passes five connections a second", hashlimit(5, 5)),
}
BEHIND = {
    "drop": ("tr1 drops 587", {"tr1": [r.forward(f"{SUBMIT} drop")]}, {}),
    "closed": ("587 is closed", {}, {"closed": {
        server: (587,) for server in ("alpha", "beta", "gamma")}}),
    "live": ("nothing is wrong", {}, {}),
}


def bans():
    for place in ("isp2", "tr1"):
        for word, (text, rules) in LISTS.items():
            for behind, (what, others, more) in BEHIND.items():
                if place == "tr1" and behind == "drop":
                    continue
                for slow in (False, True):
                    # Who asks slowly enough is never counted, and finds what others find.
                    spared = slow and behind == "live"
                    expect = Expect("open", also=SHUT_OUT.also) if spared else SHUT_OUT
                    if behind == "drop":  # found before, or by who is not counted
                        expect = replace(SHUT_OUT, place=(5, 5), either=(("blocked", "transit"),))
                    name = f"{place}-{word}-{behind}{'-gentle' if slow else ''}"
                    yield Scenario(name, 141, "bans", "T8", f"{place} {text}, and {what}",
                                   expect, {place: rules, **others}, "4n 4",
                                   options=("--gentle",) if slow else (), slow=slow, **more)


def limit(what, rate, key="ip saddr", burst=5):
    """What is too much is dropped and not remembered."""
    kind = {"ip saddr": "ipv4_addr", "ip saddr . ip daddr": "ipv4_addr . ipv4_addr"}[key]
    return r.Rule("nft", f"""table inet lab%d {{
  set counted {{
    type {kind}
    flags dynamic,timeout
    timeout 60s
  }}
  chain c {{
    type filter hook forward priority filter + 10;
    iifname "in0" {NEW} {what} \\
      add @counted {{ {key} limit rate over {rate}/second burst {burst} packets }} drop
  }}
}}
""")


ANYBODY = frozenset(("isp", "local-network", "transit", "remote"))
CANNOT_TELL = ("unknown", "unknown")
# Behind a limit: whoever is further out, or that it cannot be told.
FURTHER_OUT = Expect("blocked", "transit", place=(5, 6),
                     also=(CANNOT_TELL, ("blocked", "unknown")))
OWNERS = {"gw": "local-network", "isp2": "isp", "tr1": "transit"}


def limited(place):
    """A limit and nothing else; it lets out whoever begins few connections."""
    return Expect("degraded", OWNERS[place], named=False, suspects=ANYBODY,
                  mechanisms=("rate-limit",), also=(CANNOT_TELL, ("open", "none")))


OVER = {"port": SUBMIT, "mail": MAIL}
BEYOND = {
    "drop": ("tr1 drops 587", {"tr1": [r.forward(f"{SUBMIT} drop")]}, FURTHER_OUT),
    "reset": ("tr1 resets 587", {"tr1": [r.forward(f"{SUBMIT} reject with tcp reset")]},
              replace(FURTHER_OUT, place=(5, 5))),
    "live": ("nothing is wrong", {}, None),
}
LIMITS = (
    *(("isp2", what, rate, "ip saddr") for what in OVER for rate in (1, 3, 5, 10, 20)),
    *(("isp2", what, 1, "ip saddr . ip daddr") for what in OVER),
    *((place, what, rate, "ip saddr") for place in ("gw", "tr1")
      for what, rate in (("port", 1), ("mail", 3))),
)


def limits():
    for place, what, rate, key in LIMITS:
        for behind, (text, others, expect) in BEYOND.items():
            if place == "tr1" and behind != "live":
                continue
            each = "-each" if "daddr" in key else ""
            yield Scenario(f"{place}-limit-{what}-{rate}{each}-{behind}", 141, "bans", "T8",
                           f"{place} passes {rate} SYNs a second to "
                           f"{'587' if what == 'port' else 'mail ports'}, and {text}",
                           expect or limited(place),
                           {place: [limit(OVER[what], rate, key)], **others}, "4n 4")


def shut(place):
    """A list that keeps a host out of 587 and nothing else: blocked there, for as long as it lasts."""
    return no_verdict(also=(("degraded", "unknown"), ("open", "none"), ("blocked", "unknown"),
                            ("blocked", OWNERS[place])))


# Lists of 587 alone: no later question gets through, so that the first few have to show the place.
def port_lists():
    for place, rate in (("gw", 5), ("isp2", 5), ("isp2", 8), ("tr1", 5)):
        for behind, (text, others, expect) in BEYOND.items():
            if place == "tr1" and behind != "live":
                continue
            yield Scenario(f"{place}-list-port-{rate}-{behind}", 141, "bans", "T8",
                           f"{place} shuts a host out of 587 that begins more than {rate} "
                           f"connections to it in a second, and {text}", expect or shut(place),
                           {place: [shut_out(SUBMIT, counted=SUBMIT, rate=rate)], **others}, "4n 4")


# The time does not suffice to ask behind each place at the pace of the limit.
SHORT = Scenario("gw-limit-port-1-drop-short", 141, "bans", "T8",
                 "gw passes one SYN a second to 587, and tr1 drops 587; the budget ends soon",
                 no_verdict(also=(("blocked", "unknown"), ("blocked", "transit"))),
                 {"gw": [limit(SUBMIT, 1)], **BEYOND["drop"][1]}, "4n 4",
                 options=("--budget", "3"))

SCENARIOS = (*bans(), *limits(), *port_lists(), SHORT)
