/*
 * The ceiling: a server on one bare, level-triggered epoll loop, with nothing between it and the kernel.
 *
 * usage: server echo|http
 *
 * Listens on a free port of the loopback address, prints the port, and serves until its standard input ends.
 *   echo  sends back what comes
 *   http  answers each request that ends with an empty line with 1 KB of text; keeps connections open
 *
 * An answer that the socket does not take at once is waited for, in the kernel: the benchmark's clients read what they
 * have asked for.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 1024, BUFFER = 65536, BODY = 1024 };

static char buffer[BUFFER];
static char answer[2048];
static size_t answer_size;

static void die(const char *what) {
    perror(what);
    exit(1);
}

/* The same answer as all other subjects give: HttpAnswer.java. */
static void make_answer(void) {
    answer_size = (size_t) sprintf(answer,
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n", BODY);
    for (int i = 0; i < BODY; i++) {
        answer[answer_size++] = (char) ('a' + i % 26);
    }
}

static void write_all(int fd, const char *from, size_t size) {
    while (size > 0) {
        ssize_t written = write(fd, from, size);
        if (written > 0) {
            from += written;
            size -= (size_t) written;
        } else if (errno == EAGAIN) {
            struct pollfd room = {fd, POLLOUT, 0};
            poll(&room, 1, -1);
        } else {
            return; /* The next read will tell. */
        }
    }
}

/* Requests come whole in this benchmark, perhaps several at once; each ends with an empty line. */
static void serve_http(int fd, size_t size) {
    char *end = buffer + size;
    char *at = buffer;
    while ((at = memmem(at, (size_t) (end - at), "\r\n\r\n", 4)) != NULL) {
        write_all(fd, answer, answer_size);
        at += 4;
    }
}

static void serve(int fd, int http) {
    ssize_t size = read(fd, buffer, BUFFER);
    if (size > 0) {
        if (http) {
            serve_http(fd, (size_t) size);
        } else {
            write_all(fd, buffer, (size_t) size);
        }
    } else if (size == 0 || errno != EAGAIN) {
        close(fd);
    }
}

static void watch(int epoll, int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) {
        die("epoll_ctl");
    }
}

static void accept_one(int epoll, int listener) {
    int one = 1;
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) {
        return; /* It has gone again. */
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    watch(epoll, fd);
}

static int listen_on_loopback(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *) &address, size) < 0 || listen(listener, 1024) < 0) {
        die("listen");
    }
    getsockname(listener, (struct sockaddr *) &address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

int main(int argc, char **argv) {
    if (argc != 2 || (strcmp(argv[1], "echo") != 0 && strcmp(argv[1], "http") != 0)) {
        fprintf(stderr, "usage: server echo|http\n");
        return 2;
    }
    int http = strcmp(argv[1], "http") == 0;
    make_answer();
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    int listener = listen_on_loopback();
    int epoll = epoll_create1(0);
    watch(epoll, listener);
    watch(epoll, STDIN_FILENO);
    static struct epoll_event events[EVENTS];
    while (1) {
        int count = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                accept_one(epoll, listener);
            } else if (fd == STDIN_FILENO) {
                if (read(STDIN_FILENO, buffer, BUFFER) <= 0) {
                    return 0;
                }
            } else {
                serve(fd, http);
            }
        }
    }
}
