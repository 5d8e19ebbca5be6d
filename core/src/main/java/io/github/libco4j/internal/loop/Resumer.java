package io.github.libco4j.internal.loop;

import org.jspecify.annotations.Nullable;

/** Who can resume a task and gets control back: another task, or the owner of the loop's thread itself. */
public sealed interface Resumer permits Resumer.Main, Task {
    /** An exception that left the resumed task, to be thrown by the resume that is under way. */
    void give(Throwable thrown);

    /** How messages and dumps name it. */
    String label();

    /**
     * The owner of a loop's thread, outside every coroutine: libco's main coroutine. It is the bottom of the resume stack
     * of what it has resumed.
     */
    final class Main implements Resumer {
        private final Loop loop;
        private @Nullable Throwable thrown;

        /** True while what it has resumed has not given control back. */
        private boolean waits;

        Main(Loop loop) {
            this.loop = loop;
        }

        @Override
        public void give(Throwable exception) {
            thrown = exception;
        }

        /** Resumes a task: called by the owner of the loop's thread, who is in no coroutine. */
        @SuppressWarnings("ThreadPriorityCheck") // Whoever is waited for may need this very processor.
        void resume(Task task) {
            task.resumer = this;
            loop.lend();
            try {
                waits = true;
                loop.chain().run(task);
                while (waits) {
                    // Somebody takes its stack trace at this very moment, and submits it again: let him.
                    Thread.yield();
                    loop.iterate(0);
                }
            } finally {
                waits = false;
                loop.takeBack();
            }
            loop.tellDriver(); // It may sleep now, and so change when the driver has to call.
            Throwable left = thrown;
            if (left != null) {
                thrown = null;
                throw Switching.rethrow(left);
            }
        }

        boolean isWaiting() {
            return waits;
        }

        /** Control has come back. */
        void goOn() {
            waits = false;
        }

        @Override
        public String label() {
            return "the main coroutine of event loop '" + loop.name() + "'";
        }
    }
}
