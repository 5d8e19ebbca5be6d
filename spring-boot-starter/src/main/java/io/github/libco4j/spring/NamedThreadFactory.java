package io.github.libco4j.spring;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** Gives the threads of a group the names that the application knows: {@code task-1}, {@code scheduling-1}. */
final class NamedThreadFactory implements ThreadFactory {
    private final String prefix;
    private final ThreadFactory threads;
    private final AtomicLong count = new AtomicLong();

    NamedThreadFactory(String prefix, ThreadFactory threads) {
        this.prefix = prefix;
        this.threads = threads;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = threads.newThread(task);
        thread.setName(prefix + count.incrementAndGet());
        return thread;
    }
}
