/**
 * What the documents show is so: {@link io.github.libco4j.documents.SnippetsTest} compiles and runs each piece of Java in
 * them, and checks the rest as far as that can be done.
 */
@NullMarked
package io.github.libco4j.documents;

import org.jspecify.annotations.NullMarked;
