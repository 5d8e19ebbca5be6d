package io.github.libco4j.workbench.cli;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;

/** Tells how far a program is: on a terminal one line that is written over, elsewhere a line every few seconds. */
public final class ProgressLine {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();

    private final PrintStream out;
    private final boolean terminal;
    private int shownLength;
    private long shownAt;

    /** Writes to {@code out}, which should be the process's standard output. */
    public ProgressLine(PrintStream out) {
        this.out = out;
        this.terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        this.shownAt = System.nanoTime() - INTERVAL_NANOS;
    }

    /** Shows the text, at once on a terminal; elsewhere only if the last one was shown long enough ago. */
    public void show(String text) {
        if (terminal) {
            // Blanks cover what is left of a longer line.
            out.print("\r" + text + " ".repeat(Math.max(0, shownLength - text.length())));
            out.flush();
            shownLength = text.length();
        } else if (System.nanoTime() - shownAt >= INTERVAL_NANOS) {
            out.println(text);
            shownAt = System.nanoTime();
        }
    }

    /** Removes the line from a terminal, so that other output can follow. */
    public void clear() {
        if (terminal && shownLength > 0) {
            out.print("\r" + " ".repeat(shownLength) + "\r");
            out.flush();
            shownLength = 0;
        }
    }
}
