package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Every illegal call has its own message, which names coroutine, loop and remedy; and nothing is corrupted. */
class CoroutineMisuseTest {
    @Test
    void resumeOfItself() throws Exception {
        EventLoop.run(loop -> {
            Coroutine[] self = new Coroutine[1];
            self[0] = loop.create("selfish", () -> {
                refused(self[0]::resume, "cannot resume coroutine 'selfish' of event loop 'main'", "let it yield");
                refused(() -> Coroutine.transfer(self[0]), "cannot transfer to coroutine 'selfish'", "itself");
                Coroutine.yield();
            });
            goesOn(self[0]);
        });
    }

    @Test
    void resumeOfOneThatHasResumedTheCaller() throws Exception {
        EventLoop.run(loop -> {
            Coroutine[] outer = new Coroutine[1];
            Coroutine inner = loop.create("inner", () -> {
                refused(outer[0]::resume, "cannot resume coroutine 'outer' of event loop 'main'", "resume stack",
                        "yield to it");
                refused(() -> Coroutine.transfer(outer[0]), "cannot transfer to coroutine 'outer'", "resume stack");
                Coroutine.yield();
            });
            outer[0] = loop.create("outer", () -> {
                inner.resume();
                assertThat(inner.state()).isEqualTo(Coroutine.State.YIELDED);
                Coroutine.yield();
            });
            goesOn(outer[0]);
            inner.resume();
            assertThat(inner.state()).isEqualTo(Coroutine.State.DONE);
        });
    }

    @Test
    void resumeOfOneThatIsReady() throws Exception {
        EventLoop.run(loop -> {
            Coroutine ready = loop.spawn("eager", () -> {});
            refused(ready::resume, "cannot resume coroutine 'eager' of event loop 'main'", "ready queue", "by itself");
            refused(() -> Coroutine.transfer(ready), "cannot transfer to coroutine 'eager'", "ready queue");
            ready.join();
        });
    }

    @Test
    void resumeOfOneThatIsBlocked() throws Exception {
        EventLoop.run(loop -> {
            Coroutine blocked = loop.create("patient", LockSupport::park);
            blocked.resume();
            refused(blocked::resume, "cannot resume coroutine 'patient' of event loop 'main'", "waits for",
                    "its loop continues it");
            refused(() -> Coroutine.transfer(blocked), "cannot transfer to coroutine 'patient'", "waits for");
            assertThat(blocked.state()).isEqualTo(Coroutine.State.BLOCKED);
            LockSupport.unpark(blocked.thread());
            blocked.join();
        });
    }

    @Test
    void resumeOfOneThatHasEnded() throws Exception {
        EventLoop.run(loop -> {
            Coroutine ended = loop.create("late", () -> {});
            ended.resume();
            refused(ended::resume, "cannot resume coroutine 'late' of event loop 'main'", "has ended", "reset it");
            refused(() -> Coroutine.transfer(ended), "cannot transfer to coroutine 'late'", "has ended");
        });
    }

    @Test
    void resumeFromAForeignThread() throws Exception {
        try (EventLoop loop = EventLoop.builder().name("elsewhere").start()) {
            Coroutine coroutine = loop.create("theirs", Coroutine::yield);
            refused(coroutine::resume, "cannot resume coroutine 'theirs'", "event loop 'elsewhere'", "spawn one there");
            refused(() -> Coroutine.transfer(coroutine), "cannot transfer to coroutine 'theirs'",
                    "event loop 'elsewhere'");
            Thread stock = Thread.ofVirtual().start(() -> refused(coroutine::resume,
                    "cannot resume coroutine 'theirs'"));
            Await.end(stock);
            assertThat(coroutine.state()).isEqualTo(Coroutine.State.NEW);
            loop.spawn(() -> goesOn(coroutine)).join();
        }
    }

    @Test
    void resumeFromACoroutineOfAnotherLoop() throws Exception {
        try (EventLoop loop = EventLoop.builder().name("elsewhere").start()) {
            Coroutine coroutine = loop.create("theirs", Coroutine::yield);
            EventLoop.run(main -> {
                refused(coroutine::resume, "coroutine 'main' of event loop 'main'", "cannot resume coroutine 'theirs'",
                        "event loop 'elsewhere'", "spawn one there");
                refused(() -> Coroutine.transfer(coroutine), "cannot transfer to coroutine 'theirs'");
            });
            loop.spawn(() -> goesOn(coroutine)).join();
        }
    }

    @Test
    void resumeOfOneThatTheOwnerHasStarted() {
        try (EventLoop loop = EventLoop.builder().attach()) {
            Coroutine coroutine = loop.spawn("started", () -> {});
            refused(coroutine::resume, "cannot resume coroutine 'started'", "by itself");
            while (coroutine.state() != Coroutine.State.DONE) {
                loop.tick(Duration.ofMillis(1));
            }
        }
    }

    @Test
    void yieldOutsideACoroutine() throws Exception {
        refused(Coroutine::yield, "yield outside a coroutine", "use Thread.yield");
        Thread stock = Thread.ofVirtual().start(() -> refused(Coroutine::yield, "yield outside a coroutine"));
        Await.end(stock);
        try (EventLoop loop = EventLoop.builder().attach()) {
            refused(Coroutine::yield, "yield outside a coroutine");
            goesOn(loop.create(Coroutine::yield));
        }
    }

    @Test
    void transferFromTheOwner() {
        try (EventLoop loop = EventLoop.builder().name("owned").attach()) {
            Coroutine coroutine = loop.create("target", Coroutine::yield);
            refused(() -> Coroutine.transfer(coroutine), "owner of event loop 'owned'", "coroutine 'target'",
                    "resume the coroutine instead");
            assertThat(coroutine.state()).isEqualTo(Coroutine.State.NEW);
            goesOn(coroutine);
        }
    }

    @Test
    void startTwice() throws Exception {
        EventLoop.run(loop -> {
            Coroutine started = loop.spawn("twice", () -> {});
            refused(started::start, "cannot start coroutine 'twice' of event loop 'main'",
                    "has been started or resumed before");
            started.join();
            refused(started::start, "cannot start coroutine 'twice'");
            Coroutine resumed = loop.create("resumed", Coroutine::yield);
            resumed.resume();
            refused(resumed::start, "cannot start coroutine 'resumed'");
            resumed.resume();
        });
    }

    @Test
    void joinOfItselfOfANewOneAndOnTheOwnersThread() throws Exception {
        EventLoop.run(loop -> {
            Coroutine created = loop.create("fresh", () -> {});
            refused(created::join, "cannot join coroutine 'fresh' of event loop 'main'", "start or resume it first");
            refused(Coroutine.current()::join, "cannot join coroutine 'main' of event loop 'main'",
                    "the caller itself");
            created.start();
            created.join();
        });
        try (EventLoop loop = EventLoop.builder().attach()) {
            Coroutine yielded = loop.create("yielded", Coroutine::yield);
            yielded.resume();
            refused(yielded::join, "cannot join coroutine 'yielded'", "tick the loop");
            yielded.resume();
            yielded.join();
        }
    }

    @Test
    void closeOfItselfAndOfOneThatHasResumedTheCaller() throws Exception {
        EventLoop.run(loop -> {
            Coroutine[] outer = new Coroutine[1];
            Coroutine inner = loop.create("inner", () -> {
                refused(outer[0]::close, "cannot close coroutine 'outer' of event loop 'main'",
                        "has resumed the caller", "yield first");
                Coroutine.yield();
            });
            outer[0] = loop.create("outer", () -> {
                refused(outer[0]::close, "cannot close coroutine 'outer'", "the caller itself", "return from its body");
                inner.resume();
                Coroutine.yield();
            });
            goesOn(outer[0]);
            inner.resume();
        });
    }

    /** A class initialiser pins the coroutine that runs it. */
    private static final class Pinned {
        static final List<String> EVENTS = new ArrayList<>();

        static {
            refused(Coroutine::yield, "coroutine 'pinned' of event loop 'main' cannot yield here", "class initialiser",
                    "outside of it");
            refused(() -> Holder.fresh.resume(),
                    "coroutine 'pinned' of event loop 'main' cannot resume coroutine 'fresh'", "class initialiser");
            refused(() -> Coroutine.transfer(Holder.yielded), "cannot transfer to coroutine 'yielded'",
                    "class initialiser");
            EVENTS.add("initialised");
        }
    }

    private static final class Holder {
        static Coroutine fresh;
        static Coroutine yielded;
    }

    @Test
    void switchingByHandWhilePinned() throws Exception {
        EventLoop.run(loop -> {
            Holder.fresh = loop.create("fresh", Coroutine::yield);
            Holder.yielded = loop.create("yielded", Coroutine::yield);
            Holder.yielded.resume();
            Coroutine pinned = loop.create("pinned", () -> {
                assertThat(Pinned.EVENTS).containsExactly("initialised");
                Coroutine.yield();
            });
            goesOn(pinned);
            goesOn(Holder.fresh);
            Holder.yielded.resume();
            assertThat(Holder.yielded.state()).isEqualTo(Coroutine.State.DONE);
        });
    }

    /** Resumes a coroutine that yields once, and sees that all is well. */
    private static void goesOn(Coroutine coroutine) {
        coroutine.resume();
        assertThat(coroutine.state()).isEqualTo(Coroutine.State.YIELDED);
        coroutine.resume();
        assertThat(coroutine.state()).isEqualTo(Coroutine.State.DONE);
    }

    private static void refused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessageContainingAll(parts);
    }

    @Test
    void resumingOneWhoseThreadWasStartedDirectlySaysSo() throws Exception {
        EventLoop.run(loop -> {
            Coroutine other = loop.create("other", () -> {});
            other.thread().start();
            assertThatThrownBy(other::resume)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("'other'", "'main'", "ready queue");
            other.join();
        });
    }
}
