/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/serve/endpoint.h"
#include "io/host/sockaddr.h"
#include "io/host/status.h"
#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS	   8U
#define CONNECTIONS_PER_IP 4U
#define TIMEOUT_S	   5U
#define MEMORY_BYTES	   ((size_t)8192) /* a request, its headers included */
#define BACKLOG		   8
#define TYPE_METRICS	   "text/plain; version=0.0.4; charset=utf-8"
#define TYPE_TEXT	   "text/plain; charset=utf-8"

struct endpoint {
	struct MHD_Daemon *daemon;
	endpoint_answer *answer;
	void *arg;
	int fd;
};

static enum MHD_Result reply(struct MHD_Connection *c, unsigned status, const char *type,
			     const struct text *body)
{
	struct MHD_Response *r =
		MHD_create_response_from_buffer(body->len, body->s, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result result = MHD_NO;

	if (!r)
		return MHD_NO;
	if (MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type) == MHD_YES)
		result = MHD_queue_response(c, status, r);
	MHD_destroy_response(r);
	return result;
}

/*
 * Called twice for each request: when its head is there, and when all of it is. The library fixes
 * its arguments.
 */
/* NOLINTNEXTLINE(readability-function-size) */
static enum MHD_Result handle(void *arg, struct MHD_Connection *c, const char *url,
			      const char *method, const char *version, const char *upload,
			      size_t *upload_size, void **state)
{
	struct endpoint *e = arg;
	bool gets = strcmp(method, MHD_HTTP_METHOD_GET) == 0 ||
		    strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
	struct text body = {0};
	unsigned status = MHD_HTTP_OK;
	const char *type = TYPE_TEXT;
	enum MHD_Result result;

	(void)version;
	(void)upload;
	if (!*state) {
		*state = e;
		return MHD_YES;
	}
	*upload_size = 0;
	if (!gets) {
		status = MHD_HTTP_METHOD_NOT_ALLOWED;
		text_add(&body, "only GET\n");
	} else if (strcmp(url, "/metrics") == 0) {
		type = TYPE_METRICS;
		e->answer(e->arg, &body);
	} else if (strcmp(url, "/-/healthy") == 0) {
		text_add(&body, "ok\n");
	} else {
		status = MHD_HTTP_NOT_FOUND;
		text_add(&body, "only /metrics and /-/healthy\n");
	}
	result = body.failed ? MHD_NO : reply(c, status, type, &body);
	text_free(&body);
	return result;
}

/* A socket of our own, so that the error has its reason. */
static int open_socket(const struct addr *addr, uint16_t port, struct err *err)
{
	struct sockaddr_storage name;
	socklen_t len = sockaddr_fill(&name, addr, port, 0);
	char buf[ADDR_TEXT_BYTES];
	int yes = 1;
	int fd = socket(name.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
	    bind(fd, (const struct sockaddr *)&name, len) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	err_set(err, IO_SYSTEM, "cannot listen on %s port %u: %s", addr_text(addr, buf), port,
		strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

struct endpoint *endpoint_open(const struct addr *addr, uint16_t port, endpoint_answer *answer,
			       void *arg, struct err *err)
{
	struct endpoint *e = calloc(1, sizeof(*e));
	const union MHD_DaemonInfo *info;
	int fd = e ? open_socket(addr, port, err) : -1;

	if (!e || fd < 0) {
		if (!e)
			err_set(err, IO_SYSTEM, "no memory for the endpoint");
		free(e);
		return NULL;
	}
	e->answer = answer;
	e->arg = arg;
	e->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | (addr->family == 6 ? MHD_USE_IPv6 : 0), port, NULL, NULL, handle, e,
		MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, CONNECTIONS_PER_IP,
		MHD_OPTION_CONNECTION_TIMEOUT, TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		MEMORY_BYTES, MHD_OPTION_END);
	info = e->daemon ? MHD_get_daemon_info(e->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
	if (info) {
		e->fd = info->epoll_fd;
		return e;
	}
	err_set(err, IO_SYSTEM, "cannot answer on port %u: libmicrohttpd does not start", port);
	if (!e->daemon)
		close(fd);
	endpoint_close(e);
	return NULL;
}

int endpoint_fd(const struct endpoint *e)
{
	return e ? e->fd : -1;
}

int endpoint_wait_ms(const struct endpoint *e)
{
	MHD_UNSIGNED_LONG_LONG ms;

	if (!e || MHD_get_timeout(e->daemon, &ms) != MHD_YES)
		return -1;
	return ms < 1000 ? (int)ms : 1000;
}

void endpoint_step(struct endpoint *e)
{
	if (e)
		MHD_run(e->daemon);
}

void endpoint_close(struct endpoint *e)
{
	if (!e)
		return;
	if (e->daemon)
		MHD_stop_daemon(e->daemon);
	free(e);
}
