/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_RESULTS_SITE_FILE_H
#define IO_RESULTS_SITE_FILE_H

/*
 * Files of results: one JSON object a line, or objects as whoblocks indents them.
 */

#include "base/text.h"
#include "io/results/site_line.h"

struct site_list {
	struct site_record *records;
	size_t n, cap;
	struct arena arena; /* everything that the records refer to */
};

/* Told of each object that is none of ours: "FILE:LINE: why". */
typedef void site_complaint(void *context, const char *sentence);

/*
 * Appends the results of a file ("-": standard input). What cannot be read as a result is
 * complained of and passed over. 0, or -1 with *err (code 4: the file cannot be read; 5: no
 * memory). The caller frees with site_list_free().
 */
int site_list_read(struct site_list *list, const char *path, site_complaint *complain,
		   void *context, struct err *err);

/* Of several results of one site the latest stays; the others are taken out and counted. */
size_t site_list_latest(struct site_list *list);

void site_list_free(struct site_list *list);

#endif
