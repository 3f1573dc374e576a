/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"
#include "cli/confine.h"
#include "cli/load/load.h"
#include "cli/order/aims.h"
#include "cli/order/order.h"
#include "cli/out/log.h"
#include "cli/parts.h"
#include "cli/show/outward.h"
#include "cli/show/present.h"
#include "infer/infer.h"
#include "io/folder/folder.h"
#include "io/host/sandbox.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* What one invocation works with. */
struct looking {
	struct options o; /* the caller's; with a folder, its own is written anew */
	struct log log;
	struct saving saving;
	const char *folder; /* of a measurement of one's own, NULL: none */
	const char *file;   /* of results, NULL: none */
	bool orders;	    /* an engine is asked */
	struct loaded loaded;
	struct vantages vantages; /* where nothing was measured here */
};

static bool is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool has_answers(const char *folder)
{
	char *path = vantages_beside(folder);
	bool there = path && access(path, F_OK) == 0;
	free(path);
	return there;
}

/* What the words are. 0, or EXIT_USAGE after a message. */
static int sort_words(struct looking *l)
{
	const struct options *o = &l->o;
	const struct outside_options *w = &o->outside;
	size_t n = o->files_n;
	bool alone = outward_is_folder(o->files[0]);
	l->folder = is_folder(o->files[0]) && !alone ? o->files[0] : NULL;
	if (l->folder && n == 2)
		l->file = o->files[1];
	else if (!l->folder && n == 1 && access(o->files[0], F_OK) == 0)
		l->file = o->files[0]; /* also a folder of results alone */
	l->orders =
		!l->file && (!l->folder || w->via_given || w->resume || !has_answers(l->folder));
	if (l->folder && n > 2) {
		log_error(&l->log, "outside takes one FOLDER, and a FILE of results at most");
		return EXIT_USAGE;
	}
	if (l->file && (w->via_given || w->resume || w->dry_run)) {
		log_error(&l->log, "'%s' holds results: nothing is ordered beside it", l->file);
		return EXIT_USAGE;
	}
	return 0;
}

/* Where answers are kept without a word of the user: in the folder of the measurement. */
static void choose_output(struct looking *l)
{
	if (!l->orders || !l->folder || l->o.output || l->o.outside.dry_run)
		return;
	l->o.output = l->folder;
	l->o.force = true;
}

/*
 * What is asked, and its answers. They are received by a process that may still use the network,
 * and judged as any other file is. 0, or an exit status after a message.
 */
static int get_answers(struct looking *l, const struct result *own, struct text *answers, bool *dry)
{
	struct ordering ordering = {.o = &l->o, .log = &l->log};
	int status = own ? aims_of_run(&l->o, &l->log, &l->loaded.trace, own, &ordering.order)
			 : aims_of_hosts(&l->o, &l->log, &ordering.order);
	return status == 0 ? order_outside(&ordering, answers, dry) : status;
}

/* From a file, or from the engine. 0, or an exit status after a message. */
static int take_answers(struct looking *l, const struct result *own, struct vantages *out,
			bool *dry)
{
	uint16_t port = own ? l->loaded.trace.run.port : (uint16_t)l->o.port;
	struct text answers = {0};
	int status;
	if (l->file)
		return vantages_load(&l->o, &l->log, l->file, port, out);
	status = get_answers(l, own, &answers, dry);
	if (status == 0 && !*dry)
		status = vantages_take(&l->o, &l->log, &answers, port, out);
	text_free(&answers);
	return status;
}

/* Beside what was measured here. 0, or an exit status. */
static int add_answers(struct looking *l, bool *dry)
{
	struct vantages *v = &l->loaded.vantages;
	struct result own;
	if (infer_judge(&l->loaded.trace, &own) != 0) {
		log_error(&l->log, "no memory to judge the measurement");
		return EXIT_SYSTEM;
	}
	vantages_end_of(v);
	int status = take_answers(l, &own, v, dry);
	if (status == 0 && !*dry)
		status = vantages_seal(v, &l->log,
				       v->list.asn ? v->list.asn : outside_provider(&own));
	result_free(&own);
	return status;
}

static int judge_folder(struct looking *l)
{
	struct loaded *loaded = &l->loaded;
	struct options alone = l->o;
	bool dry = false;
	alone.files_n = 1;
	int status = load_evidence(&alone, &l->log, loaded);
	if (status == 0 && (l->file || l->orders))
		status = add_answers(l, &dry);
	if (status != 0 || dry)
		return status;
	struct run_info info = load_run(loaded);
	if (loaded->record.found)
		info.mode = "live";
	else
		info.argv = l->o.argv;
	l->saving.copied = loaded->file;
	l->saving.vantages = &loaded->vantages.list;
	l->saving.outside = &loaded->vantages.raw;
	return present_and_save(&loaded->o, &l->log, &info, &loaded->trace, &l->saving);
}

static int judge_alone(struct looking *l)
{
	bool dry = false;
	if (!l->orders)
		return outward_replay(&l->o, &l->saving);
	int status = take_answers(l, NULL, &l->vantages, &dry);
	return status == 0 && !dry ? outward_show(&l->o, &l->log, &l->vantages, &l->saving)
				   : status;
}

/* What a run that only reads may do, or one that also asks an engine. 0, or -1 with *err. */
static int open_up(struct looking *l, struct err *err)
{
	struct caller owner;
	if (confine_caller(err) != 0 || privilege_caller(&owner, err) != 0 ||
	    save_open(&l->o, NULL, &owner, &l->saving, err) != 0)
		return -1;
	return l->orders ? sandbox_enter(SANDBOX_LIVE, err) : confine_reading(&l->o, err);
}

int outside_main(const struct options *o)
{
	struct looking l = {.o = *o};
	struct err err = {0};
	log_init(&l.log, o);
	int status = sort_words(&l);
	if (status != 0)
		return status;
	/* Results that are there already need no connection, and no certificates for one. */
	const char *asks = l.orders ? "outside HOST" : l.o.cacert ? "outside --cacert" : NULL;
	if (asks && parts_need(PART_WEB, asks, &err) != 0) {
		log_error(&l.log, "%s", err.msg);
		return err.code;
	}
	choose_output(&l);
	trace_init(&l.loaded.trace);
	if (open_up(&l, &err) != 0) {
		log_error(&l.log, "%s", err.msg);
		status = err.code;
	} else {
		status = l.folder ? judge_folder(&l) : judge_alone(&l);
	}
	save_close(&l.saving, &l.log);
	vantages_end_of(&l.vantages);
	load_free(&l.loaded);
	return status;
}
