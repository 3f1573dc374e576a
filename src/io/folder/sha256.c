/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/folder/sha256.h"
#include "io/folder/digest.h"
#include "io/host/status.h"
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define READ_BYTES 65536

/* Ends the computation, if it was good so far. 0, or -1 with *err. */
static int finish(struct digest *d, bool good, char out[SHA256_TEXT_BYTES], struct err *err)
{
	unsigned char digest[DIGEST_BYTES];

	if (!digest_end(d, digest) || !good)
		return err_set(err, IO_SYSTEM, "cannot compute SHA-256");
	for (size_t i = 0; i < DIGEST_BYTES; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
	return 0;
}

int sha256_bytes(const void *bytes, size_t n, char out[SHA256_TEXT_BYTES], struct err *err)
{
	struct digest *d = digest_begin();
	bool good = d && digest_add(d, bytes, n);

	return finish(d, good, out, err);
}

/* Every byte of the file into the digest: 0, or the errno with which it could not be read. */
static int add_all(int fd, struct digest *d, bool *good)
{
	uint8_t buf[READ_BYTES];
	off_t at = 0;
	ssize_t n;

	while (*good && (n = pread(fd, buf, sizeof(buf), at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		at += n;
		*good = digest_add(d, buf, (size_t)n);
	}
	return 0;
}

int sha256_fd(int fd, const char *name, char out[SHA256_TEXT_BYTES], struct err *err)
{
	struct digest *d = digest_begin();
	bool good = d != NULL;
	int error = add_all(fd, d, &good);

	if (finish(d, good, out, err) != 0)
		return -1;
	return error == 0 ? 0
			  : err_set(err, IO_INPUT, "cannot read '%s': %s", name, strerror(error));
}
