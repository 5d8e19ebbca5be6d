package io.github.libco4j.internal.loop;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;

/** A {@link Stall} that waited. */
@Name("io.github.libco4j.Pin")
@Label("Pinned Coroutine")
@Description("A coroutine has waited where it could not leave its thread")
@SuppressWarnings("UnusedVariable") // The flight recorder reads them.
final class PinEvent extends LoopEvent {
    @Label("Reason")
    String reason = "";

    @Label("Waited For")
    @Timespan(Timespan.NANOSECONDS)
    long waitedFor;

    @Label("Another Thread Ran the Loop Meanwhile")
    boolean passed;
}
