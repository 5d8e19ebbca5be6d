package io.github.libco4j.support;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Bodies of coroutines that do not end when they are told to. Dumps show the name of the method. */
public final class Stubborn {
    private Stubborn() {}

    /** Waits, and clears each interrupt. The test that sets {@code end} unparks it. */
    public static void ignoreInterruptsUntil(AtomicBoolean end) {
        while (!end.get()) {
            LockSupport.park();
            boolean ignored = Thread.interrupted();
        }
    }

    /** Does not give up its thread. Says from inside that it spins. */
    public static void spinUntil(AtomicBoolean end, CountDownLatch spinning) {
        spinning.countDown();
        while (!end.get()) {
            Thread.onSpinWait();
        }
    }
}
