# SPDX-License-Identifier: BSD-2-Clause
"""Builds the headers of which test packets consist, with lengths and checksums right."""

import ipaddress
import struct

HOST, SERVER, ROUTER = "192.0.2.1", "198.51.100.2", "203.0.113.9"
HOST6, SERVER6, ROUTER6 = "2001:db8:1::1", "2001:db8:2::2", "2001:db8:9::9"

SYN, RST, ACK = 0x02, 0x04, 0x10
MSS = bytes.fromhex("020405b4")
LINUX_OPTIONS = MSS + bytes.fromhex("0402080a0102030400000000") + bytes.fromhex("01030307")


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def with_checksum(data, offset, pseudo=b""):
    value = checksum(pseudo + data)
    return data[:offset] + struct.pack("!H", value) + data[offset + 2:]


def packed(address):
    return ipaddress.ip_address(address).packed


def pseudo_header(src, dst, protocol, length):
    return packed(src) + packed(dst) + struct.pack("!IHBB", length, 0, 0, protocol)


def tcp(src=HOST, dst=SERVER, ports=(40001, 587), seq=0x01020304, ack=0, flags=SYN,
        options=LINUX_OPTIONS, data=b"", words=None):
    words = 5 + len(options) // 4 if words is None else words
    segment = struct.pack("!HHIIBBHHH", *ports, seq, ack, words << 4, flags, 64240, 0, 0)
    segment += options + data
    return with_checksum(segment, 16, pseudo_header(src, dst, 6, len(segment)))


def ip4(payload, protocol=6, src=HOST, dst=SERVER, ttl=64, fragment=0x4000, options=b"",
        total=None, first=None):
    total = 20 + len(options) + len(payload) if total is None else total
    first = 0x45 + len(options) // 4 if first is None else first
    header = struct.pack("!BBHHHBBH", first, 0, total, 0x1234, fragment, ttl, protocol, 0)
    header += packed(src) + packed(dst) + options
    return with_checksum(header, 10) + payload


def ip6(payload, protocol=6, src=HOST6, dst=SERVER6, hops=64, length=None, flow=0x12345):
    length = len(payload) if length is None else length
    header = struct.pack("!IHBB", 6 << 28 | flow, length, protocol, hops)
    return header + packed(src) + packed(dst) + payload


def syn4(**changes):
    return ip4(tcp(), **changes)


def syn6(**changes):
    return ip6(tcp(HOST6, SERVER6), **changes)


def icmp4(kind, code, body, rest=0, src=ROUTER, dst=HOST, ttl=250):
    message = with_checksum(struct.pack("!BBHI", kind, code, 0, rest) + body, 2)
    return ip4(message, 1, src, dst, ttl, fragment=0)


def icmp6(kind, code, body, rest=0, src=ROUTER6, dst=HOST6, hops=60):
    message = struct.pack("!BBHI", kind, code, 0, rest) + body
    return ip6(with_checksum(message, 2, pseudo_header(src, dst, 58, len(message))), 58, src, dst,
               hops, flow=0)


def mpls_extension(labels=(0x0007_6001, 0x0012_3101), valid=True):
    stack = b"".join(struct.pack("!I", label) for label in labels)
    body = b"\x20\0\0\0" + struct.pack("!HBB", 4 + len(stack), 1, 1) + stack
    body = with_checksum(body, 2)
    return body if valid else body[:2] + b"\xba\xad" + body[4:]


def padded(quote, length=128):
    return quote + b"\0" * (length - len(quote))


def ethernet(payload, kind=0x0800):
    return bytes.fromhex("020000000002020000000001") + struct.pack("!H", kind) + payload


def sll(payload, packet_type=0, arphrd=1, kind=0x0800):
    return struct.pack("!HHH8sH", packet_type, arphrd, 6, b"\x02\0\0\0\0\x01", kind) + payload


def sll2(payload, packet_type=0, arphrd=1, kind=0x0800, ifindex=3):
    return struct.pack("!HHIHBB8s", kind, 0, ifindex, arphrd, packet_type, 6,
                       b"\x02\0\0\0\0\x01") + payload


def pppoe(payload, protocol=b"\0\x21"):
    return struct.pack("!BBHH", 0x11, 0, 7, len(payload) + 2) + protocol + payload


def gre(payload, kind=0x0800, flags=0, fields=b""):
    return struct.pack("!HH", flags, kind) + fields + payload
