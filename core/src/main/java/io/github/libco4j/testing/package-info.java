/**
 * For tests of code that runs on event loops: a loop whose clock jumps, whose order a seed repeats, and that can be run
 * until all its coroutines wait. Start at {@link io.github.libco4j.testing.TestLoop}. It knows no test framework.
 */
@NullMarked
package io.github.libco4j.testing;

import org.jspecify.annotations.NullMarked;
