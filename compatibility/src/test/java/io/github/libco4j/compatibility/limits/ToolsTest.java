package io.github.libco4j.compatibility.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.EventLoop;
import io.github.libco4j.workbench.process.Child;
import io.github.libco4j.workbench.process.JavaCommand;
import java.time.Duration;
import java.util.List;
import one.profiler.AsyncProfiler;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Tools that change a JVM: each has one of its own. */
@Tag("full")
@Timeout(180)
class ToolsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** A coroutine waits, and so does a thread that Reactor does not let wait, for a loop. */
    static final class WithBlockHound {
        public static void main(String[] arguments) throws Exception {
            BlockHound.install();
            try (EventLoop loop = EventLoop.builder().start()) {
                System.out.println(loop.call(() -> {
                    Thread.sleep(1);
                    return Mono.delay(Duration.ofMillis(1)).thenReturn("a coroutine may wait").block();
                }));
                try {
                    Mono.fromCallable(() -> loop.call(ToolsTest::slowly)).subscribeOn(Schedulers.parallel()).block();
                } catch (RuntimeException e) {
                    System.out.println(e.getCause().getClass().getSimpleName());
                }
            }
        }
    }

    private static int slowly() throws InterruptedException {
        Thread.sleep(100);
        return 1;
    }

    @Test
    @DisplayName("BlockHound")
    void blockHound() throws Exception {
        List<String> options = List.of("-XX:+AllowRedefinitionToAddDeleteMethods", "-XX:+EnableDynamicAgentLoading");
        try (Child program = new Child("BlockHound", JavaCommand.of(options, WithBlockHound.class, List.of()))) {
            assertThat(program.nextLine(PATIENCE)).isEqualTo("a coroutine may wait");
            assertThat(program.nextLine(PATIENCE)).isEqualTo("BlockingOperationError");
        }
    }

    /** Coroutines compute and sleep until the profile shows one of them. */
    static final class WithProfiler {
        private static volatile double x;

        private static void compute() {
            for (int i = 0; i < 10_000_000; i++) {
                x = Math.sin(x + i);
            }
        }

        public static void main(String[] arguments) throws Exception {
            AsyncProfiler profiler = AsyncProfiler.getInstance();
            profiler.execute("start,event=itimer,interval=1ms,threads");
            String profile;
            try (EventLoop loop = EventLoop.builder().name("profiled").start()) {
                do {
                    loop.spawn("computes", WithProfiler::compute).join();
                    for (int i = 0; i < 1000; i++) {
                        loop.spawn(() -> Thread.sleep(1));
                    }
                    profile = profiler.execute("dump,collapsed,threads");
                } while (!profile.contains("compute"));
            }
            profiler.execute("stop");
            System.out.println(profile.lines()
                    .filter(line -> line.contains("WithProfiler.compute"))
                    .findFirst()
                    .orElse(profile));
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = {"amd64", "aarch64"})
    @DisplayName("async-profiler")
    void asyncProfiler() throws Exception {
        try (Child program = new Child("async-profiler", JavaCommand.of(List.of(), WithProfiler.class, List.of()))) {
            // The thread is the loop's; the coroutine's frames are on top of the loop's own.
            assertThat(program.nextLine(PATIENCE)).matches("\\[profiled.*Loop\\.iterate;.*WithProfiler\\.compute.*");
        }
    }
}
