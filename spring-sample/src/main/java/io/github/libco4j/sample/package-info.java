/** A guest book: what a usual Spring Boot application is made of, on event loops. None of it knows of them. */
@NullMarked
package io.github.libco4j.sample;

import org.jspecify.annotations.NullMarked;
