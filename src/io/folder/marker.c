/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/folder/marker.h"
#include "base/bytes.h"
#include "io/capture/pcapng.h"
#include "io/capture/source.h"
#include "io/folder/folder.h"
#include "io/folder/folder_names.h"
#include "io/folder/member.h"
#include <pcap/pcap.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define HEAD_BYTES    4096
#define CLASSIC_MAGIC 0xa1b23c4dU /* nanoseconds */
#define APPLICATION   "whoblocks"
#define KEY_BEGINS    "# pseudonym = what it stands for\n"
#define SCHEMA	      "\"whoblocks/"

/* Among the options of the section that a pcapng begins with, little-endian as we write it. */
static bool names_us(struct bytes in)
{
	bytes_skip(&in, 24);
	while (bytes_left(&in) >= 4) {
		uint16_t code = bytes_u16_as(&in, true), len = bytes_u16_as(&in, true);
		struct bytes value = bytes_take(&in, len);

		if (code == PCAPNG_OPT_END)
			return false;
		if (code == PCAPNG_SHB_APPLICATION)
			return len >= strlen(APPLICATION) && !value.cut &&
			       memcmp(value.at, APPLICATION, strlen(APPLICATION)) == 0;
		bytes_skip(&in, (4U - len % 4U) % 4U);
	}
	return false;
}

/* The file header that `-w FILE.pcap` gives, to the last byte: classic files have no other mark. */
static bool is_classic(struct bytes in)
{
	return bytes_u32_as(&in, true) == CLASSIC_MAGIC && bytes_u32_as(&in, true) == 0x00040002 &&
	       bytes_u32_as(&in, true) == 0 && bytes_u32_as(&in, true) == 0 &&
	       bytes_u32_as(&in, true) == SOURCE_SNAP_BYTES &&
	       bytes_u32_as(&in, true) == DLT_LINUX_SLL2 && !in.cut;
}

static bool is_capture(struct bytes head)
{
	struct bytes in = head;

	if (bytes_u32_as(&in, true) != PCAPNG_SECTION)
		return is_classic(head);
	return names_us(head);
}

bool marker_file(int dir, const char *name, enum marked kind)
{
	char head[HEAD_BYTES];
	int fd = member_open(dir, name);
	ssize_t n = fd >= 0 ? read(fd, head, sizeof(head)) : -1;
	size_t len = n > 0 ? (size_t)n : 0;

	if (fd >= 0)
		close(fd);
	switch (kind) {
	case MARKED_CAPTURE:
		return is_capture(bytes_of(head, len));
	case MARKED_KEY:
		return len >= strlen(KEY_BEGINS) &&
		       memcmp(head, KEY_BEGINS, strlen(KEY_BEGINS)) == 0;
	case MARKED_RESULT:
		return len > 0 && memmem(head, len, SCHEMA, strlen(SCHEMA)) != NULL;
	}
	return false;
}

bool marker_folder(int dir)
{
	char name[256];

	if (folder_stranger(dir, name, sizeof(name)))
		return false;
	return folder_holds_nothing(dir) || marker_file(dir, "result.json", MARKED_RESULT) ||
	       marker_file(dir, FOLDER_CAPTURE, MARKED_CAPTURE) ||
	       marker_file(dir, FOLDER_CAPTURE ".partial", MARKED_CAPTURE);
}
