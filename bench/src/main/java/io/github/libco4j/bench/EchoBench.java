package io.github.libco4j.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One unmodified {@code java.net} echo server on three kinds of threads, each in a process of its own pinned to one core,
 * its load on the other: 64 connections, 64 bytes, ping-pong. All servers live at once and are driven in turn, so that
 * what the machine does otherwise hits them alike.
 */
final class EchoBench {
    private static final int CONNECTIONS = 64;
    private static final int SIZE = 64;
    private static final int ROUNDS = 5;
    private static final double WARM_UP_SECONDS = 4;
    private static final double SECONDS = 2;

    private EchoBench() {}

    /** A server process and what its rounds have shown. */
    private static final class Subject {
        final String name;
        final Process process;
        final EchoLoad load;
        final List<Double> perSecond = new ArrayList<>();
        final List<Double> perCpuSecond = new ArrayList<>();
        final List<Double> p50 = new ArrayList<>();
        final List<Double> p99 = new ArrayList<>();

        Subject(String name, Process process) throws IOException {
            this.name = name;
            this.process = process;
            BufferedReader out = process.inputReader();
            this.load = new EchoLoad(Integer.parseInt(out.readLine()), CONNECTIONS, SIZE);
        }

        void round() throws IOException {
            double cpu = cpuSeconds(process.pid());
            EchoLoad.Result result = load.run(SECONDS);
            cpu = cpuSeconds(process.pid()) - cpu;
            perSecond.add(result.requests() / result.seconds());
            perCpuSecond.add(result.requests() / cpu);
            p50.add(result.latency().getValueAtPercentile(50) / 1000.0);
            p99.add(result.latency().getValueAtPercentile(99) / 1000.0);
        }
    }

    static void main() throws Exception {
        Map<String, String[]> kinds = new LinkedHashMap<>();
        kinds.put("libco4j", new String[] {"libco4j"});
        kinds.put("virtual threads, parallelism 1", new String[] {"virtual", "-Djdk.virtualThreadScheduler.parallelism=1"});
        kinds.put("virtual threads, poller threads", new String[] {
            "virtual", "-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.pollerMode=1"
        });
        kinds.put("platform threads", new String[] {"platform"});
        boolean pinned = pin("1", ProcessHandle.current().pid());
        System.out.println("echo: " + CONNECTIONS + " connections x " + SIZE + " bytes, ping-pong; "
                + (pinned ? "servers on core 0, load on core 1" : "not pinned (needs taskset and two cores)"));
        List<Subject> subjects = new ArrayList<>();
        try {
            for (Map.Entry<String, String[]> kind : kinds.entrySet()) {
                subjects.add(new Subject(kind.getKey(), start(kind.getValue(), pinned)));
            }
            for (Subject subject : subjects) {
                System.out.println("warming up: " + subject.name);
                subject.load.run(WARM_UP_SECONDS);
            }
            for (int round = 1; round <= ROUNDS; round++) {
                System.out.println("round " + round + " of " + ROUNDS);
                for (Subject subject : subjects) {
                    subject.round();
                }
            }
            print(subjects);
        } finally {
            for (Subject subject : subjects) {
                subject.load.close();
                subject.process.destroyForcibly();
            }
        }
    }

    private static void print(List<Subject> subjects) {
        Table table =
                new Table("median of " + ROUNDS + " rounds", "requests/s", "per CPU-second", "to libco4j", "p50 us", "p99 us");
        List<Double> ours = subjects.getFirst().perCpuSecond;
        for (Subject subject : subjects) {
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                ratios.add(subject.perCpuSecond.get(round) / ours.get(round));
            }
            table.add(
                    subject.name,
                    "%.0f".formatted(median(subject.perSecond)),
                    "%.0f".formatted(median(subject.perCpuSecond)),
                    "%.2f".formatted(median(ratios)),
                    "%.0f".formatted(median(subject.p50)),
                    "%.0f".formatted(median(subject.p99)));
        }
        System.out.println();
        System.out.println(table);
    }

    private static Process start(String[] kindAndOptions, boolean pinned) throws IOException {
        List<String> command = new ArrayList<>();
        if (pinned) {
            command.addAll(List.of("taskset", "-c", "0"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx512m"));
        command.addAll(Arrays.asList(kindAndOptions).subList(1, kindAndOptions.length));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), EchoServer.class.getName(), kindAndOptions[0]));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static boolean pin(String core, long pid) throws InterruptedException {
        if (Runtime.getRuntime().availableProcessors() < 2) {
            return false;
        }
        try {
            return new ProcessBuilder("taskset", "-a", "-cp", core, Long.toString(pid))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // No taskset on this machine; the table says that nothing is pinned.
        }
    }

    /** User and system time of a process, in seconds; its clock ticks are hundredths. */
    private static double cpuSeconds(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
        } catch (IOException e) {
            throw new UncheckedIOException("CPU time needs /proc", e);
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
}
