package io.github.libco4j.bench;

import io.github.libco4j.bench.report.Metric;
import io.github.libco4j.bench.report.Report;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.report.Spread;
import io.github.libco4j.bench.report.Target;
import io.github.libco4j.bench.startup.Hello;
import io.github.libco4j.workbench.process.Child;
import io.github.libco4j.workbench.process.JavaCommand;
import io.github.libco4j.workbench.process.Pinning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** A program that says one thing: what it costs that a framework is started for it. */
final class StartupBench extends Benchmark {
    private static final Metric CPU = new Metric("CPU", "ms");
    private static final Metric ELAPSED = new Metric("elapsed", "ms");
    private static final String PLAIN = "plain";
    private static final String AGENT = "libco4j, with its agent";

    StartupBench() {
        super("startup", "a program that starts and says one thing");
    }

    @Override
    Report run(Effort effort) throws Exception {
        Section section = new Section("start to hello", Map.of());
        Pinning pinning = Pinning.detect();
        Optional<Path> jar = JavaCommand.jar("libco4j.jar").map(Path::of);
        int rounds = effort.pick(7, 15, 31);
        for (int round = 1; round <= rounds; round++) {
            effort.progress("round " + round + " of " + rounds);
            start(section, effort, pinning, "libco4j", "libco4j", List.of());
            start(section, effort, pinning, PLAIN, "plain", List.of());
            start(section, effort, pinning, "virtual thread", "virtual", List.of());
            start(section, effort, pinning, "Kotlin runBlocking", "kotlin", List.of());
            start(section, effort, pinning, "Netty, NIO", "netty", List.of());
            if (jar.filter(StartupBench::isAgent).isPresent()) {
                start(section, effort, pinning, AGENT, "libco4j", List.of("-javaagent:" + jar.get()));
            } else {
                section.absent(AGENT, "there is no agent in libco4j.jar");
            }
        }
        List<Target> targets = new ArrayList<>(List.of(
                Target.atMost("start-up cost beyond a plain program, ms of CPU", 60, beyond(section, Section.US)),
                Target.atMost("the same with the agent", 150, beyond(section, AGENT))));
        if (jar.isPresent()) {
            double kibibytes = Files.size(jar.get()) / 1024.0;
            targets.add(Target.atMost("size of libco4j.jar, KiB", 293, Optional.of(Spread.of(List.of(kibibytes)))));
        }
        return report(List.of(section), targets, List.of());
    }

    private static void start(
            Section section, Effort effort, Pinning pinning, String subject, String kind, List<String> options)
            throws InterruptedException {
        if (!effort.wants(subject) && !subject.equals(PLAIN)) {
            return;
        }
        List<String> command = pinning.server(JavaCommand.of(options, Hello.class, List.of(kind)));
        long begin = System.nanoTime();
        try (Child child = new Child(subject, command)) {
            child.nextLine(Duration.ofSeconds(60)); // hello
            section.add(subject, CPU, child.usage().cpuSeconds() * 1e3);
            section.add(subject, ELAPSED, (System.nanoTime() - begin) / 1e6);
        } catch (IOException e) {
            section.absent(subject, e);
        }
    }

    private static Optional<Spread> beyond(Section section, String subject) {
        Optional<Spread> plain = section.spread(PLAIN, CPU);
        return section.spread(subject, CPU).flatMap(ours -> plain.map(theirs -> new Spread(
                ours.median() - theirs.median(), ours.min() - theirs.min(), ours.max() - theirs.max())));
    }

    private static boolean isAgent(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            return manifest != null && manifest.getMainAttributes().getValue("Premain-Class") != null;
        } catch (IOException e) {
            return false;
        }
    }
}
