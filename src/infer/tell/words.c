/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/tell/words.h"
#include "base/text.h"
#include "infer/result/hop_text.h"
#include "infer/rules/mail_rules.h"
#include "infer/scene/seen.h"
#include "infer/tell/absent.h"
#include "infer/tell/host.h"

const char *words_hop(const struct scene *scene, uint32_t s, int hop, struct arena *arena)
{
	struct hop_seen seen = scene_hop_seen(scene, s, hop);
	return hop_text(arena, hop, &seen.addr, seen.silent);
}

/* ", between hop 3 and hop 4", ", at hop 2", or nothing. */
static const char *where(const struct judgement *j, struct arena *arena)
{
	const struct link_span *link = &j->link;
	if (!link->known || j->blocker == BLOCKER_LOCAL_HOST)
		return "";
	const char *to = hop_text(arena, link->to_hop, &link->to, link->to_silent);
	if (link->from_hop == link->to_hop)
		return arena_printf(arena, ", at %s", to);
	return arena_printf(arena, ", between %s and %s",
			    hop_text(arena, link->from_hop, &link->from, link->from_silent), to);
}

static const char *in_network(enum blocker blocker)
{
	switch (blocker) {
	case BLOCKER_LOCAL_HOST:
		return "by this host's own firewall or policy";
	case BLOCKER_LOCAL_NETWORK:
		return "in your local network";
	case BLOCKER_ISP:
		return "in your provider's network";
	case BLOCKER_TRANSIT:
		return "in transit, beyond your provider's network";
	case BLOCKER_REMOTE:
		return "by the server or its network";
	case BLOCKER_NONE:
	case BLOCKER_UNKNOWN:
		break;
	}
	return "somewhere on the way";
}

static const char *verb(const struct judgement *j)
{
	switch (j->mechanism) {
	case MECHANISM_TCP_RESET:
		return "refused by resets";
	case MECHANISM_ICMP_REJECT:
		return "rejected by ICMP messages";
	default:
		return "blocked";
	}
}

/* "the local network or the provider's network". */
static const char *list_suspects(const struct judgement *j, struct arena *arena)
{
	struct text t = {0};
	for (size_t i = 0; i < j->suspects_n; i++) {
		if (i)
			text_add(&t, i + 1 == j->suspects_n ? " or " : ", ");
		text_add(&t, suspect_place(j->suspects[i].blocker));
	}
	const char *list = arena_copy(arena, text_str(&t));
	text_free(&t);
	return list;
}

/* The commonest answer in the field: both sides of the line between router and provider. */
static bool is_router_or_provider(const struct judgement *j)
{
	bool local = false, isp = false;
	for (size_t i = 0; i < j->suspects_n; i++) {
		local = local || j->suspects[i].blocker == BLOCKER_LOCAL_NETWORK;
		isp = isp || j->suspects[i].blocker == BLOCKER_ISP;
	}
	return j->suspects_n == 2 && local && isp && j->link.known && j->link.from_hop == 1;
}

static const char *blocked(const struct judgement *j, unsigned port, struct arena *arena)
{
	if (j->blocker != BLOCKER_UNKNOWN)
		return arena_printf(arena, "Port %u is %s %s%s.", port, verb(j),
				    in_network(j->blocker), where(j, arena));
	if (is_router_or_provider(j))
		return arena_printf(arena,
				    "Port %u is %s between your router's output and your "
				    "provider's input%s.",
				    port, verb(j), where(j, arena));
	if (j->mechanism == MECHANISM_RETURN_DROP && !j->passes_all)
		return arena_printf(
			arena,
			"Port %u gets no answer; whether its SYNs are dropped, or the "
			"answers to them on the way back, is not known: suspects are %s.",
			port, list_suspects(j, arena));
	if (j->mechanism == MECHANISM_RETURN_DROP)
		return arena_printf(arena,
				    "Port %u gets no answer although its SYNs pass every router: "
				    "suspects are %s.",
				    port, list_suspects(j, arena));
	return arena_printf(arena, "Port %u is %s%s: by %s.", port, verb(j), where(j, arena),
			    list_suspects(j, arena));
}

static const char *intercepted(const struct judgement *j, unsigned port, struct arena *arena)
{
	if (j->blocker != BLOCKER_UNKNOWN)
		return arena_printf(arena,
				    "Port %u is intercepted: something %s answers in the "
				    "server's place%s.",
				    port, in_network(j->blocker), where(j, arena));
	return arena_printf(arena,
			    "Port %u is intercepted: something answers in the server's place%s; "
			    "it is %s.",
			    port, where(j, arena), list_suspects(j, arena));
}

static const char *degraded(const struct judgement *j, unsigned port, struct arena *arena)
{
	const char *by = j->blocker == BLOCKER_UNKNOWN ? "" : in_network(j->blocker);
	const char *place = arena_printf(arena, "%s%s%s", *by ? " " : "", by, where(j, arena));
	if (j->mechanism == MECHANISM_SILENT_DROP)
		return arena_printf(arena,
				    "Port %u is open for some connections only: those of other "
				    "source ports are dropped%s.",
				    port, place);
	if (j->mechanism == MECHANISM_CLOSED)
		return arena_printf(arena,
				    "Port %u is open for some connections only: the server itself "
				    "refuses others.",
				    port);
	if (j->mechanism == MECHANISM_TCP_RESET)
		return arena_printf(arena,
				    "Port %u is open for some connections only: others are refused "
				    "by resets%s.",
				    port, place);
	if (j->mechanism == MECHANISM_ICMP_REJECT)
		return arena_printf(arena,
				    "Port %u is open for some connections only: others are "
				    "rejected by ICMP messages%s.",
				    port, place);
	if (j->mechanism == MECHANISM_RESET_AFTER_HANDSHAKE)
		return arena_printf(arena,
				    "Port %u accepts connections, but most are reset at once%s.",
				    port, words_by(j, arena));
	if (j->mechanism == MECHANISM_RATE_LIMIT)
		return arena_printf(arena,
				    "Port %u is open, but not every connection gets through: "
				    "something limits it%s.",
				    port, place);
	return arena_printf(arena, "Port %u is open, but limited or damaged%s.", port, place);
}

static const char *unknown(const struct judgement *j, unsigned port, struct arena *arena)
{
	if (j->mechanism == MECHANISM_NO_NETWORK)
		return arena_printf(arena,
				    "Nothing can be said of port %u: the control ports get no "
				    "answer either.",
				    port);
	return arena_printf(arena, "The evidence does not decide whether port %u is blocked.",
			    port);
}

static const char *sentence(const struct judgement *j, unsigned port, const char *untested,
			    struct arena *arena)
{
	switch (j->state) {
	case STATE_OPEN:
		return arena_printf(arena, "Port %u is open%s.", port, untested);
	case STATE_CLOSED:
		return arena_printf(arena,
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

const char *words_by(const struct judgement *j, struct arena *arena)
{
	if (j->blocker != BLOCKER_UNKNOWN)
		return arena_printf(arena, " %s%s", in_network(j->blocker), where(j, arena));
	if (j->suspects_n == 0)
		return where(j, arena);
	return arena_printf(arena, "%s, by %s", where(j, arena), list_suspects(j, arena));
}

static const char *untested(const struct trace *t)
{
	return t->run.smtp ? "" : ": TCP connects, mail was not tested";
}

const char *words_verdict(const struct scene *scene, const struct vote *vote, struct arena *arena)
{
	const struct trace *t = scene->trace;
	unsigned port = t->run.port;
	if (vote->speaker != TRACE_NONE)
		port = t->servers[vote->speaker].port;
	const char *here =
		vote->speaker == TRACE_NONE ? NULL : host_sentence(scene, vote->speaker, arena);
	if (here)
		return here;
	if (vote->speaker == TRACE_NONE && vote->judgement.mechanism == MECHANISM_NO_NETWORK)
		return absent_sentence(scene, arena);
	if (vote->list_doubt && vote->judgement.state == STATE_UNKNOWN)
		return arena_printf(
			arena,
			"The evidence does not decide: every known-good server refuses "
			"port %u at its own distance, which their operators document as "
			"open.",
			port);
	const char *mail = vote->speaker == TRACE_NONE
				   ? NULL
				   : mail_sentence(scene, vote->speaker, &vote->judgement, arena);
	return mail ? mail : sentence(&vote->judgement, port, untested(t), arena);
}

const char *words_server(const struct scene *scene, uint32_t s, const struct judgement *j,
			 struct arena *arena)
{
	const char *here = host_sentence(scene, s, arena);
	if (here)
		return here;
	const char *mail = mail_sentence(scene, s, j, arena);
	return mail ? mail
		    : sentence(j, scene->trace->servers[s].port, untested(scene->trace), arena);
}
