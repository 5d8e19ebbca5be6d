package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ResumeStackTest {
    @Test
    void itIsWhoResumedWhomTopFirstDownToMain() throws Exception {
        EventLoop.run(loop -> {
            Coroutine main = Coroutine.current();
            Coroutine inner = loop.create("inner", () -> {
                Coroutine middle = loop.resumeStack().get(1);
                assertThat(loop.resumeStack()).extracting(Coroutine::name)
                        .containsExactly("inner", "middle", "outer", "main");
                Coroutine.yield();
                assertThat(loop.resumeStack()).containsExactly(Coroutine.current(), main);
                assertThat(middle.state()).isEqualTo(Coroutine.State.DONE);
            });
            Coroutine middle = loop.create("middle", inner::resume);
            Coroutine outer = loop.create("outer", () -> {
                middle.resume();
                assertThat(loop.resumeStack()).containsExactly(Coroutine.current(), main);
            });
            outer.resume();
            assertThat(loop.resumeStack()).containsExactly(main);
            inner.resume();
            assertThat(inner.state()).isEqualTo(Coroutine.State.DONE);
        });
    }

    /** libco's has 128 places, and writes beyond them. */
    @Test
    void itIsAsDeepAsTheResumesAre() throws Exception {
        int depth = 1_000;
        EventLoop.run(loop -> {
            List<Coroutine> all = new ArrayList<>(List.of(Coroutine.current()));
            List<Coroutine> seen = new ArrayList<>();
            class Nested implements Coroutine.Body {
                @Override
                public void run() {
                    if (all.size() == depth) {
                        seen.addAll(loop.resumeStack());
                        return;
                    }
                    Coroutine next = loop.create(new Nested());
                    all.add(next);
                    next.resume();
                }
            }
            new Nested().run();
            assertThat(seen).isEqualTo(all.reversed());
            assertThat(loop.dump()).contains("resume stack: 'main'\n");
        });
    }

    @Test
    void whoIsTransferredToTakesThePlaceOfTheOther() throws Exception {
        EventLoop.run(loop -> {
            Coroutine main = Coroutine.current();
            Coroutine to = loop.create("to", () -> {
                assertThat(loop.resumeStack()).containsExactly(Coroutine.current(), main);
                Coroutine.yield();
            });
            Coroutine from = loop.create("from", () -> Coroutine.transfer(to));
            from.resume();
            assertThat(to.state()).isEqualTo(Coroutine.State.YIELDED);
            assertThat(from.state()).isEqualTo(Coroutine.State.YIELDED);
        });
    }

    @Test
    void oneThatTheLoopContinuesHasNobodyBelow() throws Exception {
        EventLoop.run(loop -> {
            Coroutine blocks = loop.create("blocks", () -> {
                assertThat(loop.resumeStack()).hasSize(2);
                LockSupport.park();
                assertThat(loop.resumeStack()).containsExactly(Coroutine.current());
            });
            blocks.resume();
            LockSupport.unpark(blocks.thread());
            blocks.join();
        });
    }

    @Test
    void theOwnerOfAnAttachedLoopIsBelowButIsNoCoroutine() {
        List<List<Coroutine>> seen = new ArrayList<>();
        List<String> dumps = new ArrayList<>();
        try (EventLoop loop = EventLoop.builder().name("driven").attach()) {
            Coroutine inner = loop.create("inner", () -> {
                seen.add(loop.resumeStack());
                dumps.add(loop.dump());
            });
            Coroutine outer = loop.create("outer", inner::resume);
            assertThat(loop.resumeStack()).isEmpty();
            outer.resume();
            assertThat(loop.resumeStack()).isEmpty();
            Coroutine ticked = loop.spawn("ticked", () -> seen.add(loop.resumeStack()));
            loop.tick(Duration.ofMillis(100));
            assertThat(seen).containsExactly(List.of(inner, outer), List.of(ticked));
        }
        assertThat(dumps.getFirst())
                .contains("resume stack: 'inner' <- 'outer' <- the main coroutine of event loop 'driven'\n");
    }

    @Test
    void aThreadThatSomebodyStartedInsideIsACoroutineOfItsOwn() throws Exception {
        EventLoop.run(loop -> {
            List<Coroutine> seen = new ArrayList<>();
            Thread child = Thread.ofVirtual().name("child").start(() -> {
                seen.addAll(loop.resumeStack());
                seen.add(Coroutine.current());
            });
            child.join();
            assertThat(seen).hasSize(2).allMatch(coroutine -> coroutine.thread() == child);
            assertThat(seen.get(0)).isSameAs(seen.get(1));
        });
    }

    @Test
    void anyThreadMayAsk() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        AtomicBoolean end = new AtomicBoolean();
        try (EventLoop loop = EventLoop.builder().start()) {
            assertThat(loop.resumeStack()).isEmpty();
            Coroutine inner = loop.create("inner", () -> {
                running.countDown();
                while (!end.get()) {
                    Thread.onSpinWait();
                }
            });
            Coroutine outer = loop.spawn("outer", inner::resume);
            Await.latch(running);
            assertThat(loop.resumeStack()).containsExactly(inner, outer);
            end.set(true);
            outer.join();
            Await.until("it is idle", () -> loop.resumeStack().isEmpty());
        }
    }

    @Test
    void anyThreadMayAskWhileControlIsHandedOn() throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        try (EventLoop loop = EventLoop.builder().start()) {
            Coroutine switching = loop.spawn("switching", () -> {
                Coroutine[] pair = new Coroutine[2];
                for (int i = 0; i < 2; i++) {
                    int other = 1 - i;
                    pair[i] = loop.create("transferring", () -> {
                        while (true) {
                            Coroutine.transfer(pair[other]);
                            Coroutine.yield();
                        }
                    });
                }
                while (!end.get()) {
                    pair[0].resume();
                    pair[1].resume();
                }
            });
            for (int i = 0; i < 5_000; i++) {
                assertThat(loop.resumeStack()).hasSizeLessThanOrEqualTo(3).doesNotHaveDuplicates();
            }
            end.set(true);
            switching.join();
        }
    }
}
