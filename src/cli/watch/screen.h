/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_WATCH_SCREEN_H
#define CLI_WATCH_SCREEN_H

/*
 * One screen on a terminal: the state, the last sixty runs as a strip, since
 * when, the servers, the newest message. `q` ends it.
 */

#include "cli/options.h"
#include "cli/out/log.h"
#include "cli/watch/keeper.h"
#include <stdbool.h>
#include <stdint.h>
#include <termios.h>

struct screen {
	bool on;
	const struct options *o;
	struct log *log;
	struct text servers;   /* of the newest run, a line each */
	struct termios before; /* how the terminal was */
	bool restores;
};

/* Takes the terminal, when standard input and output are one: messages go to the screen, too. The
 * options and the log are loans. */
void screen_open(struct screen *s, const struct options *o, struct log *log);
void screen_close(struct screen *s);

/* Notes the servers that a run asked, whoever named them. */
void screen_take(struct screen *s, const struct outcome *outcome);

/* Draws it anew; `next_us`: time until the next run, negative while one is under way. */
void screen_draw(const struct screen *s, const struct keeper *k, int64_t next_us);

/* Whether the user wants to end, after something was typed. */
bool screen_quits(const struct screen *s);

#endif
