/** A program's threads as coroutines. Its programs are in no package of libco4j's own, whose classes are not woven. */
package io.github.libco4j.run;
