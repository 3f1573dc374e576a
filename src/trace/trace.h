/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

/*
 * The ledger of one measurement: the servers asked, every probe that a capture
 * shows, every answer to one, and the facts that frames cannot show. Whatever is
 * decided is decided from this alone, so the live run and its replay agree.
 *
 * Indexes into the arrays are stable; NONE is "no index". Strings belong to the
 * trace and live as long as it does.
 */

#include "base/addr.h"
#include "base/arena.h"
#include "trace/host.h"
#include "trace/mail.h"
#include "trace/packets.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRACE_NONE	  UINT32_MAX
#define TRACE_PORTS_MAX	  16 /* control ports of one server */
#define TRACE_SERVERS_MAX 16384
#define TRACE_PROBES_MAX  400000
#define TRACE_REPLIES_MAX 800000
#define TRACE_TUPLE_MAX	  256 /* SYNs of one 5-tuple among which an answer finds its own */
#define TRACE_ANSWERS_MAX 256 /* answers to one SYN */
/* Of somebody else's capture: greater TTLs are where stacks and scanners start; tools that trace a
 * path go up to 32. */
#define TRACE_FOREIGN_TTL_MAX 32

/* Parts of the way from this host to the server, in the order of the way. */
enum segment {
	SEGMENT_HOST,
	SEGMENT_LOCAL,
	SEGMENT_ISP,
	SEGMENT_TRANSIT,
	SEGMENT_REMOTE,
	SEGMENT_COUNT,
};

/* What hardware addresses in somebody else's capture show of the way to a server. */
enum link_place {
	PLACE_UNKNOWN,
	PLACE_BESIDE, /* it is a station of the client's own segment, which resolved its address */
	PLACE_BEHIND, /* the station that stands for it stands for other networks, too: a router */
	PLACE_LINE,   /* it is reached by a line without stations, such as a tunnel or PPP */
};

/* One endpoint under test: an address with the port under test and its controls. */
struct server {
	const char *host; /* the name asked for, or the address as text */
	struct addr addr;
	struct addr client;		    /* this host's address towards it; none when unknown */
	uint16_t port;			    /* the port under test */
	uint16_t controls[TRACE_PORTS_MAX]; /* in order of preference */
	uint8_t controls_n;
	const char *owner; /* operator's name, NULL when unknown */
	uint32_t asn;	   /* the operator's, 0 when unknown */
	bool listed;	   /* from the list of known-good servers: its port is documented */
	bool reference;	   /* asked to help to place HOSTs, not for itself */
	enum link_place place;
	bool dark;	       /* nothing listens there: an answer proves interception */
	uint32_t newest_probe; /* chain through probe.older; kept at the first server of an address
				*/
	uint32_t peer;	       /* index of the first server with the same address */
};

/* --- facts ----------------------------------------------------------------------------------- */

/* What the user or a data base says of addresses. */
struct network {
	struct prefix prefix;
	bool has_role;
	enum segment role;
	uint32_t asn;	  /* 0: unknown */
	const char *name; /* NULL: unknown */
	bool by_user;	  /* --networks wins over everything else */
	bool translates;  /* nobody's: what lies in it stands for IPv4 addresses (RFC 6052) */
};

/* Source ports and how the probes from them were made. */
struct port_range {
	uint16_t first, last;
	enum probe_kind kind;
};

/* A time in which the capture lost packets: silence within it proves nothing. */
struct drop_window {
	int64_t from_ns, to_ns;
	uint32_t dropped;
};

/* How this host sends to a server. */
struct route {
	uint8_t family;
	uint32_t ifindex;
	const char *interface;
	struct addr gateway; /* none: on-link */
	struct addr client;
	bool has_link_header; /* false: tun, WireGuard, PPP */
};

struct name {
	struct addr addr;
	const char *text; /* untrusted */
};

/* Anything else that a reader of the result should know, by kind. */
struct note {
	const char *kind; /* as in host.facts of the result */
	const char *text;
	uint32_t server; /* TRACE_NONE: all */
	uint16_t port;	 /* 0: any */
};

/* What the run was asked to do and how it ended; copied into the result. */
struct run_facts {
	uint16_t port;
	uint16_t flows;	    /* SYNs with unlimited TTL that each port gets at least, 0: 2 */
	bool only;	    /* no references */
	bool hosts_unknown; /* several servers were traced, and nobody knows for which of them */
	bool hosts_given;   /* the verdict is the worst over HOSTs, not the majority's */
	bool smtp;	    /* the SMTP layer was part of the run */
	bool polite; /* few connections to mail ports while nothing is found wrong; false from then
			on */
	bool brief;  /* no more than a look is asked for as long as the port answers everywhere */
	bool bypass; /* SYNs past the local firewall are allowed */
	uint8_t families; /* bit 0: IPv4 was asked, bit 1: IPv6 */
	uint8_t routed;	  /* families the host has a route for */
	/* As the user says or a service that he names: this host's address as the internet
	   sees it, IPv4, IPv6; or none. */
	struct addr public_addr[2];
	int64_t started_ns, ended_ns;
	const char *stop;    /* why the run ended; NULL: unknown */
	bool own;	     /* made by whoblocks; otherwise a foreign capture */
	bool cut;	     /* the capture ends in the middle of a record */
	bool complete_facts; /* facts were there: sends and connects are known */
	bool blind;	     /* the capture lacks answers by its making: silence says nothing */
};

struct trace {
	struct run_facts run;
	struct server *servers;
	size_t servers_n, servers_cap;
	struct probe *probes;
	size_t probes_n, probes_cap;
	struct reply *replies;
	size_t replies_n, replies_cap;
	struct network *networks;
	size_t networks_n, networks_cap;
	size_t translators_n; /* networks that translate */
	struct port_range *ranges;
	size_t ranges_n, ranges_cap;
	struct send_error *send_errors;
	size_t send_errors_n, send_errors_cap;
	struct unseen *unseen;
	size_t unseen_n, unseen_cap;
	struct user *users;
	size_t users_n, users_cap;
	struct connect_result *connects;
	size_t connects_n, connects_cap;
	size_t connects_done;	/* those that have an outcome */
	size_t kernel_probes_n; /* probes of connections */
	struct flow_route *flow_routes;
	size_t flow_routes_n, flow_routes_cap;
	struct filter_rule *filter_rules;
	size_t filter_rules_n, filter_rules_cap;
	struct counter *counters;
	size_t counters_n, counters_cap;
	struct stray *strays;
	size_t strays_n, strays_cap;
	struct drop_window *drops;
	size_t drops_n, drops_cap;
	struct route *routes;
	size_t routes_n, routes_cap;
	struct name *names;
	size_t names_n, names_cap;
	struct note *notes;
	size_t notes_n, notes_cap;
	struct session *sessions;
	size_t sessions_n, sessions_cap;
	struct flow_packet *flow_packets;
	size_t flow_packets_n, flow_packets_cap;
	struct overheard *overheard; /* see trace/overhear.h */
	size_t overheard_n, overheard_cap;
	struct policy *policies;
	size_t policies_n, policies_cap;
	uint32_t *buckets; /* hash of 5-tuples: newest probe of the chain */
	size_t buckets_n;
	uint32_t *server_slots; /* hash of addresses: the first server of each */
	size_t server_slots_n;
	uint64_t changes; /* of probes, replies and the clock */
	int64_t newest_reply_ns;
	int64_t last_ns; /* newest frame, or newest call of trace_clock */
	bool full;	 /* a limit was reached: something was not recorded */
	bool failed;	 /* no memory */
	struct arena strings;
};

void trace_init(struct trace *t);
void trace_free(struct trace *t);

/* Each copies *item (and its strings) to the end; false when there is no memory or no room. */
bool trace_add_server(struct trace *t, const struct server *item);
bool trace_add_network(struct trace *t, const struct network *item);
bool trace_add_range(struct trace *t, const struct port_range *item);
bool trace_add_send_error(struct trace *t, const struct send_error *item);
bool trace_add_connect(struct trace *t, const struct connect_result *item);
/* The outcome of connects[index], which came later than its start. */
void trace_end_connect(struct trace *t, uint32_t index, int error, int64_t took_ns);
bool trace_add_unseen(struct trace *t, const struct unseen *item);
bool trace_add_user(struct trace *t, const struct user *item);
bool trace_add_flow_route(struct trace *t, const struct flow_route *item);
bool trace_add_filter_rule(struct trace *t, const struct filter_rule *item);
bool trace_add_counter(struct trace *t, const struct counter *item);
bool trace_add_stray(struct trace *t, const struct stray *item);
bool trace_add_drop(struct trace *t, const struct drop_window *item);
bool trace_add_route(struct trace *t, const struct route *item);
bool trace_add_name(struct trace *t, const struct name *item);
bool trace_add_note(struct trace *t, const struct note *item);
/* The first note of a kind, NULL: none. */
const struct note *trace_note(const struct trace *t, const char *kind);
bool trace_add_session(struct trace *t, const struct session *item);
bool trace_add_policy(struct trace *t, const struct policy *item);

/* Appends a probe and makes it findable; its index, or TRACE_NONE. */
uint32_t trace_add_probe(struct trace *t, const struct probe *item);

/* Appends a reply to its probe's chain (item->probe); false when there is no room. */
bool trace_add_reply(struct trace *t, const struct reply *item);

/* Moves the reply at this index to the end of another probe's chain. */
void trace_move_reply(struct trace *t, uint32_t reply, uint32_t probe);

/*
 * Appends a packet to its probe's chain (item->probe); false when there is no room, also when the
 * connection has TRACE_TALK_MAX of them.
 */
bool trace_add_flow_packet(struct trace *t, const struct flow_packet *item);

/* The SYN of a session, or TRACE_NONE when the capture does not have it. */
uint32_t trace_session_probe(const struct trace *t, const struct session *s);

/* The newest probe on a 5-tuple (older ones by next_in_tuple), or TRACE_NONE. */
uint32_t trace_find_tuple(const struct trace *t, const struct addr *server, uint16_t dst_port,
			  uint16_t src_port);

/*
 * Whether the probe had its 5-tuple to itself: every older SYN on it is known to have ended. A
 * second SYN on a 5-tuple that is still half open draws a reset from an honest server, so what
 * answers it proves nothing.
 */
bool trace_alone(const struct trace *t, const struct probe *p);

/* The probe with this 5-tuple and sequence number, or TRACE_NONE. */
uint32_t trace_find_probe(const struct trace *t, const struct addr *server, uint16_t dst_port,
			  uint16_t src_port, uint32_t seq);

/* The newest value of a counter, or -1. */
int64_t trace_counter(const struct trace *t, const char *name);

/* The first server with this address, or TRACE_NONE. */
uint32_t trace_find_server(const struct trace *t, const struct addr *addr);

/* How probes from this source port were made; PROBE_FOREIGN when no range says. */
enum probe_kind trace_port_kind(const struct trace *t, uint16_t src_port);

/*
 * What an address stands for: the IPv4 address in one that a translator made, under a prefix that
 * everybody knows (RFC 6052, RFC 8215) or that the trace has; else itself.
 */
struct addr trace_plain(const struct trace *t, const struct addr *addr);

/* Whether an address stands for another. */
bool trace_translated(const struct trace *t, const struct addr *addr);

/* Whether both lie in one network as votes count it, by what they stand for. */
bool trace_same_site(const struct trace *t, const struct addr *a, const struct addr *b);

/*
 * The most specific network of the user's, else of the data base's, or NULL; of an address that
 * stands for another it is that one's.
 */
const struct network *trace_network(const struct trace *t, const struct addr *addr);

/* A name of the address, or NULL. Untrusted text. */
const char *trace_name(const struct trace *t, const struct addr *addr);

/* The route of a family, or NULL. */
const struct route *trace_route(const struct trace *t, uint8_t family);

/* Moves the trace's idea of now forward: answers later than this are not here yet. */
void trace_clock(struct trace *t, int64_t now_ns);

/* Whether [from, to] touches a time in which the capture lost packets. */
bool trace_lossy(const struct trace *t, int64_t from_ns, int64_t to_ns);

const char *segment_name(enum segment s);
bool segment_parse(const char *s, enum segment *out);

#endif
