/** Libraries whose native methods block. */
package io.github.libco4j.examples.natives;
