package io.github.libco4j.io;

import io.github.libco4j.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Starts the strands of one test, each on the next loop in turn. */
final class Strands implements AutoCloseable {
    private final List<EventLoop> loops = new ArrayList<>();
    private int next;

    Strands(Kind kind) {
        for (int i = 0; i < kind.loops; i++) {
            loops.add(EventLoop.builder().name("loop-" + i).start());
        }
    }

    Strand spawn(Callable<?> body) {
        Strand strand = new Strand();
        Runnable run = Strand.running(strand, body);
        return strand.startedOn(
                loops.isEmpty()
                        ? Thread.ofVirtual().unstarted(run)
                        : loops.get(next++ % loops.size()).threadFactory().newThread(run));
    }

    /** A strand that returns nothing. */
    Strand run(Action body) {
        return spawn(() -> {
            body.run();
            return "nothing";
        });
    }

    /** Runs the action somewhere else and waits for it. */
    void disturb(Elsewhere where, Action action) {
        Strand strand = new Strand();
        Callable<?> body = () -> {
            action.run();
            return "nothing";
        };
        Runnable run = Strand.running(strand, body);
        switch (where) {
            case STRAND -> strand = spawn(body);
            case PLATFORM_THREAD -> strand.startedOn(Thread.ofPlatform().daemon().unstarted(run));
            case STOCK_VIRTUAL_THREAD -> strand.startedOn(Thread.ofVirtual().unstarted(run));
        }
        strand.done();
    }

    List<EventLoop> loops() {
        return loops;
    }

    @Override
    public void close() {
        loops.forEach(EventLoop::close);
    }

    /** What a strand does. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }
}
