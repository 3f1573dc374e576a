/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/show/pseudonyms.h"
#include "cli/command.h"
#include "report/page/about.h"
#include "report/redact/redact.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 1024

struct pseudonyms {
	struct redaction red;
	struct arena arena;
	struct about about;
};

static const char *shown(struct pseudonyms *p, const char *s)
{
	struct text text = {0};
	const char *copy;
	if (!s)
		return NULL;
	redact_prose(&p->red, s, &text);
	copy = arena_copy(&p->arena, text_str(&text));
	p->arena.failed |= text.failed;
	text_free(&text);
	return copy;
}

static const char *const *shown_list(struct pseudonyms *p, const char *const *items)
{
	const char **list;
	size_t n = 0;
	while (items && items[n] && n < WORDS_MAX)
		n++;
	list = items ? arena_alloc(&p->arena, (n + 1) * sizeof(*list)) : NULL;
	for (size_t i = 0; list && i < n; i++)
		list[i] = shown(p, items[i]);
	return list;
}

/* What rounds before this one said. */
static void show_rounds(struct pseudonyms *p, struct about *about)
{
	struct about_round *rounds = arena_alloc(&p->arena, about->rounds_n * sizeof(*rounds));
	for (size_t i = 0; rounds && i < about->rounds_n; i++) {
		rounds[i] = about->rounds[i];
		rounds[i].sentence = shown(p, about->rounds[i].sentence);
	}
	about->rounds = rounds;
}

/* What the run says of itself; its strings may be the trace's, which are about to go. */
static void show_run(struct pseudonyms *p, struct run_info *run)
{
	if (run->about)
		p->about = *run->about;
	p->about.redacted = true;
	p->about.labels_n = 0;
	if (p->about.rounds_n)
		show_rounds(p, &p->about);
	run->about = &p->about;
	run->argv = shown_list(p, run->argv);
	run->lookups = shown_list(p, run->lookups);
	run->interface = shown(p, run->interface);
	run->stop = shown(p, run->stop);
	run->capture_file = NULL;
}

int pseudonyms_use(struct log *log, struct judged *j, struct pseudonyms **out)
{
	struct pseudonyms *p = calloc(1, sizeof(*p));

	*out = p;
	if (p && redact_plan(j->trace, &j->result, &p->red) == 0) {
		show_run(p, j->run);
		if (redact_trace(&p->red, j->trace) == 0 && !p->arena.failed &&
		    !p->red.arena.failed)
			return 0;
	}
	log_error(log, "no memory for the pseudonyms");
	return EXIT_SYSTEM;
}

void pseudonyms_key(const struct pseudonyms *p, struct text *out)
{
	redact_key(&p->red, out);
}

void pseudonyms_free(struct pseudonyms *p)
{
	if (!p)
		return;
	redact_free(&p->red);
	arena_free(&p->arena);
	free(p);
}
