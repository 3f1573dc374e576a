/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plays the input as the segments of one mail session in somebody else's capture. A segment is a
 * byte of flags (1: from the client, 2: FIN, 4: RST, 8: a byte is missing before it, 16: sent
 * again, 32: cut by the snapshot length), a byte of time (20 ms), a byte of length, and the text.
 */
#include "base/bytes.h"
#include "fuzz_check.h"
#include "trace/match.h"
#include <string.h>

#define START_NS (INT64_C(1700000000) * 1000000000)
#define STEP_NS	 (INT64_C(20) * 1000000)

enum { FROM_CLIENT = 1, WITH_FIN = 2, WITH_RESET = 4, GAP = 8, AGAIN = 16, SNAPPED = 32 };

struct stage {
	struct trace t;
	struct addr client, server;
	int64_t at_ns;
	uint32_t frame;
	uint32_t next[2]; /* sequence numbers: the server's, the client's */
};

static void send_packet(struct stage *s, bool out, uint8_t flags, struct bytes payload,
			bool snapped)
{
	struct packet p = {
		.at_ns = s->at_ns,
		.frame = ++s->frame,
		.file = 1,
		.kind = PACKET_TCP,
		.ip = {.src = out ? s->client : s->server,
		       .dst = out ? s->server : s->client,
		       .ttl = 64,
		       .id = (uint16_t)s->frame},
		.tcp = {.src_port = out ? 40000 : 587,
			.dst_port = out ? 587 : 40000,
			.seq = s->next[out],
			.ack = s->next[!out],
			.flags = flags},
		.payload = payload.at,
		.payload_len = payload.len,
		.payload_wire_len = payload.len + (snapped ? 7 : 0),
		.digest = s->frame,
	};

	(void)match_packet(&s->t, &p);
	s->next[out] += (uint32_t)p.payload_wire_len;
	if (flags & (TCP_SYN | TCP_FIN))
		s->next[out]++;
}

static void open_stage(struct stage *s)
{
	struct server server = {.host = "mail.example", .port = 587};

	*s = (struct stage){.at_ns = START_NS, .next = {1000, 2000}};
	trace_init(&s->t);
	require(addr_parse("203.0.113.25", &s->server) && addr_parse("192.0.2.1", &s->client));
	server.addr = s->server;
	server.client = s->client;
	require(trace_add_server(&s->t, &server));
	send_packet(s, true, TCP_SYN, (struct bytes){0}, false);
	send_packet(s, false, TCP_SYN | TCP_ACK, (struct bytes){0}, false);
	send_packet(s, true, TCP_ACK, (struct bytes){0}, false);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	struct stage s;

	open_stage(&s);
	while (bytes_left(&in) >= 3) {
		uint8_t how = bytes_u8(&in);
		uint8_t flags = TCP_ACK;
		bool out = how & FROM_CLIENT;
		uint32_t before;
		struct bytes text;

		s.at_ns += bytes_u8(&in) * STEP_NS;
		text = bytes_take(&in, bytes_u8(&in));
		flags |= how & WITH_FIN ? TCP_FIN : 0;
		flags |= how & WITH_RESET ? TCP_RST : 0;
		s.next[out] += how & GAP ? 1 : 0;
		before = s.next[out];
		send_packet(&s, out, flags, text, how & SNAPPED);
		if (how & AGAIN)
			s.next[out] = before;
	}
	s.t.run.ended_ns = s.t.last_ns;
	for (size_t i = 0; i < s.t.sessions_n; i++)
		require(!s.t.sessions[i].lines || strlen(s.t.sessions[i].lines) < 8192);
	judge_and_check(&s.t);
	trace_free(&s.t);
	return 0;
}
