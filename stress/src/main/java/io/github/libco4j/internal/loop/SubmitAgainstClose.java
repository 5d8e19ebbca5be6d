package io.github.libco4j.internal.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A loop closes its submissions while another thread submits. r1: it was accepted; r2: how often the loop took it. */
public final class SubmitAgainstClose {
    private SubmitAgainstClose() {}

    /** As {@code Scheduler.closeRemote} does it. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Accepted and taken.")
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Refused.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Accepted and lost, or refused and taken.")
    @State
    public static class CloseGuarded {
        private final RemoteQueue<Node> submissions = new RemoteQueue<>(Node.LINK);

        @Actor
        public void submitter(II_Result r) {
            r.r1 = submissions.submit(new Node()) ? 1 : 0;
        }

        @Actor
        public void loop(II_Result r) {
            do {
                submissions.takeAll(node -> r.r2++);
            } while (!submissions.closeIfEmpty());
        }
    }

    /** The loop looks whether there is something to take, and closes in a second step. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Accepted and taken.")
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Refused.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Accepted and lost, or refused and taken.")
    @State
    public static class CloseBroken {
        private final RemoteQueue<Node> submissions = new RemoteQueue<>(Node.LINK);
        private volatile boolean closed;

        @Actor
        public void submitter(II_Result r) {
            r.r1 = !closed && submissions.submit(new Node()) ? 1 : 0;
        }

        @Actor
        public void loop(II_Result r) {
            do {
                submissions.takeAll(node -> r.r2++);
            } while (!submissions.isEmpty());
            closed = true;
        }
    }

    /** An element that was refused can be submitted elsewhere: its claim has been given back. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Accepted by the first and taken.")
    @Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "Refused by the first, and the second has it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost between the two.")
    @State
    public static class RefusedGuarded {
        private final RemoteQueue<Node> first = new RemoteQueue<>(Node.LINK);
        private final RemoteQueue<Node> second = new RemoteQueue<>(Node.LINK);

        @Actor
        public void submitter(II_Result r) {
            Node node = new Node();
            if (first.submit(node)) {
                r.r1 = 1;
            } else if (second.submit(node) && !second.isEmpty()) {
                r.r1 = 2;
            }
        }

        @Actor
        public void loop(II_Result r) {
            do {
                first.takeAll(node -> r.r2++);
            } while (!first.closeIfEmpty());
        }
    }

    /** Who is refused keeps the claim. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Accepted by the first and taken.")
    @Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "Refused by the first, and the second has it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost between the two.")
    @State
    public static class RefusedBroken {
        private final RemoteQueue<Node> first = new RemoteQueue<>(Node.LINK);
        private final RemoteQueue<Node> second = new RemoteQueue<>(Node.LINK);

        @Actor
        public void submitter(II_Result r) {
            Node node = new Node();
            if (first.submit(node)) {
                r.r1 = 1;
                return;
            }
            Node.LINK.set(node, this);
            if (second.submit(node) && !second.isEmpty()) {
                r.r1 = 2;
            }
        }

        @Actor
        public void loop(II_Result r) {
            do {
                first.takeAll(node -> r.r2++);
            } while (!first.closeIfEmpty());
        }
    }
}
