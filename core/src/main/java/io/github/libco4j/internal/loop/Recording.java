package io.github.libco4j.internal.loop;

import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;

/** Whether there can be a recording of the flight recorder. To load an event would otherwise cost hundreds of milliseconds. */
final class Recording {
    private Recording() {}

    /** Tells whether the flight recorder has ever been used in this process. */
    static boolean isPossible() {
        try {
            return FlightRecorder.isInitialized();
        } catch (NoClassDefFoundError noRecorder) {
            return false; // The JDK's image has no module jdk.jfr, or this program does not read it.
        }
    }

    /** From now on, the recorder runs this as often as a recording wants the event. It keeps it until {@link #forget}. */
    static void ask(Runnable hook, Class<? extends Event> event) {
        FlightRecorder.addPeriodicEvent(event, hook);
    }

    static void forget(Runnable hook) {
        FlightRecorder.removePeriodicEvent(hook);
    }
}
