/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/mail/fates.h"
#include "infer/way/path.h"

#define ICMP_EXPIRED  11
#define ICMP6_EXPIRED 3

enum fate {
	FATE_UNKNOWN,
	FATE_EXPIRED, /* a router on the way returned it */
	FATE_RESET,
	FATE_SILENT,
	FATE_ANSWERED,
};

static bool is_expiry(const struct flow_packet *p)
{
	return p->kind == FLOW_ICMP &&
	       p->icmp_type == (p->from.family == 6 ? ICMP6_EXPIRED : ICMP_EXPIRED);
}

/* What became of the limited words: packets after the first one that carries them. */
static enum fate fate_of(const struct trace *t, const struct session *s)
{
	const struct flow_packet *words = NULL;
	enum fate fate = FATE_UNKNOWN;
	PATH_EACH_PACKET(t, path_first_packet(t, s), p)
	{
		if (!words) {
			bool limited = p->kind == FLOW_OUT && p->len && p->ttl == s->ttl;
			words = limited ? p : NULL;
			fate = limited ? FATE_SILENT : FATE_UNKNOWN;
			continue;
		}
		if (is_expiry(p) && p->seq == words->seq)
			return FATE_EXPIRED;
		if (p->kind == FLOW_IN && (p->flags & FLOW_RESET))
			return FATE_RESET;
		if (p->kind == FLOW_IN && (int32_t)(p->ack - words->seq) > 0)
			return FATE_ANSWERED;
	}
	return fate;
}

void mail_fates(const struct trace *t, uint32_t s, enum session_stage stage, struct mail_fates *out)
{
	*out = (struct mail_fates){0};
	for (size_t i = 0; i < t->sessions_n; i++) {
		const struct session *one = &t->sessions[i];
		if (one->pass != SESSION_LIMITED || one->trigger != stage ||
		    one->server >= t->servers_n || one->ttl == 0 || one->ttl > PATH_TTL_MAX ||
		    t->servers[one->server].peer != t->servers[s].peer)
			continue;
		enum fate fate = fate_of(t, one);
		int ttl = one->ttl;
		out->known += fate != FATE_UNKNOWN;
		if (fate == FATE_EXPIRED && ttl > out->last_expired)
			out->last_expired = ttl;
		if (fate == FATE_RESET && (!out->first_reset || ttl < out->first_reset))
			out->first_reset = ttl;
		out->silent[ttl] = fate == FATE_SILENT;
	}
}
