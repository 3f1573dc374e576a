/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/show/comparison.h"
#include "cli/command.h"
#include "cli/out/log.h"
#include "io/folder/folder.h"
#include "io/folder/member.h"
#include "trace/pairs.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct saved {
	char *paths[PAIRS_CAPTURES_MAX];
	size_t n;
};

bool comparison_is(const char *path)
{
	FILE *f = member_stream(path, "result.json");
	json_t *result = f ? json_loadf(f, 0, NULL) : NULL;
	const char *mode = json_string_value(json_object_get(result, "mode"));
	bool compared = mode && strcmp(mode, "compare") == 0;
	json_decref(result);
	if (f)
		fclose(f);
	return compared;
}

/* The client's capture, and the others as they are numbered from 2. 0, or an exit status. */
static int find_captures(const char *folder, struct saved *s, struct err *err)
{
	while (s->n < PAIRS_CAPTURES_MAX) {
		char **path = &s->paths[s->n];
		int made = s->n == 0 ? asprintf(path, "%s/" FOLDER_CAPTURE, folder)
				     : asprintf(path, "%s/capture-%zu.pcapng", folder, s->n + 1);
		if (made < 0) {
			*path = NULL;
			(void)err_set(err, EXIT_SYSTEM, "no memory to read '%s'", folder);
			return EXIT_SYSTEM;
		}
		if (access(*path, F_OK) != 0)
			break;
		s->n++;
	}
	if (s->n >= 2)
		return 0;
	(void)err_set(err, EXIT_INPUT, "'%s' is of a comparison and holds no '%s'", folder,
		      s->n == 0 ? FOLDER_CAPTURE : "capture-2.pcapng");
	return EXIT_INPUT;
}

int comparison_replay(const struct options *o, struct saving *saving)
{
	const char *folder = o->files[0];
	struct options inside = *o;
	struct saved saved = {0};
	struct err err = {0};
	struct log log;
	int status;
	log_init(&log, o);
	if (folder_verify(folder, &err) != 0)
		status = err.code;
	else
		status = find_captures(folder, &saved, &err);
	inside.files = (const char *const *)saved.paths;
	inside.files_n = saved.n;
	if (status == 0)
		status = compare_files(&inside, saving);
	else
		log_error(&log, "%s", err.msg);
	for (size_t i = 0; i < PAIRS_CAPTURES_MAX; i++)
		free(saved.paths[i]);
	return status;
}
