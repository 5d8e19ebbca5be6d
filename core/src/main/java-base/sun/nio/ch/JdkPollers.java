package sun.nio.ch;

import java.io.IOException;

/**
 * The JDK's own pollers, behind what libco4j has put in front of them: for a coroutine that waits and cannot leave its
 * loop's thread. How they are reached is what differs between JDKs.
 */
interface JdkPollers {
    /** Begins a wait of a thread at the JDK's own poller, which unparks it. On that thread, which parks afterwards. */
    void await(int fd, short event, LoopReadiness.Kind kind, Thread waiter) throws IOException;

    /** Ends a wait that began with {@link #await}. On the thread that waited. */
    void leave(int fd, short event, LoopReadiness.Kind kind);
}
