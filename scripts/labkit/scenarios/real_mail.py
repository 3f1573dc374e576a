# SPDX-License-Identifier: BSD-2-Clause
"""Real servers and what stands before them, as their packages have them."""

import os

from labkit import products
from labkit.scenario import Expect, open_port
from labkit.scenarios.product_words import says
from labkit.scenarios.products import ALPHA
from labkit.scenarios.proxies import intercepted
from labkit.scenarios.real_products import commands, real

DOVECOT = """protocols = submission
base_dir = /var/spool/lab-dovecot
log_path = /var/log/lab-dovecot.log
listen = *
ssl = no
default_login_user = nobody
default_internal_user = nobody
default_internal_group = nogroup
submission_relay_host = 127.0.0.1
submission_relay_port = 2525
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home=/var/spool/lab-dovecot
}}
service submission-login {{
  chroot =
  inet_listener submission {{
    port = 587
  }}
}}
service anvil {{
  chroot =
}}
{more}
"""
BROKEN = """service auth {
  executable = /bin/false
}
"""


def dovecot(more=""):
    """Dovecot's submission service in place of the mail server."""
    def prepare(world):
        os.makedirs("/var/spool/lab-dovecot")
        products.write("/etc/dovecot/lab.conf", DOVECOT.format(more=more))
        products.start(world, "alpha", "/usr/sbin/dovecot", "-F", "-c", "/etc/dovecot/lab.conf")
        products.until(world, "alpha", lambda: products.listens(587))

    return prepare


def sslh(world):
    """sslh shares the port: a client that says nothing is a mail client, after two seconds."""
    products.start(world, "alpha", "/usr/sbin/sslh-select", "--foreground", "--user", "nobody",
                   "--listen", "203.0.113.25:587", "--tls", "127.0.0.1:443", "--anyprot",
                   "127.0.0.1:2525", "--timeout", "2", "--on-timeout", "anyprot")
    products.until(world, "alpha", lambda: products.listens(587))


SQUID = """http_port 3128
http_port 3129 intercept
acl safe port 80 443
http_access deny !safe
http_access allow all
cache deny all
cache_effective_user nobody
cache_effective_group nogroup
access_log none
cache_log /var/log/lab-squid.log
pid_filename /var/spool/lab-squid.pid
coredump_dir /var/spool
pinger_enable off
dns_nameservers 127.0.0.1
"""


def squid(world):
    """Squid at the provider, to which a rule for the web leads 587 as well."""
    products.write("/etc/squid/lab.conf", SQUID)
    products.write("/var/log/lab-squid.log", "")
    commands("chmod 666 /var/log/lab-squid.log; chmod 1777 /var/spool",
             "iptables -t nat -A PREROUTING -i in0 -p tcp -m multiport --dports 80,587 -j REDIRECT "
             "--to-ports 3129", place="isp2")(world)
    products.start(world, "isp2", "/usr/sbin/squid", "-N", "-f", "/etc/squid/lab.conf")
    products.until(world, "isp2", lambda: products.listens(3129))


def servers():
    alone = {"closed": {"alpha": (587,)}, "hosts": ALPHA}
    yield real("real-dovecot", "Dovecot's submission service", dovecot(), open_port(), **alone)
    yield real("real-dovecot-broken", "Dovecot, whose login service finds no auth process",
               dovecot(BROKEN), Expect("degraded", "remote", also=(("unknown", "unknown"),)),
               after=says("Auth process broken", "Try again"), **alone)
    yield real("real-sslh", "sslh at the server, which waits for a client that says nothing",
               sslh, open_port(), **alone)
    yield real("real-squid", "squid at the provider takes mail ports, too", squid,
               intercepted("isp", 3, 3), topo="T8", variants="4")


SCENARIOS = (*servers(),)
