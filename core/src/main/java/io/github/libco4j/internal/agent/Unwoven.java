package io.github.libco4j.internal.agent;

import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** Classes of a program that could not be woven, and what becomes of them: logged, and kept for the report. Any thread may write. */
final class Unwoven {
    private final Set<String> lines = new ConcurrentSkipListSet<>();

    /** A class stays as it is. The JVM would swallow what a transformer throws. */
    void add(String internalName, String consequence, Throwable why) {
        String line = internalName.replace('/', '.') + ' ' + consequence + ", since it cannot be woven: " + why.getMessage();
        if (lines.add(line)) {
            System.getLogger("io.github.libco4j").log(Level.WARNING, line);
        }
    }

    /** What was said, as it is now and will be. */
    Set<String> lines() {
        return Collections.unmodifiableSet(lines);
    }
}
