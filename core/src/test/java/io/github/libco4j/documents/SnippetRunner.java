package io.github.libco4j.documents;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.ServerSocket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Runs the compiled snippets one after the other, and fails with all that was wrong. */
final class SnippetRunner {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Of a snippet: its prologue, or null for a whole program. */
    private final @Nullable Prologue prologue;

    private final Snippet snippet;
    private volatile @Nullable Throwable failure;

    private SnippetRunner(Snippet snippet) throws Exception {
        this.snippet = snippet;
        this.prologue = snippet.says("prologue")
                ? Class.forName(snippet.className()).asSubclass(Prologue.class).getConstructor().newInstance()
                : null;
    }

    /** With the argument {@code agent}, those that need the agent; otherwise the others. */
    public static void main(String[] args) throws Exception {
        boolean agent = args.length > 0 && args[0].equals("agent");
        PrintStream console = System.out;
        List<String> wrong = new ArrayList<>();
        for (Snippet snippet : Snippet.of("java")) {
            if (snippet.says("agent") != agent) {
                continue;
            }
            Printed printed = Printed.expect(snippet.prints());
            try (ServerSocket server = snippet.says("asks") ? Client.server(Prologue.PORT) : null) {
                if (snippet.says("serves")) {
                    Client.start(Prologue.PORT);
                }
                new SnippetRunner(snippet).run(printed);
                console.println(snippet + " runs");
            } catch (Throwable e) {
                StringWriter trace = new StringWriter();
                e.printStackTrace(new PrintWriter(trace));
                wrong.add(snippet + ": " + printed + trace);
            }
        }
        wrong.forEach(console::println);
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    private void run(Printed printed) throws Throwable {
        Thread thread = Thread.ofPlatform().name(snippet.className()).daemon().start(() -> {
            try {
                start();
            } catch (Throwable e) {
                failure = e;
                printed.fail(e);
            }
        });
        try (prologue) {
            Printed.await();
            if (snippet.says("endless")) {
                thread.interrupt();
            } else {
                end(thread);
            }
        } catch (ExecutionException e) {
            throw e.getCause();
        }
        end(thread);
        Throwable f = failure;
        // Interrupted, or its listener was closed.
        boolean asItShould = snippet.says("endless") && (f instanceof InterruptedException || f instanceof SocketException);
        if (f != null && !asItShould) {
            throw f;
        }
    }

    private static void end(Thread thread) throws InterruptedException {
        if (!thread.join(PATIENCE)) {
            throw new AssertionError("has not ended: " + List.of(thread.getStackTrace()));
        }
    }

    private void start() throws Exception {
        if (prologue != null) {
            prologue.run();
            return;
        }
        Class<?> program = Class.forName(snippet.className());
        for (Method main : program.getDeclaredMethods()) {
            if (main.getName().equals("main")) {
                main.setAccessible(true);
                var constructor = program.getDeclaredConstructor();
                constructor.setAccessible(true);
                Object[] arguments = main.getParameterCount() == 0 ? new Object[0] : new Object[] {new String[0]};
                try {
                    main.invoke(constructor.newInstance(), arguments);
                } catch (java.lang.reflect.InvocationTargetException e) {
                    if (e.getCause() instanceof Exception cause) {
                        throw cause;
                    }
                    throw e;
                }
                return;
            }
        }
        throw new NoSuchMethodException(snippet + " has neither a prologue nor a main method");
    }
}
