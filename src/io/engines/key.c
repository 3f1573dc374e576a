/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/engines/key.h"
#include "io/host/status.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WORD_BYTES 200

/* One word, of what keys are made of: nothing in it can end a header. */
static int take_word(struct engine_key *key, const char *word, const char *scheme, struct err *err)
{
	static const char fit[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				  "-_.~+/=";
	size_t n = strspn(word, fit);
	if (n == 0 || n >= WORD_BYTES || word[n + strspn(word + n, " \t\r\n")] != '\0')
		return err_set(err, IO_INPUT,
			       "the key is not one word of letters, digits and - _ . ~ + / =");
	snprintf(key->header, sizeof(key->header), "%s %.*s", scheme, (int)n, word);
	return 0;
}

/* A regular file that nobody else can read or write. */
static int open_file(const char *path, struct err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return err_set(err, IO_INPUT, "cannot read the key in '%s': %s", path,
			       strerror(errno));
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077) == 0)
		return fd;
	close(fd);
	return err_set(err, IO_INPUT,
		       "'%s' holds a key and is no file of its owner alone: chmod 600 it", path);
}

int engine_key_read(struct engine_key *key, const char *path, const char *value, const char *scheme,
		    struct err *err)
{
	char word[WORD_BYTES + 8] = "";
	*key = (struct engine_key){0};
	if (!path)
		return value && *value ? take_word(key, value, scheme, err) : 0;
	int fd = open_file(path, err);
	if (fd < 0)
		return -1;
	ssize_t n = read(fd, word, sizeof(word) - 1);
	close(fd);
	int status = n < 0 ? err_set(err, IO_INPUT, "cannot read the key in '%s': %s", path,
				     strerror(errno))
			   : take_word(key, word, scheme, err);
	explicit_bzero(word, sizeof(word));
	return status;
}

void engine_key_wipe(struct engine_key *key)
{
	explicit_bzero(key, sizeof(*key));
}
