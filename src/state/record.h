/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef STATE_RECORD_H
#define STATE_RECORD_H

/*
 * What is remembered: of one run of the measurement, of a period in which the
 * port was in one state, and of a gap in which nobody looked. Times are
 * microseconds since the epoch by the wall clock, 0 where unknown. Strings are
 * loans.
 */

#include "state/condition.h"
#include <stdbool.h>
#include <stdint.h>

/* What a run is worth: its exit status says. */
enum run_worth {
	RUN_DECIDED,   /* a verdict: 0, 10 to 17 */
	RUN_UNDECIDED, /* measured, and the evidence does not decide: 20 */
	RUN_FAILED,    /* could not measure: whatever else */
};

/* SYNs with unlimited TTL, and what they drew. */
struct syn_counts {
	uint32_t accepted, reset, icmp, silent;
};

/* The clocks, so that one that was set is told from time that passed. */
struct moment {
	int64_t wall_us;
	int64_t boot_us;   /* since the machine started, suspended time included */
	int64_t asleep_us; /* how much of that it was suspended */
	uint64_t boot;	   /* which start of the machine; 0: unknown, nothing can be compared */
};

struct run_record {
	struct moment started;
	int64_t ended_us;
	int status; /* the exit status */
	struct condition condition;
	enum mechanism mechanism;
	uint8_t family;	       /* 4, 6, 46; 0: none */
	double confidence;     /* negative: none */
	bool clock_ok;	       /* the wall clock was synchronised */
	int64_t clock_step_us; /* by how much it was set since the run before, as far as known */
	struct syn_counts target, control;
	double control_rtt_ms; /* the median; negative: none */
	const char *sentence;
};

/* The port was in one state: each end lies between two times. */
struct period {
	struct condition condition;
	enum mechanism mechanism;
	int64_t before_us;     /* end of the last run that said otherwise */
	int64_t since_us;      /* start of the first run that says so */
	int64_t confirmed_us;  /* end of the second */
	int64_t last_us;       /* end of the newest */
	int64_t until_us;      /* start of the first run that says otherwise; 0: it lasts */
	int64_t unobserved_us; /* how much of the time from since to last lies in gaps */
};

enum gap_why {
	GAP_STOPPED,	/* nothing ran */
	GAP_SUSPENDED,	/* the machine slept */
	GAP_NO_NETWORK, /* the runs met no network */
	GAP_FAILED,	/* the runs failed */
};

struct gap {
	int64_t from_us, to_us;
	enum gap_why why;
};

enum run_worth run_worth(int status);

const char *gap_why_name(enum gap_why why);
bool gap_why_named(const char *name, enum gap_why *out);

#endif
