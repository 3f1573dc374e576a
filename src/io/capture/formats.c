/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture/formats.h"
#include "base/bytes.h"
#include "io/capture/pcapng.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum {
	ERF_HEADER = 16,
	ERF_TYPE_MAX = 48,
	ERF_MORE_HEADERS = 0x80, /* bit of the type */
	TAR_MAGIC_AT = 257,
};

struct format {
	const char *magic;
	size_t n;
	const char *name;
};

static const struct format packings[] = {
	{"\x1f\x8b", 2, "gzip"}, {"\xfd\x37zXZ", 5, "xz"},	 {"\x28\xb5\x2f\xfd", 4, "zstd"},
	{"BZh", 3, "bzip2"},	 {"\x04\x22\x4d\x18", 4, "lz4"},
};

/* Captures that editcap (Wireshark) reads. */
static const struct format convertible[] = {
	{"snoop\0\0", 8, "snoop"},
	{"RTSS", 4, "Microsoft Network Monitor"},
	{"GMBU", 4, "Microsoft Network Monitor"},
	{"TRSNIFF data    \x1a", 17, "Sniffer"},
	{"XCP\0", 4, "NetXRay or Sniffer for Windows"},
	{"\x7fver", 4, "OmniPeek"},
	{"\x05VNF", 4, "Visual Networks"},
	{"iptrace 1.0", 11, "AIX iptrace"},
	{"iptrace 2.0", 11, "AIX iptrace"},
	{"\x54\x52\x00\x64\x00", 5, "HP-UX nettl"},
	{"\x54\x52\x00\xce\x00", 5, "HP-UX nettl"},
	{"ObserverPktBufferVersion=", 25, "Observer"},
	{"+---------+---------------+----------+", 38, "K12 text"},
	{"\xaa\xaa\xaa\xaa", 4, "5Views"},
	{"btsnoop\0", 8, "btsnoop"},
};

/* What may hold a capture, or more than one. */
static const struct format archives[] = {
	{"PK\x03\x04", 4, "a ZIP archive"},
	{"7z\xbc\xaf\x27\x1c", 6, "a 7-Zip archive"},
	{"Rar!", 4, "a RAR archive"},
	{"MSCF", 4, "a cabinet archive"},
	{"\x1f\x9d", 2, "compressed (compress)"},
	{"\x5d\x00\x00", 3, "compressed (lzma)"},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The name of the format whose magic the bytes have, or NULL. */
static const char *find(const struct format *table, size_t count, const uint8_t *head, size_t n)
{
	for (size_t i = 0; i < count; i++) {
		if (n >= table[i].n && memcmp(head, table[i].magic, table[i].n) == 0)
			return table[i].name;
	}
	return NULL;
}

static uint32_t magic_of(const uint8_t *head, size_t n)
{
	struct bytes b = bytes_of(head, n);

	return bytes_u32(&b);
}

bool format_is_pcapng(const uint8_t *head, size_t n)
{
	return magic_of(head, n) == PCAPNG_SECTION;
}

/* The magic numbers that libpcap knows: micro- and nanoseconds, Kuznetzov's, both byte orders. */
bool format_is_classic(const uint8_t *head, size_t n)
{
	uint32_t magic = magic_of(head, n);

	return magic == 0xa1b2c3d4U || magic == 0xd4c3b2a1U || magic == 0xa1b23c4dU ||
	       magic == 0x4d3cb2a1U || magic == 0xa1b2cd34U || magic == 0x34cdb2a1U;
}

const char *format_packed(const uint8_t *head, size_t n)
{
	return find(packings, COUNT(packings), head, n);
}

/*
 *  |         timestamp (8, little endian)          | type | flags |  Endace ERF
 *  |  record length   |   lost   |   wire length   |
 *
 * It has no magic number: two records that follow each other must make sense.
 */
static size_t erf_record(struct bytes in)
{
	uint8_t type;
	uint16_t len;

	bytes_skip(&in, 8);
	type = bytes_u8(&in) & ~ERF_MORE_HEADERS & 0xff;
	bytes_skip(&in, 1);
	len = bytes_u16(&in);
	return in.cut || type == 0 || type > ERF_TYPE_MAX || len < ERF_HEADER ? 0 : len;
}

static bool is_erf(const uint8_t *head, size_t n)
{
	struct bytes in = bytes_of(head, n);
	struct bytes second;
	size_t len = erf_record(in);
	uint32_t seconds, later;

	if (len == 0 || len + ERF_HEADER > n)
		return false;
	second = bytes_of(head + len, n - len);
	/* The upper half of a timestamp is seconds since the epoch. */
	bytes_skip(&in, 4);
	seconds = bytes_u32_as(&in, true);
	if (erf_record(second) == 0)
		return false;
	bytes_skip(&second, 4);
	later = bytes_u32_as(&second, true);
	return later - seconds < 24 * 60 * 60;
}

/* "12:34:56.789012 IP ...", with a date before it or without. */
static bool is_tcpdump_text(const uint8_t *head, size_t n)
{
	static const char *const marks[] = {" IP ", " IP6 ", " ARP, "};

	for (size_t i = 0; i < n && head[i] != '\n'; i++) {
		if (!isprint(head[i]))
			return false;
	}
	for (size_t i = 0; i < COUNT(marks) && n > 0 && isdigit(head[0]); i++) {
		const uint8_t *end = memchr(head, '\n', n);

		if (memmem(head, end ? (size_t)(end - head) : n, marks[i], strlen(marks[i])))
			return true;
	}
	return false;
}

static bool ends_with(const char *name, const char *suffix)
{
	size_t n = strlen(name), k = strlen(suffix);

	return n > k && strcasecmp(name + n - k, suffix) == 0;
}

/* A shell takes only plain names as they are. */
static void tell_conversion(struct text *out, const char *format, const char *name)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789._/+-";
	const char *file = name[strspn(name, plain)] == '\0' ? name : "FILE";

	text_addf(out,
		  "is a capture in %s format: convert it with "
		  "'editcap -F pcapng %s out.pcapng' (of Wireshark)",
		  format, file);
}

void format_tell(struct text *out, const char *name, const uint8_t *head, size_t n)
{
	const char *packed = format_packed(head, n);
	const char *format = find(convertible, COUNT(convertible), head, n);
	const char *archive = find(archives, COUNT(archives), head, n);

	if (n > TAR_MAGIC_AT + 5 && memcmp(head + TAR_MAGIC_AT, "ustar", 5) == 0)
		archive = "a tar archive";
	if (!format && is_erf(head, n))
		format = "ERF";
	if (packed)
		text_addf(out, "is compressed (%s): decompress it first", packed);
	else if (archive)
		text_addf(out, "is %s: unpack it first", archive);
	else if (format)
		tell_conversion(out, format, name);
	else if (is_tcpdump_text(head, n))
		text_add(out, "is what tcpdump prints, which is no capture: record the packets "
			      "with 'tcpdump -w FILE'");
	else if (ends_with(name, ".etl"))
		text_add(out,
			 "is a Windows trace: convert it with 'pktmon etl2pcap' or etl2pcapng");
	else
		text_add(out, "is not a pcap or pcapng capture");
}
