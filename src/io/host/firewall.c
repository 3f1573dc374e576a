/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/firewall.h"
#include "io/host/firewall_queue.h"
#include "io/host/firewall_rules.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TOOL_SECONDS 8
#define WAIT_MS	     (TOOL_SECONDS * 1000 + 500)
#define OUTPUT_MAX   (16 * 1024 * 1024)
#define ARGS_MAX     5
#define EXIT_UNREAD  1 /* a tool took too long, or printed too much */

typedef void rules_parser(const char *text, const struct rules_wanted *wanted, struct trace *t);

/* A tool, how it is called, and who reads what it prints. iptables before nft: it names its own
 * rules better than nft names them. */
static const struct tool {
	const char *name; /* NULL: what this program finds out about queues */
	const char *args[ARGS_MAX];
	uint8_t family;
	rules_parser *parse; /* NULL: it adds to what others say, who are told by it */
	const char *changes; /* what changes its rules, NULL: the same */
} tools[] = {
	{NULL, {NULL}, 0, NULL, NULL},
	{"iptables-save", {"iptables-save", NULL}, 4, rules_parse_iptables, "iptables"},
	{"ip6tables-save", {"ip6tables-save", NULL}, 6, rules_parse_iptables, "ip6tables"},
	{"iptables-legacy-save",
	 {"iptables-legacy-save", NULL},
	 4,
	 rules_parse_iptables,
	 "iptables-legacy"},
	{"ip6tables-legacy-save",
	 {"ip6tables-legacy-save", NULL},
	 6,
	 rules_parse_iptables,
	 "ip6tables-legacy"},
	{"nft", {"nft", "-nsaj", "list", "ruleset"}, 0, rules_parse_nft, NULL},
	{"nft", {"nft", "-nsa", "list", "ruleset"}, 0, NULL, NULL},
	{"ip", {"ip", "rule", "list"}, 4, rules_parse_ip, NULL},
	{"ip", {"ip", "-6", "rule", "list"}, 6, rules_parse_ip, NULL},
	{"ip", {"ip", "xfrm", "policy"}, 0, rules_parse_xfrm, NULL},
};

#define TOOLS  (sizeof(tools) / sizeof(*tools))
#define QUEUES 0 /* the place of that tool */

struct firewall {
	pid_t pid;  /* of the process that waits for the tools */
	int ended;  /* readable when it has ended */
	int wanted; /* it ends when this is closed */
	int outputs[TOOLS];
};

static void run_tool(const struct tool *tool, int output)
{
	static const char *const folders[] = {"/usr/sbin", "/sbin", "/usr/bin", "/bin"};
	struct rlimit most = {OUTPUT_MAX, OUTPUT_MAX};
	char *const environment[] = {NULL};
	char *args[ARGS_MAX];
	char path[64];
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	memcpy(args, tool->args, sizeof(args));
	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 2) < 0 || dup2(output, 1) < 0)
		_exit(1);
	setrlimit(RLIMIT_FSIZE, &most);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(TOOL_SECONDS);
	if (!tool->name) {
		queues_print(1);
		_exit(0);
	}
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		snprintf(path, sizeof(path), "%s/%s", folders[i], tool->name);
		execve(path, args, environment);
	}
	_exit(127);
}

static void note_end(int signal)
{
	(void)signal;
}

/* Waits for the tools, or until nobody wants to know any more: they end with this process. */
static void wait_for_tools(int wanted)
{
	struct pollfd closed = {.fd = wanted, .events = POLLIN};
	sigset_t none;
	bool unread = false;

	sigemptyset(&none);
	for (;;) {
		int status;
		pid_t ended = waitpid(-1, &status, WNOHANG);

		if (ended > 0)
			unread = unread || WIFSIGNALED(status);
		else if (ended < 0 && errno == ECHILD)
			_exit(unread ? EXIT_UNREAD : EXIT_SUCCESS);
		else if (ppoll(&closed, 1, NULL, &none) > 0)
			_exit(EXIT_UNREAD);
	}
}

static void run_tools(const struct firewall *f, int wanted, pid_t parent)
{
	struct sigaction ends = {.sa_handler = note_end};
	sigset_t none, child;

	close(f->wanted);
	sigemptyset(&none);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_SETMASK, &child, NULL);
	sigaction(SIGCHLD, &ends, NULL);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	for (size_t i = 0; i < TOOLS; i++) {
		if (fork() == 0) {
			sigprocmask(SIG_SETMASK, &none, NULL);
			run_tool(&tools[i], f->outputs[i]);
		}
	}
	wait_for_tools(wanted);
}

struct firewall *firewall_open(void)
{
	struct firewall *f = calloc(1, sizeof(*f));
	pid_t parent = getpid();
	bool ready;
	int wanted[2] = {-1, -1};

	if (!f)
		return NULL;
	f->ended = -1;
	ready = pipe2(wanted, O_CLOEXEC) == 0;
	f->wanted = wanted[1];
	for (size_t i = 0; i < TOOLS; i++) {
		f->outputs[i] = memfd_create("rules", MFD_CLOEXEC);
		ready = ready && f->outputs[i] >= 0;
	}
	f->pid = ready ? fork() : -1;
	if (f->pid == 0)
		run_tools(f, wanted[0], parent);
	if (wanted[0] >= 0)
		close(wanted[0]);
	if (f->pid > 0)
		f->ended = (int)syscall(SYS_pidfd_open, f->pid, 0);
	if (f->pid > 0 && f->ended >= 0)
		return f;
	firewall_close(f);
	return NULL;
}

void firewall_close(struct firewall *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < TOOLS; i++) {
		if (f->outputs[i] >= 0)
			close(f->outputs[i]);
	}
	if (f->ended >= 0)
		close(f->ended);
	if (f->wanted >= 0)
		close(f->wanted);
	/* It ends at once now, and its tools with it. */
	while (f->pid > 0 && waitpid(f->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	free(f);
}

/* What a tool printed, to be freed; NULL when it is nothing, or more than anybody writes. */
static char *output_of(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	size_t len = size > 0 && size < OUTPUT_MAX ? (size_t)size : 0;
	char *text = len ? malloc(len + 1) : NULL;

	if (!text)
		return NULL;
	if (pread(fd, text, len, 0) != (ssize_t)len) {
		free(text);
		return NULL;
	}
	text[len] = '\0';
	return text;
}

void firewall_explain(struct firewall *f, uint16_t port, struct trace *t)
{
	struct pollfd ended = {.events = POLLIN};
	siginfo_t end = {0};

	if (!f)
		return;
	ended.fd = f->ended;
	bool done = poll(&ended, 1, WAIT_MS) == 1;
	/* How it ended its parent alone is told, which a process without rights is not. */
	bool known = done && waitid(P_PID, (id_t)f->pid, &end, WEXITED | WNOWAIT) == 0;
	if (!done || (known && end.si_status != EXIT_SUCCESS))
		rules_unread(t);
	if (!done)
		return;
	char *queues = output_of(f->outputs[QUEUES]);
	for (size_t i = 0; i < TOOLS; i++) {
		bool worded = i + 1 < TOOLS && !tools[i + 1].parse;
		char *output = tools[i].parse ? output_of(f->outputs[i]) : NULL;
		char *text = output && worded ? output_of(f->outputs[i + 1]) : NULL;
		struct rules_wanted wanted = {.port = port,
					      .family = tools[i].family,
					      .text = text,
					      .tool = tools[i].changes,
					      .queues = queues};

		if (output)
			tools[i].parse(output, &wanted, t);
		free(output);
		free(text);
	}
	free(queues);
}

static int64_t read_number(const char *path)
{
	FILE *f = fopen(path, "re");
	long long value = -1;

	if (!f)
		return -1;
	if (fscanf(f, "%lld", &value) != 1)
		value = -1;
	fclose(f);
	return value;
}

void firewall_count_table(struct trace *t)
{
	static const char *const files[][2] = {
		{"conntrack-count", "/proc/sys/net/netfilter/nf_conntrack_count"},
		{"conntrack-max", "/proc/sys/net/netfilter/nf_conntrack_max"},
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct counter item = {files[i][0], read_number(files[i][1])};

		if (item.value >= 0)
			(void)trace_add_counter(t, &item);
	}
}

/* The number in the values' line that stands below the name. */
static int64_t pick(char *names, char *values, const char *wanted)
{
	char *n_end, *v_end;
	char *name = strtok_r(names, " \n", &n_end), *value = strtok_r(values, " \n", &v_end);

	while (name && value) {
		if (strcmp(name, wanted) == 0)
			return strtoll(value, NULL, 10);
		name = strtok_r(NULL, " \n", &n_end);
		value = strtok_r(NULL, " \n", &v_end);
	}
	return -1;
}

int64_t firewall_bad_checksums(void)
{
	FILE *f = fopen("/proc/net/snmp", "re");
	char names[2048], values[2048];
	int64_t found = -1;

	if (!f)
		return -1;
	while (found < 0 && fgets(names, sizeof(names), f) && fgets(values, sizeof(values), f)) {
		if (strncmp(names, "Tcp:", 4) == 0)
			found = pick(names, values, "InCsumErrors");
	}
	fclose(f);
	return found;
}
