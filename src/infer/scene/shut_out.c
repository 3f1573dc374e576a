/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/shut_out.h"
#include "base/stats.h"
#include "infer/numbers.h"
#include "infer/scene/others.h"
#include "infer/way/count.h"

/* Whether the SYN asked one of the ports that are compared. */
static bool is_compared(const struct path *path, const struct probe *p, uint16_t port)
{
	return p->kind == PROBE_RAW && p->dst_port == port && path_slot(path->trace, p->ttl) == 0;
}

/* When the port accepted for the first time, -1: never. */
static int64_t accepted_ns(const struct path *path, uint16_t port)
{
	int64_t first = -1;
	PATH_EACH_PROBE(path, p)
	{
		if (!is_compared(path, p, port))
			continue;
		PATH_EACH_REPLY(path->trace, p, r)
		{
			bool accepts = r->kind == REPLY_SYNACK && path_counts(path->trace, p, r);
			if (accepts && (first < 0 || r->at_ns < first))
				first = r->at_ns;
		}
	}
	return first;
}

/* Adds the SYNs that a port got since it accepted; when the first of them was left unanswered, 0:
 * none was. */
static int64_t add_port(const struct path *path, uint16_t port, struct repeats_tally *tally)
{
	int64_t since = accepted_ns(path, port), missed = 0;
	PATH_EACH_PROBE(path, p)
	{
		struct outcome o = {0};
		if (since < 0 || !is_compared(path, p, port) || p->at_ns <= since)
			continue;
		count_probe(path, p, &o);
		tally->sent += o.sent;
		tally->answered += o.reached;
		if (o.sent > o.reached)
			missed = p->at_ns;
	}
	return missed;
}

/* The last hop at which SYNs to mail ports expired that were sent from then on, 0: none. */
static int seen_since(const struct path *path, int64_t from_ns)
{
	int seen = 0;
	PATH_EACH_PROBE(path, p)
	{
		bool mail = mail_is_counted(p->dst_port) || p->dst_port == path->target.port;
		if (!mail || p->at_ns < from_ns || p->ttl <= seen || p->ttl > PATH_TTL_MAX)
			continue;
		PATH_EACH_REPLY(path->trace, p, r)
		{
			if (r->kind == REPLY_EXPIRED)
				seen = p->ttl;
		}
	}
	return seen;
}

/* A server's own. */
static struct shut_out count_repeats(const struct scene *scene, uint32_t s)
{
	const struct path *path = &scene->paths[s];
	struct shut_out sum = {.losing = 0};
	int64_t first = 0;
	for (size_t i = 1; i < path->ports_n; i++) {
		uint16_t port = path->ports[i].port;
		bool mail = mail_is_counted(port);
		int64_t missed = add_port(path, port, mail ? &sum.mail : &sum.others);
		if (!mail && path->ports[i].full.reached > 0)
			sum.beside = port;
		if (!mail || !missed)
			continue;
		sum.losing = 1;
		sum.port = port;
		first = first && first < missed ? first : missed;
	}
	sum.seen = first ? seen_since(path, first) : 0;
	sum.dead = sum.mail.answered ? 0 : sum.mail.sent;
	return sum;
}

struct shut_out scene_count_all_repeats(const struct scene *scene, uint8_t family)
{
	struct shut_out sum = {.losing = 0};
	for (uint32_t s = 0, n = 0; s < scene->n && n < OTHERS_MAX; s++) {
		if (scene_family(scene, s) != family || !others_speaks(scene, s))
			continue;
		struct shut_out own = count_repeats(scene, s);
		n++;
		sum.mail.sent += own.mail.sent;
		sum.mail.answered += own.mail.answered;
		sum.others.sent += own.others.sent;
		sum.others.answered += own.others.answered;
		sum.dead += own.dead;
		sum.losing += own.losing;
		sum.port = own.port ? own.port : sum.port;
		sum.beside = own.beside ? own.beside : sum.beside;
		sum.seen = own.seen > sum.seen ? own.seen : sum.seen;
	}
	return sum;
}

/*
 * Whether the list is another server's own: that one answers nothing any more, and the mail ports
 * of the rest do whenever they are asked.
 */
static bool is_of_another(const struct shut_out *own, const struct shut_out *all)
{
	uint32_t rest = all->mail.sent - all->dead;
	return own->losing == 0 && all->losing == 1 && all->dead > 0 && rest >= LIMITED_LOST &&
	       all->mail.answered == rest;
}

bool scene_is_shut_out(const struct scene *scene, uint32_t s, struct shut_out *out)
{
	if (!scene->trace->run.own || scene->beyond)
		return false;
	struct shut_out own = count_repeats(scene, s);
	struct shut_out all = scene_count_all_repeats(scene, scene_family(scene, s));
	*out = all;
	return all.mail.sent >= all.mail.answered + LIMITED_LOST && !is_of_another(&own, &all) &&
	       stats_fisher(all.mail.answered, all.mail.sent, all.others.answered,
			    all.others.sent) <= DOUBT_CHANCE;
}

uint16_t scene_mail_witness(const struct path *path)
{
	for (size_t i = 1; i < path->ports_n; i++) {
		uint16_t port = path->ports[i].port;
		if (mail_is_counted(port) && path->ports[i].full.synack > 0)
			return port;
	}
	return 0;
}
