package io.github.libco4j.internal.run;

import org.jspecify.annotations.Nullable;

/** Keeps the JVM up while there is a coroutine of a thread that would: one that is no daemon. */
final class Lifeline implements Runnable {
    private int holders;
    private @Nullable Thread thread;

    /** One more has started. */
    synchronized void hold() {
        if (holders++ == 0 && thread == null) {
            thread = Thread.ofPlatform().name("libco4j-lifeline").daemon(false).inheritInheritableThreadLocals(false).unstarted(this);
            thread.start();
        }
    }

    /** One has ended. */
    synchronized void release() {
        if (--holders == 0) {
            notifyAll();
        }
    }

    @Override
    public synchronized void run() {
        while (holders > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                // Nobody has a reason to; the coroutines go on.
            }
        }
        thread = null;
    }
}
