/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/identity.h"
#include "base/bytes.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The first line of a file; false when there is none. */
static bool first_line(const char *path, char out[IDENTITY_BYTES])
{
	FILE *f = fopen(path, "re");
	bool got = f && fgets(out, IDENTITY_BYTES, f);

	if (f)
		fclose(f);
	if (got)
		out[strcspn(out, "\n")] = '\0';
	return got && *out != '\0';
}

void identity_machine(char out[IDENTITY_BYTES])
{
	if (first_line("/etc/machine-id", out) || first_line("/var/lib/dbus/machine-id", out))
		return;
	memset(out, 0, IDENTITY_BYTES);
	(void)gethostname(out, IDENTITY_BYTES - 1);
}

uint64_t identity_boot(void)
{
	char id[IDENTITY_BYTES];
	uint64_t high, low;

	if (!first_line("/proc/sys/kernel/random/boot_id", id))
		return 0;
	high = bytes_hash(id, strlen(id), 0x811c9dc5U);
	low = bytes_hash(id, strlen(id), 0x01000193U);
	return (high << 32 | low) >> 1;
}
