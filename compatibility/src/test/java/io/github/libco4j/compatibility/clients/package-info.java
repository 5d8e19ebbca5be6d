/** Clients, unmodified, on one loop. {@link io.github.libco4j.compatibility.clients.ClientTrial} says what each has to stand. */
package io.github.libco4j.compatibility.clients;
