package io.github.libco4j.examples.demo;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Keeps the server on one core and the load on another, so that the one does not take the other's time. */
final class Pinning {
    private final Optional<Path> taskset;
    private final List<Integer> cores;

    private Pinning(Optional<Path> taskset, List<Integer> cores) {
        this.taskset = taskset;
        this.cores = cores;
    }

    /** With util-linux's taskset, if it is there, on the first two cores that this process may use. */
    static Pinning detect() {
        String allowed = ProcFile.field(ProcFile.lines(Path.of("/proc/self/status")), "Cpus_allowed_list:").orElse("");
        return new Pinning(onPath("taskset"), cores(allowed));
    }

    boolean possible() {
        return taskset.isPresent() && cores.size() >= 2;
    }

    String describe() {
        if (possible()) {
            return "The server runs on core " + cores.get(0) + ", the load on core " + cores.get(1) + ".";
        }
        return "Server and load are not kept on cores of their own: "
                + (taskset.isPresent() ? "there is only one core." : "there is no taskset command.")
                + " Expect them to disturb each other.";
    }

    List<String> server(List<String> command) {
        return on(0, command);
    }

    List<String> load(List<String> command) {
        return on(1, command);
    }

    private List<String> on(int core, List<String> command) {
        if (!possible()) {
            return command;
        }
        var pinned = new ArrayList<>(List.of(taskset.orElseThrow().toString(), "-c", cores.get(core).toString()));
        pinned.addAll(command);
        return pinned;
    }

    /** The core numbers in a list such as {@code 0-3,8}. */
    static List<Integer> cores(String list) {
        var cores = new ArrayList<Integer>();
        var ranges = Pattern.compile("(\\d+)(?:-(\\d+))?").matcher(list);
        while (ranges.find()) {
            int first = Integer.parseInt(ranges.group(1));
            int last = ranges.group(2) == null ? first : Integer.parseInt(ranges.group(2));
            for (int core = first; core <= last; core++) {
                cores.add(core);
            }
        }
        return cores;
    }

    private static Optional<Path> onPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Pattern.compile(Pattern.quote(File.pathSeparator)).splitAsStream(path)
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable).findFirst();
    }
}
