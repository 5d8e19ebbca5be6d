package io.github.libco4j.bench.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** {@code ./libco load}: loads a server of the user's, and prints what came of it. */
public final class LoadMain {
    private static final double[] PERCENTILES = {50, 75, 90, 99, 99.9, 99.99, 100};

    private LoadMain() {}

    /** Exit code 2 if the command line is wrong, 1 if the server does not answer as it should. */
    public static void main(String[] arguments) throws IOException {
        LoadOptions options;
        try {
            options = LoadOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("libco load: " + e.getMessage() + "\n\n" + LoadOptions.USAGE);
            System.exit(2);
            return;
        }
        try {
            run(options);
        } catch (IOException e) {
            System.err.println("libco load: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(LoadOptions options) throws IOException {
        System.err.println("connecting " + options.shape().connections() + " times to " + options.server());
        try (Load load = new Load(options.server(), options.protocol(), options.shape())) {
            load.run(options.seconds() / 10);
            System.err.println("measuring for " + options.seconds() + " s");
            Load.Outcome outcome = load.run(options.seconds());
            print(outcome);
            if (options.plot().isPresent()) {
                Files.writeString(
                        options.plot().get(),
                        PercentilePlot.of("latency", Map.of(options.server().toString(), outcome.latency())));
            }
            if (options.histogram().isPresent()) {
                write(options.histogram().get(), outcome);
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

    private static void write(Path file, Load.Outcome outcome) throws IOException {
        try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
            outcome.latency().outputPercentileDistribution(out, 1000.0);
        }
    }
}
