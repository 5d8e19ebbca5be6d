package io.github.libco4j.workbench.load;

import java.nio.ByteBuffer;

/** What one connection says and expects to hear. Requests are numbered from 0, and answers come in their order. */
public interface Conversation {
    /** Starts the conversation of each connection; connections are numbered from 0. */
    @FunctionalInterface
    interface Protocol {
        Conversation connection(int number);
    }

    /** At least as many bytes as a request has. */
    int requestSize();

    /** At least as many bytes as an answer has. */
    int answerSize();

    /** Writes a request. */
    void putRequest(ByteBuffer to, long number);

    /**
     * Takes one answer, if the whole of it has come; else leaves the buffer as it is and returns false.
     *
     * @throws WrongAnswerException if what has come cannot be the answer
     */
    boolean takeAnswer(ByteBuffer from, long number) throws WrongAnswerException;
}
