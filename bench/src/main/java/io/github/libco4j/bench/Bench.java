package io.github.libco4j.bench;

import io.github.libco4j.bench.report.BarChart;
import io.github.libco4j.bench.report.Comparison;
import io.github.libco4j.bench.report.HtmlPage;
import io.github.libco4j.bench.report.JsonFile;
import io.github.libco4j.bench.report.Machine;
import io.github.libco4j.bench.report.Report;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.report.TextReport;
import io.github.libco4j.workbench.cli.Program;
import io.github.libco4j.workbench.cli.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./libco bench}: runs benchmarks by name, or compares what two runs have found. */
@Command(name = "libco bench", sortOptions = false,
        description = "Runs benchmarks beside their rivals: those of these names; all, if there is none.")
public final class Bench implements Program {
    private static final List<Benchmark> BENCHMARKS = List.of(
            new SwitchBench(),
            new CreateBench(),
            new GeneratorBench(),
            WorkerBench.memory(),
            new EchoBench(),
            new IdleBench(),
            new HttpBench(),
            new SpringBench(),
            new RunBench(),
            new TimersBench(),
            WorkerBench.sleep(),
            WorkerBench.wakeup(),
            WorkerBench.channel(),
            WorkerBench.skynet(),
            WorkerBench.ring(),
            WorkerBench.lock(),
            new StartupBench());

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "one of those that --list names, or all")
    private List<String> names = List.of();

    @Option(names = "--list", description = "the names")
    private boolean list;

    @Option(names = "--quick", description = "less of everything: under a minute each")
    private boolean quick;

    @Option(names = "--full", description = "more rounds, and what needs much memory or time")
    private boolean full;

    @Option(names = "--with", paramLabel = "'NAME=COMMAND {port}'",
            description = "puts another server into echo and http; may be repeated")
    private Map<String, String> with = Map.of();

    @Option(names = "--only", paramLabel = "TEXT",
            description = "beside libco4j only subjects with TEXT in their name; may be repeated")
    private List<String> only = List.of();

    @Option(names = "--output", paramLabel = "DIRECTORY", defaultValue = "target/bench",
            description = "where data, pictures and pages go; ${DEFAULT-VALUE} if not given")
    private Path output = Path.of("");

    Bench() {}

    /** Exit code 2 if the command line is wrong, 1 if something else is. */
    public static void main(String[] arguments) {
        Program.main(new Bench(), arguments);
    }

    @Override
    public void run() throws Exception {
        if (list) {
            BENCHMARKS.forEach(b -> System.out.printf("%-10s %s%n", b.name(), b.what()));
            return;
        }
        Effort effort = effort();
        List<Report> reports = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        for (Benchmark benchmark : chosen()) {
            effort.progress("-- " + benchmark.name() + ": " + benchmark.what());
            try {
                Report report = benchmark.run(effort);
                System.out.println(TextReport.of(report));
                save(report, effort.output());
                reports.add(report);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                e.printStackTrace();
                failed.add(benchmark.name());
            }
        }
        Files.createDirectories(effort.output());
        Path page = effort.output().resolve("report.html");
        Files.writeString(page, HtmlPage.of(reports, Machine.describe()));
        effort.progress("written: " + page.toAbsolutePath());
        if (!failed.isEmpty()) {
            System.err.println("libco bench: these have failed, see above: " + String.join(", ", failed));
            System.exit(1);
        }
    }

    /** How much the command line asks for. */
    Effort effort() {
        with.forEach((name, command) -> {
            if (name.isBlank() || !command.contains("{port}")) {
                throw new UsageException("--with takes NAME=COMMAND, and the command has a {port}");
            }
        });
        if (quick && full) {
            throw new UsageException("--quick or --full, not both");
        }
        Effort.Level level = full ? Effort.Level.FULL : quick ? Effort.Level.QUICK : Effort.Level.NORMAL;
        return new Effort(level, with, only, output);
    }

    /** The benchmarks that the command line names. */
    List<Benchmark> chosen() {
        if (names.isEmpty() || names.equals(List.of("all"))) {
            return BENCHMARKS;
        }
        List<Benchmark> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(BENCHMARKS.stream()
                    .filter(benchmark -> benchmark.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new UsageException("no benchmark is called '" + name + "'; there are: "
                            + BENCHMARKS.stream().map(Benchmark::name).collect(Collectors.joining(", ")))));
        }
        return chosen;
    }

    private static void save(Report report, Path directory) throws IOException {
        JsonFile.write(directory.resolve(report.name() + ".json"), report.figures());
        Files.writeString(directory.resolve(report.name() + ".svg"), BarChart.of(report));
        int number = 0;
        for (Section section : report.sections()) {
            for (String picture : section.pictures()) {
                Files.writeString(directory.resolve(report.name() + "-" + ++number + ".svg"), picture);
            }
        }
    }

    @Command(name = "compare", description = "What has become better or worse from A to B.")
    void compare(@Parameters(paramLabel = "A.json") Path before, @Parameters(paramLabel = "B.json") Path after) {
        if (!names.isEmpty()) {
            throw new UsageException("compare runs no benchmark: " + String.join(" ", names));
        }
        try {
            System.out.println(new Comparison(JsonFile.read(before), JsonFile.read(after)));
        } catch (IOException e) {
            System.err.println("libco bench: " + e.getMessage());
            System.exit(1);
        }
    }
}
