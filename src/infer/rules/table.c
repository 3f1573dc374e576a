/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/rules/claim.h"
#include "infer/rules/foreign.h"
#include "infer/rules/mail_rules.h"

/* A state that is less sure than this is not claimed. */
#define SURE_ENOUGH 0.9
/* Silence is asked about until it is surer than this: less than that is bad luck with losses. */
#define SURE_SILENCE 0.97

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

static bool rule_here(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct local_finding *here = &scene->here[s];
	if (!here->kind)
		return false;
	out->rule = here->kind;
	out->state = here->state;
	out->mechanism = here->mechanism;
	out->sure = 0.99;
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

static bool rule_open(const struct scene *scene, uint32_t s, struct claim *out)
{
	out->state = STATE_OPEN;
	out->mechanism = MECHANISM_NONE;
	out->sure = 0.99;
	return scene->conducts[s] == CONDUCT_ANSWERS;
}

static bool rule_cannot_tell(const struct scene *scene, uint32_t s, struct claim *out)
{
	(void)scene;
	(void)s;
	out->mechanism = MECHANISM_UNKNOWN;
	return true;
}

/* Top down, the first that holds decides; the last always holds. */
static const struct rule table[] = {
	{"this-host", rule_here},
	{"never-asked", rule_foreign_unasked},
	{"no-control", rule_foreign_uncontrolled},
	{"no-answer", rule_absent},
	{"outstanding", rule_pending},
	{"refused-here", rule_refused},
	{"destination-nat", rule_destination_nat},
	{"reset-sometimes", rule_reset_sometimes},
	{"refused-sometimes", rule_refused_sometimes},
	{"path-dependent", rule_path_dependent},
	{"rejected-sometimes", rule_rejected_sometimes},
	{"limited", rule_limited},
	{"flows-unlucky", rule_flows_unlucky},
	{"aborted", rule_aborted},
	{"answered-beside", rule_answered_beside},
	{"tls-verified", rule_mail_verified},
	{"captive-portal", rule_captive},
	{"answered-nearer", rule_answered_nearer},
	{"mail", rule_mail},
	{"connect-fails", rule_connect_fails},
	{"no-session", rule_no_session},
	{"open", rule_open},
	{"rejected", rule_rejected},
	{"reset-rewritten", rule_reset_rewritten},
	{"reset-here", rule_foreign_reset_here},
	{"answered-twice", rule_foreign_twice},
	{"reset-alone", rule_foreign_reset},
	{"all-reset", rule_all_reset},
	{"reset-copied-ttl", rule_reset_copied_ttl},
	{"reset-nearer", rule_reset_nearer},
	{"reset-unplaced", rule_reset_unplaced},
	{"reset-by-server", rule_reset_by_server},
	{"silent-host", rule_foreign_silent_host},
	{"silence", rule_silence},
	{"cannot-tell", rule_cannot_tell},
};

const struct rule *rules_table(size_t *n)
{
	*n = sizeof(table) / sizeof(*table);
	return table;
}

double claim_sure_enough(const struct scene *scene, const struct claim *claim)
{
	bool asked_on = scene->trace->run.own && claim->mechanism == MECHANISM_SILENT_DROP;
	return asked_on ? SURE_SILENCE : SURE_ENOUGH;
}

void claim_make(const struct scene *scene, uint32_t s, struct claim *out)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		*out = (struct claim){.rule = table[i].name, .state = STATE_UNKNOWN};
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
			.rule = "too-little",
			.state = STATE_UNKNOWN,
			.mechanism = MECHANISM_UNKNOWN,
		};
	claim_heed_forgery(scene, s, out);
}
