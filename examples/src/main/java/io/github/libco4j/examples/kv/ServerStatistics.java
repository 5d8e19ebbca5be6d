package io.github.libco4j.examples.kv;

/** What INFO tells about the server. */
interface ServerStatistics {
    int port();

    int connectedClients();

    long acceptedConnections();

    long uptimeSeconds();
}
