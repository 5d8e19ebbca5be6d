/** Tests that need Kotlin's compiler. */
@NullMarked
package io.github.libco4j.bench.kotlin;

import org.jspecify.annotations.NullMarked;
