/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_ENGINES_KEY_H
#define IO_ENGINES_KEY_H

/*
 * A service's key: from a file that its owner alone may read, or from the environment. It goes into
 * a header of requests, and nowhere else.
 */

#include "base/err.h"

#define ENGINE_KEY_BYTES 256

struct engine_key {
	char header[ENGINE_KEY_BYTES]; /* the value of Authorization; "": there is none */
};

/*
 * Reads the key from the file (NULL: from the environment's variable, if it is set), behind the
 * scheme's word ("Key", "Bearer"). 0, or -1 with *err (IO_INPUT); no message holds any of it.
 */
int engine_key_read(struct engine_key *key, const char *path, const char *value, const char *scheme,
		    struct err *err);

/* Overwrites it. */
void engine_key_wipe(struct engine_key *key);

#endif
