package io.github.libco4j.internal.loop;

/** Makes the threads that a loop needs beside the one that it was made for: those that take its place, and its heir. */
@FunctionalInterface
public interface LoopThreads {
    /**
     * Makes a daemon thread that is not started, and has the loop's name with this behind it.
     *
     * @param stackSize bytes, at least; 0 for a stack as the loop's first thread has
     */
    Thread make(String suffix, long stackSize, Runnable body);
}
