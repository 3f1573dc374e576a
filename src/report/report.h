/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

/*
 * Renderers: a finished result as text or JSON. They decide nothing and reach
 * for nothing; text from the network is escaped here.
 */

#include "base/text.h"
#include "infer/result/result.h"
#include "trace/trace.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct about;
struct attachment;
struct outside_view; /* outside/view.h */
struct json_t;

/* What a renderer must know of the run beside trace and result. Strings are loans. */
struct run_info {
	const char *mode; /* "live" "replay" "compare" */
	int64_t started_ns, duration_ns;
	const char *stop;	 /* as the schema names it; NULL: unknown */
	const char *const *argv; /* NULL-terminated */
	const char *interface;	 /* NULL: unknown */
	uint64_t packets_sent, packets_seen, capture_dropped;
	const char *const *lookups; /* NULL-terminated list of outside look-ups; NULL: none */
	unsigned rounds;
	const char *capture_file;	    /* NULL: none */
	const char *capture_sha256;	    /* NULL: none */
	const struct about *about;	    /* NULL: nothing is known of it */
	const char *folder;		    /* the evidence folder that was written; NULL: none */
	const struct outside_view *outside; /* what others saw; NULL: nobody was asked */
};

/* Files that go with a ticket. */
struct attachments {
	const struct attachment *files;
	size_t n;
};

struct text_style {
	bool colour;
	bool utf8;
	unsigned columns; /* width to stay within, 80 unless the terminal is narrower */
};

/* The answer as an administrator reads it. */
void report_text(const struct run_info *run, const struct trace *t, const struct result *r,
		 const struct text_style *style, struct text *out);

/*
 * A text to be sent to whoever is suspected: plain ASCII, other languages in UTF-8, at most 80
 * columns. Another one for a
 * provider, a hosting company, one's own network team and a mail operator.
 */
void report_ticket(const struct run_info *run, const struct trace *t, const struct result *r,
		   const struct attachments *attached, struct text *out);

/* Everything on one page of HTML that needs nothing else, not even a script. */
void report_html(const struct run_info *run, const struct trace *t, const struct result *r,
		 struct text *out);

/* What the files of an evidence folder are, and how to check them. */
void report_readme(const struct run_info *run, const struct trace *t, const struct result *r,
		   struct text *out);

/*
 * Appends JSON as every output of ours spells it: the keys in their order, two
 * spaces of indent, numbers as short as their rounding, a newline at the end.
 * The same object always gives the same bytes. NULL counts as no memory.
 */
void report_json_text(const struct json_t *json, struct text *out);

/* The same on one line. */
void report_json_line(const struct json_t *json, struct text *out);

/*
 * Appends the result object of src/report/result.schema.json, spelt as report_json_text() or, on
 * one line, as report_json_line() does. Keys stand in a fixed order.
 */
void report_json(const struct run_info *run, const struct trace *t, const struct result *r,
		 bool line, struct text *out);

#endif
