package io.github.libco4j.workbench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a connection asks, and that no wrong answer passes. */
@Timeout(60)
final class KeyValueTest {
    private Conversation conversation = KeyValue.seeded(1).connection(2);
    private final ByteBuffer request = ByteBuffer.allocate(conversation.requestSize());
    private String value = "";
    private int count;
    private long number;

    private String ask() {
        conversation.putRequest(request.clear(), number);
        return new String(request.array(), 0, request.position(), ISO_8859_1);
    }

    private boolean hear(String text) throws WrongAnswerException {
        boolean complete = conversation.takeAnswer(ByteBuffer.wrap(text.getBytes(ISO_8859_1)), number);
        number += complete ? 1 : 0;
        return complete;
    }

    /** Sets both keys, of a conversation of its own. */
    private void open(int connection) throws WrongAnswerException {
        conversation = KeyValue.seeded(1).connection(connection);
        number = 0;
        for (int i = 0; i < 2; i++) {
            String asked = ask();
            assertThat(asked).startsWith("*3\r\n$3\r\nSET\r\n");
            if (i > 0) {
                rememberValue(asked);
            }
            assertThat(hear("+OK\r\n")).isTrue();
        }
    }

    @Test
    void anAnswerMayArriveInPieces() throws WrongAnswerException {
        ask();
        assertThat(hear("+O")).isFalse();
        assertThat(hear("+OK\r")).isFalse();
        assertThat(hear("+OK\r\n")).isTrue();
    }

    @Test
    void theSameSeedAsksTheSame() throws WrongAnswerException {
        open(2);
        String asked = ask();
        open(2);
        assertThat(ask()).isEqualTo(asked);
        conversation = KeyValue.seeded(1).connection(2);
        number = 0;
        String first = ask();
        conversation = KeyValue.seeded(1).connection(3);
        assertThat(ask()).isNotEqualTo(first);
    }

    @Test
    void countsItsIncreases() throws WrongAnswerException {
        askUntil("INCR");
        assertThat(hear(":1\r\n")).isTrue();
    }

    @Test
    void aWrongCountIsNoticed() throws WrongAnswerException {
        askUntil("INCR");
        assertThatThrownBy(() -> hear(":2\r\n")).isInstanceOf(WrongAnswerException.class)
                .hasMessageStartingWith("connection 2, request ")
                .hasMessageEndingWith(": wrong answer to INCR: expected \":1\\r\\n\", got \":2\\r\\n\"");
    }

    @Test
    void aLostValueIsNoticed() throws WrongAnswerException {
        askUntil("GET");
        assertThatThrownBy(() -> hear("$-1\r\n")).isInstanceOf(WrongAnswerException.class);
    }

    /** Else a load would wait for the rest of an answer that is shorter than the right one. */
    @Test
    void aWrongAnswerIsNoticedBeforeItIsAsLongAsTheRightOne() {
        ask();
        assertThatThrownBy(() -> hear("-E")).isInstanceOf(WrongAnswerException.class);
    }

    @Test
    void moreThanTheAnswerIsNoticed() {
        ask();
        assertThatThrownBy(() -> hear("+OK\r\n+")).isInstanceOf(WrongAnswerException.class);
    }

    /** Asks until the request is {@code command}, and answers all others on the way as a server would. */
    private void askUntil(String command) throws WrongAnswerException {
        open(2);
        while (true) {
            String asked = ask();
            if (asked.contains("\r\n" + command + "\r\n")) {
                return;
            }
            String answer = asked.contains("\r\nPING\r\n") ? "+PONG\r\n"
                    : asked.contains("\r\nSET\r\n") ? rememberValue(asked)
                    : asked.contains("\r\nGET\r\n") ? value : ":" + ++count + "\r\n";
            assertThat(hear(answer)).isTrue();
        }
    }

    private String rememberValue(String set) {
        value = set.substring(set.indexOf(":value\r\n") + ":value\r\n".length());
        return "+OK\r\n";
    }
}
