package io.github.libco4j.internal.agent;

import io.github.libco4j.Environment;
import io.github.libco4j.EventLoop;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.Adler32;

/** What the JVMs of {@link AgentTest} run. */
public final class Program {
    private Program() {}

    public static void main(String[] args) throws Exception {
        switch (args.length == 0 ? "" : args[0]) {
            case "again" -> again(args[1]);
            case "share" -> share();
            case "pipe" -> EventLoop.run(loop -> pipe(loop, args[1]));
            case "spin" -> EventLoop.run(Program::spin);
            case "own-copy" -> ownCopy(List.of(args).subList(1, args.length));
            default -> EventLoop.run(loop -> use());
        }
    }

    /** Prints a variable and a property of a coroutine, and what a child process sees. */
    public static void use() throws Exception {
        Environment.set("LIBCO4J_NAME", "variable");
        Environment.setProperty("name", "property");
        System.out.println(System.getenv("LIBCO4J_NAME") + " " + System.getProperty("name") + " " + child());
    }

    private static String child() throws Exception {
        Process child = new ProcessBuilder("/bin/sh", "-c", "printf %s \"$LIBCO4J_NAME\"").start();
        try (InputStream in = child.getInputStream()) {
            return "child's " + new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** A call waits for one of another coroutine of the same loop, on its thread; after a call that has failed. */
    private static void pipe(EventLoop loop, String pipe) throws Exception {
        try (var absent = new FileInputStream(pipe + ".absent")) {
            System.out.println(absent.read());
        } catch (FileNotFoundException expected) {
            System.out.print("read ");
        }
        loop.spawn(() -> {
            try (var out = new FileOutputStream(pipe)) {
                out.write(42);
            }
        });
        try (var in = new FileInputStream(pipe)) {
            System.out.println(in.read());
        }
    }

    /** The same of code that is no call of the JDK, and that the user names. */
    private static void spin(EventLoop loop) {
        loop.spawn(() -> Spinning.over = true);
        System.out.println("spun " + Spinning.spin());
    }

    private static final class Spinning {
        static volatile boolean over;

        static boolean spin() {
            while (!over) {
                Thread.onSpinWait();
            }
            return over;
        }
    }

    /** With {@link ForeignAgent}. */
    private static void again(String pipe) throws Exception {
        EventLoop.run(loop -> {
            System.out.println(System.getenv("LIBCO4J_ABSENT"));
            use();
            ForeignAgent.transformAgain();
            use();
            pipe(loop, pipe);
            System.out.println(System.getenv("LIBCO4J_ABSENT"));
        });
    }

    /** Uses classes, of the JDK and of its own, after the JDK was woven; before, they have not been loaded. */
    private static void share() throws Exception {
        EventLoop.run(loop -> {
            if (Agent.isPresent()) {
                use();
            }
            System.out.println("then " + Late.checksum());
        });
    }

    private static final class Late {
        static long checksum() {
            return new Adler32().getValue();
        }
    }

    /** As an application server does: the classes of libco4j that it runs are not those that the JVM started as agent. */
    private static void ownCopy(List<String> urls) throws Exception {
        URL[] path = new URL[urls.size()];
        for (int i = 0; i < path.length; i++) {
            path[i] = URI.create(urls.get(i)).toURL();
        }
        try (var loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            Class<?> program = loader.loadClass(Program.class.getName());
            try {
                program.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
            } catch (InvocationTargetException e) {
                System.out.println(e.getCause());
            }
        }
    }
}
