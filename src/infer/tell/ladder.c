/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/tell/ladder.h"
#include "base/text.h"
#include "infer/mail/mail.h"
#include "infer/scene/accepting.h"
#include "infer/scene/ladder.h"

static const uint16_t mail_ports[] = {25, 465, 587, 2525};
static const uint16_t ways_out[] = {465, 587, 2525};

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
		struct rung rung = ladder_count(scene, vote->family, mail_ports[i]);
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
	if (ports->shut_n == 1 && ports->open_n == 0 && ports->refused_n > 0)
		return arena_printf(arena, "Of the mail ports only %s fails like this%s.",
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
	if (!ladder_fails(scene, vote->speaker) ||
	    scene->conducts[vote->speaker] == CONDUCT_ANSWERS)
		return NULL;
	if (vote->open > 0)
		return arena_printf(arena, "Not everywhere: port %u is open on %u of %u servers%s.",
				    scene->trace->servers[vote->speaker].port, vote->open,
				    vote->servers,
				    vote->claim.state == STATE_CLOSED
					    ? ", so the network lets the port through"
					    : ", so what is blocked is the way to the others, or "
					      "they themselves");
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
		    !mail_is_verified(s) || s->stage < SESSION_COMPLETE)
			continue;
		bool better =
			!best ||
			(t->servers[best->server].reference && !t->servers[s->server].reference) ||
			(s->port == best->port && s->server < best->server);
		if (better || (s->port == MAIL_TLS_PORT && best->port != MAIL_TLS_PORT))
			best = s;
	}
	return best;
}

/* A port that answers instead of the one under test, over one family; 0: none does. */
struct way_out {
	uint16_t port;
	struct rung rung;
};

static struct way_out untested_way(const struct scene *scene, uint8_t family, uint16_t port)
{
	for (size_t i = 0; i < sizeof(ways_out) / sizeof(*ways_out); i++) {
		struct way_out way = {ways_out[i], ladder_count(scene, family, ways_out[i])};
		if (way.rung.open && way.port != port)
			return way;
	}
	return (struct way_out){0};
}

/* The other family's, where this one has none. */
static const char *way_over(uint8_t family, const struct way_out *way, struct arena *arena)
{
	if (way->port == MAIL_TLS_PORT)
		return arena_say(
			arena,
			"Over IPv%u alone, until then try port %u (implicit TLS): it answers "
			"on %u of %u servers.",
			family, way->port, way->rung.open, way->rung.asked);
	return arena_say(
		arena, "Over IPv%u alone, until then try port %u: it answers on %u of %u servers.",
		family, way->port, way->rung.open, way->rung.asked);
}

const char *ladder_way(const struct scene *scene, const struct vote *vote, struct arena *arena)
{
	const struct session *s = tested_way(scene);
	if (s && s->port == MAIL_TLS_PORT)
		return arena_say(
			arena,
			"What works now: %s, port 465, implicit TLS (\"SSL/TLS\", not "
			"\"STARTTLS\"), the usual user name and password. Measured in "
			"this run: TLS comes about there, with a valid certificate of that "
			"name; no password was sent, so nothing is known of the login.",
			scene->trace->servers[s->server].host);
	if (s)
		return arena_say(arena,
				 "What works now: %s, port %u, STARTTLS, the usual user name and "
				 "password. Measured in this run: TLS comes about there, with a "
				 "valid certificate of that name; no password was sent, so nothing "
				 "is known of the login.",
				 scene->trace->servers[s->server].host, s->port);
	/* Whoever answers in the servers' name on one port may do so on others. */
	bool hidden = scene->conducts[vote->speaker] == CONDUCT_ANSWERS &&
		      scene_stands_alone(scene, vote->speaker);
	if (vote->judgement.state == STATE_INTERCEPTED || hidden)
		return NULL;
	uint16_t port = scene->trace->servers[vote->speaker].port;
	struct way_out way = untested_way(scene, vote->family, port);
	if (way.port == MAIL_TLS_PORT)
		return arena_say(
			arena,
			"For now try port %u (\"SSL/TLS\" in the mail program, not "
			"\"STARTTLS\"): connections to it are accepted on %u of %u servers; "
			"no more was tried on it.",
			way.port, way.rung.open, way.rung.asked);
	if (way.port)
		return arena_say(arena,
				 "For now try port %u: connections to it are accepted on %u of %u "
				 "servers; no more was tried on it.",
				 way.port, way.rung.open, way.rung.asked);
	uint8_t other = vote->family == 6 ? 4 : 6;
	way = untested_way(scene, other, port);
	return way.port ? way_over(other, &way, arena) : NULL;
}
