package io.github.libco4j.workbench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpTest {
    private static final URI PAGE = URI.create("http://127.0.0.1/page?n=1");

    @Test
    void takesAnswersOfAnySpelling() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nDate: now\r\ncontent-length:  5\r\n\r\nhello";

        assertThat(run(0.1, n -> answer).requests()).isPositive();
    }

    @Test
    void bodyMustBeThatOfTheFirstAnswer() {
        assertThatThrownBy(() -> run(10, n -> ok(n == 2 ? "hellO" : "hello")))
                .isInstanceOf(WrongAnswerException.class)
                .hasMessageContaining("answer 2: its body differs at byte 4");
    }

    @Test
    void shorterBodyIsWrongAsWell() {
        assertThatThrownBy(() -> run(10, n -> ok(n == 2 ? "hell" : "hello")))
                .isInstanceOf(WrongAnswerException.class)
                .hasMessageContaining("differs at byte 4");
    }

    @Test
    void statusMustBe200() {
        assertThatThrownBy(() -> run(10, n -> "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
                .isInstanceOf(WrongAnswerException.class)
                .hasMessageContaining("404 Not Found");
    }

    @Test
    void answerWithoutLengthIsRefused() {
        assertThatThrownBy(() -> run(10, n -> "HTTP/1.1 200 OK\r\n\r\n"))
                .isInstanceOf(WrongAnswerException.class)
                .hasMessageContaining("no Content-Length");
    }

    private static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static Load.Outcome run(double seconds, IntFunction<String> answers) throws Exception {
        LocalServer.Handler handler = (in, out) -> {
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            String request = lines.readLine();
            for (int n = 0; request != null; n++) {
                assertThat(request).isEqualTo("GET /page?n=1 HTTP/1.1");
                while (!lines.readLine().isEmpty()) {
                    // The head ends with an empty line.
                }
                out.write(answers.apply(n).getBytes(StandardCharsets.US_ASCII));
                request = lines.readLine();
            }
        };
        try (LocalServer server = new LocalServer(handler);
                Load load = new Load(server.address(), Http.get(PAGE), new Load.Shape(1, 1, 0))) {
            return load.run(seconds);
        }
    }
}
