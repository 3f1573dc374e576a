/* SPDX-License-Identifier: BSD-2-Clause */
/* What of a packet is kept: its headers, and the words of SMTP that every server and client say. */
#include "base/addr.h"
#include "cli/show/receive_file.h"
#include <string.h>
#include <strings.h>

#define TLS_HANDSHAKE 0x16
#define DIGITS	      3

static bool begins(const uint8_t *s, size_t n, const char *word)
{
	size_t len = strlen(word);

	return n >= len && strncasecmp((const char *)s, word, len) == 0;
}

/* "250-STARTTLS": three digits and what separates them from the text. */
static bool is_reply(const uint8_t *s, size_t n)
{
	return n > DIGITS && s[0] >= '2' && s[0] <= '5' && s[1] >= '0' && s[1] <= '5' &&
	       s[2] >= '0' && s[2] <= '9' && (s[DIGITS] == ' ' || s[DIGITS] == '-');
}

/* Where a client names itself and asks for TLS; never names, passwords or mail. */
static bool is_greeting(const uint8_t *s, size_t n)
{
	static const char *const words[] = {"EHLO ", "HELO ", "STARTTLS\r\n", "QUIT\r\n"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (begins(s, n, words[i]))
			return true;
	}
	return false;
}

/* How much of a segment's payload says what `compare` looks at: whole lines, or none. */
static size_t dialogue_len(const struct packet *p, bool inwards)
{
	const uint8_t *s = p->payload, *line;
	size_t n = s ? p->payload_len : 0;

	if (n == 0)
		return 0;
	if (n > 2 && s[0] == TLS_HANDSHAKE && s[1] == 3)
		return n;
	if (!inwards)
		return is_reply(s, n) ? n : 0;
	if (!is_greeting(s, n))
		return 0;
	/* Commands that follow in the same segment are other ones. */
	line = memchr(s, '\n', n);
	return line ? (size_t)(line - s) + 1 : n;
}

static bool is_one_client(const struct prefix *from)
{
	return from->len == (from->addr.family == 4 ? 32 : 128);
}

void receiver_cut(const struct receiver *r, const struct packet *p, struct frame *frame)
{
	const uint8_t *end = p->kind == PACKET_TCP ? p->payload : p->icmp.behind;
	size_t keep = end ? (size_t)(end - frame->bytes) : 0;
	bool inwards = prefix_contains(&r->from, &p->ip.src);
	uint16_t port = inwards ? p->tcp.dst_port : p->tcp.src_port;

	if (p->kind == PACKET_TCP && port == r->o->port && is_one_client(&r->from))
		keep += dialogue_len(p, inwards);
	if (keep < frame->captured_len)
		frame->captured_len = (uint32_t)keep;
}
