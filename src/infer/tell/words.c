/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/tell/words.h"
#include "infer/scene/accepting.h"
#include "infer/tell/absent.h"
#include "infer/tell/host.h"
#include "infer/tell/mail.h"
#include "infer/tell/phrases.h"
#include "infer/tell/shut_out.h"

/* What follows "is". */
static const char *verb(const struct judgement *j, const struct arena *arena)
{
	switch (j->mechanism) {
	case MECHANISM_TCP_RESET:
		return arena_word(arena, N_("refused by resets"));
	case MECHANISM_ICMP_REJECT:
		return arena_word(arena, N_("rejected by ICMP messages"));
	default:
		return arena_word(arena, N_("blocked"));
	}
}

/*
 * The commonest answer in the field: both sides of the line between router and provider. Where the
 * first to answer has a number of the provider's, the router does not show itself.
 */
static bool is_router_or_provider(const struct judgement *j)
{
	bool local = false, isp = false;
	const struct addr *first = &j->link.from;
	if (j->beside != BESIDE_ROUTER ||
	    (addr_is_set(first) && first->family == 4 && addr_class(first) != ADDR_PRIVATE))
		return false;
	for (size_t i = 0; i < j->suspects_n; i++) {
		local = local || j->suspects[i].blocker == BLOCKER_LOCAL_NETWORK;
		isp = isp || j->suspects[i].blocker == BLOCKER_ISP;
	}
	return j->suspects_n == 2 && local && isp && j->link.known && j->link.from_hop == 1;
}

/* The sentence of a block. */
static const char *blocked(const struct judgement *j, unsigned port, struct arena *arena)
{
	if (j->blocker != BLOCKER_UNKNOWN)
		return arena_say(arena, "Port %u is %s %s%s.", port, verb(j, arena),
				 phrase_in_network(j, arena), phrase_where(j, arena));
	if (is_router_or_provider(j))
		return arena_say(arena,
				 "Port %u is %s between your router's output and your "
				 "provider's input%s.",
				 port, verb(j, arena), phrase_where(j, arena));
	if (j->mechanism == MECHANISM_RETURN_DROP && !j->passes_all)
		return arena_say(arena,
				 "Port %u gets no answer: its SYNs are dropped, or the answers to "
				 "them on the way back, by %s.",
				 port, phrase_suspects(j, arena));
	if (j->mechanism == MECHANISM_RETURN_DROP)
		return arena_say(arena,
				 "Port %u gets no answer although its SYNs pass every router: "
				 "either they are dropped behind the last one, at the server, or "
				 "the answers are dropped on their way back. Suspects: %s.",
				 port, phrase_suspects(j, arena));
	return arena_say(arena, "Port %u is %s%s: by %s.", port, verb(j, arena),
			 phrase_where(j, arena), phrase_suspects(j, arena));
}

static const char *intercepted(const struct judgement *j, unsigned port, struct arena *arena)
{
	if (j->blocker != BLOCKER_UNKNOWN)
		return arena_say(arena,
				 "Port %u is intercepted: something %s answers in the "
				 "server's place%s.",
				 port, phrase_in_network(j, arena), phrase_where(j, arena));
	return arena_say(arena,
			 "Port %u is intercepted: something answers in the server's place%s; "
			 "it is %s.",
			 port, phrase_where(j, arena), phrase_suspects(j, arena));
}

/* The sentence of a port that works for some connections. */
static const char *degraded(const struct judgement *j, unsigned port, struct arena *arena)
{
	const char *by = j->blocker == BLOCKER_UNKNOWN ? "" : phrase_in_network(j, arena);
	const char *place =
		arena_printf(arena, "%s%s%s", *by ? " " : "", by, phrase_where(j, arena));
	if (j->mechanism == MECHANISM_SILENT_DROP)
		return arena_say(arena,
				 "Port %u is open for some connections only: those of other "
				 "source ports are dropped%s.",
				 port, place);
	if (j->mechanism == MECHANISM_CLOSED)
		return arena_say(arena,
				 "Port %u is open for some connections only: the server itself "
				 "refuses others.",
				 port);
	if (j->mechanism == MECHANISM_TCP_RESET)
		return arena_say(arena,
				 "Port %u is open for some connections only: others are refused "
				 "by resets%s.",
				 port, place);
	if (j->mechanism == MECHANISM_ICMP_REJECT)
		return arena_say(arena,
				 "Port %u is open for some connections only: others are "
				 "rejected by ICMP messages%s.",
				 port, place);
	if (j->mechanism == MECHANISM_RESET_AFTER_HANDSHAKE)
		return arena_say(arena,
				 "Port %u accepts connections, but most are reset at once%s.", port,
				 phrase_by(j, arena));
	if (j->mechanism == MECHANISM_RATE_LIMIT)
		return arena_say(arena,
				 "Port %u is open, but not every connection gets through: "
				 "something limits it%s.",
				 port, place);
	return arena_say(arena, "Port %u is open, but limited or damaged%s.", port, place);
}

static const char *unknown(const struct judgement *j, unsigned port, struct arena *arena)
{
	if (j->mechanism == MECHANISM_NO_NETWORK)
		return arena_say(arena,
				 "Nothing can be said of port %u: the control ports get no "
				 "answer either.",
				 port);
	return arena_say(arena, "The evidence does not decide whether port %u is blocked.", port);
}

/* The sentence of any state. */
static const char *sentence(const struct judgement *j, const struct trace *t, unsigned port,
			    struct arena *arena)
{
	switch (j->state) {
	case STATE_OPEN:
		if (t->run.smtp)
			return arena_say(arena, "Port %u is open.", port);
		return arena_say(arena, "Port %u is open: TCP connects, mail was not tested.",
				 port);
	case STATE_CLOSED:
		return arena_say(arena,
				 "Port %u is closed: the server itself refuses the connection.",
				 port);
	case STATE_BLOCKED:
		return blocked(j, port, arena);
	case STATE_INTERCEPTED:
		return intercepted(j, port, arena);
	case STATE_DEGRADED:
		return degraded(j, port, arena);
	case STATE_UNKNOWN:
		return unknown(j, port, arena);
	}
	return "";
}

/* Of a server behind somebody who accepts in everybody's name. */
static const char *hidden(const struct scene *scene, uint32_t s, struct arena *arena)
{
	int first = scene_accepting(scene, s);
	return arena_count(arena, (unsigned long)first,
			   "Somebody who is no more than %d hop away accepts connections in every "
			   "server's name, and no mail server speaks on port %u: where it fails "
			   "behind there cannot be seen from here.",
			   "Somebody who is no more than %d hops away accepts connections in every "
			   "server's name, and no mail server speaks on port %u: where it fails "
			   "behind there cannot be seen from here.",
			   first, scene->trace->servers[s].port);
}

/* Whether resets answer the controls of the server that speaks as they do the port. */
static bool refuses_all(const struct scene *scene, const struct vote *vote)
{
	return scene->trace->run.own && vote->judgement.mechanism == MECHANISM_NO_NETWORK &&
	       scene->conducts[vote->speaker] == CONDUCT_RESET;
}

const char *words_server(const struct scene *scene, uint32_t s, const struct judgement *j,
			 struct arena *arena)
{
	const char *here = host_sentence(scene, s, arena);
	if (here)
		return here;
	if (j->state == STATE_UNKNOWN && scene_hidden_behind(scene, s))
		return hidden(scene, s, arena);
	const char *shut = shut_out_sentence(scene, s, j, arena);
	if (shut)
		return shut;
	const char *mail = mail_sentence(scene, s, j, arena);
	return mail ? mail : sentence(j, scene->trace, scene->trace->servers[s].port, arena);
}

const char *words_verdict(const struct scene *scene, const struct vote *vote, struct arena *arena)
{
	const struct judgement *j = &vote->judgement;
	const struct trace *t = scene->trace;
	uint32_t s = vote->speaker;
	if (s == TRACE_NONE)
		return j->mechanism == MECHANISM_NO_NETWORK ? absent_sentence(scene, arena)
							    : sentence(j, t, t->run.port, arena);
	/* What all ports or all servers show, one server's own sentence does not say. */
	bool here = scene->here[s].kind != LOCAL_NOTHING;
	if (!here && refuses_all(scene, vote))
		return arena_say(arena,
				 "Nothing can be said of port %u: resets answer every port of "
				 "%s, the controls as well.",
				 t->servers[s].port, t->servers[s].host);
	if (!here && vote->list_doubt && j->state == STATE_UNKNOWN)
		return arena_say(arena,
				 "The evidence does not decide: every known-good server refuses "
				 "port %u at its own distance, which their operators document as "
				 "open.",
				 t->servers[s].port);
	return words_server(scene, s, j, arena);
}
