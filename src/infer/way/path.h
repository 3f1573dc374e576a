/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_WAY_PATH_H
#define INFER_WAY_PATH_H

/*
 * One server's probes as tables: for each TTL, what became of the SYNs to the
 * port under test and to the control port. Everything that is judged is read
 * from here.
 */

#include "base/arena.h"
#include "trace/trace.h"
#include <stdbool.h>
#include <stdint.h>

#define PATH_TTL_MAX   40 /* greater TTLs count as unlimited */
#define PATH_ADDRS_MAX 4  /* routers at one hop, seen from one server */

/* SYNs of one port with one TTL, by outcome. A SYN that drew several answers counts in each. */
struct outcome {
	uint32_t sent;	  /* outcome known: answered, or missing for longer than the wait */
	uint32_t pending; /* an answer may still come */
	uint32_t asked;	  /* all that left, also those whose silence proves nothing */
	uint32_t refused; /* this host's kernel refused to send it */
	uint32_t expired, rejected, odd;
	uint32_t synack,
		reset;	   /* by the valid TCP answer that came first: what a real client sees */
	uint32_t both;	   /* SYNs that drew a valid reset and a SYN-ACK */
	uint32_t answered; /* SYNs that drew anything valid */
	uint32_t reached;  /* SYNs that drew a SYN-ACK or a reset */
	uint32_t late;	   /* of those, the ones that counted as missing before */
	uint32_t unseen;   /* SYNs that only their answers show: the capture lacks them */
	uint32_t unproven; /* routers answered the SYN, and so did a TCP that proves nothing */
};

/* Routers whose expiries came back for one TTL. */
struct hop_addrs {
	struct addr addr[PATH_ADDRS_MAX];
	uint32_t count[PATH_ADDRS_MAX];
	int64_t rtt_ns[PATH_ADDRS_MAX]; /* the shortest */
	uint8_t n;
	uint8_t ttl_back; /* TTL of the newest expiry as it arrived */
};

struct lane {
	uint16_t port;			     /* 0: no such lane */
	struct outcome at[PATH_TTL_MAX + 1]; /* [0]: unlimited TTL */
	/* [PATH_TTL_MAX + 1]; where no router is known one empty table for all paths. */
	const struct hop_addrs *hop;
	struct hop_addrs *own_hops; /* the same to write into, NULL: that one */
	int last_expired;	    /* greatest TTL that expired, 0: none */
	int first_synack, first_reset,
		first_rejected; /* smallest limited TTL that drew one, 0: none */
	int64_t rtt_ns;		/* shortest round trip to a SYN-ACK or reset, -1: none */
	bool rejected;		/* some SYN was */
	int synack_ttl;		/* TTL of a SYN-ACK as it arrived, -1: none */
};

/* What a port's unlimited SYNs drew, for the choice of the control and the port table. */
struct port_count {
	uint16_t port;
	struct outcome full;
	int64_t rtt_ns;	     /* -1: none */
	int back;	     /* most hops that a SYN-ACK travelled back, -1: none came */
	bool limited_synack; /* a limited SYN drew a SYN-ACK */
};

#define PATH_PORTS_MAX (TRACE_PORTS_MAX + 8)

struct path {
	const struct trace *trace;
	uint32_t server;
	bool by_link;				 /* only SYNs that went past the local firewall */
	struct port_count ports[PATH_PORTS_MAX]; /* [0]: the port under test, then the controls,
						    then others */
	uint8_t ports_n;
	struct lane target, control;
	int64_t wait_ns; /* after which an answer counts as missing */
	int nearest;	 /* the server is at least this far: control SYNs expired at nearest - 1 */
	/*
	 * A port that is not open: the hop from which on its SYNs meet other routers than the
	 * control's, 0: none; and how long its way is at least, when the control's length is known.
	 */
	int parting, port_distance;
	int answered; /* smallest TTL at which the control drew its answer, 0: none */
	int distance; /* the same where nothing says that it is not the server's, 0: unknown */
	int told;     /* what else tells it where that is unknown, in somebody else's capture; 0 */
	/*
	 * Somebody else's capture was made on the server's segment: hops that the SYNs had come,
	 * out of their own network; 0: nothing says so.
	 */
	int at_server;
	bool ttl_void;	     /* path_ttl_void() */
	bool void_elsewhere; /* the way of another server shows that it is */
	bool impostor;	     /* somebody nearer than the server answers the control */
	bool stranger;	     /* and who rejects the port is known to be of another network */
};

/*
 * Whether TTL evidence is void on this path (RFC 1812, 4.2.2.9, broken on the way): somebody sets
 * the TTL of what passes, or answers in everybody's name. Then the TTL at which an answer of either
 * port first comes, and the TTL that an ICMP error quotes, tell no place; the expiries of routers
 * that the control drew before that still do. Only after scene_build().
 */
static inline bool path_ttl_void(const struct path *path)
{
	return path->ttl_void;
}

/*
 * The lane's own table of routers, made in the arena when there is none yet; NULL when there is no
 * memory (arena->failed).
 */
struct hop_addrs *path_own_hops(struct lane *lane, struct arena *arena);

/* The table of a lane on which no router is known. */
const struct hop_addrs *path_no_hops(void);

/* Counts the SYNs that never left this host into the path's tables; part of count_path(). */
void path_count_refused(struct path *path);

/* The count of one of the path's ports, begun where there is none; NULL: there is no room. */
struct port_count *path_port(struct path *path, uint16_t port);

/* Who signed rejections of the port under test outside this host, none if nobody did. */
struct addr path_rejecter(const struct path *path);

/* Whether a rejection of the port under test says more than that no way leads to the host. */
bool path_rejects_port(const struct path *path);

/* Whether this host made the rejection itself: it is of its own segment's SYN before it left. */
bool path_is_own_word(const struct path *path, const struct probe *p, const struct reply *r);

/*
 * Whether a SYN in this slot would reach the server if nobody stopped it: its TTL is unlimited, or
 * no less than the server's distance, and greater than any that expired on a longer way.
 */
bool path_reaches(const struct path *path, int slot);

/* Sum over all such TTLs. */
struct outcome path_reaching(const struct path *path, const struct lane *lane);

/*
 * The place of a TTL in the lane's tables: itself when limited, 0 otherwise. In somebody else's
 * capture those above 32 are where stacks and scanners start.
 */
int path_slot(const struct trace *t, uint8_t ttl);

/* The last hop at which a router let a SYN of either port expire, 0: none. */
int path_last_router(const struct path *path);

/* The last hop nearer than this one at which SYNs to the port under test expired, 0: none. */
int path_expired_before(const struct path *path, int hop);

/* Mail-submission ports answer as controls, but a finding near the host never rests on them alone.
 */
bool path_submission_port(uint16_t port);

/* When the SYN counts as unanswered. The kernel's own retransmissions do not put it off. */
int64_t path_due_ns(const struct path *path, const struct probe *p);

/* Whether the SYN really never came by, in a capture that lost nothing then. */
bool path_unseen(const struct trace *t, const struct unseen *u);

/* Whether the answer proves something: valid, and its SYN was alone on its 5-tuple. */
bool path_counts(const struct trace *t, const struct probe *p, const struct reply *r);

/* Iterates the replies to a probe: first with at = p->first_reply. */
#define PATH_EACH_REPLY(t, p, r)                                                                   \
	for (const struct reply *r =                                                               \
		     (p)->first_reply == TRACE_NONE ? NULL : &(t)->replies[(p)->first_reply];      \
	     r; r = r->next == TRACE_NONE ? NULL : &(t)->replies[r->next])

/* Iterates the packets of a connection from the one with this index on; TRACE_NONE: none. */
#define PATH_EACH_PACKET(t, from, f)                                                               \
	for (const struct flow_packet *f = (from) == TRACE_NONE ? NULL : &(t)->flow_packets[from]; \
	     f; f = f->next == TRACE_NONE ? NULL : &(t)->flow_packets[f->next])

/* The first packet of a session's connection, TRACE_NONE: none was seen. */
uint32_t path_first_packet(const struct trace *t, const struct session *session);

/* Whether the other side sends data on the 5-tuple of a SYN. */
bool path_speaks(const struct trace *t, const struct probe *p);

/* Iterates the probes of a path, newest first. */
#define PATH_EACH_PROBE(path, p)                                                                   \
	for (const struct probe *p = path_first(path); p; p = path_next(path, p))

/* The same, of those to one port. */
#define PATH_EACH_PROBE_TO(path, port, p)                                                          \
	for (const struct probe *p = path_to(path, port, path_first(path)); p;                     \
	     p = path_to(path, port, path_next(path, p)))

const struct probe *path_first(const struct path *path);
/* The probe or the next older one that is to the port, NULL: none. */
const struct probe *path_to(const struct path *path, uint16_t port, const struct probe *p);
const struct probe *path_next(const struct path *path, const struct probe *p);

/*
 * SYNs of full TTL to the ports beside target and control, silent ports among them: nobody chose
 * the control before it answered, so that it alone would make the path look better than it is.
 * Nothing for a capture of our own.
 */
struct outcome path_other_ports(const struct path *path);

/* Whether a connection to the port under test was made, and the server spoke in it. */
bool path_went_on(const struct path *path);

/* Whether any SYN of full TTL went to another port than the one under test. */
bool path_has_others(const struct path *path);

#endif
