package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class CoroutineResetTest {
    private final List<String> log = new ArrayList<>();

    @Test
    void anEndedOneRunsAgainFromTheBeginningUnderItsName() throws Exception {
        EventLoop.run(loop -> {
            Coroutine coroutine = loop.create("again", () -> {
                log.add("a " + Coroutine.current().name());
                Coroutine.yield();
                log.add("b");
            });
            for (int i = 0; i < 2; i++) {
                coroutine.resume();
                coroutine.resume();
                assertThat(coroutine.state()).isEqualTo(Coroutine.State.DONE);
                coroutine.reset();
                assertThat(coroutine.state()).isEqualTo(Coroutine.State.NEW);
            }
            coroutine.start();
            Await.until("it has run", () -> coroutine.state() == Coroutine.State.YIELDED);
        });
        assertThat(log).containsExactly("a again", "b", "a again", "b", "a again");
    }

    @Test
    void itStaysTheSameCoroutineOnANewThread() throws Exception {
        EventLoop.run(loop -> {
            Coroutine[] current = new Coroutine[1];
            Coroutine coroutine = loop.create(() -> current[0] = Coroutine.current());
            coroutine.resume();
            Thread before = coroutine.thread();
            coroutine.reset();
            current[0] = null;
            coroutine.resume();
            assertThat(current[0]).isSameAs(coroutine);
            assertThat(coroutine.thread()).isNotSameAs(before);
        });
    }

    @Test
    void itsThreadLocalsAreFresh() throws Exception {
        ThreadLocal<Integer> local = ThreadLocal.withInitial(() -> 0);
        EventLoop.run(loop -> {
            Coroutine coroutine = loop.create(() -> {
                local.set(local.get() + 1);
                log.add(local.get().toString());
            });
            coroutine.resume();
            coroutine.reset();
            coroutine.resume();
        });
        assertThat(log).containsExactly("1", "1");
    }

    @Test
    void oneThatIsSuspendedByHandIsUnwoundFirst() throws Exception {
        EventLoop.run(loop -> {
            Coroutine coroutine = loop.create(() -> {
                try {
                    log.add("begins");
                    Coroutine.yield();
                } finally {
                    log.add("finally");
                }
            });
            coroutine.resume();
            coroutine.reset();
            assertThat(coroutine.state()).isEqualTo(Coroutine.State.NEW);
            coroutine.resume();
            coroutine.resume();
        });
        assertThat(log).containsExactly("begins", "finally", "begins", "finally");
    }

    @Test
    void aNewOneStaysAsItIs() throws Exception {
        EventLoop.run(loop -> {
            Coroutine coroutine = loop.create(() -> log.add("ran"));
            Thread thread = coroutine.thread();
            coroutine.reset();
            assertThat(coroutine.thread()).isSameAs(thread);
            coroutine.resume();
        });
        assertThat(log).containsExactly("ran");
    }

    @Test
    void oneThatThrewRunsAgain() throws Exception {
        EventLoop.run(loop -> {
            Coroutine coroutine = loop.create(() -> {
                throw new IllegalArgumentException("each time");
            });
            assertThatThrownBy(coroutine::resume).hasMessage("each time");
            coroutine.reset();
            assertThatThrownBy(coroutine::resume).hasMessage("each time");
        });
    }

    @Test
    void oneThatIsReadyBlockedOrRunningIsRefused() throws Exception {
        EventLoop.run(loop -> {
            Coroutine[] self = new Coroutine[1];
            self[0] = loop.create("busy", () -> {
                refused(self[0], "close it, or wait until it ends");
                LockSupport.park();
            });
            self[0].resume();
            refused(self[0], "close it, or wait until it ends");
            LockSupport.unpark(self[0].thread());
            refused(self[0], "close it, or wait until it ends");
            self[0].join();
            self[0].reset();
        });
    }

    @Test
    void oneThatThisLibraryDidNotMakeIsRefused() throws Exception {
        EventLoop.run(loop -> {
            Coroutine[] child = new Coroutine[1];
            Thread thread = Thread.ofVirtual().name("child").start(() -> child[0] = Coroutine.current());
            thread.join();
            refused(child[0], "was not made by this library");
        });
    }

    private static void refused(Coroutine coroutine, String remedy) {
        assertThatThrownBy(coroutine::reset)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("cannot reset coroutine '" + coroutine.name() + "' of event loop 'main'",
                        remedy);
    }
}
