/* SPDX-License-Identifier: BSD-2-Clause */
/* The keeper: what it does, and how it lives. */
#include "io/folder/folder_names.h"
#include "io/folder/outputs_impl.h"
#include "io/host/files.h"
#include "io/host/sandbox.h"
#include "io/host/status.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FDS_MAX (2 * OUTPUTS_MAX + 8)

/* --- jobs ------------------------------------------------------------------------------------ */

static void fail(struct keeper_reply *reply, const struct output *item, int error)
{
	struct err err;

	err_set(&err, IO_SYSTEM, "cannot write '%s': %s",
		item->place.path ? item->place.path : item->name, strerror(error));
	reply->code = err.code;
	memcpy(reply->msg, err.msg, sizeof(reply->msg));
}

static int begin(struct output *item, struct keeper_reply *reply)
{
	int error = item->whole.fd >= 0 ? EBUSY : whole_begin(&item->whole);

	if (error == 0)
		return item->whole.fd;
	fail(reply, item, error);
	return -1;
}

static void finish(struct output *item, struct keeper_reply *reply)
{
	int error = item->whole.fd < 0 ? EBADF : fsync(item->whole.fd) != 0 ? errno : 0;

	if (error == 0)
		error = whole_finish(&item->whole);
	else
		whole_abandon(&item->whole);
	if (error != 0)
		fail(reply, item, error);
}

static void remove_spool(struct outputs *o)
{
	if (o->spool_of >= 0)
		(void)unlinkat(outputs_dir(o, o->spool_of), o->spool, 0);
	o->spool_of = -1;
}

static void publish(struct outputs *o, struct keeper_reply *reply)
{
	struct err err = {0};

	if (o->spool_of >= 0 && o->items[o->spool_of].place.dir < 0)
		remove_spool(o);
	if (!o->has_folder) {
		reply->code = IO_SYSTEM;
	} else if (folder_publish(&o->folder, &err) == 0) {
		o->has_folder = false;
	} else {
		reply->code = err.code;
		memcpy(reply->msg, err.msg, sizeof(reply->msg));
	}
}

static void end(struct outputs *o, const struct keeper_request *q, struct keeper_reply *reply)
{
	for (int i = 0; i < o->n; i++)
		whole_abandon(&o->items[i].whole);
	if (!q->keep_spool)
		remove_spool(o);
	if (!o->has_folder)
		return;
	reply->left = q->keep_folder && !folder_holds_nothing(o->folder.fd);
	if (!reply->left)
		folder_discard(&o->folder);
	o->has_folder = false;
}

int outputs_do(struct outputs *o, const struct keeper_request *request, struct keeper_reply *reply)
{
	*reply = (struct keeper_reply){0};
	if (request->job <= KEEPER_ABANDON && request->number >= o->n) {
		reply->code = IO_SYSTEM;
		return -1;
	}
	switch ((enum keeper_job)request->job) {
	case KEEPER_BEGIN:
		return begin(&o->items[request->number], reply);
	case KEEPER_FINISH:
		finish(&o->items[request->number], reply);
		break;
	case KEEPER_ABANDON:
		whole_abandon(&o->items[request->number].whole);
		break;
	case KEEPER_PUBLISH:
		publish(o, reply);
		break;
	case KEEPER_END:
		end(o, request, reply);
		break;
	}
	return -1;
}

/* --- the process ----------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Nothing stays open but the line, the folders of the outputs, and nothing in the streams. */
static void close_others(const struct outputs *o, int fd)
{
	int keep[FDS_MAX] = {STDERR_FILENO, fd};
	int n = 2, null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; i <= STDERR_FILENO && null >= 0; i++)
		dup2(null, i);
	for (int i = 0; i < o->n; i++) {
		if (o->items[i].place.dir >= 0)
			keep[n++] = o->items[i].place.dir;
	}
	if (o->folder.fd >= 0)
		keep[n++] = o->folder.fd;
	if (o->folder.place.dir >= 0)
		keep[n++] = o->folder.place.dir;
	qsort(keep, (size_t)n, sizeof(*keep), by_number);
	for (int i = 0; i < n; i++) {
		unsigned from = (unsigned)keep[i] + 1, to = i + 1 < n ? (unsigned)keep[i + 1] : ~0U;

		if (from < to)
			(void)files_close(from, i + 1 < n ? to - 1 : to);
	}
}

/* The reply, with the descriptor beside it when there is one. */
static bool answer(int line, const struct keeper_reply *reply, int fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct keeper_reply copy = *reply;
	struct iovec part = {.iov_base = &copy, .iov_len = sizeof(copy)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	if (fd >= 0) {
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof(control.bytes);
		control.header = (struct cmsghdr){
			.cmsg_len = CMSG_LEN(sizeof(int)),
			.cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS,
		};
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	return files_send(line, &message) == (ssize_t)sizeof(copy);
}

/* It ends when the run does, not when somebody interrupts it. */
static void ignore_signals(void)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
}

void keeper_serve(struct outputs *o, int fd, const struct caller *owner)
{
	struct keeper_request request;
	struct keeper_reply reply = {0};
	struct err err = {0};
	struct iovec part = {.iov_base = &request, .iov_len = sizeof(request)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	ignore_signals();
	close_others(o, fd);
	if (privilege_return(&err) != 0 || privilege_drop(owner, &err) != 0 ||
	    sandbox_enter(SANDBOX_WRITES, &err) != 0) {
		reply.code = err.code;
		memcpy(reply.msg, err.msg, sizeof(reply.msg));
	}
	if (!answer(fd, &reply, -1) || reply.code != 0)
		_exit(0);
	while (recvmsg(fd, &message, MSG_WAITALL) == (ssize_t)sizeof(request)) {
		int given = outputs_do(o, &request, &reply);

		if (!answer(fd, &reply, given))
			break;
	}
	_exit(0);
}
