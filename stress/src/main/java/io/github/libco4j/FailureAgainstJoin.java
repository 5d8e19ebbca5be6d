package io.github.libco4j;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A coroutine fails while a joiner comes whose time is over at once: C1, C2 against J1, J3, J4 of {@link Coroutine}. r1:
 * the joiner throws the failure; r2: the handler gets it.
 */
public final class FailureAgainstJoin {
    private static final EventLoop LOOP = EventLoop.builder().name("never asked").daemon(true).start();

    @SuppressWarnings("StaticAssignmentOfThrowable") // One for all trials: nobody reads its trace.
    private static final RuntimeException FAILURE = new IllegalArgumentException("left the body");

    private FailureAgainstJoin() {}

    private static Coroutine create() {
        return LOOP.create(() -> {});
    }

    /** The joiner looks for a failure after it has counted itself out. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "The failure is lost.")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "The joiner throws it, or the handler gets it, or both.")
    @State
    public static class JoinGuarded {
        private final Coroutine coroutine = create();

        @Actor
        public void joiner(II_Result r) {
            r.r1 = Coroutine.endJoin(coroutine.beginJoin()) != null ? 1 : 0;
        }

        @Actor
        public void body(II_Result r) {
            r.r2 = coroutine.keep(FAILURE) ? 0 : 1;
        }
    }

    /** The joiner looks for a failure, and then counts itself out. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "The failure is lost.")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "As above.")
    @State
    public static class JoinBroken {
        private final Coroutine coroutine = create();

        @Actor
        public void joiner(II_Result r) {
            Object joined = coroutine.beginJoin();
            r.r1 = coroutine.failure() != null ? 1 : 0;
            boolean ignored = Coroutine.endJoin(joined) != null;
        }

        @Actor
        public void body(II_Result r) {
            r.r2 = coroutine.keep(FAILURE) ? 0 : 1;
        }
    }
}
