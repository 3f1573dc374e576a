/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"
#include "cli/live/circumstances.h"
#include "cli/live/known_list.h"
#include "cli/live/live.h"
#include "cli/live/policies.h"
#include "cli/live/privileged.h"
#include "cli/live/rounds.h"
#include "cli/show/present.h"
#include "io/folder/folder.h"
#include "io/host/clock.h"
#include "io/host/interrupts.h"
#include "io/host/machine.h"
#include "io/host/netwatch.h"
#include "io/host/privilege.h"
#include "io/names/networks.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MS	  INT64_C(1000000)
#define NAMES_NS  (200 * MS)  /* for names of routers that have not come yet */
#define GENTLE_NS (1100 * MS) /* from one connection to a mail port to the next */
#define OWNERS_NS (1000 * MS) /* the same for their owners, which were asked for */
/* One server judged, written and saved; measured by bench servers. */
#define VERDICT_NS (70 * INT64_C(1000))

/* Everything a run holds; released in reverse by run_close(). */
struct run {
	const struct options *o;
	struct log log;
	struct trace trace;
	struct known_list known;
	struct network_list networks;
	struct targets targets;
	struct calls calls;
	struct caller caller;
	struct privileged privileged;
	struct live live;
	struct saving saving;
	struct rounds *rounds;
};

/* Everything that the caller names is opened with the caller's rights. */
static int read_named(struct run *run, struct err *err)
{
	const struct options *o = run->o;
	bool replace = o->force || (run->rounds->items && run->rounds->n > 0);
	if (o->output && folder_check(o->output, replace, err) != 0)
		return -1;
	if (known_list_open(o, &run->known, err) != 0)
		return -1;
	if (o->networks_file && networks_read(o->networks_file, &run->networks, err) != 0)
		return -1;
	for (size_t i = 0; i < run->networks.n; i++) {
		if (!trace_add_network(&run->trace, &run->networks.networks[i]))
			return err_set(err, EXIT_SYSTEM, "no memory for the networks");
	}
	if (hop_owners_open(&run->live.owners, o, true, &run->log, err) != 0 ||
	    mail_prepare(&run->live.mail, o, &run->calls, err) != 0)
		return -1;
	if (o->interface && !route_interface(o->interface))
		return err_set(err, EXIT_USAGE, "there is no interface '%s'", o->interface);
	return 0;
}

static int read_inputs(struct run *run, struct err *err)
{
	struct err lost;
	if (privilege_caller(&run->caller, err) != 0 || privilege_borrow(&run->caller, err) != 0)
		return -1;
	int status = read_named(run, err);
	return privilege_return(status == 0 ? err : &lost) != 0 ? -1 : status;
}

static void fill_run_facts(struct run *run)
{
	const struct options *o = run->o;
	struct run_facts *facts = &run->trace.run;
	*facts = (struct run_facts){
		.port = (uint16_t)o->port,
		.flows = (uint16_t)o->flows,
		.only = o->only,
		.polite = o->gentle,
		.brief = o->brief,
		.families = (uint8_t)((o->ipv4 ? 1 : 0) | (o->ipv6 ? 2 : 0)),
		.routed = (uint8_t)((route_family(4) ? 1 : 0) | (route_family(6) ? 2 : 0)),
		.public_addr = {o->public_address[0], o->public_address[1]},
		.started_ns = clock_real_ns(),
		/* Past the host's own rules goes who may change them. */
		.bypass = !o->no_bypass && privilege_is_admin(),
		.own = true,
		.complete_facts = true,
	};
}

static int open_privileged(struct run *run, struct err *err)
{
	run->privileged = (struct privileged){
		.o = run->o,
		.trace = &run->trace,
		.targets = &run->targets,
		.mail = &run->live.mail,
	};
	if (privileged_open(&run->privileged, err) != 0)
		return -1;
	run->live.netwatch_fd = netwatch_open();
	run->live.source = run->privileged.source;
	run->live.orders = (struct orders){
		.trace = &run->trace,
		.targets = &run->targets,
		.sender = run->privileged.sender,
		.connector = run->privileged.connector,
		.retries = run->o->gentle ? CALLS_RETRIES : 0,
		.ifindex = run->o->interface ? route_interface(run->o->interface) : 0,
	};
	return 0;
}

/* Before anything privileged is open: the process that keeps the outputs has none of it. */
static int open_output(struct run *run, struct err *err)
{
	struct err lost;
	if (privilege_borrow(&run->caller, err) != 0)
		return -1;
	int status = save_open(run->o, run->rounds, &run->caller, &run->saving, err);
	run->live.evidence = run->saving.evidence;
	return privilege_return(status == 0 ? err : &lost) != 0 ? -1 : status;
}

/* What is left of the budget for the probing: thousands of servers take a while to be judged, too.
 */
static int64_t probing_ns(const struct run *run, int64_t started_ns)
{
	const int64_t budget_ns = run->o->budget_ms * MS;
	const int64_t verdict_ns = (int64_t)run->trace.servers_n * VERDICT_NS;
	return budget_ns - (clock_real_ns() - started_ns) -
	       (verdict_ns < budget_ns / 4 ? verdict_ns : budget_ns / 4);
}

static int open_engine(struct run *run, int64_t started_ns, struct err *err)
{
	struct engine_options options = {
		.flows = (uint16_t)run->o->flows,
		.max_rate = run->o->max_rate,
		.calls = &run->calls,
		.budget_ns = probing_ns(run, started_ns),
		.key = &run->privileged.key,
		.link = {run->privileged.link.first, run->privileged.link.n},
	};
	for (size_t i = 0; i < ENGINE_BLOCKS; i++) {
		const struct ports *block = &run->privileged.raw[i];
		options.raw[i] = (struct port_block){block->first, block->n};
	}
	run->calls.window_ns = calls_window_ns(run->trace.servers_n, options.budget_ns * 2 / 3);
	run->live.engine = engine_new(&options, &run->trace, clock_real_ns());
	if (!run->live.engine)
		return err_set(err, EXIT_SYSTEM, "no memory for the probing");
	return 0;
}

static int measure(struct run *run, struct err *err)
{
	run->calls = (struct calls){
		.gap_ns = run->o->gentle ? GENTLE_NS : 0,
		.rare = run->o->gentle,
		.spare = run->o->gentle,
		.port = (uint16_t)run->o->port,
	};
	run->live.log = &run->log;
	run->live.trace = &run->trace;
	run->live.signal_fd = run->live.netwatch_fd = -1;
	if (privileged_allow(run->o, err) != 0 || read_inputs(run, err) != 0)
		return -1;
	fill_run_facts(run);
	run->targets = (struct targets){.o = run->o, .known = &run->known, .log = &run->log};
	if (targets_find(&run->targets, &run->trace, err) != 0)
		return -1;
	machine_notes(&run->trace);
	if (privileged_check(err) != 0)
		return -1;
	/* Before the outputs, so that no signal leaves one behind. */
	run->live.signal_fd = interrupts_open(err);
	if (run->live.signal_fd < 0 || open_output(run, err) != 0)
		return -1;
	if (run->trace.servers_n == 0) {
		run->trace.run.stop = "no-network";
		run->trace.run.ended_ns = clock_real_ns();
		trace_clock(&run->trace, run->trace.run.ended_ns);
		return privileged_drop(err);
	}
	if (open_privileged(run, err) != 0 || privileged_drop(err) != 0)
		return -1;
	if (open_engine(run, run->trace.run.started_ns, err) != 0)
		return -1;
	int status = live_run(&run->live, err);
	privileged_explain(&run->privileged);
	return status;
}

static void run_close(struct run *run)
{
	engine_free(run->live.engine);
	mail_close(&run->live.mail);
	calls_free(&run->calls);
	save_close(&run->saving, &run->log);
	hop_names_close(&run->live.names);
	hop_owners_close(&run->live.owners);
	if (run->live.signal_fd >= 0)
		close(run->live.signal_fd);
	if (run->live.netwatch_fd >= 0)
		close(run->live.netwatch_fd);
	privileged_close(&run->privileged);
	targets_free(&run->targets);
	networks_free(&run->networks);
	known_free(&run->known);
	trace_free(&run->trace);
}

/* What is left of the budget, for what is asked after the probing. */
static int64_t left_ns(const struct run *run)
{
	int64_t end_ns = run->trace.run.started_ns + run->o->budget_ms * MS;
	return end_ns - clock_real_ns();
}

static int show(struct run *run)
{
	struct circumstances about;
	int64_t left = left_ns(run);
	hop_names_end(&run->live.names, &run->trace, left < NAMES_NS ? left : NAMES_NS);
	circumstances_read(&about, run->o);
	left = left_ns(run);
	/* Before the last owners: that of the public address is one of them. */
	circumstances_ask(&about, &run->log, &run->trace,
			  hop_owners_asked(&run->live.owners) ? left / 2 : left);
	left = left_ns(run);
	hop_owners_end(&run->live.owners, &run->trace, left < OWNERS_NS ? left : OWNERS_NS);
	policies_match(&run->trace);
	if (run->live.names.reverse && reverse_asked(run->live.names.reverse) > 0)
		circumstances_looked_up(&about, "names of routers, by this host's own resolver");
	if (hop_names_translators(&run->live.names))
		circumstances_looked_up(&about, "whether IPv6 addresses stand for IPv4 ones "
						"(ipv4only.arpa), by this host's own resolver");
	if (hop_owners_asked(&run->live.owners))
		circumstances_looked_up(&about, run->live.owners.question);
	struct run_info info = {
		.mode = "live",
		.argv = run->o->argv,
		.packets_sent = run->live.orders.sent,
		.packets_seen = run->live.counts.frames,
		.capture_dropped = run->live.dropped,
		.lookups = about.lookups,
		.rounds = 1,
		.capture_file = run->o->write,
		.about = &about.about,
	};
	if (run->trace.routes_n)
		info.interface = run->trace.routes[0].interface;
	run->saving.received = run->live.counts.frames;
	run->saving.dropped = run->live.dropped;
	run->saving.rounds = run->rounds;
	run->saving.about = &about.about;
	int status = present_and_save(run->o, &run->log, &info, &run->trace, &run->saving);
	circumstances_free(&about);
	return status;
}

static int measure_once(const struct options *o, struct rounds *rounds)
{
	struct run run = {.o = o, .rounds = rounds};
	struct err err = {0};
	int status;
	log_init(&run.log, o);
	trace_init(&run.trace);
	hop_names_open(&run.live.names, o, &run.log);
	if (measure(&run, &err) == 0) {
		status = show(&run);
	} else {
		log_error(&run.log, "%s", err.msg);
		status = err.code;
	}
	run_close(&run);
	return status;
}

int probe_main(const struct options *o)
{
	return rounds_run(o, measure_once);
}
