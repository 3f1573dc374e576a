/* SPDX-License-Identifier: BSD-2-Clause */
/* What to do about a block, by who does it. */
#include "infer/tell/advice.h"
#include "infer/tell/host.h"
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
 * Several suspects: first where readers can look by themselves, then whom to ask, then what settles
 * it.
 */
static void tell_suspects_apart(const struct advising *a)
{
	bool router = suspects_outwards(a->j, BLOCKER_LOCAL_NETWORK),
	     local = advice_suspects(a->j, BLOCKER_LOCAL_NETWORK),
	     isp = advice_suspects(a->j, BLOCKER_ISP),
	     remote = advice_suspects(a->j, BLOCKER_REMOTE);
	if (router)
		advise_router(a);
	if (isp)
		advise_provider(a);
	else if (advice_suspects(a->j, BLOCKER_TRANSIT))
		advise(a, "Ask your provider, which can ask the networks behind it, and the "
			  "server's operator: neither can be ruled out from here. With -o FOLDER "
			  "this program writes ticket.txt to send along.");
	if (isp && remote)
		advise(a, "Ask the server's operator as well, with the time and your public "
			  "address: its network may refuse what comes from yours, and operators "
			  "that share a list of addresses do so alike.");
	if (local)
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

/*
 * Dropped on the way out of this host, by no rule of nftables or iptables that could be read: what
 * is left is a program on a control group. Lists of addresses would stop the controls, too.
 */
static void look_for_filter(const struct advising *a)
{
	const unsigned swapped = (a->port & 0xffu) << 8 | a->port >> 8;
	advise_commands(a,
			arena_word(a->arena, N_("See whether these show a rule that names the port "
						"(as root this program "
						"reads them by itself, and it found none):")),
			"nft list ruleset\niptables-save");
	advise_commands(
		a,
		arena_word(a->arena,
			   N_("Look for a BPF program on the control group that this ran in or one "
			      "above it, such as the root: a line of the type egress "
			      "(cgroup_inet_egress). One named sd_fw_egress is not it: that is "
			      "systemd's IPAddressDeny, which stops addresses, and other ports of "
			      "the same servers leave.")),
		"bpftool cgroup tree");
	advise_commands(
		a,
		arena_word(a->arena,
			   N_("The one that compares the port shows one of these numbers; ID "
			      "is the program's in that list:")),
		arena_printf(a->arena, "bpftool prog dump xlated id ID | grep -wE '0x%x|0x%x'",
			     a->port, swapped));
	advise_commands(
		a,
		arena_word(
			a->arena,
			N_("If systemd loaded it for a slice or a service, this names it: take it "
			   "out with systemctl edit and restart. If not, its name tells who did: "
			   "an "
			   "agent that guards the machine, or a container's network.")),
		"systemctl show -p Id -p IPEgressFilterPath -p BPFProgram -- -.slice user.slice "
		"SERVICE");
}

/* This host does it: the command that lifts the rule, or how to find what does it. */
static void look_at_host(const struct advising *a)
{
	uint32_t s = a->vote->speaker;
	enum local_kind kind = s == TRACE_NONE ? LOCAL_NOTHING : a->scene->here[s].kind;
	const struct filter_rule *rule = s == TRACE_NONE ? NULL : host_rule(a->scene, s);
	const char *allow = host_allow(rule, a->arena);
	if (rule && allow) {
		advise_shown(a, allow);
		if (rule->advice)
			advise(a, rule->advice);
		const struct user *user = a->scene->here[s].user;
		if (user && user->by_rule)
			advise_made(a, host_ask_again(rule, a->arena));
	} else if (kind == LOCAL_DENIED)
		advise_commands(
			a,
			arena_word(a->arena,
				   N_("No rule of a firewall does this. Look for a control "
				      "group's program (connect4 or connect6 in the first list), "
				      "for denials of SELinux and AppArmor, and for IPsec "
				      "policies:")),
			"bpftool cgroup tree\n"
			"ausearch -m avc -ts recent\n"
			"journalctl -k --grep apparmor\n"
			"ip xfrm policy");
	else if (kind == LOCAL_DROP)
		look_for_filter(a);
	else
		advise_made(a, arena_say(a->arena,
					 "Allow TCP port %u outwards in this host's firewall; the "
					 "facts about this host name the rule where it can be "
					 "seen.",
					 a->port));
}

void advise_blocked(const struct advising *a)
{
	if (a->j->blocker != BLOCKER_LOCAL_HOST && a->j->blocker != BLOCKER_NONE)
		advise_port(a);
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
		advise(a, "Ask your provider, which is the transit network's customer and can ask "
			  "it. With -o FOLDER this program writes ticket.txt to send along.");
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
	advise_family(a);
	advise_other_lines(a);
}
