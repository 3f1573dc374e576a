/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A writer that is killed between any two system calls of a commit: what was stored before is all
 * there, and the run that it was about is there whole or not at all.
 */
#include "between.h"
#include "history_file.h"
#include <signal.h>
#include <sys/ptrace.h>

#define CALLS_MOST 1000

/* One run more, of which a change follows: the statements that a commit can have. 0, or -1. */
static int add_run(struct history *h, struct play *p, char letter)
{
	struct run_record run = record_of(p, letter);
	struct tracker_news news;
	struct history_entry entry = {.run = &run, .tracker = &p->tracker, .news = &news};
	struct err err;

	(void)play_letter(p, letter, &news);
	return history_add(h, &entry, &err);
}

/* A file with an open port and a candidate. */
static struct play make(void)
{
	struct play p = play_start();
	struct history *h = claim(&p.tracker);

	for (const char *c = "ooi"; *c; c++)
		assert_int_equal(add_run(h, &p, *c), 0);
	history_close(h);
	return p;
}

/* Another process confirms the candidate and is killed at its n-th stop. False: it had fewer. */
static bool kill_at(struct play *p, unsigned n)
{
	int status;
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		struct history *h = claim(&p->tracker);

		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		_exit(add_run(h, p, 'i') == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSTOPPED(status));
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(ptrace(PTRACE_SYSCALL, pid, NULL, NULL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (WIFEXITED(status)) {
			assert_int_equal(WEXITSTATUS(status), 0);
			return false;
		}
	}
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return true;
}

/* What is there afterwards; whether the run is. */
static bool look(void)
{
	struct play p = play_start();
	struct history *h = claim(&p.tracker);
	struct history_list list;
	struct err err;
	const struct past *past;
	bool there;

	if (history_read(h, NULL, 0, &list, &err) != 0)
		fail_msg("%s", err.msg);
	past = &list.items[0];
	there = past->runs_n == 4;
	assert_between(past->runs_n, 3, 4);
	assert_int_equal(past->periods_n, there ? 2 : 1);
	assert_int_equal(past->sums.runs[STATE_BLOCKED], there ? 2 : 1);
	assert_true(past->tracker.has_candidate == !there);
	assert_int_equal(past_lasting(past)->period.condition.state,
			 there ? STATE_BLOCKED : STATE_OPEN);
	/* The next one goes on from there. */
	assert_int_equal(add_run(h, &p, 'i'), 0);
	history_list_free(&list);
	history_close(h);
	return there;
}

static void killed(void **state)
{
	unsigned n, kept = 0;

	(void)state;
	for (n = 1; n < CALLS_MOST; n++) {
		struct play p = make();
		bool stopped = kill_at(&p, n);

		kept += look();
		assert_int_equal(unlink(file), 0);
		if (!stopped)
			break;
	}
	print_message("killed at %u places, %u of them after the commit\n", n - 1, kept - 1);
	assert_between(n, 20, CALLS_MOST - 1);
	assert_between(kept, 1, n - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(killed)};

	return cmocka_run_group_tests(tests, begin, end);
}
