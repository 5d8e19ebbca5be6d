package io.github.libco4j.workbench.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Keeps servers on one core and the load on another, by util-linux's taskset. Without that, or with a single core,
 * nothing is pinned, and {@link #describe} says so.
 */
public final class Pinning implements AutoCloseable {
    private final Optional<String> taskset;
    private final List<Integer> cores;
    private boolean moved;

    private Pinning(Optional<String> taskset, List<Integer> cores) {
        this.taskset = taskset;
        this.cores = cores;
    }

    /** On the first two cores that this process may use. */
    public static Pinning detect() {
        String allowed = ProcFile.field(ProcFile.lines(Path.of("/proc/self/status")), "Cpus_allowed_list:").orElse("");
        return new Pinning(onPath("taskset"), cores(allowed));
    }

    private boolean possible() {
        return taskset.isPresent() && cores.size() >= 2;
    }

    public String describe() {
        if (possible()) {
            return "The server runs on core " + cores.get(0) + ", the load on core " + cores.get(1) + ".";
        }
        return "Server and load are not kept on cores of their own: "
                + (taskset.isPresent() ? "there is only one core." : "there is no taskset command.")
                + " Expect them to disturb each other.";
    }

    /** The command, on the servers' core. */
    public List<String> server(List<String> command) {
        if (!possible()) {
            return command;
        }
        List<String> pinned = new ArrayList<>(List.of(taskset.orElseThrow(), "-c", cores.get(0).toString()));
        pinned.addAll(command);
        return pinned;
    }

    /** Moves this process, with all its threads, to the load's core, until this is closed. */
    public void moveLoadHere() throws IOException {
        if (possible()) {
            setAffinity(cores.get(1).toString());
            moved = true;
        }
    }

    @Override
    public void close() throws IOException {
        if (moved) {
            setAffinity(cores.stream().map(String::valueOf).collect(Collectors.joining(",")));
            moved = false;
        }
    }

    private void setAffinity(String list) throws IOException {
        String pid = Long.toString(ProcessHandle.current().pid());
        Process process = new ProcessBuilder(taskset.orElseThrow(), "-a", "-cp", list, pid)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int code = process.onExit().join().exitValue();
        // A thread that ends while taskset goes through them makes it fail; the others are pinned all the same.
        if (code > 1) {
            throw new IOException("taskset failed with exit code " + code);
        }
    }

    /** The core numbers in a list such as {@code 0-3,8}. */
    static List<Integer> cores(String list) {
        List<Integer> cores = new ArrayList<>();
        Matcher ranges = Pattern.compile("(\\d+)(?:-(\\d+))?").matcher(list);
        while (ranges.find()) {
            int first = Integer.parseInt(ranges.group(1));
            int last = ranges.group(2) == null ? first : Integer.parseInt(ranges.group(2));
            for (int core = first; core <= last; core++) {
                cores.add(core);
            }
        }
        return cores;
    }

    /** The program that the shell would find. */
    public static Optional<String> onPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(path)
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
