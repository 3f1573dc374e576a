/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/facts_table.h"
#include <string.h>

#define FIELDS(list) (list), sizeof(list) / sizeof(*(list))

static const struct fact_field run_fields[] = {
	{"port", FACT_U16, offsetof(struct run_facts, port), 0},
	{"flows", FACT_U16, offsetof(struct run_facts, flows), 0},
	{"only", FACT_BOOL, offsetof(struct run_facts, only), 0},
	{"hosts_given", FACT_BOOL, offsetof(struct run_facts, hosts_given), 0},
	{"smtp", FACT_BOOL, offsetof(struct run_facts, smtp), 0},
	{"bypass", FACT_BOOL, offsetof(struct run_facts, bypass), 0},
	{"families", FACT_U8, offsetof(struct run_facts, families), 0},
	{"routed", FACT_U8, offsetof(struct run_facts, routed), 0},
	{"public4", FACT_ADDR, offsetof(struct run_facts, public_addr[0]), 0},
	{"public6", FACT_ADDR, offsetof(struct run_facts, public_addr[1]), 0},
	{"started_ns", FACT_I64, offsetof(struct run_facts, started_ns), 0},
	{"ended_ns", FACT_I64, offsetof(struct run_facts, ended_ns), 0},
	{"stop", FACT_STRING, offsetof(struct run_facts, stop), 0},
};

static const struct fact_field server_fields[] = {
	{"host", FACT_STRING, offsetof(struct server, host), 0},
	{"addr", FACT_ADDR, offsetof(struct server, addr), 0},
	{"client", FACT_ADDR, offsetof(struct server, client), 0},
	{"port", FACT_U16, offsetof(struct server, port), 0},
	{"controls", FACT_PORTS, offsetof(struct server, controls), 0},
	{"owner", FACT_STRING, offsetof(struct server, owner), 0},
	{"asn", FACT_U32, offsetof(struct server, asn), 0},
	{"listed", FACT_BOOL, offsetof(struct server, listed), 0},
	{"reference", FACT_BOOL, offsetof(struct server, reference), 0},
	{"dark", FACT_BOOL, offsetof(struct server, dark), 0},
};

static const struct fact_field network_fields[] = {
	{"prefix", FACT_PREFIX, offsetof(struct network, prefix), 0},
	{"has_role", FACT_BOOL, offsetof(struct network, has_role), 0},
	{"role", FACT_INT, offsetof(struct network, role), 4},
	{"asn", FACT_U32, offsetof(struct network, asn), 0},
	{"name", FACT_STRING, offsetof(struct network, name), 0},
	{"by_user", FACT_BOOL, offsetof(struct network, by_user), 0},
	{"translates", FACT_BOOL, offsetof(struct network, translates), 0},
};

static const struct fact_field ports_fields[] = {
	{"first", FACT_U16, offsetof(struct port_range, first), 0},
	{"last", FACT_U16, offsetof(struct port_range, last), 0},
	{"kind", FACT_INT, offsetof(struct port_range, kind), 3},
};

static const struct fact_field send_error_fields[] = {
	{"server", FACT_U32, offsetof(struct send_error, server), 0},
	{"port", FACT_U16, offsetof(struct send_error, port), 0},
	{"src_port", FACT_U16, offsetof(struct send_error, src_port), 0},
	{"ttl", FACT_U8, offsetof(struct send_error, ttl), 0},
	{"kind", FACT_INT, offsetof(struct send_error, kind), 3},
	{"error", FACT_INT, offsetof(struct send_error, error), 4095},
	{"at_ns", FACT_I64, offsetof(struct send_error, at_ns), 0},
};

static const struct fact_field connect_fields[] = {
	{"server", FACT_U32, offsetof(struct connect_result, server), 0},
	{"port", FACT_U16, offsetof(struct connect_result, port), 0},
	{"src_port", FACT_U16, offsetof(struct connect_result, src_port), 0},
	{"uid", FACT_U32, offsetof(struct connect_result, uid), 0},
	{"user", FACT_STRING, offsetof(struct connect_result, user), 0},
	{"error", FACT_INT, offsetof(struct connect_result, error), 4095},
	{"at_ns", FACT_I64, offsetof(struct connect_result, at_ns), 0},
	{"took_ns", FACT_I64, offsetof(struct connect_result, took_ns), 0},
};

static const struct fact_field capture_drop_fields[] = {
	{"from_ns", FACT_I64, offsetof(struct drop_window, from_ns), 0},
	{"to_ns", FACT_I64, offsetof(struct drop_window, to_ns), 0},
	{"dropped", FACT_U32, offsetof(struct drop_window, dropped), 0},
};

static const struct fact_field route_fields[] = {
	{"family", FACT_U8, offsetof(struct route, family), 0},
	{"ifindex", FACT_U32, offsetof(struct route, ifindex), 0},
	{"interface", FACT_STRING, offsetof(struct route, interface), 0},
	{"gateway", FACT_ADDR, offsetof(struct route, gateway), 0},
	{"client", FACT_ADDR, offsetof(struct route, client), 0},
	{"has_link_header", FACT_BOOL, offsetof(struct route, has_link_header), 0},
};

static const struct fact_field name_fields[] = {
	{"addr", FACT_ADDR, offsetof(struct name, addr), 0},
	{"text", FACT_STRING, offsetof(struct name, text), 0},
};

static const struct fact_field note_fields[] = {
	{"kind", FACT_STRING, offsetof(struct note, kind), 0},
	{"text", FACT_STRING, offsetof(struct note, text), 0},
	{"server", FACT_U32, offsetof(struct note, server), 0},
	{"port", FACT_U16, offsetof(struct note, port), 0},
};

static const struct fact_field session_fields[] = {
	{"server", FACT_U32, offsetof(struct session, server), 0},
	{"port", FACT_U16, offsetof(struct session, port), 0},
	{"src_port", FACT_U16, offsetof(struct session, src_port), 0},
	{"pass", FACT_INT, offsetof(struct session, pass), SESSION_SEEN},
	{"stage", FACT_INT, offsetof(struct session, stage), SESSION_COMPLETE},
	{"end", FACT_INT, offsetof(struct session, end), SESSION_STOPPED},
	{"trigger", FACT_U8, offsetof(struct session, trigger), 0},
	{"ttl", FACT_U8, offsetof(struct session, ttl), 0},
	{"error", FACT_INT, offsetof(struct session, error), 4095},
	{"code", FACT_INT, offsetof(struct session, code), 4095},
	{"stuck", FACT_BOOL, offsetof(struct session, stuck), 0},
	{"has_verify", FACT_BOOL, offsetof(struct session, has_verify), 0},
	{"verify", FACT_INT, offsetof(struct session, verify), 4095},
	{"name_checked", FACT_BOOL, offsetof(struct session, name_checked), 0},
	{"name_fits", FACT_BOOL, offsetof(struct session, name_fits), 0},
	{"lines", FACT_STRING, offsetof(struct session, lines), 0},
	{"version", FACT_STRING, offsetof(struct session, version), 0},
	{"chain", FACT_STRING, offsetof(struct session, chain), 0},
	{"at_ns", FACT_I64, offsetof(struct session, at_ns), 0},
	{"connected_ns", FACT_I64, offsetof(struct session, connected_ns), 0},
	{"greeted_ns", FACT_I64, offsetof(struct session, greeted_ns), 0},
	{"ended_ns", FACT_I64, offsetof(struct session, ended_ns), 0},
};

static const struct fact_field policy_fields[] = {
	{"asn", FACT_U32, offsetof(struct policy, asn), 0},
	{"network", FACT_STRING, offsetof(struct policy, network), 0},
	{"operator", FACT_STRING, offsetof(struct policy, operator), 0},
	{"ports", FACT_STRING, offsetof(struct policy, ports), 0},
	{"unblock", FACT_STRING, offsetof(struct policy, unblock), 0},
	{"source", FACT_STRING, offsetof(struct policy, source), 0},
	{"date", FACT_STRING, offsetof(struct policy, date), 0},
};

static const void *list_run(const struct trace *t, size_t *n)
{
	*n = 1;
	return &t->run;
}

static bool add_run(struct trace *t, const void *record)
{
	t->run = *(const struct run_facts *)record;
	t->run.stop = t->run.stop ? arena_copy(&t->strings, t->run.stop) : NULL;
	return !t->strings.failed;
}

static const void *list_server(const struct trace *t, size_t *n)
{
	*n = t->servers_n;
	return t->servers;
}

/* Thousands of servers are most of the facts: a name, a port or a client that says nothing new is
 * left out. */
static bool add_server(struct trace *t, const void *record)
{
	struct server item = *(const struct server *)record;
	const struct route *route = trace_route(t, item.addr.family);
	char text[ADDR_TEXT_BYTES];
	if (!item.host)
		item.host = addr_text(&item.addr, text);
	if (!item.port)
		item.port = t->run.port;
	if (!addr_is_set(&item.client) && route)
		item.client = route->client;
	return trace_add_server(t, &item);
}

static void strip_server(const struct trace *t, void *record)
{
	struct server *item = record;
	const struct route *route = trace_route(t, item->addr.family);
	char text[ADDR_TEXT_BYTES];
	if (item->host && strcmp(item->host, addr_text(&item->addr, text)) == 0)
		item->host = NULL;
	if (item->port == t->run.port)
		item->port = 0;
	if (route && addr_equal(&item->client, &route->client))
		item->client = (struct addr){0};
}

static const void *list_network(const struct trace *t, size_t *n)
{
	*n = t->networks_n;
	return t->networks;
}

static bool add_network(struct trace *t, const void *record)
{
	return trace_add_network(t, record);
}

static const void *list_ports(const struct trace *t, size_t *n)
{
	*n = t->ranges_n;
	return t->ranges;
}

static bool add_ports(struct trace *t, const void *record)
{
	return trace_add_range(t, record);
}

static const void *list_send_error(const struct trace *t, size_t *n)
{
	*n = t->send_errors_n;
	return t->send_errors;
}

static bool add_send_error(struct trace *t, const void *record)
{
	return trace_add_send_error(t, record);
}

static const void *list_connect(const struct trace *t, size_t *n)
{
	*n = t->connects_n;
	return t->connects;
}

static bool add_connect(struct trace *t, const void *record)
{
	return trace_add_connect(t, record);
}

static const void *list_capture_drop(const struct trace *t, size_t *n)
{
	*n = t->drops_n;
	return t->drops;
}

static bool add_capture_drop(struct trace *t, const void *record)
{
	return trace_add_drop(t, record);
}

static const void *list_route(const struct trace *t, size_t *n)
{
	*n = t->routes_n;
	return t->routes;
}

static bool add_route(struct trace *t, const void *record)
{
	return trace_add_route(t, record);
}

static const void *list_name(const struct trace *t, size_t *n)
{
	*n = t->names_n;
	return t->names;
}

static bool add_name(struct trace *t, const void *record)
{
	return trace_add_name(t, record);
}

static const void *list_note(const struct trace *t, size_t *n)
{
	*n = t->notes_n;
	return t->notes;
}

static bool add_note(struct trace *t, const void *record)
{
	return trace_add_note(t, record);
}

static const void *list_session(const struct trace *t, size_t *n)
{
	*n = t->run.own ? t->sessions_n : 0;
	return t->sessions;
}

static bool add_session(struct trace *t, const void *record)
{
	return trace_add_session(t, record);
}

static const void *list_policy(const struct trace *t, size_t *n)
{
	*n = t->policies_n;
	return t->policies;
}

static bool add_policy(struct trace *t, const void *record)
{
	return trace_add_policy(t, record);
}

static const struct fact_kind kinds[] = {
	{"run", FIELDS(run_fields), sizeof(struct run_facts), list_run, add_run, NULL},
	{"route", FIELDS(route_fields), sizeof(struct route), list_route, add_route, NULL},
	{"server", FIELDS(server_fields), sizeof(struct server), list_server, add_server,
	 strip_server},
	{"network", FIELDS(network_fields), sizeof(struct network), list_network, add_network,
	 NULL},
	{"ports", FIELDS(ports_fields), sizeof(struct port_range), list_ports, add_ports, NULL},
	{"send-error", FIELDS(send_error_fields), sizeof(struct send_error), list_send_error,
	 add_send_error, NULL},
	{"connect", FIELDS(connect_fields), sizeof(struct connect_result), list_connect,
	 add_connect, NULL},
	{"capture-drop", FIELDS(capture_drop_fields), sizeof(struct drop_window), list_capture_drop,
	 add_capture_drop, NULL},
	{"name", FIELDS(name_fields), sizeof(struct name), list_name, add_name, NULL},
	{"note", FIELDS(note_fields), sizeof(struct note), list_note, add_note, NULL},
	{"session", FIELDS(session_fields), sizeof(struct session), list_session, add_session,
	 NULL},
	{"policy", FIELDS(policy_fields), sizeof(struct policy), list_policy, add_policy, NULL},
};

const struct fact_kind *facts_kind(size_t i)
{
	size_t n = sizeof(kinds) / sizeof(*kinds), host_n;
	const struct fact_kind *host = facts_host_kinds(&host_n);
	if (i < n)
		return &kinds[i];
	return i - n < host_n ? &host[i - n] : NULL;
}
