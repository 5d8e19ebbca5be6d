package io.github.libco4j.internal.agent;

import io.github.libco4j.internal.jdk.Jdk;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.util.Set;

/** Weaves what a program needs whose threads become coroutines; and hands over to the room that makes them, {@code internal.run}. */
final class RunWeaver {
    private RunWeaver() {}

    /**
     * Weaves, before the program begins.
     *
     * @param arguments what follows the agent's name
     * @throws IllegalArgumentException if that is wrong
     */
    static void weave(String arguments, Instrumentation with) {
        try {
            Jdk.require();
            Jdk.defineRun();
            new ThreadWeaver().weave(with);
            var unwoven = new Unwoven();
            with.addTransformer(new IdentityWeaver(unwoven));
            // That room stands on the API, and so on this one.
            Object asked = Class.forName("io.github.libco4j.internal.run.Run")
                    .getMethod("begin", String.class, Set.class)
                    .invoke(null, arguments, unwoven.lines());
            if (((Set<?>) asked).contains("main")) {
                with.addTransformer(new MainWeaver(unwoven));
            }
            new PoolWeaver((Set<?>) asked).weave(with);
        } catch (InvocationTargetException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            System.err.println(why.getMessage()); // The JVM shows it among much else. (To halt here can take minutes, on JDK 26.)
            throw new IllegalArgumentException(why.getMessage(), why);
        } catch (Exception e) {
            throw new IllegalStateException("libco4j cannot run this program's threads as coroutines: " + e.getMessage(), e);
        }
    }
}
