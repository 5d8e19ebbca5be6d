package io.github.libco4j.internal.jdk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A thread is interrupted while its owner lends it to a loop, which clears its status: I1 to I6 and B2 to E1 of {@link
 * OwnerInterrupts}. r1: whether the owner finds its interrupt status set (1).
 */
public final class InterruptAgainstLending {
    private static final VarHandle STATUS;

    static {
        Jdk.require();
        try {
            STATUS = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
                    .findVarHandle(Thread.class, "interrupted", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private InterruptAgainstLending() {}

    /** Nobody runs it: the actors do what it and its interrupter do. And the JDK is open when there is one. */
    private static Thread thread() {
        return new Thread(() -> {}, "owner");
    }

    /** What both have in common. */
    abstract static class Lending {
        final Thread owner = thread();
        final OwnerInterrupts interrupts = new OwnerInterrupts(owner, () -> {});

        /** Lends the thread, which mounts something meanwhile. */
        void lend() {
            interrupts.look();
            STATUS.setVolatile(owner, false);
            interrupts.end();
        }

        int found() {
            return owner.isInterrupted() ? 1 : 0;
        }
    }

    /** The status is set again after the request has been counted. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The owner finds the interrupt.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The interrupt was lost.")
    @State
    public static class SetAgainGuarded extends Lending {
        @Actor
        public void owner() {
            lend();
        }

        @Actor
        public void interrupter() {
            STATUS.setVolatile(owner, true);
            interrupts.interrupted();
        }

        @Arbiter
        public void afterwards(I_Result r) {
            r.r1 = found();
        }
    }

    /** It is only counted. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "As above.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The interrupt was lost.")
    @State
    public static class SetAgainBroken extends Lending {
        @Actor
        public void owner() {
            lend();
        }

        @Actor
        public void interrupter() {
            STATUS.setVolatile(owner, true);
            interrupts.count();
        }

        @Arbiter
        public void afterwards(I_Result r) {
            r.r1 = found();
        }
    }
}
