# SPDX-License-Identifier: BSD-2-Clause
"""A small TCP traceroute that behaves as the one in a probe of RIPE Atlas does.

What it does not do well is kept, for that is what its results are like: all SYNs of a measurement
share one 5-tuple; one is sent when the one before is answered or timed out; after five silent hops
comes a last try with TTL 255; a TCP answer is taken for the present SYN's when it acknowledges
that one or the one before; any TCP answer ends the trace, late ones too.
"""

import heapq
import random
import selectors
import socket
import struct
import time

from labkit import packet

SOURCE_PORT = 20480  # of the first measurement; the next has the next
GAP = 5
LAST_DITCH = 255
PAUSE_S = 0.010  # after an answer, for its duplicates
LATE_FROM = 0x2000  # acknowledgements that are not this little ahead are late
SPREAD_S = 0.2  # measurements ordered together begin within this time
EXPIRED, UNREACHABLE = {4: 11, 6: 3}, {4: 3, 6: 1}
WORDS = {4: {0: "N", 1: "H", 2: "P", 13: "A"}, 6: {0: "N", 1: "A", 2: "h", 3: "H"}}
PORT_CODE = {4: 3, 6: 4}  # a trace by TCP has no word for it
FLAGS = "FSRPAU"
IGNORED_ERRORS = (socket.errno.EACCES, socket.errno.ECONNREFUSED, socket.errno.EMSGSIZE)


class Trace:
    """One measurement of one probe. Make it in the probe's namespace.

    order: the measurement's object; source: the probe's own address; index: its number there.
    """

    def __init__(self, order, source, index):
        self.order, self.source, self.index = order, source, index
        self.family, self.target = order["af"], order["target"]
        self.port = SOURCE_PORT + index
        self.timeout = order["response_timeout"] / 1000
        self.hop, self.sent, self.seq = order["first_hop"], 0, 0
        self.last_response = self.hop - 1
        self.done = self.not_done = self.last_ditch = self.got = False
        self.over, self.due, self.at = False, 0.0, 0.0
        self.result = [{"hop": self.hop, "result": []}]
        self.open_sockets()

    def open_sockets(self):
        six = self.family == 6
        family = socket.AF_INET6 if six else socket.AF_INET
        self.tcp = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_TCP)
        self.icmp = socket.socket(family, socket.SOCK_RAW,
                                  socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP)
        self.tcp.connect((self.target, 0))
        for sock in (self.tcp, self.icmp):
            sock.setblocking(False)
            if six:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)

    # --- what it sends -------------------------------------------------------------------------

    def advance(self):
        """The next SYN, on the next hop where this one has had all of its own."""
        self.got = False
        if self.sent >= self.order["packets"] and not self.next_hop():
            self.over = True
            return
        self.seq += 1
        self.at = time.monotonic()
        self.due = self.at + self.timeout
        self.sent += 1
        try:
            self.send()
        except OSError as error:
            if error.errno not in IGNORED_ERRORS:
                self.add({"error": f"sendto failed: {error.strerror}"})
                self.over = True

    def next_hop(self):
        if self.hop >= self.order["max_hops"] or (self.done and not self.not_done):
            return False
        self.hop, self.sent = self.hop + 1, 0
        self.done = self.not_done = False
        if self.hop - self.last_response > GAP:
            if self.last_ditch:
                return False
            self.last_ditch, self.hop = True, LAST_DITCH
        self.result.append({"hop": self.hop, "result": []})
        return True

    def send(self):
        """A SYN of 20 bytes: no options, no window, no payload."""
        head = struct.pack("!HHIIBBHHH", self.port, self.order["port"],
                           self.index << 16 | self.seq, 0, 5 << 4, packet.SYN, 0, 0, 0)
        source, target = packet.address(self.source), packet.address(self.target)
        total = packet.checksum(packet.pseudo(source, target, 6, len(head)) + head)
        if self.family == 6:
            self.tcp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, self.hop)
        else:
            self.tcp.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, self.hop)
        self.tcp.send(head[:16] + struct.pack("!H", total) + head[18:])

    # --- what it hears -------------------------------------------------------------------------

    def add(self, reply):
        self.result[-1]["result"].append(reply)

    def read(self, sock):
        """Everything that waits on one of its sockets."""
        while not self.over:
            try:
                data, control, _, sender = sock.recvmsg(2048, 256)
            except OSError:
                return
            ttl = control[0][2][0] if self.family == 6 else data[8]
            body = data if self.family == 6 else data[(data[0] & 15) * 4:]
            if sock is self.tcp:
                self.hear_tcp(body, sender[0], ttl)
            else:
                self.hear_icmp(body, sender[0], ttl)

    def hear_tcp(self, body, sender, ttl):
        if len(body) < 20:
            return
        _, port, _, ack, offset, flags = struct.unpack("!HHIIBB", body[:14])
        ahead = ((ack & 0xFFFF) - self.seq) & 0xFFFFFFFF
        if port < SOURCE_PORT or ack >> 16 != self.index:
            return
        late = ahead > LATE_FROM
        if late and ack & 0xFFFF > self.seq:
            return
        reply = self.kind_of(late, self.seq - (ack & 0xFFFF))
        reply |= {"from": sender, "ttl": ttl, "size": len(body) - 20,
                  "flags": "".join(c for i, c in enumerate(FLAGS) if flags & 1 << i)}
        options = body[20:(offset >> 4) * 4]
        if options:
            reply["hdropts"] = [{"mss": struct.unpack("!H", options[2:4])[0]}
                                if options[0] == 2 and len(options) >= 4
                                else {"unknown-opt": options[0]}]
        self.done = True
        self.take(reply)

    def hear_icmp(self, body, sender, ttl):
        head = 40 if self.family == 6 else 20
        quote = body[8:]
        if body[0] not in (EXPIRED[self.family], UNREACHABLE[self.family]):
            return
        if len(quote) < head + 8 or quote[6 if self.family == 6 else 9] != 6:
            return
        if self.family == 4:
            head = (quote[0] & 15) * 4
        (seq,) = struct.unpack("!I", quote[head + 4:head + 8])
        if seq >> 16 != self.index or seq & 0xFFFF > self.seq:
            return
        back = self.seq - (seq & 0xFFFF)
        reply = self.kind_of(back > 0, back)
        reply |= {"from": sender, "ttl": ttl, "size": len(body) - 8}
        reply |= self.quoted(quote)
        if not back and "dup" not in reply:
            self.last_response = self.hop
        self.read_error(body[0], body[1], reply)
        self.take(reply)

    def quoted(self, quote):
        """What the router saw of the SYN that differs from what was sent."""
        left, target = (quote[7], quote[24:40]) if self.family == 6 else (quote[8], quote[16:20])
        found = {} if left == 1 else {"ittl": left}
        if target != packet.address(self.target):
            found["edst"] = packet.text(target)
        return found

    def read_error(self, kind, code, reply):
        present = "late" not in reply
        if kind == EXPIRED[self.family]:
            self.not_done = self.not_done or (present and "dup" not in reply)
        elif kind == UNREACHABLE[self.family]:
            self.done = self.done or present
            if code != PORT_CODE[self.family]:
                reply["err"] = WORDS[self.family].get(code, code)

    def kind_of(self, late, back):
        if late:
            return {"late": back}
        return {"dup": True} if self.got else {}

    def take(self, reply):
        if "late" not in reply:
            reply["rtt"] = round((time.monotonic() - self.at) * 1000, 3)
        self.add(reply)
        if "late" not in reply and "dup" not in reply:
            self.got, self.due = True, time.monotonic() + PAUSE_S

    def expire(self):
        if not self.got:
            self.add({"x": "*"})
        self.advance()

    def close(self):
        self.tcp.close()
        self.icmp.close()


def run(traces, seed=0):
    """Runs them side by side to their ends. What waits is read before anything times out."""
    dice, selector, queue = random.Random(seed), selectors.DefaultSelector(), []
    for number, trace in enumerate(traces):
        for sock in (trace.tcp, trace.icmp):
            selector.register(sock, selectors.EVENT_READ, trace)
        heapq.heappush(queue, (time.monotonic() + dice.random() * SPREAD_S, number, True))
    while queue:
        ready = selector.select(max(0, queue[0][0] - time.monotonic()))
        for key, _ in ready:
            trace, got = key.data, key.data.got
            trace.read(key.fileobj)
            if trace.got and not got:
                heapq.heappush(queue, (trace.due, traces.index(trace), False))
        if ready:
            continue
        due, number, first = heapq.heappop(queue)
        trace = traces[number]
        if trace.over or (not first and due != trace.due):
            continue  # it has been answered since
        if first:
            trace.advance()
        else:
            trace.expire()
        if trace.over:
            for sock in (trace.tcp, trace.icmp):
                selector.unregister(sock)
            trace.close()
        else:
            heapq.heappush(queue, (trace.due, number, False))
    selector.close()
