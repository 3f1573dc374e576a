/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef FOREIGN_PLAY_H
#define FOREIGN_PLAY_H

/*
 * Plays lines of text as the packets of somebody else's capture:
 *
 *	MS SRC:PORT > DST:PORT FLAGS [seq N] [ack N] [ttl N] [id N]
 *	MS SRC > DST icmp TYPE CODE of SRC:PORT > DST:PORT seq N [ttl N] [id N]
 *
 * FLAGS are letters of SAFRP. To be included after cmocka.h.
 */

#include "trace/match.h"
#include "trace/survey.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLAY_LINE 256
#define PLAY_MS	  1000000

static inline void play_addr(const char *text, struct addr *out)
{
	if (!addr_parse(text, out))
		fail_msg("no address: %s", text);
}

static inline uint8_t play_flags(const char *letters)
{
	static const char names[] = "FSRPA";
	uint8_t flags = 0;

	for (; *letters; letters++)
		flags |= (uint8_t)(1u << (strchr(names, *letters) - names));
	return flags;
}

/* The number behind a word of the line, or `missing`. */
static inline uint32_t play_number(const char *line, const char *word, uint32_t missing)
{
	const char *at = strstr(line, word);

	return at ? (uint32_t)strtoul(at + strlen(word), NULL, 10) : missing;
}

static inline void play_icmp(const char *line, struct packet *p)
{
	char src[64], dst[64], inner_src[64], inner_dst[64];
	unsigned ms, type, code, sport, dport;

	if (sscanf(line, "%u %63s > %63s icmp %u %u of %63[^ :]:%u > %63[^ :]:%u", &ms, src, dst,
		   &type, &code, inner_src, &sport, inner_dst, &dport) != 9)
		fail_msg("not understood: %s", line);
	p->kind = type == 11 ? PACKET_ICMP_EXPIRED : PACKET_ICMP_REJECTED;
	play_addr(src, &p->ip.src);
	play_addr(dst, &p->ip.dst);
	play_addr(inner_src, &p->icmp.probe.src);
	play_addr(inner_dst, &p->icmp.probe.dst);
	p->icmp.quoted = true;
	p->icmp.type = (uint8_t)type;
	p->icmp.code = (uint8_t)code;
	p->icmp.probe.ttl = 1;
	p->icmp.probe.id = (uint16_t)play_number(line, " id ", 0);
	p->icmp.tcp = (struct tcp_header){
		.src_port = (uint16_t)sport,
		.dst_port = (uint16_t)dport,
		.seq = play_number(line, " seq ", 0),
		.cut = true,
	};
	p->ip.ttl = 250;
	p->at_ns = (int64_t)ms * PLAY_MS;
}

static inline void play_tcp(const char *line, struct packet *p)
{
	char src[64], dst[64], letters[8];
	unsigned ms, sport, dport;

	if (sscanf(line, "%u %63[^ :]:%u > %63[^ :]:%u %7s", &ms, src, &sport, dst, &dport,
		   letters) != 6)
		fail_msg("not understood: %s", line);
	p->kind = PACKET_TCP;
	play_addr(src, &p->ip.src);
	play_addr(dst, &p->ip.dst);
	p->ip.ttl = (uint8_t)play_number(line, " ttl ", 64);
	p->ip.id = (uint16_t)play_number(line, " id ", 0);
	p->tcp = (struct tcp_header){
		.src_port = (uint16_t)sport,
		.dst_port = (uint16_t)dport,
		.flags = play_flags(letters),
		.seq = play_number(line, " seq ", 0),
		.ack = play_number(line, " ack ", 0),
	};
	p->at_ns = (int64_t)ms * PLAY_MS;
}

/* Reads the line that starts at *script; false at the end. */
static inline bool play_next(const char **script, uint32_t *frame, struct packet *p)
{
	char line[PLAY_LINE];
	size_t n = strcspn(*script, "\n");

	if (n == 0)
		return false;
	assert_true(n < sizeof(line));
	memcpy(line, *script, n);
	line[n] = '\0';
	*script += n + ((*script)[n] == '\n');
	*p = (struct packet){.frame = ++*frame, .file = 1};
	if (strstr(line, " icmp "))
		play_icmp(line, p);
	else
		play_tcp(line, p);
	/* Equal lines are equal packets, whenever they come. */
	p->digest = 0;
	for (const char *c = strchr(line, ' '); *c; c++)
		p->digest = p->digest * 31 + (uint8_t)*c;
	return true;
}

/* Surveys and matches the script into *t, which the caller frees. */
static inline void play(const char *script, const struct survey_wish *wish, struct trace *t,
			struct survey_choice *choice)
{
	struct survey survey = {.port = wish->port};
	const char *at = script;
	struct packet p;
	uint32_t frame = 0;

	trace_init(t);
	while (play_next(&at, &frame, &p))
		assert_true(survey_add(&survey, &p, (struct link_ends){0}));
	assert_true(survey_choose(&survey, wish, choice));
	assert_true(survey_fill(&survey, wish, choice, t));
	assert_true(survey_explain(&survey, choice, t));
	survey_free(&survey);
	at = script;
	frame = 0;
	while (play_next(&at, &frame, &p))
		(void)match_packet(t, &p);
}

#endif
