/**
 * Benchmarks beside the peers, in one run. Start at {@link io.github.libco4j.bench.Bench}, which knows them by name.
 *
 * <p>They print figures and never fail by time: on a shared machine only the ratios of one run mean anything.
 */
@NullMarked
package io.github.libco4j.bench;

import org.jspecify.annotations.NullMarked;
