package io.github.libco4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.EventLoopGroup;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What operations sees; the sample's tests ask for it by HTTP. */
@Timeout(120)
final class ActuatorTest {
    private static final String EXPOSED = "management.endpoints.web.exposure.include=loops";

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class WithActuator {
        @Bean
        MeterRegistry registry() {
            return new SimpleMeterRegistry();
        }
    }

    @Test
    void loopsAreUpUntilOneIsHeld() {
        try (var application = Applications.start(WithActuator.class, "libco4j.health-timeout=30s")) {
            Health health = application.getBean(LoopHealthIndicator.class).health();
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).containsOnlyKeys("loop-0", "loop-1");
        }
    }

    @Test
    void aLoopThatIsHeldIsDown() throws InterruptedException {
        try (var application = Applications.start(WithActuator.class, "libco4j.health-timeout=1s")) {
            EventLoop held = application.getBean(EventLoopGroup.class).loops().getLast();
            AtomicBoolean end = new AtomicBoolean();
            Coroutine holder = held.spawn("holder", () -> {
                while (!end.get()) {
                    Thread.onSpinWait();
                }
            });
            Health health = application.getBean(LoopHealthIndicator.class).health();
            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.getDetails().get("loop-1")).asString().contains("has not run a new coroutine for 1000 ms");
            end.set(true);
            holder.join();
        }
    }

    @Test
    void loopsThatAreClosedAreDown() {
        try (var application = Applications.start(WithActuator.class)) {
            application.getBean(EventLoopGroup.class).loops().getFirst().close();
            Health health = application.getBean(LoopHealthIndicator.class).health();
            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.getDetails()).containsEntry("loop-0", "shut down or closed");
        }
    }

    @Test
    void theEndpointHasFiguresAndDumps() {
        try (var application = Applications.start(WithActuator.class, EXPOSED)) {
            Coroutine sleeper = application.getBean(EventLoopGroup.class).loops().getFirst()
                    .spawn("sleeper", () -> Thread.sleep(Long.MAX_VALUE));
            LoopEndpoint endpoint = application.getBean(LoopEndpoint.class);
            assertThat(endpoint.loops().open()).isTrue();
            assertThat(endpoint.loops().loops()).extracting(EventLoop.Statistics::name).containsExactly("loop-0", "loop-1");
            assertThat(endpoint.dump("loop-0")).contains("sleeper");
            assertThat(endpoint.dump("loop-7")).isNull();
            sleeper.close();
        }
    }

    @Test
    void loopsHaveMeters() {
        try (var application = Applications.start(WithActuator.class)) {
            assertThat(application.getBean(MeterRegistry.class).getMeters())
                    .anyMatch(meter -> meter.getId().getName().startsWith("libco4j.loop.") && "loop-1".equals(meter.getId().getTag("loop")));
        }
    }

    @Test
    void switchedOffThereIsNothingToSee() {
        try (var application = Applications.start(WithActuator.class, EXPOSED, "libco4j.enabled=false")) {
            assertThat(application.getBeanNamesForType(LoopHealthIndicator.class)).isEmpty();
            assertThat(application.getBeanNamesForType(LoopEndpoint.class)).isEmpty();
        }
    }
}
