/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/load/feed.h"
#include "wire/packet.h"

/* An ICMP error to the client of which the capture lacks what tells what it is about. */
static bool hides_error(const struct trace *t, const struct packet *packet)
{
	for (size_t i = 0; i < t->servers_n && packet->kind != PACKET_TCP; i++) {
		if (addr_equal(&t->servers[i].client, &packet->ip.dst))
			return true;
	}
	return false;
}

bool feed_frame(struct trace *t, const struct frame *frame, struct feed_counts *counts)
{
	struct packet packet;

	counts->frames++;
	switch (packet_decode(frame, &packet)) {
	case DECODE_OK:
		break;
	case DECODE_LINK:
		counts->unlinked++;
		return false;
	case DECODE_CUT:
		/* Then silence may be for want of reading it. */
		t->run.blind = t->run.blind || (!t->run.own && hides_error(t, &packet));
		counts->broken++;
		return false;
	case DECODE_BAD:
		counts->broken++;
		return false;
	case DECODE_OTHER:
	case DECODE_FRAGMENT:
		return false;
	}
	if (match_packet(t, &packet) == MATCH_STRANGER)
		return false;
	counts->kept++;
	return true;
}
