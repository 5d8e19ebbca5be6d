package io.github.libco4j.bench;

import io.github.libco4j.bench.report.BarChart;
import io.github.libco4j.bench.report.Comparison;
import io.github.libco4j.bench.report.HtmlPage;
import io.github.libco4j.bench.report.JsonFile;
import io.github.libco4j.bench.report.Machine;
import io.github.libco4j.bench.report.Report;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.report.TextReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** {@code ./libco bench}: runs benchmarks by name, or compares what two runs have found. */
public final class Bench {
    private static final List<Benchmark> BENCHMARKS = List.of(
            new SwitchBench(),
            new CreateBench(),
            new GeneratorBench(),
            WorkerBench.memory(),
            new EchoBench(),
            new IdleBench(),
            new HttpBench(),
            new TimersBench(),
            WorkerBench.sleep(),
            WorkerBench.wakeup(),
            WorkerBench.channel(),
            WorkerBench.skynet(),
            WorkerBench.ring(),
            WorkerBench.lock(),
            new StartupBench());

    private Bench() {}

    /** Exit code 2 if the command line is wrong, 1 if something else is. */
    public static void main(String[] arguments) throws Exception {
        try {
            if (arguments.length > 0 && arguments[0].equals("compare")) {
                compare(Arrays.asList(arguments).subList(1, arguments.length));
            } else {
                run(BenchOptions.parse(arguments));
            }
        } catch (UsageException e) {
            System.err.println("libco bench: " + e.getMessage() + "\n\n" + BenchOptions.USAGE);
            System.exit(2);
        }
    }

    private static void run(BenchOptions options) throws Exception {
        if (options.list()) {
            BENCHMARKS.forEach(b -> System.out.printf("%-10s %s%n", b.name(), b.what()));
            return;
        }
        List<Report> reports = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        for (Benchmark benchmark : chosen(options.names())) {
            options.effort().progress("-- " + benchmark.name() + ": " + benchmark.what());
            try {
                Report report = benchmark.run(options.effort());
                System.out.println(TextReport.of(report));
                save(report, options.effort().output());
                reports.add(report);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                e.printStackTrace();
                failed.add(benchmark.name());
            }
        }
        Files.createDirectories(options.effort().output());
        Path page = options.effort().output().resolve("report.html");
        Files.writeString(page, HtmlPage.of(reports, Machine.describe()));
        options.effort().progress("written: " + page.toAbsolutePath());
        if (!failed.isEmpty()) {
            System.err.println("libco bench: these have failed, see above: " + String.join(", ", failed));
            System.exit(1);
        }
    }

    private static List<Benchmark> chosen(List<String> names) throws UsageException {
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

    private static void compare(List<String> files) throws UsageException {
        if (files.size() != 2) {
            throw new UsageException("compare takes two files");
        }
        try {
            System.out.println(
                    new Comparison(JsonFile.read(Path.of(files.get(0))), JsonFile.read(Path.of(files.get(1)))));
        } catch (IOException e) {
            System.err.println("libco bench: " + e.getMessage());
            System.exit(1);
        }
    }
}
