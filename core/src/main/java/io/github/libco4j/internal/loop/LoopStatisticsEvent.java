package io.github.libco4j.internal.loop;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** How a loop is getting on: the fields are those of {@link LoopStatistics}. */
@Name("io.github.libco4j.LoopStatistics")
@Label("Statistics of an Event Loop")
@Description("What an event loop does now, and what it has done since it was made")
@Category("libco4j")
@StackTrace(false)
@Period("1 s")
@SuppressWarnings("UnusedVariable") // The flight recorder reads them.
final class LoopStatisticsEvent extends Event {
    @Label("Event Loop")
    String loop = "";

    @Label("Coroutines")
    int coroutines;

    @Label("Waiting for Their Turn")
    int ready;

    @Label("Running")
    int running;

    @Label("Having Resumed Another")
    int resuming;

    @Label("Suspended by Hand")
    int yielded;

    @Label("Blocked")
    int blocked;

    @Label("Frames of Suspended Coroutines")
    @DataAmount
    long savedBytes;

    @Label("Pending Timers")
    int timers;

    @Label("Started Coroutines")
    long started;

    @Label("Ended Coroutines")
    long ended;

    @Label("Runs")
    long runs;

    @Label("Time Without Sleep")
    @Timespan(Timespan.NANOSECONDS)
    long runNanos;

    @Label("Turns of Ready Coroutines")
    long readyDelays;

    @Label("Waits of All for Their Turns")
    @Timespan(Timespan.NANOSECONDS)
    long readyDelayNanos;

    @Label("Iterations")
    long iterations;

    @Label("Sleeps")
    long sleeps;

    @Label("Wake-Ups by Other Threads")
    long wakeups;

    @Label("Hand-Overs to Another Thread")
    long handOvers;

    @Label("Stalls")
    long stalls;

    @Label("Pinned Waits")
    long pinned;

    void commit(LoopStatistics now) {
        loop = now.name();
        coroutines = now.coroutines();
        ready = now.in(Task.State.READY);
        running = now.in(Task.State.RUNNING);
        resuming = now.in(Task.State.RESUMING);
        yielded = now.in(Task.State.YIELDED);
        blocked = now.in(Task.State.BLOCKED);
        savedBytes = now.savedBytes();
        timers = now.timers();
        started = now.started();
        ended = now.ended();
        runs = now.runs();
        runNanos = now.runNanos();
        readyDelays = now.readyDelays();
        readyDelayNanos = now.readyDelayNanos();
        iterations = now.iterations();
        sleeps = now.sleeps();
        wakeups = now.wakeups();
        handOvers = now.handOvers();
        stalls = now.stalls();
        pinned = now.pinned();
        commit();
    }
}
