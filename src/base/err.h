/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_ERR_H
#define BASE_ERR_H

/*
 * Errors as values. The caller owns a struct err and passes it down; whoever
 * fails fills it with one sentence that names the thing and quotes the input.
 * Only the command line prints it.
 */

#define ERR_MSG_BYTES 512

struct err {
	int code;		 /* chosen by the edge that fails: an exit status */
	char msg[ERR_MSG_BYTES]; /* a sentence without a final newline */
};

/* Fills *err and returns -1, so that a failing function can `return err_set(...)`. */
int err_set(struct err *err, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
