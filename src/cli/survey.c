/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/survey.h"
#include "cli/command.h"
#include "cli/talks.h"
#include "io/source.h"
#include "wire/packet.h"
#include <string.h>

struct survey {
	const struct options *o;
	struct log *log;
	struct talks talks;
	struct addr client;
	uint16_t port;
};

typedef int frame_visitor(void *arg, const struct frame *frame);

/* Shows every frame of every file to the visitor. 0, or an exit status after a message. */
static int each_frame(const struct options *o, struct log *log, frame_visitor *visit, void *arg,
		      bool *cut)
{
	int status = 0;
	for (size_t i = 0; i < o->files_n && status == 0; i++) {
		struct err err = {0};
		struct frame frame;
		enum source_event event = SOURCE_END;
		struct source *source = source_open_file(o->files[i], (uint32_t)i + 1, &err);
		if (!source) {
			log_error(log, "%s", err.msg);
			return err.code;
		}
		while (status == 0 && (event = source_next(source, &frame, &err)) == SOURCE_FRAME)
			status = visit(arg, &frame);
		if (event == SOURCE_CUT && cut) {
			*cut = true;
			log_note(log, "%s", err.msg);
		} else if (event == SOURCE_FAILED) {
			log_error(log, "%s: %s", o->files[i], err.msg);
			status = err.code;
		}
		source_close(source);
	}
	return status;
}

static int visit_talk(void *arg, const struct frame *frame)
{
	struct survey *survey = arg;
	struct packet packet;
	if (packet_decode(frame, &packet) != DECODE_OK)
		return 0;
	if (talks_add(&survey->talks, &packet))
		return 0;
	log_error(survey->log, "no memory to read the capture");
	return EXIT_SYSTEM;
}

struct second_pass {
	struct trace *trace;
	struct feed_counts *counts;
};

static int visit_feed(void *arg, const struct frame *frame)
{
	struct second_pass *pass = arg;
	(void)feed_frame(pass->trace, frame, pass->counts);
	return 0;
}

/* Ports that usually answer come first, in the order in which the live run prefers them. */
static int control_rank(uint16_t port)
{
	static const uint16_t order[] = {443, 993, 995, 80, 143, 110, 2525, 465, 25};
	for (int i = 0; i < (int)(sizeof(order) / sizeof(*order)); i++) {
		if (order[i] == port)
			return port == 2525 || port == 465 || port == 25 ? 1000 + i : i;
	}
	return 100;
}

static void add_control(struct server *s, uint16_t port)
{
	size_t at = s->controls_n;
	if (at >= TRACE_PORTS_MAX)
		return;
	for (size_t i = 0; i < s->controls_n; i++) {
		if (s->controls[i] == port)
			return;
	}
	while (at > 0 && control_rank(s->controls[at - 1]) > control_rank(port)) {
		s->controls[at] = s->controls[at - 1];
		at--;
	}
	s->controls[at] = port;
	s->controls_n++;
}

static void add_controls(const struct survey *survey, const struct talk *talk, struct server *item)
{
	for (size_t k = 0; k < survey->o->controls_n; k++)
		add_control(item, survey->o->controls[k]);
	for (size_t k = 0; k < survey->talks.n && !survey->o->controls_n; k++) {
		const struct talk *other = &survey->talks.items[k];
		if (other->port != survey->port && addr_equal(&other->server, &talk->server) &&
		    addr_equal(&other->client, &survey->client))
			add_control(item, other->port);
	}
}

/* Every server that the client sent a SYN to on the port, with its other ports as controls. */
static int add_servers(struct survey *survey, struct trace *t)
{
	const struct talks *talks = &survey->talks;
	for (size_t i = 0; i < talks->n; i++) {
		const struct talk *talk = &talks->items[i];
		if (talk->port != survey->port || !addr_equal(&talk->client, &survey->client))
			continue;
		char buf[ADDR_TEXT_BYTES];
		struct server item = {
			.host = addr_text(&talk->server, buf),
			.addr = talk->server,
			.client = talk->client,
			.port = survey->port,
		};
		add_controls(survey, talk, &item);
		if (!trace_add_server(t, &item))
			break;
	}
	if (t->failed) {
		log_error(survey->log, "no memory for the servers");
		return EXIT_SYSTEM;
	}
	if (t->full)
		log_note(survey->log, "more than %d servers: the rest is left out",
			 TRACE_SERVERS_MAX);
	return 0;
}

static void choose_port(struct survey *survey)
{
	const struct options *o = survey->o;
	survey->port = (uint16_t)o->port;
	struct addr client = talks_client(&survey->talks, survey->port);
	uint16_t likeliest = talks_likeliest_port(&survey->talks);
	if (!addr_is_set(&client) && !o->port_given && likeliest) {
		log_note(survey->log, "no SYN to port %u; judging port %u instead", survey->port,
			 likeliest);
		survey->port = likeliest;
		client = talks_client(&survey->talks, likeliest);
	}
	survey->client = addr_is_set(&o->client) ? o->client : client;
}

int survey_replay(const struct options *o, struct log *log, struct trace *t,
		  struct feed_counts *counts)
{
	struct survey survey = {.o = o, .log = log};
	struct second_pass pass = {.trace = t, .counts = counts};
	char buf[ADDR_TEXT_BYTES];
	int status = each_frame(o, log, visit_talk, &survey, &t->run.cut);
	if (status != 0)
		goto out;
	if (survey.talks.attempts == 0) {
		log_error(log, "%s holds no TCP attempt and no answer to one", o->files[0]);
		status = EXIT_INPUT;
		goto out;
	}
	choose_port(&survey);
	t->run.port = survey.port;
	t->run.own = false;
	t->run.started_ns = survey.talks.first_ns;
	if (addr_is_set(&survey.client))
		log_note(log, "taking %s as the client and port %u as the port under test",
			 addr_text(&survey.client, buf), survey.port);
	status = add_servers(&survey, t);
	if (status == 0)
		status = each_frame(o, log, visit_feed, &pass, NULL);
	t->run.ended_ns = t->last_ns;
out:
	talks_free(&survey.talks);
	return status;
}
