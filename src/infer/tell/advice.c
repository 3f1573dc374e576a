/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/tell/advice.h"
#include "infer/tell/ladder.h"
#include <string.h>

void advise_shown(const struct advising *a, const char *advice)
{
	if (advice && a->verdict->next_n < RESULT_NEXT_MAX)
		a->verdict->next[a->verdict->next_n++] = advice;
}

/* Nothing that the network said may end a sentence's line: what follows it is to be pasted. */
static const char *one_line(const struct advising *a, const char *text)
{
	const char *end = text ? strchr(text, '\n') : NULL;
	return end ? arena_printf(a->arena, "%.*s", (int)(end - text), text) : text;
}

void advise_made(const struct advising *a, const char *text)
{
	advise_shown(a, one_line(a, text));
}

void advise(const struct advising *a, const char *text)
{
	advise_made(a, arena_word(a->arena, text));
}

void advise_commands(const struct advising *a, const char *text, const char *commands)
{
	advise_shown(a, arena_printf(a->arena, "%s\n%s", one_line(a, text), commands));
}

void advise_either(const struct advising *a, const char *measured, const char *captured)
{
	advise(a, a->scene->trace->run.own ? measured : captured);
}

bool advice_suspects(const struct judgement *j, enum blocker blocker)
{
	for (size_t i = 0; i < j->suspects_n; i++) {
		if (j->suspects[i].blocker == blocker)
			return true;
	}
	return j->blocker == blocker;
}

bool advice_suspects_outwards(const struct judgement *j, enum blocker blocker)
{
	for (size_t i = 0; i < j->suspects_n; i++) {
		if (j->suspects[i].blocker == blocker &&
		    j->suspects[i].mechanism != MECHANISM_RETURN_DROP)
			return true;
	}
	return false;
}

/* The address at which the reader's own router answers. */
static const char *gateway(const struct advising *a)
{
	char buf[ADDR_TEXT_BYTES];
	const struct route *route = trace_route(a->scene->trace, a->vote->family);
	if (!route || !addr_is_set(&route->gateway))
		return "";
	return arena_say(a->arena, " at %s", addr_text(&route->gateway, buf));
}

/* Where the machine is rented there is no router of its user's. */
static void look_in_console(const struct advising *a)
{
	advise_made(a, arena_say(a->arena,
				 "Look in the cloud operator's console for security groups and "
				 "firewalls that name outgoing TCP port %u, and for its policy "
				 "on mail ports: many open them on request.",
				 a->port));
}

/* An address that no home router hands out: rented, of a campus, of a telephone. */
static void look_at_first_router(const struct advising *a)
{
	advise_made(a, arena_say(a->arena,
				 "The first router is no home's. On a rented machine, look in "
				 "its provider's console for firewalls that name outgoing TCP port "
				 "%u and for the policy on mail ports; on a campus or in a "
				 "company, ask its network team; on a telephone, the provider of "
				 "the line.",
				 a->port));
}

/* The machine that runs a container looks like a router: its rules for what it forwards. */
static void look_at_container_host(const struct advising *a)
{
	const char *text = arena_say(a->arena,
				     "Look at the next machine on the way%s: "
				     "usually it is the one that runs this "
				     "container, and a rule there for what it "
				     "forwards may name port %u (on Kubernetes: a "
				     "network policy). Run these on that machine, "
				     "not in the container; a rule of iptables goes "
				     "out by the same line with -D in place of -A. "
				     "If it is a router after all, look at its "
				     "outgoing rules instead.",
				     gateway(a), a->port);
	advise_commands(a, text, "iptables -S DOCKER-USER\niptables -S FORWARD\nnft list ruleset");
}

void advise_router(const struct advising *a)
{
	bool container = trace_note(a->scene->trace, "container") &&
			 (!a->j->link.known || a->j->link.from_hop <= 1);
	if (container)
		look_at_container_host(a);
	if (a->beside == BESIDE_CLOUD)
		look_in_console(a);
	if (a->beside == BESIDE_OPEN)
		look_at_first_router(a);
	if (a->beside != BESIDE_ROUTER || container)
		return;
	advise_made(
		a,
		arena_say(a->arena,
			  "Look in the router or firewall%s for outgoing rules that name port %u "
			  "or SMTP, for a list of permitted mail servers, and for parental or "
			  "guest-network filters; allow TCP port %u outwards.",
			  gateway(a), a->port, a->port));
}

void advise_router_back(const struct advising *a)
{
	if (a->beside != BESIDE_ROUTER)
		return;
	advise_made(
		a,
		arena_say(
			a->arena,
			"Look in the router or firewall%s at what it does with answers: SYNs to "
			"port %u pass it, and it may still drop what comes back. Its log or "
			"counters tell while this runs, and so does a trial without it, with this "
			"host straight at the provider's line.",
			gateway(a), a->port));
}

void advise_policies(const struct advising *a)
{
	const struct trace *t = a->scene->trace;
	for (size_t i = 0; i < t->policies_n; i++) {
		const struct policy *p = &t->policies[i];
		const char *source =
			arena_word(a->arena, p->source ? p->source : N_("source unknown"));
		const char *ports = arena_word(a->arena, p->ports);
		const char *date = p->date ? p->date : arena_word(a->arena, N_("undated"));
		if (p->unblock)
			advise_made(
				a,
				arena_say(a->arena,
					  "%s on mail ports: %s; to have it lifted: %s (%s, %s).",
					  p->operator, ports, arena_word(a->arena, p->unblock),
					  source, date));
		else
			advise_made(a, arena_say(a->arena, "%s on mail ports: %s (%s, %s).",
						 p->operator, ports, source, date));
	}
}

/* The family that is asked about, where the other one is well. */
static const char *over(const struct advising *a)
{
	if (a->alone == 6)
		return arena_word(a->arena, N_(" over IPv6"));
	return a->alone == 4 ? arena_word(a->arena, N_(" over IPv4")) : "";
}

void advise_question(const struct advising *a, const char *question)
{
	const char *along =
		a->scene->trace->run.own
			? N_("Send ticket.txt along, which this program writes with -o FOLDER.")
			: N_("Send along what this prints: whoblocks report --format ticket FILE.");
	advise_made(a, arena_printf(a->arena, "%s %s", question, arena_word(a->arena, along)));
}

/* The device of the tunnel or point-to-point line that all this went through. */
static const char *tunnel(const struct advising *a)
{
	return trace_route(a->scene->trace, a->vote->family)->interface;
}

void advise_provider(const struct advising *a)
{
	if (a->beside == BESIDE_TUNNEL) {
		advise_question(
			a, arena_say(a->arena,
				     "Ask whoever runs the far end of %s (a VPN's operator, or the "
				     "provider of the line): \"Is outgoing TCP port %u%s filtered "
				     "there, where and why?\"",
				     tunnel(a), a->port, over(a)));
		return;
	}
	if (a->beside == BESIDE_CLOUD) {
		advise_question(
			a,
			arena_say(a->arena,
				  "Ask the support of the cloud operator: \"Is outgoing TCP port "
				  "%u%s filtered, where and why, and how is it lifted for this "
				  "machine?\"",
				  a->port, over(a)));
		if (!advice_suspects(a->j, BLOCKER_LOCAL_NETWORK))
			look_in_console(a);
		advise_policies(a);
		return;
	}
	bool back = a->j->suspects_n && !advice_suspects_outwards(a->j, BLOCKER_ISP);
	const char *question =
		back ? arena_say(a->arena,
				 "Ask your provider's support or network operations: \"SYNs to TCP "
				 "port "
				 "%u%s pass your network, and no answer to them comes back. Are "
				 "answers "
				 "from that port filtered, where and why, and how is it lifted for "
				 "this "
				 "line?\"",
				 a->port, over(a))
		     : arena_say(a->arena,
				 "Ask your provider's support or network operations: \"Is outgoing "
				 "TCP "
				 "port %u%s filtered, where and why, and how is it lifted for this "
				 "line?\"",
				 a->port, over(a));
	advise_question(a, question);
	if (a->port == 587)
		advise(a, "If they call it a policy, cite RFC 5068 (BCP 134), section 4.1: access "
			  "providers must not block the submission port 587, which RFC 6409 "
			  "defines.");
	advise_policies(a);
}

void advise_port(const struct advising *a)
{
	advise_made(a, ladder_way(a->scene, a->vote, a->arena));
}

void advise_family(const struct advising *a)
{
	if (a->alone)
		advise(a, a->alone == 6 ? N_("Whoever you ask: say that it is IPv6 alone. Over "
					     "IPv4 the port is open.")
					: N_("Whoever you ask: say that it is IPv4 alone. Over "
					     "IPv6 the port is open."));
}

void advise_other_lines(const struct advising *a)
{
	/* What this host itself does it does on every way. */
	if (advice_suspects(a->j, BLOCKER_LOCAL_HOST))
		return;
	if (advice_suspects(a->j, BLOCKER_REMOTE) && a->j->suspects_n <= 1)
		return;
	if (a->beside == BESIDE_TUNNEL)
		advise_made(a,
			    arena_say(a->arena,
				      "Run this again past %s, with -i and the device of the line "
				      "itself, and compare: what is open there is blocked by the "
				      "far end alone. Your mail provider's webmail needs no mail "
				      "port.",
				      tunnel(a)));
	else
		advise_either(
			a,
			N_("Another line goes round it: a mobile phone's, or a VPN (to compare: "
			   "run "
			   "this again with -i and the VPN's device). Your mail provider's webmail "
			   "needs no mail port."),
			N_("Another line goes round it: a mobile phone's, or a VPN (to compare: "
			   "let "
			   "the client try again there). Your mail provider's webmail needs no "
			   "mail port."));
}
