/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef PACKET_TEXT_H
#define PACKET_TEXT_H

/*
 * Tables of frames in hex and what the decoder should make of them, as one line of text.
 * To be included after cmocka.h.
 */

#include "base/text.h"
#include "wire/packet.h"
#include <stdlib.h>
#include <string.h>

#define SAMPLE_BYTES 512
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct sample {
	enum link_type link;
	const char *hex;
	const char *expected;
	size_t needs; /* captured bytes from which on it decodes; 0: it never does */
};

static inline uint8_t hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *found = strchr(digits, c);

	assert_non_null(found);
	return (uint8_t)(found - digits);
}

/* The bytes that `hex` spells; blanks do not count. */
static inline size_t hex_bytes(const char *hex, uint8_t *out)
{
	size_t digits = 0;

	for (; *hex; hex++) {
		uint8_t *byte = &out[digits / 2];

		if (*hex == ' ')
			continue;
		assert_true(digits < 2 * (size_t)SAMPLE_BYTES);
		*byte = (uint8_t)((digits % 2 ? *byte << 4 : 0) | hex_digit(*hex));
		digits++;
	}
	assert_int_equal(digits % 2, 0);
	return digits / 2;
}

static inline void add_ends(struct text *t, const struct ip_header *ip,
			    const struct tcp_header *tcp)
{
	char src[ADDR_TEXT_BYTES], dst[ADDR_TEXT_BYTES];

	text_addf(t, "%s.%u > %s.%u", addr_text(&ip->src, src), tcp->src_port,
		  addr_text(&ip->dst, dst), tcp->dst_port);
}

static inline void add_tcp(struct text *t, const struct tcp_header *tcp)
{
	text_addf(t, " seq %x", tcp->seq);
	if (tcp->cut)
		text_add(t, " cut");
	else
		text_addf(t, " ack %x flags %x win %u opt %u", tcp->ack, tcp->flags, tcp->window,
			  tcp->options_len);
	if (tcp->mss)
		text_addf(t, " mss %u", tcp->mss);
	if (tcp->has_timestamp)
		text_addf(t, " ts %x/%x", tcp->ts_value, tcp->ts_echo);
}

static inline void add_icmp(struct text *t, const struct packet *p)
{
	static const char *const kinds[] = {"", "expired", "rejected", "other"};
	char src[ADDR_TEXT_BYTES], dst[ADDR_TEXT_BYTES];

	text_addf(t, "%s %u/%u %s > %s", kinds[p->kind], p->icmp.type, p->icmp.code,
		  addr_text(&p->ip.src, src), addr_text(&p->ip.dst, dst));
	if (p->icmp.quoted) {
		text_addf(t, " quotes ttl %u ", p->icmp.probe.ttl);
		add_ends(t, &p->icmp.probe, &p->icmp.tcp);
		add_tcp(t, &p->icmp.tcp);
	}
	for (size_t i = 0; i < p->icmp.mpls_n; i++)
		text_addf(t, " mpls %u/%u", p->icmp.mpls[i].label, p->icmp.mpls[i].ttl);
}

static inline void add_link(struct text *t, const struct packet *p)
{
	static const char *const directions[] = {"", " in", " out"};

	text_add(t, directions[p->direction]);
	if (p->ifindex)
		text_addf(t, " if %u", p->ifindex);
	if (p->loopback)
		text_add(t, " loopback");
	if (p->tunnel)
		text_addf(t, " via %s", p->tunnel);
}

/* "ttl 64 192.0.2.1.40001 > ..." or the reason why there is no packet. The caller frees *t. */
static inline void add_packet(struct text *t, enum decode result, const struct packet *p)
{
	static const char *const failures[] = {"", "other", "cut", "bad", "fragment", "link"};

	text_add(t, failures[result]);
	if (result != DECODE_OK)
		return;
	if (p->kind == PACKET_TCP) {
		text_addf(t, "ttl %u ", p->ip.ttl);
		add_ends(t, &p->ip, &p->tcp);
		add_tcp(t, &p->tcp);
		text_addf(t, " len %zu/%zu", p->payload_len, p->payload_wire_len);
	} else {
		add_icmp(t, p);
	}
	add_link(t, p);
}

/* Decodes a copy that ends where the memory ends, so that a sanitizer sees each step too far. */
static inline enum decode decode_copy(const struct frame *frame, struct packet *out)
{
	uint8_t *copy = malloc(frame->captured_len + 1);
	struct frame exact = *frame;
	enum decode result;

	assert_non_null(copy);
	exact.bytes = copy + 1;
	memcpy(copy + 1, frame->bytes, frame->captured_len);
	result = packet_decode(&exact, out);
	free(copy);
	out->payload = NULL;
	return result;
}

static inline void check_sample(const struct sample *sample)
{
	uint8_t bytes[SAMPLE_BYTES];
	uint32_t len = (uint32_t)hex_bytes(sample->hex, bytes);
	struct frame frame = {.bytes = bytes, .captured_len = len, .wire_len = len};
	struct text text = {0};
	struct packet packet;

	frame.link = sample->link;
	add_packet(&text, decode_copy(&frame, &packet), &packet);
	assert_string_equal(text_str(&text), sample->expected);
	text_free(&text);
}

/*
 * Cuts a frame at every length: it decodes when all that is needed is there, else it is cut. TCP
 * options at the end are not needed.
 */
static inline void check_cuts(const struct sample *sample)
{
	uint8_t bytes[SAMPLE_BYTES];
	uint32_t len = (uint32_t)hex_bytes(sample->hex, bytes);
	struct frame frame = {.bytes = bytes, .wire_len = len, .link = sample->link};
	struct packet packet;
	uint32_t needs = (uint32_t)sample->needs;

	frame.captured_len = len;
	if (decode_copy(&frame, &packet) == DECODE_OK && packet.kind == PACKET_TCP)
		needs -= packet.tcp.options_len;
	for (uint32_t n = 0; n < len; n++) {
		enum decode result;

		frame.captured_len = n;
		result = decode_copy(&frame, &packet);
		if (result != (n < needs ? DECODE_CUT : DECODE_OK))
			fail_msg("cut at %u: %d: %s", n, (int)result, sample->expected);
	}
}

static inline void check_samples(const struct sample *samples, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		check_sample(&samples[i]);
		if (samples[i].needs > 0)
			check_cuts(&samples[i]);
	}
}

#endif
