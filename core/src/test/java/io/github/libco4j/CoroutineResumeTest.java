package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.support.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class CoroutineResumeTest {
    private final List<String> log = new ArrayList<>();

    @Test
    void resumeIsACallThatReturnsAtEachYieldAndAtTheEnd() throws Exception {
        EventLoop.run(loop -> {
            Coroutine coroutine = loop.create(() -> {
                log.add("a");
                Coroutine.yield();
                log.add("b");
                Coroutine.yield();
                log.add("c");
            });
            for (int i = 1; i <= 3; i++) {
                coroutine.resume();
                log.add("resume " + i);
            }
        });
        assertThat(log).containsExactly("a", "resume 1", "b", "resume 2", "c", "resume 3");
    }

    @Test
    void nothingElseRunsBetweenResumeAndTheResumedCoroutine() throws Exception {
        EventLoop.run(loop -> {
            for (int i = 0; i < 100; i++) {
                loop.spawn(() -> log.add("other"));
            }
            Coroutine coroutine = loop.create(() -> {
                log.add("resumed");
                Coroutine.yield();
                log.add("again");
            });
            coroutine.resume();
            coroutine.resume();
            log.add("back");
        });
        assertThat(log).startsWith("resumed", "again", "back");
    }

    @Test
    void currentIsTheCoroutineItselfOnItsOwnThread() throws Exception {
        assertThat(Coroutine.current()).isNull();
        EventLoop.run(loop -> {
            Coroutine main = Coroutine.current();
            Coroutine[] seen = new Coroutine[1];
            Thread[] thread = new Thread[1];
            Coroutine coroutine = loop.create("it", () -> {
                seen[0] = Coroutine.current();
                thread[0] = Thread.currentThread();
            });
            coroutine.resume();
            assertThat(seen[0]).isSameAs(coroutine).isNotSameAs(main);
            assertThat(thread[0]).isSameAs(coroutine.thread());
            assertThat(thread[0].isVirtual()).isTrue();
            assertThat(coroutine.name()).isEqualTo("it");
            assertThat(coroutine.loop()).isSameAs(EventLoop.current());
            assertThat(Coroutine.current()).isSameAs(main);
        });
        assertThat(Coroutine.current()).isNull();
    }

    @Test
    void stateTellsEachStepOfALife() throws Exception {
        EventLoop.run(loop -> {
            Coroutine main = Coroutine.current();
            Coroutine coroutine = loop.create(() -> {
                log.add(Coroutine.current().state() + " " + main.state());
                Coroutine.yield();
                LockSupport.park();
                Coroutine.yield();
            });
            log.add(coroutine.state().name());
            coroutine.resume();
            log.add(coroutine.state().name());
            coroutine.resume();
            log.add(coroutine.state().name());
            LockSupport.unpark(coroutine.thread());
            log.add(coroutine.state().name());
            Await.until("it yields", () -> coroutine.state() == Coroutine.State.YIELDED);
            coroutine.resume();
            log.add(coroutine.state().name());
        });
        assertThat(log).containsExactly("NEW", "RUNNING RESUMING", "YIELDED", "BLOCKED", "READY", "DONE");
    }

    @Test
    void aStartedCoroutineIsReadyUntilItsTurnComes() throws Exception {
        EventLoop.run(loop -> {
            Coroutine coroutine = loop.spawn("spawned", () -> log.add("ran"));
            assertThat(coroutine.state()).isEqualTo(Coroutine.State.READY);
            assertThat(log).isEmpty();
            coroutine.join();
            assertThat(log).containsExactly("ran");
        });
    }

    @Test
    void theOwnerOfAnAttachedLoopResumesBetweenTicks() {
        try (EventLoop loop = EventLoop.builder().attach()) {
            Coroutine coroutine = loop.create(() -> {
                log.add("a");
                Coroutine.yield();
                log.add("b");
            });
            coroutine.resume();
            log.add("owner");
            coroutine.resume();
            assertThat(coroutine.state()).isEqualTo(Coroutine.State.DONE);
        }
        assertThat(log).containsExactly("a", "owner", "b");
    }

    @Test
    void resumesNestToADepthOfAHundredThousand() throws Exception {
        int depth = 100_000;
        EventLoop.run(loop -> {
            List<Coroutine> all = new ArrayList<>();
            int[] deepest = new int[1];
            class Nested implements Coroutine.Body {
                @Override
                public void run() {
                    if (all.size() == depth) {
                        deepest[0] = all.size();
                        return;
                    }
                    Coroutine inner = loop.create(new Nested());
                    all.add(inner);
                    inner.resume();
                    assertThat(inner.state()).isEqualTo(Coroutine.State.DONE);
                }
            }
            new Nested().run();
            assertThat(deepest[0]).isEqualTo(depth);
            assertThat(all).hasSize(depth).allMatch(coroutine -> coroutine.state() == Coroutine.State.DONE);
            assertThat(loop.statistics().coroutines()).isEqualTo(1);
        });
    }

    @Test
    void aChainYieldsFromItsEndAndIsResumedThere() throws Exception {
        int depth = 10_000;
        EventLoop.run(loop -> {
            Coroutine[] innermost = new Coroutine[1];
            int[] ended = new int[1];
            class Nested implements Coroutine.Body {
                private final int level;

                Nested(int level) {
                    this.level = level;
                }

                @Override
                public void run() {
                    if (level == depth) {
                        innermost[0] = Coroutine.current();
                    } else {
                        loop.create(new Nested(level + 1)).resume();
                    }
                    Coroutine.yield(); // to the one above, which then yields itself
                    ended[0]++;
                }
            }
            loop.create(new Nested(1)).resume();
            assertThat(innermost[0].state()).isEqualTo(Coroutine.State.YIELDED);
            innermost[0].resume();
            assertThat(ended[0]).isEqualTo(1);
            assertThat(innermost[0].state()).isEqualTo(Coroutine.State.DONE);
        });
    }
}
