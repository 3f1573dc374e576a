/* SPDX-License-Identifier: BSD-2-Clause */
/* Which mail sessions are worth holding. */
#include "infer/scene/sessions.h"
#include "infer/mail/fates.h"
#include "infer/mail/mail.h"
#include "infer/numbers.h"
#include "infer/scene/accepting.h"
#include "infer/scene/build.h"
#include "infer/way/count.h"
#include "infer/way/path.h"

struct mail_asking {
	const struct trace *t;
	struct mail_question *out;
	size_t cap, n;
	unsigned located;
};

static void ask(struct mail_asking *a, struct mail_question q)
{
	if (a->n < a->cap)
		a->out[a->n++] = q;
}

/* Whether this host lets connections to the port out, as far as it was tried as the user who opened
 * the sessions' sockets: the first. */
static bool passes_here(const struct trace *t, uint32_t s, uint16_t port)
{
	bool tried = false;
	for (size_t i = 0; i < t->connects_n && t->users_n > 0; i++) {
		const struct connect_result *c = &t->connects[i];
		if (c->port != port || c->server >= t->servers_n || c->uid != t->users[0].uid ||
		    t->servers[c->server].addr.family != t->servers[s].addr.family)
			continue;
		if (c->error == 0)
			return true;
		tried = true;
	}
	/* The port under test is connected to at once, but by a brief or polite run: until then
	 * nobody knows.
	 */
	return !tried &&
	       (t->users_n == 0 || t->run.brief || t->run.polite || port != t->servers[s].port);
}

/* Whether a SYN to the port drew a SYN-ACK. */
static bool answers(const struct trace *t, uint32_t s, uint16_t port)
{
	uint32_t at = t->servers[t->servers[s].peer].newest_probe;
	for (; at != TRACE_NONE; at = t->probes[at].older) {
		const struct probe *p = &t->probes[at];
		if (p->dst_port != port || p->kind == PROBE_LINK)
			continue;
		for (uint32_t r = p->first_reply; r != TRACE_NONE; r = t->replies[r].next) {
			if (t->replies[r].kind == REPLY_SYNACK && t->replies[r].ack_valid)
				return passes_here(t, s, port);
		}
	}
	return false;
}

static void ask_implicit(struct mail_asking *a, uint32_t s)
{
	if (a->t->servers[s].port != MAIL_TLS_PORT && answers(a->t, s, MAIL_TLS_PORT))
		ask(a, (struct mail_question){s, MAIL_TLS_PORT, SESSION_IMPLICIT, 0, 0, 1});
}

/* Where on the way the session breaks: the same words, in segments of every TTL. */
static void ask_limited(struct mail_asking *a, uint32_t s, const struct mail *mail)
{
	enum session_stage stage = mail->session->stage;
	struct path path = {.trace = a->t, .server = s};
	struct arena arena = {0};
	struct mail_fates fates;
	bool tells = mail->outcome == MAIL_RESET || (mail->outcome == MAIL_STALLED && mail->stuck);
	if (!tells || mail->alike < SESSION_BREAKS || a->located >= BREAK_SERVERS ||
	    stage < SESSION_GREETED || stage > SESSION_AGREED)
		return;
	count_path(&path, BREAK_WAIT_NS, &arena);
	arena_free(&arena);
	if (path.distance < 2)
		return;
	a->located++;
	mail_fates(a->t, s, stage, &fates);
	/* A router that had no answers left has one again after a second. */
	int edge = fates.first_reset ? fates.first_reset - 1 : fates.last_expired + 1;
	for (int ttl = 1; ttl < path.distance && ttl <= BREAK_HOPS; ttl++)
		ask(a, (struct mail_question){s, a->t->servers[s].port, SESSION_LIMITED,
					      (uint8_t)ttl, stage,
					      fates.known && ttl == edge ? BREAK_EDGE_TRIES : 1});
}

/* The sessions that what was seen so far makes worth holding. */
static void ask_more(struct mail_asking *a, uint32_t s, enum session_pass pass)
{
	const struct server *server = &a->t->servers[s];
	struct mail mail;
	mail_read(a->t, s, &mail);
	unsigned first = 1;
	switch (mail.outcome) {
	case MAIL_UNTRUSTED:
		if (server->port != MAIL_TLS_PORT)
			ask(a, (struct mail_question){s, server->port, SESSION_NAMELESS, 0, 0, 1});
		ask_implicit(a, s);
		break;
	case MAIL_NO_TLS:
	case MAIL_TLS_DENIED:
		first = SESSION_REPEATS;
		ask(a, (struct mail_question){s, server->port, SESSION_PLAIN, 0, 0, 1});
		ask_implicit(a, s);
		break;
	case MAIL_RESET:
	case MAIL_ENDED:
	case MAIL_STALLED:
		first = SESSION_BREAKS;
		ask_implicit(a, s);
		ask_limited(a, s, &mail);
		break;
	case MAIL_UNTRIED:
	case MAIL_VERIFIED:
	case MAIL_CLEAR:
	case MAIL_DECLINED:
	case MAIL_MUTE:
	case MAIL_NOT_SMTP:
	case MAIL_ODD:
		break;
	}
	ask(a, (struct mail_question){s, server->port, pass, 0, 0, first});
}

/*
 * Where the port under test accepts and says nothing: does mail get out by the other one, and does
 * TLS come first on this one, where STARTTLS is expected?
 */
static void ask_beside(struct mail_asking *a, uint32_t s, enum mail_silence silence)
{
	struct mail mail;
	uint16_t port = a->t->servers[s].port;
	mail_read(a->t, s, &mail);
	if (mail.session || port == MAIL_TLS_PORT || silence == MAIL_HEARD)
		return;
	ask(a, (struct mail_question){s, MAIL_TLS_PORT, SESSION_IMPLICIT, 0, 0, 1});
	if (silence == MAIL_LONG_SILENT)
		ask(a, (struct mail_question){s, port, SESSION_IMPLICIT, 0, 0, 1});
}

/* Whether any SYN to the server's port under test left so far. */
static bool is_asked(const struct trace *t, uint32_t s)
{
	uint32_t at = t->servers[s].newest_probe;
	while (at != TRACE_NONE && t->probes[at].dst_port != t->servers[s].port)
		at = t->probes[at].older;
	return at != TRACE_NONE;
}

bool mail_asks_first(const struct trace *t, uint32_t s)
{
	unsigned before = 0;
	if (!t->run.polite || !t->run.smtp || !mail_speaks(t->servers[s].port))
		return false;
	for (uint32_t i = 0; i < s && before < SESSION_SERVERS; i++)
		before += t->servers[i].peer == i && mail_speaks(t->servers[i].port);
	return before < SESSION_SERVERS;
}

size_t mail_ask(const struct trace *t, enum mail_silence silence, struct mail_question *out,
		size_t cap)
{
	struct mail_asking a = {.t = t, .out = out, .cap = cap};
	unsigned asked = 0;
	for (uint32_t s = 0; s < t->servers_n && asked < SESSION_SERVERS; s++) {
		const struct server *server = &t->servers[s];
		if (server->peer != s || !mail_speaks(server->port))
			continue;
		bool first = mail_asks_first(t, s) && !is_asked(t, s);
		if (first || answers(t, s, server->port)) {
			asked++;
			ask_more(&a, s,
				 server->port == MAIL_TLS_PORT ? SESSION_IMPLICIT : SESSION_TLS);
			ask_beside(&a, s, silence);
		}
	}
	return a.n;
}

/* What a session may come to where packets are lost and nobody interferes. */
static bool is_harmless(enum mail_outcome outcome)
{
	return outcome == MAIL_UNTRIED || outcome == MAIL_VERIFIED || outcome == MAIL_CLEAR ||
	       outcome == MAIL_MUTE || outcome == MAIL_STALLED;
}

static bool is_lossy(const struct scene *scene)
{
	for (int i = 0; i < 2; i++) {
		const struct outcome *o = &scene->rates[i].control;
		if (o->sent > o->reached - o->late)
			return true;
	}
	return false;
}

bool mail_is_behind(const struct trace *t, uint32_t s)
{
	struct scene scene;
	bool behind = scene_build(&scene, t) == 0 && scene_accepting(&scene, s) > 0;
	scene_free(&scene);
	return behind;
}

bool mail_settled(const struct trace *t)
{
	struct scene scene;
	uint32_t site = TRACE_NONE;
	bool harmless = scene_build(&scene, t) == 0, several = false;
	for (uint32_t s = 0; s < scene.n && harmless; s++) {
		enum mail_outcome outcome = scene.mails[s].outcome;
		harmless = is_harmless(outcome);
		if (outcome != MAIL_VERIFIED)
			continue;
		several = several || (site != TRACE_NONE && site != scene.sites[s]);
		site = scene.sites[s];
	}
	bool settled = harmless && several && is_lossy(&scene);
	scene_free(&scene);
	return settled;
}
