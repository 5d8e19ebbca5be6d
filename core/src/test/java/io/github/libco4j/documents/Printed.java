package io.github.libco4j.documents;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a snippet prints, compared line by line with what it should print. */
final class Printed extends OutputStream {
    private static final int SECONDS = 10;

    private static volatile Printed current = new Printed(List.of());

    private final List<String> expected;
    private final StringBuilder all = new StringBuilder(); // Guarded by this.
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(); // Likewise.
    private final CompletableFuture<Void> complete = new CompletableFuture<>();
    private int met; // Likewise.

    private Printed(List<String> expected) {
        this.expected = expected;
        if (expected.isEmpty()) {
            complete.complete(null);
        }
    }

    /** From now on, until the next call. */
    static Printed expect(List<String> lines) {
        Printed printed = new Printed(lines);
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        current = printed;
        return printed;
    }

    /** Waits until the snippet that runs has printed everything. */
    static void await() throws InterruptedException, ExecutionException, TimeoutException {
        current.complete.get(SECONDS, TimeUnit.SECONDS);
    }

    /** Nothing more is to come. */
    void fail(Throwable failure) {
        complete.completeExceptionally(failure);
    }

    @Override
    public synchronized void write(int b) {
        if (b != '\n') {
            line.write(b);
            return;
        }
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        all.append(text).append('\n');
        if (met < expected.size() && matches(text, expected.get(met)) && ++met == expected.size()) {
            complete.complete(null);
        }
    }

    private static boolean matches(String text, String expected) {
        return expected.endsWith("…")
                ? text.startsWith(expected.substring(0, expected.length() - 1))
                : text.equals(expected);
    }

    @Override
    public synchronized String toString() {
        return "expected " + expected + ", printed:\n" + all;
    }
}
