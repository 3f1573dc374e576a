/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/numbers.h"
#include "infer/rules/claim.h"
#include "infer/rules/foreign.h"
#include "infer/rules/mail_rules.h"
#include "infer/scene/accepting.h"
#include "infer/scene/shut_out.h"

static bool rule_absent(const struct scene *scene, uint32_t s, struct claim *out)
{
	out->mechanism = MECHANISM_NO_NETWORK;
	return scene->conducts[s] == CONDUCT_ABSENT;
}

static bool rule_pending(const struct scene *scene, uint32_t s)
{
	return scene->conducts[s] == CONDUCT_PENDING;
}

/* This host itself does something to the port. */
static bool rule_here(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct local_finding *here = &scene->here[s];
	if (!here->kind)
		return false;
	out->rule = local_name(here->kind);
	claim_say(out, here->state, here->mechanism, SURE_MOST);
	out->placed = true;
	out->span = (struct span){.lo = line_out(0), .hi = line_out(0)};
	return true;
}

/* Refused, but not in a way that tells by what. */
static bool rule_refused(const struct scene *scene, uint32_t s)
{
	return scene->conducts[s] == CONDUCT_REFUSED;
}

/* Controls that are reset as near as the port is are no sign of a live server. */
static bool rule_all_reset(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct path *path = &scene->paths[s];
	struct outcome c = path_reaching(path, &path->control);
	out->mechanism = MECHANISM_NO_NETWORK;
	return scene->conducts[s] == CONDUCT_RESET && c.synack == 0;
}

/* This host's own connections to the port fail where they pass to another, and nothing tells why.
 */
static bool rule_connect_fails(const struct scene *scene, uint32_t s)
{
	return scene->conducts[s] == CONDUCT_ANSWERS && !scene->beyond &&
	       local_connects_fail(scene->trace, scene->paths, s);
}

/*
 * Mail was tried and no session came about, while no control is alive either: one SYN-ACK is no
 * proof that the port works.
 */
static bool rule_no_session(const struct scene *scene, uint32_t s)
{
	const struct path *path = &scene->paths[s];
	const struct mail *mail = &scene->mails[s];
	struct outcome c = path_reaching(path, &path->control);
	struct outcome t = path_reaching(path, &path->target);
	bool live = path->control.port && c.reached * 2 > c.sent;
	return scene->conducts[s] == CONDUCT_ANSWERS && scene->trace->run.own &&
	       scene->trace->run.smtp && !mail->session &&
	       (mail->held > 0 || (!live && t.synack * 2 <= t.sent));
}

/* Silence since this host was shut out says nothing of who drops the port besides. */
static bool rule_shut_out(const struct scene *scene, uint32_t s)
{
	struct shut_out found;
	return scene->conducts[s] == CONDUCT_SILENT && scene_is_shut_out(scene, s, &found);
}

static bool rule_open(const struct scene *scene, uint32_t s, struct claim *out)
{
	claim_say(out, STATE_OPEN, MECHANISM_NONE, SURE_MOST);
	return scene->conducts[s] == CONDUCT_ANSWERS;
}

static bool rule_cannot_tell(const struct scene *scene, uint32_t s)
{
	(void)scene;
	(void)s;
	return true;
}

/*
 * The first that holds decides, so that a row excludes all behind it. The last always holds.
 */
static const struct rule table[] = {
	/* What leaves nothing to ask of the port. */
	{.name = "this-host", .holds = rule_here, .says = SAYS_HOST},
	{.name = "never-asked",
	 .doubts = rule_foreign_unasked,
	 .says = SAYS_UNDECIDED,
	 .text = "The capture shows answers to this client and no question of its own: it is of "
		 "one direction only, or somebody else asked in the client's name."},
	{.name = "no-control", .doubts = rule_foreign_uncontrolled, .says = SAYS_UNDECIDED},
	{.name = "no-answer", .holds = rule_absent, .says = SAYS_UNDECIDED},
	{.name = "outstanding", .doubts = rule_pending, .says = SAYS_UNDECIDED},
	{.name = "refused-here", .doubts = rule_refused, .says = SAYS_UNDECIDED},

	/* What shows who stands between, however SYNs to the port fare among themselves. */
	{.name = "destination-nat", .holds = rule_destination_nat, .says = SAYS_ANSWER},
	{.name = "tls-foreign", .holds = rule_mail_foreign, .says = SAYS_DIALOGUE},

	/* What shows that SYNs to the port fare differently among themselves. */
	{.name = "reset-sometimes", .holds = rule_reset_sometimes, .says = SAYS_RESET},
	{.name = "refused-sometimes", .holds = rule_refused_sometimes, .says = SAYS_RESET},
	{.name = "path-dependent", .holds = rule_path_dependent, .says = SAYS_SHARE},
	{.name = "rejected-sometimes", .holds = rule_rejected_sometimes, .says = SAYS_REJECTED},
	{.name = "limited", .holds = rule_limited, .says = SAYS_SHARE},
	{.name = "flows-unlucky", .doubts = rule_flows_unlucky, .says = SAYS_UNDECIDED},
	{.name = "aborted", .holds = rule_aborted, .says = SAYS_ABORTED},

	/* What answers beside the server, or nearer; a session shows that it passes all on. */
	{.name = "answered-beside", .doubts = rule_answered_beside, .says = SAYS_BESIDE},
	{.name = "tls-verified", .holds = rule_mail_verified, .says = SAYS_DIALOGUE},
	/* A session that broke there is no sign of who broke it. */
	{.name = "accepts-all",
	 .doubts = scene_hidden_behind,
	 .says = SAYS_TEXT,
	 .text = "SYNs to the port and to the control are accepted from the same TTL on, and so "
		 "are those to servers of other networks behind the same router: somebody there "
		 "accepts in everybody's name before it has asked the server, and what becomes of "
		 "a connection behind it does not show."},
	{.name = "captive-portal", .holds = rule_captive, .says = SAYS_ANSWER},
	{.name = "answered-nearer", .holds = rule_answered_nearer, .says = SAYS_ANSWER},

	/* What tells whether a connection to a port that answers is of use. */
	{.name = "mail", .holds = rule_mail, .says = SAYS_DIALOGUE},
	{.name = "connect-fails",
	 .doubts = rule_connect_fails,
	 .says = SAYS_TEXT,
	 .text = "SYNs to the port are answered, but no connection of this host's own to it came "
		 "about, while others did."},
	{.name = "no-session", .doubts = rule_no_session, .says = SAYS_UNDECIDED},
	{.name = "tarpit",
	 .doubts = rule_tarpit,
	 .says = SAYS_TEXT,
	 .text = "SYN-ACKs answer SYNs to the port and let nothing be sent: their window is zero, "
		 "and those of the control have one. A tarpit holds connections so for good, a "
		 "proxy until the server has accepted; a mail session tells which."},

	/* Answers that are not what they seem, before those that are. */
	{.name = "reset-rewritten", .holds = rule_reset_rewritten, .says = SAYS_RESET},
	{.name = "reset-here", .holds = rule_foreign_reset_here, .says = SAYS_RESET_HERE},
	{.name = "answered-twice",
	 .doubts = rule_foreign_twice,
	 .says = SAYS_UNDECIDED,
	 .text = "Resets answer SYNs to the port, and so do SYN-ACKs or data, but no "
		 "connection in the capture goes on from its SYN: some of them are forged, "
		 "who accepted took it back, or what answers changed. Nothing in the capture "
		 "tells which."},
	{.name = "unheard",
	 .doubts = rule_foreign_unheard,
	 .says = SAYS_UNDECIDED,
	 .text = "SYN-ACKs answer SYNs to the port, but no connection comes about, and one side "
		 "sends "
		 "again as if it had not heard the other: something gets lost behind the place of "
		 "the capture, perhaps in the client's own firewall."},
	{.name = "open", .holds = rule_open, .says = SAYS_ANSWER},
	{.name = "rejected", .holds = rule_rejected, .says = SAYS_REJECTED},
	{.name = "reset-alone",
	 .holds = rule_foreign_reset,
	 .says = SAYS_RESET_ALONE,
	 .text = "Resets came, but by the way that they took they need not be the server's, and no "
		 "SYN of limited TTL tells where they are made.",
	 .of_silence = true},
	{.name = "all-reset",
	 .holds = rule_all_reset,
	 .says = SAYS_TEXT,
	 .text = "Resets answer the port and every control alike: the server, or somebody before "
		 "it, refuses everything, which says nothing of this port."},
	{.name = "reset-copied-ttl", .holds = rule_reset_copied_ttl, .says = SAYS_RESET},
	{.name = "reset-nearer", .holds = rule_reset_nearer, .says = SAYS_RESET},
	{.name = "reset-unplaced", .holds = rule_reset_unplaced, .says = SAYS_RESET},
	{.name = "reset-by-server", .holds = rule_reset_by_server, .says = SAYS_RESET_BY_SERVER},
	{.name = "shut-out", .doubts = rule_shut_out, .says = SAYS_SHUT_OUT},
	{.name = "silent-host",
	 .doubts = rule_foreign_silent_host,
	 .says = SAYS_UNDECIDED,
	 .text = "The server leaves other ports unanswered too, so that silence on this one is no "
		 "sign of a block.",
	 .of_silence = true},
	{.name = "hurried",
	 .holds = rule_hurried,
	 .says = SAYS_TEXT,
	 .text = "A SYN to the port that followed a rest was answered from further out than those "
		 "sent at speed: somebody limits how many pass in a second, and the silence of the "
		 "others tells no place."},
	{.name = "silence", .holds = rule_silence, .says = SAYS_SILENCE},
	{.name = "cannot-tell", .doubts = rule_cannot_tell, .says = SAYS_UNDECIDED},
};

#define RULES (sizeof(table) / sizeof(*table))

/* A rule that holds, but not surely enough to be said of anybody. */
static const struct rule too_little = {.name = "too-little", .says = SAYS_UNDECIDED};

const struct rule *rules_table(size_t *n)
{
	*n = RULES;
	return table;
}

/* A claim of the row that says nothing yet. */
static struct claim claim_begin(const struct rule *row)
{
	return (struct claim){.rule = row->name,
			      .row = row,
			      .state = STATE_UNKNOWN,
			      .mechanism = MECHANISM_UNKNOWN};
}

bool rule_holds(const struct rule *row, const struct scene *scene, uint32_t s, struct claim *out)
{
	*out = claim_begin(row);
	return row->doubts ? row->doubts(scene, s) : row->holds(scene, s, out);
}

double claim_sure_enough(const struct scene *scene, const struct claim *claim)
{
	bool asked_on = scene->trace->run.own && claim->mechanism == MECHANISM_SILENT_DROP;
	return asked_on ? SURE_SILENCE : SURE_ENOUGH;
}

void claim_make(const struct scene *scene, uint32_t s, struct claim *out)
{
	for (size_t i = 0; i < RULES; i++) {
		if (rule_holds(&table[i], scene, s, out))
			break;
	}
	claim_widen_uneven(scene, s, out);
	claim_open_end(scene, s, out);
	if (out->placed && span_empty(&out->span) && !out->span.way_back)
		claim_contradicts(out);
	mail_refine(scene, s, out);
	if (out->state != STATE_UNKNOWN && out->sure < claim_sure_enough(scene, out))
		*out = claim_begin(&too_little);
	claim_heed_forgery(scene, s, out);
}
