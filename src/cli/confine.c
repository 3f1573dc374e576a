/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/confine.h"
#include "cli/command.h"
#include "cli/load/hop_owners.h"
#include "io/host/files.h"
#include "io/host/landlock.h"
#include "io/host/privilege.h"
#include "io/host/sandbox.h"
#include <stdlib.h>
#include <unistd.h>

#define OTHERS 3 /* inputs beside the FILEs */

int confine_caller(struct err *err)
{
	struct caller caller;

	if (privilege_caller(&caller, err) != 0)
		return -1;
	return privilege_read_only(&caller, err);
}

/* Root cannot become somebody else while it reads root's files: it is held to these. */
static int hold_root(const struct options *o, struct err *err)
{
	const char **paths = calloc(o->files_n + OTHERS, sizeof(*paths));
	/* Where copies of what cannot be rewound are made; the filter lets nothing else be written.
	 */
	const char *const temps[] = {files_environment("TMPDIR"), "/tmp", "/var/tmp"};
	struct landlock_paths allowed = {
		.inputs = paths,
		.temps = temps,
		.temps_n = sizeof(temps) / sizeof(temps[0]),
	};
	size_t n = 0;
	int status;

	if (!paths)
		return err_set(err, EXIT_SYSTEM, "no memory for the names of the inputs");
	for (size_t i = 0; i < o->files_n; i++)
		paths[n++] = o->files[i];
	paths[n++] = o->networks_file;
	paths[n++] = o->servers_file;
	paths[n++] = hop_owners_path(o);
	allowed.inputs_n = n;
	status = landlock_reads(&allowed, err);
	free(paths);
	return status;
}

int confine_reading(const struct options *o, struct err *err)
{
	if (geteuid() == 0 && hold_root(o, err) != 0)
		return -1;
	return sandbox_enter(SANDBOX_READS, err);
}
