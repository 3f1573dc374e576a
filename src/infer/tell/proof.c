/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/tell/proof.h"
#include <stdlib.h>
#include <string.h>

static void add(struct proof *proof, uint32_t file, uint32_t frame)
{
	for (size_t i = 0; i < proof->n; i++) {
		if (proof->frames[i].file == file && proof->frames[i].frame == frame)
			return;
	}
	if (proof->n < PROOF_FRAMES_MAX && frame)
		proof->frames[proof->n++] = (struct frame_ref){.file = file, .frame = frame};
}

static bool in_range(const struct path *path, const struct probe *p, struct proof_range range)
{
	int slot = path_slot(path->trace, p->ttl);
	return p->dst_port == range.port && slot >= range.from && slot <= range.to;
}

void proof_replies(struct proof *proof, const struct path *path, struct proof_range range,
		   enum reply_kind kind)
{
	PATH_EACH_PROBE(path, p)
	{
		if (!in_range(path, p, range))
			continue;
		PATH_EACH_REPLY(path->trace, p, r)
		{
			if (r->kind == kind && path_counts(path->trace, p, r))
				add(proof, r->file, r->frame);
		}
	}
}

void proof_invalid(struct proof *proof, const struct path *path, uint16_t port)
{
	PATH_EACH_PROBE_TO(path, port, p)
	{
		PATH_EACH_REPLY(path->trace, p, r)
		{
			if (r->kind == REPLY_RESET && !r->ack_valid)
				add(proof, r->file, r->frame);
		}
	}
}

void proof_silent(struct proof *proof, const struct path *path, struct proof_range range)
{
	PATH_EACH_PROBE(path, p)
	{
		bool drew = false;
		PATH_EACH_REPLY(path->trace, p, r)
		drew = drew || path_counts(path->trace, p, r);
		if (in_range(path, p, range) && !drew)
			add(proof, p->file, p->frame);
	}
}

void proof_session(struct proof *proof, const struct trace *t, const struct session *session)
{
	uint32_t first = session ? path_first_packet(t, session) : TRACE_NONE;
	/* A reset counts most; then whatever was said. */
	for (int resets = 1; resets >= 0; resets--) {
		PATH_EACH_PACKET(t, first, p)
		{
			bool reset = (p->flags & FLOW_RESET) != 0;
			if (p->kind == FLOW_IN && reset == (resets == 1) && (reset || p->len))
				add(proof, p->file, p->frame);
		}
	}
}

static int by_frame(const void *a, const void *b)
{
	const struct frame_ref *x = a, *y = b;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->frame < y->frame ? -1 : x->frame > y->frame;
}

void proof_reason(struct arena *arena, struct verdict *verdict, struct reason item,
		  struct proof *proof)
{
	if (verdict->reasons_n >= RESULT_REASONS_MAX)
		return;
	size_t n = proof ? proof->n : 0;
	struct frame_ref *copy = n ? arena_alloc(arena, sizeof(*copy) * n) : NULL;
	if (copy) {
		memcpy(copy, proof->frames, sizeof(*copy) * n);
		qsort(copy, n, sizeof(*copy), by_frame);
	}
	item.packets = copy;
	item.packets_n = copy ? n : 0;
	verdict->reasons[verdict->reasons_n++] = item;
}
