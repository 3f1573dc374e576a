/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json/run.h"
#include "report/page/phrase.h"

/* Integers above are not exact in every JSON reader. */

static bool is_earlier_client(const struct trace *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (addr_equal(&t->servers[i].client, &t->servers[n].client))
			return true;
	}
	return false;
}

static json_t *clients_of(struct value_maker *m, const struct trace *t)
{
	json_t *array = json_array();

	for (size_t i = 0; i < t->servers_n; i++) {
		if (addr_is_set(&t->servers[i].client) && !is_earlier_client(t, i))
			value_append(m, array, value_addr(&t->servers[i].client));
	}
	return array;
}

static json_t *capture_of(struct value_maker *m, const struct run_info *run)
{
	json_t *object;

	if (!run->capture_file)
		return json_null();
	object = json_object();
	value_set(m, object, "file", value_text(run->capture_file));
	value_set(m, object, "sha256", value_text(run->capture_sha256));
	return object;
}

static json_t *started_of(const struct run_info *run)
{
	char buf[PHRASE_TIME_BYTES];

	return run->started_ns > 0 ? json_string(phrase_time(run->started_ns, buf)) : json_null();
}

json_t *json_run(struct value_maker *m, const struct run_info *run, const struct trace *t)
{
	json_t *object = json_object();

	value_set(m, object, "started", started_of(run));
	value_set(m, object, "duration_ms", value_ms((double)run->duration_ns / 1e6));
	value_set(m, object, "stop", value_text(phrase_stop_name(run->stop)));
	/* Numbers on the wire come from a key that is nobody's but the run's, and they stand in the
	 * capture. */
	value_set(m, object, "seed", json_null());
	value_set(m, object, "argv", json_texts(m, run->argv));
	value_set(m, object, "port", value_number(t->run.port, 0));
	value_set(m, object, "interface", value_text(run->interface));
	value_set(m, object, "client", clients_of(m, t));
	value_set(m, object, "packets_sent", json_integer((json_int_t)run->packets_sent));
	value_set(m, object, "packets_seen", json_integer((json_int_t)run->packets_seen));
	value_set(m, object, "capture_dropped", json_integer((json_int_t)run->capture_dropped));
	value_set(m, object, "lookups", json_texts(m, run->lookups));
	value_set(m, object, "rounds", json_integer(run->rounds));
	value_set(m, object, "capture", capture_of(m, run));
	json_about(m, object, run->about);
	return object;
}
