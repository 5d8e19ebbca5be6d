package io.github.libco4j.internal.loop;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A thread is made runnable while its loop is about to look at it. */
public final class UnparkAgainstPark {
    private UnparkAgainstPark() {}

    /**
     * The order of claim and look. The node is in the stack already, for some older reason, so that the waker may find it
     * claimed. r1: how often the loop saw that it may run.
     */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "It runs once.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The wake-up was lost, or taken twice.")
    @State
    public static class ClaimGuarded {
        private final RemoteQueue<Node> submissions = new RemoteQueue<>(Node.LINK);
        private final Node node = new Node();
        private int ran;

        public ClaimGuarded() {
            boolean ignored = submissions.submit(node);
        }

        @Actor
        public void waker() {
            node.runnable = 1;
            boolean ignored = submissions.submit(node);
        }

        @Actor
        public void loop() {
            submissions.takeAll(this::look);
        }

        private void look(Node found) {
            if (found.runnable == 1) {
                found.runnable = 0;
                ran++;
            }
        }

        @Arbiter
        public void nextIteration(I_Result r) {
            submissions.takeAll(this::look);
            r.r1 = ran;
        }
    }

    /** A stack of one, in which the loop looks at the element and gives the claim back afterwards. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "It runs once.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The wake-up was lost, or taken twice.")
    @State
    public static class ClaimBroken {
        private final Node node = new Node();
        private final AtomicReference<Object> head = new AtomicReference<>(node);
        private int ran;

        public ClaimBroken() {
            Node.LINK.set(node, head);
        }

        private void submit() {
            if (Node.LINK.compareAndSet(node, null, head)) {
                head.set(node);
            }
        }

        private void take() {
            if (head.getAndSet(null) != null) {
                if (node.runnable == 1) {
                    node.runnable = 0;
                    ran++;
                }
                Node.LINK.set(node, null);
            }
        }

        @Actor
        public void waker() {
            node.runnable = 1;
            submit();
        }

        @Actor
        public void loop() {
            take();
        }

        @Arbiter
        public void nextIteration(I_Result r) {
            take();
            r.r1 = ran;
        }
    }

    /** One loop for all coroutines of a process. */
    private static final class Shared {
        static final EventLoop LOOP = EventLoop.builder().name("shared").daemon(true).start();
    }

    /** A coroutine and a waker that take turns: the waker begins a round as soon as it has seen the last one go by. */
    abstract static class Rounds {
        private static final int ROUNDS = 100;

        private final long patienceNanos;
        private final Coroutine coroutine = Shared.LOOP.create(this::body);
        private volatile int begun;
        private volatile int seen;
        volatile boolean waits;

        Rounds(Duration patience) {
            patienceNanos = patience.toNanos();
        }

        /** Parks, or what stands for it. */
        abstract void park();

        /** Unparks the thread, or what stands for it. */
        abstract void unpark(Thread thread);

        private void body() {
            for (int round = 1; round <= ROUNDS; round++) {
                while (begun < round) {
                    park();
                }
                seen = round;
            }
        }

        /** An actor that returned would spin until the other one does, on the processor that the loop needs. */
        void startAndWait() {
            coroutine.start();
            try {
                coroutine.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts an actor", e);
            }
        }

        /** Returns 1 if the coroutine saw every round, 0 if one was lost. */
        int wakeEachRound() {
            for (int round = 1; round <= ROUNDS; round++) {
                begun = round;
                unpark(coroutine.thread());
                long begin = System.nanoTime();
                while (seen < round) {
                    if (System.nanoTime() - begin > patienceNanos) {
                        begun = ROUNDS;
                        LockSupport.unpark(coroutine.thread());
                        return 0;
                    }
                    Thread.onSpinWait();
                }
            }
            return 1;
        }
    }

    /** The whole way, on a real loop: a coroutine parks while another thread unparks it. r1: it went on, each time. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "It went on.")
    @Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "It was still parked after 10 s.")
    @State
    public static class CoroutineGuarded extends Rounds {
        public CoroutineGuarded() {
            super(Duration.ofSeconds(10));
        }

        @Override
        void park() {
            LockSupport.park();
        }

        @Override
        void unpark(Thread thread) {
            LockSupport.unpark(thread);
        }

        @Actor
        public void starter() {
            startAndWait();
        }

        @Actor
        public void waker(I_Result r) {
            r.r1 = wakeEachRound();
        }
    }

    /** The waker looks whether the coroutine has said that it waits, before it unparks. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "It went on.")
    @Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "It was still parked after 20 ms.")
    @State
    public static class CoroutineBroken extends Rounds {
        public CoroutineBroken() {
            super(Duration.ofMillis(20));
        }

        @Override
        void park() {
            waits = true;
            LockSupport.park();
            waits = false;
        }

        @Override
        void unpark(Thread thread) {
            if (waits) {
                LockSupport.unpark(thread);
            }
        }

        @Actor
        public void starter() {
            startAndWait();
        }

        @Actor
        public void waker(I_Result r) {
            r.r1 = wakeEachRound();
        }
    }
}
