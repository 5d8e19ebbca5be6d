/**
 * Programs of their own: started, pinned to a core, talked to line by line, their CPU time and memory read. Start at
 * {@link io.github.libco4j.bench.process.Child}.
 */
@NullMarked
package io.github.libco4j.bench.process;

import org.jspecify.annotations.NullMarked;
