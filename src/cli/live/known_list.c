/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/live/known_list.h"
#include "data/data.h"

int known_list_open(const struct options *o, struct known_list *out, struct err *err)
{
	if (o->servers_file)
		return known_read(o->servers_file, out, err);
	return known_parse((const char *)data_servers, data_servers_len, "the built-in list", out,
			   err);
}
