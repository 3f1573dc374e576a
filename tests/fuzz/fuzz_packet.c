/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Feeds bytes to the packet decoder. The low half of the first byte chooses the link type;
 * its highest bit says that the frame was longer on the wire than captured. Besides what
 * the sanitizers see, a decoded packet must keep its promises.
 */
#include "wire/neighbour.h"
#include "wire/packet.h"
#include <stdlib.h>

#define BEYOND_SNAPSHOT 1000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check(const struct frame *frame, const struct packet *packet)
{
	uint8_t last = 0;

	require(packet->ip.src.family == packet->ip.dst.family);
	require(addr_is_set(&packet->ip.src));
	require(packet->icmp.mpls_n <= PACKET_MPLS_MAX);
	if (packet->kind != PACKET_TCP) {
		require(packet->payload == NULL && packet->tcp.src_port == 0);
		return;
	}
	require(!packet->tcp.cut);
	require(packet->payload_len <= packet->payload_wire_len);
	require(packet->payload >= frame->bytes);
	require(packet->payload + packet->payload_len <= frame->bytes + frame->captured_len);
	/* The sanitizer must see the payload read. */
	for (size_t i = 0; i < packet->payload_len; i++)
		last = (uint8_t)(last ^ packet->payload[i]);
	require(packet->payload_len > 0 || last == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame frame = {.number = 1, .file = 1};
	struct packet packet;
	struct link_ends ends;
	struct addr addr;
	hardware at;

	if (size == 0 || size > UINT16_MAX)
		return 0;
	frame.link = (enum link_type)((data[0] & 0x0f) % (LINK_PPP_ETHER + 1));
	frame.bytes = data + 1;
	frame.captured_len = (uint32_t)size - 1;
	frame.wire_len = frame.captured_len + (data[0] & 0x80 ? BEYOND_SNAPSHOT : 0);
	if (packet_decode(&frame, &packet) == DECODE_OK)
		check(&frame, &packet);
	ends = neighbour_ends(&frame);
	require(ends.from >> 48 == 0 && ends.to >> 48 == 0);
	if (neighbour_claim(&frame, &addr, &at))
		require(addr_is_set(&addr) && at != 0 && at >> 48 == 0);
	return 0;
}
