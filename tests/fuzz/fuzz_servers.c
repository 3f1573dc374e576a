/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the input as a list of known-good servers. */
#include "fuzz_check.h"
#include "io/names/known.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct known_list list;
	struct err err = {0};
	char *text = malloc(size + 1);

	require(text);
	memcpy(text, data, size);
	text[size] = '\0';
	if (known_parse(text, size, "input", &list, &err) == 0) {
		require(list.n <= KNOWN_SERVERS_MAX);
		for (size_t i = 0; i < list.n; i++) {
			const struct known_server *s = &list.servers[i];

			require(s->host && s->host[0] && s->port);
			require(s->controls_n <= TRACE_PORTS_MAX);
		}
		known_free(&list);
	} else {
		require(err.code != 0 && list.n == 0);
	}
	free(text);
	return 0;
}
