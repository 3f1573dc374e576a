/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/sandbox.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* The last words of who makes a socket under the filter. */
static void test_last_words(void **state)
{
	static const char begin[] = "whoblocks: the system call 'socket' (number ";
	struct rlimit none = {0, 0};
	struct err err = {0};
	char text[512] = "";
	size_t n = 0;
	ssize_t got;
	int ends[2], status;
	pid_t pid;

	(void)state;
	if (!sandbox_built())
		skip();
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &none);
		dup2(ends[1], STDERR_FILENO);
		if (sandbox_enter(SANDBOX_READS, &err) == 0)
			(void)socket(AF_INET, SOCK_STREAM, 0);
		_exit(EXIT_FAILURE);
	}
	close(ends[1]);
	while (n + 1 < sizeof(text) && (got = read(ends[0], text + n, sizeof(text) - 1 - n)) > 0)
		n += (size_t)got;
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
	assert_memory_equal(text, begin, strlen(begin));
	assert_int_equal(strtol(text + strlen(begin), NULL, 10), SYS_socket);
	assert_int_equal(text[n - 1], '\n');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_last_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
