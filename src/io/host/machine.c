/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/machine.h"
#include "io/host/netlink.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_BYTES 512

static void note(struct trace *t, const char *kind, const char *text)
{
	struct note item = {.kind = kind, .text = text, .server = TRACE_NONE};

	(void)trace_add_note(t, &item);
}

/* Whether a line of the file holds one of the words. */
static const char *find_word(const char *path, const char *const *words)
{
	FILE *f = fopen(path, "re");
	char line[LINE_BYTES];
	const char *found = NULL;

	if (!f)
		return NULL;
	while (!found && fgets(line, sizeof(line), f)) {
		for (const char *const *w = words; *w && !found; w++)
			found = strstr(line, *w) ? *w : NULL;
	}
	fclose(f);
	return found;
}

/* Takes from a device's description whether its other end is in another network namespace. */
static bool find_elsewhere(const struct nlmsghdr *answer, void *arg)
{
	const size_t fixed = NLMSG_LENGTH(NLMSG_ALIGN(sizeof(struct ifinfomsg)));
	const void *first = (const uint8_t *)answer + fixed;

	if (answer->nlmsg_type == RTM_NEWLINK && answer->nlmsg_len >= fixed)
		*(bool *)arg = netlink_find(first, answer->nlmsg_len - fixed, IFLA_LINK_NETNSID,
					    sizeof(int32_t)) != NULL;
	return true;
}

/* Whether the way out is one end of a pair whose other end is in another network namespace,
 * whatever numbers the two have; a container that shares its host's network has its host's ways. */
static bool has_paired_route(const struct trace *t)
{
	bool elsewhere = false;

	for (size_t i = 0; i < t->routes_n && !elsewhere; i++) {
		const struct ifinfomsg link = {.ifi_index = (int)t->routes[i].ifindex};
		struct netlink_ask ask;

		netlink_begin(&ask, RTM_GETLINK, &link, sizeof(link));
		(void)netlink_run(&ask, false, find_elsewhere, &elsewhere);
	}
	return elsewhere;
}

static void note_container(struct trace *t)
{
	static const char *const files[] = {"/.dockerenv", "/run/.containerenv",
					    "/run/systemd/container"};
	static const char *const words[] = {"docker", "kubepods", "containerd",
					    "libpod", "lxc",	  NULL};
	bool found = find_word("/proc/1/cgroup", words) != NULL;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		found = found || access(files[i], F_OK) == 0;
	if (found && has_paired_route(t))
		note(t, "container", "Hop 1 is usually the machine that runs this container.");
}

/* What the firmware calls the machine or who made it, where that is one of the words; or NULL. */
static const char *find_vendor(const char *const *words)
{
	static const char *const files[] = {
		"/sys/class/dmi/id/sys_vendor", "/sys/class/dmi/id/product_name",
		"/sys/class/dmi/id/bios_vendor", "/sys/class/dmi/id/chassis_asset_tag"};
	const char *found = NULL;

	for (size_t i = 0; !found && i < sizeof(files) / sizeof(*files); i++)
		found = find_word(files[i], words);
	return found;
}

/* Whose machine it is, by its firmware; NULL: nobody's that is known to rent machines out. */
static const char *find_cloud(void)
{
	/* Microsoft's name alone stands on anybody's Hyper-V, too; this number marks Azure. */
	static const struct {
		const char *word, *name;
	} clouds[] = {
		{"Amazon EC2", NULL},	 {"Google", NULL},
		{"Hetzner", NULL},	 {"DigitalOcean", NULL},
		{"Scaleway", NULL},	 {"Vultr", NULL},
		{"OVH", NULL},		 {"Linode", NULL},
		{"Akamai", NULL},	 {"OpenStack", NULL},
		{"Alibaba Cloud", NULL}, {"7783-7084-3265-9085-8269-3286-77", "Microsoft Azure"},
	};

	for (size_t i = 0; i < sizeof(clouds) / sizeof(*clouds); i++) {
		if (find_vendor((const char *const[]){clouds[i].word, NULL}))
			return clouds[i].name ? clouds[i].name : clouds[i].word;
	}
	return NULL;
}

static void note_virtual(struct trace *t)
{
	static const char *const words[] = {"QEMU",	 "VirtualBox", "VMware", "Xen", "Bochs",
					    "Parallels", "Microsoft",  "KVM",	 NULL};
	const char *cloud = find_cloud();
	const char *vendor = cloud ? cloud : find_vendor(words);
	char text[256];

	if (!vendor)
		return;
	snprintf(text, sizeof(text),
		 "This is a virtual machine (%s): its host, or the provider's own firewall below "
		 "it, may block without showing itself as a hop.",
		 vendor);
	note(t, cloud ? "cloud" : "virtual-machine", text);
}

static void note_tunnel(struct trace *t)
{
	for (size_t i = 0; i < t->routes_n; i++) {
		const struct route *r = &t->routes[i];
		char text[256];

		if (r->has_link_header)
			continue;
		snprintf(text, sizeof(text),
			 "IPv%u goes through %s, a tunnel or point-to-point line: the provider's "
			 "network is that of whoever runs its far end.",
			 r->family, r->interface);
		note(t, "tunnel", text);
	}
}

void machine_notes(struct trace *t)
{
	note_container(t);
	note_virtual(t);
	note_tunnel(t);
}
