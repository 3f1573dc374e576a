/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/sites/sites.h"
#include "cli/command.h"
#include "cli/out/log.h"
#include "cli/out/output.h"
#include "io/results/site_file.h"
#include <jansson.h>
#include <stdlib.h>

#define COMPLAINTS_MAX 10 /* shown; more are counted */

/* What could not be read, while files are. */
struct complaints {
	struct log *log;
	size_t n;
};

static void complain(void *context, const char *sentence)
{
	struct complaints *c = context;
	if (c->n++ < COMPLAINTS_MAX)
		log_note(c->log, "%s", sentence);
}

static int read_files(const struct options *o, struct log *log, struct site_list *list)
{
	struct complaints c = {.log = log};
	struct err err = {0};
	for (size_t i = 0; i < o->files_n; i++) {
		if (site_list_read(list, o->files[i], complain, &c, &err) != 0) {
			log_error(log, "%s", err.msg);
			return err.code;
		}
	}
	if (c.n > COMPLAINTS_MAX)
		log_note(log, "%zu more were no results", c.n - COMPLAINTS_MAX);
	if (list->n == 0) {
		log_error(log, "no result of whoblocks in what was given");
		return EXIT_INPUT;
	}
	size_t older = site_list_latest(list);
	if (older > 0)
		log_note(log, "%zu older results of the same sites are left out", older);
	return EXIT_OK;
}

static int show(const struct options *o, struct log *log, const struct sites_result *result,
		const struct site *sites)
{
	struct text out = {0};
	int status;
	if (o->json || o->format == FORMAT_JSON) {
		json_t *object = report_sites_json(result, sites);
		status = output_json(log, object, o->json_line, EXIT_OK);
		json_decref(object);
		return status;
	}
	if (o->format == FORMAT_HTML) {
		report_sites_html(result, sites, &out);
	} else {
		struct text_style style = output_style(o);
		report_sites_text(result, sites, &style, &out);
	}
	status = output_text(log, &out, EXIT_OK);
	text_free(&out);
	return status;
}

/* The sites of the list, one after the other; NULL when there is no memory. */
static struct site *line_up(const struct site_list *list)
{
	struct site *sites = calloc(list->n, sizeof(*sites));
	for (size_t i = 0; sites && i < list->n; i++)
		sites[i] = list->records[i].site;
	return sites;
}

static int combine(const struct options *o, struct log *log, const struct site_list *list)
{
	struct sites_result result = {0};
	struct site *sites = line_up(list);
	int status = EXIT_SYSTEM;
	if (sites && sites_combine(sites, list->n, &result))
		status = show(o, log, &result, sites);
	else
		log_error(log, "no memory for %zu sites", list->n);
	sites_free(&result);
	free(sites);
	return status;
}

int sites_main(const struct options *o)
{
	struct site_list list = {0};
	struct log log;
	log_init(&log, o);
	if (o->files_n == 0 || o->format == FORMAT_TICKET) {
		log_error(&log, o->files_n == 0
					? "sites needs a FILE of results"
					: "sites has no ticket: --format text, json or html");
		return EXIT_USAGE;
	}
	int status = read_files(o, &log, &list);
	if (status == EXIT_OK)
		status = combine(o, &log, &list);
	site_list_free(&list);
	return status;
}
