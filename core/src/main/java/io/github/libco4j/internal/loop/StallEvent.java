package io.github.libco4j.internal.loop;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;

/** A {@link Stall} that has held its loop. */
@Name("io.github.libco4j.Stall")
@Label("Stall of an Event Loop")
@Description("A coroutine has held its event loop, so that no other coroutine of the loop could run")
@SuppressWarnings("UnusedVariable") // The flight recorder reads them.
final class StallEvent extends LoopEvent {
    @Label("Held For")
    @Timespan(Timespan.NANOSECONDS)
    long heldFor;

    @Label("Coroutines That Waited for Their Turn")
    int ready;

    @Label("Method of the Program")
    String place = "";

    @Label("Stack of the Coroutine")
    String stack = "";
}
