package io.github.libco4j.examples.demo;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Watches server and load over the measured interval: what they used between begin and end, and the most seen in
 * between.
 */
final class ServerWatch {
    private static final ProcessSample NOTHING =
            new ProcessSample(Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    private final ProcessHandle server;
    private final ProcessHandle load;
    private ProcessSample serverBefore = NOTHING;
    private ProcessSample serverAfter = NOTHING;
    private ProcessSample loadBefore = NOTHING;
    private ProcessSample loadAfter = NOTHING;
    private OptionalLong threads = OptionalLong.empty();
    private OptionalLong memoryBytes = OptionalLong.empty();

    ServerWatch(ProcessHandle server, ProcessHandle load) {
        this.server = server;
        this.load = load;
    }

    void begin() {
        loadBefore = ProcessSample.brief(load);
        serverBefore = ProcessSample.full(server);
        maximum(serverBefore);
    }

    /** Looks at what has no running total. */
    void look() {
        maximum(ProcessSample.brief(server));
    }

    void end() {
        loadAfter = ProcessSample.brief(load);
        serverAfter = ProcessSample.full(server);
        maximum(serverAfter);
    }

    OptionalDouble serverCpuSeconds() {
        return cpuSeconds(serverBefore, serverAfter);
    }

    OptionalDouble loadCpuSeconds() {
        return cpuSeconds(loadBefore, loadAfter);
    }

    OptionalLong contextSwitches() {
        OptionalLong before = serverBefore.contextSwitches();
        OptionalLong after = serverAfter.contextSwitches();
        return before.isPresent() && after.isPresent()
                ? OptionalLong.of(Math.max(0, after.getAsLong() - before.getAsLong())) : OptionalLong.empty();
    }

    OptionalLong threads() {
        return threads;
    }

    OptionalLong memoryBytes() {
        return memoryBytes;
    }

    private void maximum(ProcessSample sample) {
        threads = larger(threads, sample.threads());
        memoryBytes = larger(memoryBytes, sample.memoryBytes());
    }

    private static OptionalDouble cpuSeconds(ProcessSample before, ProcessSample after) {
        Optional<Duration> used = before.cpu().flatMap(start -> after.cpu().map(end -> end.minus(start)));
        return used.map(time -> OptionalDouble.of(time.toNanos() / 1e9)).orElse(OptionalDouble.empty());
    }

    private static OptionalLong larger(OptionalLong a, OptionalLong b) {
        return a.isPresent() && (b.isEmpty() || a.getAsLong() >= b.getAsLong()) ? a : b;
    }
}
