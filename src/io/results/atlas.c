/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/results/atlas.h"
#include "io/results/ledger.h"
#include "io/results/outside_values.h"
#include <string.h>

#define NS_PER_MS   1000000
#define PAUSE_NS    (10 * INT64_C(1000000)) /* after an answer, for its duplicates */
#define HOPS_MAX    256
#define REPLIES_MAX 64	 /* of one hop */
#define SYNS_MAX    1024 /* of one result */
#define RTT_MS_MAX  60000.0
#define HOP_LAST    255 /* what the probe sends after five silent hops */

#define ICMP_PORT    3
#define ICMP6_PORT   4
#define CODE_UNKNOWN (-1)

/* A result while it is read. */
struct walk {
	const struct atlas_reading *how;
	struct vantage *vantage;
	struct arena *arena;
	struct ledger ledger;
	struct ledger_syn syns[SYNS_MAX];
	bool silent[SYNS_MAX]; /* the result shows no answer to it */
	size_t n;
	int64_t now_ns;
	double slowest_ms; /* of the hops before: the greatest of their shortest round trips */
	int deepest;	   /* the greatest TTL that expired, 0: none */
	bool answered;	   /* TCP answered */
	bool ends_here;	   /* this hop is the last, and no TCP answer ended the trace */
};

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool address_of(const json_t *object, const char *key, struct addr *out)
{
	const char *text = text_of(object, key);
	return text && addr_parse(text, out);
}

bool atlas_parties(const json_t *result, struct addr *server, struct addr *client)
{
	if (!address_of(result, "dst_addr", server))
		return false;
	if (!address_of(result, "src_addr", client) && !address_of(result, "from", client))
		return false;
	return server->family == client->family;
}

static void exclude(struct walk *w, const char *why)
{
	if (!w->vantage->excluded)
		w->vantage->excluded = why;
}

/* What the probe's own system refused to send says nothing of a network. */
static void read_error(struct walk *w, const json_t *object)
{
	const char *error = text_of(object, "error");
	if (!error)
		return;
	if (strstr(error, "not permitted"))
		exclude(w, "its own firewall refuses to send");
	else
		exclude(w, arena_printf(w->arena, "it could not send: %.100s", error));
}

/* Milliseconds, or negative: none, or not believable. */
static double rtt_of(const json_t *reply)
{
	const json_t *value = json_object_get(reply, "rtt");
	double ms = json_is_number(value) ? json_number_value(value) : -1;
	return ms >= 0 && ms <= RTT_MS_MAX ? ms : -1;
}

static uint8_t flags_of(const char *letters)
{
	static const char order[] = "FSRPA";
	uint8_t flags = 0;
	for (; letters && *letters; letters++) {
		const char *at = strchr(order, *letters);
		if (at)
			flags |= (uint8_t)(1u << (at - order));
	}
	return flags;
}

/* Options, as far as the result names them; bytes alone may be a payload. */
static void read_options(const json_t *reply, struct ledger_answer *out)
{
	const json_t *list = json_object_get(reply, "hdropts"), *option;
	size_t i;
	if (json_array_size(list) == 0)
		return;
	out->options_len = (uint8_t)outside_number(reply, "size", 0, 40, 0);
	json_array_foreach(list, i, option)
	{
		if (out->mss == 0)
			out->mss = (uint16_t)outside_number(option, "mss", 1, UINT16_MAX, 0);
	}
}

/* The code of an ICMP unreachable as the probe abbreviates it, or CODE_UNKNOWN. */
static int code_of(const json_t *err, uint8_t family)
{
	static const struct {
		const char *word;
		int v4, v6;
	} words[] = {{"N", 0, 0},  {"H", 1, 3}, {"P", 2, CODE_UNKNOWN},
		     {"A", 13, 1}, {"p", 3, 4}, {"h", CODE_UNKNOWN, 2}};
	const char *word = json_string_value(err);
	if (json_is_integer(err) && json_integer_value(err) >= 0 && json_integer_value(err) <= 255)
		return (int)json_integer_value(err);
	for (size_t i = 0; word && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(word, words[i].word) == 0)
			return family == 6 ? words[i].v6 : words[i].v4;
	return CODE_UNKNOWN;
}

/* The answer that a reply tells of; false when it tells of none that can be understood. */
static bool read_answer(const struct walk *w, const json_t *reply, struct ledger_answer *out)
{
	const json_t *err = json_object_get(reply, "err");
	uint8_t family = w->ledger.server.family;
	int code = err ? code_of(err, family) : 0;
	*out = (struct ledger_answer){
		.ttl = (uint8_t)outside_number(reply, "ttl", 0, 255, 0),
		.flags = flags_of(text_of(reply, "flags")),
		.rejected = err != NULL,
		.code = (uint8_t)code,
		.quoted_ttl = (uint8_t)outside_number(reply, "ittl", 0, 255, 1),
	};
	if (!address_of(reply, "from", &out->from) || out->from.family != family || out->ttl == 0)
		return false;
	if (out->flags)
		read_options(reply, out);
	else if (w->ends_here && !err) {
		/* Port unreachable has no word of its own; but it ends the trace. */
		out->rejected = true;
		out->code = family == 6 ? ICMP6_PORT : ICMP_PORT;
	}
	return code != CODE_UNKNOWN;
}

static void take_answer(struct walk *w, size_t syn, int64_t at_ns, struct ledger_answer *answer)
{
	answer->at_ns = at_ns;
	w->silent[syn] = false;
	if (!answer->flags && !answer->rejected && w->syns[syn].ttl > w->deepest)
		w->deepest = w->syns[syn].ttl;
	bool stranger = answer->flags && !addr_equal(&answer->from, &w->ledger.server);
	if (stranger)
		exclude(w, "somebody who was not asked answers in its network");
	else
		(void)ledger_answer(&w->ledger, &w->syns[syn], answer);
}

/* "late": the answer to a SYN some before the present one, which the result shows as silent. */
static void take_late(struct walk *w, const json_t *reply)
{
	size_t back = (size_t)outside_number(reply, "late", 0, SYNS_MAX, SYNS_MAX);
	struct ledger_answer answer;
	if (back > w->n || w->n - back >= w->n || !read_answer(w, reply, &answer))
		return;
	take_answer(w, w->n - back, w->now_ns, &answer);
}

/*
 * A TCP answer that comes faster than routers on the way do is that of the SYN before, which the
 * probe credits to the present one.
 */
static bool is_credited(const struct walk *w, const struct ledger_answer *answer, double rtt_ms)
{
	return answer->flags && !w->answered && w->n >= 2 && w->silent[w->n - 2] &&
	       rtt_ms < w->slowest_ms / 2;
}

/* One SYN and what came of it. */
static void take_packet(struct walk *w, int hop, const json_t *reply, double *shortest_ms)
{
	struct ledger_answer answer;
	double rtt_ms = rtt_of(reply);
	bool silent = json_object_get(reply, "x") != NULL;
	bool answers = !silent && rtt_ms >= 0 && read_answer(w, reply, &answer);
	read_error(w, reply);
	if ((!silent && !answers) || w->n == SYNS_MAX)
		return;
	if (!ledger_send(&w->ledger, (uint8_t)hop, w->now_ns, &w->syns[w->n]))
		return;
	w->silent[w->n++] = true;
	if (silent) {
		w->now_ns += w->how->timeout_ns;
		return;
	}
	int64_t at_ns = w->now_ns + (int64_t)(rtt_ms * NS_PER_MS);
	take_answer(w, is_credited(w, &answer, rtt_ms) ? w->n - 2 : w->n - 1, at_ns, &answer);
	w->answered = w->answered || answer.flags;
	if (!answer.flags && (*shortest_ms < 0 || rtt_ms < *shortest_ms))
		*shortest_ms = rtt_ms;
	w->now_ns = at_ns + PAUSE_NS;
}

static bool has_flags(const json_t *replies)
{
	const json_t *reply;
	size_t i;
	json_array_foreach(replies, i, reply)
	{
		if (json_object_get(reply, "flags"))
			return true;
	}
	return false;
}

static void take_hop(struct walk *w, const json_t *object, bool last)
{
	const json_t *replies = json_object_get(object, "result"), *reply;
	int hop = (int)outside_number(object, "hop", 1, 255, 0);
	double shortest_ms = -1;
	size_t i;
	read_error(w, object);
	w->ends_here = last && w->how->max_hops > 0 && hop < w->how->max_hops &&
		       hop > w->how->first_hop && hop != HOP_LAST && !has_flags(replies);
	json_array_foreach(replies, i, reply)
	{
		if (hop == 0 || i >= REPLIES_MAX || json_object_get(reply, "dup"))
			continue;
		if (json_object_get(reply, "late"))
			take_late(w, reply);
		else
			take_packet(w, hop, reply, &shortest_ms);
	}
	if (shortest_ms > w->slowest_ms)
		w->slowest_ms = shortest_ms;
}

/*
 * All SYNs of a measurement take one way, since they share a 5-tuple: silent ones with no greater
 * TTL than one that expired did so, too.
 */
static void end_silent(struct walk *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->silent[i] && w->syns[i].ttl <= w->deepest)
			ledger_end(&w->ledger, &w->syns[i]);
}

int64_t atlas_read(const json_t *result, const struct atlas_reading *how, struct vantage *vantage,
		   struct arena *arena)
{
	const json_t *hops = json_object_get(result, "result");
	size_t n = json_array_size(hops) < HOPS_MAX ? json_array_size(hops) : HOPS_MAX;
	struct walk w = {
		.how = how,
		.vantage = vantage,
		.arena = arena,
		.now_ns = how->at_ns,
		.ledger = {.trace = &vantage->trace,
			   .src_port = how->src_port,
			   .dst_port = how->port,
			   .number = how->number},
	};
	if (!atlas_parties(result, &w.ledger.server, &w.ledger.client))
		exclude(&w, "its result names no address of the server");
	for (size_t i = 0; i < n && !vantage->excluded; i++)
		take_hop(&w, json_array_get(hops, i), i + 1 == n);
	end_silent(&w);
	return w.now_ns;
}
