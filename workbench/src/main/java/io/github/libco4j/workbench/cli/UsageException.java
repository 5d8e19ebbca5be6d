package io.github.libco4j.workbench.cli;

/** Arguments of a {@link Program} that are wrong together, or only by what the program finds; the message says how. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }
}
