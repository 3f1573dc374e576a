# SPDX-License-Identifier: BSD-2-Clause
"""Small measurements for the laboratory's own test, run inside a client.

    probe.py path ADDRESS HOPS     one line a hop: who answered
    probe.py rtt ADDRESS COUNT     milliseconds of TCP connections at 500 a second, one a line
    probe.py echo ADDRESS COUNT    how many of COUNT echo requests were answered
    probe.py first ADDRESS PORT HOPS  the first TTL that draws an answer to a SYN, and its flags
"""

import os
import select
import socket
import struct
import sys
import time

SO_EE_OFFENDER = 16
IP_RECVERR, IPV6_RECVERR = 11, 25
PATIENCE_MS = 3000  # a neighbour that was not heard is asked for again after a second
CONNECT_S = 2  # and so goes the SYN that waits for it


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def limit(sock, six, ttl):
    """Sets the TTL and asks for the errors that come back."""
    if six:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, ttl)
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
        sock.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)


def expired(sock, six):
    """Whether the error that waits on the socket is a time exceeded."""
    try:
        sock.setblocking(False)
        _, control, _, _ = sock.recvmsg(512, 512, socket.MSG_ERRQUEUE)
    except BlockingIOError:
        return False
    return control[0][2][5] == (3 if six else 11)


def offender(sock, six):
    """The address of the router whose error waits on the socket."""
    _, control, _, _ = sock.recvmsg(512, 512, socket.MSG_ERRQUEUE)
    data = control[0][2]
    if six:
        return socket.inet_ntop(socket.AF_INET6, data[SO_EE_OFFENDER + 8:SO_EE_OFFENDER + 24])
    return socket.inet_ntop(socket.AF_INET, data[SO_EE_OFFENDER + 4:SO_EE_OFFENDER + 8])


def path(address, hops):
    six = ":" in address
    for ttl in range(1, int(hops) + 1):
        with socket.socket(family_of(address), socket.SOCK_DGRAM) as sock:
            limit(sock, six, ttl)
            sock.sendto(b"path", (address, 33434))
            poll = select.poll()
            poll.register(sock, 0)  # POLLERR alone
            print(offender(sock, six) if poll.poll(PATIENCE_MS) else "*")


def rtt(address, count):
    poll, started, begun = select.poll(), {}, time.monotonic()
    sent, done = 0, 0
    while done < int(count) and time.monotonic() < begun + int(count) / 500 + 2:
        now = time.monotonic()
        due = begun + sent / 500
        if sent < int(count) and now >= due:
            sock = socket.socket(family_of(address))
            sock.setblocking(False)
            started[sock.fileno()] = (sock, time.monotonic())
            sock.connect_ex((address, 993))
            poll.register(sock, select.POLLOUT)
            sent += 1
            continue
        wait = max(0, due - now) if sent < int(count) else 0.1
        for number, _ in poll.poll(wait * 1000):
            sock, at = started.pop(number)
            print(f"{(time.monotonic() - at) * 1000:.3f}")
            poll.unregister(sock)
            sock.close()
            done += 1


def echo(address, count):
    six = ":" in address
    protocol = socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP
    request, reply = (128, 129) if six else (8, 0)
    with socket.socket(family_of(address), socket.SOCK_RAW, protocol) as sock:
        sock.setblocking(False)
        answered = set()
        for number in range(int(count) + 300):  # 300 ms to wait at the end
            if number < int(count):
                body = struct.pack("!BBHHH", request, 0, 0, os.getpid() & 0xFFFF, number)
                if not six:
                    checksum = 0xFFFF - sum(struct.unpack("!4H", body)) % 0xFFFF
                    body = body[:2] + struct.pack("!H", checksum) + body[4:]
                sock.sendto(body, (address, 0))
            end = time.monotonic() + 0.001
            while select.select([sock], [], [], max(0, end - time.monotonic()))[0]:
                data = sock.recv(512)
                data = data if six else data[(data[0] & 15) * 4:]
                kind, _, _, _, sequence = struct.unpack("!BBHHH", data[:8])
                if kind == reply:
                    answered.add(sequence)
        print(len(answered))


def first(address, port, hops):
    """A connection whose SYNs have this TTL: what comes back at the smallest TTL."""
    six = ":" in address
    for ttl in range(1, int(hops) + 1):
        with socket.socket(family_of(address)) as sock:
            limit(sock, six, ttl)
            sock.settimeout(CONNECT_S)
            try:
                sock.connect((address, int(port)))
                print(ttl, "open")
                return
            except ConnectionRefusedError:
                print(ttl, "refused")
                return
            except socket.timeout:
                continue
            except OSError as error:
                if not expired(sock, six):
                    print(ttl, error.strerror)
                    return
    print(0, "silent")


if __name__ == "__main__":
    {"path": path, "rtt": rtt, "echo": echo, "first": first}[sys.argv[1]](*sys.argv[2:])
