# SPDX-License-Identifier: BSD-2-Clause
"""Real servers and what stands before them, as their packages have them."""

import os

from labkit import pki, products
from labkit.mail_boxes import POSTSCREEN, has_postfix, postfix
from labkit.scenario import Expect, open_port
from labkit.scenarios.product_words import says
from labkit.scenarios.products import ALPHA, product
from labkit.scenarios.proxies import intercepted
from labkit.scenarios.real_products import commands, real
from labkit.servers import names_of

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


STUNNEL = """foreground = yes
pid =
[mail]
accept = 203.0.113.25:{port}
connect = 127.0.0.1:{behind}
cert = {folder}/stunnel.pem
{more}
"""


def stunnel(port, behind=2525, more=""):
    """stunnel at the server: TLS outside, the mail server in clear behind it."""
    def prepare(world):
        world.write("stunnel.pem", pki.certificate(names_of("alpha")))
        products.write("/etc/stunnel/lab.conf", STUNNEL.format(
            port=port, behind=behind, folder=world.folder, more=more))
        products.start(world, "alpha", "/usr/bin/stunnel4", "/etc/stunnel/lab.conf")
        products.until(world, "alpha", lambda: products.listens(port))

    return prepare


def wrappers():
    """stunnel before the mail server: where it belongs, where STARTTLS is expected, and alone."""
    waits = says("TLS comes first on it", 'choose "SSL/TLS" for this port', "protocol = smtp",
                 never=("RestrictAddressFamilies",))
    yield real("real-stunnel-587", "stunnel accepts 587, where STARTTLS is expected",
               stunnel(587), open_port(), closed={"alpha": (587,)}, hosts=ALPHA, after=waits)
    yield real("real-stunnel-starttls", "stunnel accepts 587 and speaks STARTTLS itself",
               stunnel(587, more="protocol = smtp"), open_port(), closed={"alpha": (587,)},
               hosts=ALPHA)
    yield real("real-stunnel-465", "stunnel accepts 465", stunnel(465), open_port(),
               closed={"alpha": (465,)}, hosts=("mx.alpha.example:465",))
    yield real("real-stunnel-465-dead", "stunnel accepts 465, and nobody is behind it",
               stunnel(465, behind=2626),
               Expect("degraded", "remote", also=(("unknown", "unknown"), ("degraded", "unknown"))),
               closed={"alpha": (465,)}, hosts=("mx.alpha.example:465",),
               after=says("before anybody greets inside it", never=("try port 465",)))


def teasers():
    """Postfix's postscreen, which lets strangers wait and may deny them."""
    if not has_postfix():
        return
    alone = {"closed": {"alpha": (587, 465)}, "hosts": ALPHA}

    def screen(name, text, settings, expect=open_port(), **more):
        return product(name, "T1", text, expect, prepare=postfix(first=POSTSCREEN, settings=settings),
                       **alone, **more)

    deep = ("postscreen_greet_action = enforce\npostscreen_pipelining_enable = yes\n"
            "postscreen_non_smtp_command_enable = yes\npostscreen_bare_newline_enable = yes\n")
    yield screen("real-postscreen", "postscreen's teaser, then the mail server",
                 "postscreen_greet_action = enforce\n")
    yield screen("real-postscreen-deep", "postscreen speaks itself and says 450 to new clients",
                 deep + "postscreen_tls_security_level = encrypt\n")
    # It says so when a recipient is named, which nobody does here.
    yield screen("real-postscreen-denies", "postscreen's list denies what this client sends",
                 "postscreen_access_list = static:reject\npostscreen_blacklist_action = enforce\n")
    yield screen("real-postscreen-drops", "postscreen's list drops this client",
                 "postscreen_access_list = static:reject\npostscreen_blacklist_action = drop\n",
                 Expect("closed", "remote", also=(("degraded", "remote"), ("unknown", "unknown"))))


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


SCENARIOS = (*servers(), *wrappers(), *teasers())
