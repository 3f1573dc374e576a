/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/live/hop_names.h"

void hop_names_open(struct hop_names *names, const struct options *o, struct log *log)
{
	struct err err = {0};
	*names = (struct hop_names){0};
	if (o->no_dns)
		return;
	names->reverse = reverse_open(&err);
	names->translators = names->reverse ? translators_open(&err) : NULL;
	if (!names->translators)
		log_detail(log, "%s", err.msg);
}

/* Whether a server has an IPv6 address of which nobody knows that it stands for another. */
static bool wants_translators(const struct trace *t)
{
	for (size_t i = 0; i < t->servers_n; i++) {
		const struct addr *addr = &t->servers[i].addr;

		if (addr->family == 6 && !trace_translated(t, addr))
			return true;
	}
	return false;
}

/* A prefix that no server lies in concerns nothing that is measured. */
static void take_translators(struct hop_names *names, struct trace *t)
{
	struct network item = {.translates = true};

	translators_step(names->translators, 0);
	while (translators_next(names->translators, &names->prefixes_seen, &item.prefix)) {
		bool used = false;

		for (size_t i = 0; i < t->servers_n && !used; i++)
			used = prefix_contains(&item.prefix, &t->servers[i].addr) &&
			       !trace_translated(t, &t->servers[i].addr);
		if (used)
			(void)trace_add_network(t, &item);
	}
}

bool hop_names_translators(const struct hop_names *names)
{
	return names->translators && translators_asked(names->translators);
}

void hop_names_step(struct hop_names *names, struct trace *t)
{
	if (names->translators && (hop_names_translators(names) || wants_translators(t)))
		take_translators(names, t);
	if (!names->reverse)
		return;
	while (names->replies_seen < t->replies_n) {
		const struct reply *r = &t->replies[names->replies_seen++];
		if (r->kind == REPLY_EXPIRED || r->kind == REPLY_REJECTED)
			reverse_ask(names->reverse, &r->from);
	}
	reverse_step(names->reverse, 0);
}

void hop_names_end(struct hop_names *names, struct trace *t, int64_t wait_ns)
{
	struct name item;
	size_t at = 0;
	if (!names->reverse)
		return;
	hop_names_step(names, t);
	reverse_step(names->reverse, wait_ns > 0 ? wait_ns : 0);
	while ((item.text = reverse_next(names->reverse, &at, &item.addr)) != NULL)
		(void)trace_add_name(t, &item);
}

void hop_names_close(struct hop_names *names)
{
	reverse_close(names->reverse);
	translators_close(names->translators);
	names->reverse = NULL;
	names->translators = NULL;
}
