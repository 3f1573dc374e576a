/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_RULES_CLAIM_H
#define INFER_RULES_CLAIM_H

/*
 * What one server's evidence says of the port under test: a state, how sure,
 * and where on the line whoever is responsible can sit.
 */

#include "infer/result/line.h"
#include "infer/scene/rested.h"
#include "infer/scene/scene.h"

struct claim {
	const char *rule;	/* its name, or what this host does: the rule of a reason */
	const struct rule *row; /* of the rule that holds; NULL: of none */
	enum state state;
	enum mechanism mechanism;
	double sure;	   /* probability that the state is right */
	bool placed;	   /* span says something */
	struct span span;  /* where the blocker can sit */
	struct span other; /* of a contradiction: the place that other evidence shows instead */
	bool contradicts;
	int last_seen;	   /* last hop proven to have seen the port's SYN; the near end */
	int first_missing; /* first hop proven to see the control's SYN but not the port's */
	double weight[PATH_TTL_MAX +
		      2];   /* likelihood, by last hop that the SYN passed, of the evidence */
	struct addr member; /* the router at last_seen, where a hop has several; else none */
	bool forged;	    /* an answer's source address is not its sender's */
	bool rewritten;	    /* the answers are the server's own, changed on their way back */
	bool on_path;	    /* the SYN went on beside the answer */
	bool not_remote;    /* the server and its network are excluded */
	bool open_end;	    /* what follows on the port's own way is unknown */
	bool loop;	    /* SYNs go round in the place */
	bool played;  /* somebody on the way plays the part of others: the place is the furthest */
	uint8_t also; /* owners beside those of the span: whose address signed the answer */
};

/* How the reason of a verdict is told (tell/reasons.c). */
enum saying {
	SAYS_NOTHING,	/* no words yet: that it cannot be said why */
	SAYS_UNDECIDED, /* that the evidence does not decide */
	SAYS_TEXT,	/* the row's own sentence */
	SAYS_HOST,	/* what this host does */
	SAYS_ANSWER,	/* who answers the port */
	SAYS_BESIDE,	/* that somebody answers beside the server */
	SAYS_ABORTED,	/* that connections are accepted and reset at once */
	SAYS_SHARE,	/* which SYNs pass and which do not */
	SAYS_RESET,	/* where resets come from */
	SAYS_RESET_BY_SERVER,
	SAYS_RESET_HERE,
	SAYS_RESET_ALONE,
	SAYS_REJECTED, /* where ICMP messages come from */
	SAYS_SHUT_OUT, /* that mail ports which accepted draw nothing any more */
	SAYS_SILENCE,  /* between which hops SYNs vanish */
	SAYS_DIALOGUE, /* what the mail sessions show */
	SAYS_TWIN,     /* for whom else this machine answers */
	SAYS_LARGE,    /* that large packets are lost */
};

/* A row of the rule table: what makes a blocker known, and what is said of it. */
struct rule {
	const char *name;
	/* What fills in a claim. Neither this nor the next: another row's predicate makes it. */
	bool (*holds)(const struct scene *scene, uint32_t s, struct claim *out);
	/* Instead: what only shows that something cannot be told. */
	bool (*doubts)(const struct scene *scene, uint32_t s);
	enum saying says;
	const char *text; /* SAYS_TEXT; else why nothing is decided, NULL: the usual sentence */
	bool of_silence;  /* `text` rests on silence, which a capture without answers cannot show */
};

/*
 * The rules, of which the first that holds decides; and what the rule "mail" makes of the sessions.
 */
const struct rule *rules_table(size_t *n);
const struct rule *rules_mail(size_t *n);

/* Where balanced ways differ in length a place is only known to the hop beside it. */
void claim_widen_uneven(const struct scene *scene, uint32_t s, struct claim *claim);

/* Behind the last router of a way that is the port's own nobody is known. */
void claim_open_end(const struct scene *scene, uint32_t s, struct claim *claim);

/* Where somebody plays the part of others, whoever is nearer than the place stays suspected. */
void claim_heed_forgery(const struct scene *scene, uint32_t s, struct claim *claim);

/* Says what was done to the port, by which mechanism, and how sure that is. */
void claim_say(struct claim *out, enum state state, enum mechanism mechanism, double sure);

/* Places it behind the last hop that saw the SYN (0: none) and before the first that misses it; at
 * the latest at the server, `far`. */
void claim_between(struct claim *out, int last_seen, int first_missing, int far);

/* Whether the row holds for a server, and what it claims then. */
bool rule_holds(const struct rule *row, const struct scene *scene, uint32_t s, struct claim *out);

/* Runs the table for one server. */
void claim_make(const struct scene *scene, uint32_t s, struct claim *out);

/* How sure a claim must be of its state to be made. */
double claim_sure_enough(const struct scene *scene, const struct claim *claim);

/* Whether a port that answers loses more than its controls, too little to call it a limit. */
bool claim_limit_undecided(const struct scene *scene, uint32_t s);

/* Nothing fits all of the evidence: unknown, with the places that differ left to be told. */
void claim_contradicts(struct claim *claim);

/* The first hop where SYNs to the port expire in the server's own name, 0: none. */
int claim_renamed_from(const struct path *path);

/* The places of silence, of a reset, of an ICMP rejection, of an answer by somebody else. */
bool rule_silence(const struct scene *scene, uint32_t s, struct claim *out);
/* A limit on the rate takes what is sent at speed, and no SYN after a rest confirms the silence. */
bool rule_hurried(const struct scene *scene, uint32_t s, struct claim *out);
/* Whether silence shows a place that a limit on the rate may show as well: which one. */
bool claim_rested_place(const struct scene *scene, uint32_t s, struct rested_place *place);
bool rule_reset_nearer(const struct scene *scene, uint32_t s, struct claim *out);
bool rule_reset_sometimes(const struct scene *scene, uint32_t s, struct claim *out);
bool rule_reset_copied_ttl(const struct scene *scene, uint32_t s, struct claim *out);
bool rule_reset_rewritten(const struct scene *scene, uint32_t s, struct claim *out);
bool rule_reset_unplaced(const struct scene *scene, uint32_t s, struct claim *out);
bool rule_reset_by_server(const struct scene *scene, uint32_t s, struct claim *out);
bool rule_refused_sometimes(const struct scene *scene, uint32_t s, struct claim *out);
bool rule_path_dependent(const struct scene *scene, uint32_t s, struct claim *out);
bool rule_flows_unlucky(const struct scene *scene, uint32_t s);
bool rule_limited(const struct scene *scene, uint32_t s, struct claim *out);
bool rule_rejected_sometimes(const struct scene *scene, uint32_t s, struct claim *out);
bool rule_aborted(const struct scene *scene, uint32_t s, struct claim *out);
bool rule_rejected(const struct scene *scene, uint32_t s, struct claim *out);
bool rule_answered_beside(const struct scene *scene, uint32_t s);
bool rule_answered_nearer(const struct scene *scene, uint32_t s, struct claim *out);
bool rule_tarpit(const struct scene *scene, uint32_t s);
bool rule_captive(const struct scene *scene, uint32_t s, struct claim *out);
bool rule_destination_nat(const struct scene *scene, uint32_t s, struct claim *out);

#endif
