/* SPDX-License-Identifier: BSD-2-Clause */
/* Headers that firewalls and capture programs put before a packet. */
#include "wire/link.h"

enum {
	PFLOG_DIRECTION = 60, /* offset */
	PFLOG_IN = 1,
	PFLOG_OUT = 2,
	PKTAP_NAME = 24,
	PKTAP_IN = 1,
	PKTAP_OUT = 2,
	NFLOG_PACKET = 1,
	NFLOG_PAYLOAD = 9,
	HOOK_PREROUTING = 0,
	HOOK_INPUT = 1,
	HOOK_OUTPUT = 3,
	HOOK_POSTROUTING = 4,
};

/*
 * pf: the header's length without its padding to four bytes, the family, the action, the reason,
 * names, numbers, and the direction.
 */
uint16_t link_pflog_type(struct bytes *in, struct link_view *out)
{
	struct bytes header = *in;
	size_t len = bytes_u8(&header);
	uint8_t direction = 0;

	if (len > PFLOG_DIRECTION) {
		bytes_skip(&header, PFLOG_DIRECTION - 1);
		direction = bytes_u8(&header);
	}
	if (direction == PFLOG_IN)
		out->direction = DIRECTION_IN;
	else if (direction == PFLOG_OUT)
		out->direction = DIRECTION_OUT;
	bytes_skip(in, (len + 3) / 4 * 4);
	return link_version_type(in);
}

static void set_hook(struct link_view *out, struct bytes value)
{
	uint8_t hook;

	bytes_skip(&value, 2);
	hook = bytes_u8(&value);
	if (hook == HOOK_OUTPUT || hook == HOOK_POSTROUTING)
		out->direction = DIRECTION_OUT;
	else if (hook == HOOK_PREROUTING || hook == HOOK_INPUT)
		out->direction = DIRECTION_IN;
}

/*
 *  |  family  |  version  |  group (network order)  |
 *  |  length, with this  |  type  |  value, padded to four bytes ...
 *
 * Lengths and types are in the order of the machine, and small enough to show which it is.
 */
uint16_t link_nflog_type(struct bytes *in, struct link_view *out)
{
	bytes_skip(in, 4);
	while (!in->cut) {
		struct bytes ahead = *in;
		uint16_t len, type;
		bool little;
		struct bytes value;

		bytes_skip(&ahead, 2);
		type = bytes_u16(&ahead);
		little = type >= 0x100;
		len = bytes_u16_as(in, little);
		type = bytes_u16_as(in, little);
		if (in->cut || len < 4)
			return TYPE_NONE;
		if (type == NFLOG_PAYLOAD)
			return link_version_type(in);
		value = bytes_take(in, len - 4u);
		if (type == NFLOG_PACKET)
			set_hook(out, value);
		bytes_skip(in, (4u - len % 4u) % 4u);
	}
	return TYPE_NONE;
}

/* |  version  |  flags  |  length  |  link type |, all little endian */
static enum link_type unwrap_ppi(struct bytes *in)
{
	struct bytes header = *in;
	uint16_t len;

	bytes_skip(&header, 2);
	len = bytes_u16_as(&header, true);
	bytes_skip(in, len < 8 ? 8 : len);
	return link_from_dlt(bytes_u32_as(&header, true));
}

/*
 * |  length  |  kind  |  link type  |  interface's name (24)  |  flags |, in the order of the
 * machine, which the length shows.
 */
static enum link_type unwrap_pktap(struct bytes *in, struct link_view *out)
{
	struct bytes header = *in;
	uint32_t len = bytes_u32(&header);
	bool little = len > 0xffff;
	uint32_t dlt, flags;

	header.pos = in->pos;
	len = bytes_u32_as(&header, little);
	bytes_skip(&header, 4);
	dlt = bytes_u32_as(&header, little);
	bytes_skip(&header, PKTAP_NAME);
	flags = bytes_u32_as(&header, little);
	if (flags & PKTAP_IN)
		out->direction = DIRECTION_IN;
	else if (flags & PKTAP_OUT)
		out->direction = DIRECTION_OUT;
	bytes_skip(in, len < header.pos - in->pos ? header.pos - in->pos : len);
	in->cut = in->cut || header.cut;
	return header.cut ? LINK_UNKNOWN : link_from_dlt(dlt);
}

enum link_type link_unwrap(enum link_type link, struct bytes *in, struct link_view *out)
{
	return link == LINK_PPI ? unwrap_ppi(in) : unwrap_pktap(in, out);
}
