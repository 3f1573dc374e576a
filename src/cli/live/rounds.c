/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/live/rounds.h"
#include "cli/command.h"
#include "cli/out/log.h"
#include "cli/out/output.h"
#include "io/host/clock.h"
#include "io/host/interrupts.h"
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define MS	    INT64_C(1000000)
#define STATUS_LAST 9 /* greater ones are verdicts */

struct runner {
	struct options options; /* the caller's, coloured as its standard output wants */
	const struct options *o;
	rounds_measure *measure;
	struct log log;
	struct rounds rounds;
	int signal_fd;
	bool stopped; /* the user wants no further round */
	FILE *shown;  /* what the newest round has to say on standard output */
	int status;
};

static const char *copied(struct rounds *rounds, const json_t *told, const char *key)
{
	const char *s = json_string_value(json_object_get(told, key));
	return arena_copy(&rounds->arena, s ? s : "");
}

/* What the round's process told of its outcome. */
static void take_outcome(struct runner *r, FILE *from)
{
	json_t *told = json_loadf(from, JSON_DISABLE_EOF_CHECK, NULL);
	struct rounds *rounds = &r->rounds;
	size_t number = rounds->n + 1;
	if (json_is_object(told) && number <= ROUNDS_MAX) {
		rounds->items[rounds->n++] = (struct about_round){
			.started_ns = json_integer_value(json_object_get(told, "started")),
			.state = copied(rounds, told, "state"),
			.blocker = copied(rounds, told, "blocker"),
			.mechanism = copied(rounds, told, "mechanism"),
			.sentence = copied(rounds, told, "sentence"),
			.confidence = json_number_value(json_object_get(told, "confidence")),
			.capture =
				r->o->output && !r->o->redact
					? arena_printf(&rounds->arena, "capture-%zu.pcapng", number)
					: NULL,
		};
	}
	json_decref(told);
}

static void run_child(const struct runner *r, FILE *shown, int report_fd)
{
	struct rounds rounds = r->rounds;
	rounds.report_fd = report_fd;
	if (dup2(fileno(shown), STDOUT_FILENO) < 0)
		_exit(EXIT_SYSTEM);
	int status = r->measure(r->o, &rounds);
	fflush(stdout);
	_exit(status);
}

/* Waits for the process; a signal that comes meanwhile is handed on. */
static int wait_child(struct runner *r, pid_t pid)
{
	struct pollfd polled = {.fd = r->signal_fd, .events = POLLIN};
	struct signalfd_siginfo info;
	int status = 0;
	for (;;) {
		pid_t done = waitpid(pid, &status, WNOHANG);
		if (done == pid || (done < 0 && errno != EINTR))
			break;
		if (poll(&polled, 1, 50) <= 0 ||
		    read(r->signal_fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
			continue;
		r->stopped = true;
		kill(pid, (int)info.ssi_signo);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SYSTEM;
}

/* One round. False when nothing further makes sense. */
static bool run_round(struct runner *r)
{
	FILE *shown = tmpfile();
	int pipe_fds[2];
	if (!shown || pipe2(pipe_fds, O_CLOEXEC) != 0) {
		log_error(&r->log, "cannot start a round: %s", strerror(errno));
		r->status = EXIT_SYSTEM;
		return false;
	}
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0)
		run_child(r, shown, pipe_fds[1]);
	close(pipe_fds[1]);
	FILE *told = fdopen(pipe_fds[0], "r");
	if (pid > 0)
		r->status = wait_child(r, pid);
	else
		r->status = EXIT_SYSTEM;
	if (told)
		take_outcome(r, told);
	if (told)
		fclose(told);
	bool judged = r->status == EXIT_OK || r->status > STATUS_LAST;
	/* A round that fails does not take away what an earlier one found. */
	if (r->shown && judged)
		fclose(r->shown);
	if (judged || !r->shown)
		r->shown = shown;
	else
		fclose(shown);
	return judged;
}

/* The pause before the next round; false when the user does not want it. */
static bool pause_for(struct runner *r, int64_t until_ns)
{
	struct pollfd polled = {.fd = r->signal_fd, .events = POLLIN};
	while (!r->stopped) {
		int64_t left_ms = (until_ns - clock_mono_ns()) / MS;
		if (left_ms <= 0)
			return true;
		r->stopped = poll(&polled, 1, left_ms < 1000 ? (int)left_ms : 1000) > 0;
	}
	return false;
}

static void show_last(struct runner *r)
{
	struct text text = {0};
	char buf[8192];
	size_t n;
	rewind(r->shown);
	while ((n = fread(buf, 1, sizeof(buf), r->shown)) > 0)
		text_add_bytes(&text, buf, n);
	r->status = output_text(&r->log, &text, r->status);
	text_free(&text);
}

static void run_all(struct runner *r)
{
	for (uint32_t i = 0; i < r->o->rounds; i++) {
		int64_t next_ns = clock_mono_ns() + (int64_t)r->o->interval_ms * MS;
		if (!run_round(r))
			return;
		if (r->rounds.n > 0)
			log_note(&r->log, "round %u of %u: %s", i + 1, r->o->rounds,
				 r->rounds.items[r->rounds.n - 1].sentence);
		if (i + 1 < r->o->rounds && !pause_for(r, next_ns))
			return;
	}
}

int rounds_run(const struct options *o, rounds_measure *measure)
{
	struct runner r = {.options = *o, .measure = measure, .rounds = {.report_fd = -1}};
	struct err err = {0};
	if (o->rounds <= 1)
		return measure(o, &r.rounds);
	r.o = &r.options;
	r.options.color = output_style(o).colour ? COLOR_ALWAYS : COLOR_NEVER;
	log_init(&r.log, o);
	r.rounds.items = calloc(ROUNDS_MAX, sizeof(*r.rounds.items));
	r.signal_fd = interrupts_open(&err);
	if (!r.rounds.items || r.signal_fd < 0) {
		log_error(&r.log, "cannot start the rounds: %s",
			  r.signal_fd < 0 ? err.msg : "no memory");
		r.status = EXIT_SYSTEM;
	} else {
		run_all(&r);
	}
	if (r.shown) {
		show_last(&r);
		fclose(r.shown);
	}
	if (r.signal_fd >= 0)
		close(r.signal_fd);
	free(r.rounds.items);
	arena_free(&r.rounds.arena);
	return r.status;
}
