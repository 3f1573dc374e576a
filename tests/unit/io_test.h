/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_TEST_H
#define IO_TEST_H

/*
 * What the tests of io/ share: temporary files and network namespaces.
 */

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))
#define TEMP_PATH_BYTES 64

/* A folder of its own under /tmp; the test removes it. */
static inline void temp_folder(char path[TEMP_PATH_BYTES])
{
	strcpy(path, "/tmp/whoblocks-test-XXXXXX");
	assert_non_null(mkdtemp(path));
}

static inline const char *temp_path(char out[2 * TEMP_PATH_BYTES], const char *folder,
				    const char *name)
{
	snprintf(out, 2 * TEMP_PATH_BYTES, "%s/%s", folder, name);
	return out;
}

static inline void write_file(const char *path, const void *bytes, size_t len)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

/* The exit status of a child that runs `check` without any capability. */
static inline int without_capabilities(int (*check)(void))
{
	int status;
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		cap_t none = cap_init();

		if (!none || cap_set_proc(none) != 0)
			_exit(255);
		cap_free(none);
		_exit(check());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Moves the process into an empty network with `lo` up, or skips the test. */
static inline void own_network(void)
{
	if (geteuid() != 0) {
		print_message("needs root for a network namespace\n");
		skip();
	}
	if (unshare(CLONE_NEWNET) != 0) {
		print_message("no network namespace here\n");
		skip();
	}
	assert_int_equal(system("ip link set lo up"), 0);
}

#endif
