package io.github.libco4j.inventory;

import io.github.libco4j.inventory.BlockingCall.Fate;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code docs/blocking-calls.md}, made from the inventory. */
final class Page {
    private static final String HEAD = """
            # Calls that block

            SUMMARY.

            Each line is a call of the JDK, or several that go the same way, and what becomes of a loop when one of its coroutines makes it:

            - **suspends**: the coroutine leaves the loop's thread until it can go on, as a virtual thread does;
            - **bracketed** by the JDK, by libco4j or by libco4j's agent: the thread waits, and if that takes more than about a millisecond, another
              thread goes on with the loop meanwhile ([how](guide.md#calls-that-block)). The JDK's brackets serve loops that have a thread of their own;
            - **really blocks**: the loop stands still. Without the agent, most of these are native methods of the JDK; `Interposition.blocking`
              brackets a call by hand.

            `BlockingCallsTest` makes each call take 300 ms, by a kernel that is slow where the test asks for it, beside a coroutine that sleeps 2 ms at a
            time. It fails when that one does not get its turn for more than 50 ms where it should, or gets it where this page says it does not. `Page` in the
            same directory makes this page from what the test reads: change it there. Not listed are calls that only compute, `java.desktop`, and the modules
            of tools (`jdk.attach`, `jdk.jfr`, …).
            """;

    private Page() {}

    /** How many kinds of calls leave the loop free. The README says so, too. */
    static String summary() {
        return "Of %d kinds of calls with which the JDK can block a thread, %s leave the loop free, and %s with the agent"
                .formatted(Inventory.CALLS.size(), percent(false), percent(true));
    }

    private static String percent(boolean agent) {
        long free = Inventory.CALLS.stream()
                .filter(call -> (agent ? call.withAgent() : call.withoutAgent()) != Fate.BLOCKS)
                .count();
        return free * 100 / Inventory.CALLS.size() + " %";
    }

    static String text() {
        StringBuilder page = new StringBuilder(HEAD.replace("SUMMARY", summary()));
        String where = "";
        for (BlockingCall call : Inventory.CALLS) {
            if (!call.where().equals(where)) {
                where = call.where();
                page.append("\n## ").append(where).append("\n\n| call | waits for | without the agent | with the agent | |\n|---|---|---|---|---|\n");
            }
            Fate later = call.since26();
            String why = later == null ? call.why() : call.why() + "; since JDK 26 it " + later.text;
            page.append("| %s | %s | %s | %s | %s |\n"
                    .formatted(call.calls(), call.waitFor(), call.withoutAgent().text, call.withAgent().text, why));
        }
        return page.toString();
    }

    /** Writes the page. Argument: the file. */
    public static void main(String[] arguments) throws Exception {
        Files.writeString(Path.of(arguments[0]), text());
    }
}
