/**
 * What is neither a server nor below a microsecond: a workload in a process of its own, which does it once each time
 * it is told to. Start at {@link io.github.libco4j.bench.worker.WorkerMain}.
 */
@NullMarked
package io.github.libco4j.bench.worker;

import org.jspecify.annotations.NullMarked;
