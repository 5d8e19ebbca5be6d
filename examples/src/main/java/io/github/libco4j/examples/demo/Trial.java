package io.github.libco4j.examples.demo;

import io.github.libco4j.examples.kv.KvServer;
import io.github.libco4j.examples.kv.ThreadKind;
import io.github.libco4j.examples.load.LoadGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One kind of threads under load: a server process and a load process, from their start to their end. */
final class Trial {
    private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);
    /** The load prints a line a second, but may wait this long for connections and last answers. */
    private static final Duration LINE_PATIENCE = Duration.ofSeconds(40);
    private static final String SEED = "42";

    private final ThreadKind kind;
    private final int connections;
    private final DemoOptions options;
    private final JavaCommand java;
    private final Pinning pinning;
    private final Consumer<String> progress;

    Trial(ThreadKind kind, int connections, DemoOptions options, JavaCommand java, Pinning pinning,
            Consumer<String> progress) {
        this.kind = kind;
        this.connections = connections;
        this.options = options;
        this.java = java;
        this.pinning = pinning;
        this.progress = progress;
    }

    /** Runs it. Both processes have ended, or are ending, when it returns or throws. */
    TrialResult run(Children children) throws IOException, InterruptedException, TrialFailedException {
        progress.accept("starting the server");
        List<String> server = java.of(KvServer.class, List.of("--port", "0", "--threads", kind.label()));
        try (ChildProcess serverProcess = children.start(kind.label() + " server", pinning.server(server))) {
            String port = awaitPort(serverProcess);
            List<String> load = java.of(LoadGenerator.class, List.of("127.0.0.1", port, String.valueOf(connections),
                    String.valueOf(options.seconds()), String.valueOf(options.warmupSeconds()), SEED, "hold"));
            try (ChildProcess loadProcess = children.start("load generator", pinning.load(load))) {
                return follow(serverProcess, loadProcess);
            }
        }
    }

    private static String awaitPort(ChildProcess server) throws InterruptedException, TrialFailedException {
        while (true) {
            Matcher line = LISTENING.matcher(server.nextLine(START_PATIENCE));
            if (line.matches()) {
                return line.group(1);
            }
        }
    }

    private TrialResult follow(ChildProcess server, ChildProcess load)
            throws IOException, InterruptedException, TrialFailedException {
        var watch = new ServerWatch(server.handle(), load.handle());
        while (true) {
            LoadLine line = LoadLine.parse(load.nextLine(LINE_PATIENCE));
            switch (line.word()) {
                case "phase connecting" -> progress.accept("connecting " + line.text("connections") + " times");
                case "phase measuring" -> watch.begin();
                case "phase measured" -> {
                    watch.end();
                    // Only now may the load close its connections, with which the server's threads end.
                    load.endInput();
                }
                case "progress" -> {
                    watch.look();
                    report(line);
                }
                case "result" -> {
                    checkEnd(server, load, line);
                    return result(watch, line);
                }
                default -> {
                    // Complaints of the load generator. They are shown if it fails, and it fails if it complained.
                }
            }
        }
    }

    private void report(LoadLine line) {
        boolean measuring = line.text("phase").equals("measuring");
        long second = line.count("second");
        progress.accept(String.format(Locale.ROOT, "%s, second %d of %d, %,d requests/s",
                measuring ? "measuring" : "warming up", second,
                measuring ? options.seconds() : options.warmupSeconds(), line.count("requests") / Math.max(1, second)));
    }

    private static void checkEnd(ChildProcess server, ChildProcess load, LoadLine result)
            throws InterruptedException, TrialFailedException {
        int exitCode = load.exitCode();
        if (!server.isAlive()) {
            throw server.failure("died with exit code " + server.exitCode());
        }
        if (exitCode != 0 || result.count("errors") != 0) {
            throw load.failure("found " + result.text("errors") + " wrong answers or failed connections");
        }
        if (result.count("requests") == 0) {
            throw load.failure("got no answer in the measured interval");
        }
    }

    private TrialResult result(ServerWatch watch, LoadLine line) {
        return new TrialResult(kind, connections, line.count("requests"), line.count("checked"), line.number("seconds"),
                line.number("p50_us") / 1000, line.number("p99_us") / 1000, watch.serverCpuSeconds(),
                watch.loadCpuSeconds(), watch.threads(), watch.memoryBytes(), watch.contextSwitches());
    }
}
