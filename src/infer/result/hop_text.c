/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/result/hop_text.h"

const char *hop_text(struct arena *arena, int hop, const struct addr *addr, bool silent)
{
	char buf[ADDR_TEXT_BYTES];
	if (hop == 0)
		return "this host";
	if (addr_is_set(addr))
		return arena_printf(arena, "hop %d (%s)", hop, addr_text(addr, buf));
	return arena_printf(arena, silent ? "hop %d (which does not answer)" : "hop %d", hop);
}
