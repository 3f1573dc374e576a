/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/watch/outcome.h"
#include "cli/command.h"
#include "report/page/phrase.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SERVERS_MAX 256

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* A count of SYNs; whatever else stands there is none. */
static uint32_t count_of(const json_t *object, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(object, key));

	return n > 0 && n < UINT32_MAX ? (uint32_t)n : 0;
}

/* A number that is not negative, or -1. */
static double amount_of(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	double n = json_number_value(value);

	return json_is_number(value) && n >= 0 ? n : -1;
}

static uint8_t family_of(const char *name)
{
	if (!name)
		return 0;
	return strcmp(name, "ipv4") == 0 ? 4 : strcmp(name, "ipv6") == 0 ? 6 : 46;
}

static uint8_t suspects_of(const json_t *verdict)
{
	const json_t *suspect;
	enum blocker blocker;
	uint8_t who = 0;
	size_t i;

	json_array_foreach(json_object_get(verdict, "suspects"), i, suspect)
	{
		if (blocker_named(text_of(suspect, "blocker"), &blocker))
			who |= CONDITION_BIT(blocker);
	}
	return who;
}

/* Adds what a port's SYNs drew. */
static void count_port(struct syn_counts *counts, const json_t *port)
{
	uint32_t sent = count_of(port, "sent"), answered = count_of(port, "answered");
	const char *state = text_of(port, "state");

	answered = answered < sent ? answered : sent;
	counts->silent += sent - answered;
	if (state && strcmp(state, "closed") == 0)
		counts->reset += answered;
	else if (state && strcmp(state, "rejected") == 0)
		counts->icmp += answered;
	else
		counts->accepted += answered;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void count_syns(struct run_record *run, const json_t *servers)
{
	double rtts[SERVERS_MAX] = {0};
	const json_t *server, *port;
	size_t n = 0, i, k;

	json_array_foreach(servers, i, server)
	{
		json_array_foreach(json_object_get(server, "ports"), k, port)
		{
			bool target = json_is_true(json_object_get(port, "target"));
			double rtt = amount_of(port, "rtt_ms");

			count_port(target ? &run->target : &run->control, port);
			if (json_is_true(json_object_get(port, "control")) && rtt >= 0 &&
			    n < SERVERS_MAX)
				rtts[n++] = rtt;
		}
	}
	qsort(rtts, n, sizeof(*rtts), ascending);
	run->control_rtt_ms = n ? rtts[n / 2] : -1;
}

/* The end of a server's certificate; as libcurl writes it, or 0. */
static int64_t not_after(const json_t *server)
{
	const json_t *tls = json_object_get(json_object_get(server, "smtp"), "tls");
	const json_t *first = json_array_get(json_object_get(tls, "certificates"), 0);
	const char *until = text_of(first, "until");
	struct tm tm = {0};

	if (!until || !strptime(until, "%b %d %H:%M:%S %Y", &tm))
		return 0;
	return (int64_t)timegm(&tm) * 1000000;
}

/* The servers that the user named: those that are no references and not of the list. */
static void list_servers(struct outcome *out, const json_t *servers)
{
	size_t n = json_array_size(servers), i;
	const json_t *server;

	out->servers = arena_alloc(&out->arena, (n + 1) * sizeof(*out->servers));
	if (!out->servers)
		return;
	json_array_foreach(servers, i, server)
	{
		struct past_server *s = &out->servers[out->servers_n];
		const char *host = text_of(server, "host");

		if (json_is_true(json_object_get(server, "reference")) ||
		    !state_named(text_of(server, "state"), &s->state))
			continue;
		s->host = arena_copy(&out->arena, host ? host : text_of(server, "address"));
		s->port = (uint16_t)count_of(server, "port");
		s->family = family_of(text_of(server, "family"));
		s->not_after_us = not_after(server);
		out->servers_n++;
	}
}

/* The one server that is not open while several others are; NULL where it is not so. */
static const char *odd_one_out(const json_t *servers)
{
	const char *odd = NULL, *open = NULL;
	const json_t *server;
	size_t others = 0, i;

	json_array_foreach(servers, i, server)
	{
		const char *host = text_of(server, "host");
		enum state state;

		host = host ? host : text_of(server, "address");
		if (!host || !state_named(text_of(server, "state"), &state) ||
		    state == STATE_UNKNOWN)
			continue;
		if (state != STATE_OPEN) {
			if (odd && strcmp(odd, host) != 0)
				return NULL;
			odd = host;
		} else if (!open || strcmp(open, host) != 0) {
			/* A server's families stand side by side. */
			open = host;
			others++;
		}
	}
	return others > 1 ? odd : NULL;
}

/* Says which server alone is not open: that is no matter of the way that all others share. */
static void note_alone(struct outcome *out, const json_t *servers)
{
	struct run_record *run = &out->run;
	const char *odd = odd_one_out(servers);

	if (!odd || (run->condition.state != STATE_OPEN &&
		     condition_blocker(&run->condition) != BLOCKER_REMOTE))
		return;
	out->alone = arena_copy(&out->arena, odd);
	run->sentence = arena_printf(&out->arena, "%s This server alone is not open: %s.",
				     run->sentence, odd);
}

/* When it ran and in which state the clock was. */
static void read_run(struct run_record *run, const json_t *told)
{
	const json_t *clock = json_object_get(told, "clock");
	const char *started = text_of(told, "started");
	double took_ms = amount_of(told, "duration_ms");
	int64_t ns;

	if (started && phrase_time_parse(started, &ns))
		run->started.wall_us = ns / 1000;
	if (took_ms >= 0 && took_ms < 1e9)
		run->ended_us = run->started.wall_us + (int64_t)(took_ms * 1000);
	run->clock_ok = json_is_true(json_object_get(clock, "synchronised"));
}

/* False when it is no verdict of ours. */
static bool read_verdict(struct outcome *out, const json_t *verdict)
{
	struct run_record *run = &out->run;
	const char *sentence = text_of(verdict, "sentence");
	enum blocker blocker;
	enum state state;

	if (!state_named(text_of(verdict, "state"), &state) ||
	    !blocker_named(text_of(verdict, "blocker"), &blocker) ||
	    !mechanism_named(text_of(verdict, "mechanism"), &run->mechanism) || !sentence)
		return false;
	run->condition = condition_of(state, blocker, suspects_of(verdict));
	run->confidence = amount_of(verdict, "confidence");
	run->family = family_of(text_of(verdict, "family"));
	run->sentence = arena_copy(&out->arena, sentence);
	return true;
}

void outcome_read(const struct text *text, int status, const struct moment *started, int64_t now_us,
		  struct outcome *out)
{
	const json_t *servers;

	*out = (struct outcome){
		.run = {.started = *started,
			.ended_us = now_us,
			.status = status,
			.condition = condition_of(STATE_UNKNOWN, BLOCKER_UNKNOWN, 0),
			.mechanism = MECHANISM_UNKNOWN,
			.confidence = -1,
			.control_rtt_ms = -1},
	};
	out->result = json_loadb(text_str(text), text->len, JSON_DISABLE_EOF_CHECK, NULL);
	if (run_worth(status) != RUN_FAILED &&
	    read_verdict(out, json_object_get(out->result, "verdict"))) {
		servers = json_object_get(out->result, "servers");
		read_run(&out->run, json_object_get(out->result, "run"));
		count_syns(&out->run, servers);
		list_servers(out, servers);
		note_alone(out, servers);
	} else {
		out->run.status = run_worth(status) == RUN_FAILED ? status : EXIT_SYSTEM;
		out->run.sentence = arena_printf(
			&out->arena, "The run could not measure (status %d).", out->run.status);
	}
}

void outcome_free(struct outcome *o)
{
	json_decref(o->result);
	arena_free(&o->arena);
	*o = (struct outcome){0};
}
