package io.github.libco4j.spring;

/** Loops cannot be made on this JVM, as it was started. */
final class LoopsUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LoopsUnavailableException(IllegalStateException cause) {
        super(cause.getMessage(), cause);
    }
}
