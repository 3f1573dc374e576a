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

/* A SYN and what the result says of it. */
struct walk_syn {
	struct ledger_syn sent;
	bool expired;  /* a router says so */
	uint8_t flags; /* of all that TCP answered */
	bool rejected;
};

/* A result while it is read. */
struct walk {
	const struct atlas_reading *how;
	struct vantage *vantage;
	struct arena *arena;
	struct ledger ledger;
	struct walk_syn syns[SYNS_MAX];
	size_t n;
	int64_t now_ns;
	double slowest_ms; /* of the hops before: the greatest of their shortest round trips */
	int deepest;	   /* the greatest TTL that expired, 0: none */
	bool answered;	   /* TCP answered */
	bool reset;	   /* with a reset */
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
		exclude(w, N_("its own firewall refuses to send"));
	else
		exclude(w, arena_printf(w->arena, "%s%.100s", VANTAGE_CANNOT_SEND, error));
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

static bool is_silent(const struct walk_syn *syn)
{
	return !syn->expired && !syn->rejected && !syn->flags;
}

static void take_answer(struct walk *w, size_t index, int64_t at_ns, struct ledger_answer *answer)
{
	struct walk_syn *syn = &w->syns[index];
	answer->at_ns = at_ns;
	syn->expired = syn->expired || (!answer->flags && !answer->rejected);
	syn->rejected = syn->rejected || answer->rejected;
	syn->flags |= answer->flags;
	w->reset = w->reset || (answer->flags & TCP_RST);
	w->vantage->forged = w->vantage->forged || (syn->expired && (syn->flags & TCP_RST));
	if (syn->expired && syn->sent.ttl > w->deepest)
		w->deepest = syn->sent.ttl;
	bool stranger = answer->flags && !addr_equal(&answer->from, &w->ledger.server);
	if (stranger)
		exclude(w, N_("somebody who was not asked answers in its network"));
	else
		(void)ledger_answer(&w->ledger, &syn->sent, answer);
}

/*
 * "late": the answer to a SYN some before the present one, which the result shows as silent. Those
 * of routers quote it; those of TCP acknowledge the number after it, and count one less.
 */
static void take_late(struct walk *w, const json_t *reply)
{
	size_t back = (size_t)outside_number(reply, "late", 0, SYNS_MAX, SYNS_MAX);
	struct ledger_answer answer;
	if (!read_answer(w, reply, &answer))
		return;
	back += answer.flags != 0;
	if (back <= w->n && w->n - back < w->n)
		take_answer(w, w->n - back, w->now_ns, &answer);
}

/*
 * Which SYN a TCP answer belongs to: the probe takes that of the one before for the present one's.
 * So it is where it comes faster than routers on the way answer. Where it may be either's, a
 * SYN-ACK is put to the one that was first to reach the server, as it is no other's fault.
 */
static size_t whose(const struct walk *w, const struct ledger_answer *answer, double rtt_ms)
{
	const struct walk_syn *present = &w->syns[w->n - 1], *before = present - 1;
	if (!answer->flags || w->answered || w->n < 2 || !is_silent(before))
		return w->n - 1;
	bool accepts = answer->flags == (TCP_SYN | TCP_ACK);
	if (rtt_ms < w->slowest_ms / 2 || (accepts && before->sent.ttl == present->sent.ttl))
		return w->n - 2;
	return w->n - 1;
}

/*
 * "dup": a further answer within some milliseconds. One that says something else is somebody
 * else's: a reset beside a router's expiry. It must not be that of the SYN before.
 */
static void take_further(struct walk *w, const json_t *reply)
{
	struct ledger_answer answer;
	double rtt_ms = rtt_of(reply);
	if (w->n == 0 || rtt_ms < 0 || !read_answer(w, reply, &answer))
		return;
	const struct walk_syn *syn = &w->syns[w->n - 1];
	bool known = answer.flags      ? (syn->flags & answer.flags) == answer.flags
		     : answer.rejected ? syn->rejected
				       : syn->expired;
	if (known || (answer.flags && w->n > 1 && !w->syns[w->n - 2].expired))
		return;
	take_answer(w, w->n - 1, syn->sent.at_ns + (int64_t)(rtt_ms * NS_PER_MS), &answer);
}

/* A quote of a SYN to another address: somebody sends it elsewhere, and what follows is of there.
 */
static void read_rewritten(struct walk *w, const json_t *reply)
{
	struct addr quoted;
	if (address_of(reply, "edst", &quoted) && !addr_equal(&quoted, &w->ledger.server))
		exclude(w, N_("somebody on its way sends its SYNs to another address"));
}

/* One SYN and what came of it. */
static void take_packet(struct walk *w, int hop, const json_t *reply, double *shortest_ms)
{
	struct ledger_answer answer;
	double rtt_ms = rtt_of(reply);
	bool silent = json_object_get(reply, "x") != NULL;
	bool answers = !silent && rtt_ms >= 0 && read_answer(w, reply, &answer);
	read_error(w, reply);
	read_rewritten(w, reply);
	if ((!silent && !answers) || w->n == SYNS_MAX)
		return;
	w->syns[w->n] = (struct walk_syn){0};
	if (!ledger_send(&w->ledger, (uint8_t)hop, w->now_ns, &w->syns[w->n].sent))
		return;
	w->n++;
	if (silent) {
		w->now_ns += w->how->timeout_ns;
		return;
	}
	int64_t at_ns = w->now_ns + (int64_t)(rtt_ms * NS_PER_MS);
	take_answer(w, whose(w, &answer, rtt_ms), at_ns, &answer);
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
		if (hop == 0 || i >= REPLIES_MAX)
			continue;
		if (json_object_get(reply, "late"))
			take_late(w, reply);
		else if (json_object_get(reply, "dup"))
			take_further(w, reply);
		else
			take_packet(w, hop, reply, &shortest_ms);
	}
	if (shortest_ms > w->slowest_ms)
		w->slowest_ms = shortest_ms;
}

int atlas_reach(const json_t *result)
{
	const json_t *hop, *reply;
	size_t i, k;
	int reach = 0;
	json_array_foreach(json_object_get(result, "result"), i, hop)
	{
		int ttl = (int)outside_number(hop, "hop", 1, HOP_LAST - 1, 0);
		json_array_foreach(json_object_get(hop, "result"), k, reply)
		{
			bool expired = json_object_get(reply, "from") &&
				       !json_object_get(reply, "flags") &&
				       !json_object_get(reply, "err") &&
				       !json_object_get(reply, "late");
			if (expired && ttl > reach)
				reach = ttl;
		}
	}
	return reach;
}

/*
 * Silent SYNs with no greater TTL than one that expired on the way to the server did so, too; but
 * where somebody resets, only those of the same 5-tuple: another's may be longer.
 */
static void end_silent(struct walk *w)
{
	int reach = w->how->reach > w->deepest && !w->reset ? w->how->reach : w->deepest;
	for (size_t i = 0; i < w->n; i++)
		if (is_silent(&w->syns[i]) && w->syns[i].sent.ttl <= reach)
			ledger_end(&w->ledger, &w->syns[i].sent);
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
		exclude(&w, N_("its result names no address of the server"));
	for (size_t i = 0; i < n && !vantage->excluded; i++)
		take_hop(&w, json_array_get(hops, i), i + 1 == n);
	end_silent(&w);
	return w.now_ns;
}
