# SPDX-License-Identifier: BSD-2-Clause
"""Whoever stands between a mail client and its server: proxies and rewriters."""

import glob
import os
import pwd
import socket
import struct
import subprocess
import threading
import time

from labkit import kernel, packet, pki, smtp
from labkit.servers import IPV6_TRANSPARENT
from labkit.topology import NAMES


class Proxy:
    """A transparent proxy (see proxies.tproxy) on a port of its own.

    way: "pass" (bytes as they are), "strip" (no STARTTLS towards the client), "mask" (its word
    overwritten), "inspect" (TLS ends here, with certificates of an authority of its own).
    """

    def __init__(self, port, way):
        self.port = port
        self.way = way

    def open(self, _world):
        self.sock = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self.sock.setsockopt(socket.IPPROTO_IPV6, IPV6_TRANSPARENT, 1)
        self.sock.bind(("::", self.port))
        self.sock.listen(64)
        pki.authority("rogue")

    def close(self):
        self.sock.close()

    def run(self):
        while True:
            client, _ = self.sock.accept()
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        """The client asked for the address that its connection arrived at."""
        try:
            server = self.upstream(client)
            if self.way == "inspect":
                self.inspect(client, server)
            else:
                threading.Thread(target=self.pump, args=(client, server), daemon=True).start()
                self.pump(server, client, self.change)
        except (OSError, smtp.Gone):
            client.close()

    @staticmethod
    def upstream(client):
        """A connection to the server in the client's name: only the client has a way back."""
        server = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        server.setsockopt(socket.IPPROTO_IPV6, IPV6_TRANSPARENT, 1)
        server.settimeout(5)
        server.bind(client.getpeername()[:2])
        server.connect(client.getsockname()[:2])
        server.settimeout(None)
        return server

    def change(self, data):
        if self.way == "strip":
            return data.replace(b"250-STARTTLS\r\n", b"")
        return data.replace(b"STARTTLS", b"XXXXXXXA") if self.way == "mask" else data

    @staticmethod
    def pump(source, sink, change=lambda data: data):
        try:
            while data := source.recv(65536):
                sink.sendall(change(data))
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            sink.close()

    @staticmethod
    def inspect(client, server):
        """Speaks with the client in the server's words, and its own TLS."""
        greeting = server.recv(4096).decode("ascii", "replace")
        name = greeting.split(" ")[1]
        server.close()
        smtp.Session(client, name, (name,), {"key": "rogue"}).run()


def tcp_offset(frame):
    """Where TCP begins in an Ethernet frame, and its pseudo header; (0, b"") for other frames."""
    kind = frame[12:14]
    if kind == b"\x08\x00" and frame[23] == 6:
        at = 14 + (frame[14] & 15) * 4
        length = struct.unpack("!H", frame[16:18])[0] - (at - 14)
        return at, frame[26:34] + struct.pack("!HH", 6, length)
    if kind == b"\x86\xdd" and frame[20] == 6:
        length = struct.unpack("!H", frame[18:20])[0]
        return 54, frame[22:54] + struct.pack("!II", length, 6)
    return 0, b""


# A real mail server: its package, and what that needs, taken apart by scripts/test. Installed, it
# would replace the machine's own.
POSTFIX = os.path.realpath(os.path.join(__file__, "../../../build/postfix"))
POSTFIX_MAIN = """compatibility_level = 3.6
queue_directory = /var/spool/postfix
data_directory = {folder}/postfix-data
command_directory = {root}/usr/sbin
daemon_directory = {root}/usr/lib/postfix/sbin
shlib_directory = {root}/usr/lib/postfix
meta_directory = {root}/etc/postfix
sendmail_path = {root}/usr/sbin/sendmail
mail_owner = postfix
setgid_group = postdrop
myhostname = {name}
mydestination =
alias_maps =
alias_database =
inet_interfaces = all
import_environment = MAIL_CONFIG MAIL_LOGTAG TZ LANG=C LD_LIBRARY_PATH={libraries}
smtpd_tls_chain_files = {folder}/mx.pem
smtpd_tls_security_level = encrypt
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
"""
POSTFIX_MASTER = """465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
postlog unix-dgram n - n - 1 postlogd
"""
# Who takes connections to 587: the mail server itself, or what looks at strangers before it.
SMTPD = "587 inet n - n - - smtpd\n"
POSTSCREEN = """587 inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
tlsproxy unix - - n - 0 tlsproxy
dnsblog unix - - n - 0 dnsblog
"""
# What its scripts would make before they start it; they want to be where Debian puts them.
POSTFIX_QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming",
                  "pid", "private", "public", "saved", "trace")
# The accounts that it insists on, in the laboratory's own copies of these files.
POSTFIX_ACCOUNTS = {"passwd": "postfix:x:64990:64990::/nonexistent:/bin/false\n",
                    "group": "postfix:x:64990:\npostdrop:x:64991:\n"}


def has_postfix():
    return os.path.exists(f"{POSTFIX}/usr/lib/postfix/sbin/master")


def postfix_accounts(world):
    for name, lines in POSTFIX_ACCOUNTS.items():
        with open(f"/etc/{name}", encoding="utf-8") as file:
            others = [line for line in file if line.split(":")[0] not in ("postfix", "postdrop")]
        world.write(name, "".join(others) + lines)
        kernel.mount(f"{world.folder}/{name}", f"/etc/{name}", None, kernel.MS_BIND)


def postfix(place="alpha", first=SMTPD, settings=""):
    """Puts a real mail server into a place whose ports 587 and 465 are free; see Scenario.prepare.

    first: who takes connections to 587, in lines of master.cf; settings: further lines of main.cf.

    It writes below /var/spool and the laboratory's folder, which only this laboratory sees.
    """
    def start(world):
        names = NAMES[world.topology.places[place].net]
        # By a path without blanks, which its settings do not take.
        root = f"{world.folder}/postfix-root"
        os.symlink(POSTFIX, root)
        libraries = ":".join([f"{root}/usr/lib/postfix", *glob.glob(f"{root}/usr/lib/*-linux-*/")])
        postfix_accounts(world)
        kernel.mount("lab", "/var/spool", "tmpfs", 0, "mode=0755")
        os.mkdir("/var/spool/postfix")
        os.mkdir(f"{world.folder}/postfix")
        for folder in (f"{world.folder}/postfix-data",
                       *(f"/var/spool/postfix/{name}" for name in POSTFIX_QUEUES)):
            os.mkdir(folder)
            os.chown(folder, pwd.getpwnam("postfix").pw_uid, 0)
        world.write("mx.pem", pki.certificate(names))
        world.write("postfix/main.cf", POSTFIX_MAIN.format(
            name=names[0], folder=world.folder, root=root, libraries=libraries) + settings)
        world.write("postfix/master.cf", first + POSTFIX_MASTER)
        world.net.enter(place)
        subprocess.Popen([f"{root}/usr/lib/postfix/sbin/master", "-d", "-c",
                          f"{world.folder}/postfix"], stdin=subprocess.DEVNULL,
                         env={**world.environment(), "LD_LIBRARY_PATH": libraries})
        wait_for(world.topology.places[place].v4, 587)
        world.net.leave()

    return start


def wait_for(address, port):
    """Until somebody listens there."""
    deadline = time.monotonic() + 8
    while time.monotonic() < deadline:
        with socket.socket() as sock:
            if sock.connect_ex((address, port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nobody listens on {address} port {port}")


class Rewriter:
    """A wire that overwrites STARTTLS in flight by a word of the same length, on one port."""

    def __init__(self, port=587, word=b"STARTTLS", mask=b"XXXXXXXA"):
        self.port = port
        self.word, self.mask = word, mask

    def __call__(self, frame, _side):
        at, pseudo = tcp_offset(frame)
        if not at or self.word not in frame[at:]:
            return ((0, frame),)
        if self.port not in struct.unpack("!HH", frame[at:at + 4]):
            return ((0, frame),)
        body = bytearray(frame[at:].replace(self.word, self.mask))
        body[16:18] = b"\0\0"
        body[16:18] = struct.pack("!H", packet.checksum(pseudo + bytes(body)))
        return ((0, frame[:at] + bytes(body)),)
