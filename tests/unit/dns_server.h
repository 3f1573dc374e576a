/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef DNS_SERVER_H
#define DNS_SERVER_H

/*
 * A name server of a few lines on 127.0.0.1, port 53, in a network and with a
 * resolv.conf of its own.
 */

#include "io_test.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#define DNS_TYPE_A    1
#define DNS_TYPE_PTR  12
#define DNS_TYPE_TXT  16
#define DNS_TYPE_AAAA 28

struct dns_row {
	const char *name; /* in text form */
	uint16_t type;
	const char *data; /* an address, a name for PTR, a text; NULL: no answer ever */
};

/* The question's name in text form; its length in the message. */
static inline size_t dns_name(const uint8_t *at, size_t room, char out[256])
{
	size_t used = 0, len = 0;

	while (used < room && at[used]) {
		size_t label = at[used++];

		if (used + label >= room || len + label + 2 > 256)
			return 0;
		if (len)
			out[len++] = '.';
		memcpy(out + len, at + used, label);
		len += label;
		used += label;
	}
	out[len] = '\0';
	return used + 1;
}

static inline size_t dns_data(const struct dns_row *row, uint8_t *out)
{
	size_t used = 0;

	if (row->type == DNS_TYPE_A)
		return inet_pton(AF_INET, row->data, out) == 1 ? 4 : 0;
	if (row->type == DNS_TYPE_AAAA)
		return inet_pton(AF_INET6, row->data, out) == 1 ? 16 : 0;
	if (row->type == DNS_TYPE_TXT) {
		used = strlen(row->data);
		out[0] = (uint8_t)used;
		memcpy(out + 1, row->data, used);
		return used + 1;
	}
	for (const char *s = row->data; *s;) {
		size_t label = strcspn(s, ".");

		out[used++] = (uint8_t)label;
		memcpy(out + used, s, label);
		used += label;
		s += label + (s[label] == '.');
	}
	out[used++] = 0;
	return used;
}

/* Makes the answer to a query in place; 0: keep silent. */
static inline size_t dns_answer(uint8_t *m, size_t len, const struct dns_row *rows, size_t n)
{
	char name[256];
	size_t end, data_len;
	uint16_t type, found = 0;
	bool known = false;

	if (len < 17)
		return 0;
	end = 12 + dns_name(m + 12, len - 16, name);
	type = (uint16_t)(m[end] << 8 | m[end + 1]);
	end += 4;
	for (size_t i = 0; i < n; i++) {
		static const uint8_t head[10] = {0xc0, 12, 0, 0, 0, 1, 0, 0, 0, 60};

		if (strcmp(rows[i].name, name) != 0)
			continue;
		known = true;
		if (!rows[i].data)
			return 0;
		if (rows[i].type != type)
			continue;
		memcpy(m + end, head, sizeof(head));
		m[end + 3] = (uint8_t)type;
		data_len = dns_data(&rows[i], m + end + 12);
		m[end + 10] = 0;
		m[end + 11] = (uint8_t)data_len;
		end += 12 + data_len;
		found++;
	}
	m[2] = 0x81;
	m[3] = known ? 0x80 : 0x83;
	memset(m + 6, 0, 6);
	m[7] = (uint8_t)found;
	return end;
}

/* Serves the rows until the test's process ends. */
static inline pid_t dns_serve(const struct dns_row *rows, size_t n)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons(53),
		.sin_addr = {htonl(INADDR_LOOPBACK)},
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	pid_t pid, parent = getpid();

	assert_int_not_equal(fd, -1);
	assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid != 0) {
		close(fd);
		return pid;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	for (;;) {
		struct sockaddr_storage from;
		socklen_t from_len = sizeof(from);
		uint8_t m[4096];
		ssize_t len = recvfrom(fd, m, 512, 0, (struct sockaddr *)&from, &from_len);
		size_t answer = len > 0 ? dns_answer(m, (size_t)len, rows, n) : 0;

		if (answer)
			sendto(fd, m, answer, 0, (const struct sockaddr *)&from, from_len);
	}
}

/* Puts a text in the place of a file of /etc, for this process alone. */
static inline void replace_file(const char *folder, const char *name, const char *text)
{
	char path[2 * TEMP_PATH_BYTES], target[2 * TEMP_PATH_BYTES];

	temp_path(path, folder, name);
	temp_path(target, "/etc", name);
	write_file(path, text, strlen(text));
	umount2(target, MNT_DETACH); /* what an earlier test put there */
	assert_int_equal(mount(path, target, NULL, MS_BIND, NULL), 0);
}

/* An own network, and this host's own idea of names. */
static inline void own_names(const char *folder)
{
	own_network();
	if (unshare(CLONE_NEWNS) != 0)
		skip();
	assert_int_equal(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	replace_file(folder, "resolv.conf", "nameserver 127.0.0.1\n");
	replace_file(folder, "hosts", "127.0.0.1 localhost\n192.0.2.80 byhand.example\n");
	replace_file(folder, "nsswitch.conf", "hosts: files dns\n");
}

#endif
