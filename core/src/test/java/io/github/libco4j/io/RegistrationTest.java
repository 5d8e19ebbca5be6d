package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.EventLoop;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** That the tests test what they are meant to. */
@Tag("readiness")
class RegistrationTest {
    @Test
    void theReadinessOfTheseTestsIsTheOneThatWasAskedFor() {
        String expected =
                switch (System.getProperty("libco4j.readiness", "epoll")) {
                    case "jdk" -> "jdk pollers";
                    default ->
                        "each-wait".equals(System.getProperty("libco4j.registration"))
                                ? "epoll, registering at each wait"
                                : "epoll";
                };
        try (EventLoop loop = EventLoop.builder().start()) {
            assertThat(loop.statistics().readiness()).isEqualTo(expected);
        }
    }
}
