/*
 * A bare epoll client, to see what the load generator costs: each connection sends a message, waits until it is back,
 * checks it, and sends again.
 *
 * usage: client PORT CONNECTIONS SIZE SECONDS
 *
 * Prints the number of round trips and the seconds that they took.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 1024, GREATEST = 65536 };

struct connection {
    int fd;
    size_t received;
    char expected[];
};

static char buffer[GREATEST];

static void die(const char *what) {
    perror(what);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

static struct connection *open_connection(int port, int number, size_t size) {
    struct sockaddr_in address = {
            .sin_family = AF_INET, .sin_port = htons((unsigned short) port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct connection *connection = malloc(sizeof *connection + size);
    int one = 1;
    connection->fd = socket(AF_INET, SOCK_STREAM, 0);
    connection->received = 0;
    if (connect(connection->fd, (struct sockaddr *) &address, sizeof address) < 0) {
        die("connect");
    }
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    for (size_t i = 0; i < size; i++) {
        connection->expected[i] = (char) (number + (int) i);
    }
    return connection;
}

static void send_message(struct connection *connection, size_t size) {
    if (write(connection->fd, connection->expected, size) != (ssize_t) size) {
        die("write");
    }
}

/* Returns 1 when the whole message is back. */
static int receive(struct connection *connection, size_t size) {
    ssize_t got = read(connection->fd, buffer, size - connection->received);
    if (got <= 0) {
        die("read");
    }
    if (memcmp(buffer, connection->expected + connection->received, (size_t) got) != 0) {
        fprintf(stderr, "wrong answer\n");
        exit(1);
    }
    connection->received += (size_t) got;
    if (connection->received < size) {
        return 0;
    }
    connection->received = 0;
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: client PORT CONNECTIONS SIZE SECONDS\n");
        return 2;
    }
    int connections = atoi(argv[2]);
    size_t size = (size_t) atol(argv[3]);
    if (connections < 1 || size < 1 || size > GREATEST) {
        fprintf(stderr, "client: at least one connection, and 1 to %d bytes\n", GREATEST);
        return 2;
    }
    int epoll = epoll_create1(0);
    for (int i = 0; i < connections; i++) {
        struct connection *connection = open_connection(atoi(argv[1]), i, size);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
        epoll_ctl(epoll, EPOLL_CTL_ADD, connection->fd, &event);
        send_message(connection, size);
    }
    static struct epoll_event events[EVENTS];
    double begin = now();
    double end = begin + atof(argv[4]);
    long requests = 0;
    while (now() < end) {
        int count = epoll_wait(epoll, events, EVENTS, 100);
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            if (receive(connection, size)) {
                requests++;
                send_message(connection, size);
            }
        }
    }
    printf("%ld %.3f\n", requests, now() - begin);
    return 0;
}
