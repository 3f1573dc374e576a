/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Three days of a watch in less than a second: what is true of the port changes, runs are made when
 * the schedule says, everything goes to a history; and that is compared with the truth.
 */
#include "../seeded.h"
#include "between.h"
#include "history_file.h"
#include "state/schedule.h"

#define AT(hour, min) (((hour)*INT64_C(60) + (min)) * MINUTE_US)
#define END	      AT(72, 0)
#define PERIODS	      8
#define UNDECIDED_OF  15 /* one run of so many does not decide */

/* What a run would find from this time on: letters as in tracker_play.h; / in turn open and blocked
 * by the provider, * nothing runs: the machine is off, Z: it sleeps. */
static const struct {
	int64_t from_us;
	char letter;
} truth[] = {
	{AT(0, 0), 'o'},   {AT(5, 13), 'i'}, {AT(9, 47), 'o'},	{AT(14, 2), 'n'},
	{AT(16, 35), 'o'}, {AT(20, 5), 't'}, {AT(22, 58), 'h'}, {AT(25, 31), 'o'},
	{AT(30, 3), '*'},  {AT(34, 0), 'o'}, {AT(45, 17), 'i'}, {AT(47, 44), 'o'},
	{AT(55, 6), 'Z'},  {AT(58, 1), 'o'}, {AT(61, 3), '/'},	{AT(63, 9), 'o'},
};

/* The wall clock is an hour ahead between these. */
#define SET_FORWARD AT(40, 4)
#define SET_BACK    AT(50, 6)

/* What the history must hold: the periods that are no part of the flapping. */
static const struct {
	char letter;
	int64_t from_us;
	int ahead; /* minutes: the clock's error when the period ended */
} expected[PERIODS] = {
	{'o', AT(0, 0), 0},   {'i', AT(5, 13), 0},   {'o', AT(9, 47), 0},   {'t', AT(20, 5), 0},
	{'h', AT(22, 58), 0}, {'o', AT(25, 31), 60}, {'i', AT(45, 17), 60}, {'o', AT(47, 44), 0},
};

struct days {
	struct play p;
	struct history *h;
	uint64_t seed, number, random;
	unsigned runs, tells, flaps;
};

static size_t index_at(int64_t us)
{
	size_t i = 0;

	while (i + 1 < COUNT(truth) && truth[i + 1].from_us <= us)
		i++;
	return i;
}

/* Off or asleep until the next line of the truth; when the next run is due. */
static int64_t idle(struct days *d, size_t i)
{
	struct play *p = &d->p;

	if (truth[i].letter == 'Z') {
		p->asleep_us += truth[i + 1].from_us - truth[i].from_us;
		return truth[i + 1].from_us;
	}
	p->true_us = truth[i + 1].from_us;
	(void)play_letter(p, 'B', NULL);
	history_close(d->h);
	d->h = claim(&p->tracker);
	return p->true_us + schedule_first_us(d->seed, p->tracker.interval_us);
}

/* One run, in the history; when the next one is due. */
static int64_t measure(struct days *d, char letter)
{
	struct play *p = &d->p;
	int64_t now_us = p->true_us;
	struct tracker_news news = {0};
	struct run_record run;

	if (letter == '/')
		letter = "oi"[d->number % 2];
	else if (seeded_below(&d->random, UNDECIDED_OF) == 0 && letter != 'n')
		letter = 'u';
	p->set_us = now_us >= SET_FORWARD && now_us < SET_BACK ? 60 * MINUTE_US : 0;
	run = record_of(p, letter);
	(void)play_letter(p, letter, &news);
	add(d->h, p, &run, &news);
	d->runs++;
	d->tells += news.tell;
	d->flaps += news.flapping_changed;
	return schedule_next_us(&p->tracker, d->seed, d->number++, now_us);
}

static void compare_periods(const struct past *past)
{
	assert_true(past->periods_n >= PERIODS);
	for (size_t i = 0; i < PERIODS; i++) {
		const struct period *p = &past->periods[i].period;
		struct condition own = record_of(&(struct play){0}, expected[i].letter).condition;
		int64_t from_us = START_US + expected[i].from_us + expected[i].ahead * MINUTE_US;

		assert_int_equal(p->condition.state, own.state);
		assert_int_equal(p->condition.who, own.who);
		/* The beginning lies where it is said to; two runs without a verdict may lie there.
		 */
		if (i > 0) {
			assert_true(p->before_us <= from_us && from_us <= p->since_us);
			assert_true(p->since_us - p->before_us <= 30 * MINUTE_US);
			/* A period that is over keeps the times of the clock by which it ended. */
			if (expected[i].ahead == expected[i - 1].ahead)
				assert_true(past->periods[i - 1].period.until_us == p->since_us);
		}
		assert_true(p->last_us - p->since_us >= p->unobserved_us);
	}
}

/* No network for two and a half hours, a machine that was off for four, one that slept for three.
 */
static void compare_gaps(const struct past *past)
{
	static const struct {
		enum gap_why why;
		int64_t from_us, to_us;
	} gaps[] = {
		{GAP_NO_NETWORK, AT(14, 2), AT(16, 35)},
		{GAP_STOPPED, AT(30, 3), AT(34, 0)},
		{GAP_SUSPENDED, AT(55, 6), AT(58, 1)},
	};

	int64_t early_us, late_us;

	assert_int_equal(past->gaps_n, COUNT(gaps));
	for (size_t i = 0; i < COUNT(gaps); i++) {
		assert_int_equal(past->gaps[i].why, gaps[i].why);
		/* A run saw the port within the half hour before, and another one within that
		 * after. */
		early_us = START_US + gaps[i].from_us - past->gaps[i].from_us;
		late_us = past->gaps[i].to_us - START_US - gaps[i].to_us;
		assert_true(early_us >= 0 && early_us <= 30 * MINUTE_US);
		assert_true(late_us >= 0 && late_us <= 30 * MINUTE_US);
	}
}

static void three_days(void **state)
{
	struct days d = {
		.p = play_start(), .seed = schedule_seed("machine", "default"), .random = 1};
	struct history_list list;
	struct err err;
	int64_t due_us = schedule_first_us(d.seed, 10 * MINUTE_US);

	(void)state;
	d.h = claim(&d.p.tracker);
	while (due_us < END) {
		size_t i = index_at(due_us);
		bool looks = strchr("*Z", truth[i].letter) == NULL;

		d.p.true_us = due_us;
		due_us = looks ? measure(&d, truth[i].letter) : idle(&d, i);
	}
	assert_int_equal(history_read(d.h, NULL, 0, &list, &err), 0);
	assert_int_equal(list.items[0].runs_n, d.runs);
	compare_periods(&list.items[0]);
	compare_gaps(&list.items[0]);
	/* It began to flap and came to rest; each change was told once, but none in between. */
	assert_int_equal(d.flaps, 2);
	assert_false(d.p.tracker.flapping.on);
	assert_between(d.tells, PERIODS - 1 + 2, list.items[0].sums.changes + 2);
	print_message("%u runs, %zu periods, %u told\n", d.runs, list.items[0].periods_n, d.tells);
	history_list_free(&list);
	history_close(d.h);
	unlink(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(three_days)};

	return cmocka_run_group_tests(tests, begin, end);
}
