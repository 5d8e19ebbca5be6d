package io.github.libco4j.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.workbench.cli.Program;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchTest {
    private final Bench bench = new Bench();
    private final CommandLine line = Program.commandLine(bench);

    @Test
    void takesNamesAndOptionsInAnyOrder() {
        line.parseArgs("--quick", "echo", "--with", "mine=./server --port={port}", "http", "--only", "Netty");

        assertThat(bench.chosen()).extracting(Benchmark::name).containsExactly("echo", "http");
        assertThat(bench.effort().quick()).isTrue();
        assertThat(bench.effort().with()).containsEntry("mine", "./server --port={port}");
        assertThat(bench.effort().wants("Netty, epoll")).isTrue();
        assertThat(bench.effort().wants("libco4j, transfer")).isTrue();
        assertThat(bench.effort().wants("platform threads")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--fast", "-q", "--with", "--with mine=./server", "--with ./server{port}", "--only", "--output",
                "nothing", "compare a.json", "compare a.json b.json c.json",
                "--quick --full echo", "echo compare a.json b.json"})
    void refusesWhatItDoesNotKnow(String arguments) {
        StringWriter said = new StringWriter();

        assertThat(line.setErr(new PrintWriter(said)).execute(arguments.split(" "))).isEqualTo(2);
        assertThat(said.toString()).contains("usage: libco bench");
    }
}
