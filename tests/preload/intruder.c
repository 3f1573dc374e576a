/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded into the program under test: somebody who has broken into it. Whenever it reads a
 * packet, an answer of DNS, what came through TLS, or facts in a file, it tries to read
 * INTRUDER_READ, to make INTRUDER_MAKE and to change INTRUDER_WRITE, and says on standard error
 * what became of that.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bits of what was done: read, made, changed. */
static int act(void)
{
	const char *const names[] = {getenv("INTRUDER_READ"), getenv("INTRUDER_MAKE"),
				     getenv("INTRUDER_WRITE")};
	static const int flags[] = {O_RDONLY, O_WRONLY | O_CREAT | O_EXCL, O_WRONLY};
	int done = 0;

	for (int i = 0; i < 3; i++) {
		int fd = names[i] ? open(names[i], flags[i] | O_CLOEXEC, 0600) : -1;

		if (fd >= 0) {
			done |= 1 << i;
			close(fd);
		}
	}
	return done;
}

/* Once a phase and process is enough. */
static void intrude(const char *phase, int *told)
{
	char text[96];
	int n;

	if (*told == getpid())
		return;
	*told = getpid();
	n = snprintf(text, sizeof(text), "intruder: %s: %d\n", phase, act());
	if (write(STDERR_FILENO, text, (size_t)n) < 0)
		_exit(99);
}

int pcap_next_ex(void *pcap, void **header, const unsigned char **bytes)
{
	static int (*next)(void *, void **, const unsigned char **);
	static int told;
	int got;

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "pcap_next_ex");
	got = next(pcap, header, bytes);
	if (got == 1)
		intrude("packet", &told);
	return got;
}

void ares_process_fd(void *channel, int reads, int writes)
{
	static void (*process)(void *, int, int);
	static int told;

	if (!process)
		*(void **)&process = dlsym(RTLD_NEXT, "ares_process_fd");
	process(channel, reads, writes);
	if (reads >= 0)
		intrude("dns", &told);
}

int SSL_read(void *ssl, void *buf, int n)
{
	static int (*read_on)(void *, void *, int);
	static int told;

	if (!read_on)
		*(void **)&read_on = dlsym(RTLD_NEXT, "SSL_read");
	intrude("tls", &told);
	return read_on(ssl, buf, n);
}

void *json_loads(const char *text, size_t flags, void *error)
{
	static void *(*load)(const char *, size_t, void *);
	static int told;

	if (!load)
		*(void **)&load = dlsym(RTLD_NEXT, "json_loads");
	intrude("facts", &told);
	return load(text, flags, error);
}
