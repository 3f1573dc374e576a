# SPDX-License-Identifier: BSD-2-Clause
"""What happens above the handshake: proxies, inspectors, policies, slow and hostile servers."""


from labkit import rules as r
from labkit.mail_boxes import Proxy, Rewriter, has_postfix, postfix
from labkit.rules import Rule
from labkit.scenario import Expect, Scenario, no_verdict, open_port
from labkit.scenarios.proxies import intercepted, tproxy

SUBMIT = "tcp dport 587"
ALPHA = ("mx.alpha.example",)
EVERYBODY = ("alpha", "beta", "gamma")
ON_THE_WAY = ("local-network", "isp", "transit")
DARK = ("--dark", "203.0.113.99")
# The list without alpha: then nobody knows what its server offers.
UNLISTED = ("mx.beta.example\t587\t993,443,465\tBeta Post\t64511\n"
            "mx.gamma.example\t587\t993,443,465\tGamma Poczta\t65536\n")


def damaged(culprit, mechanism, suspects=ON_THE_WAY, **more):
    """Open but damaged; the evidence leaves these suspects."""
    return Expect("degraded", culprit, named=not suspects, suspects=frozenset(suspects),
                  mechanisms=(mechanism,), **more)


def cut(mechanism, culprit="isp", place=(3, 3)):
    """Words of a limited TTL show where a session is cut."""
    return damaged(culprit, mechanism, (), place=place)


def on_text(*texts, hexadecimal=False):
    """Resets what the client sends to 587 when the text is in it."""
    option = "--hex-string" if hexadecimal else "--string"
    return [tool(f"-A FORWARD -p tcp --dport 587 -m string {option} {text} --algo bm "
                 "-j REJECT --reject-with tcp-reset")
            for text in texts for tool in (r.iptables, r.ip6tables)]


# What comes back for a connection that the proxy made in the client's name.
RETURN = Rule("nft", """table inet lab%d {
  chain c {
    type filter hook prerouting priority mangle;
    iifname "to-*" tcp sport 587 socket transparent 1 meta mark set 1 accept
  }
}
""")


def proxied(name, row, text, way, expect):
    return Scenario(name, row, "smtp", "T8", text, expect, {"isp2": [*tproxy(5871), RETURN]},
                    boxes=(("isp2", Proxy(5871, way)),), variants="4n 6n 4")


def all_servers(**ways):
    return {name: ways for name in EVERYBODY}


def hostile(kind, text, expect=open_port(), **more):
    return Scenario(f"greeting-{kind}", 129, "smtp", "T1", f"a server greets with {text}",
                    expect, hosts=ALPHA, variants="4n", mail={"alpha": {"hostile": kind}}, **more)


# It lets SYNs in; but what answers holds no conversation that shows the server.
MUTE = no_verdict(also=(("open", None),))


SCENARIOS = (
    proxied("proxy-pass", 121, "a transparent proxy passes everything", "pass", open_port()),
    proxied("proxy-strip", 121, "a transparent proxy takes STARTTLS out", "strip",
            intercepted("isp", 3, 3, mechanisms=("starttls-stripped",))),
    proxied("proxy-mask", 121, "a transparent proxy overwrites STARTTLS", "mask",
            intercepted("isp", 3, 3, mechanisms=("starttls-stripped",))),
    Scenario("wire-mask", 122, "smtp", "T8", "something overwrites STARTTLS in flight",
             damaged("isp", "starttls-stripped"), links={"isp3": "tap"},
             wires={"isp3": {"change": Rewriter()}}, variants="4n 6n 4"),
    Scenario("no-starttls", 123, "smtp", "T8", "an unknown server has no STARTTLS",
             open_port(), mail={"alpha": {"starttls": "none"}}, hosts=ALPHA,
             server_list=UNLISTED, variants="4n 6n"),
    Scenario("no-starttls-alone", 123, "smtp", "T8", "an unknown server, alone, has none",
             no_verdict(also=(("open", "none"),)), mail={"alpha": {"starttls": "none"}},
             hosts=ALPHA, server_list=UNLISTED, options=("--only",), variants="4n"),
    Scenario("starttls-sometimes", 123, "smtp", "T8", "a farm offers STARTTLS only sometimes",
             open_port(), mail=all_servers(starttls="sometimes"), variants="4n 6n"),
    Scenario("starttls-denied", 123, "smtp", "T8", "one server refuses STARTTLS for a while",
             open_port(also=(("unknown", "unknown"),)), mail={"alpha": {"starttls": "denied"}},
             hosts=ALPHA, variants="4n"),
    Scenario("ehlo-reset", 124, "smtp", "T8", "isp2 resets sessions at EHLO",
             cut("reset-after-handshake"), {"isp2": on_text("EHLO")},
             variants="4n 6n 4"),
    Scenario("starttls-reset", 125, "smtp", "T8", "isp2 resets sessions at STARTTLS",
             cut("reset-after-handshake"), {"isp2": on_text("STARTTLS")},
             variants="4n 6n"),
    Scenario("hello-reset", 126, "smtp", "T8", "isp2 resets sessions at the ClientHello",
             cut("reset-after-handshake"),
             {"isp2": on_text("|160301|", hexadecimal=True)}, variants="4n 6n"),
    Scenario("payload-drop", 127, "smtp", "T8", "isp2 drops what the client says to 587",
             cut("stall-after-handshake"),
             {"isp2": [r.forward(f"{SUBMIT} tcp flags & psh == psh drop")]}, variants="4n 6n"),
    Scenario("slow-greeting", 128, "smtp", "T8", "a server takes 20 s to greet",
             no_verdict(also=(("open", "none"),)), mail={"alpha": {"delay": 20}}, hosts=ALPHA,
             variants="4n"),
    Scenario("slow-greetings", 128, "smtp", "T8", "every server takes 20 s to greet",
             no_verdict(also=(("open", "none"),)), mail=all_servers(delay=20), variants="4n"),
    Scenario("greet-delay", 128, "smtp", "T8", "every server greets after 3 s",
             open_port(), mail=all_servers(delay=3), variants="4n"),
    Scenario("policy-554", 129, "smtp", "T8", "a server declines this client",
             Expect("closed", "remote"), hosts=ALPHA, variants="4n 6n",
             mail={"alpha": {"refuse": "554 5.7.1 {name} no service for you"}}),
    Scenario("policy-421", 129, "smtp", "T8", "every server is busy",
             Expect("degraded", "remote"), variants="4n",
             mail=all_servers(refuse="421 4.7.0 {name} too many connections")),
    hostile("escapes", "terminal escapes"), hostile("nul", "NUL bytes"),
    hostile("long", "a line of 100 kB"), hostile("flood", "lines without end", MUTE),
    hostile("stream", "bytes without a line end", MUTE),
    hostile("http", "the words of a web server", MUTE),
    Scenario("large-lost", 130, "smtp", "T8", "large packets are lost on every port",
             no_verdict(also=(("open", None),)),
             {"isp2": [r.forward("meta l4proto tcp meta length > 1000 drop")]}, variants="4n"),
    proxied("proxy-inspect", 131, "an inspecting proxy ends TLS itself", "inspect",
            intercepted("isp", 3, 3, mechanisms=("tls-intercepted",))),
    Scenario("smarthost", 132, "smtp", "TR", "the provider sends 587 to its own server",
             intercepted("isp", 3, 3, mechanisms=("redirect",)),
             {"isp2": [r.nat("prerouting", f"iifname \"in0\" {SUBMIT} dnat ip to 198.18.60.25")]},
             options=DARK, variants="4n 4"),
    Scenario("own-certificate", 131, "smtp", "T8", "an unknown server signed for itself",
             open_port(), mail={"alpha": {"key": None}}, hosts=ALPHA, server_list=UNLISTED,
             variants="4n"),
    *([Scenario("postfix", 120, "smtp", "T8", "a real mail server", open_port(), hosts=ALPHA,
                closed={"alpha": (587, 465)}, prepare=postfix(), variants="4n 6n")]
      if has_postfix() else []),
    Scenario("server-aborts", 153, "smtp", "T8", "a server itself resets after EHLO",
             damaged("remote", "reset-after-handshake", ()), hosts=ALPHA, variants="4n 6n",
             mail={"alpha": {"abort": "ehlo"}}),
    Scenario("servers-abort", 153, "smtp", "T8", "every server itself resets after EHLO",
             damaged("remote", "reset-after-handshake", ()), variants="4n",
             mail=all_servers(abort="ehlo")),
)
