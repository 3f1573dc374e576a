/* SPDX-License-Identifier: BSD-2-Clause */
/* What every rule says of one server. */
#include "infer/explain/parts.h"
#include "infer/rules/claim.h"

/* "blocked, silent-drop, sure 0.990; from hop 2's output to hop 3's input". */
static void add_claim(struct text *out, const struct claim *claim)
{
	text_addf(out, "%s, %s", state_name(claim->state), mechanism_name(claim->mechanism));
	if (claim->state != STATE_UNKNOWN)
		text_addf(out, ", sure %.3f", claim->sure);
	if (claim->span.hi > 0 && !span_empty(&claim->span)) {
		text_add(out, "; from ");
		explain_place(out, claim->span.lo);
		text_add(out, " to ");
		explain_place(out, claim->span.hi);
	}
	if (claim->span.way_back)
		text_add(out, "; the way back is not excluded");
	if (claim->last_seen || claim->first_missing)
		text_addf(out, "; last seen at hop %d, first missing at hop %d", claim->last_seen,
			  claim->first_missing);
}

/* What the claim says of itself beside the place. */
static void add_marks(struct text *out, const struct claim *claim)
{
	const struct {
		bool holds;
		const char *text;
	} marks[] = {
		{claim->contradicts, "contradicts itself"},
		{claim->forged, "an answer's source is not its sender's"},
		{claim->rewritten, "answers are the server's own, changed"},
		{claim->on_path, "SYNs went on beside the answer"},
		{claim->not_remote, "not the server's side"},
		{claim->open_end, "what follows on the port's way is unknown"},
		{claim->loop, "SYNs go round in the place"},
		{claim->played,
		 "somebody plays the part of others: everybody nearer stays suspected"},
	};
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		if (marks[i].holds)
			text_addf(out, "; %s", marks[i].text);
	}
}

void explain_rules(const struct explaining *x, uint32_t s)
{
	size_t n;
	const struct rule *table = rules_table(&n);
	const struct claim *claim = &x->votes->claims[s];
	const char *decides = NULL;
	text_add(x->out, "  rules that hold\n");
	for (size_t i = 0; i < n; i++) {
		struct claim own;
		if (!rule_holds(&table[i], x->scene, s, &own))
			continue;
		text_addf(x->out, "    %-18s ", own.rule);
		add_claim(x->out, &own);
		text_add(x->out, decides ? "\n" : " [decides]\n");
		decides = decides ? decides : own.rule;
	}
	text_addf(x->out, "  claim          %s: ", claim->rule);
	add_claim(x->out, claim);
	add_marks(x->out, claim);
	if (decides && claim->rule != decides)
		text_addf(x->out, " [%s is not sure enough: %.2f is needed]", decides,
			  claim_sure_enough(x->scene, claim));
	text_add(x->out, "\n");
}
