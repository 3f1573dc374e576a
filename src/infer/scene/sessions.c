/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/sessions.h"
#include "infer/numbers.h"
#include "infer/scene/others.h"
#include <string.h>
#include <strings.h>

#define SERVERS_MAX (OTHERS_MAX + 1)

/* Servers whose sessions can be compared with those of s. */
#define PEERS (OTHERS_PORT | OTHERS_ANSWER)

/* Whether it has a session, and somebody is expected to listen there. */
static bool speaks_mail(const struct scene *scene, uint32_t s)
{
	return !scene->trace->servers[s].dark && scene->mails[s].session;
}

static bool fares(const struct scene *scene, uint32_t s, uint32_t other, enum mail_outcome outcome)
{
	const struct mail *a = &scene->mails[s], *b = &scene->mails[other];
	if (!speaks_mail(scene, other) || b->outcome != outcome)
		return false;
	/* Cut at another stage is cut by something else. */
	bool staged = outcome == MAIL_RESET || outcome == MAIL_ENDED || outcome == MAIL_STALLED;
	return !staged || a->outcome != outcome || a->session->stage == b->session->stage;
}

bool mail_is_trusted(const struct scene *scene, uint32_t s)
{
	return scene->conducts[s] == CONDUCT_ANSWERS && scene->mails[s].outcome == MAIL_VERIFIED;
}

/* Whether TLS came about in somebody else's session: with whom does not show from outside. */
static bool is_secured(const struct scene *scene, uint32_t s)
{
	const struct session *session = scene->mails[s].session;
	return session && session->pass == SESSION_SEEN && session->stage >= SESSION_SECURE;
}

bool mail_may_be_secured(const struct scene *scene, uint32_t s)
{
	const struct trace *t = scene->trace;
	for (size_t i = 0; i < t->sessions_n; i++) {
		const struct session *one = &t->sessions[i];
		bool ours = one->pass == SESSION_SEEN && one->server < t->servers_n &&
			    one->port == t->servers[s].port &&
			    t->servers[one->server].peer == t->servers[s].peer;
		if (ours &&
		    (one->stage >= SESSION_SECURE || one->unread || one->end == SESSION_STOPPED))
			return true;
	}
	return false;
}

unsigned mail_sites(const struct scene *scene, uint32_t s, enum mail_outcome outcome)
{
	uint32_t sites[SERVERS_MAX];
	unsigned n = 0;
	OTHERS_EACH(o, scene, s, PEERS | OTHERS_AND_SELF)
	{
		bool fresh = fares(scene, s, o.server, outcome);
		for (unsigned i = 0; fresh && i < n; i++)
			fresh = sites[i] != scene->sites[o.server];
		if (fresh)
			sites[n++] = scene->sites[o.server];
	}
	return n;
}

unsigned mail_sessions(const struct scene *scene, uint32_t s, enum mail_outcome outcome)
{
	unsigned n = 0;
	OTHERS_EACH(o, scene, s, PEERS | OTHERS_AND_SELF)
	n += fares(scene, s, o.server, outcome) ? scene->mails[o.server].alike : 0;
	return n;
}

bool mail_listed_alike(const struct scene *scene, uint32_t s)
{
	OTHERS_EACH(o, scene, s, PEERS | OTHERS_AND_SELF)
	{
		enum mail_outcome outcome = scene->mails[o.server].outcome;
		if ((outcome == MAIL_NO_TLS || outcome == MAIL_TLS_DENIED) &&
		    speaks_mail(scene, o.server) && scene->trace->servers[o.server].listed)
			return true;
	}
	return false;
}

/* The part of a name that one operator registers, roughly: the last two labels. */
static const char *domain_of(const char *host)
{
	const char *last = strrchr(host, '.');
	const char *at = host;
	for (const char *dot = strchr(host, '.'); dot && dot < last; dot = strchr(dot + 1, '.'))
		at = dot + 1;
	return at;
}

static bool unrelated(const struct scene *scene, uint32_t s, uint32_t other)
{
	const struct server *a = &scene->trace->servers[s], *b = &scene->trace->servers[other];
	if (scene->sites[s] == scene->sites[other])
		return false;
	if (a->owner && b->owner)
		return strcmp(a->owner, b->owner) != 0;
	return strcasecmp(domain_of(a->host), domain_of(b->host)) != 0;
}

static bool is_name(const struct slice *s)
{
	return s->n > 3 && memchr(s->at, '.', s->n) && !memchr(s->at, '*', s->n);
}

static bool same_machine(const struct mail *a, const struct mail *b)
{
	struct certificate x, y;
	if (is_name(&a->dialogue.greeting_host) &&
	    slice_equal(&a->dialogue.greeting_host, &b->dialogue.greeting_host))
		return true;
	dialogue_certificate(a->session, &x);
	dialogue_certificate(b->session, &y);
	return slice_equal(&x.serial, &y.serial) && slice_equal(&x.issuer, &y.issuer);
}

/* A machine that greets where nothing listens greets for everybody. */
static bool is_dark_twin(const struct scene *scene, uint32_t other)
{
	return scene->trace->servers[other].dark && scene->mails[other].dialogue.greeting != 0;
}

uint32_t mail_twin(const struct scene *scene, uint32_t s)
{
	const struct mail *mail = &scene->mails[s];
	const struct server *servers = scene->trace->servers;
	if (!mail->session || mail->outcome == MAIL_VERIFIED)
		return TRACE_NONE;
	OTHERS_EACH(o, scene, s, OTHERS_PORT)
	{
		uint32_t other = o.server;
		if (!scene->mails[other].session)
			continue;
		if (is_dark_twin(scene, other))
			return other;
		/* Customers' names for one hosting company look like this, too. */
		bool telling = servers[s].listed || servers[other].listed;
		if (telling && scene->conducts[other] == CONDUCT_ANSWERS &&
		    speaks_mail(scene, other) && unrelated(scene, s, other) &&
		    same_machine(mail, &scene->mails[other]))
			return other;
	}
	return TRACE_NONE;
}

/* One name of a certificate, which may begin with "*.". */
static bool covers(const char *name, size_t n, const char *host)
{
	const char *dot = strchr(host, '.');
	if (n > 2 && name[0] == '*' && name[1] == '.' && dot) {
		name++;
		n--;
		host = dot;
	}
	return strlen(host) == n && strncasecmp(name, host, n) == 0;
}

bool mail_names_fit(const struct slice *names, const char *host)
{
	static const char prefix[] = "DNS:";
	for (size_t i = 0; i + sizeof(prefix) <= names->n; i++) {
		const char *at = names->at + i;
		size_t n = 0, left = names->n - i - (sizeof(prefix) - 1);
		if (memcmp(at, prefix, sizeof(prefix) - 1) != 0)
			continue;
		at += sizeof(prefix) - 1;
		while (n < left && at[n] != ',' && at[n] != ' ')
			n++;
		if (covers(at, n, host))
			return true;
	}
	return false;
}

struct mail_issuers mail_issuers(const struct scene *scene, uint32_t s)
{
	struct mail_issuers out = {.names_fit = true};
	struct certificate own;
	uint32_t seen[SERVERS_MAX];
	unsigned n = 0;
	dialogue_certificate(scene->mails[s].session, &own);
	OTHERS_EACH(o, scene, s, PEERS | OTHERS_AND_SELF)
	{
		struct certificate c;
		uint32_t other = o.server;
		bool fresh = fares(scene, s, other, MAIL_UNTRUSTED) &&
			     (other == s || unrelated(scene, s, other));
		for (unsigned i = 0; fresh && i < n; i++)
			fresh = seen[i] != scene->sites[other];
		if (!fresh)
			continue;
		seen[n++] = scene->sites[other];
		dialogue_certificate(scene->mails[other].session, &c);
		bool same = slice_equal(&own.issuer, &c.issuer);
		out.same += same;
		out.others += !same && c.issuer.n > 0;
		out.same_listed = out.same_listed || (same && scene->trace->servers[other].listed);
		out.names_fit = out.names_fit &&
				mail_names_fit(&c.names, scene->trace->servers[other].host);
	}
	return out;
}

enum layer mail_layer(const struct scene *scene, uint32_t s)
{
	const struct mail *mail = &scene->mails[s];
	if (scene->conducts[s] != CONDUCT_ANSWERS)
		return LAYER_NONE;
	if (mail->outcome == MAIL_VERIFIED || is_secured(scene, s))
		return LAYER_TLS;
	if (!mail->session || mail->dialogue.greeting / 100 != 2 || mail->dialogue.ehlo / 100 != 2)
		return LAYER_TCP;
	return LAYER_SMTP;
}
