package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.CoroutineContinuation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/** A virtual thread that lives on a loop, and what the loop keeps of it. */
public final class Task extends CoroutineContinuation implements Resumer {
    /*
     * State transitions, all made by the loop's thread:
     *
     *      NEW -> READY      // started: put into the ready queue
     *      NEW -> RUNNING    // resumed or transferred to
     *    READY -> RUNNING    // its turn has come
     *  RUNNING -> RESUMING   // has resumed another task
     * RESUMING -> RUNNING    // that task has yielded, blocked or ended
     *  RUNNING -> YIELDED    // by hand: yield or transfer
     *  YIELDED -> RUNNING    // resumed or transferred to
     *  YIELDED -> READY      // to be unwound
     *  RUNNING -> BLOCKED    // waits for I/O, a lock, a time ...
     *  RUNNING -> READY      // Thread.yield, or was woken before it had left
     *  BLOCKED -> READY      // woken
     *  RUNNING -> DONE
     *
     * And, rarely, where somebody takes the task's stack trace at the very moment when it is to run:
     *
     *    RUNNING -> BLOCKED  // did not run; who inspects it submits it again
     */

    /** What a task is doing. */
    public enum State {
        /** Created, and neither started nor resumed. */
        NEW,
        /** In its loop's ready queue. */
        READY,
        /** The one that its loop's thread is running. */
        RUNNING,
        /** Has resumed another one and waits for control to come back. */
        RESUMING,
        /** Suspended by hand, until somebody resumes it. */
        YIELDED,
        /** Waits for I/O, a lock, a time; its loop continues it. */
        BLOCKED,
        /** Has ended. */
        DONE
    }

    /** It waits to read from a descriptor. */
    public static final byte READ = 0;

    /** It waits to write to a descriptor. */
    public static final byte WRITE = 1;

    /** It waits in a selector, whose descriptor it is. */
    public static final byte SELECT = 2;

    static final AtomicReferenceFieldUpdater<Task, @Nullable Object> LINK =
            AtomicReferenceFieldUpdater.newUpdater(Task.class, Object.class, "link");

    private static final VarHandle STATE;
    private static final VarHandle ATTACHMENT;
    private static final State[] STATES = State.values();

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Task.class, "state", byte.class);
            ATTACHMENT = MethodHandles.lookup().findVarHandle(Task.class, "attachment", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Loop loop;

    /** The state's ordinal: a reference would cost the garbage collector's barrier at each switch. */
    private byte state; // Written by the loop's thread; any thread may look.

    /** Used by {@link RemoteQueue}. */
    private volatile @Nullable Object link;

    // Loop thread only, from here on.

    /** How often it was given the thread. */
    private long runs;

    /** Its place in the loop's registry, from its start to its end. */
    Registry.@Nullable Entry entry;

    /** Who gets control when it yields, blocks or ends; null for the loop. */
    @Nullable Resumer resumer;

    /** What the task it has resumed left it to throw; when it has ended, what it leaves to whoever closes it. */
    private @Nullable Throwable thrown;

    /** The timer of its timed waits, made at the first. */
    private @Nullable Timer timer;

    /** True while it is suspended by {@link Chain#handOver}: still so after it was given the thread, it did not run. */
    boolean handedOver;

    /** True from the moment when its thread has been started. */
    boolean started;

    /** Does the library's own work, so it is taken until the loop has ended. Set before the start. */
    private boolean exempt;

    /** Not made by its loop; see {@link #isAdopted}. */
    private final boolean adopted;

    /** Its entry refers to it strongly. Here as well, so that a switch need not look there. */
    private boolean kept;

    /** It shall end: each yield throws. */
    private boolean cancelled;

    /** Somebody closes it, and gets what leaves its body. */
    private boolean closerWaits;

    /** What its last wait was for; see {@link Barging}. */
    byte waitsFor;

    /** How often in a row it has waited for that before. */
    byte cameTooLate;

    /** When it began to wait: milliseconds of the loop's time, as an int that may wrap. */
    private int since;

    /** The descriptor for which it waits, or -1. */
    private int descriptor = -1;

    /** {@link #READ}, {@link #WRITE} or {@link #SELECT}, while it waits for a descriptor. */
    private byte waitMode;

    /** True if the JDK's pollers watch that descriptor, because the loop's thread has stopped. */
    private boolean waitsAtJdk;

    /** What the layers above keep with this task. Set once, by any thread. */
    private @Nullable Object attachment;

    Task(Loop loop, Thread thread, boolean adopted) {
        super(thread, !loop.isInterposed());
        this.loop = loop;
        this.adopted = adopted;
        this.started = adopted;
    }

    /** The task that is running the caller, or null if the caller is no coroutine of a loop. */
    public static @Nullable Task current() {
        return of(Thread.currentThread());
    }

    /** The task of a thread, or null if it is no coroutine of a loop. */
    public static @Nullable Task of(Thread thread) {
        return CoroutineContinuation.of(thread) instanceof Task task ? task : null;
    }

    public Loop loop() {
        return loop;
    }

    public State state() {
        return STATES[(byte) STATE.getOpaque(this)];
    }

    /** Only a resume, transfer or yield of somebody else continues it. */
    boolean isSuspendedByHand() {
        return is(State.YIELDED) || is(State.RESUMING);
    }

    @SuppressWarnings("EnumOrdinal") // The index into STATES, within one run of the program.
    boolean is(State what) {
        return (byte) STATE.getOpaque(this) == what.ordinal();
    }

    @SuppressWarnings("EnumOrdinal")
    void state(State next) {
        STATE.setOpaque(this, (byte) next.ordinal());
    }

    /** What the layer above keeps with this task. Any thread may ask. */
    public @Nullable Object attachment() {
        return ATTACHMENT.getAcquire(this);
    }

    /** Before anybody else knows this task. */
    public void attach(Object value) {
        attachment = value;
    }

    /** On any thread. Returns what is kept now: this, or what another thread has attached meanwhile. */
    public Object attachIfAbsent(Object value) {
        Object before = ATTACHMENT.compareAndExchange(this, null, value);
        return before == null ? value : before;
    }

    /** Its name in quotes, or its thread's number. */
    @Override
    public String label() {
        String name = thread().getName();
        return name.isEmpty() ? "#" + thread().threadId() : "'" + name + "'";
    }

    /** Whoever has resumed it and waits, or null. As it was recently, if asked on another thread. */
    public @Nullable Resumer resumer() {
        return resumer;
    }

    @Nullable Resumer takeResumer() {
        Resumer taken = resumer;
        if (taken != null) {
            resumer = null;
        }
        return taken;
    }

    @Override
    public void give(Throwable exception) {
        thrown = exception;
    }

    @Nullable Throwable takeThrown() {
        Throwable taken = thrown;
        if (taken != null) {
            thrown = null;
        }
        return taken;
    }

    /**
     * Passes an exception that is about to leave this task's body to whoever has resumed it. Called on the task, last.
     *
     * @return false if the loop did: then the exception is the uncaught exception handler's
     */
    public boolean giveToResumer(Throwable exception) {
        if (resumer == null) {
            return false;
        }
        resumer.give(exception);
        return true;
    }

    /** Somebody begins, or ceases, to wait for its end in order to get what leaves its body. */
    public void closerWaits(boolean waits) {
        closerWaits = waits;
    }

    /** Passes an exception that is about to leave this task's body to whoever closes it. Called on the task, last. */
    public boolean giveToCloser(Throwable exception) {
        if (closerWaits) {
            thrown = exception;
        }
        return closerWaits;
    }

    /** What has left its body and was meant for whoever closed it, once. */
    public @Nullable Throwable takeLeft() {
        return takeThrown();
    }

    /** Tells it to end: its next yield throws. */
    public void cancel() {
        cancelled = true;
    }

    /** Tells whether it has been told to end. */
    public boolean isCancelled() {
        return cancelled;
    }

    void throwIfCancelled() {
        if (cancelled) {
            throw new CancellationException("coroutine " + label() + " was closed");
        }
    }

    /** It begins to wait for a descriptor. */
    public void beginWait(int fd, byte mode) {
        descriptor = fd;
        waitMode = mode;
    }

    /** It does not wait for a descriptor any more. */
    public void endWait() {
        descriptor = -1;
        waitsAtJdk = false;
    }

    /** The descriptor for which it waits, or -1. */
    public int descriptor() {
        return descriptor;
    }

    public byte waitMode() {
        return waitMode;
    }

    /** Its wait has been handed to the JDK's pollers. */
    public void waitAtJdk() {
        waitsAtJdk = true;
    }

    public boolean waitsAtJdk() {
        return waitsAtJdk;
    }

    void blockedAt(long loopMillis) {
        since = (int) loopMillis;
    }

    /**
     * Tells whether its loop has not made it, but adopted it: a virtual thread that code in a coroutine has started by the
     * JDK's own means. It may be a library's, which serves others later, so the loop does not end it.
     */
    boolean isAdopted() {
        return adopted;
    }

    /** How long it has been waiting or suspended, in milliseconds. */
    public long waitedMillis() {
        return ((int) loop.clockMillis() - since) & 0xffff_ffffL;
    }

    /** It begins to wait: its loop keeps it, for those who wake it need not refer to it. */
    void mustBeKept() {
        if (!kept && entry != null) {
            kept = true;
            entry.keep(this);
        }
    }

    /** It is about to be suspended by hand: it is kept by those who refer to it. */
    void mayBeCollected() {
        if (kept && entry != null) {
            kept = false;
            entry.release();
        }
    }

    /** Counts that it is given the thread. Returns whether it is for the first time. */
    boolean countRun() {
        return runs++ == 0;
    }

    /** How often its frames were copied to the heap: at the end of each run but the last. Any thread may ask. */
    public long copiesOut() {
        State now = state();
        return now == State.RUNNING || now == State.DONE ? copiesIn() : runs;
    }

    /** How often they were needed on the stack again: at each run but the first. Any thread may ask. */
    public long copiesIn() {
        return Math.max(0, runs - 1);
    }

    /** The size in bytes of its frames in the heap while it is suspended; else 0. Any thread may ask. */
    public long savedBytes() {
        return switch (state()) {
            case READY, RESUMING, YIELDED, BLOCKED -> bytesInHeap();
            case NEW, RUNNING, DONE -> 0;
        };
    }

    Timer timer() {
        if (timer == null || timer.pending()) {
            timer = new Timer(loop.timers());
        }
        return timer;
    }

    /** Ends it before it has begun. Returns false if it has begun. */
    public boolean discardIfNew() {
        if (state() == State.NEW && !started) {
            state(State.DONE);
            return true;
        }
        return false;
    }

    /** Ends it because its loop has refused it, so that it has never begun. */
    public void refused() {
        state(State.DONE);
    }

    /** Tells whether its thread has been started, by whatever means. */
    boolean hasStarted() {
        return started || thread().getState() != Thread.State.NEW;
    }

    /** Lets it start although the loop takes no more work, because it does the library's own. Before the start. */
    public void exempt() {
        exempt = true;
    }

    boolean isExempt() {
        return exempt;
    }

    /** What the library does for itself must not stop the loop. */
    @Override
    protected boolean mayBePinned() {
        return !exempt;
    }

    /** Puts it into its loop's ready queue, for the first time. Any thread may call it. */
    public void startThread() {
        started = true;
        start(loop.container());
    }

    @Override
    protected void beforeIo() {
        loop.chain().beforeIo(this);
    }

    @Override
    protected Object readiness() {
        return loop.readiness();
    }

    @Override
    protected void onPinned(String reason, boolean timed) {
        loop.pinned(this, reason, timed);
    }

    @Override
    public String toString() {
        return "coroutine " + label() + " of event loop '" + loop.name() + "', " + state();
    }
}
