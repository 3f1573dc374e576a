/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_PAGE_SERVER_CELLS_H
#define REPORT_PAGE_SERVER_CELLS_H

/*
 * What one row of the server table says: the server, its port under test, its
 * control port, its distance and how far the mail session came.
 */

#include "report/page/view.h"
#include <stdbool.h>
#include <stddef.h>

#define CELL_BYTES 32

enum cell_index {
	CELL_HOST,
	CELL_TARGET,
	CELL_CONTROL,
	CELL_DISTANCE,
	CELL_SMTP,
	CELL_COUNT,
};

struct server_cells {
	struct text host;		   /* of server_host_cell(), where that was asked for */
	char cell[CELL_COUNT][CELL_BYTES]; /* those after the host */
	enum paint paint;		   /* of the port's cell */
};

/* Whether the cell says that there is nothing to say. */
bool server_cell_is_empty(const char *cell);

/* The cells of a finding (index of result.findings) but the host's, which stays empty. */
void server_cells(const struct view *v, size_t finding, bool with_port, struct server_cells *out);
void server_cells_free(struct server_cells *cells);

/*
 * Appends the host's cell, not escaped yet: the name, with the address where another finding has
 * that name, too. Looks at all of them: for tables of some rows.
 */
void server_host_cell(const struct view *v, size_t finding, struct text *out);

#endif
