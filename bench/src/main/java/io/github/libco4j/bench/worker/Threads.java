package io.github.libco4j.bench.worker;

import io.github.libco4j.EventLoop;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The kinds of threads on which the same code runs. */
enum Threads {
    /** One loop on the calling thread; inside, every virtual thread is a coroutine of it. */
    LIBCO4J,
    /** The JDK's own scheduler. */
    VIRTUAL,
    PLATFORM;

    static Threads of(String kind) {
        return valueOf(kind.toUpperCase(Locale.ROOT));
    }

    /** Not started. Called inside of {@link #run} where the kind is not platform. */
    Thread unstarted(Runnable body) {
        return this == PLATFORM ? Thread.ofPlatform().unstarted(body) : Thread.ofVirtual().unstarted(body);
    }

    Thread start(Runnable body) {
        Thread thread = unstarted(body);
        thread.start();
        return thread;
    }

    /** Starts so many, and waits for them. */
    void runAll(int number, Runnable body) throws InterruptedException {
        Thread[] all = new Thread[number];
        for (int i = 0; i < number; i++) {
            all[i] = start(body);
        }
        for (Thread thread : all) {
            thread.join();
        }
    }

    /** Runs the body on a thread of this kind, to its end. */
    <T> T run(Callable<T> body) throws Exception {
        AtomicReference<@Nullable T> result = new AtomicReference<>();
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        Runnable caught = () -> {
            try {
                result.set(body.call());
            } catch (Exception e) {
                failure.set(e);
            }
        };
        switch (this) {
            case LIBCO4J -> EventLoop.run(loop -> caught.run());
            case VIRTUAL -> Thread.ofVirtual().start(caught).join();
            case PLATFORM -> caught.run();
        }
        Exception thrown = failure.get();
        if (thrown != null) {
            throw thrown;
        }
        T value = result.get();
        if (value == null) {
            throw new IllegalStateException("the body gave no result");
        }
        return value;
    }
}
