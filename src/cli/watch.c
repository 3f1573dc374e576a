/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"
#include "cli/live/known_list.h"
#include "cli/watch/keeper.h"
#include "cli/watch/measurement.h"
#include "cli/watch/screen.h"
#include "cli/watch/store.h"
#include "cli/watch/tell.h"
#include "io/host/clock.h"
#include "io/host/identity.h"
#include "io/host/interrupts.h"
#include "io/host/privilege.h"
#include "io/names/networks.h"
#include "io/serve/endpoint.h"
#include "io/serve/notify.h"
#include "state/schedule.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define SECOND_US INT64_C(1000000)
#define DAY_US	  (86400 * SECOND_US)
#define SERVERS	  3 /* of the list, each day others */

enum { POLL_SIGNAL, POLL_TIMER, POLL_ENDPOINT, POLL_KEYS, POLLS };

struct watch {
	const struct options *o;
	struct log log;
	struct keeper keeper;
	struct measurement run;
	struct tell tell;
	struct endpoint *endpoint;
	struct screen screen;
	int signal_fd, timer_fd;
	uint64_t seed, servers_seed, number;
	int64_t next_us; /* when the next run is due, by the clock since the machine's start */
	bool again;	 /* to measure once more when the run that is under way has ended */
	bool bare; /* the run that is under way writes no evidence: the one before could not */
	bool stop;
	int status;
};

static int64_t boot_us(void)
{
	return clock_boot_ns() / 1000;
}

/* The options of one run. */
static struct options probe_of(const struct watch *w)
{
	const struct tracker *t = &w->keeper.past.tracker;
	bool calm = t->has_period && t->period.condition.state == STATE_OPEN && !t->has_candidate &&
		    t->has_decided && t->decided.state == STATE_OPEN;
	struct options probe = *w->o;

	probe.command = COMMAND_PROBE;
	probe.json = true;
	probe.quiet = true;
	probe.rounds = 1;
	probe.output = w->bare ? NULL : w->keeper.attic.newest;
	probe.force = true;
	probe.choose = (struct choose){
		.servers = SERVERS,
		.seed = w->servers_seed,
		.day = clock_real_ns() / 1000 / DAY_US,
	};
	/* While all is open, a few packets show that it still is; not so for other users. */
	probe.brief = calm && w->o->users_n == 0;
	return probe;
}

static void start_run(struct watch *w)
{
	struct options probe = probe_of(w);
	struct err err;

	if (measurement_start(&w->run, &probe, &err) == 0)
		return;
	log_error(&w->log, "%s", err.msg);
	w->next_us = boot_us() + w->keeper.subject.interval_us;
	if (w->o->watch.once) {
		w->status = err.code;
		w->stop = true;
	}
}

/* Whether a run failed that might not have without its evidence, on a disk that is full: it is
 * made again without. */
static bool measure_bare(struct watch *w, const struct outcome *outcome)
{
	if (outcome->run.status != EXIT_SYSTEM || !w->keeper.attic.newest || w->bare ||
	    w->run.killed)
		return false;
	log_error(&w->log, "the run is made again without evidence");
	w->bare = true;
	start_run(w);
	return true;
}

/* A run has ended. */
static void take_run(struct watch *w)
{
	struct moment began = w->run.started;
	bool killed = w->run.killed;
	struct outcome outcome;
	struct kept kept;

	if (!measurement_take(&w->run, &outcome))
		return;
	if (killed)
		log_error(&w->log, "a run did not end in time and was ended");
	if (measure_bare(w, &outcome)) {
		outcome_free(&outcome);
		return;
	}
	outcome.bare = w->bare;
	w->bare = false;
	screen_take(&w->screen, &outcome);
	/* Servers of the list are others every day: they are not remembered. */
	if (w->o->hosts_n == 0)
		outcome.servers_n = 0;
	keeper_take(&w->keeper, &outcome, &kept);
	if (!tell_run(&w->tell, &outcome, &kept)) {
		log_error(&w->log, "cannot write to standard output: %s", strerror(errno));
		w->status = EXIT_SYSTEM;
		w->stop = true;
	}
	/* Without the right to measure no run ever will. */
	if (w->number == 0 &&
	    (outcome.run.status == EXIT_USAGE || outcome.run.status == EXIT_NOT_PERMITTED)) {
		w->status = outcome.run.status;
		w->stop = true;
	}
	w->next_us = schedule_next_us(&w->keeper.past.tracker, w->seed, w->number++, began.boot_us);
	if (w->again)
		w->next_us = boot_us();
	w->again = false;
	if (w->o->watch.once)
		w->stop = true;
	notify_send("STATUS=measured; waiting for the next run");
	outcome_free(&outcome);
}

/* SIGHUP: every run reads the files itself; here it shows whether they can be read. */
static void look_at_files(struct watch *w)
{
	struct known_list known;
	struct network_list networks = {0};
	struct err err;

	if (known_list_open(w->o, &known, &err) != 0)
		log_error(&w->log, "%s", err.msg);
	else
		known_free(&known);
	if (w->o->networks_file && networks_read(w->o->networks_file, &networks, &err) != 0)
		log_error(&w->log, "%s", err.msg);
	networks_free(&networks);
	log_note(&w->log, "servers and networks are read again from the next run on");
}

static void take_signals(struct watch *w)
{
	int number;

	while ((number = interrupts_next(w->signal_fd)) != 0) {
		switch (number) {
		case SIGINT:
		case SIGTERM:
			w->stop = true;
			break;
		case SIGHUP:
			look_at_files(w);
			break;
		case SIGUSR1:
			w->next_us = boot_us();
			w->again = w->run.pid != 0;
			break;
		default: /* a child, or the terminal's size */
			break;
		}
	}
}

/* Sets the timer for what comes first: the next run, a bound on what runs, the watchdog. */
static void set_timer(const struct watch *w)
{
	int64_t now = boot_us(), at = w->run.pid ? w->run.end_us : w->next_us;
	int64_t watchdog = notify_watchdog_us();
	struct itimerspec timer = {0};

	if (watchdog && now + watchdog < at)
		at = now + watchdog;
	if ((hooks_busy(&w->tell.hooks) || w->screen.on) && now + SECOND_US < at)
		at = now + SECOND_US;
	if (at <= now)
		at = now + 1;
	timer.it_value.tv_sec = at / SECOND_US;
	timer.it_value.tv_nsec = at % SECOND_US * 1000;
	timerfd_settime(w->timer_fd, TFD_TIMER_ABSTIME, &timer, NULL);
}

static void wait_for_something(const struct watch *w)
{
	struct pollfd fds[POLLS] = {
		[POLL_SIGNAL] = {.fd = w->signal_fd, .events = POLLIN},
		[POLL_TIMER] = {.fd = w->timer_fd, .events = POLLIN},
		[POLL_ENDPOINT] = {.fd = endpoint_fd(w->endpoint), .events = POLLIN},
		[POLL_KEYS] = {.fd = w->screen.on ? STDIN_FILENO : -1, .events = POLLIN},
	};
	uint64_t ticks;

	set_timer(w);
	(void)poll(fds, POLLS, endpoint_wait_ms(w->endpoint));
	(void)!read(w->timer_fd, &ticks, sizeof(ticks));
}

/* Signals first, so that an end is an end; then what has ended, then what begins. */
static void loop(struct watch *w)
{
	while (!w->stop) {
		wait_for_something(w);
		take_signals(w);
		measurement_bound(&w->run);
		take_run(w);
		tell_step(&w->tell);
		endpoint_step(w->endpoint);
		notify_send("WATCHDOG=1");
		if (screen_quits(&w->screen))
			w->stop = true;
		if (!w->stop && !w->run.pid && boot_us() >= w->next_us)
			start_run(w);
		screen_draw(&w->screen, &w->keeper, w->run.pid ? -1 : w->next_us - boot_us());
	}
	/* The last change is told before the end; programs that hang are ended in their time. */
	while (hooks_busy(&w->tell.hooks)) {
		wait_for_something(w);
		take_signals(w);
		tell_step(&w->tell);
	}
}

/*
 * The caller of sudo has no rights of root's here: what is named is opened, written and requested
 * with the caller's own. Each run takes root's back, and gives them up its own way.
 */
static int become_caller(struct err *err)
{
	struct caller caller;

	if (privilege_caller(&caller, err) != 0)
		return -1;
	return caller.uid == 0 ? 0 : privilege_borrow(&caller, err);
}

/* Takes the history up. Where none was named and the usual place is not this user's, none is kept.
 */
static int open_history(struct watch *w, struct err *err)
{
	struct err why;

	if (w->keeper.path && !w->o->watch.history && store_prepare(w->keeper.path, &why) != 0) {
		log_note(&w->log, "no history is kept: %s; --history FILE keeps one elsewhere",
			 why.msg);
		w->keeper.path = NULL;
	}
	return keeper_open(&w->keeper, err);
}

/* What was asked for must be had; said before the first run. */
static int open_watch(struct watch *w, struct err *err)
{
	const struct watch_options *o = &w->o->watch;

	if (!privilege_net_raw())
		return err_set(
			err, EXIT_NOT_PERMITTED,
			"not permitted: whoblocks needs CAP_NET_RAW; run it with sudo, or as "
			"the service that is installed with it");
	if (become_caller(err) != 0)
		return -1;
	if (o->on_change && faccessat(AT_FDCWD, o->on_change, X_OK, AT_EACCESS) != 0)
		return err_set(err, EXIT_USAGE, "--on-change '%s': %s", o->on_change,
			       strerror(errno));
	w->signal_fd = interrupts_open_watch(err);
	w->timer_fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	if (w->signal_fd < 0 || w->timer_fd < 0)
		return w->signal_fd < 0 ? -1
					: err_set(err, EXIT_SYSTEM, "cannot make a timer: %s",
						  strerror(errno));
	if (attic_open(&w->keeper.attic, o->evidence, o->keep, err) != 0 ||
	    open_history(w, err) != 0)
		return -1;
	if (o->listen.port)
		w->endpoint =
			endpoint_open(&o->listen.addr, o->listen.port, tell_metrics, &w->tell, err);
	return o->listen.port && !w->endpoint ? -1 : 0;
}

/* When the first run begins: at once where somebody looks on, else anywhere in the interval. */
static void schedule_first(struct watch *w)
{
	char machine[IDENTITY_BYTES];
	bool looked_at = w->screen.on || w->o->watch.once;

	identity_machine(machine);
	w->seed = schedule_seed(machine, w->o->watch.subject);
	w->servers_seed = schedule_seed(machine, "servers");
	w->next_us = boot_us();
	if (!looked_at)
		w->next_us += schedule_first_us(w->seed, w->keeper.subject.interval_us);
	if (!looked_at && w->next_us - boot_us() > SECOND_US)
		log_note(&w->log, "the first run begins in %lld s (SIGUSR1: now)",
			 (long long)((w->next_us - boot_us()) / SECOND_US));
}

static void close_watch(struct watch *w)
{
	measurement_stop(&w->run);
	screen_close(&w->screen);
	endpoint_close(w->endpoint);
	keeper_close(&w->keeper);
	attic_close(&w->keeper.attic);
	if (w->timer_fd >= 0)
		close(w->timer_fd);
	if (w->signal_fd >= 0)
		close(w->signal_fd);
}

int watch_main(const struct options *o)
{
	struct watch w = {.o = o, .signal_fd = -1, .timer_fd = -1};
	struct text hosts = {0}, path = {0};
	struct err err = {0};
	bool opened;

	log_init(&w.log, o);
	store_hosts(o, &hosts);
	w.keeper.log = &w.log;
	w.keeper.path = history_built() ? store_path(o, &path) : NULL;
	w.keeper.subject = (struct history_subject){
		.name = o->watch.subject,
		.port = (uint16_t)o->port,
		.hosts = text_str(&hosts),
		.interval_us = (int64_t)o->interval_ms * 1000,
	};
	w.tell = (struct tell){.o = o, .log = &w.log, .keeper = &w.keeper};
	tell_init(&w.tell);
	if (!o->json && !o->watch.once)
		screen_open(&w.screen, o, &w.log);
	w.tell.screen = w.screen.on;
	opened = open_watch(&w, &err) == 0;
	if (opened) {
		schedule_first(&w);
		notify_send("READY=1");
		loop(&w);
		notify_send("STOPPING=1");
	} else {
		w.status = err.code;
	}
	close_watch(&w);
	/* Messages go to standard error again. */
	if (!opened)
		log_error(&w.log, "%s", err.msg);
	text_free(&hosts);
	text_free(&path);
	return w.status;
}
