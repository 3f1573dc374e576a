/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_RESULT_RESULT_H
#define INFER_RESULT_RESULT_H

/*
 * A finished result: what was decided, from what, with which frames as proof.
 * Renderers show it and decide nothing. All memory belongs to result.arena.
 */

#include "base/addr.h"
#include "base/arena.h"
#include "infer/result/terms.h"
#include "trace/trace.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mail; /* infer/mail/mail.h */

/* A packet of the evidence. */
struct frame_ref {
	uint32_t file, frame;
};

struct suspect {
	enum blocker blocker;
	enum mechanism mechanism;
	double probability;
	const char *text;
};

#define RESULT_SUSPECTS_MAX 6

/* The blocker sits at `from`, at `to` or between them. Hop 0 is this host. */
struct link_span {
	bool known; /* false: the whole path */
	int from_hop, to_hop;
	struct addr from, to;	     /* none where the hop never answered */
	bool from_silent, to_silent; /* it was asked, and did not answer on any way */
};

struct reason {
	const char *rule;
	const char *text;
	uint32_t server; /* TRACE_NONE: all */
	const struct frame_ref *packets;
	size_t packets_n;
};

struct judgement {
	enum state state;
	enum blocker blocker;
	enum mechanism mechanism;
	struct suspect suspects[RESULT_SUSPECTS_MAX];
	size_t suspects_n;
	bool has_confidence;
	double confidence;
	struct link_span link;
	enum beside_kind beside; /* who the nearest parties are, for the words */
	bool passes_all; /* every router up to the server is proven to have seen the port's SYNs */
};

/* That nothing was found out, and why: MECHANISM_UNKNOWN or MECHANISM_NO_NETWORK. */
struct judgement judgement_unknown(enum mechanism mechanism);

/* Who is blamed for a part of the way. */
enum blocker blocker_of(enum segment segment);

/* Adds a suspect to those of a judgement, the likeliest first. */
void judgement_suspect(struct judgement *j, struct suspect item);

struct hop_answer {
	struct addr addr;
	const char *name;  /* untrusted, NULL: unknown */
	uint32_t asn;	   /* 0: unknown */
	const char *owner; /* NULL: unknown */
	double rtt_ms;
	uint32_t answered; /* probes it answered */
};

#define RESULT_ANSWERS_MAX 4

struct hop_lane {
	struct hop_answer answers[RESULT_ANSWERS_MAX];
	uint8_t answers_n;
	uint32_t sent;	   /* probes whose outcome is known */
	uint32_t expired;  /* drew a time exceeded */
	uint32_t terminal; /* drew a SYN-ACK, a reset or a rejection */
};

struct hop_row {
	uint8_t hop;
	struct hop_lane control, target;
	uint8_t owners;	      /* bit per enum segment: who may own it; 0: unknown */
	const char *owned_by; /* the rule that says so; NULL: none */
	bool is_server;	      /* the server's own distance */
};

struct port_row {
	uint16_t port;
	enum port_state state;
	bool is_target, is_control; /* is_control: the control that the comparison used */
	uint32_t sent, answered;    /* full-TTL SYNs */
	double rtt_ms;		    /* of the answer, negative: none */
	bool kept;		    /* asked, and none of its full-TTL SYNs left this host */
	bool nearer;		    /* accepted by somebody nearer than who answers the control */
};

#define RESULT_PORTS_MAX (TRACE_PORTS_MAX + 8)

/* What answered (or did not) on the port under test. */
struct target_reply {
	const char *kind; /* "syn-ack" "reset" "icmp" "none" "local" */
	struct addr from;
	int ttl;       /* as received, -1: none */
	int first_ttl; /* the smallest TTL of a probe that drew it, -1: none */
	int icmp_type, icmp_code, quoted_ttl; /* -1: no ICMP */
	double rtt_ms;			      /* negative: none */
};

struct finding {
	uint32_t server; /* index in the trace */
	bool votes;	 /* false: control and port both fail */
	bool deaf;	 /* this host lets in no answer of the server's, whatever the port */
	const char
		*passes;  /* the user whom this host lets through where it stops another, or NULL */
	uint16_t control; /* the control port used, 0: none */
	enum layer layer;
	struct judgement judgement;
	int distance_control, distance_target; /* hops, -1: unknown */
	struct target_reply reply;
	const struct hop_row *hops;
	size_t hops_n;
	struct port_row ports[RESULT_PORTS_MAX];
	size_t ports_n;
	const struct mail *mail; /* what the sessions show; NULL: none was held */
	const char *sentence;
};

struct host_fact {
	const char *kind; /* as the contract enumerates */
	const char *text;
	uint32_t server;     /* TRACE_NONE: all */
	uint16_t port;	     /* 0: any */
	int error;	     /* errno, 0: none */
	const char *user;    /* NULL: none */
	const char *rule;    /* the firewall's own words, NULL: none */
	const char *command; /* what would allow it, NULL: none */
};

struct comparison;

#define RESULT_NEXT_MAX	   12
#define RESULT_REASONS_MAX 24

struct verdict {
	struct judgement judgement;
	uint8_t family; /* 4, 6, 46: both agree, 0: none counts */
	const char *sentence;
	struct reason reasons[RESULT_REASONS_MAX];
	size_t reasons_n;
	/* What to do: a sentence, then commands for a shell or lines for a file, each after '\n'.
	 */
	const char *next[RESULT_NEXT_MAX];
	size_t next_n;
};

struct result {
	struct arena arena;
	struct verdict verdict;
	struct judgement family[2]; /* IPv4, IPv6 */
	bool family_counts[2];
	struct finding *findings; /* as trace.servers, references included */
	size_t findings_n;
	struct host_fact *facts;
	size_t facts_n;
	const struct comparison *comparison; /* infer/compare.h; NULL: of one capture alone */
	/*
	 * The same judged in the reader's language, to be freed with this one: its verdict's
	 * sentence, advice and suspects are read, nothing else. NULL: English.
	 */
	struct result *told;
};

/* The verdict of whom its sentence, advice and suspects are shown to the reader. */
const struct verdict *result_told(const struct result *r);

/* The language in which that is said; NULL: English. */
const struct catalogue *result_catalogue(const struct result *r);

/* The exit status that the contract gives to a judgement. */
int result_exit_status(const struct judgement *j);

void result_free(struct result *r);

#endif
