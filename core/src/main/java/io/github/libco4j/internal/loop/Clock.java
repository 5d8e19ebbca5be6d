package io.github.libco4j.internal.loop;

/** A monotonic clock. */
@FunctionalInterface
public interface Clock {
    /** The clock of the machine. */
    Clock SYSTEM = new Clock() { // No lambda: to link one delays every program's start.
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    };

    /** Nanoseconds since an arbitrary origin; never steps back. Any thread may ask. */
    long nanoTime();

    /** A coroutine is about to wait and to stop the loop's thread meanwhile, which takes real time. Called by the loop's thread. */
    default void threadStops() {}
}
