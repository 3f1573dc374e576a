# SPDX-License-Identifier: BSD-2-Clause
"""Real products, as their packages have them: what their rules and answers look like."""

import json
import os
import shutil
import subprocess

from labkit import products
from labkit.scenario import Expect, blocked, no_verdict, open_port
from labkit.scenarios.products import product

QUEUES = "/proc/thread-self/net/netfilter/nfnetlink_queue"
HERE = blocked("local-host", 0, 0)
FIREWALLD = """import firewall.core.fw
firewall.core.fw.Firewall().start()
"""
# The daemon would need a bus: its own code loads what its tools have written.
FIREWALL_CMD = f"""#!/bin/sh
[ "$1" != --reload ] || exec python3 -c '{FIREWALLD}'
shift
exec firewall-offline-cmd "$@"
"""


def real(name, text, prepare, expect=HERE, topo="T1", **more):
    return product(name, topo, text, expect, products=True, prepare=prepare, **more)


def commands(*lines, place="cli"):
    """Runs these commands, one after the other."""
    def prepare(world):
        for line in lines:
            products.command(world, place, "sh", "-c", line)

    return prepare


def mends(world):
    """Types the command that is offered: is the port open then?"""
    with open(f"{world.folder}/probe.out", encoding="utf-8") as file:
        found = json.load(file)
    offered = [fact["command"] for fact in found["host"]["facts"] if fact["command"]]
    if not offered:
        return "no command is offered"
    products.command(world, "cli", "sh", "-c", offered[0])
    states = [measured(world) for _ in range(2)]
    return None if "open" in states else f"after '{offered[0]}' it is {states[0]}"


def measured(world):
    """The state that another measurement finds."""
    again = world.start([world.setup.binary, "probe", "--json",
                         *world.setup.arguments(world.folder)], stdout=subprocess.PIPE)
    return json.loads(again.communicate()[0])["verdict"]["state"]


def opensnitch(operand, data, action="deny"):
    """OpenSnitch with one rule: what programs connect is let through or not."""
    def prepare(world):
        rule = {"created": "2026-01-01T00:00:00Z", "updated": "2026-01-01T00:00:00Z",
                "name": "000-lab", "enabled": True, "precedence": True, "action": action,
                "duration": "always",
                "operator": {"type": "simple", "operand": operand, "data": data, "sensitive": False,
                             "list": []}}
        products.write(f"{world.folder}/opensnitch/000-lab.json", json.dumps(rule))
        products.start(world, "cli", "/usr/bin/opensnitchd", "-rules-path",
                       f"{world.folder}/opensnitch", "-process-monitor-method", "proc")
        products.until(world, "cli", lambda: products.read(QUEUES))

    return prepare


def application_firewalls():
    for word in ("deny", "reject"):
        yield real(f"opensnitch-{word}", f"OpenSnitch: port 587, {word}",
                   opensnitch("dest.port", "587", word))
    yield real("opensnitch-allow", "OpenSnitch allows port 587",
               opensnitch("dest.port", "587", "allow"), open_port())


def ufw(*lines):
    """ufw with its rules as they are installed, and what was told to it."""
    def prepare(world):
        for name in os.listdir("/usr/share/ufw/iptables"):
            shutil.copy(f"/usr/share/ufw/iptables/{name}", "/etc/ufw")
        shutil.copy("/usr/share/ufw/ufw.conf", "/etc/ufw")
        commands("ufw --force enable", *lines)(world)

    return prepare


def firewalld(files, *lines):
    """firewalld with these files of its settings."""
    def prepare(world):
        for name, text in files.items():
            products.write(f"/etc/firewalld/{name}", text)
        products.write("/usr/bin/firewall-cmd", FIREWALL_CMD)
        os.chmod("/usr/bin/firewall-cmd", 0o755)
        commands(*lines, "firewall-cmd --reload")(world)

    return prepare


def shorewall(policy, rules=""):
    def prepare(world):
        files = {"zones": "fw firewall\nnet ipv4\n", "interfaces": "?FORMAT 2\nnet eth0\n",
                 "policy": policy, "rules": f"?SECTION NEW\n{rules}"}
        for name, text in files.items():
            products.write(f"/etc/shorewall/{name}", text)
        settings = products.read("/etc/shorewall/shorewall.conf")
        products.write("/etc/shorewall/shorewall.conf",
                       settings.replace("STARTUP_ENABLED=No", "STARTUP_ENABLED=Yes"))
        commands("shorewall start")(world)

    return prepare


def ferm(rules):
    def prepare(world):
        products.write("/etc/ferm/lab.conf", rules)
        commands("ferm /etc/ferm/lab.conf")(world)

    return prepare


def ufw_kinds():
    for word in ("deny", "reject"):
        yield real(f"real-ufw-{word}", f"ufw {word} out 587", ufw(f"ufw {word} out 587/tcp"),
                   after=mends)
    yield real("real-ufw-deny-both", "ufw deny out 587, of TCP and UDP", ufw("ufw deny out 587"),
               after=mends)
    yield real("real-ufw-deny-range", "ufw deny out 465:587/tcp", ufw("ufw deny out 465:587/tcp"),
               after=mends)
    yield real("real-ufw-deny-all", "ufw default deny outgoing, and nothing else told to it",
               ufw("ufw default deny outgoing"), no_verdict())
    yield real("real-ufw-default", "ufw default deny outgoing, and web and mail reading allowed",
               ufw("ufw default deny outgoing", "ufw allow out 443/tcp", "ufw allow out 993/tcp"),
               after=mends)
    yield real("real-ufw-limit", "ufw limit out 587", ufw("ufw limit out 587/tcp"),
               Expect("degraded", "local-host", mechanisms=("rate-limit",),
                      also=(("open", "none"),)))
    yield real("real-ufw-open", "ufw as it is installed", ufw(), open_port())


POLICY = """<?xml version="1.0" encoding="utf-8"?>
<policy target="{target}">
  <ingress-zone name="HOST"/>
  <egress-zone name="ANY"/>
  {rules}
</policy>
"""
DIRECT = """<?xml version="1.0" encoding="utf-8"?>
<direct>
  <rule ipv="ipv4" table="filter" chain="OUTPUT" priority="0">-p tcp --dport 587 -j DROP</rule>
</direct>
"""
RICH = '<rule><port port="587" protocol="tcp"/><{}/></rule>'


def firewalld_kinds():
    for word in ("reject", "drop"):
        text = POLICY.format(target="CONTINUE", rules=RICH.format(word))
        yield real(f"real-firewalld-{word}", f"a policy of firewalld's with a rich rule: {word}",
                   firewalld({"policies/out.xml": text}), after=mends)
    text = POLICY.format(target="DROP", rules='<port port="443" protocol="tcp"/>'
                         '<port port="993" protocol="tcp"/>')
    yield real("real-firewalld-target", "a policy of firewalld's that drops all but web",
               firewalld({"policies/out.xml": text}), after=mends)
    yield real("real-firewalld-direct", "a direct rule of firewalld's",
               firewalld({"direct.xml": DIRECT}), after=mends)


def generator_kinds():
    net = "fw net ACCEPT\nnet all DROP\nall all REJECT\n"
    for word in ("REJECT", "DROP"):
        yield real(f"real-shorewall-{word.lower()}", f"Shorewall: {word} 587",
                   shorewall(net, f"{word} fw net tcp 587\n"), after=mends)
        yield real(f"real-ferm-{word.lower()}", f"ferm: 25, 465 and 587, {word}",
                   ferm("domain ip table filter chain OUTPUT "
                        f"proto tcp dport (25 465 587) {word};\n"), after=mends)
    yield real("real-shorewall-policy", "Shorewall: web and mail reading alone go out",
               shorewall("fw net DROP\nnet all DROP\nall all REJECT\n",
                         "ACCEPT fw net tcp 443,993\n"), after=mends)
    yield real("real-ferm-chain", "ferm: a chain of its own resets mail",
               ferm("domain ip table filter { chain mail proto tcp REJECT reject-with tcp-reset; "
                    "chain OUTPUT proto tcp dport 587 jump mail; }\n"), after=mends)


REDSOCKS = """base {{ log = stderr; daemon = off; redirector = iptables; }}
redsocks {{ local_ip = 127.0.0.1; local_port = 12345; ip = 127.0.0.1; port = {port}; type = socks5; }}
"""
HAPROXY = """defaults
  mode tcp
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend mail
  bind {bind}
  default_backend servers
backend servers
  {backend}
"""


def redsocks(world):
    """All connections of this host go to a SOCKS server that is not there."""
    products.write("/etc/redsocks-lab.conf", REDSOCKS.format(port=1080))
    products.start(world, "cli", "/usr/sbin/redsocks", "-c", "/etc/redsocks-lab.conf")
    commands("iptables -t nat -A OUTPUT -o eth0 -p tcp -j REDIRECT --to-ports 12345")(world)
    products.until(world, "cli", lambda: products.listens(12345))


def haproxy(place, bind, backend):
    def prepare(world):
        products.write("/etc/haproxy/lab.cfg", HAPROXY.format(bind=bind, backend=backend))
        products.start(world, place, "/usr/sbin/haproxy", "-db", "-f", "/etc/haproxy/lab.cfg")
        products.until(world, place, lambda: products.listens(int(bind.split()[0].split(":")[-1])))

    return prepare


def endlessh(world):
    products.start(world, "alpha", "/usr/bin/endlessh", "-p", "587", "-d", "1000")
    products.until(world, "alpha", lambda: products.listens(587))


def proxy_kinds():
    yield real("real-redsocks-dead", "redsocks takes every connection; its SOCKS server is dead",
               redsocks, Expect("intercepted", "local-host", mechanisms=("redirect",),
                                place=(0, 0)))
    yield real("real-haproxy-dead", "HAProxy at the server, with no server behind it",
               haproxy("alpha", ":587", "server one 203.0.113.99:2587"),
               Expect("degraded", "remote", also=(("unknown", "unknown"), ("degraded", "unknown"),
                                                  ("closed", "remote"))),
               closed={"alpha": (587,)}, hosts=("mx.alpha.example",), options=("--only",))
    yield real("real-haproxy-live", "HAProxy at the server, with a server behind it",
               haproxy("alpha", ":587", "server one 127.0.0.1:2525"), open_port(),
               closed={"alpha": (587,)}, hosts=("mx.alpha.example",))
    yield real("real-endlessh", "endlessh in place of the mail server", endlessh,
               no_verdict(also=(("closed", "remote"), ("degraded", "remote"),
                                ("degraded", "unknown"), ("intercepted", "unknown"))),
               closed={"alpha": (587,)}, hosts=("mx.alpha.example",), options=("--only",))


SCENARIOS = (*application_firewalls(), *ufw_kinds(), *firewalld_kinds(), *generator_kinds(),
             *proxy_kinds())
