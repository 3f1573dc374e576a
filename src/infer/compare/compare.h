/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_COMPARE_COMPARE_H
#define INFER_COMPARE_COMPARE_H

/*
 * The client's capture held against captures of the same packets from elsewhere
 * on their way: what arrived, what was changed, what vanished, and what appeared
 * from nowhere. Where a packet was last seen, and where it was missing next, the
 * blocker sits in between; nobody has to be believed for that.
 */

#include "infer/result/result.h"
#include "trace/pairs.h"

#define COMPARE_ROWS_MAX    40
#define COMPARE_PACKETS_MAX 400
#define COMPARE_CHANGE_MAX  96

/* How a capture's clock runs against the client's. */
struct compared_clock {
	bool known;
	bool two_way;	   /* packets of both directions: the error is bounded */
	int64_t offset_ns; /* its clock minus the client's, at origin_ns of the client's */
	int64_t error_ns;  /* of the offset, half the shortest round trip; -1: not known */
	double drift_ppm, drift_error_ppm;
	int64_t origin_ns;
	uint32_t packets; /* that it was estimated from */
};

/* What happened to a packet between the client and one other capture. */
enum fate {
	FATE_NONE,     /* says nothing: out of its time, or it cannot have come so far */
	FATE_ARRIVED,  /* in both, as it was but for TTL and translated addresses */
	FATE_CHANGED,  /* in both, with something else changed */
	FATE_VANISHED, /* sent at one end, missing at the other */
	FATE_APPEARED, /* at the client, in the server's name, and not where it must have passed */
	FATE_LOCAL,    /* at the client, from a router in between */
};

struct compared_packet {
	uint32_t server; /* index in the trace */
	uint16_t port;
	const char *kind; /* "syn" "syn-ack" "reset" "segment" "icmp" */
	bool back;
	uint32_t client_frame, other_frame; /* 0: none */
	uint8_t capture;		    /* the other one */
	enum fate fate;
	char change[COMPARE_CHANGE_MAX]; /* "source address, ttl 64 to 63", "" for none */
};

/* A capture's place on the way and what it has. */
struct compared_capture {
	bool placed;
	int hop_min, hop_max; /* routers that decremented the TTL before it; -1 unknown */
	uint64_t frames;
	uint32_t matched; /* packets that the client's capture has, too */
	uint32_t arrived, changed, vanished, appeared;
	struct compared_clock clock;
	bool translated;    /* the client's address is another one there */
	struct addr client; /* as it is there */
};

/* One line of the telling connection, both ends side by side. */
struct compared_row {
	int64_t at_ns; /* by the client's clock, since the connection's SYN */
	bool back, first_difference;
	enum fate fate;
	const char *client, *other;	    /* "" where it is missing */
	uint32_t client_frame, other_frame; /* 0: none */
};

struct comparison {
	size_t captures_n; /* the client's is 0 */
	struct compared_capture captures[PAIRS_CAPTURES_MAX];
	struct compared_packet *packets;
	size_t packets_n;
	uint32_t packets_more; /* beyond COMPARE_PACKETS_MAX */
	/* The connection that is shown. */
	uint8_t telling_capture;
	const char *telling_title;
	struct compared_row rows[COMPARE_ROWS_MAX];
	size_t rows_n;
	bool swapped, apart; /* the captures are in the wrong order; have nothing in common */
};

/*
 * Judges the trace of the client's capture as infer_judge() does, then by what the other captures
 * show; *out->comparison says what that was. 0, or -1 when there is no memory (*out is empty then).
 */
int compare_judge(const struct trace *t, const struct pairs *p, const struct catalogue *catalogue,
		  struct result *out);

#endif
