package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** To whom a scope applies, and when it ends. What blocks in one is {@link InterpositionBlockingTest}'s. */
class InterpositionTest {
    private final List<String> log = new ArrayList<>();

    private void note(String who) {
        log.add(who + (Interposition.isEnabled() ? " enabled" : " disabled"));
    }

    /** Lets go of the thread for as long as it takes others that are ready to run, if a sleep can. */
    private static void sleep() {
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void itIsEnabledInEachCoroutineAndDisabledInAScope() throws Exception {
        EventLoop.run(loop -> {
            note("before");
            Interposition.disabled(() -> note("inside"));
            note("after");
        });
        assertThat(log).containsExactly("before enabled", "inside disabled", "after enabled");
    }

    @Test
    void noOtherCoroutineRunsWhileOneSleepsInAScopeAndAllGoOnAfterwards() throws Exception {
        EventLoop.run(loop -> {
            Coroutine other = loop.spawn(() -> log.add("other"));
            Interposition.disabled(() -> {
                sleep();
                log.add("slept");
            });
            sleep();
            other.join();
            log.add("after");
        });
        assertThat(log).containsExactly("slept", "other", "after");
    }

    @Test
    void aScopeHasAResult() throws Exception {
        EventLoop.run(loop -> {
            int result = Interposition.disabled(() -> 42);
            log.add("result " + result);
        });
        assertThat(log).containsExactly("result 42");
    }

    @Test
    void scopesNest() throws Exception {
        EventLoop.run(loop -> {
            Coroutine other = loop.spawn(() -> log.add("other"));
            Interposition.disabled(() -> {
                Interposition.disabled(() -> note("inner"));
                note("outer");
                sleep();
                log.add("slept");
            });
            note("after");
            other.join();
        });
        assertThat(log).containsExactly("inner disabled", "outer disabled", "slept", "after enabled", "other");
    }

    @Test
    void anExceptionLeavesAScopeWithItsType() throws Exception {
        EventLoop.run(loop -> {
            assertThatThrownBy(() -> Interposition.disabled(() -> {
                        throw new IOException("checked");
                    }))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("checked");
            note("after");
            Coroutine other = loop.spawn(() -> log.add("other"));
            other.join();
        });
        assertThat(log).containsExactly("after enabled", "other");
    }

    @Test
    void aYieldInAScopeSuspendsAndTheScopeGoesOnAfterwards() throws Exception {
        EventLoop.run(loop -> {
            Coroutine yields = loop.create(() -> {
                Interposition.disabled(() -> {
                    note("first");
                    Coroutine.yield();
                    note("second");
                    sleep();
                    log.add("slept");
                });
                note("third");
            });
            yields.resume();
            note("resumer");
            Coroutine other = loop.spawn(() -> log.add("other"));
            yields.resume();
            assertThat(yields.state()).isEqualTo(Coroutine.State.DONE);
            other.join();
        });
        assertThat(log)
                .containsExactly(
                        "first disabled", "resumer enabled", "second disabled", "slept", "third enabled", "other");
    }

    @Test
    void whatIsResumedOrTransferredToInAScopeIsInterposed() throws Exception {
        EventLoop.run(loop -> {
            Coroutine last = loop.create(() -> note("transferred to"));
            Coroutine transfers = loop.create(() -> Interposition.disabled(() -> {
                Coroutine.transfer(last);
                note("transferrer");
            }));
            Coroutine resumed = loop.create(() -> {
                note("resumed");
                sleep();
                note("has slept");
            });
            Interposition.disabled(() -> {
                resumed.resume();
                assertThat(resumed.state()).isEqualTo(Coroutine.State.BLOCKED);
                note("resumer");
                transfers.resume();
                transfers.resume();
                note("resumer");
            });
            resumed.join();
        });
        assertThat(log)
                .containsExactly(
                        "resumed enabled",
                        "resumer disabled",
                        "transferred to enabled",
                        "transferrer disabled",
                        "resumer disabled",
                        "has slept enabled");
    }

    @Test
    void whatIsStartedInAScopeIsInterposed() throws Exception {
        EventLoop.run(loop -> {
            List<Thread> started = new ArrayList<>();
            Interposition.disabled(() -> {
                started.add(loop.spawn(() -> note("coroutine")).thread());
                started.add(Thread.ofVirtual().start(() -> note("virtual thread")));
            });
            for (Thread thread : started) {
                thread.join();
            }
        });
        assertThat(log).containsExactlyInAnyOrder("coroutine enabled", "virtual thread enabled");
    }

    @Test
    void oneThatIsClosedAtAYieldInAScopeIsUnwound() throws Exception {
        EventLoop.run(loop -> {
            Coroutine closed = loop.create(() -> {
                try {
                    Interposition.disabled(() -> {
                        try {
                            Coroutine.yield();
                        } finally {
                            note("inside");
                        }
                    });
                } finally {
                    note("outside");
                }
            });
            closed.resume();
            closed.close();
            assertThat(closed.state()).isEqualTo(Coroutine.State.DONE);
        });
        assertThat(log).containsExactly("inside disabled", "outside enabled");
    }

    @Test
    void anotherThreadTakesTheStackTraceOfOneThatYieldsInAScope() throws Exception {
        try (EventLoop loop = EventLoop.builder().start()) {
            CountDownLatch rounds = new CountDownLatch(2000);
            Coroutine yields = loop.create(() -> Interposition.disabled(() -> {
                while (true) {
                    Coroutine.yield();
                }
            }));
            loop.spawn(() -> {
                while (rounds.getCount() > 0) {
                    yields.resume();
                    rounds.countDown();
                }
            });
            while (rounds.getCount() > 0) {
                assertThat(yields.thread().getStackTrace()).isNotNull();
            }
            Await.latch(rounds);
        }
    }

    // ------------------------------------------------------------------------------------------------ generators

    @Test
    void aBodyIsDisabledWhereItsConsumerIs() throws Exception {
        EventLoop.run(loop -> {
            Generator<Integer> generator = Generator.of(g -> {
                for (int i = 0; i < 4; i++) {
                    note("body");
                    g.yield(i);
                }
            });
            generator.next();
            Coroutine other = loop.spawn(() -> log.add("other"));
            Interposition.disabled(() -> {
                generator.next();
                sleep();
                generator.next();
                note("consumer");
            });
            generator.next();
            other.join();
        });
        assertThat(log)
                .containsExactly(
                        "body enabled", "body disabled", "body disabled", "consumer disabled", "body enabled", "other");
    }

    @Test
    void aScopeOfABodyDoesNotReachPastItsYields() throws Exception {
        EventLoop.run(loop -> {
            Coroutine[] other = new Coroutine[1];
            Generator<Integer> generator = Generator.of(g -> {
                Interposition.disabled(() -> {
                    g.yield(1);
                    note("body");
                    sleep();
                    log.add("slept");
                    g.yield(2);
                });
                note("body");
                sleep();
                g.yield(3);
            });
            generator.next();
            note("consumer");
            other[0] = loop.spawn(() -> log.add("other"));
            generator.next();
            note("consumer");
            generator.next();
            other[0].join();
        });
        assertThat(log)
                .containsExactly(
                        "consumer enabled", "body disabled", "slept", "consumer enabled", "body enabled", "other");
    }

    @Test
    void aGeneratorThatIsYieldedInAScopeIsDisabledAsWell() throws Exception {
        EventLoop.run(loop -> {
            Generator<Integer> inner = Generator.of(g -> {
                note("inner");
                g.yield(1);
                note("inner");
            });
            Generator<Integer> outer = Generator.of(g -> {
                Interposition.disabled(() -> g.yieldAll(inner));
                note("outer");
            });
            outer.forEachRemaining(value -> note("consumer"));
        });
        assertThat(log).containsExactly("inner disabled", "consumer enabled", "inner disabled", "outer enabled");
    }

    @Test
    void aBodyYieldsItsCoroutineByHandInAScope() throws Exception {
        EventLoop.run(loop -> {
            Generator<Integer> generator = Generator.of(g -> Interposition.disabled(() -> {
                Coroutine.yield();
                note("body");
                g.yield(1);
            }));
            Coroutine consumer = loop.create(() -> {
                Interposition.disabled(() -> {
                    generator.next();
                    note("consumer");
                });
                note("consumer");
            });
            consumer.resume();
            assertThat(consumer.state()).isEqualTo(Coroutine.State.YIELDED);
            note("resumer");
            consumer.resume();
            assertThat(consumer.state()).isEqualTo(Coroutine.State.DONE);
        });
        assertThat(log)
                .containsExactly("resumer enabled", "body disabled", "consumer disabled", "consumer enabled");
    }

    @Test
    void aGeneratorTakesItsScopeFromThreadToThread() throws Exception {
        Generator<Integer> generator = Generator.of(g -> {
            Interposition.disabled(() -> {
                for (int i = 0; i < 3; i++) {
                    note("body");
                    g.yield(i);
                }
            });
            note("body");
        });
        generator.next(); // Here nothing is interposed.
        EventLoop.run(loop -> {
            generator.next();
            note("consumer");
        });
        generator.next();
        EventLoop.run(main -> {
            assertThat(generator.hasNext()).isFalse();
            note("consumer");
        });
        assertThat(log)
                .containsExactly(
                        "body disabled",
                        "body disabled",
                        "consumer enabled",
                        "body disabled",
                        "body enabled",
                        "consumer enabled");
    }

    // ----------------------------------------------------------------------------------------- loops and threads

    @Test
    void aLoopCanHaveItDisabledByDefault() throws Exception {
        try (EventLoop loop = EventLoop.builder().interposition(false).start()) {
            Coroutine first = loop.create(() -> {
                note("first");
                Thread.ofVirtual().start(() -> note("virtual thread")).isAlive();
                sleep();
                Interposition.disabled(() -> note("scope"));
                note("first");
                Coroutine.yield();
                sleep();
                note("resumed");
            });
            Coroutine resumer = loop.spawn(() -> {
                first.resume();
                note("resumer");
                first.resume();
                note("resumer");
            });
            assertThat(resumer.join(Duration.ofSeconds(30))).isTrue();
        }
        assertThat(log)
                .containsExactly(
                        "first disabled",
                        "scope disabled",
                        "first disabled",
                        "resumer disabled",
                        "resumed disabled",
                        "resumer disabled",
                        "virtual thread disabled");
    }

    @Test
    void aLoopThatHasItDisabledIsClosedAsEveryOther() throws Exception {
        EventLoop loop = EventLoop.builder().interposition(false).start();
        Coroutine yielded = loop.spawn(() -> {
            try {
                Coroutine.yield();
            } finally {
                note("unwound");
            }
        });
        Await.until("it yields", () -> yielded.state() == Coroutine.State.YIELDED);
        loop.close();
        assertThat(yielded.state()).isEqualTo(Coroutine.State.DONE);
        assertThat(log).containsExactly("unwound disabled");
    }

    @Test
    void oneThatBlocksALoopIsNamedWhenTheLoopIsToClose() throws Exception {
        CountDownLatch blocks = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        EventLoop loop = EventLoop.builder().interposition(false).start();
        loop.spawn("stuck", () -> {
            blocks.countDown();
            release.await();
        });
        Await.latch(blocks);
        assertThatThrownBy(() -> loop.close(Duration.ofMillis(10)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("coroutine 'stuck' RUNNING and stops the loop", ", interposition disabled");
        release.countDown();
        assertThat(loop.awaitTermination(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void onAPlatformThreadNothingIsInterposedAndAScopeJustRuns() {
        note("before");
        int result = Interposition.disabled(() -> {
            note("inside");
            return 7;
        });
        assertThat(result).isEqualTo(7);
        assertThat(log).containsExactly("before disabled", "inside disabled");
    }

    /** If it pinned them, they would take all carrier threads, and nobody would count down. */
    @Test
    void stockVirtualThreadsAreSuspendedInAScopeAsElsewhere() throws Exception {
        int many = 4 * Runtime.getRuntime().availableProcessors();
        CountDownLatch inside = new CountDownLatch(many);
        CountDownLatch release = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            threads.add(Thread.ofVirtual().start(() -> Interposition.disabled(() -> {
                inside.countDown();
                try {
                    boolean released = release.await(30, TimeUnit.SECONDS);
                    assertThat(released).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            })));
        }
        threads.add(Thread.ofVirtual().start(() -> {
            try {
                inside.await();
                release.countDown();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        for (Thread thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(25))).isTrue();
        }
    }
}
