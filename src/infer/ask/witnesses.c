/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Before anybody is accused by silence: mail ports that accepted are asked once more, for a list
 * may have shut this host out since.
 */
#include "infer/ask/agenda.h"
#include "infer/scene/others.h"
#include "infer/scene/shut_out.h"

/* SYNs of a server's port with full TTL that were sent later than that. */
static unsigned asked_since(const struct path *path, uint16_t port, int64_t since_ns)
{
	unsigned n = 0;
	PATH_EACH_PROBE(path, p)
	{
		n += p->dst_port == port && p->at_ns > since_ns &&
		     path_slot(path->trace, p->ttl) == 0;
	}
	return n;
}

/* When the newest SYN left to a silent port under test; 0: none is silent. */
static int64_t silent_since(const struct scene *scene, uint8_t family)
{
	int64_t newest = 0;
	bool silent = false;
	for (uint32_t s = 0; s < scene->n; s++) {
		const struct path *path = &scene->paths[s];
		if (scene_family(scene, s) != family || !others_speaks(scene, s))
			continue;
		silent = silent || scene->conducts[s] == CONDUCT_SILENT;
		PATH_EACH_PROBE(path, p)
		{
			if (p->dst_port == path->target.port && p->at_ns > newest)
				newest = p->at_ns;
		}
	}
	return silent ? newest : 0;
}

static void ask_last(struct asking *a, uint32_t s, uint16_t port)
{
	ask_one(a, (struct question){.server = s, .port = port, .alone = true, .last = true});
}

void ask_witnesses(struct asking *a, uint8_t family)
{
	const struct scene *scene = a->scene;
	int64_t since = silent_since(scene, family);
	size_t servers = 0;
	if (!since || a->whole || !scene->trace->run.own)
		return;
	struct shut_out all = scene_count_all_repeats(scene, family);
	unsigned tries = all.losing ? SHUT_OUT_TRIES : 1;
	for (uint32_t s = 0; s < scene->n && servers < SWEEPERS_MAX; s++) {
		const struct path *path = &scene->paths[s];
		uint16_t port = scene_mail_witness(path);
		if (scene_family(scene, s) != family || !others_speaks(scene, s) ||
		    (!port && !all.losing))
			continue;
		servers++;
		if (port && asked_since(path, port, since) < tries)
			ask_last(a, s, port);
		/* What nobody counts is compared, of every server. */
		for (size_t i = 1; i < path->ports_n && all.losing; i++) {
			uint16_t other = path->ports[i].port;
			bool compares = !mail_is_counted(other) && path->ports[i].full.synack > 0;
			if (compares && asked_since(path, other, since) < tries)
				ask_last(a, s, other);
		}
	}
}
