package io.github.libco4j.internal.loop;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;

/** A {@link Stall} whose loop went on without it. */
@Name("io.github.libco4j.HandOver")
@Label("Hand-Over of an Event Loop")
@Description("A coroutine was in a call that blocks its thread, so that another thread ran its event loop meanwhile")
@SuppressWarnings("UnusedVariable") // The flight recorder reads them.
final class HandOverEvent extends LoopEvent {
    @Label("Call")
    String call = "";

    @Label("From Thread")
    String fromThread = "";

    @Label("To Thread")
    String toThread = "";

    @Label("Until the Coroutine Was Back")
    @Timespan(Timespan.NANOSECONDS)
    long away;
}
