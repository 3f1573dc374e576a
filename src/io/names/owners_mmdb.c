/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/sockaddr.h"
#include "io/host/status.h"
#include "io/names/owners_impl.h"
#include <maxminddb.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* IPv4 lies in the tree of an IPv6 data base below this many bits. */
#define V4_BITS 96

void *owners_mmdb_open(const char *path, struct err *err)
{
	MMDB_s *db = calloc(1, sizeof(*db));
	int status = db ? MMDB_open(path, MMDB_MODE_MMAP, db) : MMDB_OUT_OF_MEMORY_ERROR;

	if (status == MMDB_SUCCESS)
		return db;
	free(db);
	if (status == MMDB_OUT_OF_MEMORY_ERROR)
		err_set(err, IO_SYSTEM, "no memory for the data base '%s'", path);
	else
		err_set(err, IO_INPUT,
			"'%s' is no data base of owners, neither in MaxMind's format nor in "
			"libloc's: %s",
			path, MMDB_strerror(status));
	return NULL;
}

/* A number, or a text like "AS64500". */
static uint32_t number_of(const MMDB_entry_data_s *data)
{
	char text[16] = "";
	const char *digits = text;
	unsigned long n;
	char *end;

	if (data->type == MMDB_DATA_TYPE_UINT32)
		return data->uint32;
	if (data->type == MMDB_DATA_TYPE_UINT16)
		return data->uint16;
	if (data->type != MMDB_DATA_TYPE_UTF8_STRING || data->data_size >= sizeof(text))
		return 0;
	memcpy(text, data->utf8_string, data->data_size);
	if (strncasecmp(text, "AS", 2) == 0)
		digits += 2;
	if (*digits < '0' || *digits > '9')
		return 0;
	n = strtoul(digits, &end, 10);
	return *end == '\0' && n <= UINT32_MAX ? (uint32_t)n : 0;
}

/* The value under the first of the two names that is there. */
static bool get(MMDB_entry_s *entry, const char *one, const char *other, MMDB_entry_data_s *out)
{
	const char *const paths[2][2] = {{one, NULL}, {other, NULL}};

	for (int i = 0; i < 2; i++) {
		if (MMDB_aget_value(entry, out, paths[i]) == MMDB_SUCCESS && out->has_data)
			return true;
	}
	return false;
}

/* Clears the bits beyond the entry's own length. */
static struct prefix prefix_of(const MMDB_s *db, const struct addr *addr, unsigned len)
{
	struct prefix p = {.addr = *addr};
	unsigned bits = addr->family == 4 ? 32 : 128;

	if (addr->family == 4 && db->metadata.ip_version == 6)
		len = len > V4_BITS ? len - V4_BITS : 0;
	p.len = (uint8_t)(len < bits ? len : bits);
	for (unsigned bit = p.len; bit < bits; bit++)
		p.addr.b[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
	return p;
}

static bool find(void *data, const struct addr *addr, struct owner *out)
{
	MMDB_s *db = data;
	struct sockaddr_storage sa;
	MMDB_entry_data_s value;
	MMDB_lookup_result_s found;
	int status = MMDB_SUCCESS;

	(void)sockaddr_fill(&sa, addr, 0, 0);
	found = MMDB_lookup_sockaddr(db, (const struct sockaddr *)&sa, &status);
	if (status != MMDB_SUCCESS || !found.found_entry)
		return false;
	out->prefix = prefix_of(db, addr, found.netmask);
	if (out->prefix.len == 0 || !get(&found.entry, "autonomous_system_number", "asn", &value))
		return false;
	out->asn = number_of(&value);
	if (!get(&found.entry, "autonomous_system_organization", "name", &value) &&
	    !get(&found.entry, "as_name", "organization", &value))
		return true;
	if (value.type == MMDB_DATA_TYPE_UTF8_STRING) {
		size_t n = value.data_size < sizeof(out->name) ? value.data_size
							       : sizeof(out->name) - 1;

		memcpy(out->name, value.utf8_string, n);
	}
	return true;
}

static int64_t made_s(const void *data)
{
	const MMDB_s *db = data;

	return db->metadata.build_epoch < INT64_MAX / 2 ? (int64_t)db->metadata.build_epoch : 0;
}

static void close_data(void *data)
{
	MMDB_close(data);
	free(data);
}

const struct owners_format owners_mmdb = {find, made_s, close_data};
