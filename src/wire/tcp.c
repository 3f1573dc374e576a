/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/tcp.h"

enum {
	TCP_HEADER_WORDS = 5,
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_MSS = 2,
	OPTION_TIMESTAMP = 8, /* RFC 7323 */
};

static void read_option(uint8_t kind, struct bytes *body, struct tcp_header *out)
{
	if (kind == OPTION_MSS && body->len == 2) {
		out->mss = bytes_u16(body);
	} else if (kind == OPTION_TIMESTAMP && body->len == 8) {
		out->has_timestamp = true;
		out->ts_value = bytes_u32(body);
		out->ts_echo = bytes_u32(body);
	}
}

/* Stops where the lengths no longer make sense: what follows cannot be told apart. */
static void read_options(struct bytes *in, struct tcp_header *out)
{
	while (bytes_left(in) > 0) {
		uint8_t kind = bytes_u8(in);
		struct bytes body;
		uint8_t len;

		if (kind == OPTION_END)
			return;
		if (kind == OPTION_NOP)
			continue;
		len = bytes_u8(in);
		if (len < 2)
			return;
		body = bytes_take(in, len - 2u);
		if (!body.cut)
			read_option(kind, &body, out);
	}
}

/*
 *  |          Source Port          |       Destination Port        |
 *  |                        Sequence Number                        |
 *  |                    Acknowledgment Number                      |
 *  | Offset|  Res  |     Flags     |            Window             |
 *  |           Checksum            |         Urgent Pointer        |
 *  |                            Options                            |
 */
bool tcp_decode(struct bytes *in, struct tcp_header *out)
{
	struct bytes options;
	uint32_t ack;
	uint16_t offset_flags;
	uint16_t window;
	unsigned int words;

	*out = (struct tcp_header){.cut = true};
	out->src_port = bytes_u16(in);
	out->dst_port = bytes_u16(in);
	out->seq = bytes_u32(in);
	if (in->cut)
		return false;
	ack = bytes_u32(in);
	offset_flags = bytes_u16(in);
	window = bytes_u16(in);
	bytes_skip(in, 4);
	words = offset_flags >> 12;
	/* An offset too small is zero padding after a short quote, or garbage. */
	if (in->cut || words < TCP_HEADER_WORDS)
		return true;
	out->cut = false;
	out->ack = ack;
	out->flags = (uint8_t)offset_flags;
	out->window = window;
	out->options_len = (uint8_t)((words - TCP_HEADER_WORDS) * 4);
	options = bytes_take(in, out->options_len);
	read_options(&options, out);
	return true;
}
