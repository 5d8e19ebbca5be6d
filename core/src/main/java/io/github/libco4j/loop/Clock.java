package io.github.libco4j.loop;

/** A monotonic clock. */
@FunctionalInterface
public interface Clock {
    /** The clock of the machine. */
    Clock SYSTEM = System::nanoTime;

    /** Nanoseconds since an arbitrary origin; never steps back. Any thread may ask. */
    long nanoTime();
}
