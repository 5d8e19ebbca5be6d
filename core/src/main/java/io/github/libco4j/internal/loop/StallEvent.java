package io.github.libco4j.internal.loop;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A {@link Stall} for the flight recorder. */
@Name("io.github.libco4j.Stall")
@Label("Stall of an Event Loop")
@Description("A coroutine has held its event loop, so that no other coroutine of the loop could run")
@Category("libco4j")
@StackTrace(false) // It would be the watchdog's.
@SuppressWarnings("UnusedVariable") // The flight recorder reads them.
final class StallEvent extends Event {
    @Label("Event Loop")
    private final String loop;

    @Label("Coroutine")
    private final String coroutine;

    @Label("Held For")
    @Timespan(Timespan.NANOSECONDS)
    private final long heldFor;

    @Label("Coroutines That Waited for Their Turn")
    private final int ready;

    @Label("Method of the Program")
    private final String place;

    @Label("Stack of the Coroutine")
    private final String stack;

    private StallEvent(String loop, String coroutine, long heldFor, int ready, String place, String stack) {
        this.loop = loop;
        this.coroutine = coroutine;
        this.heldFor = heldFor;
        this.ready = ready;
        this.place = place;
        this.stack = stack;
    }

    static void commit(String loop, String coroutine, long heldNanos, int ready, String place, String stack) {
        StallEvent event = new StallEvent(loop, coroutine, heldNanos, ready, place, stack);
        event.commit();
    }
}
