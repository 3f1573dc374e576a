/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/ask/ladder.h"
#include "base/text.h"

#define TRIES	    2 /* SYNs to a port that does not answer */
#define SERVERS_MAX 8 /* whose ports are asked */
#define RANK	    4 /* after everything that decides */

#define IMPLICIT_PORT 465

static const uint16_t mail_ports[] = {25, 465, 587, 2525};
static const uint16_t asked_ports[] = {465, 2525, 25, 587, 443};

/* How one port fared over the servers on which it was asked. */
struct rung {
	unsigned asked, open;
};

static bool fails(const struct scene *scene, uint32_t s)
{
	switch (scene->conducts[s]) {
	case CONDUCT_SILENT:
	case CONDUCT_RESET:
	case CONDUCT_REJECTED:
	case CONDUCT_REFUSED:
		return true;
	case CONDUCT_ANSWERS: {
		enum mail_outcome outcome = scene->mails[s].outcome;
		return outcome != MAIL_UNTRIED && outcome != MAIL_VERIFIED;
	}
	case CONDUCT_ABSENT:
	case CONDUCT_PENDING:
		break;
	}
	return false;
}

static const struct port_count *find_port(const struct path *path, uint16_t port)
{
	for (size_t i = 0; i < path->ports_n; i++) {
		if (path->ports[i].port == port)
			return &path->ports[i];
	}
	return NULL;
}

void ladder_ask(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	uint32_t before = 0;
	for (uint32_t other = 0; other < s && before < SERVERS_MAX; other++)
		before += fails(a->scene, other);
	if (before >= SERVERS_MAX || !fails(a->scene, s))
		return;
	for (size_t i = 0; i < sizeof(asked_ports) / sizeof(*asked_ports); i++) {
		const struct port_count *c = find_port(path, asked_ports[i]);
		struct question q = {
			.server = s, .port = asked_ports[i], .alone = true, .rank = RANK};
		if (asked_ports[i] == path->target.port)
			continue;
		if (!c || (!c->full.reached && !c->full.rejected && !c->full.pending &&
			   !c->limited_synack && ask_tried(&c->full) < TRIES))
			ask_one(a, q);
	}
}

static struct rung count(const struct scene *scene, uint8_t family, uint16_t port)
{
	struct rung rung = {0};
	for (uint32_t s = 0; s < scene->n; s++) {
		const struct port_count *c = find_port(&scene->paths[s], port);
		if (!c || scene_family(scene, s) != family || !vote_has(scene, s))
			continue;
		bool open = c->full.synack || c->limited_synack;
		if (!open && c->full.sent == 0)
			continue;
		rung.asked++;
		rung.open += open;
	}
	return rung;
}

static void add_port(struct text *list, uint16_t port, const struct rung *rung)
{
	text_addf(list, "%s%u", list->len ? ", " : "", port);
	if (rung->open && rung->open < rung->asked)
		text_addf(list, " (on %u of %u)", rung->open, rung->asked);
}

const char *ladder_reason(const struct scene *scene, const struct vote *vote, struct arena *arena)
{
	struct text open = {0}, shut = {0};
	unsigned shut_n = 0, asked_n = 0;
	const char *text = NULL;
	uint16_t port = scene->trace->servers[vote->speaker].port;
	if (!fails(scene, vote->speaker) || scene->conducts[vote->speaker] == CONDUCT_ANSWERS)
		return NULL;
	for (size_t i = 0; i < sizeof(mail_ports) / sizeof(*mail_ports); i++) {
		struct rung rung = count(scene, vote->family, mail_ports[i]);
		if (rung.asked == 0 || (mail_ports[i] == port && rung.open))
			continue;
		asked_n++;
		shut_n += rung.open == 0;
		add_port(rung.open ? &open : &shut, mail_ports[i], &rung);
	}
	if (vote->open > 0)
		text = arena_printf(arena,
				    "Not everywhere: port %u is open on %u of %u servers, so what "
				    "is blocked is the way to the others, or they themselves.",
				    port, vote->open, vote->servers);
	else if (asked_n > 1 && shut_n == asked_n)
		text = arena_printf(arena,
				    "All mail ports fail alike (%s), other ports answer: a policy "
				    "on mail, not on this port alone.",
				    text_str(&shut));
	else if (asked_n > 1 && shut_n == 1)
		text = arena_printf(arena, "Of the mail ports only %s fails; %s answer%s.",
				    text_str(&shut), text_str(&open), asked_n == 2 ? "s" : "");
	else if (asked_n > 1 && shut_n > 0)
		text = arena_printf(arena, "Of the mail ports %s fail; %s answer.", text_str(&shut),
				    text_str(&open));
	text_free(&open);
	text_free(&shut);
	return text;
}

/* A session that was verified on another port than the one under test. */
static const struct session *tested_way(const struct scene *scene)
{
	const struct trace *t = scene->trace;
	const struct session *best = NULL;
	for (size_t i = 0; i < t->sessions_n; i++) {
		const struct session *s = &t->sessions[i];
		if (s->server >= t->servers_n || s->port == t->servers[s->server].port ||
		    !mail_is_verified(s))
			continue;
		bool better = !best || (t->servers[best->server].reference &&
					!t->servers[s->server].reference);
		if (better || (s->port == IMPLICIT_PORT && best->port != IMPLICIT_PORT))
			best = s;
	}
	return best;
}

const char *ladder_way(const struct scene *scene, struct arena *arena)
{
	const struct session *s = tested_way(scene);
	if (s && s->port == IMPLICIT_PORT)
		return arena_printf(arena,
				    "What works now, measured in this run: %s, port 465, "
				    "implicit TLS (\"SSL/TLS\", not \"STARTTLS\"), the usual user "
				    "name and password.",
				    scene->trace->servers[s->server].host);
	if (s)
		return arena_printf(arena,
				    "What works now, measured in this run: %s, port %u, STARTTLS, "
				    "the usual user name and password.",
				    scene->trace->servers[s->server].host, s->port);
	for (size_t i = 0; i < 2; i++) {
		uint16_t port = asked_ports[i];
		for (uint8_t family = 4; family <= 6; family += 2) {
			struct rung rung = count(scene, family, port);
			if (rung.open && port != scene->trace->run.port)
				return arena_printf(
					arena,
					"Until then try port %u%s: it answers on %u of %u servers.",
					port, port == IMPLICIT_PORT ? " (implicit TLS)" : "",
					rung.open, rung.asked);
		}
	}
	return NULL;
}
