package io.github.libco4j.inventory;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the inventory: calls of the JDK that can block, which go the same way.
 *
 * @param where the part of the JDK
 * @param calls what they are called
 * @param waitFor for what they wait
 * @param withoutAgent what becomes of the loop meanwhile
 * @param withAgent what becomes of it with libco4j's agent
 * @param since26 what becomes of it on JDK 26 and later, if that is not the same
 * @param why what is to be said of it; empty if nothing is
 * @param tries the calls that are tried; none if it cannot be tried
 */
record BlockingCall(
        String where, String calls, String waitFor, Fate withoutAgent, Fate withAgent, @Nullable Fate since26, String why,
        List<Try> tries) {

    /** What becomes of a loop, a coroutine of which makes a call that blocks. */
    enum Fate {
        SUSPENDS("suspends"),
        JDK("bracketed by the JDK"),
        LIBCO4J("bracketed by libco4j"),
        AGENT("bracketed by the agent"),
        BLOCKS("really blocks");

        final String text;

        Fate(String text) {
            this.text = text;
        }
    }

    /** Makes all ready for a call that will block, and returns that call. */
    @FunctionalInterface
    interface Try {
        Step prepare(Scene scene) throws Exception;
    }

    /** Some code. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    /** A row of calls that go the same way with the agent and without. */
    static BlockingCall row(String where, String calls, String waitFor, Fate fate, Try... tries) {
        return row(where, calls, waitFor, fate, fate, tries);
    }

    static BlockingCall row(String where, String calls, String waitFor, Fate withoutAgent, Fate withAgent, Try... tries) {
        return new BlockingCall(where, calls, waitFor, withoutAgent, withAgent, null, "", List.of(tries));
    }

    /** The same row, of which more is to be said. */
    BlockingCall because(String reason) {
        return new BlockingCall(where, calls, waitFor, withoutAgent, withAgent, since26, reason, tries);
    }

    /** The same row, which goes another way since JDK 26. */
    BlockingCall since26(Fate fate) {
        return new BlockingCall(where, calls, waitFor, withoutAgent, withAgent, fate, why, tries);
    }

    /** What becomes of the loop on this JDK. */
    Fate fate(boolean agent) {
        if (since26 != null && Runtime.version().feature() >= 26) {
            return since26;
        }
        return agent ? withAgent : withoutAgent;
    }

    boolean free(boolean agent) {
        return fate(agent) != Fate.BLOCKS;
    }
}
