package sun.nio.ch;

import java.io.IOException;

/**
 * What an event loop must supply to the JDK's narrow waist for blocking I/O: it waits for descriptors on behalf of its
 * coroutines.
 *
 * <p>This interface lives in {@code java.base} so that {@link LoopPoller} can call it; it is implemented in libco4j. Each
 * method is called by a coroutine of that loop, "the current coroutine" below; {@link LoopCoroutine} finds the loop.
 */
public interface LoopReadiness {
    /**
     * Announces that the current coroutine is about to park until the descriptor is ready. When this returns, a
     * readiness event or a closer, which takes the coroutine out of {@link DescriptorTable}, unparks the coroutine, also if
     * it comes before the coroutine has parked.
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
     * Tells whether the loop knows that a read of the descriptor would find nothing, so that the current coroutine can
     * begin to wait at once. Only for a caller that does wait then: what has come since the loop last looked is noticed by
     * the wait, not by this.
     */
    boolean isDrained(int fd);

    /** The caller has read all that the descriptor had, or has found nothing there. */
    void drained(int fd);

    /** What a descriptor belongs to. */
    enum Kind {
        /** A socket or pipe: its closing is announced to {@link DescriptorTable}, so it can stay registered between waits. */
        CHANNEL,
        /** A selector's own epoll descriptor: it is closed behind our back, so it is registered for each wait anew. */
        SELECTOR
    }
}
