/* SPDX-License-Identifier: BSD-2-Clause */
/* Sequences of runs, and what is made of them. */
#include "../seeded.h"
#include "tracker_play.h"

/* The letter of a condition. */
static char letter_of(const struct condition *c)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct condition own =
			condition_of(kinds[i].state, kinds[i].blocker, kinds[i].suspects);

		if (own.state == c->state && own.who == c->who)
			return kinds[i].letter;
	}
	return '*';
}

static void log_news(struct play *p, const struct tracker_news *n)
{
	const struct period *now = &p->tracker.period, *old = &n->ended_period;

	if (n->clock_step_us)
		text_addf(&p->log, " set%+d", (int)(n->clock_step_us / MINUTE_US));
	if (n->has_gap)
		text_addf(&p->log, " gap:%s(%d-%d)", gap_why_name(n->gap.why),
			  minute(n->gap.from_us), minute(n->gap.to_us));
	if (n->contradicts)
		text_addf(&p->log, " %c?", letter_of(&p->tracker.candidate.condition));
	if (n->dismissed)
		text_add(&p->log, " no");
	if (n->refined)
		text_addf(&p->log, " =%c", letter_of(&now->condition));
	if (n->ended)
		text_addf(&p->log, " %c-(%d..%d)", letter_of(&old->condition), minute(old->last_us),
			  minute(old->until_us));
	if (n->confirmed)
		text_addf(&p->log, " %c!(%d..%d)", letter_of(&now->condition),
			  minute(now->before_us), minute(now->since_us));
	if (n->flapping_changed)
		text_add(&p->log, p->tracker.flapping.on ? " flaps" : " calm");
	if (n->tell)
		text_add(&p->log, " tell");
}

/* letters; what is logged */
static const struct {
	const char *letters, *log;
} cases[] = {
	{"o", "o?"},
	{"oo", "o? o!(-1..0)"},
	{"ooo", "o? o!(-1..0)"},
	{"i", "i?"},
	{"ii", "i? i!(-1..0) tell"},
	{"uii", "i? i!(-1..10) tell"},
	{"iui", "i? i!(-1..0) tell"},
	{"uuu", ""},
	{"fff", ""},
	{"ooii", "o? o!(-1..0) i? o-(1..11) i!(1..11) tell"},
	{"ooiio", "o? o!(-1..0) i? o-(1..11) i!(1..11) tell o?"},
	{"ooiioo", "o? o!(-1..0) i? o-(1..11) i!(1..11) tell o? i-(12..22) o!(12..22) tell"},
	{"ooio", "o? o!(-1..0) i? no"},
	{"ooioio", "o? o!(-1..0) i? no i? no"},
	{"oogi", "o? o!(-1..0) g? o-(1..11) i!(1..11) tell"},
	{"oogg", "o? o!(-1..0) g? o-(1..11) g!(1..11) tell"},
	{"ooggi", "o? o!(-1..0) g? o-(1..11) g!(1..11) tell =i"},
	{"oogig", "o? o!(-1..0) g? o-(1..11) i!(1..11) tell"},
	{"ooggii", "o? o!(-1..0) g? o-(1..11) g!(1..11) tell =i"},
	{"ooggxt", "o? o!(-1..0) g? o-(1..11) g!(1..11) tell =i t?"},
	{"ooiitt", "o? o!(-1..0) i? o-(1..11) i!(1..11) tell t? i-(12..22) t!(12..22) tell"},
	{"ooiig", "o? o!(-1..0) i? o-(1..11) i!(1..11) tell"},
	{"ooiix", "o? o!(-1..0) i? o-(1..11) i!(1..11) tell"},
	{"ooggtt", "o? o!(-1..0) g? o-(1..11) g!(1..11) tell t? g-(12..22) t!(12..22) tell"},
	{"oosscc", "o? o!(-1..0) s? o-(1..11) s!(1..11) tell c? s-(12..22) c!(12..22) tell"},
	{"ooittoo", "o? o!(-1..0) i? t? o-(1..11) t!(11..12) tell o? t-(13..23) o!(13..23) tell"},
	{"ooidd", "o? o!(-1..0) i? d? o-(1..11) d!(11..12) tell"},
	{"ooii?", "o? o!(-1..0) i? o-(1..11) i!(1..11) tell"},
	{"oo??i", "o? o!(-1..0) ?? o-(1..11) ?!(1..11) tell =i"},
	{"oo??hh", "o? o!(-1..0) ?? o-(1..11) ?!(1..11) tell =h"},
	{"ooiuui", "o? o!(-1..0) i? o-(1..11) i!(1..11) tell"},
	{"ooiuuuui", "o? o!(-1..0) i? o-(1..11) i!(1..11) tell"},
	{"ooiuo", "o? o!(-1..0) i? no"},
	{"oouuuii", "o? o!(-1..0) i? o-(1..41) i!(1..41) tell"},
	{"oofffoo", "o? o!(-1..0) gap:failed(1-41)"},
	{"oonnnnoo", "o? o!(-1..0) gap:no-network(1-51)"},
	{"oo....oo", "o? o!(-1..0) gap:stopped(1-51)"},
	{"oo...oo", "o? o!(-1..0) gap:stopped(1-41)"},
	{"ooSoo", "o? o!(-1..0) gap:suspended(1-71)"},
	{"oo....ii", "o? o!(-1..0) gap:stopped(1-51) i? o-(1..51) i!(1..51) tell"},
	{"oof....ii", "o? o!(-1..0) gap:stopped(1-61) i? o-(1..61) i!(1..61) tell"},
	{"ooBoo", "o? o!(-1..0)"},
	{"oo....Boo", "o? o!(-1..0) gap:stopped(1-51)"},
	{"oo+oo", "o? o!(-1..0) set+60"},
	{"oo-oo", "o? o!(-1..0) set-60"},
	{"oo-ii", "o? o!(-1..0) set-60 i? o-(-58..-49) i!(-58..-49) tell"},
	{"ooi-i", "o? o!(-1..0) i? set-60 o-(-58..-49) i!(-58..-49) tell"},
	{"ooii+o-o",
	 "o? o!(-1..0) i? o-(1..11) i!(1..11) tell set+60 o? set-60 i-(12..22) o!(12..22) tell"},
	{"oo-Boo", "o? o!(-1..0) set-50"},
	{"oo-B.......oo", "o? o!(-1..0)"},
	{"uu....uu", "gap:stopped(10-60)"},
	{"ooiiuuuuuuuoo", "o? o!(-1..0) i? o-(1..11) i!(1..11) tell o? i-(12..92) o!(12..92) tell"},
	{"ooiooiooiooiooioo", "o? o!(-1..0) i? no i? no i? no flaps tell i? no i? no"},
	{"oiiooiiooiiooiioo",
	 "o? i? i!(0..1) tell o? i-(2..12) o!(2..12) tell i? o-(13..23) i!(13..23) tell o? "
	 "i-(24..34) o!(24..34) tell i? o-(35..45) i!(35..45) tell o? flaps tell i-(46..56) "
	 "o!(46..56) i? o-(57..67) i!(57..67) o? i-(68..78) o!(68..78)"},
	{"oiiooiiooiiooiiooooooooooooooooooooo",
	 "o? i? i!(0..1) tell o? i-(2..12) o!(2..12) tell i? o-(13..23) i!(13..23) tell o? "
	 "i-(24..34) o!(24..34) tell i? o-(35..45) i!(35..45) tell o? flaps tell i-(46..56) "
	 "o!(46..56) i? o-(57..67) i!(57..67) o? i-(68..78) o!(68..78) calm tell"},
	{"ooii....ii", "o? o!(-1..0) i? o-(1..11) i!(1..11) tell gap:stopped(12-62)"},
	{"ooii....oo", "o? o!(-1..0) i? o-(1..11) i!(1..11) tell gap:stopped(12-62) o? i-(12..62) "
		       "o!(12..62) tell"},
	{"ii....ii", "i? i!(-1..0) tell gap:stopped(1-51)"},
	{"iiSiiii", "i? i!(-1..0) tell gap:suspended(1-71)"},
	{"rr", "r? r!(-1..0) tell"},
	{"ooddrr", "o? o!(-1..0) d? o-(1..11) d!(1..11) tell r? d-(12..22) r!(12..22) tell"},
	{"cc", "c? c!(-1..0) tell"},
	{"oott..tttt", "o? o!(-1..0) t? o-(1..11) t!(1..11) tell"},
};

static void sequences(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct play p = play_start();
		const char *said;

		for (const char *c = cases[i].letters; *c; c++) {
			struct tracker_news news;

			if (play_letter(&p, *c, &news))
				log_news(&p, &news);
		}
		said = text_str(&p.log);
		said += *said == ' ';
		if (strcmp(said, cases[i].log) != 0)
			fail_msg("'%s':\n  %s\ninstead of\n  %s", cases[i].letters, said,
				 cases[i].log);
		text_free(&p.log);
	}
}

/* The times of a period are in order. */
static void ordered(const struct period *p, const char *sequence)
{
	if ((p->before_us && p->before_us > p->since_us) || p->since_us >= p->confirmed_us ||
	    p->confirmed_us > p->last_us || (p->until_us && p->until_us < p->last_us) ||
	    p->unobserved_us < 0 || p->unobserved_us > p->last_us - p->since_us)
		fail_msg("'%s': the times of a period are in disorder", sequence);
}

/* What must hold after any run; `agreeing` counts the decided runs in a row that agree. */
static void holds(const struct play *before, const struct play *p, const struct tracker_news *n,
		  char letter, const char *sequence)
{
	const struct tracker *old = &before->tracker, *now = &p->tracker;
	const struct kind *k = kind_of(letter);

	if (run_worth(k->status) != RUN_DECIDED &&
	    (n->confirmed || n->ended || n->tell || n->contradicts || n->dismissed ||
	     old->period.last_us + n->clock_step_us * (old->period.last_us != 0) !=
		     now->period.last_us ||
	     old->flapping.changes != now->flapping.changes))
		fail_msg("'%s': a run without a verdict changed something", sequence);
	if (n->confirmed &&
	    !(old->has_candidate && condition_agrees(&old->candidate.condition, &now->decided)))
		fail_msg("'%s': one run alone was confirmed", sequence);
	if (n->confirmed && old->has_period &&
	    condition_agrees(&old->period.condition, &now->period.condition))
		fail_msg("'%s': a refinement counts as a change", sequence);
	if (n->ended && n->ended_period.until_us > now->period.since_us)
		fail_msg("'%s': two periods overlap", sequence);
	if (n->tell && !n->flapping_changed && now->flapping.on)
		fail_msg("'%s': a change is told while the port flaps", sequence);
	if (now->has_period)
		ordered(&now->period, sequence);
	if (n->ended)
		ordered(&n->ended_period, sequence);
}

/* Time in which runs followed each other closely, counted by true time: what may be observed. */
struct looked {
	int64_t newest_us; /* when the newest run that met a network began */
	int64_t sum_us;
};

static void look(struct looked *l, const struct play *before, const struct tracker_news *n)
{
	int64_t began_us = before->true_us;

	if (l->newest_us >= 0)
		l->sum_us += n->has_gap ? RUN_US : began_us - l->newest_us;
	l->newest_us = began_us;
}

static void random_sequences(void **state)
{
	uint64_t random = 42;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct play a = play_start(), b = play_start();
		struct looked looked = {.newest_us = -1};
		char letters[201] = "";
		char favourite = ALL_LETTERS[seeded_below(&random, sizeof(ALL_LETTERS) - 1)];
		size_t n = 0;

		while (n < sizeof(letters) - 1) {
			char other = ALL_LETTERS[seeded_below(&random, sizeof(ALL_LETTERS) - 1)];
			struct tracker_news news;
			struct play before = a;

			letters[n++] = seeded_below(&random, 3) ? favourite : other;
			if (seeded_below(&random, 20) == 0)
				favourite = other;
			if (!play_letter(&a, letters[n - 1], &news))
				continue;
			holds(&before, &a, &news, letters[n - 1], letters);
			if (strchr("nf", letters[n - 1]) == NULL)
				look(&looked, &before, &news);
			if (a.tracker.has_period && a.tracker.period.last_us -
								    a.tracker.period.since_us -
								    a.tracker.period.unobserved_us >
							    looked.sum_us + RUN_US)
				fail_msg("'%s': more was observed than was looked at", letters);
		}
		/* The same runs again, with a tracker that is put down and taken up after each. */
		for (size_t k = 0; k < n; k++) {
			struct tracker stored = b.tracker;
			struct tracker_news news;

			b.tracker = (struct tracker){0};
			b.tracker = stored;
			(void)play_letter(&b, letters[k], &news);
		}
		assert_memory_equal(&a.tracker.period, &b.tracker.period, sizeof(a.tracker.period));
		assert_int_equal(a.tracker.flapping.changes, b.tracker.flapping.changes);
		assert_int_equal(a.tracker.has_candidate, b.tracker.has_candidate);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sequences),
		cmocka_unit_test(random_sequences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
