/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/names/networks.h"
#include "base/array.h"
#include "io/host/status.h"
#include "io/names/lines.h"
#include <stdlib.h>
#include <string.h>

static int out_of_memory(struct err *err, const char *name)
{
	return err_set(err, IO_SYSTEM, "no memory for the networks of '%s'", name);
}

/* The address of PREFIX alone, before the bits beyond its length are cleared. */
static bool parse_address(const char *column, struct addr *out)
{
	char text[ADDR_TEXT_BYTES];
	size_t n = strcspn(column, "/");

	if (n >= sizeof(text))
		return false;
	memcpy(text, column, n);
	text[n] = '\0';
	return addr_parse(text, out);
}

static int parse_prefix(const struct lines *l, const char *column, struct prefix *out,
			struct err *err)
{
	char text[ADDR_TEXT_BYTES];
	struct addr addr;

	if (!prefix_parse(column, out) || !parse_address(column, &addr))
		return lines_error(l, err, "'%s' is no prefix", column);
	if (!addr_equal(&addr, &out->addr))
		return lines_error(l, err, "'%s' has bits beyond its length: %s/%u is meant?",
				   column, addr_text(&out->addr, text), out->len);
	return 0;
}

static int parse_role(const struct lines *l, const char *column, enum segment *out, struct err *err)
{
	if (!segment_parse(column, out) || *out == SEGMENT_HOST)
		return lines_error(l, err, "'%s' is no role: local-network, isp, transit or remote",
				   column);
	return 0;
}

/* Whether the text begins with an AS number as a word of its own; *after is what follows. */
static bool take_asn(char *text, uint32_t *out, char **after)
{
	char *digits = strncasecmp(text, "AS", 2) == 0 ? text + 2 : text;
	size_t n = strspn(digits, "0123456789");
	unsigned long number;
	char end = digits[n];

	if (n == 0 || (end != '\0' && end != ' ' && end != '\t'))
		return false;
	digits[n] = '\0';
	if (!lines_number(digits, UINT32_MAX, &number) || number == 0) {
		digits[n] = end;
		return false;
	}
	*out = (uint32_t)number;
	*after = digits + n + (end != '\0');
	return true;
}

/* Fills *out with loans from the line. */
static int parse_network(struct lines *l, struct network *out, struct err *err)
{
	char *rest = l->line;
	const char *prefix = lines_column(&rest, false);
	const char *role = lines_column(&rest, false);

	if (!role)
		return lines_error(l, err, "a role is missing after '%s'", prefix);
	*out = (struct network){.has_role = true, .by_user = true};
	if (parse_prefix(l, prefix, &out->prefix, err) || parse_role(l, role, &out->role, err))
		return -1;
	if (rest && take_asn(rest, &out->asn, &rest))
		rest += strspn(rest, " \t");
	if (rest && *rest != '\0')
		out->name = rest;
	return 0;
}

static bool is_listed(const struct network_list *list, const struct prefix *p)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->networks[i].prefix.len == p->len &&
		    addr_equal(&list->networks[i].prefix.addr, &p->addr))
			return true;
	return false;
}

static int add_network(const struct lines *l, struct network_list *list, struct network item,
		       struct err *err)
{
	char text[ADDR_TEXT_BYTES];

	if (is_listed(list, &item.prefix))
		return lines_error(l, err, "%s/%u stands twice", addr_text(&item.prefix.addr, text),
				   item.prefix.len);
	if (list->n == NETWORKS_MAX)
		return lines_error(l, err, "more than %d prefixes", NETWORKS_MAX);
	if (!array_reserve(&list->networks, &list->cap, list->n + 1, sizeof(item)))
		return out_of_memory(err, l->name);
	item.name = item.name ? arena_copy(&list->strings, item.name) : NULL;
	if (list->strings.failed)
		return out_of_memory(err, l->name);
	list->networks[list->n++] = item;
	return 0;
}

int networks_parse(const char *text, size_t len, const char *name, struct network_list *out,
		   struct err *err)
{
	struct lines l = lines_of(text, len, name);
	int more;

	*out = (struct network_list){0};
	while ((more = lines_next(&l, err)) > 0) {
		struct network item;

		if (parse_network(&l, &item, err) || add_network(&l, out, item, err)) {
			more = -1;
			break;
		}
	}
	if (more < 0)
		networks_free(out);
	return more;
}

int networks_read(const char *path, struct network_list *out, struct err *err)
{
	char *text;
	size_t len;
	int result;

	*out = (struct network_list){0};
	if (lines_load(path, &text, &len, err))
		return -1;
	result = networks_parse(text, len, path, out, err);
	free(text);
	return result;
}

void networks_free(struct network_list *list)
{
	free(list->networks);
	arena_free(&list->strings);
	*list = (struct network_list){0};
}
