package io.github.libco4j.compatibility.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.compatibility.run.programs.Clients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A server, and its clients: first as they are, then with their threads as coroutines. All answers are equal, and both end as they
 * did.
 */
final class RunTrial {
    private static final String RUN = "run;loops=2;report";

    /**
     * What was seen of a server.
     *
     * @param threads the most that it had while it was asked
     * @param report what it wrote to its standard error
     */
    record Seen(List<String> answers, double threads, int status, String report) {}

    /** What asks a server at a port, with these options of the agent. */
    @FunctionalInterface
    interface Asking {
        List<String> ask(int port, String options) throws Exception;
    }

    private final Path directory;
    private final List<String> flags;
    private final String main;
    private final List<String> arguments;

    /**
     * A trial.
     *
     * @param directory for what server and clients write
     * @param flags of the server's JVM
     * @param main the server
     * @param arguments of the server; {@code {port}} stands for the port, {@code {directory}} for a new directory
     */
    RunTrial(Path directory, List<String> flags, String main, String... arguments) {
        this.directory = directory;
        this.flags = flags;
        this.main = main;
        this.arguments = List.of(arguments);
    }

    /** The same of a server that gets these two arguments. */
    RunTrial(Path directory, Class<?> main) {
        this(directory, List.of(), main.getName(), "{port}", "{directory}");
    }

    /** The clients are a program as well. Returns what was seen of the coroutines. */
    Seen isTheSame(Class<? extends Clients> clients) throws Exception {
        return isTheSame((port, options) -> {
            try (var program =
                    new Program(directory, options, List.of(), Clients.class.getName(), clients.getName(), Integer.toString(port))) {
                Program.End end = program.await();
                assertThat(end.status()).as(end.errors()).isZero();
                if (!options.isEmpty()) {
                    assertThat(end.errors()).contains("Clients.askAll");
                }
                return end.output().lines().toList();
            }
        });
    }

    /** The clients are wherever they like. */
    Seen isTheSame(Asking asking) throws Exception {
        Seen threads = run("", asking);
        Seen coroutines = run(RUN, asking);
        System.out.printf("%s: %.0f threads, with libco run %.0f%n", main, threads.threads, coroutines.threads);
        assertThat(threads.answers).isNotEmpty();
        assertThat(coroutines.answers).as(coroutines.report).isEqualTo(threads.answers);
        assertThat(coroutines.status).as(coroutines.report).isEqualTo(threads.status);
        assertThat(coroutines.report).contains("libco4j: threads that became coroutines: ");
        return coroutines;
    }

    private Seen run(String options, Asking asking) throws Exception {
        int port = Program.freePort();
        List<String> given = new ArrayList<>();
        for (String argument : arguments) {
            given.add(argument.replace("{port}", Integer.toString(port)).replace("{directory}", newDirectory()));
        }
        try (var server = new Program(directory, options, flags, main, given.toArray(new String[0]))) {
            server.awaitPort(port);
            var most = new double[1];
            Thread looker = Thread.ofPlatform().daemon().start(() -> look(server, most));
            List<String> answers;
            try {
                answers = asking.ask(port, options);
            } catch (Exception | AssertionError e) {
                throw new AssertionError(server.toString(), e);
            } finally {
                looker.interrupt();
                looker.join();
            }
            Program.End end = server.end();
            return new Seen(answers, most[0], end.status(), end.errors());
        }
    }

    private String newDirectory() throws IOException {
        return Files.createTempDirectory(directory, "data").toString();
    }

    private static void look(Program server, double[] most) {
        try {
            while (true) {
                most[0] = Math.max(most[0], server.usage().threads());
                Thread.sleep(20);
            }
        } catch (InterruptedException end) {
            // It has seen enough.
        }
    }
}
