/** Tests of what is read from the system, and of child processes. */
@NullMarked
package io.github.libco4j.workbench.process;

import org.jspecify.annotations.NullMarked;
