package io.github.libco4j.interposition;

import io.github.libco4j.jdk.CompiledCode;
import io.github.libco4j.loop.ParkReadiness;
import io.github.libco4j.loop.Readiness;
import io.github.libco4j.loop.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.LoopEpoll;
import sun.nio.ch.LoopTakeover;
import sun.nio.ch.LoopWaits;

/**
 * The meeting point of the JDK's blocking I/O and the loops, one for the process (libco: the hooked system calls).
 *
 * <p>A blocking call of {@code java.net} or {@code java.nio} on a virtual thread tries, and if it would block waits for
 * its descriptor at the JDK's poller. There, {@code LoopPoller} asks {@link #inCoroutine} and sends the waits of
 * coroutines here.
 */
public final class DescriptorWaits implements LoopWaits {
    /** {@code -Dlibco4j.readiness=jdk}: leave I/O to the JDK's own pollers, as on other systems than Linux. */
    public static final String READINESS = "libco4j.readiness";

    /** {@code -Dlibco4j.registration=each-wait}: do not rely on being told of every close. */
    public static final String REGISTRATION = "libco4j.registration";

    private static final class Holder {
        static final DescriptorWaits INSTANCE = new DescriptorWaits();
    }

    private final Waiters waiters = new Waiters();
    private final CountDownLatch taken = new CountDownLatch(1);

    // Written before "taken" opens, but for "once", which may become true later.
    private @Nullable LoopTakeover takeover;
    private @Nullable IllegalStateException failure;
    private volatile boolean once;

    private DescriptorWaits() {
        // The JDK's pollers start virtual threads, which inherit the scheduler of whoever touches them first. That must
        // not be a coroutine: it would have to run them in order to be woken by them.
        Thread.ofPlatform()
                .name("libco4j-start")
                .daemon()
                .inheritInheritableThreadLocals(false)
                .start(new Runnable() { // No lambda: to link one takes a millisecond of each program's start.
                    @Override
                    public void run() {
                        takeOver();
                    }
                });
        boolean interrupted = false;
        while (taken.getCount() > 0) {
            try {
                taken.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The instance; the first call takes the JDK's pollers over. */
    public static DescriptorWaits instance() {
        return Holder.INSTANCE;
    }

    private void takeOver() {
        boolean mayRegisterOnce = !"each-wait".equals(System.getProperty(REGISTRATION));
        try {
            if (wantsEpoll()) {
                LoopTakeover taking = new LoopTakeover(this);
                once = mayRegisterOnce && taking.channelsWereUnused();
                takeover = taking;
            } else {
                LoopTakeover.startPollers();
            }
        } catch (ReflectiveOperationException | LinkageError e) {
            failure = new IllegalStateException(
                    "libco4j cannot take over the I/O pollers of this JDK (" + Runtime.version() + "): run with -D"
                            + READINESS + "=jdk to leave I/O to them",
                    e);
        } finally {
            taken.countDown();
        }
        if (takeover != null && mayRegisterOnce && !once) {
            once = !mayBeBuiltIn();
        }
    }

    /** Tells whether compiled code may have a dispatcher built in that does not announce closes. Takes a while. */
    private static boolean mayBeBuiltIn() {
        try {
            return CompiledCode.existsFor(LoopTakeover.CHANNELS);
        } catch (ReflectiveOperationException unknown) {
            return true; // Then each wait registers, and statistics say so.
        }
    }

    private static boolean wantsEpoll() {
        return "Linux".equals(System.getProperty("os.name")) && !"jdk".equals(System.getProperty(READINESS));
    }

    /**
     * Makes the readiness of a loop that runs on the given platform thread.
     *
     * @param elsewhere true if descriptors must be watched by other threads, since nobody may be waiting on this one
     * @throws IllegalStateException if the JDK's pollers could not be taken over
     */
    public Readiness readinessFor(Thread thread, boolean elsewhere) {
        if (failure != null) {
            throw new IllegalStateException(failure.getMessage(), failure);
        }
        if (takeover == null || elsewhere) {
            return new ParkReadiness(thread);
        }
        try {
            return new EpollReadiness(this, thread);
        } catch (IOException e) {
            throw new UncheckedIOException("an event loop needs two descriptors of the operating system", e);
        }
    }

    Waiters waiters() {
        return waiters;
    }

    /** Tells whether a descriptor stays registered between waits, because its close is certain to be announced. */
    public boolean registersOnce() {
        return once;
    }

    // ------------------------------------------------------------------------- what the JDK's pollers ask and tell

    @Override
    public boolean inCoroutine() {
        return readinessOfCurrent() != null;
    }

    /** The epoll readiness that serves the calling coroutine; null if the caller is none, or is served by the JDK. */
    private static @Nullable EpollReadiness readinessOfCurrent() {
        Task task = Task.current();
        return task != null && task.loop().readiness() instanceof EpollReadiness readiness ? readiness : null;
    }

    /*
     * A wait and a close by another thread, which may be that of another loop:
     *
     *   Waiter                                          Closer (or reader of an edge)
     *   A1. publishes itself in Waiters                 C1. marks the channel as closed (or finds it ready)
     *   A2. arms the descriptor                         C2. takes the waiter out of Waiters and unparks it
     *   A3. looks whether the channel is still open
     *   A4. parks
     *
     * Waiters is sequentially consistent, and so is the state of a channel. If C2 comes before A1, then so does C1, and
     * A3 sees the channel closed. If C2 comes after A1, it unparks, and A4 returns, at once if need be. The same holds
     * for an edge: if it was read before A1, it was noted, and A2 finds the note, both on the loop's thread.
     */
    @Override
    public void await(int fd, short event, Kind kind) throws IOException {
        Task task = Task.current();
        if (task == null || !(task.loop().readiness() instanceof EpollReadiness readiness)) {
            throw new IllegalStateException("not in a coroutine: " + Thread.currentThread());
        }
        boolean write = event == LoopEpoll.POLLOUT;
        task.beginWait(fd, kind == Kind.SELECTOR ? Task.SELECT : write ? Task.WRITE : Task.READ);
        waiters.put(fd, write, task.thread());
        try {
            readiness.arm(fd, write, kind);
        } catch (Throwable refused) {
            waiters.remove(fd, write, task.thread());
            task.endWait();
            throw refused;
        }
    }

    @Override
    public boolean leave(int fd, short event) {
        Task task = Task.current();
        if (task == null || task.descriptor() != fd || (task.waitMode() == Task.WRITE) != (event == LoopEpoll.POLLOUT)) {
            return false;
        }
        byte mode = task.waitMode();
        boolean atJdk = task.waitsAtJdk();
        task.endWait();
        boolean unwoken = waiters.remove(fd, mode == Task.WRITE, task.thread());
        if (atJdk) {
            requireTakeover().leaveJdk(fd, event, kind(mode));
        }
        if (task.loop().readiness() instanceof EpollReadiness readiness) {
            if (mode == Task.READ) {
                readiness.mayBeReadable(fd);
            } else if (unwoken && mode == Task.SELECT) {
                readiness.disarmSelector(fd);
            }
        }
        return true;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Not if the coroutine has been interrupted: it would not wait, and must get what there is.
     */
    @Override
    public boolean isDrained(int fd) {
        EpollReadiness readiness = readinessOfCurrent();
        return readiness != null && readiness.isDrained(fd) && !Thread.currentThread().isInterrupted();
    }

    @Override
    public void drained(int fd) {
        EpollReadiness readiness = readinessOfCurrent();
        if (readiness != null) {
            readiness.drained(fd);
        }
    }

    @Override
    public @Nullable Thread release(int fd, short event) {
        return waiters.take(fd, event == LoopEpoll.POLLOUT);
    }

    @Override
    public void closing(int fd) {
        waiters.closing(fd);
    }

    /** A coroutine will never run again, so it will never leave its wait. */
    void forget(Task task) {
        if (task.descriptor() >= 0) {
            waiters.remove(task.descriptor(), task.waitMode() == Task.WRITE, task.thread());
        }
    }

    /**
     * Lets the JDK's pollers watch the descriptor for which the current coroutine waits, since its loop's thread is about
     * to stop.
     */
    void waitAtJdk(Task task) {
        if (task.descriptor() < 0) {
            return;
        }
        byte mode = task.waitMode();
        try {
            requireTakeover()
                    .awaitAtJdk(
                            task.descriptor(),
                            mode == Task.WRITE ? LoopEpoll.POLLOUT : LoopEpoll.POLLIN,
                            kind(mode),
                            task.thread());
            task.waitAtJdk();
        } catch (IOException e) {
            throw new UncheckedIOException("the JDK's poller refuses descriptor " + task.descriptor(), e);
        }
    }

    private static Kind kind(byte mode) {
        return mode == Task.SELECT ? Kind.SELECTOR : Kind.CHANNEL;
    }

    private LoopTakeover requireTakeover() {
        if (takeover == null) {
            throw new IllegalStateException("the JDK's pollers have not been taken over");
        }
        return takeover;
    }
}
