/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/hostname.h"
#include "cli/command.h"
#include "cli/options.h"
#include "io/names/idn.h"
#include "io/names/lines.h"
#include <string.h>

/* Splits a HOST into its name and (NULL: none) the text of its port. */
static int split_host(const char *word, const char **name, size_t *len, const char **port)
{
	const char *colon = strrchr(word, ':');
	const char *end;

	*name = word;
	*len = strlen(word);
	*port = NULL;
	if (*word == '[') {
		end = strchr(word, ']');
		if (!end || (end[1] != ':' && end[1] != '\0'))
			return -1;
		*name = word + 1;
		*len = (size_t)(end - word) - 1;
		*port = end[1] == ':' ? end + 2 : NULL;
	} else if (colon && strchr(word, ':') == colon) {
		/* More than one colon is an IPv6 address without a port. */
		*len = (size_t)(colon - word);
		*port = colon + 1;
	}
	return 0;
}

static bool is_international(const char *name)
{
	while (*name && (unsigned char)*name < 0x80)
		name++;
	return *name != '\0';
}

int options_host(const char *word, struct host_arg *out, struct err *err)
{
	const char *name, *port;
	char typed[OPTIONS_NAME_BYTES];
	unsigned long number = 0;
	size_t len;
	bool is_addr;

	*out = (struct host_arg){0};
	if (split_host(word, &name, &len, &port))
		return err_set(err, EXIT_USAGE, "HOST '%s' is not of the form [ADDRESS]:PORT",
			       word);
	if (port && (!lines_number(port, UINT16_MAX, &number) || number == 0))
		return err_set(err, EXIT_USAGE, "HOST '%s': '%s' is no port (1 to 65535)", word,
			       port);
	out->port = (uint16_t)number;
	if (len < sizeof(out->name))
		memcpy(out->name, name, len);
	if (is_international(out->name)) {
		memcpy(typed, out->name, sizeof(typed));
		if (idn_ascii(typed, out->name, sizeof(out->name), err) != 0)
			return -1;
		out->typed = word;
	}
	is_addr = addr_parse(out->name, &out->addr);
	if (*word == '[' ? !is_addr || out->addr.family != 6
			 : !is_addr && !hostname_valid(out->name))
		return err_set(err, EXIT_USAGE, "HOST '%s' is neither a host name nor an address",
			       word);
	return 0;
}
