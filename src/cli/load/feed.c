/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/load/feed.h"
#include "wire/packet.h"

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
