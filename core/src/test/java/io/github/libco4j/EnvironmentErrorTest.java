package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user sees who calls {@link Environment} where it cannot work. This process runs no agent. */
class EnvironmentErrorTest {
    private static Map<String, Coroutine.Body> calls() {
        Map<String, Coroutine.Body> calls = new LinkedHashMap<>();
        calls.put("Environment.set(\"NAME\")", () -> Environment.set("NAME", "value"));
        calls.put("Environment.unset(\"NAME\")", () -> Environment.unset("NAME"));
        calls.put("Environment.reset(\"NAME\")", () -> Environment.reset("NAME"));
        calls.put("Environment.setProperty(\"key\")", () -> Environment.setProperty("key", "value"));
        calls.put("Environment.unsetProperty(\"key\")", () -> Environment.unsetProperty("key"));
        calls.put("Environment.resetProperty(\"key\")", () -> Environment.resetProperty("key"));
        calls.put("Environment.reset()", Environment::reset);
        return calls;
    }

    @Test
    void withoutTheAgentEachCallSaysWhichOptionIsMissing() throws Exception {
        EventLoop.run(loop -> calls().forEach((call, body) -> assertThatThrownBy(body::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(call + " needs libco4j's agent: start java with  -javaagent:")
                .hasMessageEndingWith("libco4j.jar")));
    }

    @Test
    void outsideACoroutineEachCallNamesTheThreadAndTheRemedy() {
        calls().forEach((call, body) -> assertThatThrownBy(body::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(call + " outside a coroutine, on " + Thread.currentThread()
                        + ": only a coroutine has an environment of its own; call it in the body of one"));
    }

    @Test
    void aStockVirtualThreadIsNoCoroutine() throws Exception {
        Throwable[] thrown = new Throwable[1];
        Thread.ofVirtual().start(() -> {
            try {
                Environment.set("NAME", "value");
            } catch (IllegalStateException e) {
                thrown[0] = e;
            }
        }).join();
        assertThat(thrown[0]).hasMessageContaining("outside a coroutine, on VirtualThread");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A=B", "A\0B"})
    void thereAreNoSuchNames(String name) {
        assertThatThrownBy(() -> Environment.set(name, "value"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be named \"" + name + "\"");
        assertThatThrownBy(() -> Environment.unset(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void thereAreNoSuchValuesAndKeys() {
        assertThatThrownBy(() -> Environment.set("NAME", "a\0b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot have a NUL: NAME");
        assertThatThrownBy(() -> Environment.setProperty("", "value")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Environment.unsetProperty("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Environment.set("NAME", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Environment.setProperty("key", null)).isInstanceOf(NullPointerException.class);
    }
}
