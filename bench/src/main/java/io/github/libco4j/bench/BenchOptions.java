package io.github.libco4j.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command line of {@code ./libco bench}, other than compare. No name at all means all of them. */
record BenchOptions(List<String> names, boolean list, Effort effort) {
    static final String USAGE = """
            usage: libco bench [NAME...] [OPTIONS]     the benchmarks of these names; all, if there is none
                   libco bench compare A.json B.json   what has become better or worse from A to B

              --list                          the names
              --quick                         less of everything: under a minute each
              --full                          more rounds, and what needs much memory or time
              --with 'NAME=COMMAND {port}'    puts another server into echo and http
              --only TEXT                     beside libco4j only subjects with TEXT in their name; may be repeated
              --output DIRECTORY              where data, pictures and pages go; target/bench if not given
            """;

    static BenchOptions parse(String[] arguments) throws UsageException {
        List<String> names = new ArrayList<>();
        Map<String, String> with = new LinkedHashMap<>();
        List<String> only = new ArrayList<>();
        Effort.Level level = Effort.Level.NORMAL;
        Path output = Path.of("target", "bench");
        boolean list = false;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--list" -> list = true;
                case "--quick" -> level = Effort.Level.QUICK;
                case "--full" -> level = Effort.Level.FULL;
                case "--with" -> {
                    String[] parts = value(arguments, ++i).split("=", 2);
                    if (parts.length < 2 || parts[0].isBlank() || !parts[1].contains("{port}")) {
                        throw new UsageException("--with takes NAME=COMMAND, and the command has a {port}");
                    }
                    with.put(parts[0], parts[1]);
                }
                case "--only" -> only.add(value(arguments, ++i));
                case "--output" -> output = Path.of(value(arguments, ++i));
                default -> names.add(name(arguments[i]));
            }
        }
        return new BenchOptions(names, list, new Effort(level, with, only, output));
    }

    private static String name(String argument) throws UsageException {
        if (argument.startsWith("-")) {
            throw new UsageException("unknown option " + argument);
        }
        return argument;
    }

    private static String value(String[] arguments, int index) throws UsageException {
        if (index == arguments.length) {
            throw new UsageException(arguments[index - 1] + " needs a value");
        }
        return arguments[index];
    }
}
