/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_SYSTEM_H
#define IO_HOST_SYSTEM_H

/*
 * What an expert asks of the machine that measured: its clock, its kernel, the
 * libraries. Reads only.
 */

#include <stdbool.h>
#include <stdint.h>

#define SYSTEM_OS_BYTES	     256
#define SYSTEM_LIBRARIES_MAX 12
#define SYSTEM_LIBRARY_BYTES 48

/* The state of the real-time clock as the kernel has it (adjtimex(2)). */
struct system_clock {
	bool known;
	bool synchronised;
	int64_t estimated_error_us, max_error_us;
};

struct system_facts {
	struct system_clock clock;
	char os[SYSTEM_OS_BYTES];				      /* "" when unknown */
	char library[SYSTEM_LIBRARIES_MAX + 1][SYSTEM_LIBRARY_BYTES]; /* "libpcap 1.10.3" */
	const char *libraries[SYSTEM_LIBRARIES_MAX + 1];	      /* NULL-terminated */
};

void system_read(struct system_facts *out);

#endif
