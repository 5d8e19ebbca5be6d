package io.github.libco4j.support;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/** What libco4j logs from here to {@link #close}, but for what it says of the JDK. Some of it may be late news of an earlier test. */
public final class LoggedMessages implements AutoCloseable {
    /** Whether a line is the warning, at the first use, of a JDK that libco4j was not tried on. */
    public static final Predicate<String> UNTRIED_JDK = Pattern.compile("libco4j was tried on JDK \\d+ to \\d+ and not on ").asPredicate();

    private final Logger logger = Logger.getLogger("io.github.libco4j"); // The log manager would forget it otherwise.
    private final Queue<String> messages = new ConcurrentLinkedQueue<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            if (!UNTRIED_JDK.test(record.getMessage())) {
                messages.add(record.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    public LoggedMessages() {
        logger.addHandler(handler);
    }

    /** Waits for a message that contains the text, and returns it. */
    public String await(String text) throws Exception {
        Await.until("a message with " + text, () -> messages.stream().anyMatch(message -> message.contains(text)));
        return messages.stream().filter(message -> message.contains(text)).findFirst().orElseThrow();
    }

    /** Those that have come so far. */
    public List<String> all() {
        return List.copyOf(messages);
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
    }
}
