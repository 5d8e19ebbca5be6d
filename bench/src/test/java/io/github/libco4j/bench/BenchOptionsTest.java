package io.github.libco4j.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchOptionsTest {
    @Test
    void takesNamesAndOptionsInAnyOrder() throws UsageException {
        BenchOptions options =
                parse("--quick", "echo", "--with", "mine=./server --port={port}", "http", "--only", "Netty");

        assertThat(options.names()).containsExactly("echo", "http");
        assertThat(options.effort().quick()).isTrue();
        assertThat(options.effort().with()).containsEntry("mine", "./server --port={port}");
        assertThat(options.effort().wants("Netty, epoll")).isTrue();
        assertThat(options.effort().wants("libco4j, transfer")).isTrue();
        assertThat(options.effort().wants("platform threads")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--fast", "-q", "--with", "--with mine=./server", "--with ./server{port}", "--only", "--output"})
    void refusesWhatItDoesNotKnow(String line) {
        assertThatThrownBy(() -> parse(line.split(" "))).isInstanceOf(UsageException.class);
    }

    private static BenchOptions parse(String... arguments) throws UsageException {
        return BenchOptions.parse(arguments);
    }
}
