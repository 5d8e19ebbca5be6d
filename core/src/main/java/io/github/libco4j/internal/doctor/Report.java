package io.github.libco4j.internal.doctor;

import java.io.PrintStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lines of a name and a value, under headings. */
final class Report {
    private static final String INDENT = " ".repeat(18);

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    void heading(String heading) {
        out.println();
        out.println(heading);
    }

    /** A fact. Further lines of the value stand below its first. */
    void line(String name, String value) {
        out.println("  " + name + " ".repeat(Math.max(1, INDENT.length() - 2 - name.length()))
                + value.replace("\n", "\n" + INDENT));
    }

    void ok(String what) {
        line("ok", what);
    }

    void failed(String what, Throwable why) {
        Throwable root = why;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        boolean saysMore = !Objects.equals(root.getMessage(), why.getMessage());
        String cause = saysMore ? "\ncaused by " + root : "";
        failed(what, why.getMessage() + cause);
    }

    void failed(String what, @Nullable String why) {
        line("FAILED", what + ": " + why);
    }

    /** A piece of advice on the line above. */
    void hint(String text) {
        out.println(INDENT + text);
    }
}
