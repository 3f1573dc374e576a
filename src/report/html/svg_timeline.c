/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/html/svg.h"
#include "report/page/phrase.h"
#include <stdio.h>

#define ROW	  34
#define TOP	  26
#define LEFT	  6
#define WIDE	  (SVG_WIDTH - 2 * LEFT)
#define LANES_MAX 24
#define MARKS_MAX 3000
#define TICKS	  4

struct span {
	int64_t from_ns, to_ns;
};

/* From the first probe to the last packet of any. */
static struct span span_of(const struct trace *t)
{
	struct span s = {INT64_MAX, INT64_MIN};

	for (size_t i = 0; i < t->probes_n; i++) {
		s.from_ns = t->probes[i].at_ns < s.from_ns ? t->probes[i].at_ns : s.from_ns;
		s.to_ns = t->probes[i].at_ns > s.to_ns ? t->probes[i].at_ns : s.to_ns;
	}
	for (size_t i = 0; i < t->replies_n; i++)
		s.to_ns = t->replies[i].at_ns > s.to_ns ? t->replies[i].at_ns : s.to_ns;
	if (s.to_ns <= s.from_ns)
		s.to_ns = s.from_ns + 1000000;
	return s;
}

static double x_of(const struct span *s, int64_t at_ns)
{
	return LEFT + (double)(at_ns - s->from_ns) / (double)(s->to_ns - s->from_ns) * WIDE;
}

static void axis(const struct html *h, const struct span *s, int height)
{
	double ms = (double)(s->to_ns - s->from_ns) / 1e6;

	for (int i = 0; i <= TICKS; i++) {
		double x = LEFT + (double)WIDE * i / TICKS;
		const char *anchor = i == 0 ? "start" : i == TICKS ? "end" : "middle";

		html_putf(h, "<path class=\"rule\" d=\"M%.1f 20V%d\"/>", x, height);
		html_putf(h,
			  "<text class=\"f\" x=\"%.1f\" y=\"14\" text-anchor=\"%s\">%.*f%s</text>",
			  x, anchor, ms < 20 ? 1 : 0, ms * i / TICKS, i == 0 ? " ms" : "");
	}
	html_put(h, "\n");
}

/* A probe: a stroke that is higher the further it could go; its end says what became of it. */
static void mark(const struct html *h, const struct span *s, const struct probe *p, int base)
{
	double x = x_of(s, p->at_ns);
	const struct reply *r =
		p->first_reply == TRACE_NONE ? NULL : &h->t->replies[p->first_reply];

	if (!r) {
		html_putf(h, "<circle class=\"silent\" cx=\"%.1f\" cy=\"%d\" r=\"2.5\"/>", x,
			  base - 5);
		return;
	}
	switch (r->kind) {
	case REPLY_SYNACK:
		html_putf(h, "<circle class=\"seen\" cx=\"%.1f\" cy=\"%d\" r=\"3\"/>", x, base - 5);
		return;
	case REPLY_EXPIRED:
		html_putf(h, "<path class=\"way\" d=\"M%.1f %dv-6\"/>", x, base - 2);
		return;
	case REPLY_RESET:
	case REPLY_REJECTED:
	case REPLY_ODD:
		html_putf(h, "<path class=\"refused\" d=\"M%.1f %dl5 5m0 -5l-5 5\"/>", x - 2.5,
			  base - 8);
		return;
	}
}

static size_t lane(const struct html *h, const struct span *s, const struct finding *f,
		   uint16_t port, int top)
{
	const struct server *server = &h->t->servers[f->server];
	char buf[ADDR_TEXT_BYTES];
	size_t n = 0;

	html_putf(h, "<text x=\"%d\" y=\"%d\">%u ", LEFT, top + 11, port);
	html_cut(h, phrase_host(server, buf), 48);
	html_putf(h, " <tspan class=\"f\">IPv%u</tspan></text>", server->addr.family);
	html_putf(h, "<path class=\"rule\" d=\"M%d %dH%d\"/>", LEFT, top + ROW - 5, LEFT + WIDE);
	for (size_t i = 0; i < h->t->probes_n && n < MARKS_MAX; i++) {
		const struct probe *p = &h->t->probes[i];

		if (p->server != server->peer || p->dst_port != port)
			continue;
		mark(h, s, p, top + ROW - 5);
		n++;
	}
	html_put(h, "\n");
	return n;
}

static size_t count_lanes(const struct html *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->r->findings_n; i++)
		n += h->r->findings[i].control != 0 ? 2 : 1;
	return n < LANES_MAX ? n : LANES_MAX;
}

void svg_timeline(const struct html *h)
{
	struct span s = span_of(h->t);
	size_t lanes = count_lanes(h), drawn = 0;
	int height = TOP + (int)lanes * ROW + 6;
	char description[160];

	snprintf(description, sizeof(description),
		 "%zu SYNs within %.0f ms, a line for each server and port. The table below lists "
		 "those to one server.",
		 h->t->probes_n, (double)(s.to_ns - s.from_ns) / 1e6);
	html_put(h, "<figure>\n");
	svg_begin(h, "time", height, "Probes and answers over time", description);
	axis(h, &s, height);
	for (size_t i = 0; i < h->r->findings_n; i++) {
		const struct finding *f = &h->r->findings[i];
		uint16_t ports[2] = {h->t->servers[f->server].port, f->control};

		for (int k = 0; k < 2; k++) {
			if (ports[k] == 0 || drawn == lanes)
				continue;
			lane(h, &s, f, ports[k], TOP + (int)drawn++ * ROW);
		}
	}
	svg_end(h);
	html_put(h,
		 "<figcaption>Each server's port under test, and its control port below it. A "
		 "filled circle: accepted. A stroke: it expired on the way, as it should. A hollow "
		 "circle: no answer. A cross: refused or rejected.</figcaption>\n</figure>\n");
}
