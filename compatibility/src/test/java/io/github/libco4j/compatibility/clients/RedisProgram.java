package io.github.libco4j.compatibility.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import redis.embedded.core.ExecutableProvider;

/** The server of Redis, as embedded-redis has it for this machine. */
final class RedisProgram {
    static final String NAME = "Redis 6.2";

    private RedisProgram() {}

    /** Starts it on the port. */
    static NativeServer start(int port, Path directory) throws IOException, InterruptedException {
        String program = ExecutableProvider.newJarResourceProvider(directory.toFile()).get().getPath();
        return new NativeServer(port, List.of(
                program, "--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", "", "--dir", directory.toString()));
    }
}
