/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture/packed.h"
#include "io/capture/formats.h"
#include "io/host/status.h"
#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <sys/stat.h>

#define PIECE_BYTES 65536

/* How much may come of the file. */
static uint64_t most_of(FILE *f)
{
	struct stat info;
	uint64_t most = PACKED_LEAST;

	if (fstat(fileno(f), &info) == 0 && (uint64_t)info.st_size > PACKED_LEAST / PACKED_RATIO)
		most = (uint64_t)info.st_size * PACKED_RATIO;
	return most < PACKED_MOST ? most : PACKED_MOST;
}

/*
 * Filters that the library unpacks by itself, one stream in none of its archives. Anything that
 * would start another program is a warning, and an error here.
 */
static bool configure(struct archive *a)
{
	return archive_read_support_filter_gzip(a) == ARCHIVE_OK &&
	       archive_read_support_filter_xz(a) == ARCHIVE_OK &&
	       archive_read_support_filter_zstd(a) == ARCHIVE_OK &&
	       archive_read_support_filter_bzip2(a) == ARCHIVE_OK &&
	       archive_read_support_filter_lz4(a) == ARCHIVE_OK &&
	       archive_read_support_format_raw(a) == ARCHIVE_OK;
}

static const char *why_of(struct archive *a)
{
	const char *why = archive_error_string(a);

	return why ? why : "unknown error";
}

/* A file while it is unpacked. */
struct unpacking {
	struct archive *archive;
	FILE *spool;
	const char *name;
	uint64_t most;			    /* bytes */
	const struct captures_watch *watch; /* NULL: nobody is told */
};

/* Unpacks all of it; where it is cut off *cut says so. 0 or -1 with *err. */
static int fill(const struct unpacking *u, struct err *cut, struct err *err)
{
	uint8_t buf[PIECE_BYTES];
	uint64_t all = 0;
	la_ssize_t got;

	while ((got = archive_read_data(u->archive, buf, sizeof(buf))) > 0) {
		size_t n = (size_t)got;

		/* What is no capture is not worth the room: its beginning says what it is. */
		if (all == 0 && !format_is_pcapng(buf, n) && !format_is_classic(buf, n))
			return spool_add(u->spool, u->name, buf, n, err);
		all += n;
		if (all > u->most)
			return err_set(err, IO_INPUT,
				       "'%s' unpacks to more than %llu MiB: unpack it yourself, if "
				       "that is what it holds",
				       u->name, (unsigned long long)(u->most >> 20));
		if (spool_add(u->spool, u->name, buf, n, err) != 0)
			return -1;
		if (u->watch)
			u->watch->copied(u->watch->who, u->name, all);
	}
	if (got < 0 && all == 0)
		return err_set(err, IO_INPUT, "cannot unpack '%s': %s", u->name,
			       why_of(u->archive));
	if (got < 0)
		(void)err_set(cut, IO_INPUT,
			      "'%s' is cut off or damaged where it is compressed: %s", u->name,
			      why_of(u->archive));
	return 0;
}

/* Opens the file and its only entry. 0 or -1 with *err. */
static int begin(struct archive *a, FILE *f, const char *name, struct err *err)
{
	struct archive_entry *entry;

	if (!a || !configure(a) || archive_read_open_FILE(a, f) != ARCHIVE_OK ||
	    archive_read_next_header(a, &entry) != ARCHIVE_OK)
		return err_set(err, IO_INPUT, "cannot unpack '%s': %s", name,
			       a ? why_of(a) : "no memory");
	/* Without a filter, the one entry is the file as it is. */
	if (archive_filter_count(a) < 2)
		return err_set(err, IO_INPUT, "cannot unpack '%s': its head is cut off or damaged",
			       name);
	return 0;
}

FILE *packed_copy(FILE *f, const char *name, const struct captures_watch *watch, struct err *cut,
		  struct err *err)
{
	struct unpacking u = {.archive = archive_read_new(), .name = name, .watch = watch};
	int status = begin(u.archive, f, name, err);

	if (status == 0) {
		u.spool = spool_open(name, err);
		u.most = most_of(f);
		status = u.spool ? fill(&u, cut, err) : -1;
	}
	if (status == 0)
		status = spool_finish(u.spool, name, err);
	archive_read_free(u.archive);
	if (status == 0)
		return u.spool;
	if (u.spool)
		fclose(u.spool);
	return NULL;
}
