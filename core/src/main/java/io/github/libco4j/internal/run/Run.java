package io.github.libco4j.internal.run;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.Interposition;
import io.github.libco4j.internal.jdk.OriginalThread;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program's threads as coroutines on a few loops. Each thread that is started is offered here, by what the agent has woven; it stays
 * a thread, or gets a coroutine that runs its {@code run()}, and stands for that in all that the program sees.
 *
 * <p>Such a program was written for threads: what waits for another thread, even by reading a variable without end, must not wait for a coroutine in
 * vain. So a coroutine that computes for long loses its loop's seat, and goes on beside the others; see {@link Loops}.
 */
public final class Run implements OriginalThread.Host {
    private final Options options;
    private final Selection selection;
    private final Ledger ledger = new Ledger();
    private final Lifeline lifeline = new Lifeline();
    private final Set<Thread> alive = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean mainHasBegun = new AtomicBoolean();

    /** Made when the first thread becomes a coroutine. Written by whoever has this monitor. */
    private volatile @Nullable Loops loops;

    /** The thread that makes them: what it starts meanwhile are their threads. */
    private volatile @Nullable Thread makesLoops;

    /** Classes of the program that the agent could not weave, and what becomes of each. It grows. */
    private final Set<String> unwoven;

    private Run(Options options, Set<String> unwoven) {
        this.options = options;
        this.unwoven = unwoven;
        this.selection = new Selection(options.threads());
    }

    /**
     * Begins to take the program's threads. Called by the agent when all is woven.
     *
     * @param unwoven for the report: what becomes of classes that the agent could not weave; it may grow
     * @return what else is to be woven: main, lift-pools, async
     */
    public static Set<String> begin(String arguments, Set<String> unwoven) {
        Run run = new Run(Options.parse(arguments), unwoven);
        OriginalThread.offerTo(run);
        if (run.options.report()) {
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("libco4j-report").unstarted(run::report));
        }
        return run.options.asksFor();
    }

    // Not in the log: the loggers may have been closed.
    private void report() {
        Loops now = loops;
        String text = now == null ? ledger.text(0, 0) : ledger.text(now.count(), now.runs()) + Interposition.report();
        System.err.print(text + Ledger.list("Classes that could not be woven", unwoven));
        System.err.flush();
    }

    @Override
    public boolean starts(Thread original) {
        if (Thread.currentThread().equals(makesLoops)) {
            return false;
        }
        Selection.Verdict verdict = selection.of(original, OriginalThread.task(original));
        if (verdict.whyNot() != null) {
            if (!verdict.isOwn()) {
                ledger.stayedThread(verdict.site(), verdict.whyNot());
            }
            return false;
        }
        boolean holdsJvm = !original.isDaemon();
        Coroutine coroutine = loop(verdict.loop()).create(original.getName(), () -> {
            try {
                OriginalThread.run(original);
            } finally {
                alive.remove(original);
                OriginalThread.end(original);
                if (holdsJvm) {
                    lifeline.release();
                }
            }
        });
        OriginalThread.bind(original, coroutine.thread());
        alive.add(original);
        ledger.becameCoroutine(verdict.site(), alive.size());
        if (holdsJvm) {
            lifeline.hold();
        }
        coroutine.start();
        return true;
    }

    /** A bound that coroutines need not have. */
    private static final int LIFTED = 10_000;

    @Override
    public int bound(int threads) {
        return threads > 0 && threads < LIFTED && Selection.isCalledBy(options.lift()) ? LIFTED : threads;
    }

    @Override
    public Executor async(Executor byDefault) {
        return options.async() ? loop(-1).asExecutor() : byDefault;
    }

    @Override
    public boolean mains(@Nullable Object receiver, String @Nullable [] arguments, Class<?> program) throws Throwable {
        if (!mainHasBegun.compareAndSet(false, true)) {
            return false;
        }
        Method main = arguments == null ? program.getDeclaredMethod("main") : program.getDeclaredMethod("main", String[].class);
        Object[] taken = arguments == null ? new Object[0] : new Object[] {arguments};
        main.setAccessible(true);
        Thread original = Thread.currentThread();
        MainWait wait = new MainWait();
        Coroutine coroutine = loop(-1).create(original.getName(), () -> {
            try {
                main.invoke(receiver, taken);
                wait.end(null);
            } catch (InvocationTargetException e) {
                wait.end(e.getCause());
            }
        });
        OriginalThread.bind(original, coroutine.thread());
        try {
            coroutine.start();
            wait.await();
        } finally {
            OriginalThread.unbind(original);
        }
        if (wait.thrown != null) {
            throw wait.thrown;
        }
        return true;
    }

    /** The main thread waits for its coroutine: in a monitor, since who unparks the thread unparks the coroutine meanwhile. */
    private static final class MainWait {
        private boolean over;
        private @Nullable Throwable thrown;

        synchronized void end(@Nullable Throwable failure) {
            over = true;
            thrown = failure;
            notifyAll();
        }

        synchronized void await() {
            while (!over) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    // The coroutine has been interrupted as well.
                }
            }
        }
    }

    private EventLoop loop(int index) {
        Loops now = loops;
        if (now == null) {
            now = makeLoops();
        }
        return now.at(index);
    }

    private synchronized Loops makeLoops() {
        Loops now = loops;
        if (now == null) {
            makesLoops = Thread.currentThread();
            try {
                now = Loops.start(options);
                loops = now;
            } finally {
                makesLoops = null;
            }
        }
        return now;
    }

    @Override
    public Iterable<Thread> alive() {
        return alive;
    }
}
