package io.github.libco4j.io;

import java.util.concurrent.Callable;

/** Waits for what must come, up to a deadline. */
final class Eventually {
    private Eventually() {}

    static void holds(String what, Callable<Boolean> condition) {
        long deadline = System.nanoTime() + Strand.PATIENCE.toNanos();
        try {
            while (!condition.call()) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("not within " + Strand.PATIENCE + ": " + what);
                }
                Thread.sleep(1);
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(what, e);
        }
    }
}
