package io.github.libco4j.examples.kv;

import java.util.concurrent.atomic.AtomicLong;

/** What commands may know and change of the connection they came on. Its connection's thread only. */
final class Session {
    private static final AtomicLong IDS = new AtomicLong();

    private final long id = IDS.incrementAndGet();
    private final ReplyWriter reply;
    private byte[] name = new byte[0];
    private boolean quitting;

    Session(ReplyWriter reply) {
        this.reply = reply;
    }

    long id() {
        return id;
    }

    ReplyWriter reply() {
        return reply;
    }

    byte[] name() {
        return name;
    }

    void rename(byte[] newName) {
        name = newName;
    }

    boolean quitting() {
        return quitting;
    }

    /** Ends the connection once the replies so far are sent. */
    void quit() {
        quitting = true;
    }
}
