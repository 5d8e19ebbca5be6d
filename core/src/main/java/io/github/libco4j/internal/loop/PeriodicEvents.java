package io.github.libco4j.internal.loop;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Has the flight recorder ask how each loop is getting on, once a second or as often as the recording says. It asks on its own thread,
 * and keeps what it asks, hence this copy of libco4j, until the last loop has ended. On the watchdog's thread.
 */
final class PeriodicEvents {
    /** Between two looks whether the flight recorder is in use. The first costs a class, and a short program does without. */
    private static final long PERIOD_NANOS = 1_000_000_000;

    private final Iterable<? extends Supplier<@Nullable Watched>> loops;
    private long looked = System.nanoTime();
    private @Nullable Hook hook;

    PeriodicEvents(Iterable<? extends Supplier<@Nullable Watched>> loops) {
        this.loops = loops;
    }

    /** The watchdog looks at all loops. */
    void look(long now) {
        if (now - looked < PERIOD_NANOS) {
            return;
        }
        looked = now;
        if (hook == null && Recording.isPossible()) {
            hook = new Hook(loops);
            LogThread.execute(new Change(hook, true));
        }
    }

    /** No loop is left. */
    void end() {
        if (hook != null) {
            LogThread.execute(new Change(hook, false));
            hook = null;
        }
    }

    /** Asked by the flight recorder. */
    private static final class Hook implements Runnable {
        private final Iterable<? extends Supplier<@Nullable Watched>> loops;

        Hook(Iterable<? extends Supplier<@Nullable Watched>> loops) {
            this.loops = loops;
        }

        @Override
        public void run() {
            for (Supplier<@Nullable Watched> each : loops) {
                Watched loop = each.get();
                if (loop != null && !loop.isClosed()) {
                    new LoopStatisticsEvent().commit(loop.statistics());
                }
            }
        }
    }

    /** Tells the flight recorder; on the thread for reports, since to load an event takes long. */
    private static final class Change implements Runnable {
        private final Hook hook;
        private final boolean added;

        Change(Hook hook, boolean added) {
            this.hook = hook;
            this.added = added;
        }

        @Override
        public void run() {
            if (added) {
                Recording.ask(hook, LoopStatisticsEvent.class);
            } else {
                Recording.forget(hook);
            }
        }
    }
}
