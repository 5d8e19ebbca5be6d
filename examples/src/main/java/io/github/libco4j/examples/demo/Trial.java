package io.github.libco4j.examples.demo;

import io.github.libco4j.examples.ThreadKind;
import io.github.libco4j.examples.kv.KvServer;
import io.github.libco4j.workbench.load.KeyValue;
import io.github.libco4j.workbench.load.Load;
import io.github.libco4j.workbench.process.Child;
import io.github.libco4j.workbench.process.JavaCommand;
import io.github.libco4j.workbench.process.Pinning;
import io.github.libco4j.workbench.process.Usage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One kind of threads under load: a server in a process of its own, and the load from this process. */
final class Trial {
    private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);
    private static final long SEED = 42;

    /** How long, in seconds, the server is loaded before it is measured, and while it is. */
    record Times(int warmUp, int measured) {}

    private final ThreadKind kind;
    private final int connections;
    private final Times times;
    private final Consumer<String> progress;

    /** The most that was seen of the server. */
    private double threads = Double.NaN;
    private double mebibytes = Double.NaN;

    Trial(ThreadKind kind, int connections, Times times, Consumer<String> progress) {
        this.kind = kind;
        this.connections = connections;
        this.times = times;
        this.progress = progress;
    }

    /** Runs it. The server has ended when it returns or throws. */
    TrialResult run(int heapMebibytes, Pinning pinning) throws IOException, InterruptedException {
        progress.accept("starting the server");
        List<String> command = JavaCommand.of(List.of("-Xms64m", "-Xmx" + heapMebibytes + "m"), KvServer.class,
                List.of("--port", "0", "--threads", kind.toString()));
        try (Child server = new Child(kind + " server", pinning.server(command))) {
            InetSocketAddress address = address(server);
            progress.accept("connecting " + connections + " times");
            try (Load load = new Load(address, KeyValue.seeded(SEED), new Load.Shape(connections, 1, 0))) {
                return measure(load, server);
            } catch (IOException e) {
                if (!server.isAlive()) {
                    server.nextLine(START_PATIENCE); // Throws, and says how the server has ended.
                }
                throw e;
            }
        }
    }

    private static InetSocketAddress address(Child server) throws IOException, InterruptedException {
        while (true) {
            Matcher line = LISTENING.matcher(server.nextLine(START_PATIENCE));
            if (line.matches()) {
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(line.group(1)));
            }
        }
    }

    private TrialResult measure(Load load, Child server) throws IOException {
        long checked = load(load, server, "warming up", times.warmUp).requests();
        long self = ProcessHandle.current().pid();
        double loadCpu = Usage.of(self).cpuSeconds();
        double switches = Usage.contextSwitches(server.pid());
        double cpu = look(server);
        Load.Outcome outcome = load(load, server, "measuring", times.measured);
        // All before the connections close, with which the server's threads end.
        cpu = look(server) - cpu;
        switches = Usage.contextSwitches(server.pid()) - switches;
        loadCpu = Usage.of(self).cpuSeconds() - loadCpu;
        if (outcome.requests() == 0) {
            throw new IOException("there was no answer in the measured interval");
        }
        return new TrialResult(kind, connections, outcome, checked + outcome.requests(), cpu, loadCpu, threads, mebibytes,
                switches);
    }

    /** Loads the server for so long. Every second it is looked at, and the progress is told. */
    private Load.Outcome load(Load load, Child server, String what, int seconds) throws IOException {
        long begin = System.nanoTime();
        var told = new int[1];
        // The load is never enough, so it asks until the time is over; it looks after a hundredth of a second first.
        return load.run(0.01, seconds, () -> {
            int second = (int) ((System.nanoTime() - begin) / 1_000_000_000);
            if (second > told[0]) {
                told[0] = second;
                look(server);
                progress.accept(String.format(Locale.ROOT, "%s, second %d of %d, %,d requests/s",
                        what, second, seconds, load.requests() / second));
            }
            return false;
        });
    }

    /** Notes what has no running total, and returns the CPU time so far. */
    private double look(Child server) {
        Usage usage = server.usage();
        threads = Double.isNaN(threads) ? usage.threads() : Math.max(threads, usage.threads());
        mebibytes = Double.isNaN(mebibytes) ? usage.residentMebibytes() : Math.max(mebibytes, usage.residentMebibytes());
        return usage.cpuSeconds();
    }
}
