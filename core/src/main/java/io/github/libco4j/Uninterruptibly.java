package io.github.libco4j;

/** Waits that an interrupt cannot cut short; the caller finds its interrupt status set afterwards. */
final class Uninterruptibly {
    /** Something that waits. */
    @FunctionalInterface
    interface Wait {
        void run() throws InterruptedException;
    }

    private Uninterruptibly() {}

    static void run(Wait wait) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    wait.run();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
