/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_WATCH_SCREEN_H
#define CLI_WATCH_SCREEN_H

/*
 * One screen on a terminal: the state, the last sixty runs as a strip, since
 * when, the servers. `q` ends it.
 */

#include "cli/watch/keeper.h"
#include <stdbool.h>
#include <stdint.h>
#include <termios.h>

struct screen {
	bool on;
	bool utf8, colour;
	struct termios before; /* how the terminal was */
	bool restores;
};

/* Takes the terminal, when standard input and output are one. */
void screen_open(struct screen *s, bool colour, bool utf8);
void screen_close(struct screen *s);

/* Draws it anew; `next_us`: time until the next run, negative while one is under way. */
void screen_draw(const struct screen *s, const struct keeper *k, int64_t next_us);

/* Whether the user wants to end, after something was typed. */
bool screen_quits(const struct screen *s);

#endif
