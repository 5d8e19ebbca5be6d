package io.github.libco4j.examples.demo;

import io.github.libco4j.examples.kv.ThreadKind;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What one trial measured, all of the measured interval alone but for {@code checked}.
 *
 * @param kind what the server's connections ran on
 * @param connections how many there were
 * @param requests how many were answered
 * @param checked how many answers were checked in the whole trial; every one was right
 * @param seconds how long it took
 * @param p50Millis the median latency
 * @param p99Millis the latency that one request in a hundred exceeded
 * @param serverCpuSeconds user and system time of the server
 * @param loadCpuSeconds user and system time of the load generator
 * @param threads the most operating-system threads of the server
 * @param memoryBytes the most resident memory of the server
 * @param contextSwitches of all the server's threads
 */
record TrialResult(ThreadKind kind, int connections, long requests, long checked, double seconds, double p50Millis,
        double p99Millis, OptionalDouble serverCpuSeconds, OptionalDouble loadCpuSeconds, OptionalLong threads,
        OptionalLong memoryBytes, OptionalLong contextSwitches) {

    double requestsPerSecond() {
        return requests / seconds;
    }

    OptionalDouble requestsPerCpuSecond() {
        double cpu = serverCpuSeconds.orElse(0);
        return cpu > 0 ? OptionalDouble.of(requests / cpu) : OptionalDouble.empty();
    }

    OptionalDouble switchesPerThousand() {
        return contextSwitches.isPresent() && requests > 0
                ? OptionalDouble.of(contextSwitches.getAsLong() * 1000.0 / requests) : OptionalDouble.empty();
    }
}
