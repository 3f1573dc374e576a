/* SPDX-License-Identifier: BSD-2-Clause */
/* How long an answer is waited for. */
#include "infer/way/path.h"

#define MS		INT64_C(1000000)
#define WAIT_MARGIN_NS	(200 * MS)
#define WAIT_MAX_NS	(3000 * MS)
#define SYNACK_AGAIN_NS (1000 * MS) /* RFC 6298: no server repeats a SYN-ACK earlier */

/* Round trip of the SYN-ACK that came first, -1: none, or it cannot be told. */
static int64_t synack_rtt_ns(const struct trace *t, const struct probe *p)
{
	if (p->sent != 1 || p->implied)
		return -1;
	PATH_EACH_REPLY(t, p, r)
	{
		if (r->kind == REPLY_SYNACK)
			return r->at_ns - p->at_ns < WAIT_MAX_NS ? r->at_ns - p->at_ns : -1;
	}
	return -1;
}

/*
 * The longest round trip to a SYN-ACK of this server: the honest measure for its waits. Of one that
 * was lost the repetition comes a second and more after it.
 */
int64_t path_wait_ns(const struct trace *t, uint32_t server, bool by_link)
{
	struct path path = {.trace = t, .server = server, .by_link = by_link};
	int64_t least = -1, rtt = -1;
	PATH_EACH_PROBE(&path, p)
	{
		int64_t one = synack_rtt_ns(t, p);
		least = one >= 0 && (least < 0 || one < least) ? one : least;
	}
	PATH_EACH_PROBE(&path, p)
	{
		int64_t one = synack_rtt_ns(t, p);
		rtt = one > rtt && one < least + SYNACK_AGAIN_NS ? one : rtt;
	}
	if (rtt < 0)
		return -1;
	int64_t wait = 3 * rtt > rtt + WAIT_MARGIN_NS ? 3 * rtt : rtt + WAIT_MARGIN_NS;
	return wait > WAIT_MAX_NS ? WAIT_MAX_NS : wait;
}

int64_t path_due_ns(const struct path *path, const struct probe *p)
{
	return (p->kind == PROBE_KERNEL ? p->at_ns : p->last_ns) + path->wait_ns;
}
