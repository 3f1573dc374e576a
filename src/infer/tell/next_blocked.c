/* SPDX-License-Identifier: BSD-2-Clause */
/* What to do about a block, by who does it. */
#include "infer/tell/advice.h"
#include "infer/tell/host.h"
#include "infer/tell/words.h"

const char words_ask_outside[] =
	N_("To see whether it is your provider, let measuring points in its network and in others "
	   "try the same servers: run this with -o FOLDER, then \"whoblocks outside FOLDER\" (by "
	   "RIPE Atlas, with an account there; --via globalping needs none).");

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
	bool router = advice_suspects_outwards(a->j, BLOCKER_LOCAL_NETWORK),
	     local = advice_suspects(a->j, BLOCKER_LOCAL_NETWORK),
	     isp = advice_suspects(a->j, BLOCKER_ISP),
	     remote = advice_suspects(a->j, BLOCKER_REMOTE);
	if (router)
		advise_router(a);
	else if (local)
		advise_router_back(a);
	if (isp)
		advise_provider(a);
	else if (advice_suspects(a->j, BLOCKER_TRANSIT))
		advise(a, "Ask your provider, which can ask the networks behind it, and the "
			  "server's operator: neither can be ruled out from here. With -o FOLDER "
			  "this program writes ticket.txt to send along.");
	if (isp && remote)
		advise(a, "Ask the server's operator as well, with the time and your public "
			  "address: its network may refuse what comes from yours. Several servers "
			  "that use one blocklist may all do so.");
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
 * Programs on control groups that stop the port: which there are, and how each is taken off. Of
 * those that systemd loads for IPAddressDeny the names begin alike; they stop addresses alone.
 */
static void look_for_programs(const struct advising *a)
{
	const unsigned swapped = (a->port & 0xffu) << 8 | a->port >> 8;
	advise_commands(
		a,
		arena_word(a->arena,
			   N_("Look for a BPF program on a control group: systemd, an agent that "
			      "guards the machine or a container's network loads such. This shows "
			      "those that compare a port with this one (package bpftool); it must "
			      "run outside of containers.")),
		arena_printf(a->arena,
			     "for i in $(bpftool cgroup tree | awk '/egress|connect/ {print $1}'); "
			     "do bpftool prog dump xlated id $i | grep -qwE '0x%x|0x%x' && bpftool "
			     "prog show id $i; done",
			     a->port, swapped));
	advise_commands(
		a,
		arena_word(
			a->arena,
			N_("If systemd loaded it, a unit names it here: set that to nothing with "
			   "systemctl edit UNIT and restart the unit (for a slice: the "
			   "machine).")),
		"systemctl show -p Id -p IPEgressFilterPath -p BPFProgram -- -.slice system.slice "
		"user.slice SERVICE");
	advise_commands(
		a,
		arena_word(
			a->arena,
			N_("Otherwise take it off by hand, until whoever loaded it does so "
			   "again. ID is its number; where the list of links has it, LINK is "
			   "the number there; if not, the last line takes it off, with GROUP and "
			   "TYPE from bpftool cgroup tree.")),
		"bpftool link list | grep -w 'prog ID'\n"
		"bpftool link detach id LINK\n"
		"bpftool cgroup detach GROUP TYPE id ID");
}

/* A service may be confined otherwise than the shell in which this runs. */
static void measure_as_service(const struct advising *a)
{
	if (a->scene->trace->run.own)
		advise_commands(
			a,
			arena_word(a->arena,
				   N_("A service has a control group of its own, with programs of "
				      "its own. This measures from inside it:")),
			"sh -c 'echo $$ >/sys/fs/cgroup$(systemctl show -p ControlGroup --value "
			"SERVICE)/cgroup.procs; exec whoblocks'");
}

/* Dropped on the way out of this host, by no rule of nftables or iptables that could be read. */
static void look_for_filter(const struct advising *a)
{
	advise_port(a);
	if (trace_counter(a->scene->trace, COUNTER_RULES_UNREAD) > 0)
		advise_commands(
			a,
			arena_word(a->arena, N_("This host has more rules than this program could "
						"read. See whether one names the port:")),
			arena_printf(a->arena,
				     "nft list ruleset | grep -w %u\niptables-save | grep -w %u",
				     a->port, a->port));
	else
		advise_commands(
			a,
			arena_word(a->arena,
				   N_("If this did not run as root: these show the rules of the "
				      "firewall; look for one that names the port. As root the "
				      "program reads them by itself, and it found none.")),
			"nft list ruleset\niptables-save");
	look_for_programs(a);
	measure_as_service(a);
}

/* connect() is denied although packets pass, which no firewall does. */
static void look_for_denial(const struct advising *a)
{
	look_for_programs(a);
	advise_commands(
		a,
		arena_word(a->arena,
			   N_("SELinux and AppArmor write down what they deny, and these "
			      "show it. For scripts of a web server under SELinux the third "
			      "line allows mail; of AppArmor's, aa-complain PROFILE lets all "
			      "pass for a trial.")),
		"ausearch -m avc -ts recent\n"
		"journalctl -k --grep apparmor\n"
		"setsebool -P httpd_can_sendmail on");
	advise_commands(a,
			arena_word(a->arena, N_("An IPsec policy with the action \"block\" stands "
						"here; whoever set up the VPN lifts it:")),
			"ip xfrm policy");
	measure_as_service(a);
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
		look_for_denial(a);
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
