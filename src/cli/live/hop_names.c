/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/live/hop_names.h"

void hop_names_open(struct hop_names *names, const struct options *o, struct log *log)
{
	struct err err = {0};
	*names = (struct hop_names){0};
	if (o->no_dns)
		return;
	names->reverse = reverse_open(&err);
	if (!names->reverse)
		log_detail(log, "%s", err.msg);
}

void hop_names_step(struct hop_names *names, const struct trace *t)
{
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
	names->reverse = NULL;
}
