/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Queues of packets over which programs decide (NFQUEUE), and which programs these are. The kernel
 * knows a listener by its netlink port, which is the process's number, or one that the kernel drew:
 * the socket of that port tells whose it is.
 */
#include "io/host/firewall_queue.h"
#include "base/arena.h"
#include "base/text.h"
#include <ctype.h>
#include <dirent.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COMM_BYTES 64
#define QUEUES_MAX 64

/* The inode of netfilter's netlink socket with this port; 0: there is none. */
static unsigned long inode_of(unsigned port)
{
	FILE *f = fopen("/proc/net/netlink", "re");
	char line[256];
	unsigned long found = 0;

	while (f && !found && fgets(line, sizeof(line), f)) {
		int family;
		unsigned one;
		unsigned long inode;

		if (sscanf(line, "%*s %d %u %*s %*s %*s %*s %*s %*s %lu", &family, &one, &inode) ==
			    3 &&
		    family == NETLINK_NETFILTER && one == port)
			found = inode;
	}
	if (f)
		fclose(f);
	return found;
}

/* Whether the process holds the socket. */
static bool holds(const char *pid, unsigned long inode)
{
	char folder[64], wanted[64], target[64];
	bool found = false;
	const struct dirent *entry;

	snprintf(folder, sizeof(folder), "/proc/%.32s/fd", pid);
	snprintf(wanted, sizeof(wanted), "socket:[%lu]", inode);
	DIR *dir = opendir(folder);
	while (dir && !found && (entry = readdir(dir)) != NULL) {
		ssize_t n = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);

		if (n <= 0)
			continue;
		target[n] = '\0';
		found = strcmp(target, wanted) == 0;
	}
	if (dir)
		closedir(dir);
	return found;
}

/* The process that listens by this port, 0: it cannot be seen. */
static long listener_of(unsigned port)
{
	unsigned long inode = inode_of(port);
	char usual[16];
	long found = 0;
	const struct dirent *entry;

	if (!inode)
		return 0;
	snprintf(usual, sizeof(usual), "%u", port);
	if (holds(usual, inode))
		return (long)port;
	DIR *dir = opendir("/proc");
	while (dir && !found && (entry = readdir(dir)) != NULL) {
		if (isdigit((unsigned char)entry->d_name[0]) && holds(entry->d_name, inode))
			found = strtol(entry->d_name, NULL, 10);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* The program's name is its own word: shown so that it does no harm. */
static void print_listener(int out, unsigned queue, long pid)
{
	char path[64], name[COMM_BYTES];
	struct text shown = {0};

	snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
	FILE *f = pid > 0 ? fopen(path, "re") : NULL;
	size_t n = f ? fread(name, 1, sizeof(name), f) : 0;
	n -= n > 0 && name[n - 1] == '\n';
	text_add_untrusted(&shown, name, n);
	dprintf(out, "%u %ld %s\n", queue, pid, text_str(&shown));
	text_free(&shown);
	if (f)
		fclose(f);
}

void queues_print(int out)
{
	FILE *f = fopen("/proc/net/netfilter/nfnetlink_queue", "re");
	unsigned queue, port;

	for (int i = 0; f && i < QUEUES_MAX && fscanf(f, "%u %u%*[^\n]", &queue, &port) == 2; i++)
		print_listener(out, queue, listener_of(port));
	if (f)
		fclose(f);
}

/* A line of the list, if it is of this queue. */
static bool say(const char *line, unsigned number, struct queue_said *out)
{
	char *end;
	unsigned long queue = strtoul(line, &end, 10);
	long pid = strtol(end, &end, 10);

	if (queue != number || *end != ' ')
		return false;
	if (pid > 0 && end[1])
		snprintf(out->program, sizeof(out->program),
			 "queue %u, on which %s (process %ld) decides", number, end + 1, pid);
	else
		snprintf(out->program, sizeof(out->program),
			 "queue %u, on which a program decides that cannot be seen from here",
			 number);
	out->advice =
		N_("Better than to pass the program by: let the mail program connect to the port "
		   "in that program's own rules or window.");
	return true;
}

void queues_say(const char *list, unsigned number, struct queue_said *out)
{
	char line[RULES_LINE_BYTES];

	while ((list = rules_line(list, line)) != NULL) {
		if (say(line, number, out))
			return;
	}
	snprintf(out->program, sizeof(out->program), "queue %u, on which no program is seen",
		 number);
	out->advice = N_("Or start the program that should take packets from the queue: without "
			 "one the kernel drops them.");
}
