/**
 * Other processes: started with {@link io.github.libco4j.workbench.process.Child}, kept on a core with {@link
 * io.github.libco4j.workbench.process.Pinning}, and watched with {@link io.github.libco4j.workbench.process.Usage}.
 */
@NullMarked
package io.github.libco4j.workbench.process;

import org.jspecify.annotations.NullMarked;
