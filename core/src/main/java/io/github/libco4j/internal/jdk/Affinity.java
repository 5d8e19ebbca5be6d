package io.github.libco4j.internal.jdk;

import java.lang.System.Logger.Level;
import sun.nio.ch.LoopAffinity;

/** Which processor a loop's thread runs on. */
public final class Affinity {
    private Affinity() {}

    /** Keeps the calling thread, a loop's first, on one processor; logs a warning if that cannot be done. */
    public static void pin(String loop, int cpu) {
        if (!LoopAffinity.pinCurrentThread(cpu)) {
            System.getLogger("io.github.libco4j")
                    .log(
                            Level.WARNING,
                            "Event loop '" + loop + "' is not kept on processor " + cpu + ", but runs on any: "
                                    + "this system has no way to do it, or no such processor that this process may use.");
        }
    }
    /** The same for a loop's other threads, if it can be done: who is to run a loop must not wait for a log. */
    public static void pinToo(int cpu) {
        boolean ignored = LoopAffinity.pinCurrentThread(cpu);
    }
}
