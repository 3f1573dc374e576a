#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The network fails, or is loud, while the program measures. Needs root."""

import signal
import socket
import struct
import sys
import threading
import time

from faulty import finish, main, measure, preload, run, start, under_way

HARMLESS = ("open", "unknown")


def assert_no_blame(result):
    verdict = result["verdict"]
    assert verdict["state"] in HARMLESS, verdict["sentence"]


def lose(*words):
    """Takes something away in the middle of an open port's measurement."""
    with under_way("--no-smtp", packets=12) as process:
        run(*words)
        status, result, _ = finish(process)
    assert_no_blame(result)
    assert status in (0, 20), status
    assert result["run"]["stop"] in ("no-network", "decided"), result["run"]["stop"]
    return result


def link_down():
    """the device goes down"""
    result = lose("ip", "link", "set", "eth0", "down")
    texts = [fact["text"] or "" for fact in result["host"]["facts"]]
    assert any("device went down" in text for text in texts), (texts, result["run"])


def address_gone():
    """the address goes"""
    lose("ip", "addr", "flush", "dev", "eth0")


def route_gone():
    """the default route goes"""
    lose("ip", "route", "del", "default")


def device_gone():
    """the device itself goes"""
    lose("ip", "link", "del", "eth0")


def queue_full():
    """the device refuses packets of any port (ENOBUFS)"""
    run("nft", "add table netdev t; add chain netdev t c { type filter hook egress device eth0 "
        "priority 0; }; add rule netdev t c tcp flags syn / syn,ack "
        "limit rate over 25/second burst 5 packets drop")
    _, result, _ = measure("--no-smtp")
    assert_no_blame(result)


def set_back():
    """the clock is set back an hour in the middle"""
    step("-3600")


def set_forward():
    """the clock is set forward an hour in the middle"""
    step("3600")


def step(seconds):
    env = preload() | {"FAULT_CLOCK": seconds}
    began = time.monotonic()
    _, result, _ = measure("--no-smtp", env=env)
    assert time.monotonic() - began < 10, "it waited for the clock"
    verdict = result["verdict"]
    assert (verdict["state"], verdict["blocker"]) == ("blocked", "isp"), verdict["sentence"]
    assert 0 <= result["run"]["duration_ms"] < 10000, result["run"]


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def icmp_error(index):
    """An ICMP prohibited that quotes a SYN nobody sent."""
    own, server = socket.inet_aton("192.168.1.20"), socket.inet_aton("203.0.113.25")
    quoted = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 60, index & 0xFFFF, 0x4000, 60, 6, 0, own,
                         server)
    quoted += struct.pack("!HHI", 10000 + index % 50000, 587, index * 7919 & 0xFFFFFFFF)
    head = struct.pack("!BBHI", 3, 13, 0, 0)
    return head[:2] + struct.pack("!H", checksum(head + quoted)) + head[4:] + quoted


def noise(stop):
    """About 1,000 packets a second of somebody else's TCP and ICMP."""
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    index = 0
    while not stop.is_set():
        for _ in range(10):
            index += 1
            raw.sendto(icmp_error(index), ("192.168.1.20", 0))
            with socket.socket() as tcp:
                tcp.setblocking(False)
                tcp.connect_ex(("127.0.0.1", 587))
        time.sleep(0.01)


def with_noise():
    stop = threading.Event()
    thread = threading.Thread(target=noise, args=(stop,))
    thread.start()
    try:
        return measure("--no-smtp")
    finally:
        stop.set()
        thread.join()


def noise_open():
    """noise beside an open port"""
    status, result, _ = with_noise()
    assert status == 0, result["verdict"]["sentence"]


def noise_blocked():
    """noise beside a provider that drops"""
    _, result, _ = with_noise()
    assert result["verdict"]["blocker"] == "isp", result["verdict"]["sentence"]


def capture_lost():
    """the capture overflows: what it did not show is no evidence"""
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    with under_way("--no-smtp", packets=8) as process:
        process.send_signal(signal.SIGSTOP)
        for index in range(20000):
            raw.sendto(icmp_error(index), ("192.168.1.20", 0))
        process.send_signal(signal.SIGCONT)
        _, result, _ = finish(process)
    assert result["run"]["capture_dropped"] > 0
    assert_no_blame(result)


def two_at_once():
    """two runs at the same time"""
    both = [start("--no-smtp") for _ in range(2)]
    verdicts = [finish(process)[1]["verdict"] for process in both]
    for verdict in verdicts:
        assert (verdict["state"], verdict["blocker"]) == ("blocked", "isp"), verdict["sentence"]


def two_users():
    """two runs at the same time, the host itself blocks"""
    both = [start("--no-smtp") for _ in range(2)]
    for process in both:
        assert finish(process)[1]["verdict"]["blocker"] == "local-host"


CASES = {
    "link-down": ("--rtt 300 T1", link_down),
    "address-gone": ("--rtt 300 T1", address_gone),
    "route-gone": ("--rtt 300 T1", route_gone),
    "device-gone": ("--rtt 300 T1", device_gone),
    "queue-full": ("T1", queue_full),
    "set-back": ("--rtt 100 isp2-drop.4n", set_back),
    "set-forward": ("--rtt 100 isp2-drop.4n", set_forward),
    "noise-open": ("T1", noise_open),
    "noise-blocked": ("isp2-drop.4n", noise_blocked),
    "capture-lost": ("--rtt 200 T1", capture_lost),
    "two-at-once": ("isp2-drop.4n", two_at_once),
    "two-users": ("local-drop.4n", two_users),
}

if __name__ == "__main__":
    sys.exit(main(CASES))
