package io.github.libco4j.internal.doctor;

import io.github.libco4j.internal.agent.Agent;
import io.github.libco4j.internal.jdk.Jdk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Says what libco4j finds on this machine: the JDK and its internals, how loops will wait for I/O, limits, what is
 * interposed and what is not.
 *
 * <p>Exit status: 0 if all works, 1 if something would not, 2 for an argument.
 */
public final class Doctor {
    /**
     * Spares what the JVM does at each switch for agents. Stack traces, dumps and Object.wait rely on it, agent or none.
     */
    private static final String UNSAFE_FLAG = "-XX:-DoJVMTIVirtualThreadTransitions";

    private final Report report;
    private boolean works = true;

    private Doctor(Report report) {
        this.report = report;
    }

    public static void main(String[] args) {
        if (args.length > 0) {
            System.err.println("usage: doctor\nIt takes no arguments: " + String.join(" ", args));
            System.exit(2);
        }
        Doctor doctor = new Doctor(new Report(System.out));
        doctor.examine();
        System.exit(doctor.works ? 0 : 1);
    }

    private void examine() {
        jdk();
        internals();
        limits();
        interposed();
        agents();
        report.heading(works ? "All works." : "Something would not work; see FAILED above.");
    }

    private void jdk() {
        report.heading("JDK");
        report.line("version", Runtime.version().toString());
        report.line("vendor", System.getProperty("java.vendor") + ", " + System.getProperty("java.vm.name"));
        report.line("home", System.getProperty("java.home"));
        report.line("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch"));
        String advice = Jdk.advice();
        if (advice != null) {
            report.hint(advice + ".");
        }
        boolean open = Object.class.getModule().isOpen("java.lang", Doctor.class.getModule());
        report.line("java.lang", open ? "open to libco4j" : "closed to libco4j");
        if (!open) {
            report.hint("Start java with  " + Jdk.remedy());
        }
    }

    private void internals() {
        report.heading("What must work");
        try {
            Jdk.require();
        } catch (IllegalStateException e) {
            report.failed("reach the internals of the JDK", e);
            works = false;
            return;
        }
        report.ok("reach the internals of the JDK");
        try {
            works = Checks.run(report);
        } catch (LinkageError e) {
            report.failed("load the classes of libco4j", e); // The JVM needs descriptors for that, too.
            works = false;
        }
    }

    private void limits() {
        report.heading("Limits");
        report.line("open files", openFiles());
        Runtime runtime = Runtime.getRuntime();
        report.line("heap", runtime.maxMemory() / (1 << 20) + " MiB at most");
        report.line("processors", Integer.toString(runtime.availableProcessors()));
    }

    /** The line of /proc/self/limits, if this system has one: name, soft limit, hard limit, unit. */
    private static String openFiles() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith("Max open files")) {
                    List<String> words = List.of(line.substring("Max open files".length()).strip().split("\\s+"));
                    return words.get(0) + ", can be raised to " + words.get(1)
                            + "; a connection takes one, a loop two";
                }
            }
        } catch (IOException e) {
            return "not known: " + e.getMessage();
        }
        return "not known";
    }

    private void interposed() {
        report.heading("What suspends a coroutine and not its loop");
        report.line("I/O", "Socket, ServerSocket, SocketChannel, ServerSocketChannel, DatagramSocket,\n"
                + "DatagramChannel, Pipe, Unix-domain sockets, Selector.select");
        report.line("time", "Thread.sleep, timed waits of every kind");
        report.line("waiting", "locks, monitors, Object.wait, java.util.concurrent, LockSupport.park");
        report.heading("What blocks a thread, while a spare one goes on with the loop");
        report.line("the JDK tells", "name lookups, child processes' and standard streams, file locks and force");
        report.line("channels", "FileChannel, and what reads files by it: most of java.nio.file.Files");
        report.line("waiting", "in class initialisers, and with native code on the stack");
        report.line("with the agent", "java.io's files, the rest of java.nio.file, process and thread starts, jars");
        report.line("by hand", "Interposition.blocking(() -> whatever blocks)");
        report.heading("What stops the loop and all its coroutines");
        report.line("computing", "call Thread.yield() from time to time");
        report.line("native code", "of libraries, without a bracket");
        report.line("monitors", "contended with native code or a class initialiser on the stack");
    }

    private void agents() {
        report.heading("Agents");
        if (Agent.isPresent()) {
            report.line("libco4j's", "present: brackets calls that block, and serves Environment");
        } else {
            report.line("libco4j's", "not present: it would bracket what blocks besides, and serve Environment");
            report.hint("For that start java with  " + Agent.option());
        }
        List<String> words = commandLine();
        List<String> agents = agentOptions(words);
        report.line("found", agents.isEmpty() ? "none" : String.join(" ", agents));
        if (!agents.isEmpty()) {
            report.hint("With any agent the JVM keeps record of every switch between coroutines, which makes it dearer.");
        }
        if (words.contains(UNSAFE_FLAG)) {
            report.failed(UNSAFE_FLAG, "with it the JVM loses wake-ups, of any virtual thread: start java without it");
            works = false;
        }
    }

    /** The options by which the JVM was told to load agents, from its command line and its environment. */
    private static List<String> agentOptions(List<String> words) {
        List<String> agents = new ArrayList<>();
        for (String word : words) {
            if (word.startsWith("-javaagent:") || word.startsWith("-agentlib:") || word.startsWith("-agentpath:")) {
                agents.add(word);
            }
        }
        return agents;
    }

    /** ProcessHandle shortens long command lines, so the system's own record comes first. */
    private static List<String> commandLine() {
        List<String> words = new ArrayList<>();
        try {
            String line = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1);
            words.addAll(List.of(line.split("\0")));
        } catch (IOException e) {
            ProcessHandle.current().info().arguments().ifPresent(arguments -> words.addAll(List.of(arguments)));
        }
        String fromEnvironment = System.getenv("JDK_JAVA_OPTIONS") + " " + System.getenv("JAVA_TOOL_OPTIONS");
        words.addAll(List.of(fromEnvironment.split("\\s+")));
        return words;
    }
}
