package io.github.libco4j.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadOptionsTest {
    @Test
    void takesEchoAndHttp() {
        LoadOptions echo = parse("echo 127.0.0.1 7000 --connections 5 --rate 100.5 --pipeline 3 --seconds 0.5");
        assertThat(echo.server().getPort()).isEqualTo(7000);
        assertThat(echo.shape()).isEqualTo(new Load.Shape(5, 3, 100.5));
        assertThat(echo.seconds()).isEqualTo(0.5);
        assertThat(parse("http http://127.0.0.1:81/x").server().getPort()).isEqualTo(81);
        assertThat(parse("http http://127.0.0.1/x").server().getPort()).isEqualTo(80);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ftp 127.0.0.1 21",
                "echo 127.0.0.1",
                "echo 127.0.0.1 0",
                "echo 127.0.0.1 port",
                "echo 127.0.0.1 7000 --fast",
                "echo 127.0.0.1 7000 --connections",
                "echo 127.0.0.1 7000 --connections 0",
                "echo 127.0.0.1 7000 --connections 1.5",
                "echo 127.0.0.1 7000 --rate many",
                "http https://127.0.0.1/"
            })
    void refusesWhatItDoesNotUnderstand(String line) {
        assertThatThrownBy(() -> parse(line)).isInstanceOf(IllegalArgumentException.class);
    }

    private static LoadOptions parse(String line) {
        return LoadOptions.parse(line.isEmpty() ? new String[0] : line.split(" "));
    }
}
