/**
 * What a benchmark has found: samples in {@link io.github.libco4j.bench.report.Section}s, and how they are shown: as
 * text, JSON, a picture, a page. Start at {@link io.github.libco4j.bench.report.Report}.
 */
@NullMarked
package io.github.libco4j.bench.report;

import org.jspecify.annotations.NullMarked;
