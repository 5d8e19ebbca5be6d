package io.github.libco4j.examples.load;

/** The server's answer is not what it had to be. */
final class WrongAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    WrongAnswerException(String message) {
        super(message);
    }
}
