/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/way/repeats.h"

bool repeats_tell(const struct path *path, const struct probe *p)
{
	if (!p->implied)
		return true;
	PATH_EACH_REPLY(path->trace, p, r)
	{
		if (r->kind != REPLY_EXPIRED && path_counts(path->trace, p, r))
			return true;
	}
	return false;
}

static unsigned count_answers(const struct path *path, const struct probe *p)
{
	unsigned n = 0;
	PATH_EACH_REPLY(path->trace, p, r)
	n += path_counts(path->trace, p, r);
	return n;
}

/*
 * Whether no SYN of the 5-tuple drew anything. Then it does not matter that an older one, with
 * another number, may stand half open: whoever has it so answers the newer one, too, with a SYN-ACK
 * or a challenge (RFC 5961, 4).
 */
static bool is_silent_tuple(const struct trace *t, const struct probe *p)
{
	const struct addr *server = &t->servers[p->server].addr;
	uint32_t at = trace_find_tuple(t, server, p->dst_port, p->src_port);
	unsigned steps = 0;
	for (; at != TRACE_NONE; at = t->probes[at].next_in_tuple) {
		const struct probe *one = &t->probes[at];
		if (one->first_reply != TRACE_NONE || one->first_packet != TRACE_NONE ||
		    one->closed || ++steps > TRACE_TUPLE_MAX)
			return false;
	}
	return true;
}

uint32_t repeats_trials(const struct path *path, const struct probe *p, bool answered)
{
	const struct trace *t = path->trace;
	int64_t due = p->last_ns + path->wait_ns;
	if (answered) {
		unsigned answers = count_answers(path, p);
		return p->sent > answers ? p->sent - answers + 1 : 1;
	}
	/* What was answered, however oddly, did not vanish. */
	if (t->run.blind || p->implied || p->first_reply != TRACE_NONE ||
	    trace_lossy(t, p->at_ns, due) || !(trace_alone(t, p) || is_silent_tuple(t, p)))
		return 0;
	if (t->last_ns >= due)
		return p->sent;
	/* The last one is too young to be missed; those before it are not. */
	return t->last_ns >= p->at_ns + path->wait_ns ? p->sent - 1 : 0;
}
