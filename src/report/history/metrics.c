/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The metrics, in Prometheus' text format 0.0.4: no time stamps, and no series where the value is
 * unknown. A series of an enumeration is 1 where it holds and 0 elsewhere. No label holds an
 * address but those of servers that the user named.
 */
#include "report/history/history.h"
#include <string.h>

#define SECONDS(us) ((double)(us) / 1e6)

/* What all metrics are made from. */
struct metrics {
	struct text *out;
	const struct past *items;
	size_t n;
	const struct metrics_about *about;
};

/* A family of series begins. */
static void family(const struct metrics *m, const char *name, const char *type, const char *help)
{
	text_addf(m->out, "# HELP whoblocks_%s %s\n# TYPE whoblocks_%s %s\n", name, help, name,
		  type);
}

/* The value of a label: backslash, quote and newline are escaped, what is no text is made harmless.
 */
static void add_value(struct text *out, const char *s)
{
	while (*s) {
		size_t n = strcspn(s, "\\\"\n");

		text_add_untrusted(out, s, n);
		if (s[n])
			text_addf(out, "\\%c", s[n] == '\n' ? 'n' : s[n]);
		s += n + (s[n] != '\0');
	}
}

/* NAME{subject="...",port="587" */
static void begin(const struct metrics *m, const char *name, const struct past *p)
{
	text_addf(m->out, "whoblocks_%s{subject=\"", name);
	add_value(m->out, p->name);
	text_addf(m->out, "\",port=\"%u\"", p->port);
}

static void label(const struct metrics *m, const char *name, const char *value)
{
	text_addf(m->out, ",%s=\"", name);
	add_value(m->out, value);
	text_add(m->out, "\"");
}

static void end(const struct metrics *m, double value)
{
	text_addf(m->out, "} %.15g\n", value);
}

/* A series without further labels. */
static void one(const struct metrics *m, const char *name, const struct past *p, double value)
{
	begin(m, name, p);
	end(m, value);
}

static const struct run_record *newest(const struct past *p)
{
	return p->runs_n ? &p->runs[p->runs_n - 1] : NULL;
}

/* The newest run, if it measured. */
static const struct run_record *measured(const struct past *p)
{
	const struct run_record *run = newest(p);

	return run && run_worth(run->status) != RUN_FAILED ? run : NULL;
}

static void states(const struct metrics *m)
{
	family(m, "state", "gauge", "What the last run says of the port; no series if it failed.");
	for (size_t i = 0; i < m->n; i++) {
		const struct run_record *run = measured(&m->items[i]);

		for (int s = 0; run && s <= STATE_UNKNOWN; s++) {
			begin(m, "state", &m->items[i]);
			label(m, "state", state_name((enum state)s));
			end(m, run->condition.state == (enum state)s);
		}
	}
	family(m, "confirmed_state", "gauge",
	       "The state that two runs agreed on; no series if none is confirmed.");
	for (size_t i = 0; i < m->n; i++) {
		const struct period *p = tracker_confirmed(&m->items[i].tracker, m->about->now_us);

		for (int s = 0; p && s < STATE_UNKNOWN; s++) {
			begin(m, "confirmed_state", &m->items[i]);
			label(m, "state", state_name((enum state)s));
			end(m, p->condition.state == (enum state)s);
		}
	}
}

static void since(const struct metrics *m)
{
	family(m, "confirmed_state_since_timestamp_seconds", "gauge",
	       "Start of the first run that found the confirmed state: it began before.");
	for (size_t i = 0; i < m->n; i++) {
		const struct period *p = tracker_confirmed(&m->items[i].tracker, m->about->now_us);

		if (p)
			one(m, "confirmed_state_since_timestamp_seconds", &m->items[i],
			    SECONDS(p->since_us));
	}
	family(m, "confirmed_state_before_timestamp_seconds", "gauge",
	       "End of the last run that found another state: the confirmed one began after.");
	for (size_t i = 0; i < m->n; i++) {
		const struct period *p = tracker_confirmed(&m->items[i].tracker, m->about->now_us);

		if (p && p->before_us)
			one(m, "confirmed_state_before_timestamp_seconds", &m->items[i],
			    SECONDS(p->before_us));
	}
}

static void blockers(const struct metrics *m)
{
	family(m, "blocker", "gauge", "Who the last run says blocks.");
	for (size_t i = 0; i < m->n; i++) {
		const struct run_record *run = measured(&m->items[i]);

		for (int b = 0; run && b <= BLOCKER_UNKNOWN; b++) {
			begin(m, "blocker", &m->items[i]);
			label(m, "blocker", blocker_name((enum blocker)b));
			end(m, condition_blocker(&run->condition) == (enum blocker)b);
		}
	}
	family(m, "suspect_probability", "gauge",
	       "Probability of each suspect, where the last run leaves several.");
	for (int b = 0; m->about->fresh && b <= BLOCKER_UNKNOWN; b++) {
		if (m->about->suspects[b] < 0)
			continue;
		begin(m, "suspect_probability", m->about->fresh);
		label(m, "blocker", blocker_name((enum blocker)b));
		end(m, m->about->suspects[b]);
	}
}

static void verdicts(const struct metrics *m)
{
	family(m, "verdict_info", "gauge", "The last run's verdict, to be joined; always 1.");
	for (size_t i = 0; i < m->n; i++) {
		const struct run_record *run = measured(&m->items[i]);

		if (!run)
			continue;
		begin(m, "verdict_info", &m->items[i]);
		label(m, "state", state_name(run->condition.state));
		label(m, "blocker", blocker_name(condition_blocker(&run->condition)));
		label(m, "mechanism", mechanism_name(run->mechanism));
		label(m, "family",
		      run->family == 4	 ? "ipv4"
		      : run->family == 6 ? "ipv6"
		      : run->family	 ? "both"
					 : "none");
		end(m, 1);
	}
	family(m, "confidence_ratio", "gauge", "How sure the last verdict is.");
	for (size_t i = 0; i < m->n; i++) {
		const struct run_record *run = measured(&m->items[i]);

		if (run && run->confidence >= 0)
			one(m, "confidence_ratio", &m->items[i], run->confidence);
	}
	family(m, "flapping", "gauge", "Whether the state changes too often to be told.");
	for (size_t i = 0; i < m->n; i++)
		one(m, "flapping", &m->items[i], m->items[i].tracker.flapping.on);
}

static void runs(const struct metrics *m)
{
	family(m, "last_run_success", "gauge", "0 if the last run could not measure.");
	for (size_t i = 0; i < m->n; i++) {
		if (newest(&m->items[i]))
			one(m, "last_run_success", &m->items[i], measured(&m->items[i]) != NULL);
	}
	family(m, "last_run_timestamp_seconds", "gauge", "When the last run ended.");
	for (size_t i = 0; i < m->n; i++) {
		if (newest(&m->items[i]))
			one(m, "last_run_timestamp_seconds", &m->items[i],
			    SECONDS(newest(&m->items[i])->ended_us));
	}
	family(m, "last_verdict_timestamp_seconds", "gauge",
	       "When the last run ended that came to a verdict.");
	for (size_t i = 0; i < m->n; i++) {
		if (m->items[i].tracker.has_decided)
			one(m, "last_verdict_timestamp_seconds", &m->items[i],
			    SECONDS(m->items[i].tracker.decided_us));
	}
	family(m, "interval_seconds", "gauge", "The time from run to run.");
	for (size_t i = 0; i < m->n; i++)
		one(m, "interval_seconds", &m->items[i], SECONDS(m->items[i].tracker.interval_us));
	family(m, "run_duration_seconds", "gauge", "How long the last run took.");
	for (size_t i = 0; i < m->n; i++) {
		const struct run_record *run = newest(&m->items[i]);

		if (run)
			one(m, "run_duration_seconds", &m->items[i],
			    SECONDS(run->ended_us - run->started.wall_us));
	}
	family(m, "control_rtt_seconds", "gauge",
	       "Median round trip of the control ports in the last run.");
	for (size_t i = 0; i < m->n; i++) {
		const struct run_record *run = measured(&m->items[i]);

		if (run && run->control_rtt_ms >= 0)
			one(m, "control_rtt_seconds", &m->items[i], run->control_rtt_ms / 1000);
	}
}

static void syns(const struct metrics *m, const struct past *p, const char *role,
		 const struct past_syns *syns)
{
	const struct {
		const char *outcome;
		uint64_t n;
	} rows[] = {{"accepted", syns->accepted},
		    {"reset", syns->reset},
		    {"icmp", syns->icmp},
		    {"silent", syns->silent}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(m, "syns_total", p);
		label(m, "role", role);
		label(m, "outcome", rows[i].outcome);
		end(m, (double)rows[i].n);
	}
}

static void sums(const struct metrics *m)
{
	family(m, "runs_total", "counter", "Runs by what they ended with.");
	for (size_t i = 0; i < m->n; i++) {
		for (int o = 0; o < PAST_OUTCOMES; o++) {
			begin(m, "runs_total", &m->items[i]);
			label(m, "outcome",
			      o == PAST_FAILED ? "failed" : state_name((enum state)o));
			end(m, (double)m->items[i].sums.runs[o]);
		}
	}
	family(m, "state_changes_total", "counter", "Confirmed changes.");
	for (size_t i = 0; i < m->n; i++)
		one(m, "state_changes_total", &m->items[i], (double)m->items[i].sums.changes);
	family(m, "syns_total", "counter", "SYNs with unlimited TTL, and what they drew.");
	for (size_t i = 0; i < m->n; i++) {
		syns(m, &m->items[i], "target", &m->items[i].sums.target);
		syns(m, &m->items[i], "control", &m->items[i].sums.control);
	}
}

/* SERVER{subject,port,server,family */
static void begin_server(const struct metrics *m, const char *name, const struct past *p,
			 const struct past_server *s)
{
	text_addf(m->out, "whoblocks_%s{subject=\"", name);
	add_value(m->out, p->name);
	text_addf(m->out, "\",port=\"%u\"", s->port);
	label(m, "server", s->host);
	label(m, "family", s->family == 6 ? "ipv6" : "ipv4");
}

/* Whether an earlier address of the same server has the same labels. */
static bool repeated(const struct past *p, size_t at)
{
	const struct past_server *s = &p->servers[at];

	for (size_t i = 0; i < at; i++) {
		if (strcmp(p->servers[i].host, s->host) == 0 && p->servers[i].port == s->port &&
		    p->servers[i].family == s->family)
			return true;
	}
	return false;
}

/* A line for each state that the server may have. */
static void server_states(const struct metrics *m, const struct past *p, size_t at)
{
	const struct past_server *s = &p->servers[at];

	for (int v = 0; v <= STATE_UNKNOWN && !repeated(p, at); v++) {
		begin_server(m, "server_state", p, s);
		label(m, "state", state_name((enum state)v));
		end(m, s->state == (enum state)v);
	}
}

static void servers(const struct metrics *m)
{
	family(m, "server_state", "gauge", "What the last run says of a server that was named.");
	for (size_t i = 0; i < m->n; i++) {
		for (size_t k = 0; k < m->items[i].servers_n; k++)
			server_states(m, &m->items[i], k);
	}
	family(m, "server_certificate_not_after_timestamp_seconds", "gauge",
	       "When the certificate of such a server ends.");
	for (size_t i = 0; i < m->n; i++) {
		for (size_t k = 0; k < m->items[i].servers_n; k++) {
			const struct past_server *s = &m->items[i].servers[k];

			if (!s->not_after_us || repeated(&m->items[i], k))
				continue;
			begin_server(m, "server_certificate_not_after_timestamp_seconds",
				     &m->items[i], s);
			end(m, SECONDS(s->not_after_us));
		}
	}
}

void past_metrics(const struct past *items, size_t n, const struct metrics_about *about,
		  struct text *out)
{
	const struct metrics m = {out, items, n, about};

	family(&m, "build_info", "gauge", "The program; always 1.");
	text_addf(out, "whoblocks_build_info{version=\"%s\",schema=\"whoblocks/1\"} 1\n",
		  WHOBLOCKS_VERSION);
	family(&m, "history_errors_total", "counter",
	       "Runs that could not be stored at once, since the watch was started.");
	text_addf(out, "whoblocks_history_errors_total %llu\n",
		  (unsigned long long)about->history_errors);
	states(&m);
	since(&m);
	blockers(&m);
	verdicts(&m);
	runs(&m);
	sums(&m);
	servers(&m);
}
