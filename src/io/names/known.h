/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_NAMES_KNOWN_H
#define IO_NAMES_KNOWN_H

/*
 * The list of known-good servers: mail servers whose operators document that the
 * submission port is open to everybody. The built-in list and a file of the
 * user's have the same form, one server a line, columns separated by tabs (or,
 * in a line without tabs, by blanks):
 *
 *	HOST  PORT  CONTROL[,CONTROL...]  [OPERATOR  [ASN  [NOTE]]]
 *
 * Control ports stand in order of preference, "-" for none documented. Empty
 * lines and lines that start with # are passed over.
 */

#include "base/arena.h"
#include "base/err.h"
#include "trace/trace.h"
#include <stddef.h>
#include <stdint.h>

#define KNOWN_SERVERS_MAX 4096

struct known_server {
	const char *host;		    /* a name, or an address as text */
	uint16_t port;			    /* the submission port that the operator documents */
	uint16_t controls[TRACE_PORTS_MAX]; /* in order of preference */
	uint8_t controls_n;
	const char *owner; /* the operator; NULL: unknown */
	uint32_t asn;	   /* the operator's network; 0: unknown */
	const char *note;  /* NULL: none */
};

/* The servers in order of preference. Everything belongs to the list. */
struct known_list {
	struct known_server *servers;
	size_t n, cap;
	struct arena strings;
};

/*
 * Reads the text of a list into *out; `name` is what messages call it. 0, or -1 with *err
 * (code 4, the line's number in it; 5 without memory) and *out empty.
 */
int known_parse(const char *text, size_t len, const char *name, struct known_list *out,
		struct err *err);

/* The same from a file ("-": standard input). */
int known_read(const char *path, struct known_list *out, struct err *err);

void known_free(struct known_list *list);

#endif
