package io.github.libco4j.loop;

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

        Main(Loop loop) {
            this.loop = loop;
        }

        @Override
        public void give(Throwable exception) {
            thrown = exception;
        }

        @Nullable Throwable takeThrown() {
            Throwable taken = thrown;
            if (taken != null) {
                thrown = null;
            }
            return taken;
        }

        @Override
        public String label() {
            return "the main coroutine of event loop '" + loop.name() + "'";
        }
    }
}
