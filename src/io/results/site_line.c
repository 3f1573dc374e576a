/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/results/site_line.h"
#include <string.h>

#define SCHEMA	"whoblocks/1"
#define HOP_MAX 255

#define CODE_INPUT  4
#define CODE_MEMORY 5

static const struct json_member answer_members[] = {
	{"address", NULL}, {"asn", NULL}, {"owner", NULL}, {NULL, NULL}};
static const struct json_member hop_members[] = {
	{"hop", NULL}, {"role", NULL}, {"control", answer_members}, {NULL, NULL}};
static const struct json_member server_members[] = {
	{"address", NULL}, {"state", NULL}, {"link", NULL}, {"hops", hop_members}, {NULL, NULL}};
static const struct json_member public_members[] = {{"address", NULL}, {NULL, NULL}};
static const struct json_member run_members[] = {
	{"started", NULL}, {"labels", NULL}, {"public", public_members}, {NULL, NULL}};
static const struct json_member verdict_members[] = {{"state", NULL}, {NULL, NULL}};
const struct json_member site_line_members[] = {{"schema", NULL},
						{"run", run_members},
						{"verdict", verdict_members},
						{"servers", server_members},
						{"outside", NULL},
						{NULL, NULL}};

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool address_of(const json_t *object, const char *key, struct addr *out)
{
	const char *text = text_of(object, key);
	return text && addr_parse(text, out);
}

/* A hop's number, or -1. */
static int hop_of(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	json_int_t n = json_is_integer(value) ? json_integer_value(value) : -1;
	return n >= 0 && n <= HOP_MAX ? (int)n : -1;
}

static uint32_t asn_of(const json_t *object)
{
	json_int_t n = json_integer_value(json_object_get(object, "asn"));
	return n > 0 && n <= UINT32_MAX ? (uint32_t)n : 0;
}

/* The one router that answered the control's SYNs at the hop; several are balanced: none. */
static bool read_hop(const json_t *object, uint32_t index, struct site_hop *out)
{
	const json_t *answers = json_object_get(object, "control");
	const json_t *answer = json_array_get(answers, 0);
	int hop = hop_of(object, "hop");
	*out = (struct site_hop){.hop = (uint8_t)hop, .asn = asn_of(answer)};
	if (hop < 1 || json_array_size(answers) != 1 || !address_of(answer, "address", &out->addr))
		return false;
	out->scope = site_scope(&out->addr, index);
	return true;
}

static void read_hops(const json_t *hops, uint32_t index, struct arena *arena, struct site_way *way)
{
	size_t n = json_array_size(hops);
	struct site_hop *list = arena_alloc(arena, (n + 1) * sizeof(*list));
	for (size_t i = 0; list && i < n; i++) {
		struct site_hop *hop = &list[way->hops_n];
		bool rising = read_hop(json_array_get(hops, i), index, hop) &&
			      (way->hops_n == 0 || hop[-1].hop < hop->hop);
		way->hops_n += rising;
	}
	way->hops = list;
}

static enum way_fate fate_of(const char *state)
{
	if (strcmp(state, "open") == 0 || strcmp(state, "closed") == 0)
		return WAY_PASSES;
	if (strcmp(state, "blocked") == 0 || strcmp(state, "intercepted") == 0)
		return WAY_FAILS;
	return WAY_UNDECIDED;
}

/* False: the object is no server's finding. */
static bool read_way(const json_t *object, uint32_t index, struct arena *arena,
		     struct site_way *way)
{
	const json_t *link = json_object_get(object, "link");
	const char *state = text_of(object, "state");
	int from = hop_of(link, "from_hop"), to = hop_of(link, "to_hop");
	if (!state || !address_of(object, "address", &way->server))
		return false;
	way->fate = fate_of(state);
	way->placed = from >= 0 && to >= from;
	if (way->placed) {
		way->from_hop = (uint8_t)from;
		way->to_hop = (uint8_t)to;
	}
	read_hops(json_object_get(object, "hops"), index, arena, way);
	return true;
}

/* The provider: the first hop that is its alone and whose network is known. */
static void read_provider(const json_t *server, struct arena *arena, struct site *site)
{
	const json_t *hops = json_object_get(server, "hops");
	for (size_t i = 0; i < json_array_size(hops) && site->asn == 0; i++) {
		const json_t *hop = json_array_get(hops, i);
		const json_t *answer = json_array_get(json_object_get(hop, "control"), 0);
		const char *role = text_of(hop, "role");
		if (!role || strcmp(role, "isp") != 0 || asn_of(answer) == 0)
			continue;
		const char *owner = text_of(answer, "owner");
		site->asn = asn_of(answer);
		site->owner = owner ? arena_copy(arena, owner) : NULL;
	}
}

static void read_servers(const json_t *servers, uint32_t index, struct arena *arena,
			 struct site *site)
{
	size_t n = json_array_size(servers);
	struct site_way *ways = arena_alloc(arena, (n + 1) * sizeof(*ways));
	for (size_t i = 0; ways && i < n; i++) {
		const json_t *server = json_array_get(servers, i);
		site->ways_n += read_way(server, index, arena, &ways[site->ways_n]);
		read_provider(server, arena, site);
	}
	site->ways = ways;
}

static enum site_state state_of(const char *state)
{
	if (strcmp(state, "open") == 0)
		return SITE_OPEN;
	return fate_of(state) == WAY_FAILS ? SITE_FAILS : SITE_UNKNOWN;
}

/* The user's label, else the line's public address; NULL: neither stands there. */
static const char *key_of(const json_t *run)
{
	const char *label = text_of(json_object_get(run, "labels"), "site");
	return label ? label
		     : text_of(json_array_get(json_object_get(run, "public"), 0), "address");
}

static bool is_result(const json_t *object)
{
	const char *schema = text_of(object, "schema");
	return schema && strcmp(schema, SCHEMA) == 0;
}

int site_line_read(const json_t *object, uint32_t index, struct arena *arena,
		   struct site_record *out, struct err *err)
{
	const char *state = text_of(json_object_get(object, "verdict"), "state");
	const json_t *run = json_object_get(object, "run");
	const char *started = text_of(run, "started");
	if (!is_result(object))
		return err_set(err, CODE_INPUT, "it is no result of schema " SCHEMA);
	if (!state)
		return err_set(err, CODE_INPUT, "it holds no verdict");
	const char *key = key_of(run);
	*out = (struct site_record){
		.key = key ? arena_copy(arena, key) : NULL,
		.started = started ? arena_copy(arena, started) : "",
	};
	out->site.name = out->key ? out->key : arena_printf(arena, "#%u", index + 1);
	out->site.state = state_of(state);
	read_servers(json_object_get(object, "servers"), index, arena, &out->site);
	if (arena->failed)
		return err_set(err, CODE_MEMORY, "no memory for the results of %u sites", index);
	return 0;
}

/* --- places elsewhere ------------------------------------------------------------------------ */

bool site_line_is_own(const json_t *object)
{
	return json_array_size(json_object_get(object, "servers")) > 0 ||
	       json_array_size(site_line_places(object)) == 0;
}

const json_t *site_line_places(const json_t *object)
{
	return is_result(object) ? json_object_get(object, "outside") : NULL;
}

static enum way_fate way_fate_of(const char *fate)
{
	if (fate && strcmp(fate, "passes") == 0)
		return WAY_PASSES;
	return fate && strcmp(fate, "fails") == 0 ? WAY_FAILS : WAY_UNDECIDED;
}

/* False: it names no server. */
static bool read_place_way(const json_t *object, uint32_t index, struct arena *arena,
			   struct site_way *way)
{
	const json_t *hops = json_object_get(object, "hops"), *value;
	struct site_hop *list = arena_alloc(arena, (json_array_size(hops) + 1) * sizeof(*list));
	int from = hop_of(object, "from_hop"), to = hop_of(object, "to_hop");
	size_t i;
	*way = (struct site_way){.hops = list, .fate = way_fate_of(text_of(object, "fate"))};
	way->placed = from >= 0 && to >= from;
	way->from_hop = way->placed ? (uint8_t)from : 0;
	way->to_hop = way->placed ? (uint8_t)to : 0;
	json_array_foreach(hops, i, value)
	{
		int hop = hop_of(value, "hop");
		struct site_hop item = {.hop = (uint8_t)hop, .asn = asn_of(value)};
		bool rising = way->hops_n == 0 || (list && list[way->hops_n - 1].hop < hop);
		if (!list || hop < 1 || !rising || !address_of(value, "address", &item.addr))
			continue;
		item.scope = site_scope(&item.addr, index);
		list[way->hops_n++] = item;
	}
	return address_of(object, "server", &way->server);
}

static enum site_state place_state(const char *fate)
{
	if (strcmp(fate, "open") == 0)
		return SITE_OPEN;
	return strcmp(fate, "blocked") == 0 ? SITE_FAILS : SITE_UNKNOWN;
}

int site_line_read_place(const json_t *row, uint32_t index, struct arena *arena,
			 struct site_record *out, struct err *err)
{
	const json_t *ways = json_object_get(row, "ways");
	const char *engine = text_of(row, "engine"), *probe = text_of(row, "probe");
	const char *family = text_of(row, "family"), *fate = text_of(row, "fate");
	const char *owner = text_of(row, "owner"), *started = text_of(row, "started");
	struct site_way *list = arena_alloc(arena, (json_array_size(ways) + 1) * sizeof(*list));
	if (!engine || !probe || !family || !fate)
		return err_set(err, CODE_INPUT, "a place elsewhere has no name or no fate");
	const char *name = arena_printf(arena, "%.20s probe %.40s (%.10s)", engine, probe, family);
	*out = (struct site_record){
		.key = name,
		.started = started ? arena_copy(arena, started) : "",
		.site = {.name = name,
			 .asn = asn_of(row),
			 .owner = owner ? arena_copy(arena, owner) : NULL,
			 .state = place_state(fate),
			 .ways = list},
	};
	for (size_t i = 0; list && i < json_array_size(ways); i++)
		out->site.ways_n += read_place_way(json_array_get(ways, i), index, arena,
						   &list[out->site.ways_n]);
	if (arena->failed)
		return err_set(err, CODE_MEMORY, "no memory for the results of %u sites", index);
	return 0;
}
