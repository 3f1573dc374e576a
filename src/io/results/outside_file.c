/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/results/outside_file.h"
#include "base/array.h"
#include "io/host/status.h"
#include "io/results/atlas.h"
#include "io/results/globalping.h"
#include "io/results/outside_values.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define NS_PER_S    INT64_C(1000000000)
#define NS_PER_MS   INT64_C(1000000)
#define RESULTS_MAX 16384
#define OF_ONE_MAX  64	  /* results of one vantage point */
#define PORT_FIRST  20480 /* source port of the first measurement, as the probe has it */
#define TIME_MAX    INT64_C(4000000000)

/* A result and where it belongs. */
struct assigned {
	const json_t *result;
	const struct atlas_order *order; /* NULL: its object is missing */
	size_t vantage;
	uint16_t port;
	int64_t at_s;
	size_t index;
};

struct building {
	const struct outside_wish *wish;
	const struct outside_values *values;
	struct vantage_list *list;
	struct assigned *items;
	size_t n, cap;
};

static const char *copied(struct building *b, const char *text)
{
	return text ? arena_printf(&b->list->arena, "%.64s", text) : NULL;
}

/* The vantage point of a result, which is added where it is new; NULL: no memory, or no room. */
static struct vantage *find_vantage(struct building *b, const char *probe, uint8_t family)
{
	struct vantage_list *list = b->list;
	for (size_t i = 0; i < list->n; i++)
		if (list->items[i].engine == VANTAGE_ATLAS && list->items[i].family == family &&
		    strcmp(list->items[i].probe, probe) == 0)
			return &list->items[i];
	return vantages_add(list, VANTAGE_ATLAS, probe, family);
}

/* What the engine says of its probe. */
static void describe(struct building *b, struct vantage *v, json_int_t id)
{
	const json_t *probe = outside_values_probe(b->values, id);
	bool six = v->family == 6;
	const char *prefix =
		json_string_value(json_object_get(probe, six ? "prefix_v6" : "prefix_v4"));
	v->asn = (uint32_t)outside_number(probe, six ? "asn_v6" : "asn_v4", 1, UINT32_MAX, 0);
	if (!prefix || !prefix_parse(prefix, &v->prefix))
		v->prefix = (struct prefix){0};
	v->country = copied(b, json_string_value(json_object_get(probe, "country_code")));
}

static void name_measurement(struct building *b, struct vantage *v, json_int_t id)
{
	char text[24];
	snprintf(text, sizeof(text), "%lld", (long long)id);
	for (size_t i = 0; i < v->ids_n; i++)
		if (strcmp(v->ids[i], text) == 0)
			return;
	if (id > 0 && v->ids_n < VANTAGE_IDS_MAX)
		v->ids[v->ids_n++] = copied(b, text);
}

/* The result's name for its probe: the number, or where there is none its address. */
static const char *probe_of(struct building *b, const json_t *result)
{
	json_int_t id = outside_number(result, "prb_id", 1, INT64_MAX, 0);
	const char *address = json_string_value(json_object_get(result, "src_addr"));
	if (id > 0)
		return arena_printf(&b->list->arena, "%lld", (long long)id);
	return address ? copied(b, address) : "?";
}

/* Puts one result to its vantage point. False: no memory. */
static bool assign(struct building *b, const json_t *result, size_t index)
{
	json_int_t id = outside_number(result, "msm_id", 1, INT64_MAX, 0);
	const struct atlas_order *order = outside_values_order(b->values, id);
	const char *protocol = json_string_value(json_object_get(result, "proto"));
	uint8_t family = (uint8_t)outside_number(result, "af", 4, 6, 4);
	uint16_t port = order ? order->port : b->wish->port_given ? b->wish->port : 0;
	if (port == 0 || family == 5 || !protocol || strcmp(protocol, "TCP") != 0) {
		b->list->unread++;
		return true;
	}
	struct vantage *v = find_vantage(b, probe_of(b, result), family);
	if (!v || !array_reserve(&b->items, &b->cap, b->n + 1, sizeof(*b->items)))
		return b->list->n >= VANTAGES_MAX;
	if (v->ids_n == 0)
		describe(b, v, outside_number(result, "prb_id", 1, INT64_MAX, 0));
	name_measurement(b, v, id);
	const char *from = json_string_value(json_object_get(result, "from"));
	if (!addr_is_set(&v->from) && (!from || !addr_parse(from, &v->from)))
		v->from = (struct addr){0};
	b->items[b->n++] = (struct assigned){
		.result = result,
		.order = order,
		.vantage = (size_t)(v - b->list->items),
		.port = port,
		.at_s = outside_number(result, "timestamp", 1, TIME_MAX, 1),
		.index = index,
	};
	b->list->results++;
	return true;
}

/* By vantage point, time, and the order in which they came. */
static int by_place(const void *a, const void *b)
{
	const struct assigned *left = a, *right = b;
	if (left->vantage != right->vantage)
		return left->vantage < right->vantage ? -1 : 1;
	if (left->at_s != right->at_s)
		return left->at_s < right->at_s ? -1 : 1;
	return (left->index > right->index) - (left->index < right->index);
}

/* The servers of the vantage point: addresses asked for the port under test, and their controls. */
static void add_servers(struct building *b, const struct assigned *items, size_t n,
			struct vantage *v)
{
	struct addr server, client;
	for (size_t i = 0; i < n; i++) {
		if (items[i].port == b->wish->port &&
		    atlas_parties(items[i].result, &server, &client))
			vantages_add_server(v, &server, &client, b->wish->port);
	}
	for (size_t i = 0; i < n; i++) {
		if (items[i].port != b->wish->port &&
		    atlas_parties(items[i].result, &server, &client))
			vantages_add_control(v, &server, items[i].port);
	}
}

/* How far SYNs to the server of this result get before they expire, by all results for it. */
static int reach_of(const struct assigned *items, size_t n, const json_t *result)
{
	struct addr server, other, client;
	int reach = 0;
	for (size_t i = 0; i < n && atlas_parties(result, &server, &client); i++) {
		int here = atlas_reach(items[i].result);
		if (here > reach && atlas_parties(items[i].result, &other, &client) &&
		    addr_equal(&other, &server))
			reach = here;
	}
	return reach;
}

/* All results of one vantage point, in the order of time. */
static void fill(struct building *b, const struct assigned *items, size_t n)
{
	struct vantage *v = &b->list->items[items->vantage];
	int64_t last_ns = items[0].at_s * NS_PER_S, wait_ns = NS_PER_S;
	uint32_t number = 0;
	n = n < OF_ONE_MAX ? n : OF_ONE_MAX;
	add_servers(b, items, n, v);
	if (v->trace.servers_n == 0)
		v->excluded = N_("it has no result for the port under test");
	for (size_t i = 0; i < n && !v->excluded; i++) {
		const struct atlas_order *order = items[i].order;
		struct atlas_reading how = {
			.port = items[i].port,
			.src_port = (uint16_t)(PORT_FIRST + i),
			.first_hop = order ? order->first_hop : 0,
			.max_hops = order ? order->max_hops : 0,
			.reach = reach_of(items, n, items[i].result),
			.timeout_ns = order ? order->timeout_ms * NS_PER_MS : NS_PER_S,
			.at_ns = items[i].at_s * NS_PER_S,
			.number = &number,
		};
		int64_t end_ns = atlas_read(items[i].result, &how, v, &b->list->arena);
		last_ns = end_ns > last_ns ? end_ns : last_ns;
		wait_ns = how.timeout_ns > wait_ns ? how.timeout_ns : wait_ns;
	}
	vantages_end(v, b->wish->port, items[0].at_s * NS_PER_S, last_ns + wait_ns);
}

static int build(struct building *b)
{
	const json_t *result;
	size_t i;
	bool ok = true;
	json_array_foreach(b->values->results, i, result)
	{
		if (i >= RESULTS_MAX)
			b->list->unread++;
		else
			ok = ok && assign(b, result, i);
	}
	if (b->n > 0)
		qsort(b->items, b->n, sizeof(*b->items), by_place);
	for (size_t first = 0, n; first < b->n && ok; first += n) {
		n = 1;
		while (first + n < b->n && b->items[first + n].vantage == b->items[first].vantage)
			n++;
		fill(b, &b->items[first], n);
	}
	return ok ? globalping_read(b->values->pings, b->wish->port, b->list) : -1;
}

/* --- what whoblocks wrote before the answers ------------------------------------------------- */

static int read_network(struct building *b, const json_t *object)
{
	struct vantage_list *list = b->list;
	const char *prefix = json_string_value(json_object_get(object, "prefix"));
	struct network item = {
		.asn = (uint32_t)outside_number(object, "asn", 1, UINT32_MAX, 0),
		.name = json_string_value(json_object_get(object, "name")),
	};
	if (!prefix || !prefix_parse(prefix, &item.prefix) || list->networks_n >= VANTAGE_NETWORKS)
		return 0;
	if (!array_reserve(&list->networks, &list->networks_cap, list->networks_n + 1,
			   sizeof(item)))
		return -1;
	if (item.name)
		item.name = arena_printf(&list->arena, "%.200s", item.name);
	list->networks[list->networks_n++] = item;
	return 0;
}

static int read_head(struct building *b)
{
	const json_t *head = b->values->head, *network;
	size_t i;
	int status = 0;
	if (!head)
		return 0;
	b->list->own = true;
	b->list->asn = (uint32_t)outside_number(head, "asn", 1, UINT32_MAX, 0);
	json_array_foreach(json_object_get(head, "networks"), i, network)
	{
		if (status == 0)
			status = read_network(b, network);
	}
	return status;
}

int outside_read(const char *text, size_t len, const struct outside_wish *wish,
		 struct vantage_list *out, struct err *err)
{
	struct outside_values values;
	*out = (struct vantage_list){.port = wish->port};
	int status = outside_values_read(text, len, &values, err);
	struct building b = {.wish = wish, .values = &values, .list = out};
	if (status == 0) {
		out->unread = values.strangers;
		if (read_head(&b) != 0 || build(&b) != 0 || out->arena.failed)
			status = err_set(err, IO_SYSTEM, "no memory for the results from outside");
	}
	free(b.items);
	outside_values_free(&values);
	return status;
}

/* --- files ----------------------------------------------------------------------------------- */

bool outside_file_is(const char *path)
{
	struct stat st;
	bool twice = strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode);
	FILE *f = twice ? fopen(path, "re") : NULL;
	int c;
	if (!f)
		return false;
	while ((c = getc(f)) != EOF && strchr(" \t\r\n", c))
		;
	int next = c == EOF ? EOF : getc(f);
	fclose(f);
	/* Names of keys and nothing else may follow; no capture begins so. */
	return (c == '{' || c == '[') && next != EOF && strchr("\"[{ \t\r\n", next);
}

int outside_file_text(const char *path, struct text *out, struct err *err)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *f = standard ? stdin : fopen(path, "re");
	char buf[16384];
	size_t n;
	int status = 0;
	if (!f)
		return err_set(err, IO_INPUT, "cannot open '%s': %s", path, strerror(errno));
	while (out->len <= OUTSIDE_FILE_BYTES_MAX && (n = fread(buf, 1, sizeof(buf), f)) > 0)
		text_add_bytes(out, buf, n);
	if (ferror(f))
		status = err_set(err, IO_INPUT, "cannot read '%s': %s", path, strerror(errno));
	else if (out->len > OUTSIDE_FILE_BYTES_MAX)
		status = err_set(err, IO_INPUT, "'%s' is larger than results from outside are",
				 path);
	else if (out->failed)
		status = err_set(err, IO_SYSTEM, "no memory to read '%s'", path);
	if (!standard)
		fclose(f);
	return status;
}
