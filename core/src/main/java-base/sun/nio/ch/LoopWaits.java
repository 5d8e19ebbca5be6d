package sun.nio.ch;

import java.io.IOException;

/**
 * What libco4j must supply to the JDK's narrow waist for blocking I/O: who waits for which descriptor.
 *
 * <p>This interface lives in {@code java.base} so that {@link LoopPoller} can call it; its only implementation lives in
 * libco4j. "Current coroutine" below is the virtual thread that calls, when its scheduler is an event loop.
 */
public interface LoopWaits {
    /** Tells whether the calling thread is a coroutine of an event loop. */
    boolean inCoroutine();

    /**
     * Announces that the current coroutine is about to park until the descriptor is ready. When this returns, a
     * readiness event or {@link #release} unparks the coroutine, also if it comes before the coroutine has parked.
     *
     * @param fd the descriptor
     * @param event {@link Net#POLLIN} or {@link Net#POLLOUT}
     * @param kind a socket or pipe, or the descriptor of a {@code Selector}
     * @throws IOException if the operating system refuses to watch the descriptor
     */
    void await(int fd, short event, Kind kind) throws IOException;

    /**
     * Ends the wait of the current coroutine, which has been unparked for whatever reason.
     *
     * @return true if this call was the end of a wait that the current coroutine had announced
     */
    boolean leave(int fd, short event);

    /**
     * Takes the coroutine that waits for the descriptor, if there is one, so that the caller can unpark it: the
     * descriptor is being closed. Called on any thread.
     *
     * @return the waiting thread, or null
     */
    Thread release(int fd, short event);

    /**
     * Tells whether the loop of the current coroutine knows that a read of the descriptor would find nothing, so that the
     * coroutine can begin to wait at once. Only for a caller that does wait then: what has come since the loop last looked
     * is noticed by the wait, not by this.
     */
    boolean isDrained(int fd);

    /** The caller has read all that the descriptor had, or has found nothing there. */
    void drained(int fd);

    /** A descriptor is about to be closed, and its number may be given out again at once. Called on any thread. */
    void closing(int fd);

    /** What a descriptor belongs to. */
    enum Kind {
        /** A socket or pipe: its closing is announced by {@link #closing}, so it can stay registered between waits. */
        CHANNEL,
        /** A selector's own epoll descriptor: it is closed behind our back, so it is registered for each wait anew. */
        SELECTOR
    }
}
