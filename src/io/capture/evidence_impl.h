/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_CAPTURE_EVIDENCE_IMPL_H
#define IO_CAPTURE_EVIDENCE_IMPL_H

/*
 * The spool, for the two files that work on it.
 */

#include "base/text.h"
#include "io/capture/evidence.h"
#include <stdbool.h>

struct evidence {
	int fd;
	const char *name;  /* for messages */
	uint32_t count;	   /* frames */
	int64_t len;	   /* bytes of whole blocks */
	struct text block; /* scratch */
	bool failed;	   /* something was not kept or not written */
};

#endif
