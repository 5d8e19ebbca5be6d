/** The executable jar, in processes of its own. */
@NullMarked
package io.github.libco4j.sample;

import org.jspecify.annotations.NullMarked;
