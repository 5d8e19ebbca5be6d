package io.github.libco4j.internal.interposition;

import io.github.libco4j.internal.jdk.CompiledCode;
import io.github.libco4j.internal.jdk.Jdk;
import io.github.libco4j.internal.jdk.Uninterruptibly;
import io.github.libco4j.internal.loop.ParkReadiness;
import io.github.libco4j.internal.loop.Readiness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.LoopTakeover;

/**
 * The meeting point of the JDK's blocking I/O and the loops (libco: the hooked system calls).
 *
 * <p>A blocking call of {@code java.net} or {@code java.nio} on a virtual thread first tries; if it would block, it waits for
 * the descriptor at the JDK's poller. Once the pollers have been taken over, {@code LoopPoller} stands there: it asks the
 * calling coroutine for its loop's readiness, and lets that wait: {@link EpollReadiness}.
 *
 * <p>The first copy of libco4j in the process takes the pollers over; copies by other class loaders find that done. Nothing
 * that is put into the JDK refers to a copy, so a copy can be collected when its loops have ended.
 */
public final class IoInterposition {
    /** {@code -Dlibco4j.readiness=jdk}: leave I/O to the JDK's own pollers, as on other systems than Linux. */
    public static final String READINESS = "libco4j.readiness";

    /** {@code -Dlibco4j.registration=each-wait}: do not rely on the announcement of each close. */
    public static final String REGISTRATION = "libco4j.registration";

    private static final class Holder {
        static final IoInterposition INSTANCE = new IoInterposition();
    }

    private final CountDownLatch taken = new CountDownLatch(1);
    private final boolean mayRegisterOnce = !"each-wait".equals(System.getProperty(REGISTRATION));

    // Written before "taken" opens.
    private boolean epoll;
    private @Nullable IllegalStateException failure;

    private IoInterposition() {
        // The JDK's pollers start virtual threads, which inherit the scheduler of the thread that touches them first. That
        // thread must not be a coroutine: its loop would have to run the pollers in order to be woken by them.
        Start start = new Start();
        Thread.ofPlatform()
                .name("libco4j-start")
                .daemon()
                .inheritInheritableThreadLocals(false)
                .start(start);
        boolean ignored = Uninterruptibly.run(Uninterruptibly.FOREVER, start);
    }

    /** What the first thread does, and how others wait for it. No lambdas: to link one delays every program's start. */
    private final class Start implements Runnable, Uninterruptibly.Wait {
        @Override
        public void run() {
            takeOver();
        }

        @Override
        public boolean run(Duration atMost) throws InterruptedException {
            taken.await();
            return true;
        }
    }

    /** The instance; the first call takes the JDK's pollers over, unless another copy has done it. */
    public static IoInterposition instance() {
        return Holder.INSTANCE;
    }

    private void takeOver() {
        List<Class<?>> files = List.of();
        List<Class<?>> channels = List.of();
        try {
            files = LoopTakeover.takeFiles();
            channels = LoopTakeover.takeChannels();
            takePollers();
        } catch (ReflectiveOperationException | LinkageError | InternalError e) {
            failure = Jdk.unknownInternals(e);
        } finally {
            taken.countDown();
        }
        if (!channels.isEmpty() && !mayBeBuiltIn(channels)) {
            LoopTakeover.channelsAreNotBuiltIn();
        }
        if (!files.isEmpty() && !mayBeBuiltIn(files)) {
            LoopTakeover.filesAreNotBuiltIn();
        }
    }

    private void takePollers() {
        try {
            if (wantsEpoll()) {
                Jdk.requirePollers();
                LoopTakeover.takePollers();
                epoll = true;
            } else {
                LoopTakeover.startPollers();
            }
        } catch (ReflectiveOperationException | LinkageError | InternalError e) {
            failure = new IllegalStateException(
                    "libco4j cannot take over the I/O pollers of this JDK (" + Runtime.version() + "), where "
                            + Jdk.whatIsDifferentInPollers(e) + ": run with -D" + READINESS + "=jdk to leave I/O to them",
                    e);
        }
    }

    /** Tells whether compiled code may have a replaced dispatcher built in. Asks the JVM for its list of compiled code. */
    private static boolean mayBeBuiltIn(List<Class<?>> classes) {
        try {
            return CompiledCode.existsFor(classes);
        } catch (ReflectiveOperationException unknown) {
            return true; // Each wait registers then, and the statistics say so.
        }
    }

    private static boolean wantsEpoll() {
        return "Linux".equals(System.getProperty("os.name")) && !"jdk".equals(System.getProperty(READINESS));
    }

    /**
     * Makes the readiness of a loop that runs on the given platform thread.
     *
     * @param elsewhere true if other threads must watch descriptors, since this thread sleeps outside the loop's epoll set
     * @throws IllegalStateException if the JDK's pollers could not be taken over
     */
    public Readiness readinessFor(Thread thread, boolean elsewhere) {
        if (failure != null) {
            throw new IllegalStateException(failure.getMessage(), failure);
        }
        if (!epoll || elsewhere) {
            return new ParkReadiness(thread);
        }
        try {
            return new EpollReadiness(this, thread);
        } catch (IOException e) {
            throw new UncheckedIOException("an event loop needs two descriptors of the operating system", e);
        }
    }

    /** Tells whether a descriptor stays registered between waits, because its close is certain to be announced. */
    public boolean registersOnce() {
        return mayRegisterOnce && LoopTakeover.announcesEveryClose();
    }
}
