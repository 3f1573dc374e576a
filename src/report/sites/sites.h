/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_SITES_SITES_H
#define REPORT_SITES_SITES_H

/*
 * What many sites share, as text, JSON (src/report/sites.schema.json) and a page of HTML
 * that needs nothing else. `sites` are those that were combined.
 */

#include "base/text.h"
#include "report/report.h"
#include "sites/sites.h"

struct json_t;

void report_sites_text(const struct sites_result *r, const struct site *sites,
		       const struct text_style *style, struct text *out);
void report_sites_html(const struct sites_result *r, const struct site *sites, struct text *out);

/* A new reference, or NULL when there is no memory. */
struct json_t *report_sites_json(const struct sites_result *r, const struct site *sites);

#endif
