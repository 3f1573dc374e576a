/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/ask/ladder.h"
#include "base/text.h"

#define TRIES	    2 /* SYNs to a port that does not answer */
#define SERVERS_MAX 8 /* whose ports are asked */
#define RANK	    4 /* after everything that decides */

#define IMPLICIT_PORT 465

static const uint16_t mail_ports[] = {25, 465, 587, 2525};
static const uint16_t asked_ports[] = {465, 2525, 25, 587, 443};

/* TTL with which a reset of a SYN to the port arrived, of full TTL; -1: none came. */
static int resets_back(const struct path *path, uint16_t port)
{
	PATH_EACH_PROBE(path, p)
	{
		if (p->dst_port != port || path_slot(path->trace, p->ttl) != 0)
			continue;
		PATH_EACH_REPLY(path->trace, p, r)
		{
			if (r->kind == REPLY_RESET && path_counts(path->trace, p, r))
				return r->ttl;
		}
	}
	return -1;
}

/* How one port fared over the servers on which it was asked. */
struct rung {
	unsigned asked, open;
	unsigned refused; /* refused otherwise than the port under test is: the server's own word */
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

/*
 * Whether the server's other port was refused, and not the way the port under test fails: a
 * reset or rejection where that is silent, or a reset that has come another way back.
 */
static bool refused_apart(const struct path *path, const struct port_count *c)
{
	const struct outcome *full = &c->full;
	if (full->reset == 0 && full->rejected == 0)
		return false;
	if (full->reset == 0)
		return path->target.at[0].rejected == 0;
	int here = resets_back(path, path->target.port), there = resets_back(path, c->port);
	return here < 0 || here != there;
}

static struct rung count(const struct scene *scene, uint8_t family, uint16_t port)
{
	struct rung rung = {0};
	for (uint32_t s = 0; s < scene->n; s++) {
		const struct port_count *c = find_port(&scene->paths[s], port);
		if (!c || scene_family(scene, s) != family || !scene_votes(scene, s) ||
		    scene->trace->servers[s].peer != s)
			continue;
		bool open = c->full.synack || c->limited_synack;
		if (!open && c->full.sent == 0)
			continue;
		rung.asked++;
		rung.open += open;
		rung.refused += !open && refused_apart(&scene->paths[s], c);
	}
	return rung;
}

static void add_port(struct text *list, uint16_t port, const struct rung *rung)
{
	text_addf(list, "%s%u", list->len ? ", " : "", port);
	if (rung->open && rung->open < rung->asked)
		text_addf(list, " (on %u of %u)", rung->open, rung->asked);
}

/* The other mail ports, sorted by how they fared: lists of them as text. */
struct sorted {
	struct text open, shut, refused;
	unsigned open_n, shut_n, refused_n;
};

static void sort_ports(const struct scene *scene, const struct vote *vote, struct sorted *out)
{
	uint16_t port = scene->trace->servers[vote->speaker].port;
	for (size_t i = 0; i < sizeof(mail_ports) / sizeof(*mail_ports); i++) {
		struct rung rung = count(scene, vote->family, mail_ports[i]);
		if (rung.asked == 0 || (mail_ports[i] == port && rung.open))
			continue;
		bool refused = mail_ports[i] != port && !rung.open && rung.refused == rung.asked;
		add_port(rung.open ? &out->open
			 : refused ? &out->refused
				   : &out->shut,
			 mail_ports[i], &rung);
		out->open_n += rung.open > 0;
		out->refused_n += refused;
		out->shut_n += !rung.open && !refused;
	}
}

/* "; 2525 is refused by a reset or rejection", or nothing. */
static const char *refused_text(const struct sorted *ports, struct arena *arena)
{
	if (ports->refused_n == 0)
		return "";
	return arena_printf(arena, "; %s %s refused, which is another matter",
			    text_str(&ports->refused), ports->refused_n == 1 ? "is" : "are");
}

static const char *sorted_text(const struct sorted *ports, struct arena *arena)
{
	const char *refused = refused_text(ports, arena);
	if (ports->shut_n > 1 && ports->open_n == 0 && ports->refused_n == 0)
		return arena_printf(arena,
				    "All mail ports fail alike (%s), other ports answer: a policy "
				    "on mail, not on this port alone.",
				    text_str(&ports->shut));
	if (ports->shut_n > 1 && ports->open_n == 0)
		return arena_printf(arena, "The mail ports %s fail alike%s.",
				    text_str(&ports->shut), refused);
	if (ports->shut_n == 0 || ports->open_n == 0)
		return NULL;
	return arena_printf(arena, "Of the mail ports %s%s fail%s; %s answer%s%s.",
			    ports->shut_n == 1 ? "only " : "", text_str(&ports->shut),
			    ports->shut_n == 1 ? "s" : "", text_str(&ports->open),
			    ports->open_n == 1 ? "s" : "", refused);
}

const char *ladder_reason(const struct scene *scene, const struct vote *vote, struct arena *arena)
{
	struct sorted ports = {0};
	if (!fails(scene, vote->speaker) || scene->conducts[vote->speaker] == CONDUCT_ANSWERS)
		return NULL;
	if (vote->open > 0)
		return arena_printf(arena,
				    "Not everywhere: port %u is open on %u of %u servers, so what "
				    "is blocked is the way to the others, or they themselves.",
				    scene->trace->servers[vote->speaker].port, vote->open,
				    vote->servers);
	sort_ports(scene, vote, &ports);
	const char *text = sorted_text(&ports, arena);
	text_free(&ports.open);
	text_free(&ports.shut);
	text_free(&ports.refused);
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

/* "port 465 (implicit TLS): it answers on 3 of 5 servers", over that family; NULL: it does not. */
static const char *untested_way(const struct scene *scene, uint8_t family, struct arena *arena)
{
	for (size_t i = 0; i < 2; i++) {
		uint16_t port = asked_ports[i];
		struct rung rung = count(scene, family, port);
		if (rung.open && port != scene->trace->run.port)
			return arena_printf(arena, "port %u%s: it answers on %u of %u servers",
					    port, port == IMPLICIT_PORT ? " (implicit TLS)" : "",
					    rung.open, rung.asked);
	}
	return NULL;
}

const char *ladder_way(const struct scene *scene, const struct vote *vote, struct arena *arena)
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
	/* Whoever answers in the servers' name on one port may do so on others. */
	if (vote->judgement.state == STATE_INTERCEPTED)
		return NULL;
	const char *way = untested_way(scene, vote->family, arena);
	if (way)
		return arena_printf(arena, "Until then try %s.", way);
	uint8_t other = vote->family == 6 ? 4 : 6;
	way = untested_way(scene, other, arena);
	return way ? arena_printf(arena, "Over IPv%u alone, until then try %s.", other, way) : NULL;
}
