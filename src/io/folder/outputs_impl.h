/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_FOLDER_OUTPUTS_IMPL_H
#define IO_FOLDER_OUTPUTS_IMPL_H

/*
 * What the run and the keeper share: the table of outputs, and what one asks the
 * other.
 */

#include "io/folder/folder.h"
#include "io/folder/outputs.h"
#include "io/folder/whole.h"
#include <stdint.h>
#include <sys/types.h>

struct output {
	struct place place; /* dir -1: a member of the folder */
	char *name, *temp;
	struct whole whole;
};

struct outputs {
	bool replace;
	struct output items[OUTPUTS_MAX];
	int n;
	struct folder folder;
	bool has_folder;
	int spool_of; /* -1: none */
	char *spool;  /* its name */
	int spool_fd; /* -1: the caller has it */
	int keeper;   /* line to it, -1: none */
	pid_t pid;
};

enum keeper_job {
	KEEPER_BEGIN,
	KEEPER_FINISH,
	KEEPER_ABANDON,
	KEEPER_PUBLISH,
	KEEPER_END,
};

struct keeper_request {
	uint8_t job, number;
	uint8_t keep_spool, keep_folder;
};

struct keeper_reply {
	int32_t code; /* 0: done */
	int32_t left; /* KEEPER_END: the partial folder is left */
	char msg[ERR_MSG_BYTES];
};

/* Does one job. A descriptor to be handed over, or -1. */
int outputs_do(struct outputs *o, const struct keeper_request *request, struct keeper_reply *reply);

/* The folder that an output stands in. */
int outputs_dir(const struct outputs *o, int number);

/* The keeper's life. */
_Noreturn void keeper_serve(struct outputs *o, int fd, const struct caller *owner);

#endif
