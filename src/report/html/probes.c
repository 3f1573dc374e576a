/* SPDX-License-Identifier: BSD-2-Clause */
/* The probes: all of them over time, and those to one server in a table. */
#include "report/html/parts.h"
#include "report/html/svg.h"
#include "report/page/comment.h"
#include "report/page/phrase.h"
#include <inttypes.h>
#include <string.h>

#define ROWS_MAX 80
#define TTL_FULL 40

static void outcome(const struct html *h, const struct probe *p)
{
	const struct reply *r =
		p->first_reply == TRACE_NONE ? NULL : &h->t->replies[p->first_reply];
	char buf[ADDR_TEXT_BYTES];
	double ms;

	if (!r) {
		html_put(h, "no answer");
		return;
	}
	ms = (double)(r->at_ns - p->at_ns) / 1e6;
	addr_text(&r->from, buf);
	switch (r->kind) {
	case REPLY_SYNACK:
		html_putf(h, "accepted after %.1f ms (frame %" PRIu32 ")", ms, r->frame);
		return;
	case REPLY_RESET:
		html_putf(h, "reset after %.1f ms (frame %" PRIu32 ")", ms, r->frame);
		return;
	case REPLY_EXPIRED:
		html_putf(h, "expired at %s after %.1f ms (frame %" PRIu32 ")", buf, ms, r->frame);
		return;
	case REPLY_REJECTED:
		html_putf(h, "rejected by %s, ICMP %u/%u, after %.1f ms (frame %" PRIu32 ")", buf,
			  r->icmp_type, r->icmp_code, ms, r->frame);
		return;
	case REPLY_ODD:
		html_putf(h, "an unusual answer (frame %" PRIu32 ")", r->frame);
		return;
	}
}

static void probe(const struct html *h, uint32_t index)
{
	const struct probe *p = &h->t->probes[index];
	char time[PHRASE_TIME_BYTES];

	phrase_time(p->at_ns, time);
	html_putf(h, "<tr><th scope=\"row\">%" PRIu32 "</th><td class=\"mono\">%s</td>",
		  comment_probe_number(index), time + strlen("2000-01-01T"));
	html_putf(h, "<td>%u</td><td>%u</td>", p->src_port, p->dst_port);
	if (p->ttl > TTL_FULL)
		html_put(h, "<td>full</td>");
	else
		html_putf(h, "<td>%u</td>", p->ttl);
	html_putf(h, "<td>%" PRIu32 "</td><td>", p->frame);
	outcome(h, p);
	html_put(h, "</td></tr>\n");
}

static bool is_shown(const struct html *h, const struct probe *p)
{
	return p->server == h->server->peer &&
	       (p->dst_port == h->server->port || p->dst_port == h->f->control);
}

void html_probes(const struct html *h)
{
	static const char *const columns[] = {"probe", "time (UTC)", "from port", "to port",
					      "TTL",   "frame",	     "outcome",	  NULL};
	size_t shown = 0, left = 0;

	html_table_begin(h, "The SYNs to the server whose way is drawn above.", columns, false);
	for (uint32_t i = 0; i < h->t->probes_n; i++) {
		if (!is_shown(h, &h->t->probes[i]))
			continue;
		if (shown < ROWS_MAX)
			probe(h, i);
		else
			left++;
		shown++;
	}
	html_table_end(h);
	if (left > 0)
		html_putf(h, "<p class=\"faint\">and %zu more in the capture</p>\n", left);
}

void html_timeline(const struct html *h)
{
	if (h->t->probes_n == 0 || !h->f)
		return;
	html_element(h, "h2", "Probes and answers over time");
	svg_timeline(h);
	html_probes(h);
}
