/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_ICMP_H
#define WIRE_ICMP_H

/*
 * ICMP errors of both families (RFC 792, RFC 4443), the packet they quote and the
 * MPLS labels that routers append (RFC 4884, RFC 4950).
 */

#include "wire/ip.h"
#include "wire/packet.h"

/*
 * Reads an ICMP message of either family. A quote that is none of ours to understand
 * leaves out->quoted false; DECODE_CUT when the capture lacks a part that would tell.
 */
enum decode icmp_decode(const struct ip_view *ip, struct icmp_header *out);

enum packet_kind icmp_kind(const struct ip_view *ip, const struct icmp_header *icmp);

#endif
