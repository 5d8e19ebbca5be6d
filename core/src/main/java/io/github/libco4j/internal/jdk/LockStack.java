package io.github.libco4j.internal.jdk;

import java.util.ArrayList;
import java.util.List;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * The monitors that the current platform thread holds by the JVM's fast way, also where it runs a virtual thread. Code that
 * mounts or suspends a continuation other than a virtual thread's own must hold none of them: it calls {@link #inflate} first.
 */
public final class LockStack {
    /*
     * HotSpot enters a monitor that nobody contends for by two bits in the object and an entry in the platform thread's
     * lock stack: a few references in the JVM's own JavaThread, and an offset ("top") of the first free place. Nothing says
     * which continuation an entry belongs to. When a continuation is suspended, the JVM takes the whole lock stack along to
     * the heap, with monitors that were entered before the continuation was mounted; when a continuation goes on, the JVM puts
     * its entries there as if there were no others. The JDK itself never mounts a virtual thread on a thread that holds a monitor.
     *
     * An inflated monitor has no entry: its owner is the id of the Java thread, as it should be. A monitor that the consumer of
     * a generator holds, the generator's body holds too, since both are one thread, and the other way round; a monitor that
     * the owner of a loop's thread holds is no coroutine's. So every fast-locked monitor is inflated while it stays entered. The
     * JVM does that itself if a thread enters a monitor again after it has entered another one:
     *
     *     lock stack   [.. object ..]   enter another   [.. object .. another]   enter object:   inflated, entry removed
     *
     * "Another" is an object that only this call knows, so that its monitor has an entry, and is published, so that the
     * compiler does not drop its monitor. The lock stack is looked at again after each step: if no entry has gone, nothing
     * is mounted or suspended. (Object.wait inflates as well, with a pending interrupt that ends it before it has released
     * anything; but an interrupt by another thread at that moment would be lost.)
     *
     * Where the lock stack lies, the JVM says in the table that it exports for debuggers (vmStructs), and two monitors that
     * are entered here show that it moves as it should.
     */
    private static final Unsafe U = Unsafe.getUnsafe();
    private static final JavaLangAccess LANG = SharedSecrets.getJavaLangAccess();
    private static final int ENTRY = Long.BYTES; // References there are not compressed.

    /** The offset of "top" in a JavaThread. */
    private static final long TOP;

    /** The value of "top" while there is no entry: the offset of the first one. */
    private static final int EMPTY;

    private static final @Nullable String FAILURE;

    /** The last object that was published: any thread could enter it, so the compiler does not drop its monitor. */
    @SuppressWarnings("unused")
    private static volatile @Nullable Object published;

    static {
        long top = 0;
        int empty = 0;
        String failure = null;
        try {
            VmFields fields = new VmFields();
            top = fields.offset("JavaThread", "_lock_stack") + fields.offset("LockStack", "_top");
            empty = (int) (fields.offset("JavaThread", "_lock_stack") + fields.offset("LockStack", "_base[0]"));
            if (!movesAsItShould(top, empty)) {
                failure = "the JVM does not use its lock stack: start java without -XX:LockingMode";
            }
        } catch (ReflectiveOperationException e) {
            failure = e.getMessage();
        }
        TOP = top;
        EMPTY = empty;
        FAILURE = failure;
    }

    private LockStack() {}

    /**
     * Makes sure that {@link #inflate} can do its work.
     *
     * @throws IllegalStateException if this JVM does not tell what it needs to know
     */
    public static void require() {
        if (FAILURE != null) {
            throw new IllegalStateException("libco4j cannot see which monitors a thread of this JVM holds, and so cannot keep "
                    + "them held around a generator or a loop (JDK " + Runtime.version() + "): " + FAILURE);
        }
    }

    /**
     * Inflates each monitor that the current platform thread holds by the fast way. They stay held.
     *
     * @return the objects that the monitors belong to
     * @throws IllegalStateException if a monitor cannot be inflated
     */
    public static List<Object> inflate() {
        return isEmpty() ? List.of() : inflateAll();
    }

    /** Tells whether the current platform thread holds no monitor by the fast way. */
    public static boolean isEmpty() {
        return U.getInt(javaThread() + TOP) == EMPTY;
    }

    private static long javaThread() {
        return VmFields.javaThread(LANG.currentCarrierThread());
    }

    private static List<Object> inflateAll() {
        List<Object> inflated = new ArrayList<>();
        while (!isEmpty()) {
            Object oldest = U.getUncompressedObject(javaThread() + EMPTY);
            int before = U.getInt(javaThread() + TOP);
            Object another = publish(new Object());
            synchronized (another) {
                synchronized (oldest) {
                    inflated.add(oldest);
                }
            }
            if (U.getInt(javaThread() + TOP) >= before) {
                throw new IllegalStateException("the monitor of " + oldest.getClass().getName()
                        + " cannot be kept held around a generator or a loop on this JVM, JDK " + Runtime.version()
                        + ": call next, tick, resume or run outside of synchronized");
            }
        }
        return inflated;
    }

    private static Object publish(Object object) {
        published = object;
        return object;
    }

    private static boolean movesAsItShould(long top, int empty) {
        long thread = javaThread();
        int before = U.getInt(thread + top);
        Object first = publish(new Object());
        Object second = publish(new Object());
        synchronized (first) {
            int one = U.getInt(thread + top);
            synchronized (second) {
                return before >= empty && one == before + ENTRY && U.getInt(thread + top) == one + ENTRY;
            }
        }
    }
}
