/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EVIDENCE_SAMPLES_H
#define EVIDENCE_SAMPLES_H

/*
 * Frames for the tests of the evidence file.
 */

#include "io/capture/evidence.h"
#include "io/capture/source.h"
#include "io_test.h"
#include <dirent.h>
#include <fcntl.h>

#define FRAMES 300

/* A Linux cooked frame of version 2 around an IPv4 header that tells its number. */
static inline struct frame sample(uint32_t number, uint8_t bytes[60])
{
	static const uint8_t cooked[20] = {0x08, 0x00, [10] = 1, [11] = 4};

	memset(bytes, 0, 60);
	memcpy(bytes, cooked, sizeof(cooked));
	bytes[20] = 0x45;
	bytes[23] = 40;
	bytes[24] = (uint8_t)(number >> 8);
	bytes[25] = (uint8_t)number;
	bytes[28] = 64;
	bytes[29] = 6;
	return (struct frame){
		.at_ns = 1700000000000000000 + (int64_t)number * 1000000007,
		.bytes = bytes,
		.captured_len = 60,
		.wire_len = 60 + number,
		.link = LINK_SLL2,
	};
}

/* A spool in PATH.partial, and the whole file written to PATH. */
static inline struct evidence *spool_at(const char *path, struct err *err)
{
	char partial[3 * TEMP_PATH_BYTES];
	int fd;

	snprintf(partial, sizeof(partial), "%s.partial", path);
	fd = open(partial, O_CREAT | O_TRUNC | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	return evidence_open(fd, path, err);
}

static inline int write_at(struct evidence *e, const char *path, const struct evidence_end *end,
			   struct err *err)
{
	FILE *f = fopen(path, "w+e");
	int status;

	assert_non_null(f);
	status = evidence_write(e, f, path, end, err);
	assert_int_equal(fclose(f), 0);
	return status;
}

static inline void add_samples(struct evidence *e)
{
	uint8_t bytes[60];
	struct err err;

	for (uint32_t i = 1; i <= FRAMES; i++) {
		struct frame frame = sample(i, bytes);

		assert_int_equal(evidence_add(e, &frame, &err), 0);
	}
	assert_int_equal(evidence_count(e), FRAMES);
}

/* Every frame of the file is the one that add_samples() gave; how many there are. */
static inline uint32_t check_samples(struct source *s, const char *(*comment)(void *, uint32_t))
{
	struct frame frame;
	uint8_t bytes[60];
	struct err err;
	uint32_t n = 0;

	while (source_next(s, &frame, &err) == SOURCE_FRAME) {
		struct frame want = sample(++n, bytes);
		const char *note = comment ? comment(NULL, n) : NULL;

		assert_int_equal(frame.number, n);
		assert_int_equal(frame.at_ns, want.at_ns);
		assert_int_equal(frame.captured_len, want.captured_len);
		assert_int_equal(frame.wire_len, want.wire_len);
		assert_int_equal(frame.link, LINK_SLL2);
		assert_memory_equal(frame.bytes, want.bytes, want.captured_len);
		if (note)
			assert_string_equal(source_comment(s), note);
		else
			assert_null(source_comment(s));
	}
	assert_int_equal(source_next(s, &frame, &err), SOURCE_END);
	return n;
}

static inline int files_in(const char *path)
{
	DIR *d = opendir(path);
	int n = -2; /* the folder and its parent */

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

#endif
