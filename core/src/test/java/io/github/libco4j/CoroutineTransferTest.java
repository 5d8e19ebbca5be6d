package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class CoroutineTransferTest {
    private final List<String> log = new ArrayList<>();

    @Test
    void theOneTransferredToYieldsToWhoeverResumedTheFirst() throws Exception {
        EventLoop.run(loop -> {
            Coroutine second = loop.create(() -> {
                log.add("second");
                Coroutine.yield();
                log.add("second again");
            });
            Coroutine first = loop.create(() -> {
                log.add("first");
                Coroutine.transfer(second);
                log.add("first again");
            });
            first.resume();
            log.add("resumer");
            assertThat(first.state()).isEqualTo(Coroutine.State.YIELDED);
            assertThat(second.state()).isEqualTo(Coroutine.State.YIELDED);
            first.resume();
            second.resume();
        });
        assertThat(log).containsExactly("first", "second", "resumer", "first again", "second again");
    }

    @Test
    void twoCoroutinesTransferToEachOther() throws Exception {
        EventLoop.run(loop -> {
            Coroutine[] pair = new Coroutine[2];
            for (int i = 0; i < 2; i++) {
                int me = i;
                pair[i] = loop.create(() -> {
                    for (int turn = 0; turn < 3; turn++) {
                        log.add(me + ":" + turn);
                        if (me == 0 || turn < 2) {
                            Coroutine.transfer(pair[1 - me]);
                        }
                    }
                });
            }
            pair[0].resume();
            assertThat(pair[0].state()).isEqualTo(Coroutine.State.YIELDED);
            assertThat(pair[1].state()).isEqualTo(Coroutine.State.DONE);
        });
        assertThat(log).containsExactly("0:0", "1:0", "0:1", "1:1", "0:2", "1:2");
    }

    @Test
    void aRingOfManyPassesControlRoundInOneResume() throws Exception {
        int size = 1_000;
        int rounds = 100;
        EventLoop.run(loop -> {
            Coroutine[] ring = new Coroutine[size];
            int[] visits = new int[1];
            for (int i = 0; i < size; i++) {
                int next = (i + 1) % size;
                ring[i] = loop.create(() -> {
                    while (true) {
                        visits[0]++;
                        if (visits[0] == size * rounds) {
                            return;
                        }
                        Coroutine.transfer(ring[next]);
                    }
                });
            }
            ring[0].resume();
            assertThat(visits[0]).isEqualTo(size * rounds);
            assertThat(ring[size - 1].state()).isEqualTo(Coroutine.State.DONE);
            assertThat(ring[0].state()).isEqualTo(Coroutine.State.YIELDED);
        });
    }

    @Test
    void anExceptionGoesToWhoeverResumedTheFirst() throws Exception {
        EventLoop.run(loop -> {
            Coroutine second = loop.create(() -> {
                throw new IllegalArgumentException("from second");
            });
            Coroutine first = loop.create(() -> {
                Coroutine.transfer(second);
                log.add("first goes on");
            });
            assertThatThrownBy(first::resume)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("from second");
            assertThat(second.state()).isEqualTo(Coroutine.State.DONE);
            first.resume();
            assertThat(first.state()).isEqualTo(Coroutine.State.DONE);
        });
        assertThat(log).containsExactly("first goes on");
    }

    @Test
    void theOneTransferredToThatBlocksGivesControlToWhoeverResumedTheFirst() throws Exception {
        EventLoop.run(loop -> {
            Coroutine second = loop.create(() -> {
                LockSupport.park();
                log.add("second");
            });
            Coroutine first = loop.create(() -> Coroutine.transfer(second));
            first.resume();
            log.add("resumer");
            assertThat(second.state()).isEqualTo(Coroutine.State.BLOCKED);
            LockSupport.unpark(second.thread());
            second.join();
        });
        assertThat(log).containsExactly("resumer", "second");
    }

    @Test
    void aCoroutineThatTheLoopRunsTransfersAndTheOtherYieldsToTheLoop() throws Exception {
        EventLoop.run(loop -> {
            Coroutine second = loop.create(() -> {
                log.add("second");
                Coroutine.yield();
            });
            Coroutine first = loop.spawn(() -> {
                log.add("first");
                Coroutine.transfer(second);
            });
            while (first.state() != Coroutine.State.YIELDED) {
                Thread.sleep(1);
            }
            assertThat(second.state()).isEqualTo(Coroutine.State.YIELDED);
        });
        assertThat(log).containsExactly("first", "second");
    }

    @Test
    void theOwnersResumeReturnsWhenTheOneTransferredToYields() {
        try (EventLoop loop = EventLoop.builder().attach()) {
            Coroutine second = loop.create(() -> {
                log.add("second");
                Coroutine.yield();
            });
            Coroutine first = loop.create(() -> Coroutine.transfer(second));
            first.resume();
            log.add("owner");
            assertThat(second.state()).isEqualTo(Coroutine.State.YIELDED);
        }
        assertThat(log).containsExactly("second", "owner");
    }
}
