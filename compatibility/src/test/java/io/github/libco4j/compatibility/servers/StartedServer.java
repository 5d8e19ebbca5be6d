package io.github.libco4j.compatibility.servers;

/** A server that runs. */
interface StartedServer {
    int port();

    /** Takes no more requests, and returns when those under way have been answered. */
    void stop() throws Exception;

    /** Ends it where no request is under way. */
    default void end() throws Exception {
        stop();
    }
}
