package io.github.libco4j.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.EventLoop;
import io.github.libco4j.Interposition;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StallMeterTest {
    @Test
    void itSeesWhoStopsTheLoop() throws Exception {
        try (EventLoop loop = EventLoop.builder().start()) {
            Duration longest = Duration.ZERO;
            while (longest.toMillis() < 100) { // A machine that is busy may hide one, but not all.
                try (var meter = new StallMeter(loop)) {
                    loop.spawn(() -> Interposition.disabled(() -> {
                        Thread.sleep(200);
                        return 0;
                    })).join();
                    loop.spawn(() -> Thread.sleep(10)).join();
                    longest = meter.longest();
                }
            }
            assertThat(longest).isLessThan(Duration.ofSeconds(10));
        }
    }
}
