package io.github.libco4j.internal.jdk;

import java.lang.System.Logger.Level;
import sun.nio.ch.LoopAffinity;

/** Which processor a loop's thread runs on. */
public final class Affinity {
    private Affinity() {}

    /** Keeps the calling thread, a loop's, on one processor; logs a warning if that cannot be done. */
    public static void pin(String loop, int cpu) {
        if (!LoopAffinity.pinCurrentThread(cpu)) {
            System.getLogger("io.github.libco4j")
                    .log(
                            Level.WARNING,
                            "Event loop '" + loop + "' is not kept on processor " + cpu + ", but runs on any: "
                                    + "this system has no way to do it, or no such processor that this process may use.");
        }
    }
}
