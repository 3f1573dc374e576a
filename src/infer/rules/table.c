/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/numbers.h"
#include "infer/rules/claim.h"
#include "infer/rules/foreign.h"
#include "infer/rules/mail_rules.h"
#include "infer/scene/accepting.h"

static bool rule_absent(const struct scene *scene, uint32_t s, struct claim *out)
{
	out->mechanism = MECHANISM_NO_NETWORK;
	return scene->conducts[s] == CONDUCT_ABSENT;
}

static bool rule_pending(const struct scene *scene, uint32_t s, struct claim *out)
{
	out->mechanism = MECHANISM_UNKNOWN;
	return scene->conducts[s] == CONDUCT_PENDING;
}

/* This host itself does something to the port. */
static bool rule_here(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct local_finding *here = &scene->here[s];
	if (!here->kind)
		return false;
	out->rule = local_name(here->kind);
	out->state = here->state;
	out->mechanism = here->mechanism;
	out->sure = SURE_MOST;
	out->placed = true;
	out->span = (struct span){.lo = line_out(0), .hi = line_out(0)};
	return true;
}

/* Refused, but not in a way that tells by what. */
static bool rule_refused(const struct scene *scene, uint32_t s, struct claim *out)
{
	out->mechanism = MECHANISM_UNKNOWN;
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
static bool rule_connect_fails(const struct scene *scene, uint32_t s, struct claim *out)
{
	out->mechanism = MECHANISM_UNKNOWN;
	return scene->conducts[s] == CONDUCT_ANSWERS && !scene->beyond &&
	       local_connects_fail(scene->trace, scene->paths, s);
}

/*
 * Mail was tried and no session came about, while no control is alive either: one SYN-ACK is no
 * proof that the port works.
 */
static bool rule_no_session(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct path *path = &scene->paths[s];
	const struct mail *mail = &scene->mails[s];
	struct outcome c = path_reaching(path, &path->control);
	struct outcome t = path_reaching(path, &path->target);
	bool live = path->control.port && c.reached * 2 > c.sent;
	out->mechanism = MECHANISM_UNKNOWN;
	return scene->conducts[s] == CONDUCT_ANSWERS && scene->trace->run.own &&
	       scene->trace->run.smtp && !mail->session &&
	       (mail->held > 0 || (!live && t.synack * 2 <= t.sent));
}

/* Whoever accepts every port for everybody hides what is behind; a session that broke there is no
 * sign of who broke it. */
static bool rule_accepts_all(const struct scene *scene, uint32_t s, struct claim *out)
{
	out->mechanism = MECHANISM_UNKNOWN;
	return scene_hidden_behind(scene, s);
}

static bool rule_open(const struct scene *scene, uint32_t s, struct claim *out)
{
	out->state = STATE_OPEN;
	out->mechanism = MECHANISM_NONE;
	out->sure = SURE_MOST;
	return scene->conducts[s] == CONDUCT_ANSWERS;
}

static bool rule_cannot_tell(const struct scene *scene, uint32_t s, struct claim *out)
{
	(void)scene;
	(void)s;
	out->mechanism = MECHANISM_UNKNOWN;
	return true;
}

/* What leaves nothing to ask of the port. */
#define FRONT (RULE_BIT(RULE_THIS_HOST) | RULE_BIT(RULE_NEVER_ASKED))
#define EARLY                                                                                      \
	(FRONT | RULE_BIT(RULE_NO_CONTROL) | RULE_BIT(RULE_NO_ANSWER) |                            \
	 RULE_BIT(RULE_OUTSTANDING) | RULE_BIT(RULE_REFUSED_HERE))
/* What shows who stands between, however SYNs to the port fare among themselves. */
#define SURELY (RULE_BIT(RULE_DESTINATION_NAT) | RULE_BIT(RULE_TLS_FOREIGN))
/* What shows that SYNs to the port fare differently among themselves. */
#define PARTLY                                                                                     \
	(RULE_BIT(RULE_DESTINATION_NAT) | RULE_BIT(RULE_TLS_FOREIGN) |                             \
	 RULE_BIT(RULE_RESET_SOMETIMES) | RULE_BIT(RULE_REFUSED_SOMETIMES) |                       \
	 RULE_BIT(RULE_PATH_DEPENDENT) | RULE_BIT(RULE_REJECTED_SOMETIMES) |                       \
	 RULE_BIT(RULE_LIMITED) | RULE_BIT(RULE_FLOWS_UNLUCKY) | RULE_BIT(RULE_ABORTED))
/* What answers nearer than the server. */
#define STRANGER                                                                                   \
	(RULE_BIT(RULE_ANSWERED_BESIDE) | RULE_BIT(RULE_ACCEPTS_ALL) |                             \
	 RULE_BIT(RULE_CAPTIVE_PORTAL) | RULE_BIT(RULE_ANSWERED_NEARER))
#define ANSWERED (EARLY | PARTLY | STRANGER | RULE_BIT(RULE_TLS_VERIFIED))
/* What tells whether a connection to a port that answers is of use. */
#define SESSIONS                                                                                   \
	(ANSWERED | RULE_BIT(RULE_MAIL) | RULE_BIT(RULE_CONNECT_FAILS) | RULE_BIT(RULE_NO_SESSION))
#define RESETS                                                                                     \
	(EARLY | PARTLY | RULE_BIT(RULE_RESET_REWRITTEN) | RULE_BIT(RULE_RESET_HERE) |             \
	 RULE_BIT(RULE_ANSWERED_TWICE) | RULE_BIT(RULE_RESET_ALONE) | RULE_BIT(RULE_ALL_RESET) |   \
	 RULE_BIT(RULE_RESET_COPIED_TTL) | RULE_BIT(RULE_RESET_NEARER) |                           \
	 RULE_BIT(RULE_RESET_UNPLACED))

/* What holds and is not excluded decides; the last always holds. */
static const struct rule table[RULES] = {
	[RULE_THIS_HOST] = {.name = "this-host", .holds = rule_here, .says = SAYS_HOST},
	[RULE_NEVER_ASKED] =
		{.name = "never-asked",
		 .holds = rule_foreign_unasked,
		 .unless = RULE_BIT(RULE_THIS_HOST),
		 .says = SAYS_UNDECIDED,
		 .text = "The capture shows answers to this client and no question of its own: "
			 "it is of one direction only, or somebody else asked in the client's "
			 "name."},
	[RULE_NO_CONTROL] = {.name = "no-control",
			     .holds = rule_foreign_uncontrolled,
			     .unless = FRONT,
			     .says = SAYS_UNDECIDED},
	[RULE_NO_ANSWER] = {.name = "no-answer",
			    .holds = rule_absent,
			    .unless = FRONT | RULE_BIT(RULE_NO_CONTROL),
			    .says = SAYS_UNDECIDED},
	[RULE_OUTSTANDING] = {.name = "outstanding",
			      .holds = rule_pending,
			      .unless = FRONT,
			      .says = SAYS_UNDECIDED},
	[RULE_REFUSED_HERE] = {.name = "refused-here",
			       .holds = rule_refused,
			       .unless = FRONT,
			       .says = SAYS_UNDECIDED},
	[RULE_DESTINATION_NAT] = {.name = "destination-nat",
				  .holds = rule_destination_nat,
				  .unless = EARLY,
				  .says = SAYS_ANSWER},
	[RULE_TLS_FOREIGN] = {.name = "tls-foreign",
			      .holds = rule_mail_foreign,
			      .unless = EARLY | RULE_BIT(RULE_DESTINATION_NAT),
			      .says = SAYS_DIALOGUE},
	[RULE_RESET_SOMETIMES] = {.name = "reset-sometimes",
				  .holds = rule_reset_sometimes,
				  .unless = EARLY | SURELY,
				  .says = SAYS_RESET},
	[RULE_REFUSED_SOMETIMES] = {.name = "refused-sometimes",
				    .holds = rule_refused_sometimes,
				    .unless = EARLY | SURELY | RULE_BIT(RULE_RESET_SOMETIMES),
				    .says = SAYS_RESET},
	[RULE_PATH_DEPENDENT] = {.name = "path-dependent",
				 .holds = rule_path_dependent,
				 .unless = EARLY | SURELY | RULE_BIT(RULE_RESET_SOMETIMES) |
					   RULE_BIT(RULE_REFUSED_SOMETIMES),
				 .says = SAYS_SHARE},
	[RULE_REJECTED_SOMETIMES] = {.name = "rejected-sometimes",
				     .holds = rule_rejected_sometimes,
				     .unless = EARLY | SURELY | RULE_BIT(RULE_RESET_SOMETIMES) |
					       RULE_BIT(RULE_REFUSED_SOMETIMES) |
					       RULE_BIT(RULE_PATH_DEPENDENT),
				     .says = SAYS_REJECTED},
	[RULE_LIMITED] = {.name = "limited",
			  .holds = rule_limited,
			  .unless = EARLY | SURELY | RULE_BIT(RULE_RESET_SOMETIMES) |
				    RULE_BIT(RULE_REFUSED_SOMETIMES) |
				    RULE_BIT(RULE_PATH_DEPENDENT) |
				    RULE_BIT(RULE_REJECTED_SOMETIMES),
			  .says = SAYS_SHARE},
	[RULE_FLOWS_UNLUCKY] = {.name = "flows-unlucky",
				.holds = rule_flows_unlucky,
				.unless = EARLY | SURELY | RULE_BIT(RULE_PATH_DEPENDENT) |
					  RULE_BIT(RULE_LIMITED),
				.says = SAYS_UNDECIDED},
	[RULE_ABORTED] = {.name = "aborted",
			  .holds = rule_aborted,
			  .unless = (EARLY | PARTLY) & ~RULE_BIT(RULE_ABORTED),
			  .says = SAYS_ABORTED},
	[RULE_ANSWERED_BESIDE] = {.name = "answered-beside",
				  .holds = rule_answered_beside,
				  .unless = EARLY | PARTLY,
				  .says = SAYS_BESIDE},
	[RULE_TLS_VERIFIED] = {.name = "tls-verified",
			       .holds = rule_mail_verified,
			       .unless = EARLY | PARTLY | RULE_BIT(RULE_ANSWERED_BESIDE),
			       .says = SAYS_DIALOGUE},
	[RULE_ACCEPTS_ALL] =
		{.name = "accepts-all",
		 .holds = rule_accepts_all,
		 .unless = EARLY | PARTLY | RULE_BIT(RULE_ANSWERED_BESIDE) |
			   RULE_BIT(RULE_TLS_VERIFIED),
		 .says = SAYS_TEXT,
		 .text = "SYNs to the port and to the control are accepted from the same TTL on, "
			 "and so are those to servers of other networks behind the same router: "
			 "somebody there accepts in everybody's name before it has asked the "
			 "server, and what becomes of a connection behind it does not show."},
	[RULE_CAPTIVE_PORTAL] = {.name = "captive-portal",
				 .holds = rule_captive,
				 .unless = EARLY | PARTLY | RULE_BIT(RULE_ANSWERED_BESIDE) |
					   RULE_BIT(RULE_TLS_VERIFIED) | RULE_BIT(RULE_ACCEPTS_ALL),
				 .says = SAYS_ANSWER},
	[RULE_ANSWERED_NEARER] = {.name = "answered-nearer",
				  .holds = rule_answered_nearer,
				  .unless = EARLY | PARTLY | RULE_BIT(RULE_ANSWERED_BESIDE) |
					    RULE_BIT(RULE_TLS_VERIFIED) |
					    RULE_BIT(RULE_ACCEPTS_ALL) |
					    RULE_BIT(RULE_CAPTIVE_PORTAL),
				  .says = SAYS_ANSWER},
	[RULE_MAIL] = {.name = "mail",
		       .holds = rule_mail,
		       .unless = ANSWERED,
		       .says = SAYS_DIALOGUE},
	[RULE_CONNECT_FAILS] =
		{.name = "connect-fails",
		 .holds = rule_connect_fails,
		 .unless = ANSWERED | RULE_BIT(RULE_MAIL),
		 .says = SAYS_TEXT,
		 .text = "SYNs to the port are answered, but no connection of this host's own "
			 "to it came about, while others did."},
	[RULE_NO_SESSION] = {.name = "no-session",
			     .holds = rule_no_session,
			     .unless =
				     ANSWERED | RULE_BIT(RULE_MAIL) | RULE_BIT(RULE_CONNECT_FAILS),
			     .says = SAYS_UNDECIDED},
	[RULE_TARPIT] =
		{.name = "tarpit",
		 .holds = rule_tarpit,
		 .unless = SESSIONS,
		 .says = SAYS_TEXT,
		 .text = "SYN-ACKs answer SYNs to the port and let nothing be sent: their window "
			 "is "
			 "zero, and those of the control have one. A tarpit holds connections so "
			 "for good, a proxy until the server has accepted; a mail session tells "
			 "which."},
	[RULE_RESET_REWRITTEN] = {.name = "reset-rewritten",
				  .holds = rule_reset_rewritten,
				  .unless = EARLY | PARTLY,
				  .says = SAYS_RESET},
	[RULE_RESET_HERE] = {.name = "reset-here",
			     .holds = rule_foreign_reset_here,
			     .unless = EARLY | PARTLY | RULE_BIT(RULE_RESET_REWRITTEN),
			     .says = SAYS_RESET_HERE},
	[RULE_ANSWERED_TWICE] =
		{.name = "answered-twice",
		 .holds = rule_foreign_twice,
		 .unless = SESSIONS | RULE_BIT(RULE_TARPIT) | RULE_BIT(RULE_RESET_REWRITTEN) |
			   RULE_BIT(RULE_RESET_HERE),
		 .says = SAYS_UNDECIDED,
		 .text = "Resets and SYN-ACKs answer the SYNs to the port, and no connection in "
			 "the capture goes on from there: some of them are forged, who accepted "
			 "took it back, or what answers changed. Nothing in the capture tells "
			 "which."},
	[RULE_UNHEARD] =
		{.name = "unheard",
		 .holds = rule_foreign_unheard,
		 .unless = SESSIONS | RULE_BIT(RULE_TARPIT) | RULE_BIT(RULE_ANSWERED_TWICE),
		 .says = SAYS_UNDECIDED,
		 .text = "SYN-ACKs answer SYNs to the port, but the client asks again as if it had "
			 "not heard them: they get lost behind the place of the capture, perhaps "
			 "in the client's own firewall."},
	[RULE_OPEN] = {.name = "open",
		       .holds = rule_open,
		       .unless = SESSIONS | RULE_BIT(RULE_TARPIT) | RULE_BIT(RULE_ANSWERED_TWICE) |
				 RULE_BIT(RULE_UNHEARD),
		       .says = SAYS_ANSWER},
	[RULE_REJECTED] = {.name = "rejected",
			   .holds = rule_rejected,
			   .unless = EARLY | PARTLY,
			   .says = SAYS_REJECTED},
	[RULE_RESET_ALONE] =
		{.name = "reset-alone",
		 .holds = rule_foreign_reset,
		 .unless = EARLY | PARTLY | RULE_BIT(RULE_RESET_REWRITTEN) |
			   RULE_BIT(RULE_RESET_HERE) | RULE_BIT(RULE_ANSWERED_TWICE),
		 .says = SAYS_RESET_ALONE,
		 .text = "Resets came, but by the way that they took they need not be the "
			 "server's, and no SYN of limited TTL tells where they are made.",
		 .of_silence = true},
	[RULE_ALL_RESET] = {.name = "all-reset",
			    .holds = rule_all_reset,
			    .unless = EARLY | PARTLY | RULE_BIT(RULE_RESET_REWRITTEN) |
				      RULE_BIT(RULE_RESET_HERE) | RULE_BIT(RULE_ANSWERED_TWICE) |
				      RULE_BIT(RULE_RESET_ALONE),
			    .says = SAYS_TEXT,
			    .text = "Resets answer the port and every control alike: the "
				    "server, or somebody before it, refuses everything, which "
				    "says nothing of this port."},
	[RULE_RESET_COPIED_TTL] = {.name = "reset-copied-ttl",
				   .holds = rule_reset_copied_ttl,
				   .unless = RESETS & ~(RULE_BIT(RULE_RESET_COPIED_TTL) |
							RULE_BIT(RULE_RESET_NEARER) |
							RULE_BIT(RULE_RESET_UNPLACED)),
				   .says = SAYS_RESET},
	[RULE_RESET_NEARER] = {.name = "reset-nearer",
			       .holds = rule_reset_nearer,
			       .unless = RESETS & ~(RULE_BIT(RULE_RESET_NEARER) |
						    RULE_BIT(RULE_RESET_UNPLACED)),
			       .says = SAYS_RESET},
	[RULE_RESET_UNPLACED] = {.name = "reset-unplaced",
				 .holds = rule_reset_unplaced,
				 .unless = RESETS & ~RULE_BIT(RULE_RESET_UNPLACED),
				 .says = SAYS_RESET},
	[RULE_RESET_BY_SERVER] = {.name = "reset-by-server",
				  .holds = rule_reset_by_server,
				  .unless = RESETS,
				  .says = SAYS_RESET_BY_SERVER},
	[RULE_SILENT_HOST] =
		{.name = "silent-host",
		 .holds = rule_foreign_silent_host,
		 .unless = EARLY | PARTLY,
		 .says = SAYS_UNDECIDED,
		 .text = "The server leaves other ports unanswered too, so that silence on this "
			 "one is no sign of a block.",
		 .of_silence = true},
	[RULE_SILENCE] = {.name = "silence",
			  .holds = rule_silence,
			  .unless = EARLY | PARTLY | RULE_BIT(RULE_SILENT_HOST),
			  .says = SAYS_SILENCE},
	[RULE_CANNOT_TELL] = {.name = "cannot-tell",
			      .holds = rule_cannot_tell,
			      .unless = RULE_ANY_ELSE & ~RULE_BIT(RULE_CANNOT_TELL),
			      .says = SAYS_UNDECIDED},
};

/* A rule that holds, but not surely enough to be said of anybody. */
static const struct rule too_little = {.name = "too-little", .says = SAYS_UNDECIDED};

const struct rule *rules_table(size_t *n)
{
	*n = RULES;
	return table;
}

double claim_sure_enough(const struct scene *scene, const struct claim *claim)
{
	bool asked_on = scene->trace->run.own && claim->mechanism == MECHANISM_SILENT_DROP;
	return asked_on ? SURE_SILENCE : SURE_ENOUGH;
}

void claim_make(const struct scene *scene, uint32_t s, struct claim *out)
{
	/* Who excludes a row stands before it, so that the first that holds is excluded by none. */
	for (size_t i = 0; i < RULES; i++) {
		*out = (struct claim){
			.rule = table[i].name, .row = &table[i], .state = STATE_UNKNOWN};
		if (table[i].holds(scene, s, out))
			break;
	}
	claim_widen_uneven(scene, s, out);
	claim_open_end(scene, s, out);
	if (out->placed && span_empty(&out->span) && !out->span.way_back)
		claim_contradicts(out);
	mail_refine(scene, s, out);
	if (out->state != STATE_UNKNOWN && out->sure < claim_sure_enough(scene, out))
		*out = (struct claim){
			.rule = too_little.name,
			.row = &too_little,
			.state = STATE_UNKNOWN,
			.mechanism = MECHANISM_UNKNOWN,
		};
	claim_heed_forgery(scene, s, out);
}
