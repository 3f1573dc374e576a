/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture/source_impl.h"
#include "io/capture/stream_file.h"
#include "io/host/status.h"
#include <pcap/pcap.h>
#include <stdlib.h>

#define NS_PER_S 1000000000

struct libpcap_source {
	struct source base;
	pcap_t *pcap;
	uint32_t dlt;
};

static enum source_event next_frame(struct source *s, struct frame *frame, struct err *err)
{
	struct libpcap_source *c = (struct libpcap_source *)s;
	struct pcap_pkthdr *header;
	const u_char *bytes;
	int got = pcap_next_ex(c->pcap, &header, &bytes);

	if (got == PCAP_ERROR_BREAK)
		return SOURCE_END;
	if (got != 1) {
		err_set(err, IO_INPUT, "'%s' is cut off or damaged after frame %u: %s", s->name,
			s->number, pcap_geterr(c->pcap));
		return SOURCE_CUT;
	}
	/* With nanosecond precision the field for microseconds holds nanoseconds. */
	frame->at_ns = (int64_t)header->ts.tv_sec * NS_PER_S + header->ts.tv_usec;
	frame->bytes = bytes;
	frame->captured_len = header->caplen;
	frame->wire_len = header->len;
	frame->link = link_from_dlt(c->dlt);
	s->dlt = c->dlt;
	return SOURCE_FRAME;
}

static void close_file(struct source *s)
{
	struct libpcap_source *c = (struct libpcap_source *)s;

	pcap_close(c->pcap);
	free(c);
}

struct source *source_open_libpcap(struct stream *in, char *name, struct err *err)
{
	static const struct source_kind kind = {.next = next_frame, .close = close_file};
	char why[PCAP_ERRBUF_SIZE] = "";
	struct libpcap_source *c = calloc(1, sizeof(*c));
	FILE *f = stream_file(in, name, err);
	pcap_t *pcap;

	if (!c || !f) {
		if (f) {
			err_set(err, IO_SYSTEM, "no memory to read '%s'", name);
			fclose(f);
		}
		free(c);
		return NULL;
	}
	pcap = pcap_fopen_offline_with_tstamp_precision(f, PCAP_TSTAMP_PRECISION_NANO, why);
	if (!pcap) {
		fclose(f);
		free(c);
		err_set(err, IO_INPUT, "cannot read '%s': %s", name, why);
		return NULL;
	}
	c->base = (struct source){.kind = &kind, .name = name, .fd = -1};
	c->pcap = pcap;
	c->dlt = (uint32_t)pcap_datalink(pcap);
	return &c->base;
}
