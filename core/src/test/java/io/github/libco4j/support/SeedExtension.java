package io.github.libco4j.support;

import java.util.SplittableRandom;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets the loops of each test run their ready coroutines in a random order, so that no test relies on one. The seed is
 * printed when a test fails; {@code -Dlibco4j.seed=N} gives it. Applied to every test by its service file.
 */
public final class SeedExtension implements BeforeEachCallback, AfterEachCallback {
    /** The property by which a loop takes its seed when it is made. */
    public static final String PROPERTY = "libco4j.seed";

    private static final String GIVEN = System.getProperty(PROPERTY);
    private static final SplittableRandom RANDOM = new SplittableRandom();

    @Override
    public void beforeEach(ExtensionContext context) {
        if (GIVEN == null) {
            synchronized (RANDOM) {
                System.setProperty(PROPERTY, Long.toString(RANDOM.nextLong()));
            }
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        String seed = System.getProperty(PROPERTY);
        if (context.getExecutionException().isPresent()) {
            System.err.println(context.getRequiredTestClass().getSimpleName() + " " + context.getDisplayName()
                    + " failed; repeat it with -D" + PROPERTY + "=" + seed);
        }
        if (GIVEN == null) {
            System.clearProperty(PROPERTY);
        }
    }
}
