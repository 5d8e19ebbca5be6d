package io.github.libco4j.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What a user sees who makes a {@link TestLoop} where there can be none. This process runs no agent. */
class TestLoopErrorTest {
    @Test
    void withoutTheAgentTheMessageSaysWhichOptionIsMissing() {
        assertThatThrownBy(TestLoop::create)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("a TestLoop needs libco4j's agent, since")
                .hasMessageContaining("start java with  -javaagent:")
                .hasMessageEndingWith("libco4j.jar");
    }
}
