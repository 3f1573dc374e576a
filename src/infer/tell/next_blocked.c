/* SPDX-License-Identifier: BSD-2-Clause */
/* What to do about a block, by who does it. */
#include "infer/tell/advice.h"
#include "infer/tell/words.h"

const char words_ask_outside[] =
	N_("Lines elsewhere may narrow it down: run this with -o FOLDER, then whoblocks outside "
	   "FOLDER, which has lines of the same network and of others try the same servers (RIPE "
	   "Atlas; --via globalping needs no account).");

/* Where it may be the provider or a network behind it, of servers that everybody can reach. */
static void ask_outside(const struct advising *a)
{
	const struct trace *t = a->scene->trace;
	bool open = advice_suspects(a->j, BLOCKER_ISP) || advice_suspects(a->j, BLOCKER_TRANSIT);
	bool reachable = a->vote->speaker != TRACE_NONE &&
			 addr_class(&t->servers[a->vote->speaker].addr) == ADDR_PUBLIC;
	if (open && reachable && t->run.own)
		advise(a, words_ask_outside);
}

/* Whether the party is suspected of what goes out, not of dropping answers alone. */
static bool suspects_outwards(const struct judgement *j, enum blocker blocker)
{
	for (size_t i = 0; i < j->suspects_n; i++) {
		if (j->suspects[i].blocker == blocker &&
		    j->suspects[i].mechanism != MECHANISM_RETURN_DROP)
			return true;
	}
	return false;
}

/* Where a capture tells the suspects apart: at the server, or behind the reader's own router. */
static void capture_between(const struct advising *a, bool router)
{
	if (!router)
		advise_either(a,
			      N_("Capture on the server, or beside it, while this runs: that "
				 "settles who it is."),
			      N_("Capture on the server, or beside it, while the client tries "
				 "again: that settles who it is."));
	else if (a->beside == BESIDE_ROUTER)
		advise_either(a,
			      N_("Capture on the far side of the nearest suspect (the router's WAN "
				 "port) while this runs: that settles who it is."),
			      N_("Capture on the far side of the nearest suspect (the router's WAN "
				 "port) while the client tries again: that settles who it is."));
}

/*
 * Several suspects: first whom to write to, then where to look, then what settles it. Where nobody
 * between is there to be written to, what settles it comes first.
 */
static void tell_suspects_apart(const struct advising *a)
{
	bool router = suspects_outwards(a->j, BLOCKER_LOCAL_NETWORK),
	     local = advice_suspects(a->j, BLOCKER_LOCAL_NETWORK),
	     isp = advice_suspects(a->j, BLOCKER_ISP),
	     remote = advice_suspects(a->j, BLOCKER_REMOTE);
	if (local && !isp)
		capture_between(a, router && !remote);
	if (isp)
		advise_provider(a);
	else if (advice_suspects(a->j, BLOCKER_TRANSIT))
		advise(a,
		       "Send the evidence to your provider, which can ask the networks behind it, "
		       "and to the server's operator: neither can be ruled out from here.");
	if (isp && remote)
		advise(a, "Ask the server's operator as well, with the time and your public "
			  "address: its network may refuse what comes from yours.");
	if (router)
		advise_router(a);
	if (local && isp)
		capture_between(a, router && !remote);
}

/* Whether somebody else's server accepts what the one that is spoken of does not. */
static bool others_answer(const struct advising *a)
{
	const struct trace *t = a->scene->trace;
	for (uint32_t s = 0; s < a->scene->n; s++) {
		if (s != a->vote->speaker && !t->servers[s].dark &&
		    a->scene->conducts[s] == CONDUCT_ANSWERS)
			return true;
	}
	return false;
}

/* This host does it, and no rule that is loaded says so; where one does, it is put in place of
 * this.
 */
static void look_at_host(const struct advising *a)
{
	enum local_kind kind = a->vote->speaker == TRACE_NONE
				       ? LOCAL_NOTHING
				       : a->scene->here[a->vote->speaker].kind;
	if (kind == LOCAL_DENIED)
		advise(a, "No rule of a firewall does this. Look for a control group's program "
			  "(bpftool cgroup tree), for denials of SELinux (ausearch -m avc -ts "
			  "recent) or AppArmor (journalctl -k), and at ip xfrm policy.");
	else if (kind == LOCAL_DROP)
		advise(a, "No rule that was seen names it. Look at nft list ruleset, and for a "
			  "control group's filter: bpftool cgroup tree; systemd makes one of "
			  "IPAddressDeny (systemctl show -p IPAddressDeny SERVICE).");
	else
		advise_made(a, arena_say(a->arena,
					 "Allow TCP port %u outwards in this host's firewall; the "
					 "facts about this host name the rule where it can be "
					 "seen.",
					 a->port));
}

void advise_blocked(const struct advising *a)
{
	switch (a->j->blocker) {
	case BLOCKER_LOCAL_HOST:
		look_at_host(a);
		return;
	case BLOCKER_LOCAL_NETWORK:
		advise_router(a);
		break;
	case BLOCKER_ISP:
		advise_provider(a);
		break;
	case BLOCKER_TRANSIT:
		advise(a,
		       "Send the evidence to your provider: it is the transit network's customer "
		       "and can ask it.");
		break;
	case BLOCKER_REMOTE:
		advise(a, others_answer(a)
				  ? N_("Look at the operator's status page and ask its support, "
				       "with the time and your public address; other servers "
				       "answer.")
				  : N_("Look at the operator's status page and ask its support, "
				       "with the time and your public address."));
		break;
	case BLOCKER_NONE:
		return;
	case BLOCKER_UNKNOWN:
		tell_suspects_apart(a);
		ask_outside(a);
		break;
	}
	advise_ways_round(a);
}
