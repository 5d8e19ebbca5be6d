package io.github.libco4j.internal.agent;

import io.github.libco4j.internal.jdk.Jdk;
import io.github.libco4j.internal.jdk.OwnClasses;
import io.github.libco4j.internal.jdk.Uninterruptibly;
import java.io.File;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.security.CodeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The agent: started by {@code -javaagent:libco4j.jar}, by {@code Launcher-Agent-Class} in the manifest of an executable
 * jar, or by attaching to a running JVM.
 *
 * <p>Its start opens {@code java.lang} to libco4j, so that no {@code --add-opens} is needed, and changes nothing else, unless the
 * user names libraries, or has the threads of the program become coroutines ({@link RunWeaver}). The JDK is woven at the first call that needs it ({@link #ensureWoven}, {@link #ensureTimeWoven}, {@link
 * #ensureCallsWoven}): as long as no coroutine has values of its own, and no loop runs or has a clock, woven code would do nothing,
 * and weaving would delay every start.
 */
public final class Agent {
    private static final AtomicBoolean WARNED = new AtomicBoolean();
    private static volatile @Nullable Instrumentation instrumentation;

    private Agent() {}

    /** Called by the JVM before {@code main}. */
    public static void premain(@Nullable String arguments, Instrumentation with) {
        start(arguments, with);
    }

    /** Called by the JVM when it is attached to, and for {@code Launcher-Agent-Class}. */
    public static void agentmain(@Nullable String arguments, Instrumentation with) {
        start(arguments, with);
    }

    private static void start(@Nullable String arguments, Instrumentation with) {
        with.redefineModule(
                Object.class.getModule(),
                Set.of(),
                Map.of(),
                Map.of("java.lang", Set.of(Agent.class.getModule())),
                Set.of(),
                Map.of());
        LibraryWeaver.weaveNamed(with);
        instrumentation = with;
        if (arguments != null && !arguments.isEmpty()) {
            RunWeaver.weave(arguments, with);
        }
    }

    /** Tells whether this JVM runs the agent. */
    public static boolean isPresent() {
        return instrumentation != null || asksAnotherCopy("isPresent");
    }

    /**
     * Makes sure that the JDK is woven for environments of coroutines. The first call in a coroutine suspends the coroutine,
     * while another thread weaves. Public for other copies of libco4j in the process as well.
     *
     * @return false if this JVM does not run the agent: the caller's message then names the {@link #option()}
     * @throws IllegalStateException if the agent cannot weave this JDK
     */
    public static boolean ensureWoven() {
        return Weaving.ENVIRONMENT.ensure();
    }

    /** Makes sure that the JDK is woven for loops with clocks of their own; otherwise as {@link #ensureWoven}. */
    public static boolean ensureTimeWoven() {
        return Weaving.TIME.ensure();
    }

    /**
     * Has brackets woven around the JDK's blocking calls, if this JVM runs the agent. Without them loops do what they can, and a
     * warning says so. To be called before the first coroutine runs. Public for other copies of libco4j in the process as well.
     *
     * @return false if this JVM does not run the agent, or it cannot weave
     * @throws IllegalStateException if the user names calls of libraries, and this JVM does not run the agent
     */
    public static boolean ensureCallsWoven() {
        if (!isPresent()) {
            if (System.getProperty(LibraryWeaver.BLOCKING) != null) {
                throw new IllegalStateException(
                        "-D" + LibraryWeaver.BLOCKING + " needs libco4j's agent: start java with  " + option());
            }
            return false;
        }
        try {
            return Weaving.CALLS.ensure();
        } catch (IllegalStateException e) {
            if (instrumentation != null && !WARNED.getAndSet(true)) {
                System.getLogger("io.github.libco4j").log(Level.WARNING, "calls that block their thread stop their loop: " + e.getMessage());
            }
            return false;
        }
    }

    /** Something that can be woven into the JDK: once, by the copy of this class that the JVM has started. */
    private static final class Weaving implements Uninterruptibly.Wait, Callable<@Nullable Void> {
        static final Weaving ENVIRONMENT = new Weaving("ensureWoven");
        static final Weaving TIME = new Weaving("ensureTimeWoven");
        static final Weaving CALLS = new Weaving("ensureCallsWoven");

        private final String question;
        private final AtomicBoolean begun = new AtomicBoolean();
        private final FutureTask<@Nullable Void> task = new FutureTask<>(this);

        /** True once the JDK is known to be woven. */
        private volatile boolean woven;

        /**
         * Something to weave.
         *
         * @param question the method of another copy that does it there
         */
        Weaving(String question) {
            this.question = question;
        }

        /** Defines into {@code java.base} what woven code calls. */
        private void define() throws IOException, ReflectiveOperationException {
            if (this == ENVIRONMENT) {
                Jdk.defineEnvironment();
            } else if (this == TIME) {
                Jdk.defineTime();
            }
        }

        private void transform(Instrumentation with) throws Exception {
            if (this == ENVIRONMENT) {
                new Weaver().weave(with);
            } else if (this == TIME) {
                new TimeWeaver().weave(with);
            } else {
                OwnClasses.load();
                LibraryWeaver.weaveWellKnown(with);
                new CallWeaver().weave(with);
            }
        }

        boolean ensure() {
            if (!woven) {
                woven = instrumentation == null ? anotherCopyHasWoven() : await();
            }
            return woven;
        }

        private boolean anotherCopyHasWoven() {
            if (!asksAnotherCopy(question)) {
                return false;
            }
            try {
                define(); // The other copy has defined it: this finds out whether it is of the same release.
            } catch (IOException | ReflectiveOperationException e) {
                throw new IllegalStateException("libco4j cannot use what its agent has woven: " + e.getMessage(), e);
            }
            return true;
        }

        /** Returns true. */
        private boolean await() {
            if (begun.compareAndSet(false, true)) {
                // Not on a loop's thread: it would stop for as long as it takes to load java.lang.classfile.
                Thread.ofPlatform()
                        .name("libco4j-weaver")
                        .daemon()
                        .inheritInheritableThreadLocals(false)
                        .start(task);
            }
            boolean ignored = Uninterruptibly.run(Uninterruptibly.FOREVER, this);
            return true;
        }

        @Override
        public boolean run(Duration atMost) throws InterruptedException {
            try {
                task.get();
                return true;
            } catch (ExecutionException e) {
                Throwable why = e.getCause() == null ? e : e.getCause();
                throw new IllegalStateException(
                        "libco4j's agent cannot weave JDK " + Runtime.version() + ": " + why.getMessage(), why);
            }
        }

        @Override
        public @Nullable Void call() throws Exception {
            Instrumentation with = instrumentation;
            if (with != null) {
                if (!with.isRetransformClassesSupported()) {
                    throw new UnsupportedOperationException(
                            "the manifest of the jar that started the agent lacks  Can-Retransform-Classes: true");
                }
                Jdk.require();
                define();
                transform(with);
            }
            return null;
        }
    }

    /**
     * Asks the copy of this class that the JVM has started as an agent, if that is not this copy: an application server loads
     * the libco4j that an application brings by a class loader of its own, and the JVM loads the agent by the system's.
     */
    private static boolean asksAnotherCopy(String question) {
        try {
            Class<?> other = ClassLoader.getSystemClassLoader().loadClass(Agent.class.getName());
            return other != Agent.class && (boolean) other.getMethod(question).invoke(null);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause() == null ? "" : e.getCause().getMessage(), e.getCause());
        } catch (ReflectiveOperationException e) {
            return false; // There is no such copy, or its class has no such method.
        }
    }

    /** The option by which a JVM runs the agent. */
    public static String option() {
        CodeSource source = Agent.class.getProtectionDomain().getCodeSource();
        String url = source == null || source.getLocation() == null ? "" : source.getLocation().toString();
        return "-javaagent:" + (url.startsWith("file:") && url.endsWith(".jar") ? new File(URI.create(url)) : "libco4j.jar");
    }
}
