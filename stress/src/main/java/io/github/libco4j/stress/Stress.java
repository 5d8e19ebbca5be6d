package io.github.libco4j.stress;

import static java.util.stream.Collectors.joining;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jcstress.Main;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.GradingResult;
import org.openjdk.jcstress.infra.grading.ReportUtils;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * Runs the stress tests, and shows that they have teeth. Every test comes as a pair of classes: {@code SomethingGuarded}
 * holds the code as it is, and none of its forbidden outcomes may be seen; {@code SomethingBroken} leaves out the step
 * that the test is about, and one of its forbidden outcomes must be seen. A test whose broken twin passes proves nothing.
 *
 * <p>When a broken twin shows itself is a matter of chance, and on a busy machine of much patience. So each build runs the
 * guarded halves, and the twins are run where they are asked for, each until it has shown itself.
 *
 * <p>{@code Stress guarded|all DIRECTORY [-OPTION VALUE]...}: reports and jcstress's own output go into the directory;
 * an option of jcstress's replaces ours of that name. Prints one line for each test and ends with
 * {@code N passed, N failed}; exits with 0 if none failed.
 */
public final class Stress {
    private static final String GUARDED = "Guarded";
    private static final String BROKEN = "Broken";

    /**
     * jcstress's options, quick enough for every build. Splitting the compiler per actor and guessing JVM flags would each
     * multiply the number of runs.
     */
    private static final Map<String, String> OPTIONS = Map.of(
            "-m", "quick", "-f", "1", "-iters", "1", "-time", "200", "-sc", "false", "-af", "NONE");

    private static final Map<String, String> MORE_TIME = Map.of("-iters", "5", "-time", "1000");

    /** A broken twin that has not shown itself by then, tried again and again, has no teeth. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** A run that has not ended by then hangs; the tests that it did not come to are reported. */
    private static final long LIMIT_MINUTES = 20;

    private final Path directory;
    private final Map<String, String> options;
    private int passed;
    private int failed;

    private Stress(Path directory, Map<String, String> options) {
        this.directory = directory;
        this.options = options;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length < 2 || args.length % 2 != 0 || !List.of("guarded", "all").contains(args[0])) {
            System.err.println("usage: Stress guarded|all DIRECTORY [-OPTION VALUE]..., with options of jcstress");
            System.exit(2);
        }
        Map<String, String> options = new HashMap<>();
        for (int i = 2; i < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
        }
        Stress stress = new Stress(Path.of(args[1]), options);
        stress.run(args[0].equals("all"));
        System.out.println(stress.passed + " passed, " + stress.failed + " failed");
        System.exit(stress.failed == 0 ? 0 : 1);
    }

    private void run(boolean twinsToo) throws IOException, InterruptedException {
        SortedSet<String> tests = tests();
        checkPairs(tests);
        run(GUARDED, tests);
        if (twinsToo) {
            run(BROKEN, tests);
        }
    }

    /** Every test known to jcstress; none if its annotation processor found none and wrote no list. */
    private static SortedSet<String> tests() {
        boolean listed = Stress.class.getResource(TestList.LIST) != null;
        return listed ? new TreeSet<>(TestList.tests()) : new TreeSet<>();
    }

    /** A test that neither run would select is a mistake, and so is one without a twin. */
    private void checkPairs(Collection<String> tests) {
        for (String test : tests) {
            if (test.endsWith(GUARDED)) {
                String twin = test.substring(0, test.length() - GUARDED.length()) + BROKEN;
                if (!tests.contains(twin)) {
                    fail(test, "has no broken twin " + simpleName(twin));
                }
            } else if (test.endsWith(BROKEN)) {
                String twin = test.substring(0, test.length() - BROKEN.length()) + GUARDED;
                if (!tests.contains(twin)) {
                    fail(test, "is the broken twin of nothing: there is no " + simpleName(twin));
                }
            } else {
                fail(test, "must be named *" + GUARDED + " or *" + BROKEN);
            }
        }
    }

    /** Runs the tests whose name ends so, in a process of their own, and judges what was seen. */
    private void run(String ending, Collection<String> tests) throws IOException, InterruptedException {
        List<String> selected = tests.stream().filter(test -> test.endsWith(ending)).toList();
        if (selected.isEmpty()) {
            return;
        }
        Path results = emptyDirectory(directory.resolve(ending));
        Path log = results.resolve("jcstress.log");
        int status = jcstress(selected, results, log, Map.of());
        Collection<TestResult> seen = read(results);

        for (String test : selected) {
            List<TestResult> runs = of(test, seen);
            if (runs.isEmpty()) {
                fail(test, "was not run, see " + log);
            } else if (ending.equals(GUARDED)) {
                judgeGuarded(test, runs);
            } else {
                judgeBroken(test, moreUntilCaught(test, runs));
            }
        }
        // jcstress fails for reasons of its own too; a guarded run must leave nothing unexplained.
        if (ending.equals(GUARDED) && status != 0 && failed == 0) {
            fail("jcstress", "ended with " + status + ", see " + log);
        }
    }

    /** On a busy machine the actors may hardly have met: a broken twin that has shown nothing gets more time. */
    private List<TestResult> moreUntilCaught(String test, List<TestResult> first)
            throws IOException, InterruptedException {
        List<TestResult> runs = new ArrayList<>(first);
        long begin = System.nanoTime();
        for (int attempt = 1; !caught(runs) && System.nanoTime() - begin < PATIENCE.toNanos(); attempt++) {
            Path results = emptyDirectory(directory.resolve(BROKEN + "-" + attempt));
            Path log = results.resolve("jcstress.log");
            jcstress(List.of(test), results, log, MORE_TIME);
            List<TestResult> seen = of(test, read(results));
            if (seen.isEmpty()) {
                throw new IOException("jcstress did not run " + test + ", see " + log);
            }
            runs.addAll(seen);
        }
        return runs;
    }

    private static List<TestResult> of(String test, Collection<TestResult> seen) {
        return seen.stream().filter(result -> result.getName().equals(test)).toList();
    }

    private int jcstress(List<String> tests, Path results, Path log, Map<String, String> further)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", absoluteClassPath(), Main.class.getName()));
        // jcstress refuses an option that is given twice.
        Map<String, String> merged = new HashMap<>(OPTIONS);
        merged.putAll(further);
        merged.putAll(options);
        merged.forEach((option, value) -> command.addAll(List.of(option, value)));
        command.addAll(List.of("-jvmArgs", "--add-opens=java.base/java.lang=ALL-UNNAMED"));
        String names = tests.stream().map(Pattern::quote).collect(joining("|", "^(", ")$"));
        command.addAll(List.of("-t", names, "-r", results.resolve("report").toString()));

        Process process = new ProcessBuilder(command)
                .directory(results.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return process.waitFor();
    }

    /** Our own class path, good in any directory: jcstress leaves its results in the one where it runs. */
    private static String absoluteClassPath() {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getProperty("java.class.path"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(joining(File.pathSeparator));
    }

    /** What jcstress saw, one result for each test and JVM configuration. */
    private static Collection<TestResult> read(Path results) throws IOException {
        InProcessCollector collector = new InProcessCollector();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(results, "jcstress-results-*.bin.gz")) {
            for (Path file : files) {
                DiskReadCollector reader = new DiskReadCollector(file.toString(), collector);
                try {
                    reader.dump();
                } catch (ClassNotFoundException e) {
                    throw new IOException(file + " was written by another jcstress", e);
                } finally {
                    reader.close();
                }
            }
        }
        return ReportUtils.mergedByConfig(collector.getTestResults());
    }

    private void judgeGuarded(String test, List<TestResult> runs) {
        List<String> wrong = new ArrayList<>(forbidden(runs));
        for (TestResult run : runs) {
            if (run.status() != Status.NORMAL) {
                wrong.add(run.status().toString());
            }
        }
        if (wrong.isEmpty()) {
            pass(test, samples(runs) + " samples, nothing forbidden");
        } else {
            fail(test, String.join("; ", wrong));
        }
    }

    private static boolean caught(List<TestResult> runs) {
        return !forbidden(runs).isEmpty() || hung(runs);
    }

    /** A broken twin may also show itself by never ending: a lost wake-up does. */
    private static boolean hung(List<TestResult> runs) {
        return runs.stream().anyMatch(run -> run.status() == Status.TIMEOUT_ERROR);
    }

    private void judgeBroken(String test, List<TestResult> runs) {
        List<String> forbidden = forbidden(runs);
        if (!forbidden.isEmpty()) {
            pass(test, "caught: " + String.join("; ", forbidden));
        } else if (hung(runs)) {
            pass(test, "caught: it never ended");
        } else {
            fail(test, "in " + samples(runs) + " samples and " + PATIENCE.toMinutes() + " minutes of further tries it has"
                    + " neither hung nor shown " + forbiddenCases(test) + ": its twin proves nothing");
        }
    }

    /** What a broken twin should show. */
    private static String forbiddenCases(String test) {
        return TestList.getInfo(test).cases().stream()
                .filter(known -> known.expect() == Expect.FORBIDDEN)
                .map(known -> "[" + known.matchPattern() + "] (" + known.description() + ")")
                .collect(joining(" or "));
    }

    /** The forbidden outcomes that were seen, each with its count. */
    private static List<String> forbidden(List<TestResult> runs) {
        TestInfo info = TestList.getInfo(runs.getFirst().getName());
        List<String> seen = new ArrayList<>();
        for (TestResult run : runs) {
            for (GradingResult outcome : run.grading().gradingResults.values()) {
                if (outcome.expect == Expect.FORBIDDEN && outcome.count > 0) {
                    String what = info.cases().stream()
                            .filter(known -> known.matches(outcome.id))
                            .map(known -> " (" + known.description() + ")")
                            .collect(joining());
                    seen.add(outcome.count + " × [" + outcome.id + "]" + what);
                }
            }
        }
        return seen;
    }

    private static long samples(List<TestResult> runs) {
        return runs.stream().mapToLong(TestResult::getTotalCount).sum();
    }

    private void pass(String test, String what) {
        passed++;
        System.out.println("pass  " + simpleName(test) + ": " + what);
    }

    private void fail(String test, String what) {
        failed++;
        System.out.println("FAIL  " + simpleName(test) + ": " + what);
    }

    private static String simpleName(String test) {
        return test.substring(test.lastIndexOf('.') + 1);
    }

    private static Path emptyDirectory(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (Files.isRegularFile(file)) {
                    Files.delete(file);
                }
            }
        }
        return directory.toRealPath();
    }
}
