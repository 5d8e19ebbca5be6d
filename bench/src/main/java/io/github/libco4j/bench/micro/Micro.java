package io.github.libco4j.bench.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** What all of them have in common: average time in nanoseconds, in a JVM with the same settings. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-Xmx2g",
            "-Djdk.virtualThreadScheduler.parallelism=1"
        })
public abstract class Micro {
    /** Calls itself so often before it does it: what is suspended then has so many frames more. */
    static void deep(int depth, Runnable leaf) {
        if (depth == 0) {
            leaf.run();
        } else {
            deep(depth - 1, leaf);
        }
    }
}
