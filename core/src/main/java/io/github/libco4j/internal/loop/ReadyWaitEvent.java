package io.github.libco4j.internal.loop;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;

/** A long wait of a coroutine for its turn. */
@Name("io.github.libco4j.ReadyWait")
@Label("Wait for a Turn")
@Description("A coroutine was ready to run, and has waited for its turn at least so long")
@SuppressWarnings("UnusedVariable") // The flight recorder reads them.
final class ReadyWaitEvent extends LoopEvent {
    @Label("Waited For")
    @Timespan(Timespan.NANOSECONDS)
    long waitedFor;

    @Label("Coroutines in the Queue")
    int ready;
}
