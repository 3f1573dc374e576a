/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_SURVEY_H
#define TRACE_SURVEY_H

/*
 * Somebody else's capture, read for the first time: who asked whom, on which
 * port, with what outcome. From that the client, the port under test, the servers
 * and their controls are chosen, and put into words. Bounded: what comes after a
 * limit is counted, not kept.
 */

#include "trace/trace.h"
#include "wire/neighbour.h"
#include "wire/packet.h"

#define SURVEY_TALKS_MAX   200000
#define SURVEY_RESERVE	   60000 /* further talks on mail ports and the port asked for */
#define SURVEY_SERVERS_MAX 512
#define SURVEY_CLAIMS_MAX  65536 /* addresses that are known by ARP or its like alone */

/* One address, as client or as server. */
struct party {
	struct addr addr;
	uint8_t ttl_min, ttl_max; /* of its SYNs that no tool limited; 0: none */
	bool routed;		  /* a router passed on what came from it */
	bool line;		  /* it sends on a line without stations */
	/* Stations that sent its packets and got those for it, and the one that said it has it. */
	hardware from, to, said;
	uint64_t asked; /* scratch: attempts on the port that is being judged */
	uint64_t syns;	/* scratch: SYNs to any port */
	uint32_t next;
};

/* All connections from one client to one port of one server. */
struct talk {
	uint32_t client, server; /* indexes of parties */
	uint16_t port;
	uint32_t syns, opened, refused; /* SYNs; SYN-ACKs; resets and ICMP errors for SYNs */
	bool traced;			/* SYNs of limited TTL were among them */
	uint32_t next;
};

struct survey {
	uint16_t port; /* the port asked for: its talks are kept beyond the limit */
	struct party *parties;
	size_t parties_n, parties_cap;
	struct talk *talks;
	size_t talks_n, talks_cap;
	uint32_t *party_heads, *talk_heads; /* hashes: index + 1; 0: none */
	uint32_t claims;		    /* claims of addresses that were not known */
	uint64_t passed_over;		    /* SYNs and answers beyond a limit */
	uint64_t syns, synacks, answers;    /* answers: SYN-ACKs, resets, ICMP errors */
	uint64_t segments;		    /* TCP segments that are neither SYN nor SYN-ACK */
	const char *tunnel; /* what the first SYN inside a tunnel came in, or NULL */
	int64_t first_ns, last_ns;
};

/* What the user asked for. */
struct survey_wish {
	uint16_t port;
	bool port_given;
	struct addr client;	  /* none: to be found */
	const uint16_t *controls; /* in order; none: to be found */
	size_t controls_n;
};

struct survey_choice {
	uint16_t port;
	bool port_found;       /* not the one asked for, which nobody used */
	uint32_t client[2];    /* parties, IPv4 and IPv6; TRACE_NONE */
	uint32_t others;       /* further clients on the port */
	uint32_t servers_over; /* servers beyond SURVEY_SERVERS_MAX */
};

/* A TCP segment, as far as the survey looks at it. */
struct survey_segment {
	int64_t at_ns;
	struct addr src, dst;
	uint16_t src_port, dst_port;
	uint32_t seq;
	uint8_t flags, ttl;
	const char *tunnel; /* as in struct packet */
	struct link_ends ends;
};

/* Takes note of a segment. False when there is no memory. */
bool survey_add_segment(struct survey *s, const struct survey_segment *segment);

/* Takes note of a packet between these two stations. False when there is no memory. */
bool survey_add(struct survey *s, const struct packet *packet, struct link_ends ends);

/* Takes note that a station says it has this address. False when there is no memory. */
bool survey_claim(struct survey *s, const struct addr *addr, hardware at);

/* What the link layer shows of the way from a client to a server, by their parties. */
enum link_place survey_place(const struct survey *s, uint32_t client, uint32_t server);

/* Takes note of a TCP segment that is neither SYN nor answer to one, of which no more is known. */
void survey_pass(struct survey *s, int64_t at_ns);

/* Whether the capture holds a TCP attempt or an answer to one. */
bool survey_has_attempts(const struct survey *s);

/* Chooses port and clients. False when there is no memory. */
bool survey_choose(struct survey *s, const struct survey_wish *wish, struct survey_choice *out);

/*
 * Adds the servers with their controls to an empty trace, and what that says of the run. False when
 * there is no memory.
 */
bool survey_fill(const struct survey *s, const struct survey_wish *wish,
		 struct survey_choice *choice, struct trace *t);

/* Adds a note for each thing that was assumed. False when there is no memory. */
bool survey_explain(const struct survey *s, const struct survey_choice *choice, struct trace *t);

void survey_free(struct survey *s);

#endif
