/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/watch/screen.h"
#include "cli/out/output.h"
#include "io/host/clock.h"
#include "report/history/history.h"
#include "report/page/page.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HOME_AND_CLEAR "\033[H\033[2J"
#define HIDE_CURSOR    "\033[?25l"
#define SHOW_CURSOR    "\033[?25h"
#define SERVERS_SHOWN  12
#define STRIP_EDGES    4 /* columns beside the strip */

void screen_open(struct screen *s, const struct options *o, struct log *log)
{
	struct termios raw;

	*s = (struct screen){.o = o, .log = log};
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
	    tcgetattr(STDIN_FILENO, &s->before) != 0)
		return;
	raw = s->before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 0;
	s->restores = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
	s->on = true;
	log_keep(log, true);
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
	log_keep(s->log, false);
	text_free(&s->servers);
}

bool screen_quits(const struct screen *s)
{
	char typed[64];
	ssize_t n = s->on ? read(STDIN_FILENO, typed, sizeof(typed)) : 0;

	return n > 0 && memchr(typed, 'q', (size_t)n) != NULL;
}

void screen_take(struct screen *s, const struct outcome *outcome)
{
	if (!s->on)
		return;
	text_free(&s->servers);
	for (size_t i = 0; i < outcome->servers_n && i < SERVERS_SHOWN; i++) {
		const struct past_server *server = &outcome->servers[i];

		text_addf(&s->servers, "  %-12s ", state_name(server->state));
		text_add_untrusted(&s->servers, server->host, strlen(server->host));
		text_addf(&s->servers, " port %u, IPv%u\n", server->port, server->family);
	}
}

/* A run as a letter and a colour: also without colour nothing is lost. */
static void add_sign(bool colour, const struct run_record *run, struct text *out)
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
	else if (colour)
		text_addf(out, "\033[%dm%c\033[0m",
			  failed ? 36 : signs[run->condition.state].colour, letter);
	else
		text_addf(out, "%c", letter);
}

/* The newest runs, as many as there is room for. */
static void add_strip(const struct page *page, const struct keeper *k, struct text *out)
{
	size_t room = page->columns - STRIP_EDGES;
	size_t n = room < KEEPER_RECENT ? room : KEEPER_RECENT;
	char legend[128];

	snprintf(legend, sizeof(legend),
		 "the last %zu runs: o open, B blocked, c closed, I intercepted, d degraded, "
		 "? undecided, ! failed",
		 n);
	text_add(out, "\n  [");
	for (size_t i = KEEPER_RECENT - n; i < KEEPER_RECENT; i++)
		add_sign(page->colour, &k->recent[i], out);
	text_add(out, "]\n");
	page_paragraph(page, &(struct margin){"  ", 2, "", PAINT_NONE}, legend);
}

/* State, since when, and what the newest run said. */
static void add_state(const struct page *page, const struct past *past, struct text *out)
{
	past_text_last(past, clock_real_ns() / 1000, out);
	if (past->runs_n && !past->runs[0].clock_ok)
		text_add(out, "  * the clock was not synchronised\n");
	if (past->sentence) {
		text_add(out, "\n");
		page_paragraph(page, &(struct margin){"  ", 2, "", PAINT_NONE}, past->sentence);
	}
}

void screen_draw(const struct screen *s, const struct keeper *k, int64_t next_us)
{
	const struct past *past = &k->past;
	const char *message;
	struct text out = {0};
	struct text_style style;
	struct page page;

	if (!s->on)
		return;
	message = log_kept(s->log);
	style = output_style(s->o); /* the terminal may have another width now */
	page = page_on(&out, &style);
	text_addf(&out, HOME_AND_CLEAR "whoblocks watch: port %u, ", past->port);
	text_add_untrusted(&out, past->name, strlen(past->name));
	text_add(&out, "\n\n");
	add_state(&page, past, &out);
	add_strip(&page, k, &out);
	text_addf(&out, "\n%s\n", text_str(&s->servers));
	if (message) {
		page_paragraph(&page, &(struct margin){"  ", 2, "", PAINT_DOUBT}, message);
		text_add(&out, "\n");
	}
	text_add(&out, next_us < 0 ? "  measuring ..." : "  next run in ");
	if (next_us >= 0)
		past_add_duration(&out, next_us);
	text_add(&out, "   (q: end)\n");
	if (!out.failed)
		fputs(text_str(&out), stdout);
	fflush(stdout);
	text_free(&out);
}
