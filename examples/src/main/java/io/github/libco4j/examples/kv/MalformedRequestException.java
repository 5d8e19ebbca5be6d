package io.github.libco4j.examples.kv;

import java.io.IOException;

/** What the client sent is not the protocol, or claims too much: its connection cannot go on. */
final class MalformedRequestException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedRequestException(String problem) {
        super("Protocol error: " + problem);
    }
}
