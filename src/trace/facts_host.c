/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the facts about this host: see facts_table.h. */
#include "trace/facts_table.h"

#define FIELDS(list) (list), sizeof(list) / sizeof(*(list))

/* The two functions of a row: the records of a kind, and one more of them. */
#define ROW(kind, list)                                                                            \
	static const void *list_##kind(const struct trace *t, size_t *n)                           \
	{                                                                                          \
		*n = t->list##_n;                                                                  \
		return t->list;                                                                    \
	}                                                                                          \
	static bool add_##kind(struct trace *t, const void *record)                                \
	{                                                                                          \
		return trace_add_##kind(t, record);                                                \
	}

ROW(unseen, unseen)
ROW(user, users)
ROW(flow_route, flow_routes)
ROW(filter_rule, filter_rules)
ROW(counter, counters)

static const struct fact_field unseen_fields[] = {
	{"server", FACT_U32, offsetof(struct unseen, server), 0},
	{"port", FACT_U16, offsetof(struct unseen, port), 0},
	{"src_port", FACT_U16, offsetof(struct unseen, src_port), 0},
	{"seq", FACT_U32, offsetof(struct unseen, seq), 0},
	{"ttl", FACT_U8, offsetof(struct unseen, ttl), 0},
	{"kind", FACT_INT, offsetof(struct unseen, kind), PROBE_FOREIGN},
	{"at_ns", FACT_I64, offsetof(struct unseen, at_ns), 0},
};

static const struct fact_field user_fields[] = {
	{"uid", FACT_U32, offsetof(struct user, uid), 0},
	{"name", FACT_STRING, offsetof(struct user, name), 0},
	{"by_rule", FACT_BOOL, offsetof(struct user, by_rule), 0},
};

static const struct fact_field flow_route_fields[] = {
	{"server", FACT_U32, offsetof(struct flow_route, server), 0},
	{"port", FACT_U16, offsetof(struct flow_route, port), 0},
	{"uid", FACT_U32, offsetof(struct flow_route, uid), 0},
	{"error", FACT_INT, offsetof(struct flow_route, error), 4095},
	{"ifindex", FACT_U32, offsetof(struct flow_route, ifindex), 0},
	{"table", FACT_U32, offsetof(struct flow_route, table), 0},
	{"interface", FACT_STRING, offsetof(struct flow_route, interface), 0},
};

static const struct fact_field filter_rule_fields[] = {
	{"family", FACT_U8, offsetof(struct filter_rule, family), 0},
	{"hook", FACT_INT, offsetof(struct filter_rule, hook), HOOK_ROUTE},
	{"action", FACT_INT, offsetof(struct filter_rule, action), FILTER_QUEUE},
	{"by_owner", FACT_BOOL, offsetof(struct filter_rule, by_owner), 0},
	{"policy", FACT_BOOL, offsetof(struct filter_rule, policy), 0},
	{"text", FACT_STRING, offsetof(struct filter_rule, text), 0},
	{"command", FACT_STRING, offsetof(struct filter_rule, command), 0},
	{"advice", FACT_STRING, offsetof(struct filter_rule, advice), 0},
	{"program", FACT_STRING, offsetof(struct filter_rule, program), 0},
};

static const struct fact_field counter_fields[] = {
	{"name", FACT_STRING, offsetof(struct counter, name), 0},
	{"value", FACT_I64, offsetof(struct counter, value), 0},
};

static const struct fact_kind kinds[] = {
	{"unseen", FIELDS(unseen_fields), sizeof(struct unseen), list_unseen, add_unseen, NULL},
	{"user", FIELDS(user_fields), sizeof(struct user), list_user, add_user, NULL},
	{"flow-route", FIELDS(flow_route_fields), sizeof(struct flow_route), list_flow_route,
	 add_flow_route, NULL},
	{"rule", FIELDS(filter_rule_fields), sizeof(struct filter_rule), list_filter_rule,
	 add_filter_rule, NULL},
	{"counter", FIELDS(counter_fields), sizeof(struct counter), list_counter, add_counter,
	 NULL},
};

const struct fact_kind *facts_host_kinds(size_t *n)
{
	*n = sizeof(kinds) / sizeof(*kinds);
	return kinds;
}
