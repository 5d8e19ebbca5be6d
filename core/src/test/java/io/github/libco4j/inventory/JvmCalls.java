package io.github.libco4j.inventory;

import static io.github.libco4j.inventory.BlockingCall.Fate.AGENT;
import static io.github.libco4j.inventory.BlockingCall.Fate.BLOCKS;
import static io.github.libco4j.inventory.BlockingCall.Fate.LIBCO4J;
import static io.github.libco4j.inventory.BlockingCall.Fate.SUSPENDS;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.libco4j.Interposition;
import io.github.libco4j.inventory.BlockingCall.Fate;
import io.github.libco4j.inventory.BlockingCall.Step;
import io.github.libco4j.inventory.BlockingCall.Try;
import io.github.libco4j.inventory.SlowKernel.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What waits inside the JVM, or in native code. */
@SuppressWarnings("restricted") // By option.
final class JvmCalls {
    private static final int MILLIS = SlowKernel.HELD_MILLIS;

    private static final MethodHandle USLEEP = function("usleep", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private JvmCalls() {}

    /** A class that has an initialiser, which does what its scene says. */
    static final class Initialised {
        static {
            Scene.runInside();
        }

        static void touch() {}
    }

    /** Uses it. */
    static final class User implements Runnable {
        @Override
        public void run() {
            Initialised.touch();
        }
    }

    /** Loads those two anew. */
    private static final class Anew extends ClassLoader {
        private static final List<String> NAMES = List.of(Initialised.class.getName(), User.class.getName());

        Anew() {
            super(JvmCalls.class.getClassLoader());
            setDefaultAssertionStatus(true);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (!NAMES.contains(name)) {
                    return super.loadClass(name, resolve);
                }
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                byte[] bytes = bytes(name);
                return defineClass(name, bytes, 0, bytes.length);
            }
        }

        Runnable user() throws ReflectiveOperationException {
            var constructor = loadClass(User.class.getName()).getDeclaredConstructor();
            constructor.setAccessible(true);
            return (Runnable) constructor.newInstance();
        }
    }

    private static byte[] bytes(String className) {
        try (var in = JvmCalls.class.getResourceAsStream("/" + className.replace('.', '/') + ".class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a step in a class initialiser. */
    private static Step initialising(Scene scene, Step step) throws ReflectiveOperationException {
        scene.inside(step);
        return new Anew().user()::run;
    }

    /** A loader that takes from a jar what is asked of it, rather than from its parent. */
    private static URLClassLoader jarLoader(Scene scene) throws Exception {
        Path jar = scene.path("a.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(Initialised.class.getName().replace('.', '/') + ".class"));
            zip.write(bytes(Initialised.class.getName()));
        }
        return scene.closing(new URLClassLoader(new URL[] {jar.toUri().toURL()}, null));
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }

    private static void invoke(MethodHandle function, Object... arguments) {
        try {
            function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // The C library calls it.
    private static int compare(MemorySegment a, MemorySegment b) {
        try {
            Scene.runInside();
            return 0;
        } catch (RuntimeException e) {
            e.printStackTrace();
            return 0;
        }
    }

    /** Runs a step in a function that native code calls. */
    private static Step calledByNativeCode(Scene scene, Step step) throws ReflectiveOperationException {
        Arena arena = Arena.ofAuto();
        MethodHandle compare = MethodHandles.lookup()
                .findStatic(
                        JvmCalls.class,
                        "compare",
                        MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class));
        MemorySegment stub = Linker.nativeLinker()
                .upcallStub(compare, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS), arena);
        MethodHandle sort = function("qsort", FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS));
        MemorySegment array = arena.allocate(8);
        scene.inside(step);
        return () -> invoke(sort, array, 2L, 4L, stub);
    }

    /** When it returns, the loop has a spare thread. */
    private static void useSpareThread() throws InterruptedException {
        Interposition.blocking(() -> WaitingCalls.sleepThen(""));
        Thread.sleep(50); // Until that has nothing to do.
    }

    /** The agent's option names it. */
    private static void sleepNatively() {
        invoke(USLEEP, MILLIS * 1000);
    }

    private static BlockingCall pinned(String calls, String waitFor, Fate fate, Try... tries) {
        return BlockingCall.row("Below a class initialiser or a native frame", calls, waitFor, fate, tries);
    }

    private static BlockingCall jvm(String calls, String waitFor, Fate without, Fate with, Try... tries) {
        return BlockingCall.row("The JVM and native code", calls, waitFor, without, with, tries);
    }

    static List<BlockingCall> calls() {
        return List.of(
                pinned(
                        "Thread.sleep, locks and queues of java.util.concurrent, LockSupport.park",
                        "what they wait for elsewhere",
                        LIBCO4J,
                        scene -> initialising(scene, () -> Thread.sleep(MILLIS)),
                        scene -> {
                            Lock lock = new ReentrantLock();
                            WaitingCalls.heldByAnother(scene, step -> WaitingCalls.holding(lock, step));
                            return initialising(scene, lock::lock);
                        },
                        scene -> calledByNativeCode(scene, () -> Thread.sleep(MILLIS))),
                pinned("Sockets and channels", "the peer", LIBCO4J, scene -> {
                    Step accept = NetworkCalls.accept(scene);
                    return initialising(scene, accept);
                }),
                pinned("What is bracketed", "what it waits for elsewhere", Fate.JDK, scene -> {
                    Process process = ProcessCalls.waiting(scene, "exit");
                    return initialising(scene, process.getInputStream()::read);
                }),
                pinned(
                                "synchronized, Object.wait",
                                "the monitor's owner, a notify, or time",
                                BLOCKS,
                                scene -> {
                                    Object monitor = new Object();
                                    WaitingCalls.heldByAnother(scene, step -> WaitingCalls.inMonitor(monitor, step));
                                    return initialising(scene, () -> WaitingCalls.inMonitor(monitor, () -> {}));
                                },
                                scene -> {
                                    Object monitor = new Object();
                                    return initialising(
                                            scene, () -> WaitingCalls.inMonitor(monitor, () -> monitor.wait(MILLIS)));
                                })
                        .because("the JVM waits, and tells nobody"),
                jvm("The first use of a class that another thread initialises", "that thread", BLOCKS, BLOCKS, scene -> {
                            Anew loader = new Anew();
                            Runnable user = loader.user();
                            WaitingCalls.heldByAnother(scene, step -> {
                                scene.inside(step);
                                loader.user().run();
                            });
                            return user::run;
                        })
                        .since26(SUSPENDS)
                        .because("until JDK 25 the JVM waits, and tells nobody"),
                jvm("The first use of a class: loading it from a jar or a directory", "the file system", BLOCKS, AGENT, scene -> {
                    URLClassLoader loader = jarLoader(scene);
                    scene.slow(Kind.OPEN);
                    return () -> loader.loadClass(Initialised.class.getName());
                }, scene -> {
                    URLClassLoader loader = jarLoader(scene);
                    loader.getResource("a");
                    scene.slow(Kind.SEEK);
                    return () -> loader.loadClass(Initialised.class.getName());
                }),
                jvm("Thread.start of a platform thread", "the kernel", BLOCKS, AGENT, scene -> {
                            Thread thread = Thread.ofPlatform().unstarted(() -> {});
                            scene.before(JvmCalls::useSpareThread);
                            scene.alone();
                            scene.slow(Kind.CLONE);
                            return thread::start;
                        })
                        .because("the JVM starts one thread at a time, so the loop is free if it has used a bracket shortly before"),
                jvm("System.loadLibrary, load", "the file system", BLOCKS, AGENT, scene -> {
                    Path library = Files.copy(
                            Path.of(System.getProperty("java.home"), "lib", "libattach.so"), scene.path("liba.so"));
                    scene.slow(Kind.OPEN);
                    return () -> System.load(library.toString());
                }),
                jvm("Native functions by java.lang.foreign, and native methods of libraries", "whatever they wait for", BLOCKS, AGENT, _ ->
                                JvmCalls::sleepNatively)
                        .because("if `-Dlibco4j.blocking` names the method that calls, or what is native"),
                jvm("TimeZone.getDefault", "the file system, at the first call", BLOCKS, AGENT, scene -> {
                            TimeZone.getDefault();
                            scene.slow(Kind.STAT);
                            return () -> {
                                System.clearProperty("user.timezone");
                                TimeZone.setDefault(null);
                                TimeZone.getDefault();
                            };
                        }),
                jvm("System.gc, Thread.getAllStackTraces, heap dumps", "all threads of the JVM", BLOCKS, BLOCKS)
                        .because("not tried. The JVM stops every thread"));
    }
}
