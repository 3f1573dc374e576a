/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_FACTS_TABLE_H
#define TRACE_FACTS_TABLE_H

/*
 * Which facts there are and what their members are called: a row a kind, a
 * field a member. Encoding and decoding both walk this table.
 */

#include "trace/trace.h"

enum fact_type {
	FACT_U8,
	FACT_U16,
	FACT_U32,
	FACT_INT, /* int or an enumeration: see max */
	FACT_I64,
	FACT_BOOL,
	FACT_STRING, /* const char *; NULL is left out */
	FACT_ADDR,
	FACT_PREFIX,
	FACT_PORTS, /* struct server: controls and controls_n */
};

struct fact_field {
	const char *name;
	enum fact_type type;
	size_t offset;
	int64_t max; /* FACT_INT: greatest value; 0 is the least */
};

struct fact_kind {
	const char *name;
	const struct fact_field *fields;
	size_t fields_n;
	size_t size; /* of the record */
	/* The records of this kind in a trace. */
	const void *(*list)(const struct trace *t, size_t *n);
	/* Adds a decoded record. */
	bool (*add)(struct trace *t, const void *record);
	/* Clears what add() knows by itself, so that it need not be written; may be NULL. */
	void (*strip)(const struct trace *t, void *record);
};

/* The kind at a place of the table, NULL behind its end. */
const struct fact_kind *facts_kind(size_t i);

/* The part of the table that tells of this host. */
const struct fact_kind *facts_host_kinds(size_t *n);

/* A record large enough for every kind. */
union fact_record {
	struct server server;
	struct network network;
	struct port_range range;
	struct send_error send_error;
	struct connect_result connect;
	struct drop_window drop;
	struct route route;
	struct name name;
	struct note note;
	struct unseen unseen;
	struct user user;
	struct flow_route flow_route;
	struct filter_rule filter_rule;
	struct counter counter;
	struct session session;
	struct policy policy;
	struct run_facts run;
};

#endif
