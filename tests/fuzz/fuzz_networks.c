/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the input as a file of networks. */
#include "fuzz_check.h"
#include "io/names/networks.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct network_list list;
	struct err err = {0};
	char *text = malloc(size + 1);

	require(text);
	memcpy(text, data, size);
	text[size] = '\0';
	if (networks_parse(text, size, "input", &list, &err) == 0) {
		for (size_t i = 0; i < list.n; i++) {
			const struct network *n = &list.networks[i];

			require(addr_is_set(&n->prefix.addr) && n->has_role && n->by_user);
			require(n->prefix.len <= (n->prefix.addr.family == 4 ? 32 : 128));
		}
		networks_free(&list);
	} else {
		require(err.code != 0 && list.n == 0);
	}
	free(text);
	return 0;
}
