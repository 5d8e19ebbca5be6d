/** Tests of the demo, run as the processes it consists of. */
@NullMarked
package io.github.libco4j.examples.demo;

import org.jspecify.annotations.NullMarked;
