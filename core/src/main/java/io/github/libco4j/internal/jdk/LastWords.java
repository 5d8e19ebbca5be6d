package io.github.libco4j.internal.jdk;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Says on standard error, in the JVM's words for a platform thread, that a virtual thread's uncaught exception handler has
 * failed, or what the JDK does after it when a thread ends; otherwise nobody would learn of that. Mostly the handler had no
 * memory to print an OutOfMemoryError. So this class needs no memory, not even for the first use of a string; and no lock,
 * since it writes to the descriptor, past {@code System.err}.
 */
public final class LastWords {
    /** Shared by all instances, since a descriptor remembers each of its streams. */
    private static final FileOutputStream ERR = new FileOutputStream(FileDescriptor.err);

    private static final byte[] EXCEPTION = bytes("\nException: ");
    private static final byte[] THROWN = bytes(" thrown from the UncaughtExceptionHandler, or after it, in thread \"");
    private static final byte[] LOOP = bytes("\" of event loop \"");
    private static final byte[] END = bytes("\"\n");
    private static final byte[] NO_MEMORY = bytes("\nOutOfMemoryError: event loop \"");
    private static final byte[] TRIES_AGAIN = bytes("\" has no memory for an iteration, and tries again\n");

    /** Asked for in time: the class keeps the string. */
    private static final String OUT_OF_MEMORY = OutOfMemoryError.class.getName();

    private static final int LONGEST_NAME = 120;

    private final byte[] line =
            new byte[EXCEPTION.length + THROWN.length + LOOP.length + END.length + 3 * LONGEST_NAME];
    private int length;

    /** Not for use by several threads at once. */
    public void say(Thread ended, String loop, Throwable failure) {
        try {
            length = 0;
            add(EXCEPTION);
            add(failure instanceof OutOfMemoryError ? OUT_OF_MEMORY : failure.getClass().getName());
            add(THROWN);
            add(ended.getName());
            add(LOOP);
            add(loop);
            add(END);
            ERR.write(line, 0, length);
        } catch (Throwable unsaid) {
            return; // There is no other place to say it, and nobody else is to suffer.
        }
    }

    /** Says that a loop had no memory for its own work, and that nothing is lost by that. */
    public void sayTriesAgain(String loop) {
        try {
            length = 0;
            add(NO_MEMORY);
            add(loop);
            add(TRIES_AGAIN);
            ERR.write(line, 0, length);
        } catch (Throwable unsaid) {
            return; // As above.
        }
    }

    private void add(byte[] words) {
        System.arraycopy(words, 0, line, length, words.length);
        length += words.length;
    }

    private void add(String name) {
        for (int i = 0; i < name.length() && i < LONGEST_NAME; i++) {
            char c = name.charAt(i);
            line[length++] = (byte) (c < 0x80 ? c : '?');
        }
    }

    private static byte[] bytes(String words) {
        return words.getBytes(StandardCharsets.US_ASCII);
    }
}
