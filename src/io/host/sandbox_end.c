/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/sandbox_end.h"
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CALLS_MAX     512 /* numbers of this architecture that have names, at most */
#define NAME_BYTES    32
#define MESSAGE_BYTES 256
#define DECIMAL	      10

/*
 * The handler may interrupt anything, also the allocation of memory: the names are looked up
 * before. Written once, before the filter is there; handlers have no other way to be told.
 */
static char names[CALLS_MAX][NAME_BYTES];

static void fill_names(void)
{
	for (int call = 0; call < CALLS_MAX; call++) {
		char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, call);

		if (name && strlen(name) < NAME_BYTES)
			memcpy(names[call], name, strlen(name) + 1);
		free(name);
	}
}

struct message {
	char text[MESSAGE_BYTES];
	size_t n;
};

static void say(struct message *m, const char *text)
{
	while (*text && m->n < sizeof(m->text))
		m->text[m->n++] = *text++;
}

static void say_number(struct message *m, unsigned number)
{
	char digits[DECIMAL + 1] = "";
	size_t at = DECIMAL;

	do {
		digits[--at] = (char)('0' + number % DECIMAL);
		number /= DECIMAL;
	} while (number && at);
	say(m, digits + at);
}

/* Only what signal-safety(7) allows. */
static void name_and_end(int signal, siginfo_t *info, void *context)
{
	struct message m = {.n = 0};
	unsigned call = (unsigned)info->si_syscall;

	(void)context;
	say(&m, "whoblocks: the system call '");
	say(&m, call < CALLS_MAX && *names[call] ? names[call] : "without a known name");
	say(&m, "' (number ");
	say_number(&m, call);
	say(&m, ") is not among those that the filter of this command allows; it ends here. "
		"Please report this line with the version of the C library.\n");
	if (write(STDERR_FILENO, m.text, m.n) < 0)
		_exit(128 + signal);
	/* The handler is gone by now: this ends the process. */
	raise(signal);
	_exit(128 + signal);
}

int sandbox_end_named(void)
{
	struct sigaction action = {
		.sa_sigaction = name_and_end,
		.sa_flags = SA_SIGINFO | SA_NODEFER | (int)SA_RESETHAND,
	};

	fill_names();
	return sigaction(SIGSYS, &action, NULL);
}
