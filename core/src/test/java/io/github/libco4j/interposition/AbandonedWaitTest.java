package io.github.libco4j.interposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A coroutine that was given up while it waits for a descriptor leaves nothing that others could take for a waiter. */
class AbandonedWaitTest {
    @Test
    void itIsForgotten() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        EventLoop loop = EventLoop.builder().name("stubborn").start();
        loop.spawn("stubborn", () -> {
            while (true) {
                waits.countDown();
                waitInANewPipe();
            }
        });
        waits.await();
        assertThatThrownBy(() -> loop.close(Duration.ofMillis(200))).hasMessageContaining("'stubborn'");
        Waiters waiters = DescriptorWaits.instance().waiters();
        for (int fd = 0; fd < 2000; fd++) {
            assertThat(waiters.peek(fd, false)).as("reader of %d", fd).isNull();
        }
    }

    private static void waitInANewPipe() throws IOException {
        Pipe pipe = Pipe.open();
        try (var sink = pipe.sink();
                var source = pipe.source()) {
            assertThat(sink.isOpen()).isTrue();
            int ignored = source.read(ByteBuffer.allocate(1));
        } catch (ClosedByInterruptException e) {
            boolean ignored = Thread.interrupted();
        }
    }
}
