package java.lang;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.loader.NativeLibrary;
import jdk.internal.loader.RawNativeLibraries;
import jdk.internal.misc.Unsafe;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.annotation.ChangesCurrentThread;
import jdk.internal.vm.annotation.DontInline;
import sun.nio.ch.Interruptible;

/**
 * What libco4j needs of the JDK's virtual threads: to give a thread a scheduler, to know a thread by the task that it hands to
 * its scheduler, and to replace a thread's continuation. And of platform threads: to be told of their interrupts.
 */
public final class CoroutineThreads {
    private static final Unsafe U = Unsafe.getUnsafe();
    private static final long SCHEDULER = U.objectFieldOffset(VirtualThread.class, "scheduler");
    private static final long CONTINUATION = U.objectFieldOffset(VirtualThread.class, "cont");
    private static final long RUN_CONTINUATION = U.objectFieldOffset(VirtualThread.class, "runContinuation");
    private static final long INTERRUPT_LOCK = U.objectFieldOffset(Thread.class, "interruptLock");
    private static final long STATE = U.objectFieldOffset(VirtualThread.class, "state");
    private static final long OWNER = U.objectFieldOffset(AbstractOwnableSynchronizer.class, "exclusiveOwnerThread");
    private static final long HOLDER = U.objectFieldOffset(Thread.class, "holder");
    private static final long TARGET = U.objectFieldOffset(Continuation.class, "target");
    private static final long CARRIER = U.objectFieldOffset(VirtualThread.class, "carrierThread");
    private static final long CHILD = U.objectFieldOffset(Continuation.class, "child");
    private static final long PERMIT = U.objectFieldOffset(VirtualThread.class, "parkPermit");
    private static final long TIMEOUT = U.objectFieldOffset(VirtualThread.class, "timeout");

    // VirtualThread's constants of these names.
    private static final int PARKING = 3;
    private static final int PINNED = 5;
    private static final int TIMED_PARKING = 6;
    private static final int TIMED_PINNED = 8;
    private static final int TERMINATED = 99;

    /** {@code VirtualThread.notifyAllAfterTerminate}; -1 on a JDK whose {@code Thread.join} takes no monitor. */
    private static final long JOINED = offsetIfPresent(VirtualThread.class, "notifyAllAfterTerminate");

    /** Every virtual thread hands the same class of task to its scheduler: a lambda that captured the thread. */
    private static final Class<?> TASK;

    private static final long TASK_THREAD;

    /**
     * The class of task of threads that were made since an agent transformed VirtualThread, which has other lambdas then.
     * Written by any thread; a thread that does not see it yet finds it out again.
     */
    private static Class<?> taskSinceTransformed;

    /** Written by whoever needs them first. A thread that does not see them yet looks again. */
    private static volatile Method beginsTransition;

    private static volatile Method endsTransition;

    /** What a JDK from 26 on wraps each such task in, for a scheduler that is a ForkJoinPool. */
    private static final Class<?> ADAPTER;

    private static final long ADAPTED;

    /** The class of the continuation that the JDK makes. */
    private static final Class<?> STOCK_CONTINUATION;

    static {
        requireConstant("PARKING", PARKING);
        requireConstant("PINNED", PINNED);
        requireConstant("TIMED_PARKING", TIMED_PARKING);
        requireConstant("TIMED_PINNED", TIMED_PINNED);
        requireConstant("TERMINATED", TERMINATED);
        Thread sample = new VirtualThread(null, null, 0, Thread.currentThread()); // Never started.
        Object task = U.getReference(sample, RUN_CONTINUATION);
        TASK = task.getClass();
        TASK_THREAD = U.objectFieldOffset(TASK, "arg$1");
        if (U.getReference(task, TASK_THREAD) != sample) {
            throw new IncompatibleClassChangeError("a virtual thread's task did not capture its thread");
        }
        ADAPTER = ForkJoinTask.adapt((Runnable) task).getClass();
        ADAPTED = U.objectFieldOffset(ADAPTER, "runnable");
        STOCK_CONTINUATION = U.getReference(sample, CONTINUATION).getClass();
    }

    private CoroutineThreads() {}

    private static void requireConstant(String name, int value) {
        try {
            Field field = VirtualThread.class.getDeclaredField(name);
            int here = U.getInt(U.staticFieldBase(field), U.staticFieldOffset(field));
            if (here != value) {
                throw new IncompatibleClassChangeError("VirtualThread." + name + " is " + here + " and not " + value);
            }
        } catch (NoSuchFieldException none) {
            throw new NoSuchFieldError("VirtualThread." + name);
        }
    }

    /** By reflection: Unsafe would throw an InternalError, at which the JVM drops the thread's scoped values. */
    private static long offsetIfPresent(Class<?> type, String field) {
        try {
            return U.objectFieldOffset(type.getDeclaredField(field));
        } catch (NoSuchFieldException none) {
            return -1;
        }
    }

    /** Makes a virtual thread that runs where the scheduler executes its task. */
    public static Thread unstarted(Executor scheduler, String name, Runnable task) {
        return ThreadBuilders.newVirtualThread(scheduler, name, 0, task);
    }

    /** The virtual thread that handed this task to its scheduler, or null if the task is no virtual thread's. */
    public static Thread thread(Runnable task) {
        Class<?> kind = task.getClass();
        return kind == TASK || kind == taskSinceTransformed || isTaskSinceTransformed(task)
                ? (Thread) U.getReference(task, TASK_THREAD)
                : null;
    }

    private static boolean isTaskSinceTransformed(Runnable task) {
        Class<?> kind = task.getClass();
        if (!kind.isHidden()
                || kind.getNestHost() != VirtualThread.class
                || U.objectFieldOffset(kind, "arg$1") != TASK_THREAD
                || !(U.getReference(task, TASK_THREAD) instanceof VirtualThread thread)
                || U.getReference(thread, RUN_CONTINUATION) != task) {
            return false;
        }
        taskSinceTransformed = kind;
        return true;
    }

    /** What {@code ForkJoinTask.adapt} has wrapped, or null if that has not made the task. */
    public static Runnable adapted(ForkJoinTask<?> task) {
        return task.getClass() == ADAPTER ? (Runnable) U.getReference(task, ADAPTED) : null;
    }

    /** The scheduler of a virtual thread; null for a platform thread. */
    public static Executor scheduler(Thread thread) {
        return thread instanceof VirtualThread ? (Executor) U.getReference(thread, SCHEDULER) : null;
    }

    /** The continuation of a virtual thread; null for a platform thread. */
    public static Continuation continuation(Thread thread) {
        return thread instanceof VirtualThread ? (Continuation) U.getReference(thread, CONTINUATION) : null;
    }

    /** Tells whether a thread is a coroutine of a loop: a virtual thread with a continuation that the JDK did not make. */
    static boolean isCoroutine(Thread thread) {
        return thread instanceof VirtualThread
                && U.getReference(thread, CONTINUATION).getClass() != STOCK_CONTINUATION;
    }

    /** Tells whether the calling thread is a coroutine of a loop. */
    public static boolean isCoroutine() {
        return isCoroutine(Thread.currentThread());
    }

    /** Tells whether a virtual thread is about to park, rather than to yield. */
    public static boolean isParking(Thread thread) {
        int state = U.getIntVolatile(thread, STATE);
        return state == PARKING || state == TIMED_PARKING;
    }

    /** Tells whether a virtual thread is about to park for a limited time. */
    public static boolean isParkingTimed(Thread thread) {
        return U.getIntVolatile(thread, STATE) == TIMED_PARKING;
    }

    /**
     * Tells whether a virtual thread waits and has not left its platform thread: parked there, or in a monitor. As it was
     * a moment ago; never true of a thread that has left.
     */
    public static boolean waitsMounted(Thread thread) {
        // A thread that leaves gives up its carrier first, and says then that it waits.
        return isMounted(thread) && waits(thread.getState()) && isMounted(thread);
    }

    /** No switch: the compiler would make a class for it. */
    private static boolean waits(Thread.State state) {
        return state == Thread.State.BLOCKED || state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    private static boolean isMounted(Thread thread) {
        return U.getReferenceVolatile(thread, CARRIER) != null;
    }

    /** Tells whether the JVM itself takes the stack trace of a virtual thread; a JDK before 27 suspends it, and asks its continuation. */
    public static boolean jvmTakesStackTraces() {
        try {
            return VirtualThread.class.getDeclaredMethod("tryGetStackTrace") == null;
        } catch (NoSuchMethodException none) {
            return true;
        }
    }

    /** Tells whether a virtual thread is not on any platform thread at the moment. */
    public static boolean isUnmounted(Thread thread) {
        return !isMounted(thread);
    }

    /** The innermost continuation inside a suspended one; the given one itself, if there is none inside. */
    public static Continuation innermost(Continuation suspended) {
        Continuation innermost = suspended;
        while (U.getReference(innermost, CHILD) instanceof Continuation child) {
            innermost = child;
        }
        return innermost;
    }

    /** The body that a virtual thread's continuation runs. */
    public static Runnable target(Thread thread) {
        return (Runnable) U.getReference(U.getReference(thread, CONTINUATION), TARGET);
    }

    /**
     * Replaces the continuation of a virtual thread that has not run yet. It also takes the place of the object whose
     * monitor guards the thread's interrupt status, which serves nothing else: each thread is an object smaller.
     */
    public static void setContinuation(Thread thread, Continuation continuation) {
        U.putReference(thread, INTERRUPT_LOCK, continuation);
        U.putReferenceRelease(thread, CONTINUATION, continuation);
    }

    /**
     * Ends or begins the transition in which a virtual thread is while it tries to leave its platform thread. In a transition the
     * JVM lets nobody take its stack trace, and may wait for its end with all other threads' transitions stopped: so nobody must
     * wait in one. On the thread, when it has tried to leave.
     *
     * @param begin true to begin it again
     */
    public static void transition(Thread self, boolean begin) {
        try {
            if (begin) {
                beginsTransition.invoke(self, beginsTransition.getName().startsWith("notify")); // to hide; not to mount
            } else {
                if (endsTransition == null) {
                    boolean is25 = Runtime.version().feature() < 26;
                    beginsTransition = transition(is25 ? "notifyJvmtiUnmount" : "startTransition");
                    endsTransition = transition(is25 ? "notifyJvmtiMount" : "endTransition");
                }
                endsTransition.invoke(self, !endsTransition.getName().startsWith("notify"));
            }
        } catch (ReflectiveOperationException e) {
            throw new IncompatibleClassChangeError(e.toString());
        }
    }

    /** By reflection, since they have other names since JDK 26, and only a pinned coroutine needs them. */
    private static Method transition(String name) throws NoSuchMethodException {
        Method method = VirtualThread.class.getDeclaredMethod(name, boolean.class);
        method.setAccessible(true);
        return method;
    }

    /**
     * Waits as long as the park of a virtual thread that cannot leave its platform thread is to take: until it is unparked or
     * interrupted, or its time is over. On the thread, when it has tried to leave; the JDK's own wait then finds that over.
     */
    public static void waitPinned(Thread self) {
        int parking = U.getIntVolatile(self, STATE);
        boolean timed = parking == TIMED_PARKING;
        long nanos = timed ? U.getLong(self, TIMEOUT) : 0;
        long begin = System.nanoTime();
        long left = nanos;
        U.putIntVolatile(self, STATE, timed ? TIMED_PINNED : PINNED); // So an unpark finds the platform thread.
        while ((!timed || left > 0) && !U.getBooleanVolatile(self, PERMIT) && !self.isInterrupted()) {
            parkCarrier(self, timed ? left : 0);
            left = nanos - (System.nanoTime() - begin);
        }
        U.putIntVolatile(self, STATE, parking);
    }

    /** Parks the platform thread under a virtual thread, whatever that thread's interrupt status. May return for no reason. */
    public static void parkCarrier(Thread self) {
        parkCarrier(self, 0);
    }

    /** The same for a time in nanoseconds; 0 for no limit. */
    private static void parkCarrier(Thread self, long nanos) {
        Thread carrier = Thread.currentCarrierThread();
        carrier.clearInterrupt(); // It would not park.
        U.park(false, nanos);
        if (self.isInterrupted()) {
            carrier.setInterrupt();
        }
    }

    /** Makes a thread that the JDK means for itself what any other thread is that the parent makes, but for inheritable thread-locals. */
    public static void makeOrdinary(Thread thread, Thread parent, long stackSize) {
        Object holder = U.getReference(thread, HOLDER);
        U.putLong(holder, U.objectFieldOffset(holder.getClass(), "stackSize"), stackSize);
        U.putReference(holder, U.objectFieldOffset(holder.getClass(), "group"), parent.getThreadGroup());
        setContextClassLoader(thread, parent.getContextClassLoader());
    }

    public static void setContextClassLoader(Thread thread, ClassLoader loader) {
        U.putReference(thread, U.objectFieldOffset(Thread.class, "contextClassLoader"), loader);
    }

    public static void setUncaughtExceptionHandler(Thread thread, Thread.UncaughtExceptionHandler handler) {
        thread.uncaughtExceptionHandler(handler);
    }

    /** The stack size that was asked for when a platform thread was made, in bytes; 0 or less for the JVM's default. */
    public static long stackSize(Thread platform) {
        Object holder = U.getReference(platform, HOLDER);
        return U.getLong(holder, U.objectFieldOffset(holder.getClass(), "stackSize"));
    }

    /** The scoped values that are bound in the current thread. */
    public static Object scopedValues() {
        return Thread.scopedValueBindings();
    }

    /** Binds scoped values in the current thread that were bound before, there or in another thread. */
    public static void setScopedValues(Object bindings) {
        Thread.setScopedValueBindings(bindings);
    }

    /** The thread that holds the lock for which a thread parks, or null if there is none or nobody knows. */
    public static Thread ownerOfBlocker(Thread thread) {
        return LockSupport.getBlocker(thread) instanceof AbstractOwnableSynchronizer lock
                ? (Thread) U.getReferenceVolatile(lock, OWNER)
                : null;
    }

    /** A library by its file, for its symbols; null if there is none. Only a class of the JDK can ask. */
    public static NativeLibrary nativeLibrary(Path file) {
        return RawNativeLibraries.newInstance(MethodHandles.lookup()).load(file);
    }

    /** Tells whether this blocker is told when another thread interrupts this thread. Called by the thread itself. */
    public static boolean isBlockedOn(Thread self, Interruptible blocker) {
        return self.nioBlocker() == blocker;
    }

    /** Sets the blocker that is told when another thread interrupts this thread; null for none. Called by the thread itself. */
    public static void blockedOn(Thread self, Interruptible blocker) {
        self.blockedOn(blocker);
    }

    /** Sets the interrupt status of a platform thread, and tells nobody. Any thread may call it. */
    public static void setInterrupt(Thread platform) {
        platform.setInterrupt();
    }

    /** Clears the interrupt status of a platform thread, and tells what it was. Called by the thread itself. */
    public static boolean takeInterrupt(Thread self) {
        return self.getAndClearInterrupt();
    }

    /** The task that a virtual thread hands to its scheduler. */
    public static Runnable task(Thread thread) {
        return (Runnable) U.getReference(thread, RUN_CONTINUATION);
    }

    /*
     * The end of a thread that is joined. Since JDK 27, Thread.join waits in the thread's own monitor, and a virtual thread that has
     * ended enters that, on the thread that ran it, to wake whoever waits. On a loop's thread, that must not block: a
     * coroutine of the loop may hold the monitor and be suspended.
     *
     *   Joiner                                          Ender (JDK)
     *   J1. sees the thread alive                       E1. asks the continuation whether it is done
     *   J2. sets the flag                               E2. sets the state to TERMINATED
     *   J3. enters the monitor                          E3. if the flag is set, enters the monitor and wakes all
     *   J4. waits in it, while the thread is alive
     *
     * The continuation is ours. So in E1 the state is set already, the flag is read and cleared, and a virtual thread
     * does what E3 would have done: on the same thread, at once, unless it has to wait for the monitor. Then that one is suspended
     * and the loop goes on; whoever unblocks it runs it. A joiner whose J2 comes after the flag was read finds the thread
     * ended in J4. If its J2 falls between E1 and E3, a few instructions, E3 enters the monitor as well. That matters
     * only if the monitor is held at that moment, too.
     */

    /** A virtual thread that a loop has run has ended, and has left the loop's thread, which calls this; perhaps more than once. */
    public static void end(Thread thread) {
        if (JOINED >= 0 && U.getBooleanVolatile(thread, JOINED)) {
            wakeJoiners(thread);
        }
    }

    private static void wakeJoiners(Thread thread) {
        try {
            Waker work = new Waker(thread);
            Thread waker = ThreadBuilders.newVirtualThread(work, "libco4j-end", 0, work);
            U.putIntVolatile(thread, STATE, TERMINATED);
            U.putBooleanVolatile(thread, JOINED, false);
            waker.start();
        } catch (Throwable noMemory) {
            U.putBooleanVolatile(thread, JOINED, true); // Then E3, which needs none.
        }
    }

    /** Wakes whoever joins a thread, and waits for the thread's monitor if need be. */
    private static final class Waker implements Runnable, Executor {
        private final Thread ended;

        Waker(Thread ended) {
            this.ended = ended;
        }

        @Override
        public void run() {
            synchronized (ended) {
                ended.notifyAll();
            }
        }

        /** Runs it on the platform thread that makes it ready: the loop's, or the one that the JDK has for those that wait for monitors. */
        @Override
        public void execute(Runnable continuation) {
            continuation.run();
        }
    }

    /**
     * Throws a StackOverflowError if the current thread's stack has not 8 KB left, beside what the JVM needs for itself: so a
     * switch that follows is not cut short in its middle. This takes two or three nanoseconds, as it is two calls: a compiled method
     * that makes a call asks, when it is entered, for room for an interpreted frame in its place, and that has all the variables.
     */
    @DontInline
    @SuppressWarnings("unused")
    public static void reserveStack() {
        long aa, ab, ac, ad, ae, af, ag, ah, ai, aj, ak, al, am, an, ao, ap, aq, ar, as, at, au, av, aw, ax, ay, az, ba, bb, bc, bd, be,
                bf, bg, bh, bi, bj, bk, bl, bm, bn, bo, bp, bq, br, bs, bt, bu, bv, bw, bx, by, bz, ca, cb, cc, cd, ce, cf, cg, ch, ci,
                cj, ck, cl, cm, cn, co, cp, cq, cr, cs, ct, cu, cv, cw, cx, cy, cz, da, db, dc, dd, de, df, dg, dh, di, dj, dk, dl, dm,
                dn, dp, dq, dr, ds, dt, du, dv, dw, dx, dy, dz, ea, eb, ec, ed, ee, ef, eg, eh, ei, ej, ek, el, em, en, eo, ep, eq, er,
                es, et, eu, ev, ew, ex, ey, ez, fa, fb, fc, fd, fe, ff, fg, fh, fi, fj, fk, fl, fm, fn, fo, fp, fq, fr, fs, ft, fu, fv,
                fw, fx, fy, fz, ga, gb, gc, gd, ge, gf, gg, gh, gi, gj, gk, gl, gm, gn, go, gp, gq, gr, gs, gt, gu, gv, gw, gx, gy, gz,
                ha, hb, hc, hd, he, hf, hg, hh, hi, hj, hk, hl, hm, hn, ho, hp, hq, hr, hs, ht, hu, hv, hw, hx, hy, hz, ia, ib, ic, id,
                ie, ig, ih, ii, ij, ik, il, im, in, io, ip, iq, ir, is, it, iu, iv, iw, ix, iy, iz, ja, jb, jc, jd, je, jf, jg, jh, ji,
                jj, jk, jl, jm, jn, jo, jp, jq, jr, js, jt, ju, jv, jw, jx, jy, jz, ka, kb, kc, kd, ke, kf, kg, kh, ki, kj, kk, kl, km,
                kn, ko, kp, kq, kr, ks, kt, ku, kv, kw, kx, ky, kz, la, lb, lc, ld, le, lf, lg, lh, li, lj, lk, ll, lm, ln, lo, lp, lq,
                lr, ls, lt, lu, lv, lw, lx, ly, lz, ma, mb, mc, md, me, mf, mg, mh, mi, mj, mk, ml, mm, mn, mo, mp, mq, mr, ms, mt, mu,
                mv, mw, mx, my, mz, na, nb, nc, nd, ne, nf, ng, nh, ni, nj, nk, nl, nm, nn, no, np, nq, nr, ns, nt, nu, nv, nw, nx, ny,
                nz, oa, ob, oc, od, oe, of, og, oh, oi, oj, ok, ol, om, on, oo, op, oq, or, os, ot, ou, ov, ow, ox, oy, oz, pa, pb, pc,
                pd, pe, pf, pg, ph, pi, pj, pk, pl, pm, pn, po, pp, pq, pr, ps, pt, pu, pv, pw, px, py, pz, qa, qb, qc, qd, qe, qf, qg,
                qh, qi, qj, qk, ql, qm, qn, qo, qp, qq, qr, qs, qt, qu, qv, qw, qx, qy, qz, ra, rb, rc, rd, re, rf, rg, rh, ri, rj, rk,
                rl, rm, rn, ro, rp, rq, rr, rs, rt, ru, rv, rw, rx, ry, rz, sa, sb, sc, sd, se, sf, sg, sh, si, sj, sk, sl, sm, sn, so,
                sp, sq, sr, ss, st, su, sv, sw, sx, sy, sz, ta, tb, tc, td, te, tf, tg, th;
        nothing();
    }

    @DontInline
    private static void nothing() {}

    /** Tells whether a virtual thread is on a platform thread. Any thread may ask. */
    public static boolean isOn(Thread virtual, Thread platform) {
        return U.getReferenceVolatile(virtual, CARRIER) == platform;
    }

    /** Says which thread runs next. */
    public interface Succession {
        /** The last thread has left, or ended, with this exception if not null. Returns the next thread's task, or null. */
        Runnable next(Throwable thrown);
    }

    /**
     * Mounts virtual threads on the current platform thread, one after another, and runs each until it parks, yields,
     * blocks or ends. A thread does not run if it is not ready, or while another thread takes its stack trace.
     *
     * <p>That this is a loop, and stands here, spares each switch a frame of the stack: the JDK's method that mounts a thread is
     * compiled into its caller only if the caller is annotated like this. After a switch the processor does not predict where
     * calls return to, so each frame costs.
     */
    @ChangesCurrentThread
    public static void run(Runnable first, Succession succession) {
        for (Runnable task = first; task != null; ) {
            Throwable thrown = null;
            try {
                task.run();
            } catch (Throwable t) {
                thrown = t;
            }
            task = succession.next(thrown);
        }
    }
}
