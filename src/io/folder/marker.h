/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_FOLDER_MARKER_H
#define IO_FOLDER_MARKER_H

/*
 * What this program wrote, known by a mark in it: nothing else is ever replaced,
 * whatever its name.
 */

#include <stdbool.h>

enum marked {
	MARKED_CAPTURE, /* a pcapng whose section names this program, or a classic file of ours */
	MARKED_KEY,	/* what pseudonyms stand for */
	MARKED_RESULT,	/* a result in JSON */
};

/* Whether a file of that kind has the name. */
bool marker_file(int dir, const char *name, enum marked kind);

/*
 * Whether the open folder is one of evidence, whole or half made: it holds no other file than such
 * a folder's, and one of them has its mark. An empty folder is nobody's and counts.
 */
bool marker_folder(int dir);

#endif
