/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture/source_impl.h"
#include "io/host/status.h"
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_S   1000000000
#define NS_PER_US  1000
#define TIMEOUT_MS 10

struct live_source {
	struct source base;
	pcap_t *pcap;
	uint32_t dlt;
	bool nanoseconds;
};

static enum source_event next_frame(struct source *s, struct frame *frame, struct err *err)
{
	struct live_source *l = (struct live_source *)s;
	struct pcap_pkthdr *header;
	const u_char *bytes;
	int got = pcap_next_ex(l->pcap, &header, &bytes);

	if (got == 0)
		return SOURCE_IDLE;
	if (got != 1) {
		err_set(err, IO_SYSTEM, "the capture on '%s' failed: %s", s->name,
			pcap_geterr(l->pcap));
		return SOURCE_FAILED;
	}
	frame->at_ns = (int64_t)header->ts.tv_sec * NS_PER_S +
		       (int64_t)header->ts.tv_usec * (l->nanoseconds ? 1 : NS_PER_US);
	frame->bytes = bytes;
	frame->captured_len = header->caplen;
	frame->wire_len = header->len;
	frame->link = link_from_dlt(l->dlt);
	s->dlt = l->dlt;
	return SOURCE_FRAME;
}

static bool counts(struct source *s, struct source_counts *out)
{
	struct pcap_stat stat;

	if (pcap_stats(((struct live_source *)s)->pcap, &stat) != 0)
		return false;
	out->received = stat.ps_recv;
	out->dropped = (uint64_t)stat.ps_drop + stat.ps_ifdrop;
	return true;
}

static void close_live(struct source *s)
{
	struct live_source *l = (struct live_source *)s;

	pcap_close(l->pcap);
	free(l);
}

static enum io_status code_of(int status)
{
	switch (status) {
	case PCAP_ERROR_NO_SUCH_DEVICE:
		return IO_USAGE;
	case PCAP_ERROR_PERM_DENIED:
		return IO_PERMISSION;
	default:
		return IO_SYSTEM;
	}
}

/* Everything that must be set before the handle is active. 0 or an error of libpcap's. */
static int activate(pcap_t *pcap, const struct source_live_options *o)
{
	const int set[] = {
		pcap_set_snaplen(pcap, SOURCE_SNAP_BYTES),
		pcap_set_promisc(pcap, 0),
		pcap_set_timeout(pcap, TIMEOUT_MS),
		pcap_set_immediate_mode(pcap, 1),
		pcap_set_buffer_size(pcap, o->buffer_bytes ? o->buffer_bytes : SOURCE_BUFFER_BYTES),
	};
	/* Without it, microseconds: next_frame() looks at what came of it. */
	int status = pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);

	if (status != 0 && status != PCAP_ERROR_TSTAMP_PRECISION_NOTSUP)
		return status;
	for (size_t i = 0; i < sizeof(set) / sizeof(set[0]); i++) {
		if (set[i] != 0)
			return set[i];
	}
	status = pcap_activate(pcap);
	return status < 0 ? status : 0;
}

/* 0, or -1 with the reason in libpcap's buffer. */
static int configure(pcap_t *pcap, const char *filter)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	struct bpf_program program;
	int status;

	/* The interface and direction of each frame are in the newer cooked header only. */
	if (pcap_datalink(pcap) == DLT_LINUX_SLL && pcap_set_datalink(pcap, DLT_LINUX_SLL2) != 0)
		return -1;
	if (filter) {
		if (pcap_compile(pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) != 0)
			return -1;
		status = pcap_setfilter(pcap, &program);
		pcap_freecode(&program);
		if (status != 0)
			return -1;
	}
	return pcap_setnonblock(pcap, 1, why);
}

static pcap_t *open_pcap(const struct source_live_options *o, const char *name, struct err *err)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap = pcap_create(name, why);
	int status;

	if (!pcap) {
		err_set(err, IO_SYSTEM, "cannot capture on '%s': %s", name, why);
		return NULL;
	}
	status = activate(pcap, o);
	if (status == 0 && configure(pcap, o->filter) == 0)
		return pcap;
	if (code_of(status) == IO_PERMISSION)
		err_set(err, IO_PERMISSION, "capturing on '%s' needs CAP_NET_RAW", name);
	else if (code_of(status) == IO_USAGE)
		err_set(err, IO_USAGE, "there is no interface '%s'", name);
	else
		err_set(err, IO_SYSTEM, "cannot capture on '%s': %s", name, pcap_geterr(pcap));
	pcap_close(pcap);
	return NULL;
}

struct source *source_open_live(const struct source_live_options *options, struct err *err)
{
	static const struct source_kind kind = {
		.next = next_frame,
		.counts = counts,
		.close = close_live,
	};
	const char *name = options->interface ? options->interface : "any";
	struct live_source *l = calloc(1, sizeof(*l));
	pcap_t *pcap;

	if (!l) {
		err_set(err, IO_SYSTEM, "no memory to capture");
		return NULL;
	}
	l->base = (struct source){.kind = &kind, .name = strdup(name), .live = true, .file = 1};
	pcap = l->base.name ? open_pcap(options, name, err) : NULL;
	if (!pcap) {
		if (!l->base.name)
			err_set(err, IO_SYSTEM, "no memory to capture");
		free(l->base.name);
		free(l);
		return NULL;
	}
	l->pcap = pcap;
	l->dlt = (uint32_t)pcap_datalink(pcap);
	l->nanoseconds = pcap_get_tstamp_precision(pcap) == PCAP_TSTAMP_PRECISION_NANO;
	l->base.fd = pcap_get_selectable_fd(pcap);
	return &l->base;
}
