/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of an explanation have in common. */
#include "infer/explain/parts.h"
#include <string.h>

void explain_name(const struct explaining *x, uint32_t s)
{
	const struct server *server = &x->scene->trace->servers[s];
	char buf[ADDR_TEXT_BYTES];
	text_add_untrusted(x->out, server->host, strlen(server->host));
	if (strcmp(server->host, addr_text(&server->addr, buf)) != 0)
		text_addf(x->out, " (%s)", buf);
}

void explain_place(struct text *out, int position)
{
	if (position % 3 == 1)
		text_addf(out, "the link from hop %d to hop %d", position / 3, position / 3 + 1);
	else
		text_addf(out, "hop %d's %s", (position + 1) / 3,
			  position % 3 == 0 ? "output" : "input");
}

void explain_owners(struct text *out, uint8_t owners)
{
	const char *before = "";
	if (!owners)
		text_add(out, "nobody known");
	for (int seg = 0; seg < SEGMENT_COUNT; seg++) {
		if (!(owners & ROLE_BIT(seg)))
			continue;
		text_addf(out, "%s%s", before, segment_name((enum segment)seg));
		before = " or ";
	}
}

void explain_judgement(const struct explaining *x, const struct judgement *j)
{
	struct text *out = x->out;
	text_addf(out, "%s, %s, %s", state_name(j->state), blocker_name(j->blocker),
		  mechanism_name(j->mechanism));
	if (j->has_confidence)
		text_addf(out, ", probability %.3f", j->confidence);
	for (size_t i = 0; i < j->suspects_n; i++)
		text_addf(out, "%s %s %.3f", i ? "," : "; suspects",
			  blocker_name(j->suspects[i].blocker), j->suspects[i].probability);
	if (j->link.known)
		text_addf(out, "; from hop %d to hop %d", j->link.from_hop, j->link.to_hop);
	text_add(out, "\n");
}
