package io.github.libco4j.inventory;

import static io.github.libco4j.inventory.BlockingCall.Fate.AGENT;
import static io.github.libco4j.inventory.BlockingCall.Fate.BLOCKS;
import static io.github.libco4j.inventory.BlockingCall.Fate.JDK;
import static io.github.libco4j.inventory.BlockingCall.Fate.SUSPENDS;

import io.github.libco4j.inventory.BlockingCall.Fate;
import io.github.libco4j.inventory.BlockingCall.Try;
import io.github.libco4j.inventory.SlowKernel.Kind;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What waits for another process. */
final class ProcessCalls {
    private static final int MILLIS = SlowKernel.HELD_MILLIS;

    private ProcessCalls() {}

    private static BlockingCall row(String calls, String waitFor, Fate without, Fate with, Try... tries) {
        return BlockingCall.row("Processes and standard streams", calls, waitFor, without, with, tries);
    }

    private static Process shell(Scene scene, String command) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", command).start();
        scene.closing(process::destroyForcibly);
        return process;
    }

    /** Writes much to a standard stream, which is a pipe that nobody reads before the wait is to end. */
    private static Try full(PrintStream stream, int descriptor) {
        return scene -> {
            InputStream other = scene.closing(new FileInputStream("/proc/self/fd/" + descriptor));
            scene.endedBy(() -> other.readNBytes(Scene.MUCH.length));
            return () -> stream.write(Scene.MUCH);
        };
    }

    /** A process that runs a command when the wait is to end. */
    static Process waiting(Scene scene, String command) throws IOException {
        return shell(scene, "read line < " + scene.emptyPipe() + "; " + command);
    }

    static List<BlockingCall> calls() {
        return List.of(
                row("ProcessBuilder.start, Runtime.exec", "the kernel", BLOCKS, AGENT, scene -> {
                    shell(scene, "exit");
                    scene.slow(Kind.CLONE);
                    return () -> shell(scene, "exit");
                }),
                row(
                        "Process.waitFor, onExit",
                        "the process, or time",
                        SUSPENDS,
                        SUSPENDS,
                        scene -> waiting(scene, "exit")::waitFor,
                        scene -> {
                            Process process = shell(scene, "sleep 10");
                            return () -> process.waitFor(MILLIS, TimeUnit.MILLISECONDS);
                        },
                        scene -> waiting(scene, "exit").onExit()::get),
                row(
                        "Process.getInputStream, getErrorStream: read",
                        "the process",
                        JDK,
                        JDK,
                        scene -> waiting(scene, "exit").getInputStream()::read,
                        scene -> waiting(scene, "echo a >&2").getErrorStream()::read),
                row("Process.inputReader, errorReader: readLine", "the process", JDK, JDK, scene -> waiting(scene, "echo a")
                        .inputReader()::readLine),
                row("Process.getOutputStream, outputWriter: write", "the process", JDK, JDK, scene -> {
                    OutputStream out = waiting(scene, "cat > /dev/null").getOutputStream();
                    return () -> {
                        out.write(Scene.MUCH);
                        out.flush();
                    };
                }),
                row("ProcessHandle.info, allProcesses, children, descendants", "the file system", BLOCKS, AGENT, scene -> {
                    ProcessHandle self = ProcessHandle.current();
                    self.info();
                    scene.slow(Kind.OPEN);
                    return self::info;
                }, scene -> {
                    scene.slow(Kind.OPEN);
                    return ProcessHandle::allProcesses;
                }),
                row("System.in: read", "whoever writes", JDK, JDK, scene -> {
                    FileOutputStream other = scene.closing(new FileOutputStream("/proc/self/fd/0"));
                    scene.endedBy(() -> other.write(1));
                    return System.in::read;
                }),
                row("System.out, System.err: print", "whoever reads", JDK, JDK, full(System.out, 1), full(System.err, 2)));
    }
}
