/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/tell/advice.h"
#include "infer/tell/ladder.h"

void advise_made(const struct advising *a, const char *text)
{
	if (text && a->verdict->next_n < RESULT_NEXT_MAX)
		a->verdict->next[a->verdict->next_n++] = text;
}

void advise(const struct advising *a, const char *text)
{
	advise_made(a, arena_word(a->arena, text));
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
	if (trace_note(a->scene->trace, "container") &&
	    (!a->j->link.known || a->j->link.from_hop <= 1))
		advise(a, "On the machine that runs this container look at what it forwards: "
			  "iptables -S DOCKER-USER; iptables -S FORWARD; nft list ruleset; on "
			  "Kubernetes, network policies.");
}

void advise_router(const struct advising *a)
{
	look_at_container_host(a);
	if (a->beside == BESIDE_CLOUD)
		look_in_console(a);
	if (a->beside == BESIDE_OPEN)
		look_at_first_router(a);
	if (a->beside != BESIDE_ROUTER)
		return;
	advise_made(
		a,
		arena_say(a->arena,
			  "Look in the router or firewall%s for outgoing rules that name port %u "
			  "or SMTP, for a list of permitted mail servers, and for parental or "
			  "guest-network filters; allow TCP port %u outwards.",
			  gateway(a), a->port, a->port));
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

/* The device of the tunnel or point-to-point line that all this went through. */
static const char *tunnel(const struct advising *a)
{
	return trace_route(a->scene->trace, a->vote->family)->interface;
}

void advise_provider(const struct advising *a)
{
	if (a->beside == BESIDE_TUNNEL) {
		advise_made(
			a, arena_say(a->arena,
				     "Ask whoever runs the far end of %s (a VPN's operator, or the "
				     "provider of the line) whether outgoing TCP port %u is "
				     "filtered there, where and why; send the evidence along.",
				     tunnel(a), a->port));
		return;
	}
	if (a->beside == BESIDE_CLOUD) {
		advise_made(
			a,
			arena_say(a->arena,
				  "Send the evidence to the support of the cloud operator and ask: "
				  "is outgoing TCP port %u filtered, where and why, and how is it "
				  "lifted for this machine?",
				  a->port));
		if (!advice_suspects(a->j, BLOCKER_LOCAL_NETWORK))
			look_in_console(a);
		advise_policies(a);
		return;
	}
	advise_made(
		a, arena_say(a->arena,
			     "Send the evidence to your provider's support or network operations "
			     "and ask: is outgoing TCP port %u filtered, where and why, and how is "
			     "it lifted for this line?",
			     a->port));
	if (a->port == 587)
		advise(a,
		       "Cite RFC 5068 (BCP 134), section 4.1: access providers must not block the "
		       "submission port 587; RFC 6409 defines it. Blocking port 25 is common "
		       "and another matter.");
	advise_policies(a);
}

void advise_ways_round(const struct advising *a)
{
	advise_made(a, ladder_way(a->scene, a->vote, a->arena));
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
				      "far end alone. The operator's webmail needs no mail port.",
				      tunnel(a)));
	else
		advise_either(
			a,
			N_("Another network or a VPN goes round it: with the VPN up, run this "
			   "again with -i and its device, and compare. The operator's webmail "
			   "needs no mail port."),
			N_("Another network or a VPN goes round it: with the VPN up, let the "
			   "client try again, and compare. The operator's webmail needs no mail "
			   "port."));
}
