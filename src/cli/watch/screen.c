/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/watch/screen.h"
#include "io/host/clock.h"
#include "report/history/history.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HOME_AND_CLEAR "\033[H\033[2J"
#define HIDE_CURSOR    "\033[?25l"
#define SHOW_CURSOR    "\033[?25h"
#define SERVERS_SHOWN  12

void screen_open(struct screen *s, bool colour, bool utf8)
{
	struct termios raw;

	*s = (struct screen){.colour = colour, .utf8 = utf8};
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
	    tcgetattr(STDIN_FILENO, &s->before) != 0)
		return;
	raw = s->before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 0;
	s->restores = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
	s->on = true;
	fputs(HIDE_CURSOR, stdout);
}

void screen_close(struct screen *s)
{
	if (!s->on)
		return;
	fputs(SHOW_CURSOR "\n", stdout);
	fflush(stdout);
	if (s->restores)
		tcsetattr(STDIN_FILENO, TCSANOW, &s->before);
	s->on = false;
}

bool screen_quits(const struct screen *s)
{
	char typed[64];
	ssize_t n = s->on ? read(STDIN_FILENO, typed, sizeof(typed)) : 0;

	return n > 0 && memchr(typed, 'q', (size_t)n) != NULL;
}

/* A run as a letter and a colour: also without colour nothing is lost. */
static void add_sign(const struct screen *s, const struct run_record *run, struct text *out)
{
	static const struct {
		char letter;
		int colour;
	} signs[] = {
		[STATE_OPEN] = {'o', 32},     [STATE_CLOSED] = {'c', 31},
		[STATE_BLOCKED] = {'B', 31},  [STATE_INTERCEPTED] = {'I', 35},
		[STATE_DEGRADED] = {'d', 33}, [STATE_UNKNOWN] = {'?', 36},
	};
	bool failed = run_worth(run->status) == RUN_FAILED;
	char letter = failed ? '!' : signs[run->condition.state].letter;

	if (run->started.wall_us == 0)
		text_add(out, " ");
	else if (s->colour)
		text_addf(out, "\033[%dm%c\033[0m",
			  failed ? 36 : signs[run->condition.state].colour, letter);
	else
		text_addf(out, "%c", letter);
}

static void add_servers(const struct past *past, struct text *out)
{
	for (size_t i = 0; i < past->servers_n && i < SERVERS_SHOWN; i++) {
		const struct past_server *s = &past->servers[i];

		text_addf(out, "  %-12s ", state_name(s->state));
		text_add_untrusted(out, s->host, strlen(s->host));
		text_addf(out, " port %u, IPv%u\n", s->port, s->family);
	}
}

void screen_draw(const struct screen *s, const struct keeper *k, int64_t next_us)
{
	const struct past *past = &k->past;
	struct text out = {0};

	if (!s->on)
		return;
	text_addf(&out, HOME_AND_CLEAR "whoblocks watch: port %u, ", past->port);
	text_add_untrusted(&out, past->name, strlen(past->name));
	text_add(&out, "\n\n");
	past_text_last(past, clock_real_ns() / 1000, &out);
	if (past->sentence) {
		text_add(&out, "\n  ");
		text_add_untrusted(&out, past->sentence, strlen(past->sentence));
		text_add(&out, "\n");
	}
	text_add(&out, "\n  [");
	for (size_t i = 0; i < KEEPER_RECENT; i++)
		add_sign(s, &k->recent[i], &out);
	text_add(&out, "]\n  the last 60 runs: o open, B blocked, c closed, I intercepted, "
		       "d degraded, ? undecided, ! failed\n\n");
	add_servers(past, &out);
	if (next_us < 0)
		text_add(&out, "\n  measuring ...");
	else
		text_add(&out, "\n  next run in ");
	if (next_us >= 0)
		past_add_duration(&out, next_us);
	text_add(&out, "   (q: end)\n");
	if (!out.failed)
		fputs(text_str(&out), stdout);
	fflush(stdout);
	text_free(&out);
}
