/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_MAIL_SMTP_LOG_H
#define IO_MAIL_SMTP_LOG_H

/*
 * The dialogue of one session as it goes by: its lines, made printable and
 * bounded, and the stage that they show.
 */

#include "base/text.h"
#include "trace/trace.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct smtp_log {
	struct text lines;   /* "S: 220 ...\nC: EHLO ..." */
	struct text version; /* of TLS; empty before */
	enum session_stage stage;
	bool secure;   /* TLS is up: what follows is inside */
	bool greeted;  /* the greeting is complete */
	bool flooded;  /* more than anybody needs */
	bool strange;  /* a line that is no reply */
	int command;   /* what the server is answering: enum in the .c file */
	unsigned came; /* lines from the server */
	size_t bytes;  /* from the server */
	int64_t greeted_ns;
};

/* A line, or a piece of an overlong one, from the server; its line end does not matter. */
void smtp_log_in(struct smtp_log *log, const char *line, size_t n, int64_t now_ns);

/* A command to the server. */
void smtp_log_out(struct smtp_log *log, const char *line, size_t n);

/* TLS is complete. */
void smtp_log_secure(struct smtp_log *log, const char *version, size_t n);

void smtp_log_free(struct smtp_log *log);

#endif
