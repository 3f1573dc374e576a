/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"
#include "cli/live/known_list.h"
#include "cli/out/output.h"
#include "report/page/page.h"
#include <jansson.h>
#include <string.h>

#define PORTS_BYTES (TRACE_PORTS_MAX * 6 + 1)

static const char *ports_text(const struct known_server *s, char buf[PORTS_BYTES])
{
	size_t at = 0;

	strcpy(buf, "-");
	for (size_t i = 0; i < s->controls_n; i++)
		at += (size_t)snprintf(buf + at, PORTS_BYTES - at, "%s%u", i ? "," : "",
				       s->controls[i]);
	return buf;
}

/* A column of text from a file, padded; its bytes are made harmless. */
static void add_column(struct text *out, const char *s, size_t width)
{
	struct text safe = {0};
	size_t columns;

	text_add_untrusted(&safe, s, strlen(s));
	columns = page_width(text_str(&safe));
	text_addf(out, "%s%*s", text_str(&safe), columns < width ? (int)(width - columns) : 0, "");
	out->failed = out->failed || safe.failed;
	text_free(&safe);
}

static void list_text(const struct known_list *list, struct text *out)
{
	char ports[PORTS_BYTES];
	size_t host = strlen("server");
	size_t control = strlen("control ports");

	for (size_t i = 0; i < list->n; i++) {
		size_t n = strlen(ports_text(&list->servers[i], ports));
		size_t m = page_width(list->servers[i].host);

		control = n > control ? n : control;
		host = m > host ? m : host;
	}
	text_addf(out, "%-*s  port   %-*s  operator\n", (int)host, "server", (int)control,
		  "control ports");
	for (size_t i = 0; i < list->n; i++) {
		const struct known_server *s = &list->servers[i];

		add_column(out, s->host, host);
		text_addf(out, "  %-5u  %-*s  ", s->port, (int)control, ports_text(s, ports));
		add_column(out, s->owner ? s->owner : "-", 0);
		if (s->note) {
			text_add(out, " (");
			add_column(out, s->note, 0);
			text_add(out, ")");
		}
		text_add(out, "\n");
	}
}

static json_t *server_json(const struct known_server *s)
{
	json_t *controls = json_array();

	for (size_t i = 0; i < s->controls_n; i++)
		json_array_append_new(controls, json_integer(s->controls[i]));
	return json_pack("{s:s, s:i, s:o, s:s?, s:o, s:s?}", "host", s->host, "port", (int)s->port,
			 "controls", controls, "operator", s->owner, "asn",
			 s->asn ? json_integer(s->asn) : json_null(), "note", s->note);
}

/* NULL when there is no memory, or a text is no UTF-8. */
static json_t *list_json(const struct known_list *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++)
		if (json_array_append_new(array, server_json(&list->servers[i]))) {
			json_decref(array);
			return NULL;
		}
	return array;
}

int servers_main(const struct options *o)
{
	struct known_list list;
	struct text out = {0};
	struct err err;
	struct log log;
	int status;

	log_init(&log, o);
	if (known_list_open(o, &list, &err)) {
		log_error(&log, "%s", err.msg);
		return err.code;
	}
	if (o->json) {
		json_t *array = list_json(&list);

		status = output_json(&log, array, o->json_line, EXIT_OK);
		json_decref(array);
	} else {
		list_text(&list, &out);
		status = output_text(&log, &out, EXIT_OK);
		text_free(&out);
	}
	known_free(&list);
	return status;
}
