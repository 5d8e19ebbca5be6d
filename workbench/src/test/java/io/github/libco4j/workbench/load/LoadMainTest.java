package io.github.libco4j.workbench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.workbench.cli.Program;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadMainTest {
    private final LoadMain program = new LoadMain();
    private final StringWriter said = new StringWriter();

    /** The exit code. */
    private int parse(String line) {
        return Program.commandLine(program)
                .setErr(new PrintWriter(said))
                .execute(line.isEmpty() ? new String[0] : line.split(" "));
    }

    private int portOf(String line) {
        assertThat(parse(line)).as("%s", said).isZero();
        return program.target().orElseThrow().server().getPort();
    }

    @Test
    void takesEchoAndHttp() {
        assertThat(portOf("echo 127.0.0.1 7000 --connections 5 --rate 100.5 --pipeline 3 --seconds 0.5")).isEqualTo(7000);
        assertThat(program.shape()).isEqualTo(new Load.Shape(5, 3, 100.5));
        assertThat(program.seconds()).isEqualTo(0.5);
        assertThat(portOf("http http://127.0.0.1:81/x")).isEqualTo(81);
        assertThat(portOf("http http://127.0.0.1/x")).isEqualTo(80);
        assertThat(program.shape()).isEqualTo(new Load.Shape(64, 1, 0));
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
        assertThat(parse(line)).isEqualTo(2);
        assertThat(said.toString()).contains("usage: libco load");
        assertThat(program.target()).isEmpty();
    }
}
