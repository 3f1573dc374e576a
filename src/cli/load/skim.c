/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/load/skim.h"
#include <stdlib.h>
#include <string.h>

#define PARTS_MAX      1024
#define PART_BYTES_MIN ((uint64_t)1024 * 1024)
#define WORDS	       512 /* of 64 bits: for the thousand conversations in some megabytes */
#define RECORD_BYTES   16  /* what a file has for each frame, at least */
#define WORD_BITS      64
#define MULTIPLIER     UINT64_C(0x9e3779b97f4a7c15)

struct skim_part {
	struct source_place start;
	bool fixed; /* where it starts cannot be returned to */
	uint64_t bits[WORDS];
};

static uint64_t mixed(const uint8_t *addr, uint8_t family)
{
	uint64_t first = 0, second = 0;

	memcpy(&first, addr, family == 4 ? 4 : sizeof(first));
	if (family != 4)
		memcpy(&second, addr + sizeof(first), sizeof(second));
	first = (first ^ second * MULTIPLIER) * MULTIPLIER;
	return (first ^ first >> 32) * MULTIPLIER;
}

/* The same in both directions. */
static uint64_t pair_key(const uint8_t *a, const uint8_t *b, uint8_t family)
{
	uint64_t sum = (mixed(a, family) + mixed(b, family)) * MULTIPLIER;

	return sum ^ sum >> 32;
}

static uint64_t bit(uint64_t key)
{
	return UINT64_C(1) << key % WORD_BITS;
}

static size_t word(uint64_t key)
{
	return key / WORD_BITS % WORDS;
}

static void add_key(struct skim_part *part, uint64_t key)
{
	part->bits[word(key)] |= bit(key);
	part->bits[word(key >> 32)] |= bit(key >> 32);
}

static bool has_key(const struct skim_part *part, uint64_t key)
{
	return (part->bits[word(key)] & bit(key)) && (part->bits[word(key >> 32)] & bit(key >> 32));
}

/* Two neighbours become one: parts are half as many and twice as long. */
static void merge(struct skim *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct skim_part *into = &s->parts[i / 2];

		if (i % 2 == 0) {
			*into = s->parts[i];
			continue;
		}
		for (size_t k = 0; k < WORDS; k++)
			into->bits[k] |= s->parts[i].bits[k];
		into->fixed = into->fixed || s->parts[i].fixed;
	}
	s->n = (s->n + 1) / 2;
	s->part_bytes *= 2;
}

/* Starts another part at the source's place. False without memory. */
static bool open_part(struct skim *s, const struct source *source)
{
	struct skim_part *part;

	if (!s->parts) {
		s->part_bytes = PART_BYTES_MIN;
		s->parts = calloc(PARTS_MAX, sizeof(*s->parts));
		if (!s->parts)
			return false;
	}
	if (s->n == PARTS_MAX)
		merge(s);
	part = &s->parts[s->n++];
	*part = (struct skim_part){0};
	part->fixed = !source_place(source, &part->start);
	s->noted = 0;
	return true;
}

bool skim_begin(struct skim *s, const struct source *source)
{
	return open_part(s, source);
}

bool skim_note(struct skim *s, const struct source *source, const struct frame *frame,
	       const struct glance *glance, const struct packet *packet)
{
	struct skim_part *part = &s->parts[s->n - 1];

	if (glance->kind == GLANCE_TCP)
		add_key(part, pair_key(glance->src, glance->dst, glance->family));
	else if (packet && packet->kind == PACKET_TCP)
		add_key(part, pair_key(packet->ip.src.b, packet->ip.dst.b, packet->ip.src.family));
	else if (packet && packet->icmp.quoted)
		add_key(part, pair_key(packet->ip.dst.b, packet->icmp.probe.dst.b,
				       packet->ip.dst.family));
	s->noted += frame->captured_len + RECORD_BYTES;
	return s->noted < s->part_bytes || open_part(s, source);
}

/*
 * Whether what the part holds, from its start to the next one's, may be of the measurement: only
 * what passes between a server and its client is (foreign_admits()).
 */
static bool matters(const struct skim *s, size_t i, const struct trace *t)
{
	const struct skim_part *part = &s->parts[i];

	if (i + 1 == s->n || part->fixed || s->parts[i + 1].fixed ||
	    part->start.shape != s->parts[i + 1].start.shape)
		return true;
	for (size_t k = 0; k < t->servers_n; k++) {
		const struct server *server = &t->servers[k];

		if (has_key(part, pair_key(server->client.b, server->addr.b, server->addr.family)))
			return true;
	}
	return false;
}

bool skim_move(struct skim *s, struct source *source, const struct trace *t)
{
	struct source_place now;
	size_t to;

	if (s->next >= s->n || !source_place(source, &now) || now.at != s->parts[s->next].start.at)
		return true;
	to = s->next;
	while (!matters(s, to, t))
		to++;
	s->next++;
	if (to == s->next - 1)
		return true;
	s->next = to + 1;
	return source_move(source, &s->parts[to].start);
}

void skim_free(struct skim *s)
{
	free(s->parts);
	*s = (struct skim){0};
}
