package io.github.libco4j.internal.loop;

import java.util.concurrent.atomic.AtomicInteger;

/** Whether the loop's thread sleeps, agreed between that thread and the threads that wake it. */
public final class Sleep {
    /*
     * The loop                                        A thread that has work for it
     *   L1. state: AWAKE -> ASLEEP                      W1. hands over the work
     *   L2. looks for work; if there is some, L4        W2. state: ASLEEP -> WAKING; if it is not ASLEEP: done
     *   L3. sleeps                                      W3. ends the sleep (Readiness.wakeup)
     *   L4. state: ASLEEP -> AWAKE, unless WAKING       W4. state: WAKING -> AWAKE
     *
     * All steps are sequentially consistent. How all work is caught: if W2 comes before L1, so does W1, and L2 finds the work.
     * If W2 comes after L1, it finds ASLEEP and ends the sleep, or finds that another waker does. If L4 comes before W2, the
     * loop looks for work again before the next L1. Work for a loop that is awake costs no system call; of many wakers of one
     * sleep, only the first makes a system call.
     *
     * A waker between W2 and W4 keeps the loop from falling asleep again (L1 fails) and from closing what W3 uses.
     */
    private static final int AWAKE = 0;
    private static final int ASLEEP = 1;
    private static final int WAKING = 2;

    /** What ends the sleep of a loop's thread. */
    @FunctionalInterface
    public interface Waker {
        /** Ends the current or the next sleep. Called between W2 and W4, by any thread. */
        void wakeup();
    }

    private final AtomicInteger state = new AtomicInteger(AWAKE);

    /** Written by the loop's thread, read by others after they have seen the loop asleep. */
    private Waker waker;

    /** How many sleeps were ended. Written between W2 and W4. */
    private long interrupts;

    public Sleep(Waker waker) {
        this.waker = waker;
    }

    /** From now on, something else ends the sleep. Loop thread only, while the loop is awake. */
    void wakeBy(Waker next) {
        waker = next;
    }

    /** L1. Returns false if a waker of the last sleep is not done yet: then the loop must not sleep now. */
    public boolean begin() {
        return state.compareAndSet(AWAKE, ASLEEP);
    }

    /** L4. */
    public void end() {
        state.compareAndSet(ASLEEP, AWAKE);
    }

    /** Tells whether the loop sleeps, or looks for work before it does. Any thread may ask. */
    boolean isAsleep() {
        return state.get() == ASLEEP;
    }

    /** W2 to W4: after work was handed over. Returns whether the loop slept. Any thread may call it. */
    public boolean interrupt() {
        if (state.get() != ASLEEP || !state.compareAndSet(ASLEEP, WAKING)) {
            return false;
        }
        interrupts++;
        try {
            waker.wakeup();
        } finally {
            state.set(AWAKE);
        }
        return true;
    }

    /** How many sleeps were ended by a call of {@link #interrupt}. As it was recently; any thread may ask. */
    long interrupts() {
        return interrupts;
    }

    /** Waits until no waker is between W2 and W4 and lets no more come. The loop's last act. */
    public void retire() {
        state.compareAndSet(ASLEEP, AWAKE);
        while (state.get() != AWAKE) {
            Thread.onSpinWait();
        }
    }
}
