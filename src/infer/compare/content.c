/* SPDX-License-Identifier: BSD-2-Clause */
/* The dialogue as both ends have it. */
#include "infer/compare/rules.h"
#include <string.h>

#define KEYWORD	   "STARTTLS"
#define TLS_RECORD 0x16 /* a handshake record */

struct difference {
	uint32_t attempt;
	uint8_t capture;
	bool remade;
	bool starttls; /* the keyword is at the sender's end alone */
	bool tls;      /* the bytes that differ are TLS */
};

static bool holds(const struct pair_stream *s, const char *word)
{
	return s && memmem(s->bytes, s->n, word, strlen(word)) != NULL;
}

/* Where the TLS records begin: after the line that agrees to them, 0: nowhere. */
static size_t tls_begins(const struct pair_stream *s)
{
	for (size_t i = 0; s && i + 1 < s->n; i++) {
		if (s->bytes[i] == TLS_RECORD && s->bytes[i + 1] == 3 &&
		    (i == 0 || s->bytes[i - 1] == '\n'))
			return i;
	}
	return SIZE_MAX;
}

static bool differs(const struct pair_stream *a, const struct pair_stream *b)
{
	size_t n = a->n < b->n ? a->n : b->n;

	return memcmp(a->bytes, b->bytes, n) != 0;
}

static bool look_at(const struct cross *x, uint32_t attempt, uint8_t capture,
		    struct difference *out)
{
	const struct pair_view *v = pairs_view(x->p, attempt, capture);

	if (!v)
		return false;
	for (int back = 1; back >= 0; back--) {
		const struct pair_stream *own = pairs_stream(x->p, attempt, 0, back);
		const struct pair_stream *other = pairs_stream(x->p, attempt, capture, back);

		if (!own || !other || !differs(own, other))
			continue;
		const struct pair_stream *sent = back ? other : own, *got = back ? own : other;
		*out = (struct difference){
			.attempt = attempt,
			.capture = capture,
			.remade = v->remade,
			.starttls = holds(sent, KEYWORD) && !holds(got, KEYWORD),
			.tls = tls_begins(own) != SIZE_MAX && tls_begins(other) != SIZE_MAX,
		};
		return true;
	}
	return false;
}

static void fill(const struct cross *x, const struct difference *d, struct compared_claim *out)
{
	int near = -1, far = (int)x->n;
	struct difference other;

	for (int i = (int)x->n - 1; i >= 0; i--) {
		if (x->points[i].capture == d->capture)
			far = i;
	}
	for (int i = 0; i < far; i++) {
		if (!look_at(x, d->attempt, x->points[i].capture, &other) &&
		    pairs_view(x->p, d->attempt, x->points[i].capture))
			near = i;
	}
	*out = (struct compared_claim){
		.rule = d->starttls ? COMPARED_STARTTLS : COMPARED_CONTENT,
		.state = d->remade ? STATE_INTERCEPTED : STATE_DEGRADED,
		.mechanism = d->starttls ? MECHANISM_STARTTLS_STRIPPED
			     : d->tls	 ? MECHANISM_TLS_INTERCEPTED
					 : MECHANISM_REDIRECT,
		.near = near,
		.far = far,
		.place = {.lo = place_after(x, near), .hi = place_before(x, far), .sure = 1},
		.attempt = d->attempt,
	};
	if (!d->starttls && !d->tls && !d->remade)
		out->mechanism = MECHANISM_UNKNOWN;
}

bool compare_content(const struct cross *x, struct compared_claim *out)
{
	struct difference found = {0};
	bool any = false;

	for (uint32_t at = cross_next(x, TRACE_NONE, true); at != TRACE_NONE;
	     at = cross_next(x, at, true)) {
		struct difference d;

		for (size_t i = 0; i < x->n; i++) {
			bool more = look_at(x, at, x->points[i].capture, &d) &&
				    (!any || (d.starttls && !found.starttls));

			if (more)
				found = d;
			any = any || more;
		}
	}
	if (any)
		fill(x, &found, out);
	return any;
}
