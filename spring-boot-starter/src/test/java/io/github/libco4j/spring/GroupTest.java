package io.github.libco4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Whether there is a group, which one, and how it ends. */
@Timeout(120)
final class GroupTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Plain {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class WithItsOwn {
        @Bean
        EventLoopGroup mine() {
            return EventLoopGroup.builder().name("mine").loops(3).daemon(true).start();
        }
    }

    @Test
    void propertiesSayHowManyLoopsThereAreAndWhatTheyAreCalled() {
        try (var application = Applications.start(Plain.class, "libco4j.loops=3", "libco4j.name=io", "libco4j.stack-size=2MB")) {
            EventLoopGroup group = application.getBean(EventLoopGroup.class);
            assertThat(group.loops()).extracting(loop -> loop.name()).containsExactly("io-0", "io-1", "io-2");
            assertThat(group.loops().getFirst().statistics().stackSize()).isEqualTo(2 << 20);
        }
    }

    @Test
    void withoutANumberThereAreAsManyAsProcessors() {
        try (var application = Applications.start(Plain.class, "libco4j.loops=0")) {
            assertThat(application.getBean(EventLoopGroup.class).loops()).hasSize(Runtime.getRuntime().availableProcessors());
        }
    }

    @Test
    void switchedOffThereIsNone() {
        try (var application = Applications.start(Plain.class, "libco4j.enabled=false")) {
            assertThat(application.getBeanNamesForType(EventLoopGroup.class)).isEmpty();
            assertThat(application.getEnvironment().getProperty("spring.threads.virtual.enabled")).isNull();
        }
    }

    @Test
    void anApplicationsOwnGroupGoesBefore() {
        try (var application = Applications.start(WithItsOwn.class)) {
            assertThat(application.getBean(EventLoopGroup.class).name()).isEqualTo("mine");
        }
    }

    @Test
    void whatRunsMayEndAndWhatDoesNotIsTold() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(2);
        ConfigurableApplicationContext application = Applications.start(Plain.class, "libco4j.shutdown-timeout=1s");
        EventLoopGroup group = application.getBean(EventLoopGroup.class);
        CountDownLatch begun = new CountDownLatch(2);
        group.spawn(() -> {
            begun.countDown();
            Thread.sleep(200);
            ended.countDown(); // Not reached by one that is interrupted.
        });
        Coroutine endless = group.spawn(() -> {
            begun.countDown();
            try {
                Thread.sleep(Long.MAX_VALUE);
            } finally {
                ended.countDown();
            }
        });
        begun.await();
        application.close();
        ended.await();
        assertThat(endless.state()).isEqualTo(Coroutine.State.DONE);
        assertThat(group.loops()).noneMatch(loop -> loop.isOpen());
    }

    @Test
    void aCoroutineMayEndItsOwnApplication() throws InterruptedException {
        ConfigurableApplicationContext application = Applications.start(Plain.class);
        EventLoopGroup group = application.getBean(EventLoopGroup.class);
        group.spawn(application::close);
        assertThat(group.awaitTermination(Duration.ofSeconds(60))).isTrue();
    }
}
