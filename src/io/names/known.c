/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/names/known.h"
#include "base/array.h"
#include "base/hostname.h"
#include "io/host/status.h"
#include "io/names/lines.h"
#include <stdlib.h>
#include <string.h>

static int out_of_memory(struct err *err, const char *name)
{
	return err_set(err, IO_SYSTEM, "no memory for the servers of '%s'", name);
}

static int parse_host(const struct lines *l, const char *column, struct err *err)
{
	struct addr addr;

	if (!hostname_valid(column) && !addr_parse(column, &addr))
		return lines_error(l, err, "'%s' is neither a host name nor an address", column);
	return 0;
}

static int parse_port(const struct lines *l, const char *column, uint16_t *out, struct err *err)
{
	unsigned long number;

	if (!lines_number(column, UINT16_MAX, &number) || number == 0)
		return lines_error(l, err, "'%s' is no port (1 to 65535)", column);
	*out = (uint16_t)number;
	return 0;
}

static bool has_port(const struct known_server *s, uint16_t port)
{
	for (size_t i = 0; i < s->controls_n; i++)
		if (s->controls[i] == port)
			return true;
	return port == s->port;
}

static int parse_controls(const struct lines *l, char *column, struct known_server *s,
			  struct err *err)
{
	char *rest = column;
	char *word;

	if (strcmp(column, "-") == 0)
		return 0;
	while ((word = strsep(&rest, ","))) {
		uint16_t port = 0;

		if (parse_port(l, word, &port, err))
			return -1;
		if (has_port(s, port))
			return lines_error(l, err, "port %u stands twice", port);
		if (s->controls_n == TRACE_PORTS_MAX)
			return lines_error(l, err, "more than %d control ports", TRACE_PORTS_MAX);
		s->controls[s->controls_n++] = port;
	}
	return 0;
}

static int parse_asn(const struct lines *l, const char *column, uint32_t *out, struct err *err)
{
	const char *digits = strncasecmp(column, "AS", 2) == 0 ? column + 2 : column;
	unsigned long number;

	if (!lines_number(digits, UINT32_MAX, &number))
		return lines_error(l, err, "'%s' is no AS number", column);
	*out = (uint32_t)number;
	return 0;
}

/* The columns that may be missing: operator, ASN, note. */
static int parse_operator(struct lines *l, char **rest, bool tabs, struct known_server *s,
			  struct err *err)
{
	const char *owner = lines_column(rest, tabs);
	const char *asn = lines_column(rest, tabs);

	if (owner && *owner != '\0' && strcmp(owner, "-") != 0)
		s->owner = owner;
	if (asn && *asn != '\0' && parse_asn(l, asn, &s->asn, err))
		return -1;
	/* What is left is the note, whatever it holds. */
	if (*rest && **rest != '\0')
		s->note = *rest;
	return 0;
}

/* Fills *s with loans from the line. */
static int parse_server(struct lines *l, struct known_server *s, struct err *err)
{
	bool tabs = strchr(l->line, '\t') != NULL;
	char *rest = l->line;
	char *host = lines_column(&rest, tabs);
	char *port = lines_column(&rest, tabs);
	char *controls = lines_column(&rest, tabs);

	if (!controls)
		return lines_error(l, err, "at least HOST, PORT and control ports are needed: '%s'",
				   host);
	if (parse_host(l, host, err) || parse_port(l, port, &s->port, err) ||
	    parse_controls(l, controls, s, err))
		return -1;
	s->host = host;
	return parse_operator(l, &rest, tabs, s, err);
}

static bool is_listed(const struct known_list *list, const struct known_server *s)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->servers[i].port == s->port &&
		    strcasecmp(list->servers[i].host, s->host) == 0)
			return true;
	return false;
}

static int add_server(struct lines *l, struct known_list *list, struct known_server s,
		      struct err *err)
{
	if (is_listed(list, &s))
		return lines_error(l, err, "'%s' with port %u stands twice", s.host, s.port);
	if (list->n == KNOWN_SERVERS_MAX)
		return lines_error(l, err, "more than %d servers", KNOWN_SERVERS_MAX);
	if (!array_reserve(&list->servers, &list->cap, list->n + 1, sizeof(s)))
		return out_of_memory(err, l->name);
	s.host = arena_copy(&list->strings, s.host);
	s.owner = s.owner ? arena_copy(&list->strings, s.owner) : NULL;
	s.note = s.note ? arena_copy(&list->strings, s.note) : NULL;
	if (list->strings.failed)
		return out_of_memory(err, l->name);
	list->servers[list->n++] = s;
	return 0;
}

int known_parse(const char *text, size_t len, const char *name, struct known_list *out,
		struct err *err)
{
	struct lines l = lines_of(text, len, name);
	int more;

	*out = (struct known_list){0};
	while ((more = lines_next(&l, err)) > 0) {
		struct known_server s = {.host = ""};

		if (parse_server(&l, &s, err) || add_server(&l, out, s, err)) {
			more = -1;
			break;
		}
	}
	if (more == 0 && out->n == 0)
		more = err_set(err, IO_INPUT, "no server in '%s'", name);
	if (more < 0)
		known_free(out);
	return more;
}

int known_read(const char *path, struct known_list *out, struct err *err)
{
	char *text;
	size_t len;
	int result;

	*out = (struct known_list){0};
	if (lines_load(path, &text, &len, err))
		return -1;
	result = known_parse(text, len, path, out, err);
	free(text);
	return result;
}

void known_free(struct known_list *list)
{
	free(list->servers);
	arena_free(&list->strings);
	*list = (struct known_list){0};
}
