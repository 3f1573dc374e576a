/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/result/hop_text.h"

const char *hop_text(struct arena *arena, int hop, const struct addr *addr, bool silent)
{
	char buf[ADDR_TEXT_BYTES];
	if (hop == 0)
		return arena_word(arena, N_("this host"));
	if (addr_is_set(addr))
		return arena_say(arena, "hop %d (%s)", hop, addr_text(addr, buf));
	if (silent)
		return arena_say(arena, "hop %d (which does not answer)", hop);
	return arena_say(arena, "hop %d", hop);
}
