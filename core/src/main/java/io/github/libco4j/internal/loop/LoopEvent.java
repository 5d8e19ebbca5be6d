package io.github.libco4j.internal.loop;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.StackTrace;

/** What the watchdog has seen of a coroutine, for the flight recorder. */
@Category("libco4j")
@StackTrace(false) // It would be the watchdog's.
abstract class LoopEvent extends Event {
    @Label("Event Loop")
    String loop = "";

    @Label("Coroutine")
    String coroutine = "";

    final void commit(String loopName, String label) {
        loop = loopName;
        coroutine = label;
        commit();
    }
}
