/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_PAIRS_H
#define TRACE_PAIRS_H

/*
 * The same packets in several captures. Capture 0 is the client's: each of its
 * SYNs is an attempt, with whatever belongs to it. The other captures are searched
 * for these packets alone, by what the way leaves as it is or shifts by a constant,
 * so the memory follows from the tested connections, not from the files.
 *
 * Indexes are stable; TRACE_NONE is "no index".
 */

#include "trace/trace.h"

#define PAIRS_CAPTURES_MAX   8
#define PAIRS_ATTEMPTS_MAX   60000
#define PAIRS_SIGHTINGS_MAX  300000
#define PAIRS_OF_ATTEMPT_MAX 128 /* packets kept of one attempt */
#define PAIRS_OF_PACKET_MAX  32	 /* sightings kept of one packet */
#define PAIRS_STREAM_BYTES   4096
#define PAIRS_STREAMS_MAX    2048
#define PAIRS_OWN_MAX	     16
#define PAIRS_REACH	     (UINT32_C(1) << 20) /* bytes after a SYN that still belong to it */

enum pair_kind {
	PAIR_SYN,
	PAIR_SYNACK,
	PAIR_RESET,
	PAIR_SEGMENT,
	PAIR_EXPIRED,  /* ICMP time exceeded about the attempt */
	PAIR_REJECTED, /* ICMP unreachable about it */
};

enum sight_way { SIGHT_UNKNOWN, SIGHT_IN, SIGHT_OUT };

/* One packet as one capture has it once. */
struct sighting {
	uint32_t packet, next;
	uint32_t frame;
	uint8_t capture;
	uint8_t ttl, flags, options_len;
	enum sight_way way; /* with regard to the capturing machine */
	bool loopback;
	int64_t at_ns; /* by this capture's clock */
	struct addr src, dst;
	uint16_t src_port, dst_port; /* of an ICMP error: the quoted ones */
	uint32_t seq, ack;
	uint16_t window, mss, ip_id;
	uint32_t stamp;	  /* TCP timestamp, 0: none */
	uint32_t payload; /* digest of the bytes that were captured */
	uint32_t payload_n;
};

/* A packet with all its sightings. Of an ICMP error, seq and ack are type and code. */
struct pair_packet {
	uint32_t attempt, next;
	enum pair_kind kind;
	bool back;	   /* towards the client */
	uint8_t captures;  /* bit per capture that has it */
	uint16_t seen_n;   /* sightings kept */
	uint32_t seq, ack; /* see pairs.c: relative where the numbering is known */
	uint32_t len;
	struct addr from; /* of an ICMP error */
	uint32_t first, last;
};

/* An attempt as one capture numbers and addresses it. */
struct pair_view {
	uint32_t attempt, next, next_in_bucket;
	uint8_t capture;
	struct addr src, dst; /* client's side first */
	uint16_t src_port, dst_port;
	uint32_t isn, server_isn;
	bool has_server_isn;
	bool shifted;  /* the client's sequence numbers were rewritten */
	bool remade;   /* only the ports and the server are the same: another connection */
	bool answered; /* of a remade one: the server answered it */
	uint32_t frame;
	int64_t at_ns;
};

/* A SYN of the client. */
struct attempt {
	uint32_t server; /* index in the trace */
	uint16_t port;
	uint8_t ttl;
	uint16_t packets_n;
	uint32_t first, last; /* packets */
	uint32_t first_view, first_stream;
	uint32_t by_seq, by_ports, by_looks; /* hash chains */
};

/* The first bytes of one direction of a connection. */
struct pair_stream {
	uint32_t attempt, next;
	uint8_t capture;
	bool back;
	uint16_t n;
	uint8_t bytes[PAIRS_STREAM_BYTES];
};

/* A capture as a whole. */
struct pair_capture {
	uint64_t frames, tcp, syns, strangers; /* strangers: SYNs to the servers, of nobody known */
	uint64_t matched;
	int64_t first_ns, last_ns;
	bool has_tcp;
	bool overlays;		      /* some packets were in overlay networks, left alone */
	bool receiver;		      /* `receive` wrote it: it waited from first_ns to last_ns */
	bool clock_known, clock_good; /* the machine said that its clock was synchronised */
	uint64_t dropped;
	bool cut;			/* more than can be kept: nothing is known after last_ns */
	struct addr own[PAIRS_OWN_MAX]; /* of a receiver: the machine's addresses */
	size_t own_n;
	uint16_t ports[TRACE_PORTS_MAX + 1]; /* of a receiver: those it waited on */
	size_t ports_n;
	struct prefix from; /* of a receiver: whose packets it waited for */
	bool expects;	    /* that is known to be this client */
};

struct pairs {
	struct pair_capture captures[PAIRS_CAPTURES_MAX];
	size_t captures_n;
	struct attempt *attempts;
	size_t attempts_n, attempts_cap;
	struct pair_packet *packets;
	size_t packets_n, packets_cap;
	struct sighting *sightings;
	size_t sightings_n, sightings_cap;
	struct pair_view *views;
	size_t views_n, views_cap;
	struct pair_stream *streams;
	size_t streams_n, streams_cap;
	uint32_t *by_seq, *by_ports, *by_looks, *by_tuple; /* hash heads */
	size_t sightings_max;				   /* up to PAIRS_SIGHTINGS_MAX */
	bool full;   /* a limit was reached: something was not kept; the caller clears it */
	bool failed; /* no memory */
};

/* False when there is no memory. Free with pairs_free() in either case. */
bool pairs_init(struct pairs *p);
void pairs_free(struct pairs *p);

/* Each copies *item to the end and makes it findable; its index, or TRACE_NONE. */
uint32_t pairs_add_attempt(struct pairs *p, const struct attempt *item,
			   const struct pair_view *view, const struct sighting *syn);
uint32_t pairs_add_view(struct pairs *p, const struct pair_view *item);

/* Adds the sighting of a packet, which is looked for by kind, way, seq, ack and len first. */
void pairs_add_sighting(struct pairs *p, const struct pair_packet *packet,
			const struct sighting *item);

/* The bytes of a stream from an offset on; what leaves a gap is left out. */
void pairs_add_bytes(struct pairs *p, const struct pair_stream *key, uint32_t offset,
		     const uint8_t *bytes, size_t n);

const struct pair_stream *pairs_stream(const struct pairs *p, uint32_t attempt, uint8_t capture,
				       bool back);

/* The view of a capture, real before remade; NULL: none. */
const struct pair_view *pairs_view(const struct pairs *p, uint32_t attempt, uint8_t capture);

/* First sighting of the packet in a capture, or NULL. */
const struct sighting *pairs_seen(const struct pairs *p, const struct pair_packet *packet,
				  uint8_t capture);

/* Counts the steps along a chain; false (and the pairs are full) when it is too long. */
bool pairs_walk(struct pairs *p, unsigned *steps);

/* Heads of the hash chains. Of the ports and the server. */
uint32_t pairs_head_seq(const struct pairs *p, uint32_t isn);
uint32_t pairs_head_ports(const struct pairs *p, const struct pair_view *key);

/* What of a SYN outlives even new ports and new sequence numbers. */
uint32_t pairs_head_looks(const struct pairs *p, const struct sighting *syn);

/* The newest view with this 5-tuple (older ones by next_in_bucket, to be compared). */
uint32_t pairs_head_tuple(const struct pairs *p, const struct pair_view *key);
bool pairs_same_tuple(const struct pair_view *a, const struct pair_view *b);

#endif
