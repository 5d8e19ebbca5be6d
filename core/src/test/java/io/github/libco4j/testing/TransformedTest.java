package io.github.libco4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.support.ChildJvm;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An agent transforms VirtualThread while loops run: then the JDK makes tasks of another class for the threads to come. */
@Tag("agent")
class TransformedTest {
    /** Runs in a process of its own, which has transformed nothing before. */
    public static final class Program {
        public static void main(String[] args) throws Exception {
            try (EventLoop loop = EventLoop.builder().start()) {
                CountDownLatch open = new CountDownLatch(1);
                Coroutine before = loop.spawn(open::await);
                Coroutine unstarted = loop.create(open::await);
                try (TestLoop test = TestLoop.create()) { // It transforms.
                    test.run(() -> Thread.sleep(1));
                }
                Coroutine after = loop.spawn(open::await);
                loop.call(() -> {
                    unstarted.resume();
                    return null;
                });
                open.countDown();
                for (Coroutine each : List.of(before, unstarted, after)) {
                    each.join();
                }
            }
            System.out.println("all have run");
        }
    }

    @Test
    void coroutinesRunThatWereMadeBeforeAndAfter() throws Exception {
        List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(each -> each.startsWith("-javaagent:"))
                .toList();
        assertThat(ChildJvm.output(options, Program.class)).isEqualToIgnoringNewLines("all have run");
    }
}
