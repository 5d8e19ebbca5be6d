package io.github.libco4j.examples.cli;

import java.io.Serial;

/** Arguments that a program cannot use; the message says which and why. */
public final class UsageException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** The message is shown above the usage. */
    public UsageException(String message) {
        super(message);
    }
}
