/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/live/mail.h"
#include "base/array.h"
#include "cli/command.h"
#include "infer/mail/mail.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS		INT64_C(1000000)
#define PORTS_N		96
#define QUESTIONS_MAX	256
#define LIMITED_AT_ONCE 4
#define BESIDE_MUTE	2 /* TLS at once, while the other session waits for a greeting */
#define TEXT_BYTES	512
#define ASK_NS		(5 * MS)
#define SEEN_NS		(150 * MS)  /* a SYN that leaves comes by in the capture within this */
#define MUTE_NS		(2000 * MS) /* a server that accepts and says nothing for so long */
#define CONNECT_NS	(1200 * MS) /* for a connection, where no SYN was answered before */
#define HASTE_NS	(1000 * MS) /* for a greeting, when most servers have given theirs */
#define SHUT_NS		(3000 * MS) /* for whoever accepts first and asks the server then */
#define PATIENCE_NS	(6000 * MS) /* for a greeting: usual greet delays are six seconds */

/* Without certificates to trust no session comes to its end: the reader must know why. */
static void note_missing_trust(struct trace *t, const char *path)
{
	char text[TEXT_BYTES];
	struct note item = {.kind = "no-trust", .text = text, .server = TRACE_NONE};

	snprintf(
		text, sizeof(text),
		"%s holds no certificate to trust, so no mail server's can be checked: install the "
		"package ca-certificates, or name a file with --cacert.",
		path);
	(void)trace_add_note(t, &item);
}

int mail_prepare(struct mail_run *m, const struct options *o, struct calls *calls, struct err *err)
{
	*m = (struct mail_run){.interface = o->interface, .calls = calls, .seen = SIZE_MAX};
	if (o->no_smtp)
		return 0;
	m->no_trust = o->cacert ? NULL : smtp_missing_trust();
	m->smtp = smtp_open(o->cacert, err);
	return m->smtp ? 0 : -1;
}

int mail_open(struct mail_run *m, struct trace *t, struct draw *draw, struct err *err)
{
	m->trace = t;
	if (!m->smtp)
		return 0;
	if (ports_bind(&m->ports, PORTS_N, PORTS_WITHIN, draw, err) != 0)
		return -1;
	if (m->no_trust)
		note_missing_trust(t, m->no_trust);
	struct port_range range = {
		.first = m->ports.first,
		.last = (uint16_t)(m->ports.first + m->ports.n - 1),
		.kind = PROBE_KERNEL,
	};
	if (!trace_add_range(t, &range))
		return err_set(err, EXIT_SYSTEM, "no memory for the source ports");
	t->run.smtp = true;
	return 0;
}

void mail_close(struct mail_run *m)
{
	smtp_close(m->smtp);
	ports_close(&m->ports);
	free(m->held);
	*m = (struct mail_run){0};
}

static unsigned count_held(const struct mail_run *m, const struct mail_question *q)
{
	unsigned n = 0;

	for (size_t i = 0; i < m->held_n; i++) {
		const struct smtp_order *o = &m->held[i].order;

		n += o->server == q->server && o->port == q->port && o->pass == q->pass &&
		     o->ttl == q->ttl && o->trigger == q->trigger;
	}
	return n;
}

/* Sessions with one server follow each other: many at once would look like an attack. */
static bool is_running(const struct mail_run *m, const struct mail_question *q)
{
	size_t held = 0, ended = 0;

	for (size_t i = 0; i < m->held_n; i++)
		held += m->held[i].order.server == q->server && m->held[i].order.port == q->port;
	for (size_t i = 0; i < m->trace->sessions_n; i++)
		ended += m->trace->sessions[i].server == q->server &&
			 m->trace->sessions[i].port == q->port;
	size_t most = q->pass == SESSION_LIMITED    ? LIMITED_AT_ONCE
		      : q->pass == SESSION_IMPLICIT ? BESIDE_MUTE
						    : 1;
	return held >= ended + most;
}

static void start(struct mail_run *m, const struct mail_question *q, int64_t now_ns)
{
	const struct server *s = &m->trace->servers[q->server];
	struct addr numeric;
	struct smtp_order order = {
		.server = q->server,
		.addr = s->addr,
		.port = q->port,
		.name = addr_parse(s->host, &numeric) ? NULL : s->host,
		.pass = q->pass,
		.trigger = q->trigger,
		.ttl = q->ttl,
		.src_port = (uint16_t)(m->ports.first + m->used),
		.interface = m->interface,
	};

	if (m->used >= m->ports.n ||
	    !array_reserve(&m->held, &m->held_cap, m->held_n + 1, sizeof(*m->held)))
		return;
	order.fd = ports_give(&m->ports, order.src_port);
	m->used++;
	if (order.fd >= 0 && smtp_start(m->smtp, &order))
		m->held[m->held_n++] = (struct mail_held){order, now_ns};
}

/* Whether the session that was started has its end in the trace. */
static bool has_ended(const struct mail_run *m, const struct smtp_order *o)
{
	for (size_t i = 0; i < m->trace->sessions_n; i++) {
		if (m->trace->sessions[i].src_port == o->src_port)
			return true;
	}
	return false;
}

/*
 * How long the sessions that run, of which none has greeted, are worth waiting for: where somebody
 * accepts before the server has been asked, silence says soon that nothing comes from behind.
 */
static int64_t wait_worth(const struct mail_run *m)
{
	int64_t most = SHUT_NS;

	for (size_t i = 0; i < m->held_n; i++) {
		const struct smtp_order *o = &m->held[i].order;
		struct session session = {
			.server = o->server, .port = o->port, .src_port = o->src_port};
		if (has_ended(m, o) || mail_is_shut(m->trace, &session))
			continue;
		if (!mail_is_behind(m->trace, o->server))
			return INT64_MAX;
		most = PATIENCE_NS;
	}
	return most;
}

/* Changes with all that sessions are asked for. */
static size_t news(const struct mail_run *m)
{
	return m->trace->replies_n + m->trace->sessions_n + smtp_wordless(m->smtp, SHUT_NS) +
	       smtp_wordless(m->smtp, PATIENCE_NS);
}

/* For how long servers that were asked for by name have said nothing. */
static enum mail_silence silence(const struct mail_run *m)
{
	if (!m->trace->run.hosts_given || smtp_wordless(m->smtp, SHUT_NS) == 0 ||
	    wait_worth(m) != INT64_MAX)
		return MAIL_HEARD;
	/* Whoever greets late on purpose may take words before it for those of a spammer. */
	return smtp_wordless(m->smtp, PATIENCE_NS) > 0 && !m->trace->run.polite ? MAIL_LONG_SILENT
										: MAIL_SILENT;
}

/* Starts what is worth it, when something is new. */
static void ask(struct mail_run *m, int64_t now_ns)
{
	struct mail_question questions[QUESTIONS_MAX];
	const struct trace *t = m->trace;
	size_t seen = news(m);
	int64_t wake_ns = 0;

	if (seen == m->seen || now_ns - m->asked_ns < ASK_NS)
		return;
	m->seen = seen;
	m->asked_ns = now_ns;
	size_t n = mail_ask(t, silence(m), questions, QUESTIONS_MAX);
	for (size_t i = 0; i < n; i++) {
		if (count_held(m, &questions[i]) >= questions[i].wanted ||
		    is_running(m, &questions[i]))
			continue;
		/* The kernel repeats a SYN that is not answered. */
		struct call call = {
			.server = t->servers[questions[i].server].peer,
			.n = m->calls->gap_ns ? CALLS_OF_KERNEL : 1,
			.arrives = true,
		};
		if (!calls_ready(m->calls, &call, now_ns, &wake_ns)) {
			m->seen = SIZE_MAX; /* asked again, whatever comes meanwhile */
			continue;
		}
		start(m, &questions[i], now_ns);
		calls_plan(m->calls, &call);
		calls_begin(m->calls, &call, now_ns);
	}
}

/* As if it had not been started. */
static void forget(struct mail_run *m, const struct session *s)
{
	for (size_t i = 0; i < m->held_n; i++) {
		if (m->held[i].order.src_port == s->src_port) {
			m->held[i] = m->held[--m->held_n];
			return;
		}
	}
}

/* A session that was to find out whether the port answers, and got no connection, says no more than
 * its SYN in the capture. */
static void record(struct mail_run *m, bool last)
{
	struct session session;

	while (smtp_take(m->smtp, &session)) {
		bool vain = session.stage == SESSION_UNCONNECTED && !last &&
			    (m->trace->run.polite || session.end == SESSION_STOPPED);
		m->refused = m->refused || (vain && session.end == SESSION_REFUSED);
		if (vain)
			forget(m, &session);
		else
			(void)trace_add_session(m->trace, &session);
	}
}

void mail_step(struct mail_run *m, int64_t now_ns)
{
	if (!m->smtp)
		return;
	smtp_work(m->smtp);
	if (m->trace->run.polite)
		smtp_stop_connecting(m->smtp, CONNECT_NS);
	record(m, false);
	ask(m, now_ns);
}

bool mail_fails_here(const struct mail_run *m, int64_t now_ns)
{
	const struct trace *t = m->trace;

	for (size_t i = 0; i < m->held_n; i++) {
		const struct smtp_order *o = &m->held[i].order;
		if (now_ns - m->held[i].at_ns > SEEN_NS &&
		    trace_find_tuple(t, &o->addr, o->port, o->src_port) == TRACE_NONE)
			return true;
	}
	return m->refused || (m->smtp && smtp_ungreeted(m->smtp, MUTE_NS) > 0);
}

void mail_withdraw(struct mail_run *m)
{
	if (!m->smtp)
		return;
	smtp_stop_connecting(m->smtp, 0);
	record(m, false);
}

/* Whether all that still wait for a greeting have shown that TLS comes first on their port. */
static bool begin_with_tls(const struct mail_run *m)
{
	bool all = m->held_n > 0;

	for (size_t i = 0; i < m->held_n && all; i++) {
		const struct smtp_order *o = &m->held[i].order;
		bool verified = has_ended(m, o);

		for (size_t k = 0; k < m->trace->sessions_n && !verified; k++) {
			const struct session *s = &m->trace->sessions[k];

			verified =
				s->server == o->server && s->port == o->port && mail_is_verified(s);
		}
		all = verified;
	}
	return all;
}

bool mail_busy(struct mail_run *m, int64_t now_ns)
{
	size_t active = m->smtp ? smtp_active(m->smtp) : 0;
	size_t mute = active ? smtp_ungreeted(m->smtp, 0) : 0;

	/* Whoever asked for a server by name wants to know how its own session ends. */
	if (active > 0 && !m->trace->run.hosts_given && !m->settled_ns && mail_settled(m->trace))
		m->settled_ns = now_ns;
	if (active > 0 && m->settled_ns && now_ns - m->settled_ns > HASTE_NS)
		return false;
	if (active == 0 || active > mute) {
		m->quiet_since_ns = 0;
		return active > 0 || (m->smtp && news(m) != m->seen);
	}
	if (!m->quiet_since_ns)
		m->quiet_since_ns = now_ns;
	int64_t quiet_ns = now_ns - m->quiet_since_ns;
	/* Whoever asked for a server by name wants to know whether it greets at all. */
	int64_t most = m->trace->sessions_n > 2 * mute ? HASTE_NS : PATIENCE_NS;
	if (m->trace->run.hosts_given)
		most = begin_with_tls(m) ? 0 : INT64_MAX;
	if (quiet_ns >= SHUT_NS && most > SHUT_NS && wait_worth(m) < most)
		most = wait_worth(m);
	return quiet_ns < most;
}

int mail_fd(const struct mail_run *m)
{
	return m->smtp ? smtp_fd(m->smtp) : -1;
}

void mail_end(struct mail_run *m)
{
	if (!m->smtp)
		return;
	smtp_stop(m->smtp);
	record(m, true);
}
