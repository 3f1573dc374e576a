/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What holds for every measurement, tried on the recorded ones: the verdict is
 * the same in whatever order things were asked, no single frame carries an
 * accusation over to somebody else, loss accuses nobody, and the link that is
 * named has the true place in it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "variants.h"
#include <stdio.h>
#include <time.h>

#define PLACELESS -1
/* Sanitizers, which look for something else, are slow: they get a part. */
#ifdef WHOBLOCKS_INSTRUMENTED
#define EACH 5 /* frame is left out in turn */
#else
#define EACH 1
#endif
#define SEEDS	  (200 / EACH)
#define LOSS_MOST 0.3  /* each way */
#define ADMITTED  0.01 /* by a probability of 0.99 */

/* The recordings in pcaps/ and what is true of them; names as in CASES. */
static const struct truth {
	const char *capture;
	enum blocker culprit; /* BLOCKER_NONE: nobody blocks */
	int lo, hi;	      /* hops around the true place; PLACELESS: no place on the way there */
} truths[] = {
	{"open.4n", BLOCKER_NONE, PLACELESS, PLACELESS},
	{"open.6", BLOCKER_NONE, PLACELESS, PLACELESS},
	{"open-nat.4", BLOCKER_NONE, PLACELESS, PLACELESS},
	{"open-silent-isp2.6n", BLOCKER_NONE, PLACELESS, PLACELESS},
	{"open-all-silent.4", BLOCKER_NONE, PLACELESS, PLACELESS},
	{"control-dropped.4n", BLOCKER_NONE, PLACELESS, PLACELESS},
	{"loss30.4n", BLOCKER_NONE, PLACELESS, PLACELESS},
	{"server-down.4", BLOCKER_NONE, PLACELESS, PLACELESS},
	{"closed-alone.6", BLOCKER_REMOTE, 4, 4},
	{"closed-one.4n", BLOCKER_REMOTE, 8, 8},
	{"server-drop-alone.4", BLOCKER_REMOTE, 4, 4},
	{"server-drop-one.4n", BLOCKER_REMOTE, 8, 8},
	{"server-reset.4n", BLOCKER_REMOTE, 4, 4},
	{"server-reject.6", BLOCKER_REMOTE, 4, 4},
	{"local-drop.4", BLOCKER_LOCAL_HOST, 0, 0},
	{"local-drop.6n", BLOCKER_LOCAL_HOST, 0, 0},
	{"local-reset.4", BLOCKER_LOCAL_HOST, 0, 0},
	{"local-reject.6", BLOCKER_LOCAL_HOST, 0, 0},
	{"local-egress-drop.4", BLOCKER_LOCAL_HOST, 0, 0},
	{"switch-drop.4n", BLOCKER_LOCAL_NETWORK, 0, 1},
	{"switch-icmp.4", BLOCKER_LOCAL_NETWORK, 0, 1},
	{"gw-drop.4n", BLOCKER_LOCAL_NETWORK, 1, 1},
	{"gw-drop.6", BLOCKER_LOCAL_NETWORK, 1, 1},
	{"gw-reset.4", BLOCKER_LOCAL_NETWORK, 1, 1},
	{"gw-icmp.6n", BLOCKER_LOCAL_NETWORK, 1, 1},
	{"gw-input-drop.4", BLOCKER_LOCAL_NETWORK, 1, 1},
	{"isp-input-drop.4n", BLOCKER_ISP, 2, 2},
	{"isp-input-reset.4", BLOCKER_ISP, 2, 2},
	{"isp-reset.6n", BLOCKER_ISP, 2, 2},
	{"isp1-drop.4n", BLOCKER_ISP, 2, 2},
	{"isp2-drop.4", BLOCKER_ISP, 3, 3},
	{"isp2-drop.6n", BLOCKER_ISP, 3, 3},
	{"isp2-drop-isp-silent.4n", BLOCKER_ISP, 3, 3},
	{"isp2-drop-loss10.4n", BLOCKER_ISP, 3, 3},
	{"isp2-icmp.4n", BLOCKER_ISP, 3, 3},
	{"transit-drop.4n", BLOCKER_TRANSIT, 5, 5},
	{"transit-input-drop.6", BLOCKER_TRANSIT, 5, 5},
	{"border-drop.4n", BLOCKER_ISP, 4, 4},
	{"return-drop.4n", BLOCKER_ISP, PLACELESS, PLACELESS},
	{"dst-reset.4n", BLOCKER_REMOTE, PLACELESS, PLACELESS},
	{"v6-blocked.46n", BLOCKER_LOCAL_NETWORK, 1, 1},
	{"demo.46n", BLOCKER_ISP, 3, 3},
	{"double-nat-drop.4", BLOCKER_LOCAL_NETWORK, 2, 2},
	{"tun-isp2-drop.4n", BLOCKER_ISP, 3, 3},
	{"outage.4n", BLOCKER_NONE, PLACELESS, PLACELESS},
	{"all-reset.4n", BLOCKER_LOCAL_NETWORK, 1, 1},
	{"captive.4n", BLOCKER_LOCAL_NETWORK, 1, 1},
	{"gw-redirect.4n", BLOCKER_LOCAL_NETWORK, 1, 1},
	{"hidden-drop.4n", BLOCKER_ISP, 2, 3},
	{"branch-drop.4n", BLOCKER_ISP, 3, 3},
	{"policer.4n", BLOCKER_ISP, PLACELESS, PLACELESS},
	{"isp2-dnat.4n", BLOCKER_ISP, 3, 3},
	{"isp2-dnat-port.4n", BLOCKER_ISP, 3, 3},
	{"isp2-forged-icmp.6n", BLOCKER_ISP, 3, 3},
	{"lb-reset-ttl255.4n", BLOCKER_REMOTE, PLACELESS, PLACELESS},
	{"answer-rewritten.4n", BLOCKER_ISP, PLACELESS, PLACELESS},
	{"reset-in-path.6n", BLOCKER_ISP, 3, 3},
	{"reset-on-path.4n", BLOCKER_ISP, 3, 3},
	{"reset-copied-ttl.4n", BLOCKER_ISP, 3, 3},
	{"reset-copied-transit.4n", BLOCKER_TRANSIT, 6, 6},
};

#define TRUTHS_N (sizeof(truths) / sizeof(*truths))

struct counts {
	size_t variants, faults;
	bool quiet; /* some are allowed */
};

/* Judged so far, and for how long: the live run has to judge as fast. */
static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void open_recording(struct recording *r, const struct truth *truth)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/pcaps/%s.pcapng", TESTS_DIR, truth->capture);
	if (!recording_open(r, path))
		fail_msg("%s cannot be read", path);
}

static bool names(const struct said *said)
{
	return said->blocker != BLOCKER_NONE && said->blocker != BLOCKER_UNKNOWN;
}

static bool accuses(const struct said *said)
{
	return said->state != STATE_OPEN && said->state != STATE_UNKNOWN;
}

static struct said judge(struct recording *r, const struct change *change)
{
	struct said said = {0};
	assert_true(recording_judge(r, change, &said));
	assert_true(!accuses(&said) || said.suspects);
	return said;
}

static void fault(struct counts *counts, const struct truth *truth, const char *what, size_t which,
		  const struct said *said)
{
	if (counts->faults++ < 12 && !counts->quiet)
		print_error("%s, %s %zu: %s %s %.3f, link %d-%d\n", truth->capture, what, which,
			    state_name(said->state), blocker_name(said->blocker), said->confidence,
			    said->link.known ? said->link.from_hop : -1,
			    said->link.known ? said->link.to_hop : -1);
}

/* Whether what is said is of an innocent: somebody else by name, or suspects without the culprit.
 */
static bool slanders(const struct truth *truth, const struct said *said)
{
	if (!accuses(said))
		return false;
	if (truth->culprit == BLOCKER_NONE)
		return true;
	if (names(said))
		return said->blocker != truth->culprit;
	return said->suspects && !(said->suspects & (1u << truth->culprit));
}

static bool misplaces(const struct truth *truth, const struct said *said)
{
	return accuses(said) && said->link.known && truth->lo != PLACELESS &&
	       (said->link.from_hop > truth->lo || said->link.to_hop < truth->hi);
}

static void check(struct counts *counts, const struct truth *truth, const char *what, size_t which,
		  const struct said *said)
{
	if (slanders(truth, said) || misplaces(truth, said))
		fault(counts, truth, what, which, said);
}

static bool same(const struct said *a, const struct said *b)
{
	return a->state == b->state && a->blocker == b->blocker && a->suspects == b->suspects &&
	       a->link.known == b->link.known && a->link.from_hop == b->link.from_hop &&
	       a->link.to_hop == b->link.to_hop;
}

static void test_order(void **state)
{
	static const struct change changes[] = {{.servers = 1},
						{.servers = 2},
						{.servers = 3},
						{.ports = true},
						{.flows = true},
						{.servers = 1, .ports = true, .flows = true},
						{.servers = 3, .ports = true, .flows = true}};
	struct counts counts = {0};
	(void)state;
	for (size_t i = 0; i < TRUTHS_N; i++) {
		struct recording r;
		open_recording(&r, &truths[i]);
		struct said first = judge(&r, &(struct change){0});
		check(&counts, &truths[i], "as it is", 0, &first);
		for (size_t k = 0; k < sizeof(changes) / sizeof(*changes); k++) {
			struct said said = judge(&r, &changes[k]);
			if (!same(&first, &said))
				fault(&counts, &truths[i], "order", k, &said);
		}
		counts.variants += r.variants;
		recording_close(&r);
	}
	assert_int_equal(counts.faults, 0);
}

/* Taking evidence away names nobody who was not named before. */
static bool names_newly(const struct said *first, const struct said *said)
{
	return names(said) && said->blocker != first->blocker &&
	       !(first->suspects & (1u << said->blocker));
}

static void test_single_frames(void **state)
{
	struct counts counts = {0};
	double started = seconds();
	(void)state;
	for (size_t i = 0; i < TRUTHS_N; i++) {
		struct recording r;
		open_recording(&r, &truths[i]);
		bool *without = calloc(r.n, sizeof(*without));
		assert_non_null(without);
		struct said first = judge(&r, &(struct change){0});
		for (size_t k = 0; k < r.n; k += EACH) {
			without[k] = true;
			struct said said = judge(&r, &(struct change){.without = without});
			without[k] = false;
			check(&counts, &truths[i], "without frame", k + 1, &said);
			if (names_newly(&first, &said))
				fault(&counts, &truths[i], "newly named without frame", k + 1,
				      &said);
		}
		counts.variants += r.variants;
		free(without);
		recording_close(&r);
	}
	print_message("%zu variants without one frame, %.0f a second\n", counts.variants,
		      (double)counts.variants / (seconds() - started));
	assert_int_equal(counts.faults, 0);
}

/* Answers are lost on the way there and on the way back. */
static void lose(const struct recording *r, bool *without, double loss, uint64_t *random)
{
	double each_way = 1 - (1 - loss) * (1 - loss);
	for (size_t i = 0; i < r->n; i++) {
		const struct packet *p = &r->packets[i];
		bool arrives = p->direction == DIRECTION_IN && !p->loopback;
		double chance = (double)(seeded_random(random) >> 11) / 9007199254740992.0;
		without[i] = arrives && chance < each_way;
	}
}

static void judge_losses(const struct truth *truth, size_t seeds, struct counts *counts)
{
	struct recording r;
	uint64_t random = 1;
	open_recording(&r, truth);
	bool *without = calloc(r.n, sizeof(*without));
	assert_non_null(without);
	for (size_t seed = 0; seed < seeds; seed++) {
		lose(&r, without, LOSS_MOST * (double)(seed % 30 + 1) / 30, &random);
		struct said said = judge(&r, &(struct change){.without = without});
		check(counts, truth, "loss", seed, &said);
	}
	counts->variants += r.variants;
	free(without);
	recording_close(&r);
}

static void test_loss_accuses_nobody(void **state)
{
	struct counts counts = {0};
	(void)state;
	for (size_t i = 0; i < TRUTHS_N; i++) {
		if (truths[i].culprit == BLOCKER_NONE)
			judge_losses(&truths[i], SEEDS, &counts);
	}
	assert_int_equal(counts.faults, 0);
}

/* Nobody asks again here, as the program would: what is left may mislead as often as is stated. */
static void test_link_has_the_place(void **state)
{
	struct counts counts = {.quiet = true};
	(void)state;
	for (size_t i = 0; i < TRUTHS_N; i++) {
		if (truths[i].culprit != BLOCKER_NONE)
			judge_losses(&truths[i], SEEDS, &counts);
	}
	print_message("%zu of %zu variants with losses mislead\n", counts.faults, counts.variants);
	assert_true((double)counts.faults <= ADMITTED * (double)counts.variants);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_single_frames),
		cmocka_unit_test(test_loss_accuses_nobody),
		cmocka_unit_test(test_link_has_the_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
