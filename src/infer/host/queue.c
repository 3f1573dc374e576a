/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets that this host's rules hand to a program: what does not leave was not let go by it. */
#include "infer/host/local.h"
#include "infer/host/signs.h"

/* A rule on the hook that hands packets of the family to a program; NULL: none. */
static const struct filter_rule *queue_at(const struct local_case *c, enum filter_hook hook)
{
	const struct trace *t = c->path->trace;
	uint8_t family = t->servers[c->path->server].addr.family;
	for (size_t i = 0; i < t->filter_rules_n; i++) {
		const struct filter_rule *r = &t->filter_rules[i];
		if (r->action == FILTER_QUEUE && r->hook == hook &&
		    (!r->family || r->family == family))
			return r;
	}
	return NULL;
}

/* Whether a rule of this host's own does the same without asking anybody. */
static bool has_other(const struct local_case *c, const struct local_finding *f)
{
	const struct trace *t = c->path->trace;
	for (size_t i = 0; i < t->filter_rules_n; i++) {
		const struct filter_rule *r = &t->filter_rules[i];
		if (!r->policy && r->action == FILTER_DROP &&
		    (r->hook == f->hook || r->hook == HOOK_EGRESS))
			return true;
	}
	return false;
}

/* What a program drops vanishes after the kernel took it: nobody is refused, and nothing answers.
 */
static bool may_be_dropped(const struct local_case *c, const struct local_finding *f)
{
	switch (f->kind) {
	case LOCAL_DROP:
	case LOCAL_EGRESS_DROP:
	case LOCAL_OWNER_RULE:
		return f->mechanism == MECHANISM_SILENT_DROP && c->raw_target.denied == 0 &&
		       queue_at(c, HOOK_OUTPUT);
	case LOCAL_INPUT_DROP:
		return queue_at(c, HOOK_INPUT);
	default:
		return false;
	}
}

void local_amend_queue(const struct local_case *c, struct local_finding *f)
{
	if (!may_be_dropped(c, f) || has_other(c, f))
		return;
	f->hook = f->kind == LOCAL_INPUT_DROP ? HOOK_INPUT : HOOK_OUTPUT;
	f->kind = LOCAL_QUEUE;
	f->action = FILTER_QUEUE;
	f->by_owner = false;
}

bool local_queue(const struct local_case *c, struct local_finding *out)
{
	out->mechanism = MECHANISM_SILENT_DROP;
	out->hook = HOOK_OUTPUT;
	out->action = FILTER_QUEUE;
	bool failed = false;
	for (size_t u = 0; u < c->users_n; u++) {
		if (signs_passes(&c->target[u]))
			return false;
		failed = failed || signs_fails_here(&c->target[u]);
	}
	return failed && c->raw_target.left && !c->raw_target.denied &&
	       path_reaching(c->path, &c->path->target).reached && queue_at(c, HOOK_OUTPUT);
}
