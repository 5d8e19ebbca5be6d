package io.github.libco4j.examples.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a connection asks, and that no wrong answer passes. */
@Timeout(60)
final class ConversationTest {
    private final ByteBuffer request = ByteBuffer.allocate(Conversation.MAX_REQUEST_BYTES);
    private String value = "";
    private int count;

    private String ask(Conversation conversation) {
        request.clear();
        conversation.ask(request);
        return new String(request.array(), 0, request.position(), ISO_8859_1);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    private static Conversation opened() throws WrongAnswerException {
        var conversation = new Conversation(1, 2);
        ByteBuffer scratch = ByteBuffer.allocate(Conversation.MAX_REQUEST_BYTES);
        for (int i = 0; i < 2; i++) {
            assertThat(conversation.opened()).isFalse();
            conversation.ask(scratch.clear());
            assertThat(conversation.hear(bytes("+OK\r\n"))).isTrue();
        }
        assertThat(conversation.opened()).isTrue();
        return conversation;
    }

    @Test
    void anAnswerMayArriveInPieces() throws WrongAnswerException {
        var conversation = new Conversation(1, 2);
        assertThat(ask(conversation)).startsWith("*3\r\n$3\r\nSET\r\n");
        assertThat(conversation.hear(bytes("+O"))).isFalse();
        assertThat(conversation.hear(bytes("K\r"))).isFalse();
        assertThat(conversation.hear(bytes("\n"))).isTrue();
    }

    @Test
    void theSameSeedAsksTheSame() throws WrongAnswerException {
        assertThat(ask(opened())).isEqualTo(ask(opened()));
        assertThat(ask(new Conversation(1, 2))).isNotEqualTo(ask(new Conversation(1, 3)));
    }

    @Test
    void countsItsIncreases() throws WrongAnswerException {
        Conversation conversation = opened();
        askUntil(conversation, "INCR");
        assertThat(conversation.hear(bytes(":1\r\n"))).isTrue();
    }

    @Test
    void aWrongCountIsNoticed() throws WrongAnswerException {
        Conversation conversation = opened();
        askUntil(conversation, "INCR");
        assertThatThrownBy(() -> conversation.hear(bytes(":2\r\n"))).isInstanceOf(WrongAnswerException.class)
                .hasMessage("wrong answer to INCR: expected \":1\\r\\n\", got \":2\\r\\n\"");
    }

    @Test
    void aLostValueIsNoticed() throws WrongAnswerException {
        Conversation conversation = opened();
        askUntil(conversation, "GET");
        assertThatThrownBy(() -> conversation.hear(bytes("$-1\r\n"))).isInstanceOf(WrongAnswerException.class);
    }

    @Test
    void moreThanTheAnswerIsNoticed() {
        var conversation = new Conversation(1, 2);
        ask(conversation);
        assertThatThrownBy(() -> conversation.hear(bytes("+OK\r\n+"))).isInstanceOf(WrongAnswerException.class);
    }

    /** Asks until the request is {@code command}, and answers all others on the way as a server would. */
    private void askUntil(Conversation conversation, String command) throws WrongAnswerException {
        while (true) {
            String asked = ask(conversation);
            if (asked.contains("\r\n" + command + "\r\n")) {
                return;
            }
            String answer = asked.contains("\r\nPING\r\n") ? "+PONG\r\n"
                    : asked.contains("\r\nSET\r\n") ? rememberValue(asked)
                    : asked.contains("\r\nGET\r\n") ? value : ":" + ++count + "\r\n";
            assertThat(conversation.hear(bytes(answer))).isTrue();
        }
    }

    private String rememberValue(String set) {
        value = set.substring(set.indexOf(":value\r\n") + ":value\r\n".length());
        return "+OK\r\n";
    }
}
