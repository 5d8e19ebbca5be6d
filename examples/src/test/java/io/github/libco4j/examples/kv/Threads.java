package io.github.libco4j.examples.kv;

import io.github.libco4j.EventLoop;
import java.util.concurrent.ThreadFactory;

/** The kinds of threads on which every test of the server runs. */
enum Threads {
    PLATFORM {
        @Override
        Supply open() {
            return new Supply(Thread.ofPlatform().daemon().name("connection-", 0).factory(), () -> {});
        }
    },
    VIRTUAL {
        @Override
        Supply open() {
            return new Supply(Thread.ofVirtual().name("connection-", 0).factory(), () -> {});
        }
    },
    LIBCO4J {
        @Override
        Supply open() {
            EventLoop loop = EventLoop.builder().name("server").daemon(true).start();
            return new Supply(loop.threadFactory(), loop::close);
        }
    };

    /** A factory for the threads of one server, and what ends them. */
    record Supply(ThreadFactory factory, Runnable end) {}

    abstract Supply open();
}
