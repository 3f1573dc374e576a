/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef HISTORY_FILE_H
#define HISTORY_FILE_H

/*
 * A place for the history of a test, in memory where it can be: every run is brought to the disk.
 */

#include "io/history/history.h"
#include "io_test.h"
#include "tracker_play.h"

static char folder[TEMP_PATH_BYTES], file[2 * TEMP_PATH_BYTES];

static const struct history_subject subject = {
	.name = "default",
	.port = 587,
	.hosts = "",
	.interval_us = 10 * MINUTE_US,
};

static inline struct history *open_history(bool write)
{
	struct err err;
	struct history *h = history_open(file, write, &err);

	if (!h)
		fail_msg("%s", err.msg);
	return h;
}

static inline struct history *claim(struct tracker *tracker)
{
	struct history *h = open_history(true);
	struct err err;

	if (history_claim(h, &subject, tracker, &err) != 0)
		fail_msg("%s", err.msg);
	return h;
}

static inline void add(struct history *h, const struct play *p, const struct run_record *run,
		       const struct tracker_news *news)
{
	const struct past_server server = {"mail.example.org", 587, 4, STATE_OPEN, 5};
	struct history_entry entry = {
		.run = run,
		.tracker = &p->tracker,
		.news = news,
		.result = news->confirmed ? "{}" : NULL,
		.proof = news->confirmed ? "/evidence/1" : NULL,
		.servers = &server,
		.servers_n = 1,
	};
	struct err err;

	if (history_add(h, &entry, &err) != 0)
		fail_msg("%s", err.msg);
}

/* Plays letters; with `restarts`, every run is another process's. */
static inline void play(const char *letters, bool restarts, struct tracker *last)
{
	struct play p = play_start();
	struct history *h = claim(&p.tracker);

	for (; *letters; letters++) {
		struct tracker_news news;
		struct run_record run;

		if (strchr(".SB+-", *letters)) {
			(void)play_letter(&p, *letters, &news);
			continue;
		}
		run = record_of(&p, *letters);
		run.sentence = "Port 587 is so.";
		run.confidence = 0.5;
		run.target.accepted = 3;
		(void)play_letter(&p, *letters, &news);
		add(h, &p, &run, &news);
		if (restarts) {
			history_close(h);
			h = claim(&p.tracker);
		}
	}
	*last = p.tracker;
	history_close(h);
}

static inline int begin(void **state)
{
	(void)state;
	strcpy(folder, "/dev/shm/whoblocks-test-XXXXXX");
	if (!mkdtemp(folder))
		temp_folder(folder);
	temp_path(file, folder, "history.db");
	return 0;
}

static inline int end(void **state)
{
	(void)state;
	return rmdir(folder);
}

#endif
