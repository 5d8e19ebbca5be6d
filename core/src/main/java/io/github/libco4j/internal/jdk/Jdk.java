package io.github.libco4j.internal.jdk;

import io.github.libco4j.internal.jdk.Assumption.Need;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.net.URI;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import jdk.internal.misc.Unsafe;
import jdk.internal.vm.ContinuationSupport;
import org.jspecify.annotations.Nullable;

/**
 * Opens the JDK for libco4j, once, and says what is missing when that fails.
 *
 * <p>The user opens {@code java.lang}; a class that is defined there can open the other packages to libco4j. Then the other
 * classes of {@code src/main/java-base} are defined into the packages whose private parts they use. They are the process's:
 * copies of libco4j that several class loaders have loaded share them. So they refer to no copy, which could not be
 * collected then. All other classes of this package may be loaded only after {@link #require} has returned.
 */
public final class Jdk {
    /** The feature version of the oldest JDK whose internals this release knows; {@link Assumptions} has those that it was tried on. */
    public static final int KNOWN_VERSION = 25;

    private static final String[] EXPORTED = {
        "java.lang", "jdk.internal.access", "jdk.internal.loader", "jdk.internal.misc", "jdk.internal.vm", "sun.nio.ch",
    };

    /** The class that goes into {@code java.lang} first, and opens the rest. */
    private static final String OPENING = "java/lang/ModuleOpener";

    /** The other classes that go into {@code java.base}; a superclass or interface before those that need it. */
    private static final String[] DEFINED = {
        "java/lang/CoroutineThreads$Succession",
        "java/lang/CoroutineThreads",
        "java/lang/CoroutineThreads$Waker",
        "sun/nio/ch/LoopReadiness$Kind",
        "sun/nio/ch/LoopReadiness",
        "sun/nio/ch/LoopCoroutine",
        "java/lang/BlockingCalls",
        "sun/nio/ch/DescriptorTable$Chunk",
        "sun/nio/ch/DescriptorTable",
        "sun/nio/ch/JdkPollers",
        "sun/nio/ch/LoopDispatchers",
        "sun/nio/ch/LoopDispatchers$ForSockets",
        "sun/nio/ch/LoopDispatchers$ForBlockingSockets",
        "sun/nio/ch/LoopDispatchers$ForDatagrams",
        "sun/nio/ch/LoopDispatchers$ForFiles",
        "sun/nio/ch/LoopChannels",
        "sun/nio/ch/LoopChannels$Listener",
        "sun/nio/ch/LoopChannels$Datagrams",
        "java/net/LoopServerSocket",
        "java/net/LoopServerSocket$Factory",
        "sun/nio/ch/LoopTakeover",
        "sun/nio/ch/LoopEpoll",
        "sun/nio/ch/LoopAffinity",
    };

    /** What takes over pollers that have a map of waiting threads each: JDK 25 and 26. */
    private static final String[] DEFINED_FOR_POLLERS = {
        "sun/nio/ch/LoopPoller", "sun/nio/ch/LoopPoller$Routes", "sun/nio/ch/LoopPollers",
    };

    /** What takes over pollers that are in a group: since JDK 27. */
    private static final String[] DEFINED_FOR_POLLER_GROUP = {"27/sun/nio/ch/LoopPollerGroup"};

    /** What {@link Inspection} needs, and so only a program that asks for a dump. */
    private static final String[] DEFINED_FOR_DUMPS = {"jdk/internal/vm/CoroutineMonitors"};

    /**
     * The classes that only the agent needs, and only when a coroutine gets an environment of its own. They are not appended
     * to the boot class path, which would switch class-data sharing off for the application's classes.
     */
    private static final String[] DEFINED_FOR_ENVIRONMENT = {
        "java/lang/EnvironmentOverlay",
        "java/lang/EnvironmentOverlay$OfThread",
        "java/lang/OverlaidProperties",
        "java/lang/OverlaidProperties$All",
        "java/lang/OverlaidProperties$All$1",
        "java/lang/OverlaidProperties$Entries",
        "java/lang/OverlaidProperties$Entries$1",
        "java/lang/EnvironmentHooks",
    };

    /** What {@link WaitTime} needs, and so only a program that tests with a clock of its own. */
    private static final String[] DEFINED_FOR_TIME = {"java/lang/CarrierClock"};

    /** What programs need whose threads become coroutines. */
    private static final String[] DEFINED_FOR_RUN = {
        "java/lang/RunThreads$Host", "java/lang/RunThreads$Binding", "java/lang/RunThreads",
    };

    @SuppressWarnings("StaticAssignmentOfThrowable") // Kept as the cause of what each caller gets.
    private static final @Nullable IllegalStateException FAILURE = open();

    private Jdk() {}

    /** What users of this JDK are to know; null if there is nothing. */
    public static @Nullable String advice() {
        return Assumptions.advice(Runtime.version());
    }

    /** What a user's start needs, in words that follow "start java with". */
    public static String remedy() {
        Module own = Jdk.class.getModule();
        return own.isNamed()
                ? "--add-opens java.base/java.lang=" + own.getName()
                : "--add-opens java.base/java.lang=ALL-UNNAMED  or put  Add-Opens: java.base/java.lang"
                        + "  into the manifest of your executable jar";
    }

    /**
     * Makes sure that the JDK is open to libco4j.
     *
     * @throws IllegalStateException if it is not, with the remedy
     */
    public static void require() {
        if (FAILURE != null) {
            throw new IllegalStateException(FAILURE.getMessage(), FAILURE);
        }
    }

    private static @Nullable IllegalStateException open() {
        try {
            try (ZipFile jar = ownJar()) {
                exportPackages(jar);
                requireContinuations();
                if (!Assumptions.isTried(Runtime.version())) {
                    requireAssumptions();
                }
                defineClasses(jar, DEFINED);
                defineClasses(jar, Assumptions.hasPollerGroup() ? DEFINED_FOR_POLLER_GROUP : DEFINED_FOR_POLLERS);
                Class.forName("java.lang.CoroutineThreads", true, null);
            }
            OwnClasses.loadUnlessByJvm();
            String advice = advice();
            if (advice != null) {
                System.getLogger("io.github.libco4j").log(Level.WARNING, advice);
            }
            return null;
        } catch (IllegalStateException e) {
            return e;
        } catch (IllegalAccessException e) {
            return new IllegalStateException("libco4j cannot reach java.lang: start java with  " + remedy(), e);
        } catch (ReflectiveOperationException | IOException | LinkageError | InternalError e) { // Unsafe throws the last one.
            return unknownInternals(e);
        }
    }

    private static void requireAssumptions() {
        String difference = whatIsDifferent();
        if (difference != null) {
            throw unknownInternals(difference, null);
        }
    }

    private static @Nullable String whatIsDifferent() {
        String difference = Assumptions.differences(Need.LOOP);
        return difference == null ? Assumptions.differences(Need.CHANNELS) : difference;
    }

    /** The error of a JDK that lacks what the loops or the channels need. */
    public static IllegalStateException unknownInternals(Throwable symptom) {
        String difference = whatIsDifferent();
        return unknownInternals(difference == null ? symptom.toString() : difference, symptom);
    }

    private static IllegalStateException unknownInternals(String difference, @Nullable Throwable cause) {
        return new IllegalStateException(
                "libco4j does not recognise the internals of this JDK, " + thisJdk() + ": " + difference + ": run it on "
                        + Assumptions.tried() + ", or use a later libco4j",
                cause);
    }

    /** What is different in the pollers, in words. */
    public static String whatIsDifferentInPollers(Throwable symptom) {
        String difference = Assumptions.differences(Need.POLLERS);
        return difference == null ? symptom.toString() : difference;
    }

    /**
     * Makes sure, on a JDK that was not tried, that the pollers are what libco4j knows.
     *
     * @throws NoSuchFieldException if they are not, with what is different
     */
    public static void requirePollers() throws NoSuchFieldException {
        String difference = Assumptions.isTried(Runtime.version()) ? null : Assumptions.differences(Need.POLLERS);
        if (difference != null) {
            throw new NoSuchFieldException(difference);
        }
    }

    /** Without them, the JDK's virtual threads are platform threads in disguise. */
    private static void requireContinuations() {
        if (!ContinuationSupport.isSupported()) {
            throw new IllegalStateException("libco4j needs a JVM with continuations, and this one has none: start java without"
                    + "  -XX:-VMContinuations  or, if that was not given, on a processor for which HotSpot has them");
        }
    }

    /** By a class among {@code java.lang}'s own: a method handle, or reflection, would cost each program's start more. */
    private static void exportPackages(@Nullable ZipFile jar) throws IOException, ReflectiveOperationException {
        MethodHandles.Lookup lang = MethodHandles.privateLookupIn(Object.class, MethodHandles.lookup());
        try {
            lang.defineClass(classFile(jar, OPENING));
        } catch (LinkageError e) {
            Class.forName(OPENING.replace('/', '.'), false, null); // Another copy of libco4j in this process has defined it.
        }
        for (String name : EXPORTED) {
            ModuleOpener.exportBase(name, Jdk.class.getModule());
        }
    }

    /** Opens the package of a class of the JDK, in whatever module, to ourselves. */
    static void open(Class<?> type) {
        ModuleOpener.open(type, Jdk.class.getModule());
    }

    /**
     * Defines what {@link CoroutineEnvironment} needs, and initialises it: the JDK will be woven to call it, and must not
     * get there while its first caller is on the way. The JDK must be open.
     *
     * @throws IllegalStateException if another release of libco4j has done it
     */
    public static void defineEnvironment() throws IOException, ReflectiveOperationException {
        define(DEFINED_FOR_ENVIRONMENT);
    }

    /**
     * Defines what {@link WaitTime} needs, and initialises it, before the JDK is woven to call it. The JDK must be open.
     *
     * @throws IllegalStateException if another release of libco4j has done it
     */
    public static void defineTime() throws IOException, ReflectiveOperationException {
        define(DEFINED_FOR_TIME);
    }

    /** Defines what is woven into {@code Thread} and into a program's classes, where threads become coroutines. The JDK must be open. */
    public static void defineRun() throws IOException, ReflectiveOperationException {
        define(DEFINED_FOR_RUN);
    }

    /** Defines what {@link Inspection} needs. The JDK must be open. */
    static void defineMonitors() throws IOException, ReflectiveOperationException {
        define(DEFINED_FOR_DUMPS);
    }

    /** Defines classes and initialises them. */
    private static void define(String[] names) throws IOException, ReflectiveOperationException {
        try (ZipFile jar = ownJar()) {
            defineClasses(jar, names);
        }
        for (String name : names) {
            Class.forName(name.replace('/', '.'), true, null);
        }
    }

    /**
     * Defines classes for all copies of libco4j in this process: the first copy does it for the others. The classes must be the
     * same, to the byte, as this copy would define: all copies must agree on each method, order of steps and meaning of a field.
     */
    private static void defineClasses(@Nullable ZipFile jar, String[] names) throws IOException {
        byte[][] files = new byte[names.length][];
        int hash = 0;
        for (int i = 0; i < names.length; i++) {
            files[i] = classFile(jar, names[i]);
            hash = 31 * hash + Arrays.hashCode(files[i]);
        }
        String mark = hash + " by ";
        synchronized (ModuleOpener.DEFINED) {
            String before = ModuleOpener.DEFINED.get(names[0]);
            if (before != null) {
                requireSame(mark, before);
                return;
            }
            for (int i = 0; i < names.length; i++) {
                Unsafe.getUnsafe().defineClass(null, files[i], 0, files[i].length, null, null);
            }
            ModuleOpener.DEFINED.put(names[0], mark + whereFrom());
        }
    }

    private static void requireSame(String mark, String before) {
        if (!before.startsWith(mark)) {
            throw new IllegalStateException("this process runs another release of libco4j already, from "
                    + before.substring(before.indexOf(" by ") + 4) + ", which this one, from " + whereFrom()
                    + ", cannot run beside: use the same release of libco4j everywhere in a process");
        }
    }

    private static String whereFrom() {
        CodeSource source = Jdk.class.getProtectionDomain().getCodeSource();
        return source == null || source.getLocation() == null ? "an unknown place" : source.getLocation().toString();
    }

    /** The jar that this class comes from, if it is a plain file: much quicker to read than by ten connections to URLs. */
    private static @Nullable ZipFile ownJar() throws IOException {
        String url = whereFrom();
        return url.startsWith("file:") && url.endsWith(".jar") ? new ZipFile(new File(URI.create(url))) : null;
    }

    private static byte[] classFile(@Nullable ZipFile jar, String className) throws IOException {
        String name = "META-INF/libco4j/" + className + ".class";
        ZipEntry entry = jar == null ? null : jar.getEntry(name);
        try (InputStream in =
                entry == null ? Jdk.class.getResourceAsStream("/" + name) : Objects.requireNonNull(jar).getInputStream(entry)) {
            if (in == null) {
                throw new IOException("the libco4j jar lacks " + name);
            }
            return in.readAllBytes();
        }
    }

    private static String thisJdk() {
        return "JDK " + Runtime.version() + " (" + System.getProperty("java.vm.vendor") + ")";
    }
}
