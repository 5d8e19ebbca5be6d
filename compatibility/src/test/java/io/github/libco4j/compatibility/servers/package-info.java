/**
 * Servers whose requests run on two loops, because the servers were given the loops' executor. {@link
 * io.github.libco4j.compatibility.servers.ServerTrial} says what each has to stand.
 */
package io.github.libco4j.compatibility.servers;
