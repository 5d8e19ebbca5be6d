package jdk.internal.vm;

import java.util.ArrayList;
import java.util.List;

/**
 * The monitors of a suspended virtual thread, as the JDK's own thread dumps know them.
 *
 * <p>The JDK takes such a snapshot of any thread; but if the thread runs, or begins to, the JVM may crash (JDK-8364343; seen
 * on 25.0.3, with stock virtual threads). So the caller must see to it that the thread is suspended and remains so.
 */
public final class CoroutineMonitors {
    private final Object awaited;
    private final List<Object> held = new ArrayList<>();

    private CoroutineMonitors(ThreadSnapshot snapshot) {
        for (int depth = 0; depth < snapshot.stackTrace().length; depth++) {
            for (Object monitor : snapshot.ownedMonitorsAt(depth).toArray()) {
                if (monitor != null) {
                    held.add(monitor);
                }
            }
        }
        Object known = awaited(snapshot);
        awaited = known == null && isInWait(snapshot) && isOnlyOne(held) ? held.getFirst() : known;
        // The JDK counts a monitor as held in whose wait the thread is, though the wait has given it up.
        for (int i = held.size(); --i >= 0; ) {
            if (held.get(i) == awaited) {
                held.remove(i);
            }
        }
    }

    /** Once Object.wait has been compiled, the JVM does not know in whose; but a thread has entered what it waits in. */
    private static boolean isInWait(ThreadSnapshot snapshot) {
        StackTraceElement[] stack = snapshot.stackTrace();
        return stack.length > 0
                && stack[0].getClassName().equals("java.lang.Object")
                && stack[0].getMethodName().startsWith("wait");
    }

    private static boolean isOnlyOne(List<Object> monitors) {
        for (Object monitor : monitors) {
            if (monitor != monitors.getFirst()) {
                return false;
            }
        }
        return !monitors.isEmpty();
    }

    /** No switch: the compiler would make a class for it. */
    private static Object awaited(ThreadSnapshot snapshot) {
        Thread.State state = snapshot.threadState();
        if (state == Thread.State.BLOCKED) {
            return snapshot.blockedOn();
        }
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING ? snapshot.waitingOn() : null;
    }

    /** The monitors of a suspended virtual thread; null if it has ended. */
    public static CoroutineMonitors of(Thread suspended) {
        ThreadSnapshot snapshot = ThreadSnapshot.of(suspended);
        return snapshot == null ? null : new CoroutineMonitors(snapshot);
    }

    /** The monitor that it waits to enter, or in which it waits to be notified; or null. */
    public Object awaited() {
        return awaited;
    }

    /** The monitors that it has entered, in the order of its stack. A monitor that it has entered twice is there twice. */
    public List<Object> held() {
        return held;
    }
}
