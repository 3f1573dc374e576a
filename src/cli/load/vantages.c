/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/load/vantages.h"
#include "cli/command.h"
#include "cli/load/hop_owners.h"
#include "io/folder/folder.h"
#include "io/results/outside_file.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *vantages_beside(const char *folder)
{
	char *path = NULL;
	return asprintf(&path, "%s/" FOLDER_OUTSIDE, folder) < 0 ? NULL : path;
}

/* Whether the network tells something of an address that the place saw. */
static bool concerns(const struct network *network, const struct vantage *v)
{
	const struct trace *t = &v->trace;
	if (prefix_contains(&network->prefix, &v->from))
		return true;
	for (size_t i = 0; i < t->servers_n; i++)
		if (prefix_contains(&network->prefix, &t->servers[i].addr) ||
		    prefix_contains(&network->prefix, &t->servers[i].client))
			return true;
	for (size_t i = 0; i < t->replies_n; i++)
		if (prefix_contains(&network->prefix, &t->replies[i].from))
			return true;
	return false;
}

/* The owners that came with the answers. */
static bool use_networks(struct vantage_list *list)
{
	bool ok = true;
	for (size_t i = 0; i < list->n; i++)
		for (size_t k = 0; k < list->networks_n && ok; k++)
			if (concerns(&list->networks[k], &list->items[i]))
				ok = trace_add_network(&list->items[i].trace, &list->networks[k]);
	return ok;
}

static int find_owners(const struct options *o, struct log *log, struct vantage_list *list)
{
	struct hop_owners owners;
	struct err err = {0};
	if (list->own)
		return use_networks(list) ? 0 : EXIT_SYSTEM;
	int status = hop_owners_open(&owners, o, true, log, &err);
	for (size_t i = 0; i < list->n && status == 0; i++)
		hop_owners_other(&owners, &list->items[i].trace, &list->items[i].from);
	hop_owners_close(&owners);
	if (status == 0)
		return 0;
	log_error(log, "%s", err.msg);
	return err.code;
}

/* What was read, as far as it is of use. */
static int look_at(const struct options *o, struct log *log, struct vantages *v)
{
	struct vantage_list *list = &v->list;
	if (o->outside.asn)
		list->asn = o->outside.asn;
	if (list->unread > 0)
		log_note(log,
			 "%zu values are no TCP traceroute whose port is known: left out (--port "
			 "names the port of results without their measurement)",
			 list->unread);
	if (list->n == 0) {
		log_error(log, "there is no result of a TCP traceroute to a known port");
		return EXIT_INPUT;
	}
	return find_owners(o, log, list);
}

int vantages_take(const struct options *o, struct log *log, const struct text *answers,
		  uint16_t port, struct vantages *out)
{
	const struct outside_wish wish = {.port = port, .port_given = o->port_given};
	struct err err = {0};
	*out = (struct vantages){0};
	text_add_bytes(&out->raw, text_str(answers), answers->len);
	if (outside_read(text_str(answers), answers->len, &wish, &out->list, &err) != 0) {
		log_error(log, "%s", err.msg);
		return err.code;
	}
	return look_at(o, log, out);
}

int vantages_load(const struct options *o, struct log *log, const char *path, uint16_t port,
		  struct vantages *out)
{
	struct text answers = {0};
	struct err err = {0};
	int status;
	*out = (struct vantages){0};
	if (outside_file_text(path, &answers, &err) == 0) {
		status = vantages_take(o, log, &answers, port, out);
	} else {
		log_error(log, "%s", err.msg);
		status = err.code;
	}
	text_free(&answers);
	return status;
}

static bool is_told(const json_t *networks, const char *prefix)
{
	const json_t *item;
	size_t i;
	json_array_foreach(networks, i, item)
	{
		if (strcmp(json_string_value(json_object_get(item, "prefix")), prefix) == 0)
			return true;
	}
	return false;
}

/* Owners of addresses, each prefix once. -1: no memory. */
static int tell_networks(const struct vantage_list *list, json_t *networks)
{
	char addr[ADDR_TEXT_BYTES], prefix[ADDR_TEXT_BYTES + 4];
	int status = 0;
	for (size_t i = 0; i < list->n; i++) {
		const struct trace *t = &list->items[i].trace;
		for (size_t k = 0; k < t->networks_n && status == 0; k++) {
			const struct network *n = &t->networks[k];
			snprintf(prefix, sizeof(prefix), "%s/%u", addr_text(&n->prefix.addr, addr),
				 n->prefix.len);
			if (is_told(networks, prefix))
				continue;
			status = json_array_append_new(
				networks, json_pack("{s:s, s:I, s:s*}", "prefix", prefix, "asn",
						    (json_int_t)n->asn, "name", n->name));
		}
	}
	return status;
}

int vantages_seal(struct vantages *v, struct log *log, uint32_t asn)
{
	json_t *networks = json_array();
	char *line = NULL;
	if (asn)
		v->list.asn = asn;
	if (v->list.own) {
		json_decref(networks);
		return 0;
	}
	if (networks && tell_networks(&v->list, networks) == 0) {
		json_t *head = json_pack("{s:s, s:I, s:O}", "whoblocks", "outside/1", "asn",
					 (json_int_t)v->list.asn, "networks", networks);
		line = head ? json_dumps(head, JSON_COMPACT) : NULL;
		json_decref(head);
	}
	json_decref(networks);
	struct text sealed = {0};
	text_addf(&sealed, "%s\n", line ? line : "");
	text_add_bytes(&sealed, text_str(&v->raw), v->raw.len);
	text_free(&v->raw);
	v->raw = sealed;
	v->list.own = true;
	bool ok = line && !sealed.failed;
	free(line);
	if (ok)
		return 0;
	log_error(log, "no memory for the results from outside");
	return EXIT_SYSTEM;
}

void vantages_end_of(struct vantages *v)
{
	vantages_free(&v->list);
	text_free(&v->raw);
}
