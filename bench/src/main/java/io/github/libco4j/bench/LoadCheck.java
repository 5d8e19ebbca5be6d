package io.github.libco4j.bench;

import io.github.libco4j.bench.report.Metric;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.server.HttpAnswer;
import io.github.libco4j.bench.server.RunningServer;
import io.github.libco4j.bench.server.Subject;
import io.github.libco4j.workbench.load.Conversation;
import io.github.libco4j.workbench.load.Echo;
import io.github.libco4j.workbench.load.Http;
import io.github.libco4j.workbench.load.Load;
import io.github.libco4j.workbench.process.Pinning;
import io.github.libco4j.workbench.process.Usage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The load generator against others, all of them on one core and in turn, on the bare C server, which is the fastest:
 * is the load the bottleneck of these benchmarks?
 */
final class LoadCheck {
    /** The load generator is ours, as the server is in other sections. */
    private static final String OURS = Section.US;

    private static final Metric PER_SECOND = new Metric("requests", "requests/s");
    private static final Metric CPU = new Metric("CPU per request", "us");
    private static final int CONNECTIONS = 64;
    private static final int BYTES = 64;

    private LoadCheck() {}

    /** Beside the C client of bench/native. */
    static Section echo(Effort effort) throws IOException, InterruptedException {
        Section section = new Section("load generators, echo, on the bare C server", Map.of("protocol", "echo"));
        try {
            String client = NativeProgram.compiled("client", effort.output().resolve("native")).toString();
            run(effort, section, "echo", Echo.ofSize(BYTES), "bare C client", (server, seconds) -> List.of(
                    client,
                    Integer.toString(server.getPort()),
                    Integer.toString(CONNECTIONS),
                    Integer.toString(BYTES),
                    Double.toString(seconds)), Pattern.compile("^(?<requests>[0-9]+) (?<seconds>[0-9.]+)"));
        } catch (IOException e) {
            section.absent("bare C client", String.valueOf(e.getMessage()));
        }
        return section;
    }

    /** Beside wrk, if there is one. */
    static Section http(Effort effort) throws IOException, InterruptedException {
        Section section = new Section("load generators, http, on the bare C server", Map.of("protocol", "http"));
        Optional<String> wrk = Pinning.onPath("wrk");
        if (wrk.isEmpty()) {
            section.absent("wrk", "it is not installed");
            return section;
        }
        // It counts in whole seconds.
        run(effort, section, "http", Http.get(URI.create("http://127.0.0.1/"), HttpAnswer.body()), "wrk",
                (server, seconds) -> List.of(
                        wrk.get(),
                        "-t1",
                        "-c" + CONNECTIONS,
                        "-d" + (int) Math.ceil(seconds),
                        "http://127.0.0.1:" + server.getPort() + "/"),
                Pattern.compile("(?<requests>[0-9]+) requests in +(?<seconds>[0-9.]+)s"));
        return section;
    }

    /** The command of another load generator. */
    @FunctionalInterface
    private interface Command {
        List<String> on(InetSocketAddress server, double seconds);
    }

    private static void run(
            Effort effort,
            Section section,
            String protocol,
            Conversation.Protocol conversation,
            String rival,
            Command command,
            Pattern result)
            throws IOException, InterruptedException {
        double seconds = effort.quick() ? 0.4 : 2;
        try (Pinning pinning = Pinning.detect();
                RunningServer server = RunningServer.start(
                        Subject.nativeServer(), protocol, "1m", pinning, effort.output().resolve("native"));
                Load load = new Load(server.address(), conversation, new Load.Shape(CONNECTIONS, 1, 0))) {
            pinning.moveLoadHere(); // Children of this process are on its core then, too.
            load.run(seconds);
            for (int round = 1; round <= effort.rounds(); round++) {
                effort.progress(section.title() + ": round " + round + " of " + effort.rounds());
                double cpu = Usage.of(ProcessHandle.current().pid()).cpuSeconds();
                Load.Outcome outcome = load.run(seconds);
                cpu = Usage.of(ProcessHandle.current().pid()).cpuSeconds() - cpu;
                section.add(OURS, PER_SECOND, outcome.perSecond());
                section.add(OURS, CPU, cpu * 1e6 / outcome.requests());
                other(section, rival, command.on(server.address(), seconds), result);
            }
        }
    }

    private static void other(Section section, String rival, List<String> command, Pattern result) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher matcher = result.matcher(output);
        if (!matcher.find()) {
            throw new IOException(rival + " said: " + output);
        }
        section.add(
                rival,
                PER_SECOND,
                Double.parseDouble(matcher.group("requests")) / Double.parseDouble(matcher.group("seconds")));
    }
}
