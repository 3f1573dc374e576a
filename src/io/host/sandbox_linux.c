/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/sandbox.h"
#include "io/host/sandbox_end.h"
#include "io/host/status.h"
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>

/* The instruments of such builds make calls of their own. */
#ifdef WHOBLOCKS_INSTRUMENTED
#define BUILT false
#else
#define BUILT true
#endif

#define NAME_BYTES    32
#define OPEN_TO_WRITE (O_ACCMODE | O_CREAT | O_TRUNC)
#define NAMELESS      (O_TMPFILE | O_EXCL)

/* Open files, memory, time; the names of all architectures. Opening has rules of its own. */
static const char reads[] =
	"read pread64 readv preadv write pwrite64 writev pwritev close close_range lseek _llseek "
	"fstat fstat64 newfstatat fstatat64 stat stat64 lstat lstat64 statx fstatfs fstatfs64 "
	"access faccessat faccessat2 readlink readlinkat getcwd getdents64 fcntl fcntl64 dup dup2 "
	"dup3 fadvise64 readahead poll ppoll ppoll_time64 select pselect6 brk mmap mmap2 munmap "
	"mremap mprotect madvise futex futex_time64 rseq set_robust_list get_robust_list "
	"set_tid_address membarrier clock_gettime clock_gettime64 clock_getres clock_getres_time64 "
	"gettimeofday time nanosleep clock_nanosleep clock_nanosleep_time64 restart_syscall "
	"rt_sigprocmask rt_sigreturn sigreturn sigaltstack tgkill getpid getppid "
	"gettid getuid geteuid getgid getegid uname sysinfo getrandom umask getrusage times "
	"sendmsg recvmsg wait4 getrlimit ugetrlimit sched_getaffinity sched_yield arch_prctl exit "
	"exit_group";

/* Names in the file system. */
static const char writes[] =
	"open openat creat mkdir mkdirat rename renameat renameat2 link linkat unlink unlinkat "
	"rmdir fsync fdatasync ftruncate ftruncate64 fallocate fchmod fchmodat chmod flock "
	"sendfile sendfile64 copy_file_range utimensat statfs statfs64";

/* Other programs, more rights, the kernel itself. */
static const char never[] =
	"execve execveat ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp mount umount "
	"umount2 pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick "
	"mount_setattr init_module finit_module delete_module kexec_load kexec_file_load bpf "
	"perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register setuid setgid "
	"setreuid setregid setresuid setresgid setfsuid setfsgid setgroups setuid32 setgid32 "
	"setreuid32 setregid32 setresuid32 setresgid32 setfsuid32 setfsgid32 setgroups32 capset "
	"unshare setns keyctl add_key request_key open_by_handle_at iopl ioperm modify_ldt reboot "
	"swapon swapoff acct quotactl sethostname setdomainname settimeofday clock_settime "
	"clock_settime64 stime syslog personality";

/* One action for all calls of a list. 0, or a negative errno. */
static int add_all(scmp_filter_ctx filter, uint32_t action, const char *names)
{
	int status = 0;

	while (*names && status == 0) {
		char name[NAME_BYTES] = "";
		size_t n = strcspn(names, " ");
		int call;

		if (n >= sizeof(name))
			return -EINVAL;
		memcpy(name, names, n);
		call = seccomp_syscall_resolve_name(name);
		/* Negative: this architecture, or this version of the library, does not have it. */
		if (call >= 0)
			status = seccomp_rule_add_array(filter, action, call, 0, NULL);
		names += n + (names[n] == ' ');
	}
	return status;
}

/* Allows a call whose argument, under the mask, has this value. */
static int allow_if(scmp_filter_ctx filter, const char *name, unsigned int arg, uint64_t mask,
		    uint64_t value)
{
	const struct scmp_arg_cmp comparison = {
		.arg = arg,
		.op = SCMP_CMP_MASKED_EQ,
		.datum_a = mask,
		.datum_b = value,
	};
	int call = seccomp_syscall_resolve_name(name);

	return call < 0 ? 0 : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &comparison);
}

/* Files to read; and such to write that never get a name: copies of what cannot be rewound. */
static int allow_reading(scmp_filter_ctx filter)
{
	int status = allow_if(filter, "openat", 2, OPEN_TO_WRITE, O_RDONLY);

	if (status == 0)
		status = allow_if(filter, "openat", 2, NAMELESS, NAMELESS);
	return status == 0 ? allow_if(filter, "open", 1, OPEN_TO_WRITE, O_RDONLY) : status;
}

/* Is it a terminal, and how wide: the questions of every C library. */
static int allow_terminal(scmp_filter_ctx filter)
{
	static const unsigned long questions[] = {
		TCGETS, TIOCGWINSZ,
#ifdef TCGETS2
		TCGETS2, /* glibc since 2.42 */
#endif
	};
	int status = 0;

	for (size_t i = 0; i < sizeof(questions) / sizeof(*questions) && status == 0; i++)
		status = allow_if(filter, "ioctl", 1, UINT32_MAX, questions[i]);
	return status;
}

/* Handlers of every signal but the one that ends the process. */
static int allow_handlers(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp other = {.arg = 0, .op = SCMP_CMP_NE, .datum_a = SIGSYS};

	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW,
				      seccomp_syscall_resolve_name("rt_sigaction"), 1, &other);
}

static int fill(scmp_filter_ctx filter, enum sandbox_rules rules)
{
	int status;

	if (rules == SANDBOX_LIVE)
		return add_all(filter, SCMP_ACT_TRAP, never);
	status = add_all(filter, SCMP_ACT_ALLOW, reads);
	if (status == 0)
		status = allow_handlers(filter);
	if (status == 0)
		status = allow_terminal(filter);
	/* The limits of this process, and only to read them. */
	if (status == 0)
		status = allow_if(filter, "prlimit64", 2, UINT64_MAX, 0);
	if (status != 0)
		return status;
	return rules == SANDBOX_READS ? allow_reading(filter)
				      : add_all(filter, SCMP_ACT_ALLOW, writes);
}

static int load(scmp_filter_ctx filter, enum sandbox_rules rules)
{
	int status = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

	if (status == 0)
		status = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	if (status == 0)
		status = fill(filter, rules);
	return status == 0 ? seccomp_load(filter) : status;
}

int sandbox_enter(enum sandbox_rules rules, struct err *err)
{
	uint32_t other = rules == SANDBOX_LIVE ? SCMP_ACT_ALLOW : SCMP_ACT_TRAP;
	scmp_filter_ctx filter;
	int status = -ENOMEM;

	/* Below 3 (Linux 4.14), the kernel cannot end a process for a call. */
	if (!BUILT || seccomp_api_get() < 3)
		return 0;
	if (sandbox_end_named() != 0)
		return err_set(err, IO_SYSTEM, "cannot handle SIGSYS: %s", strerror(errno));
	filter = seccomp_init(other);
	if (filter)
		status = load(filter, rules);
	seccomp_release(filter);
	if (status == 0)
		return 0;
	return err_set(err, IO_SYSTEM, "cannot limit the system calls of this process: %s",
		       strerror(-status));
}

bool sandbox_built(void)
{
	return BUILT;
}
