/* SPDX-License-Identifier: BSD-2-Clause */
/* What is stored in the history comes back. */
#include "../seeded.h"
#include "between.h"
#include "history_file.h"
#include <sys/stat.h>

static struct history_list read_all(void)
{
	struct history *h = open_history(false);
	struct history_list list;
	struct err err;

	if (history_read(h, "default", 0, &list, &err) != 0)
		fail_msg("%s", err.msg);
	history_close(h);
	assert_int_equal(list.n, 1);
	return list;
}

static void comes_back(void **state)
{
	struct history_list list;
	struct tracker last;
	const struct past *past;

	(void)state;
	play("ooiigfn....ggoo", false, &last);
	list = read_all();
	past = &list.items[0];
	assert_string_equal(past->name, "default");
	assert_int_equal(past->port, 587);
	assert_string_equal(past->sentence, "Port 587 is so.");
	assert_int_equal(past->runs_n, 11);
	assert_int_equal(past->runs[2].status, 12);
	assert_int_equal(past->runs[2].condition.who, CONDITION_BIT(BLOCKER_ISP));
	assert_int_equal(past->runs[4].condition.who, BITS(LOCAL_NETWORK, ISP));
	assert_int_equal(past->runs[5].status, 3);
	assert_true(past->runs[0].confidence == 0.5);
	assert_true(past->runs[0].ended_us == START_US + RUN_US);
	assert_int_equal(past->periods_n, 3);
	assert_int_equal(past->periods[1].period.condition.state, STATE_BLOCKED);
	assert_int_equal(minute(past->periods[1].period.before_us), 1);
	assert_int_equal(minute(past->periods[1].period.since_us), 11);
	assert_true(past->periods[1].period.until_us == past->periods[2].period.since_us);
	assert_string_equal(past->periods[1].proof, "/evidence/1");
	assert_ptr_equal(past_lasting(past), &past->periods[2]);
	assert_int_equal(past->gaps_n, 1);
	assert_int_equal(past->gaps[0].why, GAP_STOPPED);
	assert_int_equal(past->sums.runs[STATE_OPEN], 4);
	assert_int_equal(past->sums.runs[STATE_BLOCKED], 5);
	assert_int_equal(past->sums.runs[PAST_FAILED], 1);
	assert_int_equal(past->sums.changes, 2);
	assert_int_equal(past->sums.target.accepted, 33);
	assert_int_equal(past->servers_n, 1);
	assert_string_equal(past->servers[0].host, "mail.example.org");
	assert_true(past->periods[1].period.unobserved_us ==
		    past->gaps[0].to_us - past->gaps[0].from_us);
	history_list_free(&list);
	assert_int_equal(unlink(file), 0);
}

/* Field by field: what lies between them is anything. */
static bool same_period(const struct period *a, const struct period *b)
{
	return a->condition.state == b->condition.state && a->condition.who == b->condition.who &&
	       a->mechanism == b->mechanism && a->before_us == b->before_us &&
	       a->since_us == b->since_us && a->confirmed_us == b->confirmed_us &&
	       a->last_us == b->last_us && a->until_us == b->until_us &&
	       a->unobserved_us == b->unobserved_us;
}

/* A process that takes up the tracker goes on as the one before would have. */
static void restarts(void **state)
{
	uint64_t random = 7;

	(void)state;
	for (int i = 0; i < 20; i++) {
		struct tracker one, many;
		char letters[41] = "";

		for (size_t n = 0; n < sizeof(letters) - 1; n++)
			letters[n] = seeded_below(&random, 3)
					     ? "oi"[n / 10 % 2]
					     : ALL_LETTERS[seeded_below(&random,
									sizeof(ALL_LETTERS) - 1)];
		play(letters, false, &one);
		assert_int_equal(unlink(file), 0);
		play(letters, true, &many);
		assert_int_equal(unlink(file), 0);
		/* until_us is not the tracker's: it belongs to periods that are over. */
		assert_true(one.period.until_us == 0);
		if (!same_period(&one.period, &many.period) ||
		    one.has_candidate != many.has_candidate ||
		    one.candidate.since_us != many.candidate.since_us ||
		    one.candidate.hurried != many.candidate.hurried ||
		    one.flapping.changes != many.flapping.changes ||
		    one.flapping.on != many.flapping.on || one.left_us != many.left_us ||
		    one.observed_us != many.observed_us ||
		    one.unobserved_us != many.unobserved_us ||
		    memcmp(&one.last, &many.last, sizeof(one.last)) != 0)
			fail_msg("'%s': a restart makes a difference", letters);
	}
}

/* Bytes that a run takes, over a year of runs at ten minutes. */
static void size(void **state)
{
	struct play p = play_start();
	struct history *h = claim(&p.tracker);
	struct err err;
	struct stat info;
	struct history_list list;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct run_record run = record_of(&p, 'o');
		struct tracker_news news;

		run.confidence = 0.99;
		run.control_rtt_ms = 12.345;
		run.clock_ok = true;
		run.started.boot = UINT64_C(0x123456789abc);
		(void)play_letter(&p, 'o', &news);
		add(h, &p, &run, &news);
	}
	assert_int_equal(stat(file, &info), 0);
	print_message("%d bytes a run\n", (int)(info.st_size / 2000));
	assert_between(info.st_size / 2000, 50, 200);
	/* All but those of the last hour go. */
	assert_int_equal(history_prune(h, START_US + p.true_us - 60 * MINUTE_US, &err), 0);
	assert_int_equal(history_forget(h, "/evidence/1", &err), 0);
	history_close(h);
	list = read_all();
	assert_between(list.items[0].runs_n, 5, 7);
	assert_int_equal(list.items[0].sums.runs[STATE_OPEN], 2000);
	assert_null(list.items[0].periods[0].proof);
	history_list_free(&list);
	assert_int_equal(stat(file, &info), 0);
	assert_true(info.st_size < 100000);
	unlink(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back),
		cmocka_unit_test(restarts),
		cmocka_unit_test(size),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
