package io.github.libco4j.workbench.load;

import java.io.IOException;

/** A server has answered something else than it should have. */
public final class WrongAnswerException extends IOException {
    private static final long serialVersionUID = 1;

    public WrongAnswerException(String message) {
        super(message);
    }
}
