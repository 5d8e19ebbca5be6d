@NullMarked
package io.github.libco4j.spring;

import org.jspecify.annotations.NullMarked;
