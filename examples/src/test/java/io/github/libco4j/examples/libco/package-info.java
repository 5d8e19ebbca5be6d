/** Tests of libco's programs, each run as a user would: as a process with arguments. */
@NullMarked
package io.github.libco4j.examples.libco;

import org.jspecify.annotations.NullMarked;
