/** What tests share: waits, other JVMs, and what stands in the place of the machine, such as a clock and readiness by script. */
@NullMarked
package io.github.libco4j.support;

import org.jspecify.annotations.NullMarked;
