package io.github.libco4j.examples.demo;

/**
 * A trial that gave no figures. Its message is for the user and says why, with the last words of the process
 * concerned.
 */
final class TrialFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    TrialFailedException(String message) {
        super(message);
    }
}
