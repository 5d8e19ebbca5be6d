package io.github.libco4j.bench.worker;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.bench.kotlin.Workloads;
import java.util.concurrent.locks.LockSupport;

/** Threads in a ring pass a token on, by unpark and park; libco4j also by {@code Coroutine.transfer}. */
final class Ring {
    private Ring() {}

    static Workload on(String kind, int members, int hops) {
        return () -> {
            Stopwatch watch = new Stopwatch();
            switch (kind) {
                case "kotlin" -> Workloads.ring(members, hops);
                case "transfer" -> EventLoop.run(loop -> new ByHand(loop, members, hops).run());
                default -> Threads.of(kind).run(() -> new Parking(Threads.of(kind), members, hops).run());
            }
            return watch.stop(hops);
        };
    }

    /** Each member has a slot, in which it finds the number of hops that are left. */
    private static final class Parking {
        private static final int NONE = -1;

        /** What a neighbour writes, and the member waits for. */
        private static final class Slot {
            volatile int token = NONE;
        }

        private final Slot[] slots;
        private final Thread[] members;

        Parking(Threads threads, int number, int hops) {
            slots = new Slot[number];
            members = new Thread[number];
            for (int i = 0; i < number; i++) {
                int member = i;
                slots[i] = new Slot();
                members[i] = threads.unstarted(() -> passOn(member));
            }
            slots[0].token = hops;
        }

        boolean run() throws InterruptedException {
            for (Thread member : members) {
                member.start();
            }
            for (Thread member : members) {
                member.join();
            }
            return true;
        }

        private void passOn(int member) {
            int next = (member + 1) % members.length;
            while (true) {
                while (slots[member].token == NONE) {
                    LockSupport.park(this);
                }
                int left = slots[member].token;
                slots[member].token = NONE;
                slots[next].token = Math.max(0, left - 1);
                LockSupport.unpark(members[next]);
                // Once it is down to 0, that goes round as well, and ends each.
                if (left == 0) {
                    return;
                }
            }
        }
    }

    /** Control itself is the token. */
    private static final class ByHand {
        private final Coroutine[] members;
        private int left;

        ByHand(EventLoop loop, int number, int hops) {
            left = hops;
            members = new Coroutine[number];
            for (int i = 0; i < number; i++) {
                int next = (i + 1) % number;
                members[i] = loop.create(() -> {
                    while (left-- > 0) {
                        Coroutine.transfer(members[next]);
                    }
                });
            }
        }

        void run() {
            members[0].resume();
            for (Coroutine member : members) {
                member.close();
            }
        }
    }
}
