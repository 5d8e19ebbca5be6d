package io.github.libco4j.internal.loop;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Writes the reports of loops to the log. A log may take a lock that a coroutine of the same loop holds; so a thread for this
 * purpose writes, the same for all loops, which ends when there is nothing to write.
 */
final class LogThread {
    private static final Logger LOG = System.getLogger("io.github.libco4j");

    private record Message(Level level, String text) {}

    private static final Queue<Message> MESSAGES = new ConcurrentLinkedQueue<>();
    private static final AtomicBoolean WRITING = new AtomicBoolean();

    private LogThread() {}

    /** Any thread may call it, also the loop's own. */
    static void log(Level level, String text) {
        MESSAGES.add(new Message(level, text));
        if (WRITING.compareAndSet(false, true)) {
            try {
                Thread.ofPlatform()
                        .name("libco4j-report")
                        .daemon()
                        .inheritInheritableThreadLocals(false)
                        .start(LogThread::write);
            } catch (Throwable noThread) {
                WRITING.set(false); // The thread of the next message writes this message too; a park must not fail for it.
            }
        }
    }

    private static void write() {
        do {
            Message message;
            while ((message = MESSAGES.poll()) != null) {
                write(message);
            }
            WRITING.set(false);
        } while (!MESSAGES.isEmpty() && WRITING.compareAndSet(false, true));
    }

    private static void write(Message message) {
        try {
            LOG.log(message.level, message.text);
        } catch (Throwable failure) {
            Thread self = Thread.currentThread();
            self.getUncaughtExceptionHandler().uncaughtException(self, failure);
        }
    }
}
