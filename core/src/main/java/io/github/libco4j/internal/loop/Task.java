package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.CoroutineContinuation;
import io.github.libco4j.internal.jdk.LoopContainer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/** A virtual thread that lives on a loop, and what the loop keeps of it. */
public final class Task extends CoroutineContinuation implements Resumer {
    /*
     * A task keeps what is known of a coroutine; the scheduler decides what happens to it. Scheduler alone writes its state,
     * its resumer and its mark of a hand-over, and has the table of the states, with what each transition means.
     */

    /** What a task needs of the loop on which it lives. */
    interface Host {
        /** The loop's name. */
        String name();

        /** How the loop waits for I/O. */
        Object readiness();

        /** Tells whether the caller runs on the loop's thread, in a coroutine or outside. */
        boolean isLoopThread();

        /** The task is about to make a call that may not have to wait. On the task. */
        void beforeIo(Task task);

        /** The task begins a call that may block its thread. On the task. Returns false if the loop waits for it all the same. */
        boolean beginCall(Task task);

        /** The call has returned. When this returns, the loop runs the task. On the task. */
        void endCall(Task task);

        /** The task has ended on a thread that had lost the seat. On that thread. */
        void endedElsewhere(Task task);

        /** The task is about to stop the loop's thread, because it wants to park and cannot leave the thread. On the task. */
        void pinned(Task task, String reason, boolean timed);
    }

    /** What a task is doing. */
    public enum State {
        /** Created, and neither started nor resumed. */
        NEW,
        /** In its loop's ready queue. */
        READY,
        /** Its loop's thread is running it. */
        RUNNING,
        /** Has resumed another task and waits for control to come back. */
        RESUMING,
        /** Suspended by hand, until somebody resumes it. */
        YIELDED,
        /** Waits for I/O, a lock, a time; its loop continues it. */
        BLOCKED,
        /** Has ended. */
        DONE
    }

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

    private final Host host;

    /** The state's ordinal: a reference would cost the garbage collector's barrier at each switch. */
    private byte state; // Written by the scheduler; any thread may look.

    /** Used by {@link RemoteQueue}. */
    private volatile @Nullable Object link;

    // Loop thread only, from here on.

    /** How often it was given the thread. */
    private long runs;

    /** Its place in the loop's registry, from its start to its end. */
    Registry.@Nullable Entry<Task> entry;

    /** Gets control when this task yields, blocks or ends; null for the loop. Written by the scheduler. */
    @Nullable Resumer resumer;

    /** What the task that it has resumed left it to throw. */
    private @Nullable Throwable thrown;

    /** The timer of its timed waits, made at the first. */
    private TimerWheel.@Nullable Timer timer;

    /**
     * True from the moment when it leaves by a hand-over until it goes on. If it is still true after the task was given the
     * thread, the task did not run. Written by the scheduler.
     */
    boolean away;

    /** True from the moment when its thread is about to be started. Written by the scheduler, on the thread that starts it. */
    boolean started;

    /** Where it has lent the seat of its loop, while it is in a call. Written on the task. */
    Seat.@Nullable Place lent;

    /** True if it does the library's own work, so that the loop takes it until the loop's end. Set before the start. */
    private boolean internal;

    /** Not made by its loop; see {@link #isAdopted}. */
    private final boolean adopted;

    /** True while its entry refers to it strongly. Here as well, so that a switch need not read the entry. */
    private boolean kept;

    /** True if it was told to end: each yield throws. Set by any thread. */
    private boolean cancelled;

    /** Closed before it was started, or refused; see {@link Scheduler}. Set by any thread. */
    private volatile boolean discarded;

    /** What kind of thing its last wait was for; see {@link Barging}. */
    byte waitsFor;

    /** How often in a row it has waited for that kind of thing before. */
    byte cameTooLate;

    /** True if it runs before all others when it is woken, since it came too late too often; see {@link Barging}. */
    boolean runsFirst;

    /** When it began to wait: milliseconds of the loop's time, as an int that may wrap. */
    private int since;

    /** What the layers above keep with this task. Set once, by any thread. */
    private @Nullable Object attachment;

    /**
     * A new task.
     *
     * @param pinned true if what blocks in it blocks its loop's thread, by default
     */
    Task(Host host, Thread thread, boolean adopted, boolean pinned) {
        super(thread, pinned);
        this.host = host;
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

    Host host() {
        return host;
    }

    /** Tells whether both live on the same loop. */
    public boolean isOnLoopOf(Task other) {
        return host.equals(other.host);
    }

    /** The name of the loop on which it lives. */
    public String loopName() {
        return host.name();
    }

    /** What it is doing. Any thread may ask, and sees what was so a moment ago. */
    public State state() {
        State written = writtenState();
        return written == State.NEW && discarded ? State.DONE : written;
    }

    /** The state as the scheduler has written it: also that of a new task which was discarded. */
    State writtenState() {
        return STATES[(byte) STATE.getOpaque(this)];
    }

    /** Tells whether only a coroutine that passes control, or the owner of the loop's thread, can continue this task. */
    boolean isSuspendedByHand() {
        return is(State.YIELDED) || is(State.RESUMING);
    }

    /** Tells whether this is the state that the scheduler has written. */
    @SuppressWarnings("EnumOrdinal") // The index into STATES, within one run of the program.
    boolean is(State what) {
        return (byte) STATE.getOpaque(this) == what.ordinal();
    }

    /** For the scheduler alone. */
    @SuppressWarnings("EnumOrdinal")
    void state(State next) {
        STATE.setOpaque(this, (byte) next.ordinal());
    }

    /** For the scheduler alone: a new task that is not to begin any more is shown as {@link State#DONE}. Any thread. */
    void markDiscarded() {
        cancelled = true;
        discarded = true;
    }

    /** What the layer above keeps with this task. Any thread may ask. */
    public @Nullable Object attachment() {
        return ATTACHMENT.getAcquire(this);
    }

    /** Before any other thread knows this task. */
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

    /** Its resumer, which waits, or null. As it was recently, if asked on another thread. */
    public @Nullable Resumer resumer() {
        return resumer;
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
     * Passes an exception that is about to leave this task's body to its resumer. Called on the task, last.
     *
     * @return false if it has none
     */
    public boolean giveToResumer(Throwable exception) {
        if (resumer == null) {
            return false;
        }
        resumer.give(exception);
        return true;
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

    /** How long it has been waiting or suspended, in milliseconds, at the given time of the loop. */
    long waitedMillis(long nowMillis) {
        return ((int) nowMillis - since) & 0xffff_ffffL;
    }

    /** The task begins to wait: its loop keeps it from being collected, since what wakes the task need not refer to it. */
    void mustBeKept() {
        if (!kept && entry != null) {
            kept = true;
            entry.keep(this);
        }
    }

    /** The task is about to be suspended by hand: it may be collected if nothing refers to it. */
    void mayBeCollected() {
        if (kept && entry != null) {
            kept = false;
            entry.release();
        }
    }

    /** Counts that it is given the thread. Returns whether it is for the first time. */
    boolean countRun() {
        beginRun();
        return runs++ == 0;
    }

    /*
     * Each run but the last ends with a copy to the heap, and each run but the first begins with a copy back. So runs are counted,
     * and not copies: by the task, and by the loop, which also counts the first ones. A run that is put off, because another
     * thread takes the task's stack trace, is counted all the same.
     */

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

    /** The timer of its timed wait, on the loop's wheel. */
    TimerWheel.Timer timer(TimerWheel timers) {
        if (timer == null || timer.pending()) {
            timer = new TimerWheel.Timer(timers);
        }
        return timer;
    }

    /** Tells whether its thread has been started, by whatever means. */
    boolean hasStarted() {
        return started || thread().getState() != Thread.State.NEW;
    }

    /** Lets it start although the loop takes no more work, because it does the library's own. Before the start. */
    public void makeInternal() {
        internal = true;
    }

    boolean isInternal() {
        return internal;
    }

    /** What the library does for itself must not stop the loop. */
    @Override
    protected boolean mayBePinned() {
        return !internal;
    }

    /** Starts its thread, which hands itself to the scheduler at once. */
    void startThread(LoopContainer container) {
        start(container);
    }

    @Override
    protected void beforeIo() {
        host.beforeIo(this);
    }

    @Override
    protected boolean beginCall() {
        return host.beginCall(this);
    }

    @Override
    protected void endCall() {
        host.endCall(this);
    }

    /** Tells whether it is in a call that blocks its thread, or waits there, and its loop goes on. Any thread may ask. */
    public boolean isInCall() {
        return lent != null;
    }

    @Override
    protected boolean isHere() {
        return host.isLoopThread();
    }

    @Override
    protected void ended() {
        if (!host.isLoopThread()) {
            host.endedElsewhere(this);
        }
    }

    @Override
    protected Object readiness() {
        return host.readiness();
    }

    @Override
    protected void onPinned(String reason, boolean timed) {
        host.pinned(this, reason, timed);
    }

    @Override
    public String toString() {
        return "coroutine " + label() + " of event loop '" + host.name() + "', " + state();
    }
}
