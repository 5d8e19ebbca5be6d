package io.github.libco4j.internal.run;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.EventLoopGroup;
import io.github.libco4j.Interposition;
import io.github.libco4j.internal.jdk.Uninterruptibly;
import io.github.libco4j.internal.loop.Loop;
import io.github.libco4j.internal.loop.Task;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program's threads as coroutines on a few loops. Each thread that is started is offered here, by {@code RunThreads}; it stays
 * a thread, or gets a coroutine that runs its {@code run()}, and stands for that in all that the program sees.
 *
 * <p>Such a program was written for threads, so that a coroutine which computes for long loses its loop's seat, and goes on beside the others: what
 * waits for another thread, even by reading a variable without end, waits for no coroutine in vain.
 */
public final class Run implements RunThreads.Host {
    private final Options options;
    private final Selection selection;
    private final Ledger ledger = new Ledger();
    private final Lifeline lifeline = new Lifeline();
    private final Set<Thread> alive = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean mainHasBegun = new AtomicBoolean();

    /** Made when the first thread becomes a coroutine. Written by whoever has this monitor. */
    private volatile @Nullable EventLoopGroup group;

    /** The thread that makes them: what it starts meanwhile are their threads. */
    private volatile @Nullable Thread makesLoops;

    private Run(Options options) {
        this.options = options;
        this.selection = new Selection(options.threads());
    }

    /**
     * Begins to take the program's threads. Called by the agent when all is woven.
     *
     * @return what else is to be woven: main, lift-pools, async
     */
    public static Set<String> begin(String arguments) {
        Run run = new Run(Options.parse(arguments));
        RunThreads.offerTo(run);
        if (run.options.report()) {
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("libco4j-report").unstarted(run::report));
        }
        return run.options.asksFor();
    }

    // Not in the log: the loggers may have been closed.
    private void report() {
        EventLoopGroup loops = group;
        String text = loops == null
                ? ledger.text(0, 0)
                : ledger.text(loops.loops().size(), loops.statistics().runs()) + Interposition.report();
        System.err.print(text);
        System.err.flush();
    }

    @Override
    public boolean starts(Thread original) {
        if (Thread.currentThread().equals(makesLoops)) {
            return false;
        }
        Selection.Verdict verdict = selection.of(original, RunThreads.task(original));
        if (verdict.whyNot() != null) {
            if (!verdict.isOwn()) {
                ledger.stayedThread(verdict.site(), verdict.whyNot());
            }
            return false;
        }
        boolean holdsJvm = !original.isDaemon();
        Coroutine coroutine = loop(verdict.loop()).create(original.getName(), () -> {
            try {
                RunThreads.run(original);
            } finally {
                alive.remove(original);
                ledger.ended();
                RunThreads.ended(original);
                if (holdsJvm) {
                    lifeline.release();
                }
            }
        });
        RunThreads.bind(original, coroutine.thread());
        alive.add(original);
        ledger.becameCoroutine(verdict.site());
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
        if (!options.async()) {
            return byDefault;
        }
        boolean ignored = loop(0).isOpen(); // They are there now.
        return Objects.requireNonNull(group).asExecutor();
    }

    @Override
    public boolean mains(Class<?> program, String[] arguments) throws Throwable {
        if (!mainHasBegun.compareAndSet(false, true)) {
            return false;
        }
        Method main = program.getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        Thread original = Thread.currentThread();
        Throwable[] thrown = new Throwable[1];
        Coroutine coroutine = loop(-1).create(original.getName(), () -> {
            try {
                main.invoke(null, (Object) arguments);
            } catch (InvocationTargetException e) {
                thrown[0] = e.getCause();
            }
        });
        RunThreads.bind(original, coroutine.thread());
        try {
            coroutine.start();
            boolean ignored = Uninterruptibly.run(Uninterruptibly.FOREVER, coroutine::join);
        } finally {
            RunThreads.unbind(original);
        }
        if (thrown[0] != null) {
            throw thrown[0];
        }
        return true;
    }

    private EventLoop loop(int index) {
        EventLoopGroup loops = group;
        if (loops == null) {
            loops = makeLoops();
        }
        return index < 0 ? loops.next() : loops.loops().get(index % loops.loops().size());
    }

    private synchronized EventLoopGroup makeLoops() {
        EventLoopGroup loops = group;
        if (loops == null) {
            makesLoops = Thread.currentThread();
            try {
                int count = options.loops() == 0 ? Runtime.getRuntime().availableProcessors() : options.loops();
                loops = EventLoopGroup.builder().name("run").loops(count).daemon(true).start();
                for (EventLoop loop : loops.loops()) {
                    Loop.of(Objects.requireNonNull(Task.of(loop.create(() -> {}).thread()))).retake();
                }
                group = loops;
            } finally {
                makesLoops = null;
            }
        }
        return loops;
    }

    @Override
    public Iterable<Thread> alive() {
        return alive;
    }
}
