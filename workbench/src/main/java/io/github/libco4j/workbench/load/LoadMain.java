package io.github.libco4j.workbench.load;

import io.github.libco4j.workbench.chart.PercentilePlot;
import io.github.libco4j.workbench.cli.Program;
import io.github.libco4j.workbench.cli.Range;
import io.github.libco4j.workbench.cli.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** {@code ./libco load}: loads a server of the user's, and prints what came of it. */
@Command(name = "libco load", description = "Loads a server, checks every answer, and prints rate and latency.")
public final class LoadMain implements Program {
    private static final double[] PERCENTILES = {50, 75, 90, 99, 99.9, 99.99, 100};

    /** The server and what is said to it, as the command line has it. */
    record Target(InetSocketAddress server, Conversation.Protocol protocol) {}

    @Option(names = "--connections", paramLabel = "N", defaultValue = "64", scope = ScopeType.INHERIT,
            description = "64 if not given")
    @Range(least = 1, most = 1_000_000)
    private int connections;

    @Option(names = "--size", paramLabel = "B", defaultValue = "64", scope = ScopeType.INHERIT,
            description = "bytes of an echo's messages; 64 if not given")
    @Range(least = 1, most = 1 << 24)
    private int size;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "10", scope = ScopeType.INHERIT,
            description = "10 if not given, after a tenth of it to warm up")
    @Range(least = 0.001, most = 1_000_000)
    private double seconds;

    @Option(names = "--rate", paramLabel = "R", defaultValue = "0", scope = ScopeType.INHERIT,
            description = "requests per second in all; as many as are answered, if not given. With a rate, latency counts from"
                    + " the moment at which a request should have gone out")
    @Range(least = 0, most = 1e9)
    private double rate;

    @Option(names = "--pipeline", paramLabel = "D", defaultValue = "1", scope = ScopeType.INHERIT,
            description = "requests under way on each connection; 1 if not given")
    @Range(least = 1, most = 65_536)
    private int pipeline;

    @Option(names = "--plot", paramLabel = "FILE", scope = ScopeType.INHERIT,
            description = "writes latency by percentile as an SVG picture")
    private Optional<Path> plot = Optional.empty();

    @Option(names = "--histogram", paramLabel = "FILE", scope = ScopeType.INHERIT,
            description = "writes it as HdrHistogram's own table")
    private Optional<Path> histogram = Optional.empty();

    private Optional<Target> target = Optional.empty();

    LoadMain() {}

    /** Exit code 2 if the command line is wrong, 1 if the server does not answer as it should. */
    public static void main(String[] arguments) {
        LoadMain program = new LoadMain();
        int code = Program.commandLine(program).execute(arguments);
        try {
            if (code == 0 && program.target.isPresent()) {
                program.load(program.target.get());
            }
        } catch (IOException e) {
            System.err.println("libco load: " + e.getMessage());
            code = 1;
        }
        if (code != 0) {
            System.exit(code);
        }
    }

    @Command(name = "echo", description = "messages that should come back")
    void echo(
            @Parameters(paramLabel = "HOST") String host,
            @Parameters(paramLabel = "PORT") @Range(least = 1, most = 65_535) int port) {
        target = Optional.of(new Target(address(host, port), Echo.ofSize(size)));
    }

    @Command(name = "http", description = "GET, by HTTP/1.1 on open connections")
    void http(@Parameters(paramLabel = "URL") URI url) {
        if (!"http".equals(url.getScheme()) || url.getHost() == null) {
            throw new UsageException("not a URL that starts with http:// and a host: " + url);
        }
        target = Optional.of(new Target(address(url.getHost(), url.getPort() < 0 ? 80 : url.getPort()), Http.get(url)));
    }

    @Override
    public void run() {
        throw new UsageException("echo or http?");
    }

    Optional<Target> target() {
        return target;
    }

    Load.Shape shape() {
        return new Load.Shape(connections, pipeline, rate);
    }

    double seconds() {
        return seconds;
    }

    private InetSocketAddress address(String host, int port) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UsageException("no host is called " + host);
        }
        return address;
    }

    private void load(Target target) throws IOException {
        System.err.println("connecting " + connections + " times to " + target.server);
        try (Load load = new Load(target.server, target.protocol, shape())) {
            load.run(seconds / 10);
            System.err.println("measuring for " + seconds + " s");
            Load.Outcome outcome = load.run(seconds);
            print(outcome);
            if (plot.isPresent()) {
                Files.writeString(
                        plot.get(), PercentilePlot.of("latency", Map.of(target.server.toString(), outcome.latency())));
            }
            if (histogram.isPresent()) {
                try (PrintStream out = new PrintStream(
                        Files.newOutputStream(histogram.get()), false, StandardCharsets.UTF_8)) {
                    outcome.latency().outputPercentileDistribution(out, 1000.0);
                }
            }
        }
    }

    private static void print(Load.Outcome outcome) {
        System.out.printf(
                "%,d requests in %.2f s: %,.0f a second%n",
                outcome.requests(), outcome.seconds(), outcome.perSecond());
        if (outcome.unanswered() > 0) {
            System.out.printf(
                    "%,d more were due and could not go out; they count with the time that they waited%n",
                    outcome.unanswered());
        }
        for (double percentile : PERCENTILES) {
            System.out.printf("%7s %%  %,10.1f us%n", percentile, outcome.latencyMicros(percentile));
        }
    }
}
