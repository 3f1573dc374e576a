# SPDX-License-Identifier: BSD-2-Clause
"""Real products on the way and at the servers, as their packages have them, and rules of products
that no package has, in the form in which these load them."""

import json

from labkit import products
from labkit.scenario import Expect, blocked, open_port
from labkit.scenarios.product_words import says
from labkit.scenarios.products import ALPHA
from labkit.scenarios.proxies import intercepted
from labkit.scenarios.real_products import HERE, commands, mends, real

MAIL = "-p tcp -m multiport --dports 25,465,587"


def restored(text):
    """Rules in the form of iptables-save."""
    def prepare(world):
        products.command(world, "cli", "iptables-restore", text=text)

    return prepare


def csf(more, smtp=""):
    """ConfigServer Firewall's chains: what OUTPUT lets out, and what becomes of the rest."""
    return f"""*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT DROP [0:0]
:ALLOWOUT - [0:0]
:DENYOUT - [0:0]
:INVALID - [0:0]
:INVDROP - [0:0]
:LOCALOUTPUT - [0:0]
:LOGDROPOUT - [0:0]
:SMTPOUTPUT - [0:0]
-A OUTPUT ! -o lo -p tcp -m tcp --dport 53 -j ACCEPT
-A OUTPUT ! -o lo -p udp -m udp --dport 53 -j ACCEPT
-A OUTPUT -j SMTPOUTPUT
-A OUTPUT ! -o lo -j LOCALOUTPUT
-A OUTPUT -o lo -j ACCEPT
-A OUTPUT ! -o lo -p tcp -j INVALID
-A OUTPUT ! -o lo -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
{more}-A OUTPUT ! -o lo -p icmp -j ACCEPT
-A OUTPUT ! -o lo -j LOGDROPOUT
-A INVALID -m conntrack --ctstate INVALID -j INVDROP
-A INVDROP -j DROP
-A LOCALOUTPUT ! -o lo -j ALLOWOUT
-A LOCALOUTPUT ! -o lo -j DENYOUT
{smtp}-A LOGDROPOUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -m limit --limit 30/min -j LOG \
--log-prefix "Firewall: *TCP_OUT Blocked* " --log-uid
-A LOGDROPOUT -j REJECT --reject-with icmp-port-unreachable
COMMIT
"""


def csf_out(*ports):
    return "".join(f"-A OUTPUT ! -o lo -p tcp -m conntrack --ctstate NEW -m tcp --dport {port} "
                   "-j ACCEPT\n" for port in ports)


CSF_SMTP = (f"-A SMTPOUTPUT -o lo {MAIL} -j ACCEPT\n"
            f"-A SMTPOUTPUT {MAIL} -m owner --gid-owner 12 -j ACCEPT\n"
            f"-A SMTPOUTPUT {MAIL} -m owner --uid-owner 0 -j ACCEPT\n"
            f"-A SMTPOUTPUT {MAIL} -j LOGDROPOUT\n")
CPANEL = f"""*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:cP-Firewall-1-INPUT - [0:0]
-A INPUT -j cP-Firewall-1-INPUT
-A OUTPUT {MAIL} -m owner --gid-owner 12 -j ACCEPT
-A OUTPUT -d 127.0.0.1/32 {MAIL} -j ACCEPT
-A OUTPUT {MAIL} -m owner --uid-owner 0 -j ACCEPT
-A OUTPUT {MAIL} -j REJECT --reject-with icmp-port-unreachable
COMMIT
"""


def panels():
    """Rules as hosting panels load them."""
    as_user = {"options": ("--as-user", "nobody")}
    words = 's/^TCP_OUT = "/&587,/'
    yield real("form-csf", "CSF: 587 is not in TCP_OUT", restored(csf(csf_out(443, 993))),
               after=says(words))
    yield real("form-csf-smtp", "CSF's SMTP_BLOCK, asked as a user",
               restored(csf(csf_out(443, 587, 993), CSF_SMTP)),
               after=says("SMTP_ALLOWUSER"), **as_user)
    yield real("form-csf-smtp-root", "CSF's SMTP_BLOCK, asked as root alone",
               restored(csf(csf_out(443, 587, 993), CSF_SMTP)), open_port(),
               after=says("keeps some users from the port", "SMTP_ALLOWUSER", "--as-user NAME"))
    yield real("form-cpanel", "cPanel's SMTP restrictions, asked as a user", restored(CPANEL),
               after=says("smtpmailgidonly off"), **as_user)
    yield real("form-cpanel-root", "cPanel's SMTP restrictions, asked as root alone",
               restored(CPANEL), open_port(),
               after=says("keeps some users from the port", "smtpmailgidonly off",
                          "--as-user NAME"))


DOCKER = """*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i in0 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -p tcp -m tcp --dport 587 -j {what}
-A DOCKER-USER -j RETURN
COMMIT
"""


def docker_told(world):
    """What a container is told of its host; elsewhere nothing."""
    with open(f"{world.folder}/probe.out", encoding="utf-8") as file:
        facts = json.load(file)["host"]["facts"]
    inside = any(fact["kind"] == "container" for fact in facts)
    return says("DOCKER-USER")(world) if inside else None


def containers():
    """The machine that runs a container, by its DOCKER-USER chain."""
    for word, what in (("drop", "DROP"), ("reject", "REJECT --reject-with icmp-port-unreachable")):
        def prepare(world, what=what):
            products.command(world, "host", "iptables-restore", text=DOCKER.format(what=what))
        yield real(f"form-docker-{word}", f"the host of a container, DOCKER-USER: {what.split()[0]}",
                   prepare, blocked("local-network", 1, 2 if word == "drop" else 1),
                   topo="TK", after=docker_told)


JAIL = """[{name}]
enabled = true
backend = polling
filter = recidive
logpath = /var/log/lab-ban.log
banaction = iptables-allports
maxretry = 1
"""


def banned(world):
    """fail2ban with its own action for all ports, and the server's address banned."""
    products.write("/var/log/lab-ban.log", "")
    products.write("/etc/fail2ban/jail.d/defaults-debian.conf", JAIL.format(name="recidive"))
    products.write("/etc/fail2ban/fail2ban.local",
                   "[Definition]\nlogtarget = /var/log/lab-f2b.log\ndbfile = None\n"
                   "socket = /var/lib/lab-f2b.sock\npidfile = /var/lib/lab-f2b.pid\n")
    commands("fail2ban-client start", "fail2ban-client set recidive banip 203.0.113.25",
             "for i in $(seq 100); do iptables -S f2b-recidive 2>/dev/null | grep -q 203 && exit; "
             "sleep 0.1; done; exit 1")(world)


def ban_lifted(world):
    """Types the command that is offered."""
    wrong = says("fail2ban-client set recidive unbanip 203.0.113.25")(world)
    if not wrong:
        wrong = mends(world)
    commands("fail2ban-client stop")(world)
    return wrong


SSLSPLIT = ("/usr/bin/sslsplit", "-k", "{folder}/split.key", "-c", "{folder}/split.pem", "-P",
            "autossl", "0.0.0.0", "10587")


def sslsplit(place):
    """sslsplit at a router: it upgrades STARTTLS with certificates of its own."""
    def prepare(world):
        folder = world.folder
        commands(f"openssl req -x509 -newkey rsa:2048 -nodes -keyout {folder}/split.key -out "
                 f"{folder}/split.pem -subj '/O=Inspector/CN=Split CA' -days 30 2>/dev/null",
                 "iptables -t nat -A PREROUTING -i in0 -p tcp --dport 587 -j REDIRECT --to-ports "
                 "10587", place=place)(world)
        products.start(world, place, *(word.format(folder=folder) for word in SSLSPLIT))
        products.until(world, place, lambda: products.listens(10587))

    return prepare


EXIM = """exim_user = root
exim_group = root
log_file_path = /var/log/lab-exim-%slog
spool_directory = /var/spool/lab-exim
pid_file_path = /var/spool/lab-exim.pid
primary_hostname = mx.alpha.example
{more}
begin acl
connect:
  {acl}
"""


def exim(more, acl):
    """Exim in place of the mail server."""
    def prepare(world):
        products.write("/var/spool/lab-exim/input/empty", "")
        products.write("/etc/passwd", f"{products.read('/etc/passwd')}Debian-exim:x:990:990::/:\n")
        products.write("/etc/group", f"{products.read('/etc/group')}Debian-exim:x:990:\n")
        products.write("/etc/exim4/lab.conf", EXIM.format(more=more, acl=acl))
        products.start(world, "alpha", "/usr/sbin/exim4", "-C", "/etc/exim4/lab.conf", "-bdf",
                       "-oX", "587")
        products.until(world, "alpha", lambda: products.listens(587))

    return prepare


def servers():
    alone = {"closed": {"alpha": (587,)}, "hosts": ALPHA}
    later = Expect("degraded", "remote", also=(("unknown", "unknown"),))
    yield real("real-fail2ban", "fail2ban of this host has banned the server", banned,
               hosts=ALPHA, options=("--only",), after=ban_lifted)
    yield real("real-sslsplit", "sslsplit at the provider, which reaches no server",
               sslsplit("isp2"), intercepted("isp", 3, 3), topo="T8",
               after=says("Send no password", never=("try port 465",)))
    yield real("real-exim-421", "Exim has as many connections as it takes",
               exim("smtp_accept_max = 1\nsmtp_accept_reserve = 1\nsmtp_reserve_hosts = 192.0.2.1",
                    "accept"), later,
               after=says("421", "Try again in a quarter of an hour"), **alone)
    yield real("real-exim-450", "Exim defers this client when it connects",
               exim("acl_smtp_connect = connect", "defer message = try again in 5 minutes"), later,
               after=says("451", "Try again in a quarter of an hour"), **alone)
    yield real("real-exim-554", "Exim denies this client when it connects",
               exim("acl_smtp_connect = connect", "deny message = your address is listed"),
               Expect("closed", "remote"), after=says("your address is listed"), **alone)


SCENARIOS = (*panels(), *containers(), *servers())
