package io.github.libco4j.internal.loop;

import java.util.concurrent.CompletionException;

/** A task, or the {@link Owner} of the loop's thread: resumes a task, and gets control back from it. */
public interface Resumer {
    /** An exception that left the resumed task, to be thrown by the resume that is under way. */
    void give(Throwable thrown);

    /** How messages and dumps name it. */
    String label();

    /** Throws what has left another task's body: as it is if it is unchecked, else as the cause of a CompletionException. */
    static RuntimeException rethrow(Throwable thrown) {
        if (thrown instanceof RuntimeException unchecked) {
            return unchecked;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return new CompletionException(thrown);
    }
}
