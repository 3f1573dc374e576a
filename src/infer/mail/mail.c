/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/mail/mail.h"
#include "infer/way/path.h"
#include <errno.h>
#include <string.h>

#define ICMP_UNREACHABLE  3
#define ICMP_CODE_TOO_BIG 4
#define ICMP6_TOO_BIG	  2

bool mail_speaks(uint16_t port)
{
	static const uint16_t others[] = {21, 22, 53, 80, 110, 143, 443, 853, 993, 995};
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		if (others[i] == port)
			return false;
	}
	return true;
}

bool mail_is_verified(const struct session *s)
{
	return s->stage >= SESSION_SECURE && s->name_checked && s->name_fits && s->has_verify &&
	       s->verify == 0;
}

bool mail_is_counted(uint16_t port)
{
	static const uint16_t counted[] = {25, 110, 143, 465, 587, 993, 995, 2525};
	for (size_t i = 0; i < sizeof(counted) / sizeof(*counted); i++) {
		if (counted[i] == port)
			return true;
	}
	return false;
}

int mail_refusal(const struct mail *mail, struct slice *text)
{
	const struct dialogue *d = &mail->dialogue;
	bool at_once = d->greeting >= 400;
	*text = at_once ? d->greeting_text : d->ehlo_text;
	return at_once ? d->greeting : d->ehlo;
}

bool mail_is_temporary(const struct mail *mail)
{
	struct slice text;
	return mail->outcome == MAIL_DECLINED && mail_refusal(mail, &text) / 100 == 4;
}

/* Whether a SYN of the session, or something said in it, came with this kind and flag. */
static const struct flow_packet *last_packet(const struct trace *t, const struct session *s,
					     uint8_t flag)
{
	const struct flow_packet *found = NULL;
	PATH_EACH_PACKET(t, path_first_packet(t, s), p)
	{
		bool reset = (p->flags & FLOW_RESET) != 0;
		if (p->kind == FLOW_IN && reset == (flag == FLOW_RESET))
			found = p;
	}
	return found;
}

/* Whether the other side said that it ends the connection, as far as the capture shows it. */
static bool other_ended(const struct trace *t, const struct session *s)
{
	bool ended = trace_session_probe(t, s) == TRACE_NONE;
	PATH_EACH_PACKET(t, path_first_packet(t, s), p)
	{
		ended = ended || (p->kind == FLOW_IN && (p->flags & FLOW_END));
	}
	return ended;
}

/* Whether ICMP says so of one of the client's packets (RFC 1191, 4; RFC 4443, 3.2). */
static bool is_too_big(const struct trace *t, const struct session *s)
{
	PATH_EACH_PACKET(t, path_first_packet(t, s), p)
	{
		bool v6 = p->from.family == 6;
		if (p->kind == FLOW_ICMP &&
		    (v6 ? p->icmp_type == ICMP6_TOO_BIG
			: p->icmp_type == ICMP_UNREACHABLE && p->icmp_code == ICMP_CODE_TOO_BIG))
			return true;
	}
	return false;
}

/* What it means that a session ended before it was complete. */
static enum mail_outcome broken_off(const struct trace *t, const struct session *s,
				    const struct dialogue *d)
{
	switch (s->end) {
	case SESSION_RESET:
		return MAIL_RESET;
	case SESSION_SILENT:
	case SESSION_STOPPED:
		if (s->stage == SESSION_CONNECTED)
			return MAIL_MUTE;
		return s->end == SESSION_SILENT ? MAIL_STALLED : MAIL_ODD;
	case SESSION_CLOSED:
		return other_ended(t, s) ? MAIL_ENDED : MAIL_ODD;
	case SESSION_BROKEN:
		return d->greeting && other_ended(t, s) ? MAIL_ENDED
		       : d->greeting			? MAIL_ODD
							: MAIL_NOT_SMTP;
	case SESSION_DONE:
	case SESSION_REFUSED:
	case SESSION_NO_TLS:
	case SESSION_UNTRUSTED:
	case SESSION_WRONG_NAME:
	case SESSION_FLOODED:
		break;
	}
	return MAIL_ODD;
}

/* The TTL of the handshake's answer of this kind to the session's SYN, -1: none counts. */
static int reply_ttl(const struct trace *t, const struct session *s, enum reply_kind kind)
{
	uint32_t probe = trace_session_probe(t, s);
	int ttl = -1;
	if (probe == TRACE_NONE)
		return -1;
	for (uint32_t at = t->probes[probe].first_reply; at != TRACE_NONE;
	     at = t->replies[at].next) {
		const struct reply *r = &t->replies[at];
		if (r->kind == kind && r->ack_valid)
			ttl = r->ttl;
	}
	return ttl;
}

/* Of the reset that ended the connection, -1: none was seen. */
static int reset_ttl(const struct trace *t, const struct session *s)
{
	const struct flow_packet *reset = last_packet(t, s, FLOW_RESET);
	return reset ? reset->ttl : reply_ttl(t, s, REPLY_RESET);
}

/* Reset so soon behind the SYN-ACK that connect() took it for a refusal. */
static bool is_cut_at_once(const struct trace *t, const struct session *s)
{
	return s->stage == SESSION_UNCONNECTED && s->end == SESSION_REFUSED &&
	       s->error == ECONNRESET && reply_ttl(t, s, REPLY_SYNACK) >= 0 && reset_ttl(t, s) >= 0;
}

/*
 * Somebody else's connection that did not wait for an answer or, where TLS comes first, said
 * nothing that asks for one, or of which the capture ends too early.
 */
static bool is_hasty(const struct session *s)
{
	if (s->pass != SESSION_SEEN || s->lines || s->stage >= SESSION_SECURE)
		return false;
	if (s->tls_at_once)
		return s->end == SESSION_REFUSED || s->end == SESSION_STOPPED;
	return s->end == SESSION_REFUSED || (s->port == MAIL_TLS_PORT && s->end != SESSION_RESET);
}

/*
 * Somebody else's, of which the capture does not show everything: what was done proves that the
 * port works, and what is missing is the capture's. MAIL_UNTRIED: nothing of it speaks of mail.
 */
static bool is_seen_well(const struct session *s, const struct dialogue *d, enum mail_outcome *out)
{
	bool dead = s->stuck || s->gap;
	if (s->pass != SESSION_SEEN)
		return false;
	if (s->accepted || s->stage >= SESSION_SECURE) {
		*out = MAIL_CLEAR;
		return true;
	}
	if (dead || s->stage == SESSION_UNCONNECTED)
		return false;
	if (s->server_alert) {
		*out = MAIL_ODD;
		return true;
	}
	*out = d->greeting ? MAIL_CLEAR : MAIL_UNTRIED;
	if (s->unread && s->end == SESSION_RESET)
		*out = MAIL_ODD;
	return s->unread;
}

/* Whether TLS comes about with the right server and is ended before anybody greets inside, as where
 * what ends TLS finds no mail server behind it. */
static bool is_deserted(const struct session *s)
{
	return s->pass == SESSION_IMPLICIT && s->stage == SESSION_SECURE && !s->greeted_ns &&
	       mail_is_verified(s) && (s->end == SESSION_RESET || s->end == SESSION_CLOSED);
}

/* What one session shows. */
static enum mail_outcome outcome_of(const struct trace *t, const struct session *s,
				    const struct dialogue *d)
{
	enum mail_outcome seen;
	if (is_cut_at_once(t, s))
		return MAIL_RESET;
	if (is_seen_well(s, d, &seen))
		return seen;
	if (s->stage == SESSION_UNCONNECTED || is_hasty(s))
		return MAIL_UNTRIED;
	if (mail_is_verified(s) && !is_deserted(s))
		return MAIL_VERIFIED;
	if (s->end == SESSION_FLOODED)
		return MAIL_ODD;
	if (s->end == SESSION_UNTRUSTED || s->end == SESSION_WRONG_NAME)
		return MAIL_UNTRUSTED;
	if (d->strange && !d->greeting)
		return MAIL_NOT_SMTP;
	if (d->greeting >= 400 || (d->greeting && d->ehlo >= 400))
		return MAIL_DECLINED;
	if (s->stage >= SESSION_SECURE && !is_deserted(s))
		return MAIL_UNTRUSTED;
	if (d->starttls >= 400)
		return MAIL_TLS_DENIED;
	/* Somebody else's client may do without, and what ends its dialogue is another matter. */
	bool goes_on = s->pass == SESSION_SEEN && d->goes_on &&
		       (s->end == SESSION_RESET || s->end == SESSION_SILENT);
	if (d->ehlo / 100 == 2 && !d->offers && !d->helo && !goes_on)
		return MAIL_NO_TLS;
	if (s->pass == SESSION_SEEN && d->greeting &&
	    (s->end == SESSION_DONE || s->end == SESSION_REFUSED || s->end == SESSION_STOPPED))
		return MAIL_CLEAR;
	return broken_off(t, s, d);
}

/* Of several sessions the one that got furthest speaks: what worked once can work. */
static int worth(enum mail_outcome outcome)
{
	static const int ranks[] = {
		[MAIL_VERIFIED] = 12,  [MAIL_UNTRUSTED] = 11, [MAIL_CLEAR] = 10,
		[MAIL_TLS_DENIED] = 8, [MAIL_NO_TLS] = 7,     [MAIL_DECLINED] = 9,
		[MAIL_STALLED] = 4,    [MAIL_RESET] = 5,      [MAIL_ENDED] = 5,
		[MAIL_NOT_SMTP] = 6,   [MAIL_MUTE] = 2,	      [MAIL_ODD] = 1,
		[MAIL_UNTRIED] = 0,
	};
	return ranks[outcome];
}

static bool breaks(enum mail_outcome outcome)
{
	return outcome == MAIL_RESET || outcome == MAIL_ENDED || outcome == MAIL_STALLED;
}

/* Whether what was seen of this session passed the point where the other one broke. */
static bool passes(const struct session *seen, const struct session *broken)
{
	return seen->accepted || seen->stage > broken->stage;
}

static bool tells_more(const struct session *s, enum mail_outcome outcome, const struct mail *than)
{
	if (!than->session)
		return outcome != MAIL_UNTRIED;
	if (outcome == MAIL_CLEAR && breaks(than->outcome))
		return passes(s, than->session);
	if (than->outcome == MAIL_CLEAR && breaks(outcome))
		return !passes(than->session, s);
	/* Verification shows no chain; the session that looked past it does. */
	bool deeper = outcome == MAIL_UNTRUSTED && than->outcome == MAIL_UNTRUSTED &&
		      s->pass == SESSION_NAMELESS;
	return deeper || worth(outcome) > worth(than->outcome);
}

/* Takes one session into the sum of a server's. */
static void consider(const struct trace *t, const struct session *s, struct mail *out)
{
	struct dialogue d;
	dialogue_read(s, &d);
	enum mail_outcome outcome = outcome_of(t, s, &d);
	/* That TLS does not come first tells nothing of a port where it need not. */
	bool guessed = s->pass == SESSION_IMPLICIT && s->port != MAIL_TLS_PORT;
	if (s->pass == SESSION_PLAIN || s->pass == SESSION_LIMITED ||
	    (guessed && s->stage < SESSION_SECURE))
		return;
	out->held++;
	if (out->session && outcome == out->outcome && s->stage == out->session->stage)
		out->alike++;
	if (out->held > 1 && (outcome == MAIL_NO_TLS) != (out->outcome == MAIL_NO_TLS))
		out->sometimes = true;
	if (!tells_more(s, outcome, out))
		return;
	out->outcome = outcome;
	out->session = s;
	out->dialogue = d;
	out->alike = 1;
}

/* How often the newest bytes of ours were sent, 0: none were seen. */
static unsigned newest_tries(const struct trace *t, const struct session *session)
{
	unsigned tries = 0;
	uint32_t seq = 0;
	PATH_EACH_PACKET(t, path_first_packet(t, session), p)
	{
		if (p->kind != FLOW_OUT || !p->len)
			continue;
		tries = tries && p->seq == seq ? tries + 1 : 1;
		seq = p->seq;
	}
	return tries;
}

bool mail_is_shut(const struct trace *t, const struct session *s)
{
	uint32_t at = trace_session_probe(t, s);
	bool shut = false;
	if (at == TRACE_NONE)
		return false;
	const struct probe *p = &t->probes[at];
	for (uint32_t r = p->first_reply; r != TRACE_NONE; r = t->replies[r].next) {
		if (t->replies[r].kind == REPLY_SYNACK && t->replies[r].window > 0)
			return false;
		shut = shut || t->replies[r].kind == REPLY_SYNACK;
	}
	for (uint32_t f = p->first_packet; f != TRACE_NONE; f = t->flow_packets[f].next)
		shut = shut && t->flow_packets[f].kind != FLOW_IN;
	return shut;
}

void mail_read(const struct trace *t, uint32_t s, struct mail *out)
{
	const struct server *server = &t->servers[s];
	*out = (struct mail){.reset_ttl = -1, .server_ttl = -1};
	for (size_t i = 0; i < t->sessions_n; i++) {
		const struct session *one = &t->sessions[i];
		if (one->server >= t->servers_n || t->servers[one->server].peer != server->peer)
			continue;
		if (one->port == server->port)
			consider(t, one, out);
		else if (one->pass == SESSION_IMPLICIT &&
			 (!out->implicit || one->stage > out->implicit->stage))
			out->implicit = one;
	}
	if (!out->session)
		return;
	const struct flow_packet *word = last_packet(t, out->session, 0);
	out->reset_ttl = reset_ttl(t, out->session);
	out->server_ttl = word ? word->ttl : reply_ttl(t, out->session, REPLY_SYNACK);
	out->stuck = out->session->stuck;
	out->shut = out->outcome == MAIL_MUTE && mail_is_shut(t, out->session);
	out->too_big = is_too_big(t, out->session);
	out->tries = newest_tries(t, out->session);
}
