# SPDX-License-Identifier: BSD-2-Clause
"""What captures have before an IP packet: link layers and tunnels, as functions of the frame."""

import ipaddress
import struct

from capture_kit import ethernet, kind_of

SNAP = bytes.fromhex("aaaa03000000")
MAC = b"\x02" + b"\0" * 5


def family(frame):
    return 2 if frame.version() == 4 else 30


def sll(frame):
    return struct.pack(">HHH8s", 4 if frame.is_syn() else 0, 1, 6, b"\x02") + kind_of(frame)


def sll2(frame):
    return kind_of(frame) + struct.pack(">HIHBB8s", 0, 3, 1, 4 if frame.is_syn() else 0, 6, b"\x02")


def pppoe(frame):
    protocol = b"\x00\x21" if frame.version() == 4 else b"\x00\x57"
    return (b"\x02" + b"\0" * 11 + b"\x88\x64" + struct.pack(">BBHH", 0x11, 0, 7, frame.full + 2)
            + protocol)


def ppp(frame):
    return b"\xff\x03" + (b"\x00\x21" if frame.version() == 4 else b"\x00\x57")


def chdlc(frame):
    return b"\x0f\0" + kind_of(frame)


def wifi(frame):
    """Quality of service; from the access point."""
    return b"\x88\x02\0\0" + MAC * 3 + bytes(2) + bytes(2) + SNAP + kind_of(frame)


def wifi_padded(frame):
    head = b"\x88\x02\0\0" + MAC * 3 + bytes(2) + bytes(2)
    return head + bytes(2) + SNAP + kind_of(frame)


def radiotap(frame):
    return struct.pack("<BBHIQBB", 0, 0, 18, 0x07, 1, 0, 2) + wifi(frame)


def radiotap_padded(frame):
    """Two words of presence, and the flag that says that the header is padded."""
    return struct.pack("<BBHIIB", 0, 0, 13, 0x80000002, 0, 0x20) + wifi_padded(frame)


def ppi(frame):
    return struct.pack("<BBHI", 0, 0, 8, 105) + wifi(frame)


def pktap(frame):
    return struct.pack("<III24sII", 108, 1, 1, b"en0", 2, 2).ljust(108, b"\0") + ethernet(frame)


def pflog(frame):
    return struct.pack(">BBBB16s16sIIIIIIB3x", 61, family(frame), 0, 0, b"em0", b"", 5, 0, 0, 0, 0,
                       0, 2 if frame.is_syn() else 1)


def nflog(frame):
    packet = struct.pack("<HHHBx", 8, 1, 0x0800, 3 if frame.is_syn() else 1)
    return (struct.pack(">BBH", 2, 0, 5) + packet + struct.pack("<HH4sHH", 7, 10, b"abc", 8, 4)
            + b"\0\0\0\x02" + struct.pack("<HH", len(frame.packet) + 4, 9))


def mpls(frame):
    return b"\x02" + b"\0" * 11 + b"\x88\x47" + bytes.fromhex("000100ff000111ff")


def mpls_ethernet(frame, word=b""):
    """A pseudowire (RFC 4448), and what Ethernet has inside is tagged."""
    return (b"\x02" + b"\0" * 11 + b"\x88\x47" + bytes.fromhex("000100ff000111ff") + word
            + ethernet(frame, b"\x81\x00\x00\x05"))


def mpls_controlled(frame):
    """With a control word (RFC 4385)."""
    return mpls_ethernet(frame, b"\0\0\0\x07")


def outer4(frame, protocol, more=b""):
    address = ipaddress.ip_address("192.0.2.77").packed
    header = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(more) + frame.full, 1, 0, 9, protocol, 0)
    return (b"\x02" + b"\0" * 11 + b"\x08\x00" + header + address + address + more)


def ip_in_ip(frame):
    return outer4(frame, 4 if frame.version() == 4 else 41)


def gre(frame):
    return outer4(frame, 47, b"\0\0" + kind_of(frame))


def pptp(frame):
    """RFC 2637, 4.1: with both numbers."""
    return outer4(frame, 47, b"\x30\x81\x88\x0b" + struct.pack(">HHII", frame.full + 4, 5, 1, 2)
                  + ppp(frame))


def pptp_compressed(frame):
    """The fields of PPP's header that go without saying are left out."""
    return outer4(frame, 47, b"\x30\x01\x88\x0b" + struct.pack(">HHI", frame.full + 1, 5, 1)
                  + (b"\x21" if frame.version() == 4 else b"\x57"))


def udp(frame, port, more):
    return outer4(frame, 17, struct.pack(">HHHH", 55555, port, 8 + len(more) + frame.full, 0)
                  + more)


def vxlan(frame):
    return udp(frame, 4789, b"\x08" + bytes(6) + b"\0" + ethernet(frame))


def vxlan_gpe(frame):
    return udp(frame, 4790, bytes((12, 0, 0, 1 if frame.version() == 4 else 2)) + bytes(4))


def geneve(frame):
    return udp(frame, 6081, b"\x01\0\x65\x58" + bytes(4) + b"\x01\x02\x80\0" + ethernet(frame))


def gre_bridged(frame):
    return outer4(frame, 47, b"\x20\0\x65\x58\0\0\0\x07" + ethernet(frame))


def erspan_1(frame):
    return outer4(frame, 47, b"\0\0\x88\xbe" + ethernet(frame))


def erspan_2(frame):
    return outer4(frame, 47, b"\x10\0\x88\xbe\0\0\0\x09\x10\0" + bytes(6) + ethernet(frame))


def erspan_3(frame):
    return outer4(frame, 47, b"\x10\0\x22\xeb\0\0\0\x09\x20" + bytes(10) + b"\x01" + bytes(8)
                  + ethernet(frame))


def tzsp(frame):
    return udp(frame, 37008, b"\x01\0\0\x01\x0a\x01\x05\0\x01" + ethernet(frame))


def gtp(frame):
    return udp(frame, 2152, b"\x34\xff\0\0\0\0\0\x01\0\0\0\x85\x01\x10\x00\x00")


def capwap(frame):
    return udp(frame, 5247, b"\0\x10\0\0\0\0\0\0" + ethernet(frame))


def capwap_native(frame):
    """As some controllers have it: the two bytes of the frame control are swapped."""
    head = wifi(frame)
    return udp(frame, 5247, b"\0\x10\x03\0\0\0\0\0" + head[1::-1] + head[2:])


# name: keyword arguments of capture_kit.write_pcap()
LINKS = {
    "raw": {"link": 101, "header": lambda frame: b""},
    "cooked": {"link": 113, "header": sll},
    "cooked-2": {"link": 276, "header": sll2},
    "null": {"link": 0, "header": lambda frame: struct.pack("<I", family(frame))},
    "null-swapped": {"link": 0, "header": lambda frame: struct.pack(">I", family(frame))},
    "loop": {"link": 108, "header": lambda frame: struct.pack(">I", family(frame))},
    "vlan": {"header": lambda frame: ethernet(frame, b"\x81\x00\x00\x05")},
    "qinq": {"header": lambda frame: ethernet(frame, b"\x88\xa8\x00\x05\x81\x00\x00\x06")},
    "ppp": {"link": 9, "header": ppp},
    "chdlc": {"link": 104, "header": chdlc},
    "wifi": {"link": 105, "header": wifi},
    "radiotap": {"link": 127, "header": radiotap},
    "radiotap-padded": {"link": 127, "header": radiotap_padded},
    "ppi": {"link": 192, "header": ppi},
    "pktap": {"link": 258, "header": pktap},
    "pktap-macos": {"link": 149, "header": pktap},
    "pflog": {"link": 117, "header": pflog},
    "nflog": {"link": 239, "header": nflog},
}
TUNNELS = {
    "pppoe": {"header": pppoe},
    "mpls": {"header": mpls},
    "mpls-ethernet": {"header": mpls_ethernet},
    "mpls-controlled": {"header": mpls_controlled},
    "pptp": {"header": pptp},
    "pptp-compressed": {"header": pptp_compressed},
    "ip-in-ip": {"header": ip_in_ip},
    "gre": {"header": gre},
}
# What is looked into when nobody outside asks anything.
OVERLAYS = {
    "VXLAN": {"header": vxlan},
    "VXLAN-GPE": {"header": vxlan_gpe},
    "GENEVE": {"header": geneve},
    "GRE": {"header": gre_bridged},
    "ERSPAN": {"header": erspan_1},
    "ERSPAN II": {"header": erspan_2},
    "ERSPAN III": {"header": erspan_3},
    "TZSP": {"header": tzsp},
    "GTP": {"header": gtp},
    "CAPWAP": {"header": capwap},
    "CAPWAP 802.11": {"header": capwap_native},
}
