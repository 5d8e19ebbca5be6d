package io.github.libco4j.compatibility.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.EventLoop;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A loop of its own for each test, and whether it goes on. */
@Timeout(60)
abstract class OnLoop {
    final EventLoop loop = EventLoop.builder().name("limits").daemon(true).start();

    @AfterEach
    void closeLoop() {
        loop.close(Duration.ofSeconds(20));
    }

    /** Runs it in a coroutine. */
    <T> T inCoroutine(Callable<T> code) throws Exception {
        return loop.asExecutor().submit(code).get();
    }

    /** The loop does something else meanwhile. To be called on another thread. */
    void assertGoesOn() throws Exception {
        assertThat(inCoroutine(() -> 1)).isEqualTo(1);
    }

    /** The loop does nothing else, for as long as one can wait. To be called on another thread; returns what the loop is to do afterwards. */
    Future<Integer> assertHeld() throws Exception {
        Future<Integer> next = loop.asExecutor().submit(() -> 1);
        try {
            next.get(300, TimeUnit.MILLISECONDS);
        } catch (TimeoutException held) {
            return next;
        }
        throw new AssertionError("the loop goes on");
    }

    /** Makes a coroutine that counts down, when others let it run; to be called in a coroutine. */
    CountDownLatch probe() {
        CountDownLatch probe = new CountDownLatch(1);
        loop.spawn("probe", probe::countDown);
        return probe;
    }
}
