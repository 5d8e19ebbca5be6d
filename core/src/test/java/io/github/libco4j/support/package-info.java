/** What tests put in the place of the machine: a clock that stands still, readiness by script. */
@NullMarked
package io.github.libco4j.support;

import org.jspecify.annotations.NullMarked;
