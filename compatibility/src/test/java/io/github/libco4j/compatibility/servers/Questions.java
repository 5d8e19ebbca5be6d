package io.github.libco4j.compatibility.servers;

import io.github.libco4j.workbench.load.Conversation;
import io.github.libco4j.workbench.load.Http;
import io.github.libco4j.workbench.load.WrongAnswerException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What one kept-alive connection asks: each question has an answer of its own. */
final class Questions implements Conversation {
    private final String authority;
    private final int connection;
    private long answered;

    Questions(String authority, int connection) {
        this.authority = authority;
        this.connection = connection;
    }

    long answered() {
        return answered;
    }

    private Conversation about(long number) {
        URI uri = URI.create("http://" + authority + "/application/answer?" + Application.question(connection, number));
        byte[] body = Application.expected(connection, number).getBytes(StandardCharsets.US_ASCII);
        return Http.get(uri, body).connection(connection);
    }

    @Override
    public int requestSize() {
        return 256;
    }

    @Override
    public int answerSize() {
        return 4096;
    }

    @Override
    public void putRequest(ByteBuffer to, long number) {
        about(number).putRequest(to, number);
    }

    @Override
    public boolean takeAnswer(ByteBuffer from, long number) throws WrongAnswerException {
        boolean came = about(number).takeAnswer(from, number);
        answered += came ? 1 : 0;
        return came;
    }
}
