/** Servers that people use, whose requests run in coroutines because they were given a loop's threads. */
package io.github.libco4j.examples.servers;
