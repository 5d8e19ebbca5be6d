/** The one benchmark that must see the inside of the loop. */
@NullMarked
package io.github.libco4j.internal.loop;

import org.jspecify.annotations.NullMarked;
