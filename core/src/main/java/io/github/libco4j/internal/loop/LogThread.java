package io.github.libco4j.internal.loop;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Writes the reports of loops to the log, and events to the flight recorder. A log may take a lock that a coroutine of the same loop holds, and to find the log takes
 * locks of class loaders; so a thread for this purpose writes, the same for all loops, which ends when there is nothing to write.
 */
final class LogThread {
    /** Initialised on that thread. */
    private static final class Log {
        static final Logger LOG = System.getLogger("io.github.libco4j");
    }

    private record Message(Level level, String text) implements Runnable {
        @Override
        public void run() {
            Log.LOG.log(level, text);
        }
    }

    private static final Queue<Runnable> WORK = new ConcurrentLinkedQueue<>();
    private static final AtomicBoolean WRITING = new AtomicBoolean();

    private LogThread() {}

    /** Any thread may call it, also the loop's own. */
    static void log(Level level, String text) {
        execute(new Message(level, text));
    }

    /** Runs something on the thread for reports, after what was given to it before. Any thread may call it. */
    static void execute(Runnable work) {
        WORK.add(work);
        if (WRITING.compareAndSet(false, true)) {
            try {
                Thread.ofPlatform()
                        .name("libco4j-report")
                        .daemon()
                        .inheritInheritableThreadLocals(false)
                        .start(LogThread::write);
            } catch (Throwable noThread) {
                WRITING.set(false); // The thread of the next message does this work too; a park must not fail for it.
            }
        }
    }

    private static void write() {
        do {
            Runnable work;
            while ((work = WORK.poll()) != null) {
                write(work);
            }
            WRITING.set(false);
        } while (!WORK.isEmpty() && WRITING.compareAndSet(false, true));
    }

    private static void write(Runnable work) {
        try {
            work.run();
        } catch (Throwable failure) {
            Thread self = Thread.currentThread();
            self.getUncaughtExceptionHandler().uncaughtException(self, failure);
        }
    }
}
