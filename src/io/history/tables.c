/* SPDX-License-Identifier: BSD-2-Clause */
/* Which column of the history is which field. */
#include "io/history/columns.h"
#include "state/past.h"

#define TABLE(name, of)                                                                            \
	const struct columns columns_##name = {#name, name, sizeof(name) / sizeof((name)[0]),      \
					       sizeof(of)}

#define RUN(column, kind, member)                                                                  \
	{                                                                                          \
		column, COLUMN_##kind, offsetof(struct run_record, member)                         \
	}
#define PERIOD(column, kind, member)                                                               \
	{                                                                                          \
		column, COLUMN_##kind, offsetof(struct past_period, member)                        \
	}
#define GAP(column, kind, member)                                                                  \
	{                                                                                          \
		column, COLUMN_##kind, offsetof(struct gap, member)                                \
	}
#define SUMS(column, member)                                                                       \
	{                                                                                          \
		column, COLUMN_U64, offsetof(struct past_sums, member)                             \
	}
#define SERVER(column, kind, member)                                                               \
	{                                                                                          \
		column, COLUMN_##kind, offsetof(struct past_server, member)                        \
	}
#define TRACKER(column, kind, member)                                                              \
	{                                                                                          \
		column, COLUMN_##kind, offsetof(struct tracker, member)                            \
	}
#define SUBJECT(column, kind, member)                                                              \
	{                                                                                          \
		column, COLUMN_##kind, offsetof(struct past, member)                               \
	}

static const struct column run[] = {
	RUN("started_us", I64, started.wall_us),
	RUN("ended_us", I64, ended_us),
	RUN("status", INT, status),
	RUN("state", STATE, condition.state),
	RUN("blocker", BLOCKER, condition.who),
	RUN("suspects", SUSPECTS, condition.who),
	RUN("mechanism", MECHANISM, mechanism),
	RUN("family", U8, family),
	RUN("confidence", AMOUNT, confidence),
	RUN("target_accepted", U32, target.accepted),
	RUN("target_reset", U32, target.reset),
	RUN("target_icmp", U32, target.icmp),
	RUN("target_silent", U32, target.silent),
	RUN("control_accepted", U32, control.accepted),
	RUN("control_reset", U32, control.reset),
	RUN("control_icmp", U32, control.icmp),
	RUN("control_silent", U32, control.silent),
	RUN("control_rtt_ms", AMOUNT, control_rtt_ms),
	RUN("clock_ok", BOOL, clock_ok),
	RUN("clock_step_us", TIME, clock_step_us),
	RUN("boot", U64, started.boot),
};

static const struct column period[] = {
	PERIOD("state", STATE, period.condition.state),
	PERIOD("blocker", BLOCKER, period.condition.who),
	PERIOD("suspects", SUSPECTS, period.condition.who),
	PERIOD("mechanism", MECHANISM, period.mechanism),
	PERIOD("before_us", TIME, period.before_us),
	PERIOD("since_us", I64, period.since_us),
	PERIOD("confirmed_us", I64, period.confirmed_us),
	PERIOD("last_us", I64, period.last_us),
	PERIOD("until_us", TIME, period.until_us),
	PERIOD("unobserved_us", I64, period.unobserved_us),
	PERIOD("sentence", TEXT, sentence),
	PERIOD("result", TEXT, result),
	PERIOD("evidence", TEXT, evidence),
	PERIOD("proof", TEXT, proof),
};

static const struct column gap[] = {
	GAP("from_us", I64, from_us),
	GAP("to_us", I64, to_us),
	GAP("why", WHY, why),
};

static const struct column sums[] = {
	SUMS("runs_open", runs[STATE_OPEN]),
	SUMS("runs_closed", runs[STATE_CLOSED]),
	SUMS("runs_blocked", runs[STATE_BLOCKED]),
	SUMS("runs_intercepted", runs[STATE_INTERCEPTED]),
	SUMS("runs_degraded", runs[STATE_DEGRADED]),
	SUMS("runs_unknown", runs[STATE_UNKNOWN]),
	SUMS("runs_failed", runs[PAST_FAILED]),
	SUMS("changes", changes),
	SUMS("target_accepted", target.accepted),
	SUMS("target_reset", target.reset),
	SUMS("target_icmp", target.icmp),
	SUMS("target_silent", target.silent),
	SUMS("control_accepted", control.accepted),
	SUMS("control_reset", control.reset),
	SUMS("control_icmp", control.icmp),
	SUMS("control_silent", control.silent),
};

static const struct column server[] = {
	SERVER("host", TEXT, host),
	SERVER("port", U16, port),
	SERVER("family", U8, family),
	SERVER("state", STATE, state),
	SERVER("not_after_us", TIME, not_after_us),
};

static const struct column tracker[] = {
	TRACKER("interval_us", I64, interval_us),
	TRACKER("has_period", BOOL, has_period),
	TRACKER("period_state", STATE, period.condition.state),
	TRACKER("period_who", U8, period.condition.who),
	TRACKER("period_mechanism", MECHANISM, period.mechanism),
	TRACKER("period_before_us", I64, period.before_us),
	TRACKER("period_since_us", I64, period.since_us),
	TRACKER("period_confirmed_us", I64, period.confirmed_us),
	TRACKER("period_last_us", I64, period.last_us),
	TRACKER("period_unobserved_us", I64, period.unobserved_us),
	TRACKER("has_candidate", BOOL, has_candidate),
	TRACKER("candidate_state", STATE, candidate.condition.state),
	TRACKER("candidate_who", U8, candidate.condition.who),
	TRACKER("candidate_mechanism", MECHANISM, candidate.mechanism),
	TRACKER("candidate_before_us", I64, candidate.before_us),
	TRACKER("candidate_since_us", I64, candidate.since_us),
	TRACKER("candidate_last_us", I64, candidate.last_us),
	TRACKER("candidate_unobserved_us", I64, candidate.unobserved_us),
	TRACKER("candidate_hurried", U32, candidate.hurried),
	TRACKER("has_decided", BOOL, has_decided),
	TRACKER("decided_state", STATE, decided.state),
	TRACKER("decided_who", U8, decided.who),
	TRACKER("decided_us", I64, decided_us),
	TRACKER("left_us", I64, left_us),
	TRACKER("observed_us", I64, observed_us),
	TRACKER("unobserved_us", I64, unobserved_us),
	TRACKER("idle", WHY, idle),
	TRACKER("last_wall_us", I64, last.wall_us),
	TRACKER("last_boot_us", I64, last.boot_us),
	TRACKER("last_asleep_us", I64, last.asleep_us),
	TRACKER("last_boot", U64, last.boot),
	TRACKER("changes", U32, flapping.changes),
	TRACKER("flapping", BOOL, flapping.on),
};

static const struct column subject[] = {
	SUBJECT("id", I64, id),
	SUBJECT("name", TEXT, name),
	SUBJECT("port", U16, port),
	SUBJECT("hosts", TEXT, hosts),
	SUBJECT("sentence", TEXT, sentence),
};

TABLE(run, struct run_record);
TABLE(period, struct past_period);
TABLE(gap, struct gap);
TABLE(sums, struct past_sums);
TABLE(server, struct past_server);
TABLE(tracker, struct tracker);
TABLE(subject, struct past);
