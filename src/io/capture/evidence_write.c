/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture/evidence.h"
#include "io/capture/evidence_impl.h"
#include "io/capture/pcapng_writer.h"
#include "io/capture/source_impl.h"
#include "io/host/status.h"
#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NS_PER_S 1000000000

/* The spool from its first byte, independent of where it is being written. */
static struct source *reopen(const struct evidence *e, struct err *err)
{
	char *name = strdup("the spooled capture");
	int fd = dup(e->fd);
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;
	struct stream in = stream_of(f, true);
	struct source *spool = NULL;

	/* Appending does not mind that both share one position. */
	if (name && f && fseeko(f, 0, SEEK_SET) == 0) {
		spool = source_open_pcapng(&in, name, err);
	} else {
		err_set(err, IO_SYSTEM, "cannot read the spooled capture: %s", strerror(errno));
		stream_close(&in);
		if (!f && fd >= 0)
			close(fd);
	}
	if (!spool)
		free(name);
	return spool;
}

static int put(struct text *block, FILE *f, struct err *err)
{
	if (block->failed)
		return err_set(err, IO_SYSTEM, "no memory to write the capture");
	/* What did not fit on the disk is found out, with its errno, when the file is finished. */
	fwrite(block->s, 1, block->len, f);
	block->len = 0;
	return ferror(f) ? -1 : 0;
}

/* Both return how many frames they wrote, or -1. */
static int64_t write_pcapng(struct source *spool, FILE *f, const struct evidence_end *end,
			    struct err *err)
{
	struct text block = {0};
	struct frame frame = {0};
	uint32_t number = 0;
	int result;

	pcapng_put_section(&block, end);
	pcapng_put_interface(&block);
	if (end->names_n)
		pcapng_put_names(&block, end->names, end->names_n);
	result = put(&block, f, err);
	while (result == 0 && source_next(spool, &frame, err) == SOURCE_FRAME) {
		number++;
		pcapng_put_frame(&block, &frame,
				 end->comment ? end->comment(end->arg, number) : NULL);
		result = put(&block, f, err);
	}
	if (result == 0) {
		pcapng_put_statistics(&block, end);
		result = put(&block, f, err);
	}
	text_free(&block);
	return result == 0 ? (int64_t)number : -1;
}

static int64_t write_classic(struct source *spool, FILE *f, struct err *err)
{
	pcap_t *pcap = pcap_open_dead_with_tstamp_precision(DLT_LINUX_SLL2, SOURCE_SNAP_BYTES,
							    PCAP_TSTAMP_PRECISION_NANO);
	struct frame frame = {0};
	pcap_dumper_t *dump;
	int64_t written = 0;

	/* The dumper is never closed: the stream behind it is not its own. */
	dump = pcap ? pcap_dump_fopen(pcap, f) : NULL;
	if (!dump) {
		if (pcap)
			pcap_close(pcap);
		return err_set(err, IO_SYSTEM, "no memory to write the capture");
	}
	while (source_next(spool, &frame, err) == SOURCE_FRAME) {
		struct pcap_pkthdr header = {
			.ts = {.tv_sec = frame.at_ns / NS_PER_S, .tv_usec = frame.at_ns % NS_PER_S},
			.caplen = frame.captured_len,
			.len = frame.wire_len,
		};

		pcap_dump((u_char *)dump, &header, frame.bytes);
		written++;
	}
	pcap_close(pcap);
	return ferror(f) ? -1 : written;
}

static bool ends_in(const char *s, const char *end)
{
	size_t len = strlen(s), end_len = strlen(end);

	return len > end_len && strcmp(s + len - end_len, end) == 0;
}

/* All frames, and what else stands in such a file. 0, or -1 with *err. */
static int fill(const struct evidence *e, FILE *f, const char *path, const struct evidence_end *end,
		struct err *err)
{
	struct source *spool = reopen(e, err);
	struct err why = {0};
	int64_t written;
	int error;

	if (!spool)
		return -1;
	errno = 0;
	if (ends_in(path, ".pcap"))
		written = write_classic(spool, f, &why);
	else
		written = write_pcapng(spool, f, end, &why);
	error = errno;
	source_close(spool);
	if (written == (int64_t)e->count)
		return 0;
	if (why.code)
		*err = why;
	else
		err_set(err, IO_SYSTEM, "cannot write '%s': %s", path,
			strerror(error ? error : EIO));
	return -1;
}

int evidence_write(struct evidence *e, FILE *f, const char *path, const struct evidence_end *end,
		   struct err *err)
{
	int status;

	if (end->facts && strlen(end->facts) > EVIDENCE_FACTS_BYTES)
		status = err_set(err, IO_SYSTEM,
				 "the facts of this run are too long for '%s' (%zu bytes)", path,
				 strlen(end->facts));
	else
		status = fill(e, f, path, end, err);
	e->failed = e->failed || status != 0;
	return status;
}
