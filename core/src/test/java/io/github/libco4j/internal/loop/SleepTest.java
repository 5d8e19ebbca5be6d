package io.github.libco4j.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("any-readiness")
class SleepTest {
    private final AtomicInteger wakeups = new AtomicInteger();
    private volatile Sleep.Waker waker = wakeups::incrementAndGet;
    private final Sleep sleep = new Sleep(() -> waker.wakeup());

    private boolean interrupt() {
        return sleep.interrupt();
    }

    /** Ends the sleep by something else than is counted, once. */
    private boolean interruptBy(Sleep.Waker once) {
        Sleep.Waker counted = waker;
        waker = () -> {
            waker = counted;
            once.wakeup();
        };
        return sleep.interrupt();
    }

    @Test
    void aLoopThatIsAwakeCostsNoWakeUp() {
        assertThat(interrupt()).isFalse();
        assertThat(wakeups).hasValue(0);
    }

    @Test
    void ofManyWakersOneWakes() {
        assertThat(sleep.begin()).isTrue();
        assertThat(interrupt()).isTrue();
        assertThat(interrupt()).isFalse();
        assertThat(interrupt()).isFalse();
        assertThat(wakeups).hasValue(1);
    }

    @Test
    void eachSleepIsWokenAnew() {
        for (int i = 1; i <= 3; i++) {
            assertThat(sleep.begin()).isTrue();
            assertThat(interrupt()).isTrue();
            sleep.end();
            assertThat(wakeups).hasValue(i);
        }
    }

    @Test
    void aSleepThatHasEndedByItselfIsNotWoken() {
        assertThat(sleep.begin()).isTrue();
        sleep.end();
        assertThat(interrupt()).isFalse();
        assertThat(wakeups).hasValue(0);
    }

    @Test
    void theLoopStaysAwakeWhileSomebodyIsWakingIt() {
        assertThat(sleep.begin()).isTrue();
        boolean woke = interruptBy(() -> {
            sleep.end(); // The loop goes on ...
            assertThat(sleep.begin()).isFalse(); // ... and must not sleep before the waker is done.
            assertThat(interrupt()).isFalse();
        });
        assertThat(woke).isTrue();
        assertThat(sleep.begin()).isTrue();
    }

    @Test
    void aWakerThatFailsIsDoneToo() {
        assertThat(sleep.begin()).isTrue();
        assertThatThrownBy(() -> interruptBy(() -> {
                    throw new IllegalStateException("no descriptor");
                }))
                .hasMessage("no descriptor");
        assertThat(sleep.begin()).isTrue();
    }

    @Test
    void aSleepThatHasRetiredHasNoWakers() throws InterruptedException {
        assertThat(sleep.begin()).isTrue();
        CountDownLatch waking = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicBoolean freed = new AtomicBoolean();
        AtomicBoolean sawFreed = new AtomicBoolean();
        Thread waker = Thread.ofPlatform().start(() -> interruptBy(() -> {
            waking.countDown();
            awaitUninterruptibly(mayEnd);
            sawFreed.set(freed.get());
        }));
        waking.await();
        Thread loop = Thread.ofPlatform().start(() -> {
            sleep.retire();
            freed.set(true);
        });
        // The loop has no business to end now; give it every chance to do it.
        loop.join(20);
        assertThat(freed).isFalse();
        mayEnd.countDown();
        waker.join();
        loop.join();
        assertThat(sawFreed).isFalse();
        assertThat(interrupt()).isFalse();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
