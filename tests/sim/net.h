/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_NET_H
#define SIM_NET_H

/*
 * A network that exists as numbers only: routers with their limits and silences,
 * links that lose, delay, reorder and duplicate, somebody who blocks, and servers.
 * A SYN goes in, packets come out later. Time is virtual, chance is seeded.
 */

#include "queue.h"
#include "trace/trace.h"
#include "wire/packet.h"

#define NET_ROUTERS_MAX	 48
#define NET_SERVERS_MAX	 8
#define NET_WAY_MAX	 20 /* routers on one way */
#define NET_STAGES_MAX	 16
#define NET_BRANCHES_MAX 3
#define NET_BRANCH_MAX	 3 /* routers on one of several branches */
#define NET_HALF_OPEN	 4096

struct net_router {
	struct addr addr;
	enum segment owner;
	bool silent;	    /* sends no errors at all */
	bool limited;	    /* by the next two */
	double burst, rate; /* errors at once; errors a second then */
	double tokens;
	int64_t tokens_ns;
	int detour;	 /* routers that its answers cross beside those of the way there */
	uint8_t initial; /* TTL of its own packets */
};

/* A step of a way: one router, or branches of which the flow's hash picks one. */
struct net_stage {
	uint8_t branches_n;
	struct net_branch {
		uint8_t routers[NET_BRANCH_MAX];
		uint8_t n;
	} branches[NET_BRANCHES_MAX];
};

struct net_server {
	struct addr addr;
	struct net_stage stages[NET_STAGES_MAX];
	size_t stages_n;
	bool dead;    /* answers nothing on any port */
	bool closed;  /* resets the port under test */
	bool blocked; /* the rule is about this server, too */
	int detour;
	uint8_t initial, reset_initial; /* TTLs of its SYN-ACKs and resets */
};

enum net_place { NET_LINK, NET_IN, NET_OUT, NET_SERVER };
enum net_action { NET_PASS, NET_DROP, NET_RESET, NET_REJECT, NET_DROP_BACK };

/* What happens to the SYNs to the port under test (or to what answers them) at one place. */
struct net_rule {
	enum net_action action;
	enum net_place place;
	uint8_t router;	   /* NET_LINK: the link that leads to it */
	double share;	   /* of the SYNs that it hits, 1: all */
	bool lets_through; /* NET_RESET: the SYN goes on, too */
	bool copies_ttl;   /* NET_RESET: starts with what is left of the SYN's TTL */
	uint8_t initial;   /* NET_RESET: otherwise with this */
};

/* What every SYN and answer may suffer, at one link. */
struct net_noise {
	size_t link;		    /* the link that leads to this router of each way, from 0 */
	double loss_out, loss_back; /* on average */
	double run;		    /* losses that follow each other, on average; 1: independent */
	double duplicates;
	int64_t delay_ns;  /* one way */
	int64_t jitter_ns; /* more than that, at most */
};

struct half_open {
	uint32_t server, seq;
	uint16_t dst_port, src_port;
	bool used, open;
	bool left;     /* the client has reset it, but the reset may be lost */
	uint8_t again; /* SYN-ACKs retransmitted */
};

struct net {
	uint64_t random;
	uint16_t port; /* under test */
	struct addr client;
	struct net_router routers[NET_ROUTERS_MAX];
	size_t routers_n;
	struct net_server servers[NET_SERVERS_MAX];
	size_t servers_n;
	struct net_rule rule;
	struct net_noise noise;
	bool losing_out, losing_back; /* a run of losses is on */
	uint32_t salt;		      /* of the flows' hash */
	uint32_t packets;	      /* so far: no two look alike */
	struct queue queue;
	struct half_open half_open[NET_HALF_OPEN];
	unsigned doubled; /* SYNs that reached a server while another of the client's held their
			     5-tuple */
};

/* A SYN, or the reset with which the kernel closes what it did not open. */
struct net_segment {
	uint32_t server;
	uint16_t dst_port, src_port;
	uint32_t seq;
	uint16_t ip_id;
	uint8_t ttl;
	bool reset;
};

/* The packet as the client's own capture shows it when it leaves. */
void net_captured(struct net *net, const struct net_segment *s, int64_t at_ns, struct packet *out);

/* Sends the segment; what comes of it is in the queue then. */
void net_send(struct net *net, const struct net_segment *s, int64_t at_ns);

/* A server's turn, when the queue says so. */
void net_retransmit(struct net *net, const struct event *event);

/* The routers on the way of a flow; returns how many. */
size_t net_way(const struct net *net, const struct net_segment *s, uint8_t way[NET_WAY_MAX]);

/* A number from 0 to below 1, and whether something of this chance happens. */
double net_chance(uint64_t *random);
bool net_happens(uint64_t *random, double chance);

#endif
