/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/results/globalping.h"
#include "io/results/ledger.h"
#include "io/results/outside_values.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NS_PER_MS  1000000
#define NS_PER_S   INT64_C(1000000000)
#define SILENCE_NS (3 * NS_PER_S)
#define LATEST_S   INT64_C(7258118400) /* the year 2200: nanoseconds reach to 2262 */
#define PROBES_MAX 512
#define HOPS_MAX   64
#define TRIES	   2 /* SYNs of a hop (traceroute -q 2) */
#define PINGS_MAX  16
#define PORT_FIRST 32768 /* each SYN leaves from a port of its own */
#define PORTS	   28000
#define RTT_MS_MAX 60000.0
#define ROUTER_TTL 255
#define SERVER_TTL 64
#define TTL_FULL   64
#define NO_CODE	   (-1)

/* What becomes of full connections, as a ping over TCP tells it. */
enum pinged { PINGED_UNKNOWN, PINGED_OPEN, PINGED_NOT };

struct place {
	const json_t *measurements;
	size_t index; /* among the probes of each measurement */
	uint16_t port;
	struct vantage *vantage;
	struct arena *arena;
	uint32_t number;
	int64_t now_ns;
};

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static uint16_t port_of(const json_t *measurement)
{
	const json_t *options = json_object_get(measurement, "measurementOptions");
	const char *protocol = text_of(options, "protocol");
	if (!protocol || strcmp(protocol, "TCP") != 0)
		return 0;
	return (uint16_t)outside_number(options, "port", 1, UINT16_MAX, 80);
}

static bool is_type(const json_t *measurement, const char *type)
{
	const char *word = text_of(measurement, "type");
	return word && strcmp(word, type) == 0;
}

/* The finished result of the place in a measurement, or NULL. */
static const json_t *result_of(const struct place *p, const json_t *measurement)
{
	const json_t *item = json_array_get(json_object_get(measurement, "results"), p->index);
	const json_t *result = json_object_get(item, "result");
	const char *status = text_of(result, "status");
	return status && strcmp(status, "finished") == 0 ? result : NULL;
}

static bool address_of(const json_t *object, const char *key, struct addr *out)
{
	const char *text = text_of(object, key);
	return text && addr_parse(text, out);
}

/* Addresses that name nobody: Globalping does not tell where its probes are (RFC 7600, 6666). */
static struct addr client_of(uint8_t family)
{
	struct addr addr = {0};
	(void)addr_parse(family == 6 ? "100::1" : "192.0.0.8", &addr);
	return addr;
}

static enum pinged pinged(const struct place *p, const struct addr *server, uint16_t port,
			  size_t *sent)
{
	const json_t *measurement;
	enum pinged found = PINGED_UNKNOWN;
	size_t i;
	*sent = 0;
	json_array_foreach(p->measurements, i, measurement)
	{
		const json_t *result = result_of(p, measurement);
		const json_t *stats = json_object_get(result, "stats");
		struct addr addr;
		if (!stats || !is_type(measurement, "ping") || port_of(measurement) != port ||
		    !address_of(result, "resolvedAddress", &addr) || !addr_equal(&addr, server))
			continue;
		*sent = (size_t)outside_number(stats, "total", 0, PINGS_MAX, 0);
		found = outside_number(stats, "rcv", 1, PINGS_MAX, 0) ? PINGED_OPEN : PINGED_NOT;
	}
	return found;
}

/* What traceroute prints behind a hop that rejected: the code of its ICMP unreachable. */
static int rejection(const char *raw, unsigned hop, uint8_t family)
{
	static const struct {
		char sign;
		int v4, v6;
	} signs[] = {{'N', 0, 0}, {'H', 1, 3}, {'P', 2, 4}, {'X', 13, 1}};
	for (const char *line = raw; line && *line; line = strchr(line, '\n')) {
		unsigned number;
		line += *line == '\n';
		size_t n = strcspn(line, "\n");
		if (sscanf(line, " %3u", &number) != 1 || number != hop)
			continue;
		const char *mark = memchr(line, '!', n);
		if (!mark)
			return NO_CODE;
		for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
			if (mark[1] == signs[i].sign)
				return family == 6 ? signs[i].v6 : signs[i].v4;
		return sscanf(mark, "!<%3u>", &number) == 1 && number <= 255 ? (int)number
									     : NO_CODE;
	}
	return NO_CODE;
}

static struct ledger ledger_of(struct place *p, const struct addr *server, uint16_t port)
{
	return (struct ledger){
		.trace = &p->vantage->trace,
		.client = client_of(server->family),
		.server = *server,
		.dst_port = port,
		.number = &p->number,
	};
}

/* One SYN, whose answer (NULL: none) came after so many milliseconds. */
static void take_syn(struct place *p, struct ledger *l, uint8_t ttl, struct ledger_answer *answer,
		     double rtt_ms)
{
	struct ledger_syn syn;
	l->src_port = (uint16_t)(PORT_FIRST + p->number % PORTS);
	if (!ledger_send(l, ttl, p->now_ns, &syn))
		return;
	if (answer) {
		answer->at_ns = p->now_ns + (int64_t)(rtt_ms * NS_PER_MS);
		(void)ledger_answer(l, &syn, answer);
		p->now_ns = answer->at_ns + NS_PER_MS;
	} else {
		p->now_ns += SILENCE_NS;
	}
}

/*
 * The TTL of an answer is one that a way back as long as the way there gives: from that nothing
 * follows.
 */
static void take_hop(struct place *p, struct ledger *l, const json_t *object, uint8_t hop,
		     const char *raw)
{
	const json_t *timings = json_object_get(object, "timings");
	struct addr from;
	bool known =
		address_of(object, "resolvedAddress", &from) && from.family == l->server.family;
	int code = rejection(raw, hop, l->server.family);
	for (size_t i = 0; i < TRIES; i++) {
		const json_t *rtt = json_object_get(json_array_get(timings, i), "rtt");
		double ms = json_is_number(rtt) ? json_number_value(rtt) : -1;
		bool server = known && addr_equal(&from, &l->server);
		struct ledger_answer answer = {
			.from = from,
			.ttl = (uint8_t)((server ? SERVER_TTL : ROUTER_TTL) - (hop - 1)),
			.flags = server && code == NO_CODE ? TCP_SYN | TCP_ACK : 0,
			.rejected = code != NO_CODE,
			.code = (uint8_t)(code == NO_CODE ? 0 : code),
			.quoted_ttl = 1,
		};
		bool answered = known && ms >= 0 && ms <= RTT_MS_MAX;
		take_syn(p, l, hop, answered ? &answer : NULL, ms);
	}
}

static bool reaches(const json_t *hops, const struct addr *server)
{
	const json_t *hop;
	struct addr addr;
	size_t i;
	json_array_foreach(hops, i, hop)
	{
		if (address_of(hop, "resolvedAddress", &addr) && addr_equal(&addr, server))
			return true;
	}
	return false;
}

/*
 * A server that was reached said yes or no, and traceroute does not tell which: on the port under
 * test only a connection that came about counts. A control serves either way.
 */
static bool is_told(struct place *p, const json_t *hops, const struct addr *server, uint16_t port)
{
	size_t sent;
	enum pinged ping = pinged(p, server, port, &sent);
	if (port != p->port || ping == PINGED_OPEN || !reaches(hops, server))
		return true;
	p->vantage->excluded =
		ping == PINGED_NOT
			? "the port is refused, and Globalping does not tell by whom"
			: "the port was answered, and Globalping's traceroute does not tell how";
	return false;
}

static void take_trace(struct place *p, const json_t *measurement)
{
	const json_t *result = result_of(p, measurement);
	const json_t *hops = json_object_get(result, "hops");
	const char *raw = text_of(result, "rawOutput");
	uint16_t port = port_of(measurement);
	struct addr server;
	size_t n = json_array_size(hops) < HOPS_MAX ? json_array_size(hops) : HOPS_MAX;
	if (!address_of(result, "resolvedAddress", &server) || !is_told(p, hops, &server, port))
		return;
	struct ledger l = ledger_of(p, &server, port);
	for (size_t i = 0; i < n; i++)
		take_hop(p, &l, json_array_get(hops, i), (uint8_t)(i + 1), raw);
}

/* Full connections: those that did not come about were not answered, as the traceroute shows. */
static void take_ping(struct place *p, const json_t *measurement)
{
	struct addr server;
	size_t sent;
	uint16_t port = port_of(measurement);
	if (!address_of(result_of(p, measurement), "resolvedAddress", &server))
		return;
	struct ledger l = ledger_of(p, &server, port);
	enum pinged ping = pinged(p, &server, port, &sent);
	struct ledger_answer answer = {
		.from = server,
		.ttl = SERVER_TTL,
		.flags = TCP_SYN | TCP_ACK,
	};
	for (size_t i = 0; i < sent; i++)
		take_syn(p, &l, TTL_FULL, ping == PINGED_OPEN ? &answer : NULL, 1);
}

/* A server that the place traced on the port under test, or with the control of one. */
static void add_server(struct place *p, const json_t *measurement, bool target)
{
	uint16_t port = port_of(measurement);
	struct addr server;
	if (!address_of(result_of(p, measurement), "resolvedAddress", &server) || port == 0 ||
	    (port == p->port) != target || server.family != p->vantage->family)
		return;
	struct addr client = client_of(server.family);
	if (target)
		vantages_add_server(p->vantage, &server, &client, port);
	else
		vantages_add_control(p->vantage, &server, port);
}

/* When a measurement was begun, "2026-11-30T12:00:00.000Z"; 0: it does not say, or no such time can
 * be. */
static int64_t began_ns(const json_t *measurement)
{
	const char *text = text_of(measurement, "createdAt");
	struct tm tm = {0};
	const char *end = text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &tm) : NULL;
	time_t s = end ? timegm(&tm) : 0;
	return s > 0 && s < LATEST_S ? (int64_t)s * NS_PER_S : 0;
}

static void name_measurements(struct place *p)
{
	const json_t *measurement;
	size_t i;
	json_array_foreach(p->measurements, i, measurement)
	{
		if (p->vantage->ids_n < VANTAGE_IDS_MAX)
			p->vantage->ids[p->vantage->ids_n++] =
				arena_printf(p->arena, "%.64s", text_of(measurement, "id"));
	}
}

static void fill(struct place *p)
{
	const json_t *measurement;
	size_t i;
	int64_t began = began_ns(json_array_get(p->measurements, 0));
	p->now_ns = began > 0 ? began : NS_PER_S;
	json_array_foreach(p->measurements, i, measurement) add_server(p, measurement, true);
	json_array_foreach(p->measurements, i, measurement) add_server(p, measurement, false);
	if (p->vantage->trace.servers_n == 0)
		p->vantage->excluded = N_("its probe did not finish");
	json_array_foreach(p->measurements, i, measurement)
	{
		if (port_of(measurement) != 0 && is_type(measurement, "traceroute"))
			take_trace(p, measurement);
	}
	json_array_foreach(p->measurements, i, measurement)
	{
		if (port_of(measurement) == p->port && is_type(measurement, "ping"))
			take_ping(p, measurement);
	}
	name_measurements(p);
	vantages_end(p->vantage, p->port, began > 0 ? began : NS_PER_S, p->now_ns + SILENCE_NS);
}

/* The family of the addresses that were asked: one, since names are looked up before. */
static uint8_t family_of(const json_t *measurements)
{
	const char *target = text_of(json_array_get(measurements, 0), "target");
	struct addr addr;
	return target && addr_parse(target, &addr) ? addr.family : 4;
}

int globalping_read(const json_t *measurements, uint16_t port, struct vantage_list *list)
{
	const json_t *first = json_object_get(json_array_get(measurements, 0), "results");
	size_t n = json_array_size(first);
	for (size_t i = 0; i < n && i < PROBES_MAX && list->n < VANTAGES_MAX; i++) {
		const json_t *probe = json_object_get(json_array_get(first, i), "probe");
		const char *country = text_of(probe, "country");
		const char *name = arena_printf(&list->arena, "%zu", i + 1);
		struct vantage *v =
			vantages_add(list, VANTAGE_GLOBALPING, name, family_of(measurements));
		if (!v)
			return -1;
		v->asn = (uint32_t)outside_number(probe, "asn", 1, UINT32_MAX, 0);
		v->country = country ? arena_printf(&list->arena, "%.2s", country) : NULL;
		struct place place = {
			.measurements = measurements,
			.index = i,
			.port = port,
			.vantage = v,
			.arena = &list->arena,
		};
		fill(&place);
		list->results++;
	}
	return 0;
}
