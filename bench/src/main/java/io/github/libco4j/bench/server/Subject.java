package io.github.libco4j.bench.server;

import java.util.List;

/**
 * A server that can be asked to take part.
 *
 * @param name as in the tables
 * @param kind what {@link ServerMain} should become, {@code native} for the C program, or empty for an external command
 * @param options of the JVM
 * @param command of an external server, in which {@code {port}} stands for its port
 */
public record Subject(String name, String kind, List<String> options, String command) {
    public static Subject java(String name, String kind, String... options) {
        return new Subject(name, kind, List.of(options), "");
    }

    public static Subject nativeServer() {
        return new Subject("bare C epoll", "native", List.of(), "");
    }

    public static Subject external(String name, String command) {
        return new Subject(name, "", List.of(), command);
    }
}
