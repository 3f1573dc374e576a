/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/status.h"
#include "io/names/owners_impl.h"
#include "io/names/owners_loc_check.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Its header has times and does not say where from. */
#include <libloc/database.h>

struct loc {
	struct loc_ctx *context;
	struct loc_database *db;
};

static void close_data(void *data)
{
	struct loc *loc = data;

	if (loc->db)
		loc_database_unref(loc->db);
	if (loc->context)
		loc_unref(loc->context);
	free(loc);
}

const char *owners_installed(void)
{
	return "/var/lib/location/database.db";
}

void *owners_loc_open(const char *path, struct err *err)
{
	struct loc *loc = calloc(1, sizeof(*loc));
	FILE *file = fopen(path, "rbe");

	if (file && !owners_loc_sound_file(fileno(file))) {
		fclose(file);
		free(loc);
		err_set(err, IO_INPUT, "'%s' is no usable data base of libloc's", path);
		return NULL;
	}
	if (loc && file && loc_new(&loc->context) == 0) {
		/* The library's own messages would go to standard error. */
		loc_set_log_priority(loc->context, -1);
		if (loc_database_new(loc->context, &loc->db, file) != 0)
			loc->db = NULL;
	}
	if (file)
		fclose(file);
	/* The library also opens what ends within its header. */
	if (loc && loc->db && loc_database_count_as(loc->db) > 0)
		return loc;
	if (loc && loc->context)
		err_set(err, IO_INPUT, "'%s' is no usable data base of libloc's", path);
	else
		err_set(err, IO_SYSTEM, "cannot open the data base '%s'", path);
	if (loc)
		close_data(loc);
	return NULL;
}

static struct prefix prefix_of(struct loc_network *network, uint8_t family)
{
	const struct in6_addr *first = loc_network_get_first_address(network);
	unsigned len = loc_network_prefix(network);
	struct prefix p = {.len = (uint8_t)len};

	p.addr = family == 4 ? addr_v4(first->s6_addr + 12) : addr_v6(first->s6_addr);
	return p;
}

static void name_of(struct loc *loc, struct owner *out)
{
	struct loc_as *as = NULL;
	const char *name;

	if (loc_database_get_as(loc->db, &as, out->asn) != 0 || !as)
		return;
	name = loc_as_get_name(as);
	if (name)
		snprintf(out->name, sizeof(out->name), "%s", name);
	loc_as_unref(as);
}

static bool find(void *data, const struct addr *addr, struct owner *out)
{
	struct loc *loc = data;
	struct loc_network *network = NULL;
	struct in6_addr key = {0};

	if (addr->family == 4) {
		memset(key.s6_addr + 10, 0xff, 2);
		memcpy(key.s6_addr + 12, addr->b, 4);
	} else {
		memcpy(key.s6_addr, addr->b, sizeof(addr->b));
	}
	if (loc_database_lookup(loc->db, &key, &network) != 0 || !network)
		return false;
	out->asn = loc_network_get_asn(network);
	out->prefix = prefix_of(network, addr->family);
	loc_network_unref(network);
	if (out->asn == 0)
		return false;
	name_of(loc, out);
	return true;
}

static int64_t made_s(const void *data)
{
	const struct loc *loc = data;

	return (int64_t)loc_database_created_at(loc->db);
}

const struct owners_format owners_loc = {find, made_s, close_data};
